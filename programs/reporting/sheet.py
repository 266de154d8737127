"""What the page and the print of a report show: each indicator's line with all that stands beside it."""

from collections import defaultdict
from dataclasses import dataclass, field

from programs.reporting.contents import current_figures, lacking, last_figures
from programs.reporting.forms import FigureForm
from programs.reporting.known import Known, beside
from programs.reporting.models import UnitReport
from programs.reporting.parts import ReportComment, ReportFigure
from programs.reporting.saving import figure_mark
from programs.targets.models import Indicator, plain_number


@dataclass
class Line:
    """``last``: the same writer's figure of the period before. ``form``: None for who only reads."""

    figure: ReportFigure
    mark: str
    last: ReportFigure | None = None
    beside: Known | None = None
    comments: list[str] = field(default_factory=list)
    lack: str = ""
    form: FigureForm | None = None

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @property
    def place(self) -> str:
        return f"figure-{self.indicator.code}"

    @property
    def source(self) -> str:
        return "theo sổ" if self.indicator.source == Indicator.Source.COUNTED else "từ cấp dưới"

    @property
    def opens_rows(self) -> bool:
        return self.figure.is_known and self.indicator.source == Indicator.Source.COUNTED

    @property
    def last_text(self) -> str:
        return self.last.stated_text if self.last else "–"

    @property
    def difference_text(self) -> str:
        """ "+1 nhà"; empty where nothing differs."""
        if not self.figure.differs:
            return ""
        less_or_more = self.figure.difference
        if not less_or_more:
            return "khác tử số, mẫu số"
        unit = "điểm %" if self.indicator.unit_of_measure == "%" else self.indicator.unit_of_measure
        return f"{'+' if less_or_more > 0 else '−'}{plain_number(abs(less_or_more))} {unit}"

    @property
    def beside_text(self) -> str:
        """The ledger's own part of a rate that units report from their books."""
        parts = self.beside or Known()
        said = [("tử số", parts.numerator), ("mẫu số", parts.denominator)]
        return ", ".join(f"{name} {plain_number(number)}" for name, number in said if number is not None)


def lines_of(report: UnitReport, *, with_forms: bool = False) -> list[Line]:
    """In the order of the report, in a fixed number of queries."""
    marks = {figure.pk: figure_mark(figure) for figure in report.figures.select_related("indicator")}
    figures = current_figures(report)
    last, near, said = last_figures(report), beside(report), comments_of(report)
    lacks = lacks_of(report, figures)
    return [
        Line(
            figure=figure, mark=marks[figure.pk], last=last.get(figure.indicator_id), beside=near.get(figure.indicator.code),
            comments=said[f"figure-{figure.indicator.code}"], lack=lacks.get(f"figure-{figure.indicator.code}", ""),
            form=FigureForm(instance=figure) if with_forms else None,
        )
        for figure in figures
    ]  # fmt: skip


def lacks_of(report: UnitReport, figures=None) -> dict[str, str]:
    """{place: what is missing there}; nothing where the report is not being written."""
    return {lack.place: lack.words for lack in lacking(report, figures)} if report.is_editable else {}


def comments_of(report: UnitReport) -> dict[str, list[str]]:
    """{place: what the receiver wants mended there}, while a returned report is being mended."""
    found = defaultdict(list)
    if report.state == UnitReport.State.RETURNED:
        newest = report.versions.order_by("-number").values("pk")[:1]
        for comment in ReportComment.objects.filter(version__in=newest):
            found[comment.place].append(comment.text)
    return found
