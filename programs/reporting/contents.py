"""What a report holds: its figures as they stand now, what it still lacks, its versions and their differences."""

from dataclasses import dataclass
from decimal import Decimal

from programs.reporting.attachments import attachments
from programs.reporting.known import known_figures
from programs.reporting.models import UnitReport
from programs.reporting.parts import ReportFigure, in_words
from programs.reporting.rules import ReportingPeriod
from programs.targets.models import Indicator

TEXTS = {"results": "Kết quả nổi bật", "next_steps": "Phương hướng kỳ tới"}


def ask(period: ReportingPeriod, report_ids: list[int]) -> None:
    """Give fresh reports an empty line for every indicator their rule asks for."""
    asked = list(enumerate(period.rule.asked_indicators()))
    lines = [
        ReportFigure(report_id=report_id, indicator=indicator, order=place)
        for report_id in report_ids
        for place, indicator in asked
    ]
    ReportFigure.objects.bulk_create(lines)


def current_figures(report: UnitReport) -> list[ReportFigure]:
    """The report's lines with what is known now beside them; while it is being written a line not typed follows that."""
    figures = list(report.figures.select_related("indicator"))
    if not report.is_editable:
        return figures
    known = known_figures(report, [figure.indicator for figure in figures])
    for figure in figures:
        figure.known_value, figure.known_numerator, figure.known_denominator = known[figure.indicator_id]
        if not figure.is_typed:
            figure.value, figure.numerator, figure.denominator = known[figure.indicator_id]
    return figures


def fix_figures(report: UnitReport) -> None:
    """Write down, when the report is sent, what each line states and what was known at that moment."""
    draft = UnitReport(pk=report.pk, period=report.period, unit=report.unit, department=report.department,
                       first_day=report.first_day, last_day=report.last_day)  # fmt: skip
    fields = ["value", "numerator", "denominator", "known_value", "known_numerator", "known_denominator"]
    ReportFigure.objects.bulk_update(current_figures(draft), fields)


@dataclass(frozen=True)
class Lack:
    """What must still be written at one place of a report before it may go."""

    place: str
    words: str


def lacking(report: UnitReport, figures: list[ReportFigure] | None = None) -> list[Lack]:
    """In the order of the report. ``figures``: its current ones, where the caller has them."""
    found = []
    for figure in current_figures(report) if figures is None else figures:
        place, name = f"figure-{figure.indicator.code}", figure.indicator.name
        if not figure.is_stated:
            found.append(Lack(place, f"số liệu “{name}”"))
        elif figure.differs and not figure.note.strip():
            found.append(Lack(place, f"giải trình vì sao “{name}” khác số đã có"))
    if not report.results.strip():
        found.append(Lack("results", f"phần “{TEXTS['results']}”"))
    return found


def missing(report: UnitReport) -> str:
    """What must still be written before the report may go, in words; empty when nothing."""
    words = [lack.words for lack in lacking(report)]
    if len(words) > 6:
        words = [*words[:5], f"{len(words) - 5} mục khác"]
    return ", ".join(words)


def last_figures(report: UnitReport) -> dict[int, ReportFigure]:
    """{indicator id: line} of the same writer's newest report sent of days before this one's, whatever plan asked for it."""
    before = UnitReport.objects.filter(
        unit=report.unit, department=report.department, last_day__lt=report.first_day,
        state__in=[UnitReport.State.SUBMITTED, UnitReport.State.ACCEPTED],
    ).order_by("last_day", "pk")  # fmt: skip
    lines = ReportFigure.objects.filter(report__in=before).order_by("report__last_day", "report_id")
    return {line.indicator_id: line for line in lines.select_related("indicator", "report__period")}


# --- versions ---------------------------------------------------------------------------------------


def content_of(report: UnitReport) -> dict:
    """As JSON: {"results", "next_steps", "figures": {indicator code: ...}, "proposals": [...], "files": [names]}; numbers as
    text."""
    return {
        **{name: getattr(report, name) for name in TEXTS},
        "figures": {figure.indicator.code: _line(figure) for figure in report.figures.select_related("indicator")},
        "proposals": [
            {"kind": each.kind, "text": each.text, "to": each.addressee}
            for each in report.proposals.standing().select_related("to_department", "to_organization").order_by("pk")
        ],
        "files": [stored.name for stored in attachments(report)],
    }


def _line(figure) -> dict:
    parts = ("value", "numerator", "denominator", "known_value", "known_numerator", "known_denominator")
    stated = {name: getattr(figure, name) for name in parts}
    return {name: None if each is None else str(each) for name, each in stated.items()} | {"note": figure.note}


@dataclass(frozen=True)
class Difference:
    """One place that two versions say differently, in words; "" where one of them says nothing."""

    place: str
    label: str
    before: str
    after: str


def differences(older: dict, newer: dict) -> list[Difference]:
    """Between two versions' contents, in the order of the report."""
    found = [Difference(name, label, older.get(name, ""), newer.get(name, "")) for name, label in TEXTS.items()]
    codes = dict.fromkeys([*older["figures"], *newer["figures"]])
    for indicator in Indicator.objects.filter(code__in=codes):
        before, after = (_in_words(indicator, content["figures"].get(indicator.code)) for content in (older, newer))
        found.append(Difference(f"figure-{indicator.code}", indicator.name, before, after))
    before, after = (_proposals_in_words(content) for content in (older, newer))
    found.append(Difference("proposals", "Khó khăn, kiến nghị", before, after))
    before, after = ("\n".join(content.get("files", [])) for content in (older, newer))
    found.append(Difference("files", "Tệp kèm theo", before, after))
    return [each for each in found if each.before != each.after]


def _in_words(indicator, line: dict | None) -> str:
    if line is None:
        return ""
    numbers = (line[name] and Decimal(line[name]) for name in ("value", "numerator", "denominator"))
    stated = in_words(indicator, *numbers)
    return f"{stated}; {line['note']}" if line["note"] else stated


def _proposals_in_words(content: dict) -> str:
    return "\n".join(f"{each['text']} ({each['to']})" if each["to"] else each["text"] for each in content["proposals"])
