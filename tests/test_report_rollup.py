"""Accepted figures in ``Actual``: exactly what was accepted, at every unit, whatever the tree and the order."""

from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from programs.models import Actual, Indicator, Plan, ReportFigure, UnitReport
from programs.reporting.consolidation import consolidate, tally
from programs.reporting.rollup import recount_reported
from programs.targets.figures import figures_for
from tests.factories import make_plan, make_report, make_rule, make_target, make_unit, make_user

QUARTERS = [(date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))]
YEAR = (date(2026, 1, 1), date(2026, 11, 14))


@pytest.fixture
def plan(province, officer):
    return make_plan(province, officer, state=Plan.State.IN_FORCE, number="12", issued_on=date(2026, 1, 5))


@pytest.fixture
def accept(plan, officer, other_officer):
    """accept(unit, days, code, *parts): an accepted report that states one figure, counted."""
    rules = {}

    def accept_one(unit, days, code, *parts):
        rule = rules.setdefault((unit.depth, days), make_rule(plan, level=unit.depth))
        report = make_report(rule, unit, first=days[0], last=days[1], state="accepted", submitted_by=officer,
                             submitted_on=days[1], decided_by=other_officer, decided_on=days[1])  # fmt: skip
        names = ("numerator", "denominator") if len(parts) == 2 else ("value",)
        values = dict(zip(names, map(Decimal, parts), strict=True))
        ReportFigure.objects.create(report=report, indicator=Indicator.objects.get(code=code), **values)
        recount_reported(report)
        return report

    return accept_one


def actual(plan, unit, code="collective_agreements", until=date(2026, 12, 31)):
    is_rate = code.endswith("share")
    target = plan.targets.filter(indicator__code=code).first() or make_target(
        plan, indicator=code, value=5, unit_of_measure="%" if is_rate else "bản", text=code
    )
    return figures_for([target], unit, until)[target.pk]


def test_a_unit_without_reports_below_counts_what_it_states(plan, province, district_a, accept):
    accept(district_a, YEAR, "collective_agreements", 7)
    assert [actual(plan, unit).actual for unit in (district_a, province)] == [7, 7]


def test_the_unit_above_states_its_total_and_is_not_added_to_those_below(plan, province, district_a, accept):
    grassroots = make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)
    accept(grassroots, YEAR, "collective_agreements", 3)
    accept(district_a, YEAR, "collective_agreements", 10)
    assert [actual(plan, unit).actual for unit in (grassroots, district_a, province)] == [3, 10, 10]


def test_a_year_after_its_quarters_counts_no_day_twice(plan, province, district_a, accept):
    for days, value in zip(QUARTERS, (2, 3), strict=True):
        accept(district_a, days, "collective_agreements", value)
    accept(district_a, YEAR, "collective_agreements", 9)
    assert actual(plan, province).actual == 9
    assert actual(plan, province, until=date(2026, 7, 1)).actual == 5


def test_an_earlier_report_accepted_late_changes_nothing_above(plan, province, district_a, accept):
    accept(district_a, YEAR, "collective_agreements", 9)
    accept(make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a), QUARTERS[0], "collective_agreements", 4)
    assert actual(plan, province).actual == 9


def test_a_report_taken_back_counts_no_more(plan, province, district_a, accept, officer, other_officer):
    report = accept(district_a, YEAR, "collective_agreements", 9)
    report.reopen(other_officer, reason="Sai số")
    assert actual(plan, province).actual is None


def test_a_state_is_the_newest_of_each_unit_added(plan, province, district_a, district_b, accept):
    Indicator.objects.filter(code="collective_agreements").update(roll_up="latest")
    accept(district_a, QUARTERS[0], "collective_agreements", 5)
    accept(district_a, QUARTERS[1], "collective_agreements", 4)
    accept(district_b, QUARTERS[0], "collective_agreements", 2)
    assert [actual(plan, unit).actual for unit in (district_a, province)] == [4, 6]


def test_reports_not_accepted_count_nowhere(plan, province, district_a, accept):
    report = accept(district_a, YEAR, "collective_agreements", 9)
    UnitReport.objects.update(state="submitted")
    recount_reported(report)
    assert Actual.objects.count() == 0


_serial = count(1)
_CELL = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (min(pair), max(pair)))


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    districts=st.lists(st.lists(_CELL, max_size=3), min_size=1, max_size=3),
    own=st.lists(st.none() | _CELL, min_size=3, max_size=3),
)
def test_any_tree_and_any_figures_give_the_ratio_of_sums(plan, province, accept, districts, own):
    """At a unit that reports: what it states. At one that doesn't: the sum of the units below it."""
    UnitReport.objects.all().delete()
    Actual.objects.all().delete()
    total = [0, 0]
    for n, below in enumerate(districts):
        district = make_unit(f"D{next(_serial)}", f"Huyện {n}", parent=province)
        for m, parts in enumerate(below):
            grassroots = make_unit(f"{district.code}G{m}", f"Cơ sở {m}", kind="grassroots", parent=district)
            accept(grassroots, YEAR, "members_informed_share", *parts)
        parts = own[n] or [sum(column) for column in zip(*below, strict=True)] or [0, 0]
        if own[n]:
            accept(district, YEAR, "members_informed_share", *parts)
        figure = actual(plan, district, "members_informed_share")
        assert (figure.numerator or 0, figure.denominator or 0) == tuple(parts)
        total = [old + new for old, new in zip(total, parts, strict=True)]
    figure = actual(plan, province, "members_informed_share")
    assert (figure.numerator or 0, figure.denominator or 0) == tuple(total)
    assert figure.actual == (Decimal(100) * total[0] / total[1] if total[1] else None)


def test_consolidation_takes_two_queries_whatever_the_number(
    plan, province, district_a, district_b, accept, django_assert_num_queries
):
    reports = [
        accept(unit, days, "members_informed_share", 3, 4) for unit in (district_a, district_b) for days in QUARTERS
    ]
    with django_assert_num_queries(2):
        lines = consolidate(UnitReport.objects.filter(pk__in=[report.pk for report in reports]))
    assert [(line.numerator, line.denominator, line.value, line.units) for each in lines.values() for line in each] == [
        (6, 8, 75, 2)
    ] * 2


def test_the_tally_tells_late_from_on_time(plan, province, district_a, district_b, accept):
    accept(district_a, YEAR, "collective_agreements", 1)
    UnitReport.objects.update(first_submitted_on=date(2026, 11, 10))
    rule = plan.reporting_rules.get()
    make_report(rule, district_b, first=YEAR[0], last=YEAR[1])
    counted = tally(UnitReport.objects.all(), date(2026, 11, 20))
    assert (counted.owed, counted.accepted, counted.late, counted.on_time, counted.on_time_rate) == (2, 1, 1, 1, 50)


def test_a_unit_officer_reads_only_its_own_reports(plan, district_a, district_b, accept, unit_officer_a):
    mine = accept(district_a, YEAR, "collective_agreements", 1)
    accept(district_b, YEAR, "collective_agreements", 1)
    assert list(UnitReport.objects.for_user(unit_officer_a)) == [mine]
    assert list(ReportFigure.objects.for_user(unit_officer_a)) == list(mine.figures.all())


@pytest.fixture(autouse=True)
def _two_levels(province):
    make_user("khac", "province_officer", province)
