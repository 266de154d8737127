"""What each measure of the ledger counts, the indicators a province adds itself, and the rows their figures open."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries.models import Campaign, House, HouseKind, Loan, LoanProject, Visit
from programs.models import Actual, Award, AwardForm, Indicator, PartnerAgreement, Stale
from programs.targets.figures import figures_for
from programs.targets.models import mark_stale
from reports.measures import measure_of
from reports.measures.counting import recount_calendar, recount_stale
from reports.rows.figure_rows import figure_rows
from tests.deeds import LONG_AGO, cells, hand_over, hold, in_need, pay, run_model, value
from tests.factories import make_person, make_plan, make_round, make_target, make_unit
from welfare.models import Organization, UnitYear
from welfare.units.models import today

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

ADD = "/chi-so/dem-tu-so/"
JANUARY, MAY = date(2025, 1, 1), date(2025, 5, 1)


def share(code, unit, until=date(2025, 12, 31), season="", **fields):
    """(numerator, denominator) of a target over 2025 at a unit."""
    plan = make_plan(unit, unit.users.first() or fields.pop("by"), first_year=2025)
    target = make_target(plan, indicator=code, value=100, unit_of_measure="%", season=season)
    figure = figures_for([target], unit, until=until)[target.pk]
    return figure.numerator, figure.denominator


def rows_of(code, user, unit, last=date(2025, 12, 31), season=""):
    measure = measure_of(Indicator.objects.get(code=code))
    if season:
        return figure_rows(measure, user, unit, season=season)
    return figure_rows(measure, user, unit, JANUARY, last)


def add_indicator(code, measure, **options) -> Indicator:
    known = measure_of(Indicator(measure=measure, options=options))
    unit = "%" if known.roll_up == "ratio" else "lượt"
    return Indicator.objects.create(
        code=code,
        name=code,
        source="counted",
        unit_of_measure=unit,
        roll_up=known.roll_up,
        measure=measure,
        options=options,
    )


# Houses and gifts ------------------------------------------------------------------------------


def test_houses_count_at_the_stage_and_of_the_kind_that_the_indicator_names(people, district_a, officer, leader):
    hand_over(people, district_a)
    duty = House.objects.create(
        unit=district_a, kind=HouseKind.objects.get(code="cong_vu"), construction="new", year=2025, cost=1,
        proposed_by=people[district_a], proposed_on=LONG_AGO,
    )  # fmt: skip
    duty.survey(officer, on=date(2025, 1, 20))
    add_indicator("colleague_houses", "houses", stage="handed_over", house_kind="nghia_tinh")
    recount_stale()
    codes = ("houses_surveyed", "duty_houses_surveyed", "houses_decided", "colleague_houses")
    assert [value(code, district_a, JANUARY) for code in codes] == [2, 1, 1, 0]
    assert list(rows_of("duty_houses_surveyed", leader, district_a).walk().stretch(9).rows) == [duty]


def test_gifts_count_by_the_unit_s_level_and_with_or_without_names(people, province, district_a):
    company = make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)
    round = make_round(province, code="DX", name="Đột xuất", year=2025, occasion="sudden")
    pay(people, round, district_a, make_person(district_a))
    pay(people, round, district_a, people_count=30, cash=3_000_000)
    pay(people, round, company, people_count=500, cash=5_000_000)
    add_indicator("named_gifts", "gifts", named="named")
    add_indicator("tet_gifts", "gifts", occasion="tet")
    recount_stale()
    codes = ("gifts", "gifts_upper", "gifts_grassroots", "gifts_bulk", "named_gifts", "tet_gifts")
    of_a, of_company = ([value(code, unit, date(2025, 2, 1)) for code in codes] for unit in (district_a, company))
    assert (of_a, of_company) == ([31, 31, 0, 30, 1, 0], [500, 0, 500, 500, 0, 0])


# People ----------------------------------------------------------------------------------------


def visit(people, person, on):
    by = people["officer"]
    return Visit.objects.create(person=person, unit=by.unit, by=by, on=on, visitors="Đ/c Thăm")


def test_people_in_need_are_reached_by_a_visit_or_by_support_once(people, province, district_a, leader):
    names = ("Được thăm", "Được chi", "Cả hai", "Còn chờ", "Thăm năm trước")
    seen, paid, both, waiting, before = (make_person(district_a, name) for name in names)
    round = make_round(province, code="DX", name="Đột xuất", year=2025, occasion="sudden")
    for person in (seen, paid, both, waiting, before):
        in_need(person, known_on=date(2025, 3, 15))
    first = visit(people, seen, date(2025, 1, 9))
    visit(people, both, date(2025, 7, 1))
    visit(people, before, date(2024, 12, 31))
    pay(people, round, district_a, paid, on=date(2025, 5, 5))
    pay(people, round, district_a, both, on=date(2025, 6, 6))
    recount_stale()
    found = {
        row.month.month: (row.numerator, row.denominator)
        for row in Actual.objects.filter(indicator__code="hardship_supported_share", month__year=2025, season="")
    }
    assert found == {3: (1, 5), 5: (1, 0), 6: (1, 0)}
    rows = rows_of("hardship_supported_share", leader, province)
    assert {row.person.full_name: row.done_on for row in rows.walk().stretch(9).rows} == {
        "Được thăm": date(2025, 1, 9), "Được chi": date(2025, 5, 5), "Cả hai": date(2025, 6, 6), "Còn chờ": None,
        "Thăm năm trước": None,
    }  # fmt: skip
    assert (rows.parts, rows_of("hardship_supported_share", leader, province, date(2025, 5, 31)).parts) == (
        (3, 5),
        (2, 5),
    )
    first.delete()
    recount_stale()
    assert share("hardship_supported_share", province) == (2, 5)


def test_visits_and_those_visited(people, province, district_a):
    person = make_person(district_a)
    for day in (date(2025, 5, 2), date(2025, 5, 9), date(2025, 6, 1)):
        visit(people, person, day)
    recount_stale()
    assert [value("visits", district_a, month) for month in (MAY, date(2025, 6, 1))] == [2, 1]
    assert [value("people_visited", province, month) for month in (MAY, date(2025, 12, 1))] == [1, 1]
    assert value("visits", province, MAY) == 0, "the visit counts where the person is, not with who went"


# Loans -----------------------------------------------------------------------------------------


def test_loans_count_on_the_day_of_approval(people, district_a, officer, leader):
    for amount in (20_000_000, 30_000_000):
        loan = Loan.objects.create(
            unit=district_a, person=make_person(district_a), purpose="x", amount=amount, term_months=12, proposed_by=officer,
            proposed_on=LONG_AGO,
        )  # fmt: skip
        loan.approve(leader, on=date(2025, 5, 9))
    Loan.objects.create(
        unit=district_a, person=make_person(district_a), purpose="x", amount=1, term_months=12, proposed_by=officer
    )
    recount_stale()
    assert value("loans_approved", district_a, MAY) == 2
    assert value("loan_money_approved", district_a, MAY) == 50_000_000


def project(unit, assigned_on=LONG_AGO, source="national"):
    return LoanProject.objects.create(
        unit=unit, source=source, name="Dự án", amount=1, assigned_on=assigned_on, due_on=date(2030, 1, 1)
    )


def test_projects_keep_their_schedule_by_the_latest_review_of_the_year(people, province, district_a, officer, leader):
    kept, mended, delayed, unseen, new = (project(district_a) for _ in range(5))
    LoanProject.objects.filter(pk=new.pk).update(assigned_on=date(2025, 9, 1))
    closed = project(district_a)
    closed.close(officer, on=date(2024, 12, 30))
    kept.review(officer, on_schedule=True, on=date(2025, 2, 1))
    mended.review(officer, on_schedule=False, note="Chậm", on=date(2025, 3, 1))
    mended.review(officer, on_schedule=True, on=date(2025, 6, 1))
    delayed.review(officer, on_schedule=True, on=date(2025, 2, 1))
    delayed.review(officer, on_schedule=False, note="Chậm", on=date(2025, 8, 1))
    recount_stale()
    code = "loan_projects_on_track"
    by_month = [share(code, province, date(2025, month, 28)) for month in (1, 2, 6, 9)]
    assert by_month == [(0, 4), (1, 4), (2, 4), (2, 5)]
    rows = rows_of(code, leader, province)
    assert ({row.pk for row in rows.walk(only_missing=True).stretch(9).rows}, rows.parts) == (
        {delayed.pk, unseen.pk, new.pk},
        (2, 5),
    )


# Units that held an activity -------------------------------------------------------------------


def test_units_of_the_level_that_held_it_against_units_bound(people, province, district_a, district_b, leader):
    make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)
    make_unit("C", "Đóng năm trước", parent=province, valid_to=date(2024, 12, 31))
    closing = make_unit("D", "Đóng giữa năm", parent=province, valid_to=date(2025, 6, 30))
    make_unit("E", "Mở giữa năm", parent=province, valid_from=date(2025, 7, 1))
    hold(people, district_a, "workers_month", date(2025, 5, 2))
    hold(people, district_a, "workers_month", date(2025, 5, 20))
    hold(people, closing, "workers_month", date(2025, 5, 4))
    hold(people, province, "workers_month", date(2025, 5, 1))
    recount_stale()
    recount_calendar()
    assert share("units_workers_month", province, date(2025, 4, 30)) == (0, 3)
    assert share("units_workers_month", province) == (2, 4)
    assert share("units_workers_month", district_a) == (1, 1)
    assert share("grassroots_workers_month", province) == (0, 1)
    missing = rows_of("units_workers_month", leader, province).walk(only_missing=True).stretch(9).rows
    assert {unit.code for unit in missing} == {"B", "E"}


def test_a_tet_held_before_new_year_counts_in_its_own_year_and_season(people, province, district_a, district_b, leader):
    make_unit("E", "Mở sau Tết", parent=province, valid_from=date(2025, 7, 1))
    hold(people, district_a, "tet_sum_vay", date(2024, 12, 28))
    hold(people, district_b, "tet_sum_vay", date(2024, 1, 28))
    recount_stale()
    recount_calendar()
    assert share("units_tet_sum_vay", province) == (1, 3)
    assert share("units_tet_sum_vay", province, season="Tết 2025") == (1, 2)
    rows = rows_of("units_tet_sum_vay", leader, province, season="Tết 2025")
    assert (rows.parts, [unit.code for unit in rows.walk(only_missing=True).stretch(9).rows]) == ((1, 2), ["B"])
    assert [rows_of("units_tet_sum_vay", leader, province, season=name).count for name in ("Hè 2025", "Tết 1990")] == [
        0,
        0,
    ]


def test_what_was_taken_back_or_moved_to_another_season_leaves_nothing(people, province, district_a):
    activity = hold(people, district_a, "tet_sum_vay", date(2025, 1, 20))
    recount_stale()
    assert share("units_tet_sum_vay", district_a, season="Tết 2025", by=people["officer"]) == (1, 1)
    activity.season_year = 2026
    activity.save()
    recount_stale()
    seasons = [share("units_tet_sum_vay", district_a, season=f"Tết {year}") for year in (2025, 2026)]
    assert seasons == [(0, 1), (1, 1)]
    activity.take_back(people["officer"])
    recount_stale()
    assert share("units_tet_sum_vay", district_a, season="Tết 2026") == (0, 1)


def test_the_calendar_is_counted_without_a_mark(people, province, district_a, district_b):
    recount_calendar()
    assert share("units_workers_month", province) == (0, 2)
    district_b.valid_to = date(2024, 6, 30)
    district_b.save()
    UnitYear.objects.create(unit=district_a, year=2025, members=70)
    recount_stale()
    assert share("units_workers_month", province) == (0, 2)
    recount_calendar()
    assert share("units_workers_month", province) == (0, 1)
    before = cells()
    call_command("recount_measures")
    assert cells() == before


# Agreements, awards, models --------------------------------------------------------------------


def test_agreements_signed_anew_and_awards_standing(people, province, officer):
    partner = Organization.objects.create(name="Công ty", kind="enterprise")
    signed = PartnerAgreement.objects.create(
        unit=province, partner=partner, signed_on=date(2025, 5, 1), starts_on=date(2025, 5, 1), ends_on=date(2025, 5, 20),
        offer="Giảm giá", level=0, created_by=officer,
    )  # fmt: skip
    signed.renew(officer, starts_on=date(2025, 5, 21), signed_on=date(2025, 5, 21))
    add_indicator("all_agreements", "agreements")
    given = {
        "unit": province,
        "form": AwardForm.objects.get(code="certificate"),
        "decision_number": "1",
        "created_by": officer,
    }
    for name in ("Trần Văn Giỏi", "Lê Thị Thu Hồi"):
        award = Award.objects.create(person_name=name, awarded_on=date(2025, 5, 1), **given)
    award.withdraw(officer, reason="Sai tên")
    recount_stale()
    assert [value(code, province, MAY) for code in ("partner_agreements", "all_agreements", "awards")] == [1, 2, 1]


def test_models_running_are_a_stock_at_the_end_of_the_month(people, province, district_a, district_b, leader):
    run_model(people, district_a, date(2025, 1, 10), date(2025, 5, 31))
    run_model(people, district_a, date(2025, 5, 2))
    run_model(people, district_b, date(2024, 3, 1), kind="union_shop")
    recount_stale()
    plan = make_plan(province, leader, first_year=2025)
    target = make_target(plan, indicator="models_running", value=3, unit_of_measure="mô hình")
    by_month = [figures_for([target], province, date(2025, month, 28))[target.pk].actual for month in (1, 4, 5, 12)]
    assert by_month == [2, 2, 2, 2]
    assert value("models_running", district_a, MAY) == 1
    assert rows_of("models_running", leader, province, date(2025, 4, 30)).count == 2
    assert rows_of("models_running", leader, district_a).count == 1


def test_units_that_registered_a_model_count_once_a_year(people, province, district_a, district_b):
    for unit in (district_a, district_a, district_b):
        run_model(people, unit, date(2025, 2, 1))
    run_model(people, district_b, date(2025, 2, 1), kind="union_shop")
    recount_stale()
    assert value("mutual_fund_units", province, date(2025, 12, 1)) == 2
    assert value("mutual_fund_units", district_a, date(2025, 2, 1)) == 1


# Drives for a fund -----------------------------------------------------------------------------


def test_contributing_members_against_members_of_units_that_say_nothing_too(
    people, province, district_a, district_b, leader
):
    UnitYear.objects.create(unit=district_a, year=2025, members=100)
    UnitYear.objects.create(unit=district_b, year=2025, members=300)
    campaign = Campaign.objects.create(
        unit=province, fund=province.funds.get(), name="Ủng hộ", year=2025, starts_on=MAY, ends_on=date(2025, 7, 1)
    )
    row = campaign.results.get(unit=district_a)
    row.contributors, row.members, row.amount = 90, 120, 4_500_000
    row.save()
    recount_stale()
    assert share("contributing_members_share", province) == (90, 420)
    assert value("contributed_money", district_a, MAY) == 4_500_000
    rows = rows_of("contributing_members_share", leader, province)
    assert (rows.parts, [row.unit for row in rows.walk(only_missing=True).stretch(9).rows]) == ((90, 420), [district_b])


def test_a_unit_s_own_drive_is_not_added_to_the_province_s(people, province, district_a):
    make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)
    campaign = Campaign.objects.create(
        unit=district_a, fund=province.funds.get(), name="Của huyện", year=2025, starts_on=MAY, ends_on=MAY
    )
    campaign.results.update(contributors=5, members=5)
    recount_stale()
    assert share("contributing_members_share", province) == (0, 0)


# Indicators a province adds itself -------------------------------------------------------------


def form_data(**changes) -> dict:
    data = {"measure": "houses", "name": "Nhà công vụ khảo sát", "unit_of_measure": "nhà", "definition": ""}
    return data | {"option_stage": "surveyed", "option_house_kind": "cong_vu"} | changes


def test_a_province_adds_an_indicator_that_is_counted_at_once(people, district_a, officer, client_of):
    hand_over(people, district_a)
    House.objects.update(kind=HouseKind.objects.get(code="cong_vu"))
    recount_stale()
    saved = client_of(officer).post(ADD, form_data(option_activity="workers_month"))
    added = Indicator.objects.get(name="Nhà công vụ khảo sát")
    assert saved["Location"] == reverse("admin:programs_indicator_change", args=[added.pk])
    assert (added.source, added.roll_up, added.options) == (
        "counted",
        "sum",
        {"stage": "surveyed", "house_kind": "cong_vu"},
    )
    assert added.definition == (
        "Số nhà có ngày của giai đoạn được chọn nằm trong kỳ. Chỉ đếm: giai đoạn: đã khảo sát; loại nhà: Nhà ở công vụ."
    )
    recount_stale()
    assert value(added.code, district_a, JANUARY) == 1
    page = reverse("programs:indicator_count", args=[added.pk])
    assert client_of(officer).get(page).context["form"]["definition"].value() == ""
    client_of(officer).post(page, form_data(option_house_kind="mai_am"))
    recount_stale()
    assert value(added.code, district_a, JANUARY) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measure": ""}, "Không được để trống ô này."),
        ({"measure": "units_held", "option_activity": "tet_sum_vay"}, "Phải chọn cấp đơn vị."),
        ({"option_house_kind": "lau_dai"}, "lau_dai"),
        ({"unit_of_measure": "%"}, "Hãy ghi đơn vị tính, ví dụ nhà, suất, người."),
        ({"name": ""}, "Không được để trống ô này."),
    ],
)
def test_a_wrong_choice_is_a_sentence(province, officer, client_of, changes, words):
    before = Indicator.objects.count()
    page = client_of(officer).post(ADD, form_data(**changes))
    assert (page.status_code, words in page.content.decode(), Indicator.objects.count()) == (200, True, before)


def test_a_ratio_is_always_in_percent(province, officer, client_of):
    given = {"measure": "units_held", "option_activity": "union_meal", "option_level": "3", "unit_of_measure": ""}
    client_of(officer).post(ADD, form_data(**given, name="CĐCS có bữa cơm"))
    added = Indicator.objects.get(name="CĐCS có bữa cơm")
    assert (added.unit_of_measure, added.roll_up, added.is_ratio) == ("%", "ratio", True)


def test_declared_indicators_go_on_counting_what_they_count(province, officer, leader, client_of):
    declared = Indicator.objects.get(code="houses_handed_over")
    page = reverse("programs:indicator_count", args=[declared.pk])
    assert client_of(officer).post(page, form_data()).status_code == 403
    assert client_of(leader).get(ADD).status_code == 403
    own = add_indicator("rieng_0a1b2c", "gifts")
    shown = client_of(officer).get(reverse("admin:programs_indicator_change", args=[own.pk])).content.decode()
    assert reverse("programs:indicator_count", args=[own.pk]) in shown
    assert (
        "indicator_count"
        not in client_of(officer).get(reverse("admin:programs_indicator_change", args=[declared.pk])).content.decode()
    )


def test_counted_and_reported_are_told_apart_by_the_database(province):
    for fields in ({"source": "counted"}, {"source": "reported", "measure": "gifts"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Indicator.objects.create(code="x", name="x", unit_of_measure="x", roll_up="sum", **fields)


def test_an_indicator_s_mark_counts_it_alone(people, district_a):
    hand_over(people, district_a)
    recount_stale()
    Actual.objects.filter(indicator__code="houses_new").update(value=99)
    own = add_indicator("rieng_0a1b2c", "houses", stage="handed_over")
    assert Stale.objects.get().source == f"indicator:{own.pk}"
    recount_stale()
    assert (value("rieng_0a1b2c", district_a, MAY), value("houses_new", district_a, MAY)) == (1, 99)


def test_existing_rows_learn_what_they_count(province, district_a):
    """As a database of the version before stands when it is migrated."""
    code = "units_tet_sum_vay"
    turned = Indicator.objects.filter(code=code)
    with connection.constraint_checks_disabled():
        turned.update(source="reported", measure=None, options={}, roll_up="ratio")
    Actual.objects.create(indicator=turned.get(), unit=district_a, month=MAY, numerator=1, denominator=1)
    migration = import_module("programs.migrations.0006_counted_indicators")
    migration.say_what_is_counted(apps, None)
    assert (turned.get().source, turned.get().measure) == ("counted", "units_held")
    assert not Actual.objects.exists()
    recount_calendar()
    assert share(code, district_a, by=district_a.users.create(username="x", full_name="x")) == (0, 1)


# Pages of rows ---------------------------------------------------------------------------------


@pytest.fixture
def everything(people, province, district_a, district_b, officer, leader):
    """One row at least behind every counted indicator, at district B."""
    person = make_person(district_b, "Lê Văn Bình")
    in_need(person)
    visit(people, person, date(2025, 3, 20))
    pay(people, make_round(province, code="DX", name="DX", year=2025, occasion="sudden"), district_b, person)
    hand_over(people, district_b)
    loan = Loan.objects.create(
        unit=district_b, person=person, project=project(district_b), purpose="x", amount=1, term_months=1,
        proposed_by=officer, proposed_on=LONG_AGO,
    )  # fmt: skip
    loan.approve(leader, on=date(2025, 3, 1))
    hold(people, district_b, "workers_month", date(2025, 5, 1))
    run_model(people, district_b, date(2025, 5, 1))
    partner = Organization.objects.create(name="Công ty", kind="enterprise")
    given = {"unit": district_b, "created_by": officer}
    day = date(2025, 5, 1)
    PartnerAgreement.objects.create(partner=partner, signed_on=day, starts_on=day, offer="x", level=0, **given)
    Award.objects.create(form=AwardForm.objects.first(), person_name="A", decision_number="1", awarded_on=day, **given)
    Campaign.objects.create(unit=province, fund=province.funds.get(), name="x", year=2025, starts_on=day, ends_on=day)
    recount_stale()
    recount_calendar()


def test_every_counted_indicator_opens_its_rows_scoped(everything, leader, unit_officer_a, client_of):
    whole, of_a = client_of(leader), client_of(unit_officer_a)
    for indicator in Indicator.objects.filter(source="counted"):
        page = f"/so-lieu/{indicator.pk}/?from=2025-01&to=2025-12"
        for extra in ("", "&con-thieu=1"):
            shown = whole.get(page + extra)
            assert (indicator.code, shown.status_code) == (indicator.code, 200)
        own = of_a.get(page).content.decode()
        names = [name in own for name in ("Lê Văn Bình", "huyện Bình")]
        assert (indicator.code, names) == (indicator.code, [False, False])


@pytest.mark.parametrize(
    "code", ["units_workers_month", "loan_projects_on_track", "visits", "awards", "models_running"]
)
def test_a_page_of_rows_takes_as_many_queries_for_three_as_for_one(
    code, everything, people, province, district_b, leader, client_of
):
    client, counts = client_of(leader), []
    page = f"/so-lieu/{Indicator.objects.get(code=code).pk}/?from=2025-01&to=2025-12"
    for n in range(2):
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        counts.append(len(queries))
        for serial in range(2):
            make_unit(f"{code[:9]}{n}{serial}", "Thêm", parent=province)
            project(district_b)
            visit(people, make_person(district_b), date(2025, 6, 1) + timedelta(days=serial))
            run_model(people, district_b, date(2025, 6, 1))
            Award.objects.create(
                unit=district_b, form=AwardForm.objects.first(), person_name="A", decision_number="1",
                awarded_on=date(2025, 6, 1), created_by=people["officer"],
            )  # fmt: skip
    assert counts[0] == counts[1]


def test_next_year_s_units_are_bound_already(province, district_a):
    recount_calendar()
    years = Actual.objects.filter(indicator__code="units_workers_month").values_list("month__year", flat=True)
    assert set(years) == set(range(2018, today().year + 2))


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("source", ["loans", "campaigns", "activities", "visits", "people"])
def test_a_mark_in_a_year_out_of_reach_stops_no_count(source, day, province, district_a):
    mark_stale(source, district_a.pk, day)
    assert (recount_stale(), recount_stale()) == (1, 0)
