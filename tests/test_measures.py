"""Every indicator against rows made by verbs; incremental counts against counts from scratch; rows against figures."""

import threading
from contextlib import suppress
from copy import deepcopy
from datetime import date

import pytest
from django.conf import settings as project
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.module_loading import import_string
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from beneficiaries.models import (
    Campaign,
    Hardship,
    Loan,
    LoanProject,
    Occasion,
    Visit,
)
from programs.models import (
    ActivityKind,
    Actual,
    Award,
    AwardForm,
    Indicator,
    PartnerAgreement,
    Stale,
)
from programs.targets.figures import figures_by_unit, figures_for
from programs.targets.models import mark_stale
from reports.measures import MEASURES, Share, measure_of
from reports.measures.counting import recount_calendar, recount_stale
from reports.rows.figure_rows import figure_rows, rows_under_figure
from tests.deeds import LONG_AGO, cells, hand_over, hold, in_need, is_poor, make_tet, pay, run_model, value
from tests.factories import (
    an_id,
    make_grant,
    make_household,
    make_person,
    make_plan,
    make_round,
    make_target,
    make_unit,
)  # fmt: skip
from welfare.celery import app
from welfare.models import Organization, UnitYear
from welfare.states import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_every_counted_indicator_has_its_measure():
    assert import_string(project.MEASURES) is MEASURES
    for indicator in Indicator.objects.filter(source="counted"):
        measure = measure_of(indicator)
        options = {option.name: option for option in measure.options}
        assert (indicator.code, indicator.roll_up) == (indicator.code, measure.roll_up)
        for name, chosen in indicator.options.items():
            assert (indicator.code, chosen in dict(options[name].choices())) == (indicator.code, True)
        assert [name for name, option in options.items() if option.is_required and not measure.value_of(option)] == []
        assert indicator.definition == measure.definition()
    assert not Indicator.objects.filter(source="reported").exclude(measure=None).exists()


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
    plan = make_plan(province, people["officer"], first_year=2026)
    target = make_target(plan, indicator="gifts", value=1, unit_of_measure="suất", season="Tết 2026")
    tet.occasion.name = "Tết Nguyên đán"
    tet.occasion.save()
    recount_stale()
    target.refresh_from_db()
    assert (target.season, figures_for([target], province)[target.pk].actual) == ("Tết Nguyên đán 2026", 1)
    assert set(ActivityKind.objects.exclude(season="").values_list("season", flat=True)) == {"Tết Nguyên đán"}
    assert value("gifts", district_a, *new) == 0
    assert value("gifts", district_a, date(2026, 1, 1), "Tết Nguyên đán 2026") == 1
    recount_calendar()
    counted = cells()
    call_command("recount_measures", verbosity=0)
    assert cells() == counted


def test_sums_of_seasons_that_were_never_kept_are_made_up_for(people, province, district_a):
    pay(people, make_tet(province), district_a, people_count=9, on=date(2025, 2, 10), cash=900_000)
    recount_stale()
    recount_calendar()
    counted = cells()
    Actual.objects.filter(season=f"{Actual.TREE}Tết 2025").delete()
    recount_calendar()
    assert cells() == counted


@pytest.mark.parametrize("name", ["Tết Nguyên đán cổ truyền của dân tộc", "*Tết"])
def test_a_season_has_a_name_that_figures_can_stand_under(name, db):
    with pytest.raises(ValidationError, match="Tên mùa viết gọn"):
        Occasion(code="tet_2", name=name, is_season=True).full_clean()
    with pytest.raises(ValidationError, match="Tên mùa viết gọn"):
        ActivityKind(code="tet_2", name="Chợ", season=name).full_clean()
    Occasion(code="tet_2", name=name).full_clean()


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
    rows = Actual.objects.filter(indicator__code="hardship_supported_share", month__year=2025, season="")
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
    recount_calendar()
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
    st.tuples(st.just("visit"), st.integers(0, 5), DAYS),
    st.tuples(st.just("take_back_visit"), st.integers(0, 3)),
    st.tuples(st.just("lend"), PLACES, DAYS, st.integers(1, 9)),
    st.tuples(st.just("review"), st.integers(0, 1), DAYS, st.booleans()),
    st.tuples(st.just("close_project"), st.integers(0, 1), DAYS),
    st.tuples(st.just("contribute"), st.integers(0, 1), st.integers(0, 50), st.integers(50, 90)),
    st.tuples(st.just("hold"), PLACES, DAYS, st.sampled_from(["tet_sum_vay", "workers_month"])),
    st.tuples(st.just("take_back_held"), st.integers(0, 3)),
    st.tuples(st.just("praise"), PLACES, DAYS),
    st.tuples(st.just("sign"), PLACES, DAYS),
    st.tuples(st.just("run_model"), PLACES, DAYS, DAYS, st.booleans()),
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
        self.visits, self.held = [], []
        self.projects = [
            LoanProject.objects.create(unit=unit, source="mutual", name="Vốn", amount=10**9, assigned_on=day, due_on=date(2029, 1, 1))
            for unit, day in ((province, LONG_AGO), (districts[0], date(2025, 4, 2)))
        ]  # fmt: skip
        fund, days = province.funds.get(), {"starts_on": date(2025, 3, 1), "ends_on": date(2025, 6, 1)}
        self.campaign = Campaign.objects.create(unit=province, fund=fund, name="Ủng hộ", year=2025, **days)
        UnitYear.objects.create(unit=districts[0], year=2025, members=120)

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

    def visit(self, person, on):
        person, by = self.persons[person], self.people["officer"]
        if not person.visits.filter(on=on).exists():
            self.visits.append(Visit.objects.create(person=person, unit=by.unit, by=by, on=on, visitors="Đ/c Thăm"))

    def take_back_visit(self, n):
        if n < len(self.visits):
            self.visits.pop(n).delete()

    def lend(self, place, on, amount):
        loan = Loan.objects.create(
            unit=self.units[place], person=make_person(self.units[place]), project=self.projects[0], purpose="x", amount=amount, term_months=1,
            proposed_by=self.people["officer"], proposed_on=LONG_AGO,
        )  # fmt: skip
        with suppress(Refused):
            loan.approve(self.people["leader"], on=on)

    def review(self, project, on, on_schedule):
        with suppress(Refused):
            self.projects[project].review(self.people["officer"], on_schedule=on_schedule, note="Rà soát", on=on)

    def close_project(self, project, on):
        with suppress(Refused):
            self.projects[project].close(self.people["officer"], on=on)

    def contribute(self, n, contributors, members):
        result = list(self.campaign.results.order_by("unit__path"))[n]
        result.contributors, result.members, result.amount = contributors, members, contributors * 1000
        result.save()

    def hold(self, place, on, kind):
        activity = hold(self.people, self.units[place], kind, on)
        self.held.append(activity)

    def take_back_held(self, n):
        if n < len(self.held):
            self.held.pop(n).take_back(self.people["officer"])

    def praise(self, place, on):
        Award.objects.create(
            unit=self.units[place], form=AwardForm.objects.first(), person_name="Trần Văn Giỏi", decision_number="1",
            awarded_on=on, created_by=self.people["officer"],
        )  # fmt: skip

    def sign(self, place, on):
        PartnerAgreement.objects.create(
            unit=self.units[place], partner=self.partner(), signed_on=on, starts_on=on, offer="Giảm giá", level=0,
            created_by=self.people["officer"],
        )  # fmt: skip

    def partner(self):
        return Organization.objects.get_or_create(name="Công ty Đối tác", kind="enterprise")[0]

    def run_model(self, place, one, other, ends):
        run_model(self.people, self.units[place], min(one, other), max(one, other) if ends else None)

    def count(self):
        recount_stale()


@pytest.fixture
def grassroots(district_a):
    return make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)


@pytest.fixture
def ledger(people, province, district_a, district_b, grassroots):
    ledger = Ledger(people, province, [district_a, district_b], grassroots)
    recount_calendar()
    return ledger


@pytest.fixture
def targets(province, leader):
    """One of every counted indicator, and some of one season."""
    plan = make_plan(province, leader, first_year=2025)
    counted = Indicator.objects.filter(source="counted").values_list("code", flat=True)
    of_tet = ("gifts", "support_money", "people_supported")
    return [
        *(make_target(plan, indicator=code, value=1, unit_of_measure="") for code in counted),
        *(make_target(plan, indicator=code, value=1, unit_of_measure="", season="Tết 2025") for code in of_tet),
    ]


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, max_size=14))
def test_counting_what_changed_equals_counting_all_and_rows_equal_figures(
    ledger, targets, leader, province, district_a, grassroots, acts
):
    with transaction.atomic():
        acting = deepcopy(ledger)
        for name, *values in acts:
            getattr(acting, name)(*values)
        recount_stale()
        incremental = cells()
        call_command("recount_measures")
        assert incremental == cells()
        for unit in (province, district_a, grassroots):
            check_rows(leader, unit, targets)
        transaction.set_rollback(True)


def check_rows(user, unit, targets):
    """Each figure of the tree below ``unit`` equals the rows it opens, and that of the sums kept for a quick page.

    So do the numbers told above those rows, and as many of them are listed.
    """
    figures = figures_for(targets, unit, until=date(2025, 8, 31))
    quick = figures_by_unit(targets, [unit], date(2025, 8, 31), kept_sums=True)
    assert {pk: quick[pk, unit.pk].actual for pk in figures} == {pk: figure.actual for pk, figure in figures.items()}
    for target in targets:
        figure, measure, code = figures[target.pk], measure_of(target.indicator), target.indicator.code
        if target.season:
            found = figure_rows(measure, user, unit, season=target.season)
            assert (code, found.figure) == (code, figure.actual)
            told = rows_under_figure(target.indicator, user, unit, season=target.season)
            assert (told.figure, told.count, len(walked(found.walk()))) == (found.figure, found.count, found.count)
            continue
        found = figure_rows(measure, user, unit, figure.counted_from, figure.counted_to)
        assert (code, found.figure) == (code, figure.actual)
        told = rows_under_figure(target.indicator, user, unit, figure.counted_from, figure.counted_to)
        of_rows = (code, told.figure, told.count, len(walked(found.walk())))
        assert of_rows == (code, found.figure, found.count, found.count)
        if isinstance(measure, Share):
            assert (code, told.parts, told.done) == (code, found.parts, found.done)
            assert len(walked(found.walk(only_missing=True))) == found.count - found.done


def walked(walk) -> list:
    """All rows by twos, which are the same backwards and in one."""
    (whole, *more), ahead, back = walk.stretch(99), [], []
    assert more[-2:] == [False, False]
    step = walk.stretch(2)
    while ahead.append(step.rows) or step.has_after:
        step = walk.stretch(2, after=step.last)
    step = walk.stretch(2, before="")
    while back.append(step.rows) or step.has_before:
        step = walk.stretch(2, before=step.first)
    assert [row for rows in ahead for row in rows] == whole == [row for rows in reversed(back) for row in rows]
    return whole
