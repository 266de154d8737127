"""The actuals of targets: how rows add up over months and the tree, and how a target stands in its time."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.models import Actual, Indicator, Target, TargetShare
from programs.targets.figures import Status, counted_in, figures_by_unit, figures_for, time_line, viewpoint
from tests.factories import make_plan, make_target, make_unit

DAY = date(2026, 6, 30)


@pytest.fixture
def plan(province, officer):
    return make_plan(province, officer)


def count(code, unit, month, value=0, numerator=0, denominator=0):
    return Actual.objects.create(
        indicator=Indicator.objects.get(code=code), unit=unit, month=month, value=value,
        numerator=numerator, denominator=denominator,
    )  # fmt: skip


def figure(target, unit, until=DAY):
    return figures_for([target], unit, until)[target.pk]


def test_sums_add_over_months_and_units_of_the_targets_year(plan, province, district_a, district_b):
    target = make_target(plan)
    count("houses_handed_over", district_a, date(2026, 1, 1), 2)
    count("houses_handed_over", district_a, date(2026, 6, 1), 1)
    count("houses_handed_over", district_b, date(2026, 3, 1), 4)
    count("houses_handed_over", district_a, date(2025, 12, 1), 50)
    count("houses_handed_over", district_a, date(2026, 7, 1), 50)
    count("houses_new", district_a, date(2026, 1, 1), 50)
    assert [figure(target, unit).actual for unit in (province, district_a, district_b)] == [7, 3, 4]


def test_a_unit_is_measured_by_its_share_and_the_issuer_by_the_whole(plan, province, district_a, district_b):
    target = make_target(plan, value=10)
    TargetShare.objects.create(target=target, unit=district_a, value=4)
    count("houses_handed_over", district_a, date(2026, 1, 1), 3)
    assert [figure(target, unit).wanted for unit in (province, district_a, district_b)] == [10, 4, None]
    assert [figure(target, unit).percent for unit in (province, district_a, district_b)] == [30, 75, None]


def test_a_share_equal_to_its_value_is_reached_although_the_whole_must_be_more(plan, province, district_a):
    target = make_target(plan, value=4, comparator=">")
    TargetShare.objects.create(target=target, unit=district_a, value=4)
    count("houses_handed_over", district_a, date(2026, 1, 1), 4)
    assert figure(target, district_a, date(2026, 12, 31)).status == Status.REACHED
    assert figure(target, province, date(2026, 12, 31)).status == Status.ON_TRACK


def test_every_unit_answers_for_the_same_rate(plan, province, district_a):
    target = make_target(plan, indicator="hardship_supported_share", value=100, unit_of_measure="%")
    count("hardship_supported_share", district_a, date(2026, 2, 1), numerator=1, denominator=2)
    count("hardship_supported_share", province, date(2026, 2, 1), numerator=2, denominator=2)
    assert [figure(target, unit).actual for unit in (province, district_a)] == [75, 50]
    assert [figure(target, unit).wanted for unit in (province, district_a)] == [100, 100]


def test_a_rate_of_nothing_is_not_a_rate(plan, province):
    target = make_target(plan, indicator="hardship_supported_share", value=100, unit_of_measure="%")
    assert (figure(target, province).actual, figure(target, province).status) == (None, Status.PENDING)


def test_distinct_counts_take_the_nodes_last_month_and_never_add(plan, province, district_a, district_b):
    target = make_target(plan, indicator="people_supported", unit_of_measure="người", value=100)
    for unit, counts in ((district_a, (10, 30)), (district_b, (20, 25)), (province, (28, 50))):
        count("people_supported", unit, date(2026, 2, 1), counts[0])
        count("people_supported", unit, date(2026, 5, 1), counts[1])
        count("people_supported", unit, date(2026, 8, 1), 90)
    assert [figure(target, unit).actual for unit in (province, district_a, district_b)] == [50, 30, 25]


def test_nothing_counted_is_none_done_but_nothing_reported_is_unknown(plan, province):
    counted = make_target(plan)
    reported = make_target(plan, indicator="collective_agreements", comparator="range", value=1, value_max=2)
    assert (figure(counted, province).actual, figure(reported, province).actual) == (0, None)


def test_rows_of_a_season_are_no_month(plan, province):
    target = make_target(plan)
    row = count("houses_handed_over", province, date(2026, 1, 1), 3)
    Actual.objects.filter(pk=row.pk).update(season="Tết 2026")
    assert figure(target, province).actual == 0


@pytest.mark.parametrize(
    ("combine", "houses", "people", "rate"),
    [("anew", 5, 7, 50), ("cumulative", 8, 10, 60), ("at_end", 8, 7, 50)],
)
def test_years_combine_as_the_target_says(province, officer, combine, houses, people, rate):
    plan = make_plan(province, officer, first_year=2024, last_year=2026)
    for year, done, of in ((2024, 3, 3), (2026, 5, 10)):
        count("houses_handed_over", province, date(year, 5, 1), done)
        count("people_supported", province, date(year, 5, 1), 3 if year == 2024 else 7)
        count("hardship_supported_share", province, date(year, 5, 1), numerator=done, denominator=of)
    codes = ("houses_handed_over", "people_supported", "hardship_supported_share")
    targets = [make_target(plan, indicator=code, year=None, combine=combine) for code in codes]
    actuals = [round(f.actual) for f in figures_for(targets, province, DAY).values()]
    assert actuals == [houses, people, round(100 * 8 / 13) if combine == "cumulative" else rate]


@pytest.mark.parametrize(
    ("years", "fields", "until", "expected"),
    [
        ((2026, None), {}, DAY, (date(2026, 1, 1), date(2026, 12, 31))),
        ((2026, None), {"deadline": date(2027, 1, 31)}, DAY, (date(2026, 1, 1), date(2027, 1, 31))),
        ((2022, 2025), {}, DAY, (date(2025, 1, 1), date(2025, 12, 31))),
        ((2022, 2025), {}, date(2023, 5, 1), (date(2023, 1, 1), date(2023, 12, 31))),
        ((2022, 2025), {"year": 2024}, date(2023, 5, 1), (date(2024, 1, 1), date(2024, 12, 31))),
        ((2022, 2025), {"combine": "cumulative"}, DAY, (date(2022, 1, 1), date(2025, 12, 31))),
        ((2022, 2025), {"combine": "cumulative", "deadline": date(2023, 6, 30)}, DAY,
         (date(2022, 1, 1), date(2023, 6, 30))),
        ((2024, None), {"year": 2030, "combine": "at_end"}, DAY, (date(2024, 1, 1), date(2030, 12, 31))),
        ((2024, None), {"year": 2030}, DAY, (date(2026, 1, 1), date(2026, 12, 31))),
    ],
)  # fmt: skip
def test_time_line_of_a_target(province, officer, years, fields, until, expected):
    plan = make_plan(province, officer, first_year=years[0], last_year=years[1])
    assert time_line(make_target(plan, **{"year": None, **fields}), until) == expected


@pytest.mark.parametrize(
    ("done", "until", "status"),
    [
        (0, date(2026, 3, 31), Status.ON_TRACK),
        (0, date(2026, 4, 10), Status.BEHIND),
        (44, date(2026, 7, 1), Status.AT_RISK),
        (45, date(2026, 7, 1), Status.ON_TRACK),
        (29, date(2026, 7, 1), Status.BEHIND),
        (99, date(2026, 12, 31), Status.ON_TRACK),
        (99, date(2027, 1, 1), Status.BEHIND),
        (100, date(2026, 2, 1), Status.REACHED),
        (100, date(2027, 6, 1), Status.REACHED),
    ],
)
def test_status_compares_what_is_done_with_the_time_gone_by(plan, province, done, until, status):
    target = make_target(plan, value=100)
    count("houses_handed_over", province, date(2026, 1, 1), done)
    assert figure(target, province, until).status == status


@pytest.mark.parametrize(
    ("spent", "until", "status"),
    [
        (90, DAY, Status.ON_TRACK),
        (91, DAY, Status.AT_RISK),
        (101, DAY, Status.BEHIND),
        (100, date(2027, 1, 1), Status.REACHED),
    ],
)
def test_a_ceiling_is_kept_until_its_end(plan, province, spent, until, status):
    target = make_target(plan, indicator="gifts", value=100, comparator="<=")
    count("gifts", province, date(2026, 1, 1), spent)
    assert figure(target, province, until).status == status


def test_a_year_to_come_has_no_figure(province, officer):
    plan = make_plan(province, officer, first_year=2026, last_year=2028)
    assert figure(make_target(plan, year=2028), province).status == Status.PENDING


def test_viewpoint_is_the_province_or_ones_own_unit(officer, leader, unit_officer_a, province, district_a):
    assert [viewpoint(user) for user in (officer, leader, unit_officer_a)] == [province, province, district_a]


def test_figures_take_as_many_queries_for_many_targets_and_units(plan, province, district_a, django_assert_num_queries):
    codes = ("houses_handed_over", "people_supported", "hardship_supported_share")
    for code in codes:
        make_target(plan, indicator=code)
    units = [district_a, *(make_unit(f"U{n}", f"Huyện {n}", parent=province) for n in range(3))]
    with django_assert_num_queries(7):
        figures_by_unit(Target.objects.all(), units[:1], DAY)
    with django_assert_num_queries(7):
        figures_by_unit(Target.objects.all(), units, DAY)
    with django_assert_num_queries(8):
        figures_by_unit(Target.objects.all(), [province, *units], DAY)


ROWS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 12), st.integers(0, 50), st.integers(0, 50)),
    max_size=25,
    unique_by=lambda row: row[:2],
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=st.lists(st.integers(0, 5), min_size=6, max_size=6), rows=ROWS)
def test_any_trees_root_is_the_sum_of_its_branches_and_its_rate_the_rate_of_sums(plan, province, parents, rows):
    """``parents[n]`` is the parent of unit n+1 among the units made before it; ``rows``: unit, month, part, rest."""
    with transaction.atomic():
        units = [province]
        for n, parent in enumerate(parents):
            units.append(make_unit(f"T{n}", f"Đơn vị {n}", parent=units[parent % (n + 1)]))
        for unit, month, part, rest in rows:
            count("houses_handed_over", units[unit], date(2026, month, 1), part)
            count("hardship_supported_share", units[unit], date(2026, month, 1), 0, part, part + rest)
        sums, rate = make_target(plan), make_target(plan, indicator="hardship_supported_share", unit_of_measure="%")
        branches = [unit for unit in units if unit.depth == 2]
        figures = figures_by_unit([sums, rate], [province, *branches], date(2026, 12, 31))
        own = sum(part for unit, _, part, _ in rows if unit == 0)
        assert figures[sums.pk, province.pk].actual == own + sum(figures[sums.pk, b.pk].actual for b in branches)
        part, whole = sum(row[2] for row in rows), sum(row[2] + row[3] for row in rows)
        assert figures[rate.pk, province.pk].actual == (Decimal(100 * part) / whole if whole else None)
        transaction.set_rollback(True)


TIMES = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)).map(sorted), min_size=7, max_size=7)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=st.lists(st.integers(0, 5), min_size=6, max_size=6), times=TIMES, rows=ROWS)
def test_in_any_tree_a_units_reports_count_in_its_own_time_only(plan, province, parents, times, rows):
    """``times``: the first and last month of 2026 in which each unit is open; the province's own is not used."""
    with transaction.atomic():
        units, open_in = [province], [(1, 12)]
        for n, parent in enumerate(parents):
            first, last = times[n]
            dates = {"valid_from": date(2026, first, 15), "valid_to": date(2026, last, 20)}
            units.append(make_unit(f"T{n}", f"Đơn vị {n}", parent=units[parent % (n + 1)], **dates))
            open_in.append((first, last))
        for unit, month, part, rest in rows:
            count("collective_agreements", units[unit], date(2026, month, 1), part)
            count("members_informed_share", units[unit], date(2026, month, 1), 0, part, part + rest)
        in_time = [row for row in rows if open_in[row[0]][0] <= row[1] <= open_in[row[0]][1]]
        sums = make_target(plan, indicator="collective_agreements", unit_of_measure="bản")
        rate = make_target(plan, indicator="members_informed_share", unit_of_measure="%")
        found = figures_for([sums, rate], province, date(2026, 12, 31))
        part, whole = sum(row[2] for row in in_time), sum(row[2] + row[3] for row in in_time)
        assert found[sums.pk].actual == (part if in_time else None)
        assert found[rate.pk].actual == (Decimal(100 * part) / whole if whole else None)
        transaction.set_rollback(True)


def test_what_the_ledger_counted_stays_also_after_the_unit_was_closed(plan, province):
    closed = make_unit("C", "Huyện Cũ", parent=province, valid_to=date(2026, 3, 31))
    target = make_target(plan)
    count("houses_handed_over", closed, date(2026, 3, 1), 1)
    count("houses_handed_over", closed, date(2026, 5, 1), 2)
    assert [figure(target, unit).actual for unit in (province, closed)] == [3, 3]


def test_what_an_indicator_came_to_in_a_year(province, district_a, district_b):
    for year, value in ((2025, 4), (2026, 9)):
        count("houses_handed_over", district_a, date(year, 5, 1), value)
    houses = Indicator.objects.get(code="houses_handed_over")
    assert counted_in(houses, [province, district_a, district_b], 2025) == {province.pk: 4, district_a.pk: 4}


def test_a_targets_season_counts_what_is_paid_on_either_side_of_new_year(province, officer):
    plan = make_plan(province, officer, first_year=2026, last_year=2027)
    target = make_target(plan, indicator="gifts", value=100, year=2027, season="Tết 2027")
    for season, value in (("Tết 2027", 40), ("Tết 2026", 7), ("", 5)):
        month = date(2027, 1, 1) if season else date(2026, 11, 1)
        Actual.objects.create(indicator=target.indicator, unit=province, month=month, season=season, value=value)
    figure = figures_for([target], province, date(2026, 11, 22))[target.pk]
    assert (figure.actual, figure.percent) == (40, 40)
