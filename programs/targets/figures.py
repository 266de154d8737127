"""How far targets are: what is wanted, what was counted or reported by a day, and how that stands.

The one reader of ``Actual`` for plan pages, the dashboard and reports. What it expects of the rows:

sum and ratio    one row an own unit and month, added over months and over everything under a unit. A ratio is always
                 sum of numerators over sum of denominators, so whatever is counted falls into one month only.
distinct, units  one row a tree node (with all under it), running from 1 January to the month's end: the last one of
                 each year is taken, never a sum over nodes.
latest           one row a tree node: the last one by the day, of whichever year.

season           a target of a season ("Tết 2027", which spans two years) reads that season's rows alone, whatever month.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db import models
from django.db.models import F, Q, Sum, prefetch_related_objects
from django.db.models.functions import Substr, TruncMonth

from programs.plans.models import Plan
from programs.targets.milestones import allowed_part, expected_part, first_point
from programs.targets.models import Actual, Indicator, Target, TargetShare, plain_number
from welfare.units.models import Unit, today

RULE = (
    "So phần đã làm với phần thời gian đã qua của chỉ tiêu (từ đầu năm tính chỉ tiêu đến hạn). "
    "Đúng tiến độ: đạt từ 90% mức lẽ ra phải có đến hôm nay; có nguy cơ: từ 60% đến dưới 90%; chậm: dưới 60%, "
    "hoặc đã quá hạn mà chưa đạt. Trong một phần tư thời gian đầu chưa xếp có nguy cơ hay chậm. "
    "Chỉ tiêu có mốc từng năm: mức lẽ ra phải có bằng mốc vào cuối năm đó, giữa hai mốc tăng đều theo ngày; chỉ tiêu "
    "mỗi năm tính lại thì so với mốc của năm. "
    "Chỉ tiêu “không quá”, “dưới”: có nguy cơ khi đã dùng trên 90% mức cho phép, chậm khi vượt mức."
)
ON_TRACK_FROM, AT_RISK_FROM, GRACE = Decimal("0.9"), Decimal("0.6"), Decimal("0.25")
_BY_NODE = (Indicator.RollUp.DISTINCT, Indicator.RollUp.UNITS, Indicator.RollUp.LATEST)


class Status(models.TextChoices):
    REACHED = "reached", "Đã đạt"
    ON_TRACK = "on_track", "Đúng tiến độ"
    AT_RISK = "at_risk", "Có nguy cơ"
    BEHIND = "behind", "Chậm"
    PENDING = "pending", "Chưa có số liệu"
    WITHHELD = "withheld", "Không nêu"


@dataclass(frozen=True)
class Figure:
    """One target at one unit, by the day ``until``.

    ``wanted``: the whole target at the unit that issued the plan; a unit's share elsewhere, or the same rate for
    percentages; None where nothing was shared out to the unit. ``actual``: None when there is nothing to count yet.
    ``is_withheld``: there is one, which this reader is not told.
    ``start``..``end``: the target's own time line; rows of the months from ``start`` to ``counted_to`` make the actual.
    """

    target: Target
    unit: Unit
    wanted: Decimal | None
    actual: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    start: date
    end: date
    until: date
    is_withheld: bool = False

    def withheld(self) -> "Figure":
        return replace(self, actual=None, numerator=None, denominator=None, is_withheld=True)

    @property
    def counted_to(self) -> date:
        return min(self.until, self.end)

    @property
    def counted_from(self) -> date:
        """First day of what the actual holds: of its last year where the years' counts are not added."""
        combine, roll_up = self.target.combine, self.target.indicator.roll_up
        is_of_last_year = (combine == Target.Combine.ANEW and roll_up in _BY_NODE) or (
            combine == Target.Combine.AT_END and roll_up != Indicator.RollUp.SUM
        )
        return max(self.start, date(self.counted_to.year, 1, 1)) if is_of_last_year else self.start

    @property
    def percent(self) -> Decimal | None:
        """Actual in percent of what is wanted by the end."""
        return 100 * self.actual / self.wanted if self.wanted and self.actual is not None else None

    @property
    def bar(self) -> int:
        """The percent as the length of a bar."""
        return min(100, round(self.percent or 0))

    @property
    def wanted_text(self) -> str:
        if self.wanted is None:
            return "–"
        return self.target.wanted() if self._is_whole else self.target.in_words(self.wanted)

    @property
    def actual_text(self) -> str:
        """With its parts for a rate: "75% (3/4)"."""
        if self.actual is None:
            return "–"
        parts = f" ({plain_number(self.numerator)}/{plain_number(self.denominator)})" if self.denominator else ""
        return f"{self.target.in_words(self.actual)}{parts}"

    @property
    def expected(self) -> Decimal | None:
        """What should be there by the day."""
        part = expected_part(self.target, self.start, self.end, self.until)
        return self.wanted * part if self.wanted is not None else None

    @property
    def expected_text(self) -> str:
        """Empty where nothing is expected of the day: before and after the time line, under a ceiling."""
        if not self.expected or self.target.is_ceiling or not self.start <= self.until < self.end:
            return ""
        return self.target.in_words(round(self.expected, 1 if self.expected < 100 else 0))

    @cached_property
    def status(self) -> Status:
        if self.is_withheld:
            return Status.WITHHELD
        if self.actual is None or self.wanted is None:
            return Status.PENDING
        if self.target.is_ceiling:
            return self._status_of_ceiling()
        if self._is_reached:
            return Status.REACHED
        if self.until > self.end:
            return Status.BEHIND
        if self._is_early or self.actual >= self.expected * ON_TRACK_FROM:
            return Status.ON_TRACK
        return Status.AT_RISK if self.actual >= self.expected * AT_RISK_FROM else Status.BEHIND

    def _status_of_ceiling(self):
        allowed = self.wanted * allowed_part(self.target, self.counted_to.year)
        if self.actual > allowed or not self._is_reached:
            return Status.BEHIND
        if self.until > self.end:
            return Status.REACHED
        return Status.AT_RISK if self.actual > allowed * ON_TRACK_FROM else Status.ON_TRACK

    @property
    def _is_early(self):
        """In the first quarter of the time line, or of its way to the first milestone."""
        first = first_point(self.target, self.start, self.end)
        return _part_gone(self.start, first, self.until) <= GRACE

    @property
    def _is_reached(self):
        """A share is reached with itself, also where the whole must be more than its value."""
        if self._is_whole:
            return self.target.is_reached_by(self.actual)
        return self.actual <= self.wanted if self.target.is_ceiling else self.actual >= self.wanted

    @property
    def _is_whole(self):
        return self.unit.pk == self.target.plan.unit_id or self.target.is_percent


def _part_gone(start: date, end: date, until: date) -> Decimal:
    days = Decimal((until - start).days + 1) / Decimal((end - start).days + 1)
    return min(max(days, Decimal(0)), Decimal(1))


def viewpoint(user) -> Unit:
    """The unit whose figures a user reads: the province for those who work there, else their own."""
    if user.reach.province:
        appointed = (appointment.unit for appointment in user.appointments_in_force)
        return next((unit for unit in appointed if unit.is_root()), None) or Unit.objects.get_root_nodes().get()
    if user.unit_id in user.reach.own or not user.reach.own:
        return user.unit
    return Unit.objects.filter(pk__in=user.reach.own).first()


def figures_for(targets: Iterable[Target], unit: Unit, until: date | None = None) -> dict[int, Figure]:
    """{target id: Figure} at one unit by the day ``until`` (default today), in a fixed number of queries."""
    return {target_id: figure for (target_id, _), figure in figures_by_unit(targets, [unit], until).items()}


def figures_seen_by(user, targets: Iterable[Target], until: date | None = None) -> dict[int, Figure]:
    """{target id: Figure}, each where ``user`` stands: at the plan's issuer when it is theirs to read, else at home."""
    targets = list(targets)
    prefetch_related_objects(targets, "plan__unit")
    home = viewpoint(user)
    places = {t.pk: t.plan.unit if user.reach.covers(t.plan.unit_id) else home for t in targets}
    figures = figures_by_unit(targets, set(places.values()), until)
    return {target_id: figures[target_id, place.pk] for target_id, place in places.items()}


def figures_by_unit(targets, units, until: date | None = None, *, kept_sums=False) -> dict[tuple[int, int], Figure]:
    """{(target id, unit id): Figure} for every target at every unit.

    ``kept_sums``: reads the sums kept of each unit's tree (``Actual.TREE``) in place of every row below it, which gives
    the same for what the ledger counts and stays quick over thousands of units.

    At most 5 queries, and one more for every level of the tree that ``units`` stand on.
    """
    targets, units, until = list(targets), list(units), until or today()
    prefetch_related_objects(targets, "plan", "indicator", "milestones")
    shares = _shares(targets, units)
    counted = Counted(targets, units, until, kept_sums=kept_sums)
    return {(target.pk, unit.pk): _figure(target, unit, shares, counted, until) for target in targets for unit in units}


def counted_in(indicator: Indicator, units: Iterable[Unit], year: int) -> dict[int, Decimal]:
    """{unit id: what the indicator came to in a year}, units without any left out."""
    units, target = list(units), Target(indicator=indicator, plan=Plan(first_year=year))
    counted = Counted([target], units, date(year, 12, 31))
    values = {unit.pk: counted.between(target, unit, date(year, 1, 1), date(year, 12, 31))[0] for unit in units}
    return {unit_id: value for unit_id, value in values.items() if value}


def kept_between(indicator: Indicator, unit: Unit, first, last, *, season="") -> tuple[Decimal | None, ...]:
    """What a counted indicator came to at a unit between two days or in a season: value, numerator and denominator.

    Counts that begin anew each year are added over the years.
    """
    target = Target(indicator=indicator, season=season, combine=Target.Combine.CUMULATIVE)
    return Counted([target], [unit], last or today(), kept_sums=True).between(target, unit, first, last)


def time_line(target: Target, until: date) -> tuple[date, date]:
    """First and last day that count for a target, as seen on the day ``until``.

    A target made anew each year has that year's; one with a year of the plan's own years has that year's only. Others
    run from the plan's first year. A deadline ends the last year, also when it lies after New Year. A season's runs
    from the plan's issue.
    """
    plan, deadline = target.plan, target.deadline
    first, last = plan.first_year, target.year or plan.last_year or plan.horizon_year or plan.first_year
    if deadline and not target.year:
        last = min(last, deadline.year)
    last = max(first, last)
    if target.season:
        start = plan.issued_on or date(first, 1, 1)
        return start, max(deadline or date(last, 12, 31), start)
    if target.combine != Target.Combine.ANEW:
        return _line(first, last, deadline)
    if target.year and target.year <= (plan.last_year or plan.first_year):
        first = last
    year = min(max(until.year, first), last)
    return _line(year, year, deadline if year == last else None)


def _line(first, last, deadline):
    start = date(first, 1, 1)
    return start, max(deadline, start) if deadline else date(last, 12, 31)


def _figure(target, unit, shares, counted, until):
    start, end = time_line(target, until)
    value = numerator = denominator = None
    if start <= until:
        value, numerator, denominator = counted.between(target, unit, start, min(until, end))
    return Figure(
        target=target, unit=unit, wanted=_wanted(target, unit, shares), actual=value, numerator=numerator,
        denominator=denominator, start=start, end=end, until=until,
    )  # fmt: skip


def _wanted(target, unit, shares):
    if unit.pk == target.plan.unit_id:
        return target.value
    return shares.get((target.pk, unit.pk), target.value if target.is_percent else None)


def _shares(targets, units):
    """The issuer of a plan has no share of it."""
    targets = [target for target in targets if any(unit.pk != target.plan.unit_id for unit in units)]
    if not targets:
        return {}
    rows = TargetShare.objects.filter(target__in=targets, unit__in=units).values_list("target_id", "unit_id", "value")
    return {(target_id, unit_id): value for target_id, unit_id, value in rows}


class Counted:
    """The rows behind many targets at many units, read once: {(indicator id, unit id, season): [(month, value, n, d)]}.

    A target is anything that has an indicator, a season and a way to combine years.
    """

    def __init__(self, targets, units, until, *, kept_sums=False):
        self.rows = defaultdict(list)
        self.until, self.seasons = until, {target.season for target in targets} - {""}
        indicators = {target.indicator for target in targets}
        kept = {each for each in indicators if kept_sums and each.source == Indicator.Source.COUNTED}
        self._read_kept(kept, units)
        by_node = {each.pk for each in indicators - kept if each.roll_up in _BY_NODE}
        self._read_sums({each.pk for each in indicators - kept} - by_node, units)
        self._read_nodes(by_node, units)

    def _read_kept(self, indicators, units):
        """What the ledger holds is kept of every node, sums as ``Actual.TREE``; no unit's time bounds it."""
        by_node = {each.pk for each in indicators if each.roll_up in _BY_NODE}
        kept = Q(indicator__in=by_node) & _in_time("", self.seasons, self.until)
        kept |= Q(indicator__in={each.pk for each in indicators} - by_node) & _in_time(
            Actual.TREE, self.seasons, self.until
        )
        if indicators:
            self._take(Actual.objects.filter(kept, unit__in=[unit.pk for unit in units]))

    def _read_sums(self, indicator_ids, units):
        for depth in {unit.depth for unit in units} if indicator_ids else ():
            unit_ids = {unit.path: unit.pk for unit in units if unit.depth == depth}
            added = (
                self._stated.filter(indicator__in=indicator_ids)
                .annotate(node=Substr("unit__path", 1, Unit.steplen * depth)).filter(node__in=unit_ids)
                .order_by().values_list("indicator_id", "node", "season", "month")
                .annotate(Sum("value"), Sum("numerator"), Sum("denominator"))
            )  # fmt: skip
            for indicator_id, node, season, *row in added:
                self.rows[indicator_id, unit_ids[node], season].append(row)

    def _read_nodes(self, indicator_ids, units):
        if indicator_ids:
            self._take(self._stated.filter(indicator__in=indicator_ids, unit__in=units))

    def _take(self, rows):
        fields = ("indicator_id", "unit_id", "season", "month", "value", "numerator", "denominator")
        for indicator_id, unit_id, season, *row in rows.values_list(*fields):
            self.rows[indicator_id, unit_id, season.removeprefix(Actual.TREE)].append(row)

    @cached_property
    def _stated(self):
        """Rows as units and the ledger wrote them.

        What a unit reports counts in the unit's own time only; what the ledger holds happened, also when a unit that was
        closed since handed its last house over.
        """
        of_unit = Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=F("month"))
        of_unit &= Q(unit__valid_from__isnull=True) | Q(month__gte=TruncMonth("unit__valid_from"))
        in_its_time = Q(indicator__source=Indicator.Source.COUNTED) | of_unit | ~Q(season="")
        return Actual.objects.filter(in_its_time, _in_time("", self.seasons, self.until))

    def between(self, target, unit, start, end):
        """(value, numerator, denominator); the last two are None except for ratios."""
        indicator, rows = target.indicator, self.rows[target.indicator_id, unit.pk, target.season]
        within = rows if target.season else [row for row in rows if start <= row[0] <= end]
        if indicator.is_ratio:
            return _ratio(within if target.combine != Target.Combine.AT_END else _of_last_year(within))
        if indicator.roll_up == Indicator.RollUp.SUM:
            value = sum((row[1] for row in within), Decimal(0)) if within else None
        elif indicator.roll_up == Indicator.RollUp.LATEST:
            value = max((row for row in rows if row[0] <= end), default=(None, None))[1]
        else:
            value = _over_years(within, target.combine)
        return (_nothing_yet(indicator) if value is None else value), None, None


def _in_time(mark, seasons, until) -> Q:
    """A season's rows stand in January of its year, which may be still to come while its money is being paid."""
    of_month = Q(season=mark, month__lte=until)
    return of_month | Q(season__in=[f"{mark}{each}" for each in seasons]) if seasons else of_month


def _ratio(rows):
    numerator, denominator = (sum((row[n] for row in rows), Decimal(0)) for n in (2, 3))
    return (100 * numerator / denominator if denominator else None), numerator, denominator


def _of_last_year(rows):
    last = max((row[0].year for row in rows), default=None)
    return [row for row in rows if row[0].year == last]


def _over_years(rows, combine):
    """Distinct counts start anew each year: the last of each year, added only where the target is cumulative."""
    last_of_year = {row[0].year: row[1] for row in sorted(rows)}
    if not last_of_year:
        return None
    if combine == Target.Combine.CUMULATIVE:
        return sum(last_of_year.values())
    return last_of_year[max(last_of_year)]


def _nothing_yet(indicator):
    """The ledger is always complete: no rows of a counted indicator mean none; of a reported one, not known yet."""
    return Decimal(0) if indicator.source == Indicator.Source.COUNTED else None
