"""The progress report of a plan: how its targets stand, what was done, money in and out, and what is late."""

from datetime import date
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from beneficiaries.funds.books import fund_balances
from beneficiaries.funds.printing import fund_table
from programs.models import Assignment, Plan
from programs.targets.figures import Status, figures_by_unit, viewpoint
from reports.dashboard.summary import SHARE, Summary, seasons_of, unit_above
from reports.helped import NOTE, for_paper
from reports.progress.seasons import own_seasons, season_tables, season_words
from reports.progress.sections import captioned, difficulties, houses_of, late_reports, next_steps, plain
from welfare.documents.blocks import Bullet, Chart, Column, GroupRow, Paragraph, Table, stacked
from welfare.documents.charts import Series
from welfare.documents.layout import Appendix, OfficialDocument, PartialDate, Recipient, signature_of
from welfare.documents.printing import about, issued_as
from welfare.units.models import Unit, today
from welfare.vietnamese import within

_LINE = 16  # letters that a cell of what was reached holds
_LATE = (Status.BEHIND, Status.AT_RISK)
_DONE = [
    ("gifts", "Suất quà, suất hỗ trợ đã trao", "suất"),
    ("support_money", "Tiền và hiện vật đã chi hỗ trợ", "đồng"),
    ("people_supported", "Người được hỗ trợ", "người"),
    ("houses_surveyed", "Nhà đã khảo sát", "nhà"),
    ("houses_new", "Nhà xây mới đã bàn giao", "nhà"),
    ("houses_repaired", "Nhà sửa chữa đã bàn giao", "nhà"),
]
_BY_UNIT = ["people_supported", "gifts", "support_money", "houses_handed_over"]


@about("programs.Plan")
@issued_as("Báo cáo kết quả thực hiện kế hoạch")
def progress_document(user, subject_id, *, year=None, unit=None, until=None) -> OfficialDocument:
    """The report on plan ``subject_id`` as ``user`` may read it.

    ``unit``: id of the unit reported on, one the plan binds (default: the user's own place under it, or whose plan it
    is). ``until``: the last day as ISO text; else the end of ``year``, or today while that year runs. Raises ``Http404``
    for what is out of reach or no such time, and ``PermissionDenied`` without the right to read figures.
    """
    if not (user.has_perm("programs.view_plan") and user.has_perm("programs.view_actual")):
        raise PermissionDenied
    plans = Plan.objects.for_user(user).filter(state__in=Plan.OUT).select_related("kind", "unit")
    plan = get_object_or_404(plans, pk=subject_id)
    report = _Report(user, plan, _place(user, plan, unit), _last_day(plan, year, until))
    head = report.unit.letterhead(report.until)
    return OfficialDocument(
        superior=head.superior if head else "",
        issuer=head.issuer if head else report.unit.name,
        issuer_name=report.unit.name,
        unit_id=report.unit.pk,
        symbol=f"BC-{head.abbreviation if head else 'LĐLĐ'}",
        place=head.place if head else "",
        date=PartialDate(report.until.year, report.until.month),
        kind="BÁO CÁO",
        summary=report.title,
        blocks=report.blocks,
        signatures=[_signature(plan, report.unit)],
        recipients=_recipients(report.unit),
        appendices=report.appendices,
    )


def _place(user, plan, unit) -> Unit:
    bound = Unit.objects.filter(path__startswith=plan.unit.path)
    if unit is None:
        home = bound.filter(pk=viewpoint(user).pk).first() or bound.filter(pk__in=user.reach.own).first() or plan.unit
        unit = home.pk
    if not user.reach.covers(int(unit)):
        raise Http404
    return get_object_or_404(bound, pk=int(unit))


def _last_day(plan, year, until) -> date:
    last = date.fromisoformat(until) if until else min(today(), date(int(year or today().year), 12, 31))
    if not plan.first_year <= last.year <= 2100:
        raise Http404
    return last


def _signature(plan, unit):
    title = plan.signer_title if unit.pk == plan.unit_id else ""
    return signature_of(unit, title or "CHỦ TỊCH")


def _recipients(unit):
    above = unit_above(unit)
    first = Recipient(above.name if above else "Thường trực", "để b/c")
    return [first, Recipient("Các ban, đơn vị liên quan", "để t/h"), Recipient("Lưu: VT")]


class _Report:
    def __init__(self, user, plan, unit, until):
        self.user, self.plan, self.unit, self.until = user, plan, unit, until
        self.summary = Summary(unit, until.year, until)
        self.targets = list(plan.targets.select_related("indicator").order_by("order", "pk"))
        self.units = [unit, *self.summary.children]
        self.figures = for_paper(figures_by_unit(self.targets, self.units, until)) if self.targets else {}
        self.is_issuer = unit.pk == plan.unit_id
        self.seasons = own_seasons(self.targets)

    @cached_property
    def first(self) -> date:
        """Seasons run from the plan's issue, as their targets do (``time_line``)."""
        year = self.plan.first_year if self.seasons else self.until.year
        issued = self.plan.issued_on if self.seasons else None
        return min(issued or date(year, 1, 1), self.until)

    @property
    def title(self):
        return f"Kết quả thực hiện {self.plan.kind.name} {self.plan.title}\n(tính đến ngày {self.until:%d/%m/%Y})"

    @property
    def blocks(self):
        told = self.user, self.plan, self.unit, self.first, self.until
        sections = [
            ("Kết quả thực hiện các chỉ tiêu", self._target_blocks()),
            ("Kết quả theo đơn vị", self._unit_blocks()),
            ("Những việc đã làm", self._done_blocks()),
            ("Nhà ở hỗ trợ đoàn viên, người lao động", self._house_blocks()),
            ("Thu, chi các quỹ", self._fund_blocks()),
            ("Những việc còn chậm", [*self._late_blocks(), *late_reports(*told)]),
            ("Khó khăn, kiến nghị", difficulties(*told)),
            ("Nhiệm vụ thời gian tới", next_steps(self.plan, self._tasks, self.until)),
        ]
        return [Paragraph(self._opening()), *captioned(sections)]

    def _opening(self):
        number = f" số {self.plan.number_and_symbol}" if self.plan.number else ""
        issued = f" ngày {self.plan.issued_on:%d/%m/%Y}" if self.plan.issued_on else ""
        return (
            f"Thực hiện {self.plan.kind.name}{number}{issued} của {self.plan.unit.name} về {within(self.plan.title)}, "
            f"{self.unit.name} báo cáo kết quả từ ngày {self.first:%d/%m/%Y} đến ngày {self.until:%d/%m/%Y} như sau:"
        )

    def _name(self, target):
        """The plan's sentence; where it holds several figures, with what this one counts."""
        text = plain(target.text)
        of_several = sum(other.text == target.text for other in self.targets) > 1
        return f"{text} ({within(target.indicator.name)})" if of_several else text

    @cached_property
    def _own(self):
        """The unit's figures; below the plan's issuer only of what was given to it or binds every unit."""
        figures = [self.figures[target.pk, self.unit.pk] for target in self.targets]
        return [figure for figure in figures if self.is_issuer or figure.wanted is not None]

    def _target_blocks(self):
        if not self._own:
            return [Paragraph(f"Kế hoạch không đặt chỉ tiêu bằng số cho {self.unit.name}.")]
        statuses = [figure.status for figure in self._own]
        parts = [f"{statuses.count(s):02d} {s.label.lower()}" for s in Status if statuses.count(s)]
        columns = [Column("Chỉ tiêu", 4.6), Column("Cần đạt", 2.3, "center"), Column("Đã đạt", 2.3, "center"),
                   Column("Tỷ lệ (%)", 1.1, "right"), Column("Tình trạng", 1.5, "center")]  # fmt: skip
        rows = [[self._name(f.target), *_standing(f)] for f in self._own]
        blocks = [
            Paragraph(f"Trong {len(statuses):02d} chỉ tiêu có {', '.join(parts)}."),
            Table(columns, rows, numbered=True, caption="Kết quả thực hiện các chỉ tiêu"),
        ]
        if any(figure.is_withheld for figure in self.figures.values()):
            blocks.append(Paragraph(NOTE, italic=True))
        return [*blocks, *self._target_chart()]

    def _target_chart(self):
        known = [(n, figure.percent) for n, figure in enumerate(self._own, 1) if figure.percent is not None]
        if not any(percent for _, percent in known):
            return []
        names = [f"Chỉ tiêu {n}" for n, _ in known]  # as numbered in the table above
        series = Series("Đã đạt", [round(percent, 1) for _, percent in known])
        return [Chart("Mức đạt so với chỉ tiêu", names, [series], "%")]

    def _unit_blocks(self):
        units = self.summary.children
        if not units:
            return []
        if self.seasons:
            return [*season_tables(self.unit, units, self._season_figures), *self._unit_chart()]
        columns = [Column("Đơn vị", 3.8), Column("Người được hỗ trợ", 1.3), Column("Suất quà", 1.2),
                   Column("Tiền hỗ trợ", 2), Column("Nhà bàn giao", 1.1), Column("Tỷ lệ người khó khăn đã thăm, hỗ trợ (%)", 1.7)]  # fmt: skip
        return [
            Table(
                columns, [self._unit_row(unit.short_name, unit) for unit in units], numbered=True,
                total=self._unit_row("Toàn đơn vị, cả phần trực tiếp", self.unit),
                caption="Kết quả chăm lo theo đơn vị", note="Đơn vị tính tiền: đồng",
            ),
            *self._unit_chart(),
        ]  # fmt: skip

    def _unit_row(self, name, unit):
        share = self.summary.of(unit, SHARE).value
        counts = [int(self.summary.of(unit, code).value) for code in _BY_UNIT]
        return [name, *counts, None if share is None else round(share, 1)]

    @cached_property
    def _season_figures(self):
        return seasons_of(self.units, self.seasons)

    def _unit_chart(self):
        units = self.summary.children
        money = [self._money(unit) / 1_000_000 for unit in units]
        if len(units) < 2 or not any(money):
            return []
        names = [unit.short_name for unit in units]
        return [Chart("Tiền hỗ trợ theo đơn vị", names, [Series("Đã chi", money)], "triệu đồng")]

    def _money(self, unit):
        if self.seasons:
            return sum(season.amounts.get("support_money", Decimal(0)) for season in self._season_figures[unit.pk])
        return self.summary.of(unit, "support_money").value

    def _done_blocks(self):
        if self.seasons:
            return [Bullet(season_words(season)) for season in self._season_figures[self.unit.pk]]
        columns = [Column("Việc", 4), Column("Đơn vị tính", 1.2, "center"), Column(f"Năm {self.until.year}", 1.8),
                   Column(f"Cùng kỳ {self.until.year - 1}", 1.8)]  # fmt: skip
        rows = [
            [name, unit, *(int(self.summary.of(self.unit, code, year).value) for year in (self.until.year, self.until.year - 1))]
            for code, name, unit in _DONE
        ]  # fmt: skip
        return [
            Table(columns, rows, numbered=True, caption="Kết quả theo loại việc"),
            *(Bullet(season_words(season)) for season in self.summary.seasons),
        ]

    def _house_blocks(self):
        return [] if self.seasons else houses_of(self.user, self.unit, self.until)

    def _fund_blocks(self):
        if not self.user.has_perm("beneficiaries.view_fundentry"):
            return []
        balances = fund_balances(self.user, self.unit, self.first, self.until)
        if not balances:
            return []
        return [fund_table(balances, caption="Thu, chi các quỹ")]

    def _late_blocks(self):
        late = [Bullet(self._late_words(figure)) for figure in self._own if figure.status in _LATE]
        late += [
            Bullet(f"Nhiệm vụ quá hạn {task.due_on:%d/%m/%Y}: {plain(task.text)} ({task.leads}).")
            for task in self._tasks.filter(due_on__lt=self.until)
        ]
        return late or [Paragraph("Không có chỉ tiêu, nhiệm vụ nào chậm so với tiến độ.")]

    @property
    def _tasks(self):
        """Tasks still open: every one for the plan's issuer, else those the unit leads."""
        tasks = self.plan.assignments.filter(state=Assignment.State.OPEN)
        if not self.is_issuer:
            tasks = tasks.filter(lead_unit__path__startswith=self.unit.path)
        return tasks.select_related("lead_department", "lead_unit").order_by("due_on", "pk")

    def _late_words(self, figure):
        units = [
            unit.short_name for unit in self.summary.children
            if self.figures[figure.target.pk, unit.pk].status == Status.BEHIND
        ]  # fmt: skip
        behind = f" Đơn vị còn chậm: {', '.join(units)}." if units else ""
        return (
            f"{self._name(figure.target)}: {figure.status.label.lower()}, "
            f"mới đạt {figure.actual_text}, cần đạt {figure.wanted_text}.{behind}"
        )

    @property
    def appendices(self):
        """Each shared-out target with every unit's share and standing."""
        rows = []
        for target in self.targets:
            shared = [self.figures[target.pk, unit.pk] for unit in self.summary.children]
            shared = [figure for figure in shared if figure.wanted is not None]
            if shared:
                rows.append(GroupRow(self._name(target)))
                rows += [[figure.unit.short_name, *_standing(figure)] for figure in shared]
        columns = [Column("Đơn vị", 3.6), Column("Cần đạt", 2.4, "center"), Column("Đã đạt", 2.4, "center"),
                   Column("Tỷ lệ (%)", 1.1, "right"), Column("Tình trạng", 2.2, "center")]  # fmt: skip
        return [Appendix("Kết quả từng chỉ tiêu theo đơn vị", [Table(columns, rows)])] if rows else []


def _standing(figure):
    percent = None if figure.percent is None else round(figure.percent, 1)
    return [figure.wanted_text, stacked(figure.actual_text, beyond=_LINE), percent, figure.status.label]
