"""Reports of units: who owes them and when, how they are written, sent, returned, accepted."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from programs.models import Actual, Extension, Indicator, Plan, ReportFigure, ReportingPeriod, UnitReport
from programs.reporting.contents import ask, current_figures, differences, last_figures
from programs.reporting.opening import open_due_periods
from tests.factories import fresh, make_plan, make_report, make_rule, make_target, make_unit, make_user
from welfare.models import Department, Organization
from welfare.states import Refused

YEAR = {"first": date(2026, 1, 1), "last": date(2026, 11, 14)}


@pytest.fixture(autouse=True)
def at(time_machine):
    """Accounts are made while the period runs; at("2026-12-20") moves on, or back to before it opened."""
    time_machine.move_to("2026-09-01 09:00:00+07:00")
    return lambda day: time_machine.move_to(f"{day} 09:00:00+07:00")


@pytest.fixture
def plan(province, officer):
    plan = make_plan(province, officer, state=Plan.State.IN_FORCE, number="12", issued_on=date(2026, 1, 5))
    make_target(plan)
    make_target(plan, indicator="collective_agreements", value=5, unit_of_measure="bản", text="Ký mới 05 bản")
    make_target(plan, indicator="members_informed_share", value=90, unit_of_measure="%", text="Trên 90% đoàn viên")
    return plan


@pytest.fixture
def rule(plan):
    return make_rule(plan)


@pytest.fixture
def report(rule, district_a, at):
    at("2026-11-01")
    report = make_report(rule, district_a, **YEAR, opens=date(2026, 10, 15))
    ask(report.period, [report.pk])
    return report


def state(report, code, *parts, note=""):
    """Write a figure as the unit's officer would: a value, or a numerator and a denominator."""
    names = ("value",) if len(parts) == 1 else ("numerator", "denominator")
    figure = report.figures.get(indicator__code=code)
    for name, part in zip(names, parts, strict=True):
        setattr(figure, name, Decimal(part))
    figure.is_typed, figure.note = True, note
    figure.full_clean()
    figure.save()


def write_all(report):
    state(report, "collective_agreements", 3)
    state(report, "members_informed_share", 80, 100)
    UnitReport.objects.filter(pk=report.pk).update(results="Đã thăm hỏi mọi đoàn viên ốm đau.")
    report.refresh_from_db()


# --- opening ----------------------------------------------------------------------------------------


def test_a_yearly_period_opens_thirty_days_before_its_deadline(rule, district_a, district_b):
    assert open_due_periods(date(2026, 10, 14)) == 0
    assert open_due_periods(date(2026, 10, 15)) == 2
    period = ReportingPeriod.objects.get()
    assert (period.name, period.first_day, period.last_day, period.due_on, period.locks_on) == (
        "Năm 2026", date(2026, 1, 1), date(2026, 11, 14), date(2026, 11, 14), date(2026, 12, 14)
    )  # fmt: skip


def test_opening_again_adds_nothing(rule, district_a):
    counts = [open_due_periods(date(2026, 10, 20)) for _ in range(3)]
    assert (counts, UnitReport.objects.count()) == ([1, 0, 0], 1)


def test_a_report_asks_for_the_indicators_of_the_plan_and_of_the_rule(rule, district_a):
    rule.indicators.add(Indicator.objects.get(code="officers_trained_share"))
    open_due_periods(date(2026, 10, 20))
    asked = UnitReport.objects.get().figures.values_list("indicator__code", flat=True)
    assert list(asked) == [
        "houses_handed_over", "collective_agreements", "members_informed_share", "officers_trained_share"
    ]  # fmt: skip


def test_a_unit_that_closes_or_begins_in_between_owes_for_its_own_days(rule, province):
    make_unit("DONG", "Đóng trước", parent=province, valid_to=date(2026, 10, 1))
    make_unit("GIUA", "Đóng giữa chừng", parent=province, valid_to=date(2026, 11, 1))
    make_unit("MOI", "Mới lập", parent=province, valid_from=date(2026, 11, 2))
    make_unit("SAU", "Lập sau hạn", parent=province, valid_from=date(2026, 11, 20))
    open_due_periods(date(2026, 10, 20))
    owed = UnitReport.objects.order_by("unit__code").values_list("unit__code", "first_day", "last_day")
    assert list(owed) == [
        ("GIUA", date(2026, 1, 1), date(2026, 11, 1)),
        ("MOI", date(2026, 11, 2), date(2026, 11, 14)),
    ]


def test_the_successor_writes_the_report_of_a_unit_that_closed(rule, province, district_a, at):
    at("2026-11-05")
    closed = make_unit("CU", "Đơn vị cũ", parent=province, valid_to=date(2026, 11, 1))
    closed.successors.add(district_a)
    report = make_report(rule, closed, **YEAR)
    heir, stranger = make_user("kethua", "unit_officer", district_a), make_user("la", "unit_officer", province)
    assert [report.may_be_written_by(user) for user in (heir, stranger)] == [True, False]


@pytest.mark.parametrize(
    ("frequency", "on", "names"),
    [
        ("month", date(2026, 4, 2), ["Tháng 3/2026"]),
        ("quarter", date(2026, 7, 1), ["Quý II/2026"]),
        ("half", date(2026, 7, 1), ["6 tháng đầu năm 2026"]),
    ],
)
def test_periods_within_the_year_are_named_and_dated(plan, district_a, frequency, on, names):
    make_rule(plan, frequency=frequency, due=(None, None), due_after_days=5, opens_days=4, grace_days=3)
    open_due_periods(on)
    assert list(ReportingPeriod.objects.values_list("name", flat=True)) == names


def test_a_plan_not_issued_or_closed_opens_no_period(rule, plan, district_a):
    for state_ in (Plan.State.DRAFT, Plan.State.CLOSED):
        Plan.objects.update(state=state_)
        assert open_due_periods(date(2026, 10, 20)) == 0


def test_departments_and_the_province_owe_too(plan, province):
    department = Department.objects.create(unit=province, code="TC", name="Ban Tài chính")
    on_request = make_rule(plan, level=None)
    on_request.departments.add(department)
    make_rule(plan, level=1, to_organization=Organization.objects.create(name="Cấp trên", kind="union"))
    open_due_periods(date(2026, 10, 20))
    owed = UnitReport.objects.order_by("pk").values_list("unit__code", "department__code", "receiver__code")
    assert sorted(owed, key=str) == sorted([("LDT", "TC", "LDT"), ("LDT", None, None)], key=str)


def test_a_yearly_rule_needs_a_real_day(plan):
    rule = make_rule(plan)
    rule.due_day, rule.due_month = 31, 2
    with pytest.raises(ValidationError, match="ngày có thật"):
        rule.full_clean()


# --- writing ----------------------------------------------------------------------------------------


def test_counted_figures_follow_the_ledger_until_the_report_is_sent(report, district_a):
    houses = Indicator.objects.get(code="houses_handed_over")
    Actual.objects.create(indicator=houses, unit=district_a, month=date(2026, 3, 1), value=4)
    Actual.objects.create(indicator=houses, unit=district_a, month=date(2025, 3, 1), value=9)
    assert current_figures(report)[0].value == 4
    state(report, "houses_handed_over", 5, note="Một nhà chưa nhập sổ")
    line = current_figures(report)[0]
    assert (line.value, line.known_value, line.difference, line.note) == (5, 4, 1, "Một nhà chưa nhập sổ")


def test_reported_figures_start_from_the_accepted_reports_below(rule, report, district_a, officer):
    grassroots = make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)
    below = make_report(make_rule(rule.plan, level=3), grassroots, first=YEAR["first"], last=date(2026, 11, 5))
    ask(below.period, [below.pk])
    state(below, "members_informed_share", 30, 40)
    assert current_figures(report)[2].denominator is None
    UnitReport.objects.filter(pk=below.pk).update(
        state="accepted",
        submitted_by=officer,
        submitted_on=date(2026, 11, 5),
        decided_by=make_user("duyet", "leader", rule.plan.unit),
    )
    line = current_figures(report)[2]
    assert (line.numerator, line.denominator, line.value) == (30, 40, 75)


def test_a_rate_needs_both_its_parts(report):
    figure = report.figures.get(indicator__code="members_informed_share")
    for parts in ({"numerator": 3}, {"numerator": 5, "denominator": 4}, {"numerator": -1, "denominator": 4}):
        figure.numerator = figure.denominator = None
        for name, value in parts.items():
            setattr(figure, name, Decimal(value))
        with pytest.raises(ValidationError):
            figure.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFigure.objects.filter(pk=figure.pk).update(numerator=1, denominator=None)


def test_the_second_of_two_officers_is_told_and_overwrites_nothing(report, unit_officer_a):
    seen = report.revision
    with report.writing(unit_officer_a, revision=seen) as row:
        row.results = "Bản của người thứ nhất"
    with (
        pytest.raises(Refused, match="Người khác vừa sửa"),
        UnitReport.objects.get(pk=report.pk).writing(unit_officer_a, revision=seen) as row,
    ):
        row.results = "Bản của người thứ hai"
    assert UnitReport.objects.get().results == "Bản của người thứ nhất"


@pytest.mark.parametrize(
    ("day", "words"), [("2026-10-01", "mở từ ngày 15/10/2026"), ("2026-12-20", "đã khóa sau ngày 14/12/2026")]
)
def test_a_report_out_of_its_period_says_why_it_is_locked(unit_officer_a, report, at, day, words):
    at(day)
    with pytest.raises(Refused, match=words), fresh_report(report).writing(fresh(unit_officer_a)):
        pass


def fresh_report(report):
    return UnitReport.objects.get(pk=report.pk)


def test_only_the_unit_itself_writes(report, unit_officer_b, inspector):
    for stranger in (unit_officer_b, inspector):
        with pytest.raises(Refused, match="Chỉ đơn vị có tên"), report.writing(stranger):
            pass


# --- sending and judging ----------------------------------------------------------------------------


def test_an_unfinished_report_is_not_sent_and_says_what_is_missing(report, unit_officer_a):
    with pytest.raises(Refused, match="Thỏa ước lao động tập thể.*Kết quả nổi bật"):
        report.submit(unit_officer_a)
    assert (fresh_report(report).state, report.versions.count()) == ("draft", 0)


def test_sent_returned_with_comments_mended_and_accepted(report, unit_officer_a, officer):
    write_all(report)
    report.submit(unit_officer_a)
    report.send_back(officer, reason="Xem lại số liệu", comments={"figure-collective_agreements": "Thiếu một bản"})
    state(report, "collective_agreements", 4)
    report.submit(unit_officer_a)
    report.accept(officer)
    first, second = report.versions.all()
    assert [(d.place, d.before, d.after) for d in differences(first.content, second.content)] == [
        ("figure-collective_agreements", "3 bản", "4 bản")
    ]
    assert [comment.text for comment in first.comments.all()] == ["Thiếu một bản"]
    assert (report.state, report.decided_by) == ("accepted", officer)


def test_sending_twice_is_refused(report, unit_officer_a):
    write_all(report)
    report.submit(unit_officer_a)
    with pytest.raises(Refused, match="đã gửi, đang chờ duyệt"):
        report.submit(unit_officer_a)
    assert report.versions.count() == 1


def test_nobody_accepts_their_own_report(report, officer, other_officer):
    write_all(report)
    report.submit(officer)
    with pytest.raises(Refused, match="không tự duyệt"):
        report.accept(officer)
    assert fresh_report(report).state == "submitted"
    report.accept(other_officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitReport.objects.update(decided_by=officer)


def test_only_the_receiver_judges(report, unit_officer_a, unit_officer_b, inspector):
    write_all(report)
    report.submit(unit_officer_a)
    for stranger in (unit_officer_a, unit_officer_b, inspector):
        with pytest.raises(Refused, match="nơi nhận"):
            report.accept(stranger)
        with pytest.raises(Refused, match="nơi nhận"):
            report.send_back(stranger, reason="Không")
    assert fresh_report(report).state == "submitted"


def test_late_is_late_by_its_own_deadline(report, unit_officer_a, officer, at):
    at("2026-11-20")
    assert (fresh_report(report).is_late, report.days_late()) == (True, 6)
    report.extend(fresh(officer), until=date(2026, 11, 25), reason="Bão lũ")
    assert (report.is_late, report.due_on) == (False, date(2026, 11, 25))
    assert Extension.objects.values_list("before", "until", "reason").get() == (
        date(2026, 11, 14), date(2026, 11, 25), "Bão lũ"
    )  # fmt: skip
    with pytest.raises(Refused, match="phải sau hạn"):
        report.extend(fresh(officer), until=date(2026, 11, 25), reason="Nữa")


def test_an_extension_opens_a_locked_report_again(report, officer, unit_officer_a, at):
    at("2026-12-20")
    report.extend(fresh(officer), until=date(2026, 12, 31), reason="Chia tách đơn vị")
    assert report.lock_reason() == ""


def test_last_periods_figures_stand_beside(rule, report, district_a, officer, unit_officer_a):
    before = make_report(rule, district_a, first=date(2025, 1, 1), last=date(2025, 11, 14))
    ask(before.period, [before.pk])
    state(before, "collective_agreements", 2)
    assert last_figures(report) == {}
    UnitReport.objects.filter(pk=before.pk).update(
        state="submitted", submitted_by=unit_officer_a, submitted_on=date(2025, 11, 1)
    )
    assert last_figures(report)[Indicator.objects.get(code="collective_agreements").pk].value == 2


def test_a_withdrawn_report_can_be_written_again(report, unit_officer_a):
    write_all(report)
    report.submit(unit_officer_a)
    report.withdraw(unit_officer_a)
    assert (report.state, report.lock_reason(), report.first_submitted_on) == ("draft", "", None)
