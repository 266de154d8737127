"""Each place of a report is saved by itself, and only over what its writer saw there.

``seen`` is the mark of what stood at a place when the page showed it: another mark means that somebody else has changed
that very place meanwhile. Saving the same again is no change, so that a request repeated after a lost answer is harmless.
"""

import hashlib

from programs.reporting.contents import TEXTS
from programs.reporting.models import EDITED_MEANWHILE, UnitReport
from programs.reporting.parts import ReportFigure
from programs.reporting.proposals import Proposal
from programs.targets.models import Indicator, plain_number
from welfare.states import Refused
from welfare.units.models import today


class EditedMeanwhile(Refused):
    """Somebody else changed this very place; ``theirs`` is what stands there now, in words, and ``mark`` its mark."""

    def __init__(self, theirs: str, mark: str):
        super().__init__(EDITED_MEANWHILE)
        self.theirs, self.mark = theirs, mark


# Marks ------------------------------------------------------------------------------------------------


def figure_mark(figure: ReportFigure) -> str:
    return _mark(*_said_of_figure(figure))


def text_mark(report: UnitReport, name: str) -> str:
    return _mark(getattr(report, name))


def proposal_mark(proposal: Proposal) -> str:
    return _mark(*_said_of_proposal(proposal))


def _mark(*said) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def _said_of_figure(figure):
    """What the unit itself wrote: a figure that follows the ledger says nothing."""
    parts = (figure.value, figure.numerator, figure.denominator) if figure.is_typed else ()
    return [part if part is None else plain_number(part) for part in parts], figure.note


def _said_of_proposal(proposal):
    return proposal.kind, proposal.text, proposal.to_department_id, proposal.to_organization_id


# Figures and texts ------------------------------------------------------------------------------------


def save_figure(figure: ReportFigure, by, *, known, seen: str):
    """``figure`` carries what was written. One that says what the ledger says goes on following it."""
    figure.is_typed = figure.is_stated and not _repeats_ledger(figure, known)
    standing = _standing(figure)
    if _said_of_figure(standing) == _said_of_figure(figure):
        return
    with figure.report.writing(by):
        standing = _standing(figure)
        if seen != figure_mark(standing):
            words = f"{standing.stated_text}. {standing.note}" if standing.note else standing.stated_text
            raise EditedMeanwhile(words, figure_mark(standing))
        figure.save(update_fields=["value", "numerator", "denominator", "note", "is_typed"])


def _standing(figure):
    return ReportFigure.objects.select_related("indicator").get(pk=figure.pk)


def _repeats_ledger(figure, known):
    if figure.indicator.source != Indicator.Source.COUNTED:
        return False
    figure.known_value, figure.known_numerator, figure.known_denominator = known
    return not figure.differs


def save_text(report: UnitReport, by, name: str, text: str, *, seen: str):
    if name not in TEXTS:
        raise Refused("Báo cáo không có phần này.")
    if getattr(UnitReport.objects.get(pk=report.pk), name) == text:
        return
    with report.writing(by) as row:
        if seen != text_mark(row, name):
            raise EditedMeanwhile(getattr(row, name) or "(để trống)", text_mark(row, name))
        setattr(row, name, text)


# Difficulties and proposals ---------------------------------------------------------------------------


def add_proposal(report: UnitReport, by, proposal: Proposal):
    with report.writing(by) as row:
        proposal.report, proposal.unit, proposal.plan = row, row.unit, row.period.rule.plan
        proposal.raised_by, proposal.raised_on = by, today()
        proposal.save()


def save_proposal(proposal: Proposal, by, *, seen: str):
    """``proposal`` carries what was written."""
    standing = Proposal.objects.get(pk=proposal.pk)
    if _said_of_proposal(standing) == _said_of_proposal(proposal):
        return
    with proposal.report.writing(by):
        standing = Proposal.objects.get(pk=proposal.pk)
        if standing.state != Proposal.State.OPEN:
            raise Refused("Kiến nghị này đã được trả lời hoặc đã rút nên không sửa được nữa.")
        if seen != proposal_mark(standing):
            raise EditedMeanwhile(standing.text, proposal_mark(standing))
        proposal.save(update_fields=["kind", "text", "to_department", "to_organization"])


def remove_proposal(proposal: Proposal, by):
    """One that nobody outside has read goes for good; one that was sent before is withdrawn."""
    with proposal.report.writing(by) as row:
        if proposal.state != Proposal.State.OPEN:
            raise Refused("Kiến nghị này đã được trả lời nên không bỏ được; câu trả lời vẫn giữ trong báo cáo.")
        if row.versions.exists():
            proposal.withdraw(by)
        else:
            proposal.delete()
