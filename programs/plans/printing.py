"""The plan on paper, in the official layout."""

from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from programs.plans.models import Plan
from programs.plans.text import Part, outline
from programs.targets.models import TargetShare
from welfare.documents.blocks import Bullet, Column, GroupRow, Heading, Paragraph, Table, text_blocks
from welfare.documents.layout import Appendix, OfficialDocument, Recipient, Signature
from welfare.documents.printing import about


@about("programs.Plan")
def plan_document(user, subject_id) -> OfficialDocument:
    """The whole text with every target, basis, task and recipient, and the shares ``user`` may see as an appendix.

    Raises ``Http404`` for a plan out of the user's sight, ``PermissionDenied`` without the right to read plans.
    """
    if not user.has_perm("programs.view_plan"):
        raise PermissionDenied
    plans = Plan.objects.for_user(user).select_related("kind", "unit")
    plan = get_object_or_404(plans, pk=subject_id)
    superior, issuer = _letterhead(plan)
    return OfficialDocument(
        superior=superior,
        issuer=issuer,
        issuer_name=plan.unit.name,
        unit_id=plan.unit.pk,
        number=plan.number,
        symbol=plan.symbol,
        place=plan.place,
        date=plan.date,
        kind=plan.kind.name.upper(),
        summary=plan.title,
        bases=[f"{basis.verb} {basis.document.citation()}" for basis in _bases(plan)],
        blocks=[*text_blocks(plan.summary), *_body(plan), *text_blocks(plan.closing)],
        signatures=[Signature([line for line in (plan.capacity, plan.signer_title) if line], plan.signer_name)],
        recipients=[Recipient(row.name, row.purpose) for row in plan.recipients.all()],
        appendices=_shares(plan, user),
    )


def _letterhead(plan) -> tuple[str, str]:
    """The lines of the day of issue; a paper without them is printed without them."""
    if not plan.has_letterhead:
        return "", ""
    head = plan.unit.letterhead(plan.issued_on)
    return (head.superior, head.issuer) if head else ("", plan.unit.name)


def _bases(plan):
    return plan.bases.select_related("document__kind", "document__issuer", "document__issuer_unit")


def _body(plan):
    for part in outline(plan):
        if part.section:
            yield from _section(part)
        elif part.sentences:
            yield Heading("Chỉ tiêu")
        yield from (_target(text) for text in part.sentences)
        if part.section:
            yield from _tasks_in_text(part)
        elif part.assignments:
            yield Heading("Phân công thực hiện")
            yield _task_table(part)


def _section(part: Part):
    """A number without a heading begins its paragraph; both print as the document has them."""
    section, blocks = part.section, text_blocks(part.section.body)
    if section.heading:
        yield Heading(section.heading, section.number, min(part.level, 3))
    elif section.number and blocks:
        number = f"{section.number}." if section.number[-1:].isalnum() else section.number
        blocks[0] = Paragraph(f"{number} {blocks[0].text}")
    elif section.number:
        yield Heading("", section.number, min(part.level, 3))
    yield from blocks


def _target(text):
    """An item, unless the sentence brings its own number ("1. …")."""
    first = text.split(" ", 1)[0]
    is_numbered = first[:-1].isdecimal() and first[-1] in ".)"
    return Paragraph(text) if is_numbered else Bullet(text.removeprefix("- "))


def _tasks_in_text(part: Part):
    for task in part.tasks:
        yield Paragraph(task.text)
        said = [
            ("Chủ trì", task.leads),
            ("Phối hợp", task.joins),
            ("Thời gian thực hiện", _when(task)),
        ]
        if any(words for _, words in said):
            yield Paragraph("; ".join(f"{name}: {words}" for name, words in said if words) + ".", italic=True)


def _task_table(part: Part):
    columns = [Column("Nhiệm vụ", 4), Column("Chủ trì", 2), Column("Phối hợp", 2), Column("Thời gian", 1.5)]
    rows = [[task.text, task.leads, task.joins, _when(task)] for task in part.assignments]
    return Table(columns, rows, numbered=True)


def _when(task):
    """As the plan words it."""
    return task.time_text or (f"{task.due_on:%d/%m/%Y}" if task.due_on else "")


def _shares(plan, user):
    shares = TargetShare.objects.for_user(user).filter(target__plan=plan).select_related("target", "unit")
    shares = shares.order_by("target__order", "target_id", "unit__path")
    rows = []
    for target, given in groupby(shares, key=lambda share: share.target):
        rows.append(GroupRow(f"{target.text} ({target.wanted()})"))
        rows += [[share.unit.name, share.value, target.unit_of_measure] for share in given]
    columns = [Column("Đơn vị", 5), Column("Giao", 1.5), Column("Đơn vị tính", 1.5, align="center")]
    return [Appendix("Giao chỉ tiêu cho các đơn vị", [Table(columns, rows)])] if rows else []
