"""Every indicator against rows made by verbs; incremental counts against counts from scratch; rows against figures."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.module_loading import import_string
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from beneficiaries.models import Hardship, HardshipKind, House, HouseKind, PovertyRecord
from programs.models import Actual, Indicator, Stale
from programs.targets.figures import figures_for
from programs.targets.models import mark_stale
from reports.counting import recount_stale
from reports.measures import MEASURES
from reports.rows import figure_rows
from tests.factories import (
    an_id,
    make_fund,
    make_grant,
    make_household,
    make_person,
    make_plan,
    make_round,
    make_target,
    make_unit,
)  # fmt: skip
from welfare.celery import app
from welfare.models import Unit

LONG_AGO = date(2024, 1, 2)


pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def people(province, district_a, district_b, leader, officer, finance, unit_officer_a, unit_officer_b):
    """Whoever the verbs need, by name."""
    make_fund(province, balance=10**12, by=finance)
    return {
        "leader": leader,
        "officer": officer,
        "finance": finance,
        district_a: unit_officer_a,
        district_b: unit_officer_b,
    }


def make_tet(unit):
    return make_round(unit, code="TET2025", name="Tết 2025", year=2025)


def pay(people, round, unit, person=None, on=date(2025, 2, 3), **fields):
    grant = make_grant(round, unit, people.get(unit) or people["officer"], person, proposed_on=LONG_AGO, **fields)
    grant.approve(people["leader"], decision_number="01/QĐ", on=on)
    grant.pay(people["finance"], fund=people["finance"].unit.funds.get(), on=on)
    return grant


def hand_over(people, unit, construction="new", surveyed=date(2025, 1, 10), on=date(2025, 5, 20)):
    house = House.objects.create(
        unit=unit, kind=HouseKind.objects.get(code="mai_am"), construction=construction, year=2025, cost=60_000_000,
        proposed_by=people[unit], proposed_on=LONG_AGO,
    )  # fmt: skip
    house.funding.create(source="family", amount=house.cost)
    house.survey(people["officer"], on=surveyed)
    house.decide(people["leader"], decision_number="02/QĐ", on=surveyed)
    house.start(people["officer"], on=surveyed)
    house.hand_over(people["officer"], on=on)
    return house


def in_need(person, kind="job_loss", year=2025, known_on=date(2025, 3, 15)):
    hardship = Hardship.objects.create(
        person=person, kind=HardshipKind.objects.get(code=kind), year=year, known_on=known_on
    )
    mark_stale("people", person.unit_id, known_on, date(year, 1, 1))
    return hardship


def is_poor(household, year=2025, status="poor"):
    PovertyRecord.objects.create(household=household, year=year, status=status)
    mark_stale("people", household.unit_id, date(year, 1, 1))


def value(code, unit, month, season="") -> int:
    found = Actual.objects.filter(indicator__code=code, unit=unit, month=month, season=season).first()
    return int(found.value) if found else 0


def cells():
    columns = ("indicator__code", "unit__code", "month", "season", "value", "numerator", "denominator")
    return sorted(Actual.objects.values_list(*columns))


def test_every_counted_indicator_has_its_measure():
    counted = set(Indicator.objects.filter(source="counted").values_list("code", flat=True))
    assert set(MEASURES) == counted
    assert import_string(project.MEASURES) is MEASURES


def test_houses_count_in_the_month_of_their_business_date(people, district_a, district_b):
    hand_over(people, district_a)
    hand_over(people, district_a, "repair", on=date(2025, 5, 31))
    hand_over(people, district_b, on=date(2025, 6, 1))
    recount_stale()
    may, june = date(2025, 5, 1), date(2025, 6, 1)
    assert value("houses_handed_over", district_a, may) == 2
    assert value("houses_new", district_a, may) == 1
    assert value("houses_repaired", district_a, may) == 1
    assert value("houses_handed_over", district_b, june) == 1
    assert value("houses_surveyed", district_a, date(2025, 1, 1)) == 2


def test_paid_support_counts_gifts_and_money_and_a_reversal_takes_them_back(people, province, district_a):
    tet, sudden = make_tet(province), make_round(province, year=2025, code="DX", name="Đột xuất", occasion="sudden")
    person = make_person(district_a)
    grant = pay(people, tet, district_a, person, cash=500_000, in_kind_value=300_000)
    pay(people, sudden, district_a, people_count=40, cash=8_000_000)
    make_grant(sudden, district_a, people[district_a], person)  # only proposed
    recount_stale()
    february = date(2025, 2, 1)
    assert value("gifts", district_a, february) == 41
    assert value("support_money", district_a, february) == 8_800_000
    assert value("people_supported", district_a, february) == 1
    grant.reverse(people["finance"], note="Chi nhầm")
    recount_stale()
    assert value("gifts", district_a, february) == 40
    assert value("people_supported", district_a, february) == 0


def test_a_season_counts_over_two_years_apart_from_the_months(people, province, district_a):
    tet = make_tet(province)
    person = make_person(district_a)
    pay(people, tet, district_a, person, on=date(2024, 12, 28), cash=500_000)
    pay(people, tet, district_a, people_count=9, on=date(2025, 2, 10), cash=900_000)
    recount_stale()
    season = date(2025, 1, 1), "Tết 2025"
    assert value("gifts", district_a, *season) == 10
    assert value("support_money", district_a, *season) == 1_400_000
    assert value("people_supported", province, *season) == 1
    assert value("gifts", district_a, date(2024, 12, 1)) == 1


def test_a_round_that_moves_to_another_season_takes_its_figures_along(people, province, district_a):
    tet, person = make_tet(province), make_person(district_a)
    pay(people, tet, district_a, person, on=date(2024, 12, 28), cash=500_000)
    recount_stale()
    old, new = (date(2025, 1, 1), "Tết 2025"), (date(2026, 1, 1), "Tết 2026")
    tet.year = 2026
    tet.save()
    recount_stale()
    assert [value("people_supported", province, *season) for season in (old, new)] == [0, 1]
    assert [value("gifts", district_a, *season) for season in (old, new)] == [0, 1]
    tet.occasion.name = "Tết Nguyên đán"
    tet.occasion.save()
    recount_stale()
    assert value("gifts", district_a, *new) == 0
    assert value("gifts", district_a, date(2026, 1, 1), "Tết Nguyên đán 2026") == 1
    counted = cells()
    call_command("recount_measures", verbosity=0)
    assert cells() == counted


def test_a_round_that_stays_in_its_season_is_not_counted_again(people, province, district_a):
    tet = make_tet(province)
    pay(people, tet, district_a, on=date(2025, 2, 10), cash=900_000)
    recount_stale()
    tet.name = "Tết Ất Tỵ"
    tet.save()
    assert Stale.objects.count() == 0


def test_people_are_distinct_from_january_under_every_node(people, province, district_a, district_b):
    tet, may = make_tet(province), make_round(province, year=2025, code="TCN", name="TCN", occasion="workers_month")
    number = an_id()
    first, same_human = make_person(district_a, national_id=number), make_person(district_b, national_id=number)
    pay(people, tet, district_a, first)
    pay(people, may, district_a, first, on=date(2025, 5, 5))
    pay(people, may, district_b, same_human, on=date(2025, 5, 5))
    pay(people, may, district_b, make_person(district_b, "Lê Thị Khác"), on=date(2025, 6, 5))
    recount_stale()
    by_month = [value("people_supported", province, date(2025, month, 1)) for month in (1, 2, 5, 6, 12)]
    assert by_month == [0, 1, 1, 2, 2]
    assert value("people_supported", district_b, date(2025, 6, 1)) == 2


def test_the_share_of_supported_people_is_a_ratio_of_sums(people, province, district_a, district_b):
    sudden = make_round(province, year=2025, code="DX", name="Đột xuất", occasion="sudden")
    helped, waiting, elsewhere = (make_person(unit) for unit in (district_a, district_a, district_b))
    for person in (helped, waiting, elsewhere):
        in_need(person)
    in_need(helped, "housing")
    in_need(waiting, year=2024, known_on=date(2024, 7, 1))
    pay(people, sudden, district_a, helped, on=date(2025, 8, 9))
    pay(people, sudden, province, elsewhere, on=date(2025, 1, 9))
    recount_stale()
    rows = Actual.objects.filter(indicator__code="hardship_supported_share", month__year=2025)
    found = {(row.unit.code, row.month.month): (row.numerator, row.denominator) for row in rows}
    assert found == {("A", 3): (0, 2), ("A", 8): (1, 0), ("B", 3): (1, 1)}


def test_poor_households_count_for_their_whole_year_only(people, province, district_a):
    household = make_household(district_a)
    is_poor(household, 2025)
    is_poor(household, 2024, "near_poor")
    is_poor(make_household(district_a, "Lê Văn Hai"), 2025)
    recount_stale()
    assert value("poor_households", province, date(2025, 1, 1)) == 2
    assert value("poor_households", district_a, date(2024, 12, 1)) == 1


def test_a_closed_unit_keeps_its_figures(people, province, district_a):
    hand_over(people, district_a)
    district_a.valid_to = date(2025, 6, 30)
    district_a.save()
    recount_stale()
    before = cells()
    call_command("recount_measures")
    assert value("houses_handed_over", district_a, date(2025, 5, 1)) == 1
    assert cells() == before


def test_marks_are_consumed_once_and_nothing_else_is_touched(people, district_a, district_b):
    hand_over(people, district_a)
    recount_stale()
    Actual.objects.filter(unit=district_a, indicator__code="houses_new").update(value=99)
    mark_stale("grants", district_a.pk, date(2025, 5, 1))
    mark_stale("houses", district_b.pk, date(2025, 5, 1))
    assert recount_stale() == 2
    assert value("houses_new", district_a, date(2025, 5, 1)) == 99
    assert (Stale.objects.count(), recount_stale()) == (0, 0)


def test_an_unknown_source_counts_everything_of_its_cell(people, district_a):
    hand_over(people, district_a)
    Stale.objects.all().delete()
    mark_stale("something new", district_a.pk, date(2025, 5, 1))
    recount_stale()
    assert value("houses_new", district_a, date(2025, 5, 1)) == 1


def test_rebuilding_leaves_reported_figures_alone(province):
    reported = Indicator.objects.filter(source="reported").first()
    Actual.objects.create(indicator=reported, unit=province, month=date(2025, 1, 1), value=7)
    call_command("recount_measures")
    assert Actual.objects.get().value == 7


@pytest.mark.django_db(transaction=True)
def test_two_recounts_at_once_leave_each_cell_once(people, district_a):
    for _ in range(3):
        hand_over(people, district_a)

    def count():
        try:
            consumed.append(recount_stale())
        finally:
            connection.close()

    consumed, before = [], Stale.objects.count()
    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(consumed) == [0, before]
    assert value("houses_handed_over", district_a, date(2025, 5, 1)) == 3


def test_the_scheduler_counts_what_changed(people, district_a):
    hand_over(people, district_a)
    app.loader.import_default_modules()
    app.tasks[project.CELERY_BEAT_SCHEDULE["recount-measures"]["task"]].apply()
    assert value("houses_handed_over", district_a, date(2025, 5, 1)) == 1


DAYS = st.dates(date(2024, 11, 1), date(2025, 12, 31))
PLACES = st.integers(0, 3)
ACTS = st.one_of(
    st.tuples(st.just("pay"), PLACES, DAYS, st.integers(0, 5), st.integers(0, 1)),
    st.tuples(st.just("pay_many"), PLACES, DAYS, st.integers(1, 30), st.integers(0, 1)),
    st.tuples(st.just("take_back"), st.integers(0, 9)),
    st.tuples(st.just("need"), st.integers(0, 5), DAYS, st.sampled_from([2024, 2025])),
    st.tuples(st.just("poor"), PLACES, st.sampled_from([2024, 2025])),
    st.tuples(st.just("build"), st.integers(0, 1), DAYS, DAYS, st.sampled_from(["new", "repair"])),
    st.tuples(st.just("count")),
)


class Ledger:
    """Acts drawn at random, done by the verbs; acts the rules forbid do nothing."""

    def __init__(self, people, province, districts, grassroots):
        self.people, self.units, self.paid = people, [*districts, province, grassroots], []
        self.rounds = [make_tet(province), make_round(province, year=2025, code="DX", name="DX", occasion="sudden")]
        number = an_id()
        ids = [number, number, "", an_id(), "", ""]
        homes = [*districts, districts[0], grassroots, province, districts[1]]
        self.persons = [make_person(home, national_id=id_) for home, id_ in zip(homes, ids, strict=True)]

    def pay(self, place, on, person, round):
        person, round = self.persons[person], self.rounds[round]
        if not round.grants.filter(person=person).exists():
            self.paid.append(pay(self.people, round, self.units[place], person, on=on))

    def pay_many(self, place, on, count, round):
        self.paid.append(pay(self.people, self.rounds[round], self.units[place], on=on, people_count=count))

    def take_back(self, n):
        if n < len(self.paid):
            self.paid.pop(n).reverse(self.people["finance"], note="Ghi đảo")

    def need(self, person, known_on, year):
        if not Hardship.objects.filter(person=self.persons[person], year=year).exists():
            in_need(self.persons[person], year=year, known_on=known_on)

    def poor(self, place, year):
        is_poor(make_household(self.units[place]), year)

    def build(self, place, one, other, construction):
        hand_over(self.people, self.units[place], construction, min(one, other), max(one, other))

    def count(self):
        recount_stale()


@pytest.fixture
def grassroots(district_a):
    return make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, max_size=14))
def test_counting_what_changed_equals_counting_all_and_rows_equal_figures(
    people, province, district_a, district_b, grassroots, acts
):
    with transaction.atomic():
        ledger = Ledger(people, province, [district_a, district_b], grassroots)
        for name, *values in acts:
            getattr(ledger, name)(*values)
        recount_stale()
        incremental = cells()
        call_command("recount_measures")
        assert incremental == cells()
        for unit in Unit.objects.all():
            check_rows(people["leader"], unit)
        transaction.set_rollback(True)


def check_rows(user, unit):
    """Each figure of the tree below ``unit`` equals the rows it opens."""
    plan = make_plan(unit, user, first_year=2025)
    for code in MEASURES:
        target = make_target(plan, indicator=code, value=1, unit_of_measure="")
        figure = figures_for([target], unit, until=date(2025, 8, 31))[target.pk]
        found = figure_rows(MEASURES[code], user, unit, figure.counted_from, figure.counted_to)
        assert (code, found.figure) == (code, figure.actual)
    for code in ("gifts", "support_money", "people_supported"):
        found = figure_rows(MEASURES[code], user, unit, season="Tết 2025")
        season = Actual.objects.filter(indicator__code=code, season="Tết 2025", unit__path__startswith=unit.path)
        if code == "people_supported":
            season = season.filter(unit=unit)
        assert found.figure == sum((row.value for row in season), Decimal(0))
