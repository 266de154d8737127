"""Targets of several years: their yearly milestones, how they are typed, and the status that follows them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from programs.models import Actual, Indicator, Target, TargetMilestone
from programs.plans.models import Plan
from programs.targets.figures import Status, figures_for
from programs.targets.forms import TargetForm
from programs.targets.milestones import expected_part, milestones_text, read_milestones
from tests.factories import make_plan, make_target

END = date(2030, 12, 31)


@pytest.fixture
def plan(province, officer):
    return make_plan(province, officer, first_year=2026, last_year=2030)


def with_milestones(target, **values):
    for year, value in values.items():
        TargetMilestone.objects.create(target=target, year=int(year.removeprefix("y")), value=value)
    return target


def status_of(target, unit, done, until):
    Actual.objects.create(indicator=target.indicator, unit=unit, month=date(2026, 1, 1), value=done)
    return figures_for([target], unit, until)[target.pk].status


# Typing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", {}),
        ("2026: 3; 2027: 6", {2026: 3, 2027: 6}),
        (" năm 2026: 1.200,5 ;\n2027=90% ", {2026: Decimal("1200.5"), 2027: 90}),
    ],
)
def test_milestones_are_one_line(text, read):
    assert read_milestones(text) == read


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026", "“2026” chưa phải mốc của một năm; hãy ghi như 2026: 3; 2027: 6."),
        ("2026: ba", "“2026: ba” chưa phải mốc của một năm; hãy ghi như 2026: 3; 2027: 6."),
        ("2026: 1,2,3", "“2026: 1,2,3” chưa phải mốc của một năm; hãy ghi như 2026: 3; 2027: 6."),
        ("2026: 3; 2026: 4", "Năm 2026 có hai mốc; mỗi năm chỉ ghi một mốc."),
    ],
)
def test_what_is_no_milestone_is_said(text, sentence):
    with pytest.raises(ValueError, match="^") as error:
        read_milestones(text)
    assert str(error.value) == sentence


@given(st.dictionaries(st.integers(2000, 2099), st.decimals(0, 10**9, places=2), max_size=6))
def test_milestones_are_read_as_they_are_shown(values):
    shown = "; ".join(str(TargetMilestone(year=year, value=value)) for year, value in values.items())
    assert read_milestones(shown) == values


def typed(plan, **changed):
    indicator = Indicator.objects.get(code="houses_handed_over")
    return {
        "text": "Bàn giao 50 nhà", "indicator": indicator.pk, "comparator": ">=", "value": "50", "combine": "cumulative",
        "binds_level": "2", "unit_of_measure": "nhà", **changed,
    }  # fmt: skip


def test_a_targets_form_keeps_its_milestones(plan):
    form = TargetForm(typed(plan, milestone_line="2026: 10; 2028: 30"), instance=Target(plan=plan))
    assert form.is_valid(), form.errors
    target = form.save()
    assert milestones_text(target) == "2026: 10; 2028: 30"
    assert TargetForm(instance=target)["milestone_line"].initial == "2026: 10; 2028: 30"
    TargetForm(typed(plan, milestone_line="2027: 20"), instance=target).save()
    assert milestones_text(Target.objects.get()) == "2027: 20"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"milestone_line": "2025: 1"}, "Mốc năm 2025 nằm ngoài thời kỳ của kế hoạch (2026 - 2030)."),
        ({"milestone_line": "2031: 1"}, "Mốc năm 2031 nằm ngoài thời kỳ của kế hoạch (2026 - 2030)."),
        (
            {"milestone_line": "2030: 40", "year": "2030"},
            "Mốc của năm cuối (2030) phải bằng chính chỉ tiêu (từ 50 nhà trở lên); hãy bỏ mốc năm đó.",
        ),
        ({"milestone_line": "2027: x"}, "“2027: x” chưa phải mốc của một năm; hãy ghi như 2026: 3; 2027: 6."),
    ],
)
def test_a_milestone_that_does_not_fit_is_said_at_its_field(plan, changed, sentence):
    form = TargetForm(typed(plan, **changed), instance=Target(plan=plan))
    assert form.errors == {"milestone_line": [sentence]}


def test_the_database_holds_one_milestone_a_year_and_none_below_zero(plan):
    target = with_milestones(make_target(plan), y2026=1)
    for year, value in ((2026, 2), (2027, -1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            TargetMilestone.objects.create(target=target, year=year, value=value)


# Bad targets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (
            {"unit_of_measure": "%", "value": 90},
            {"unit_of_measure": "Chỉ số “Nhà Mái ấm đã bàn giao” không có mẫu số nên không đặt chỉ tiêu phần trăm; "
                                "hãy chọn một chỉ số tỷ lệ."},
        ),
        (
            {"indicator": "hardship_supported_share"},
            {"unit_of_measure": "Chỉ số “Tỷ lệ người khó khăn được thăm hỏi, hỗ trợ” là tỷ lệ nên đơn vị tính phải là %."},
        ),
        ({"comparator": "range", "value_max": 9}, {"value_max": "Khoảng giá trị phải ghi từ số nhỏ đến số lớn."}),
        (
            {"deadline": date(2025, 12, 31)},
            {"deadline": "Hạn của chỉ tiêu không được trước năm bắt đầu kế hoạch (2026)."},
        ),
    ],
)  # fmt: skip
def test_a_target_that_can_not_be_gets_one_sentence(plan, fields, wrong):
    indicator = Indicator.objects.get(code=fields.get("indicator", "houses_handed_over"))
    usual = {"plan": plan, "text": "Bàn giao nhà", "value": 10, "unit_of_measure": "nhà"}
    with pytest.raises(ValidationError) as error:
        Target(**{**usual, **fields, "indicator": indicator}).full_clean()
    assert {name: messages[0] for name, messages in error.value.message_dict.items()} == wrong


def test_a_percentage_without_a_denominator_is_no_indicator(db):
    indicator = Indicator(name="Tỷ lệ", source="reported", unit_of_measure="%", roll_up="sum")
    with pytest.raises(ValidationError, match="tổng hợp theo tỷ lệ của các tổng .* đơn vị tính là %."):
        indicator.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        indicator.save()


# Status -------------------------------------------------------------------------------------------


def test_a_cumulative_targets_way_goes_through_its_milestones(plan):
    target = with_milestones(make_target(plan, value=100, combine="cumulative", year=None), y2026=10, y2028=70)
    days = (date(2025, 12, 31), date(2026, 12, 31), date(2027, 12, 31), date(2028, 12, 31), END, date(2031, 5, 1))
    parts = [expected_part(target, date(2026, 1, 1), END, day) for day in days]
    assert [round(part, 2) for part in parts] == [0, Decimal("0.10"), Decimal("0.40"), Decimal("0.70"), 1, 1]


@pytest.mark.parametrize(
    ("done", "until", "status"),
    [
        (9, date(2026, 12, 31), Status.ON_TRACK),
        (8, date(2026, 12, 31), Status.AT_RISK),
        (5, date(2026, 12, 31), Status.BEHIND),
        (0, date(2026, 3, 1), Status.ON_TRACK),
        (63, date(2028, 12, 31), Status.ON_TRACK),
        (62, date(2028, 12, 31), Status.AT_RISK),
        (100, date(2028, 12, 31), Status.REACHED),
        (99, date(2031, 1, 1), Status.BEHIND),
    ],
)
def test_status_follows_the_milestones(plan, province, done, until, status):
    target = with_milestones(make_target(plan, value=100, combine="cumulative", year=None), y2026=10, y2028=70)
    assert status_of(target, province, done, until) == status


def test_without_milestones_the_whole_time_counts_evenly(plan, province):
    target = make_target(plan, value=100, combine="cumulative", year=None)
    assert status_of(target, province, 9, date(2026, 12, 31)) == Status.ON_TRACK, "the first quarter of five years"
    assert figures_for([target], province, date(2028, 6, 30))[target.pk].status == Status.BEHIND


def test_a_target_made_anew_is_measured_by_its_years_milestone(plan, province):
    target = with_milestones(make_target(plan, value=100, year=None), y2026=40)
    assert status_of(target, province, 36, date(2026, 12, 31)) == Status.ON_TRACK
    Actual.objects.create(indicator=target.indicator, unit=province, month=date(2027, 1, 1), value=36)
    assert figures_for([target], province, date(2027, 12, 31))[target.pk].status == Status.BEHIND


def test_a_horizon_without_years_between_goes_by_time(province, officer):
    plan = make_plan(province, officer, first_year=2024, horizon_year=2030)
    target = make_target(plan, value=70, year=2030, combine="cumulative")
    figure = figures_for([target], province, date(2027, 7, 2))[target.pk]
    assert (figure.end, figure.expected_text) == (END, "35 nhà")


def test_a_ceiling_of_a_year_is_its_milestone(plan, province):
    target = with_milestones(
        make_target(plan, indicator="gifts", value=100, comparator="<=", combine="cumulative", year=None), y2026=20
    )
    assert status_of(target, province, 21, date(2026, 6, 30)) == Status.BEHIND
    assert figures_for([target], province, date(2027, 6, 30))[target.pk].status == Status.ON_TRACK


@pytest.mark.parametrize(("spent", "status"), [(99, Status.REACHED), (100, Status.BEHIND)])
def test_below_means_below(plan, province, spent, status):
    target = make_target(plan, indicator="gifts", value=100, comparator="<", year=2026)
    assert status_of(target, province, spent, date(2027, 1, 1)) == status


def test_a_share_goes_the_same_way_as_the_whole(plan, province, district_a):
    target = with_milestones(make_target(plan, value=100, combine="cumulative", year=None), y2026=10)
    target.shares.create(unit=district_a, value=20)
    assert figures_for([target], district_a, date(2026, 12, 31))[target.pk].expected == 2


@given(
    values=st.dictionaries(st.integers(2026, 2029), st.integers(0, 100), max_size=4),
    day=st.integers(0, 5 * 365).map(lambda days: date(2026, 1, 1) + timedelta(days=days)),
)
def test_what_is_expected_lies_between_the_milestones_around(values, day):
    target = Target(pk=1, value=Decimal(100), combine="cumulative", plan=Plan(first_year=2026))
    target._prefetched_objects_cache = {"milestones": [TargetMilestone(year=y, value=v) for y, v in values.items()]}
    part = expected_part(target, date(2026, 1, 1), END, day)
    steps = sorted([(2025, 0), *values.items(), (2030, 100)])
    before = max(step for step in steps if step[0] < day.year)
    after = min(step for step in steps if step[0] >= min(day.year, 2030))
    assert min(before[1], after[1]) <= part * 100 <= max(before[1], after[1])
