"""What holds in the demonstration province, whatever the day on which it was made."""

import io
from collections import Counter

import pytest
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count, F, Q, Sum

from beneficiaries.models import (
    Feedback,
    Finding,
    Fund,
    FundEntry,
    Grant,
    GrantRound,
    House,
    Inspection,
    Person,
    PovertyRecord,
)
from programs.models import Activity, CareModel, PartnerAgreement, Plan, Proposal, Target, UnitReport
from programs.targets.figures import figures_for
from welfare.management.commands.seed_demo import ACCOUNTS
from welfare.models import Role, Unit, User

ROOMS = ("welfare", "programs", "beneficiaries", "events", "reports")


@pytest.fixture(autouse=True)
def _in_the_province(demo_province):
    pass


def test_thirteen_upper_units_are_open_and_the_dissolved_one_has_a_successor():
    upper = Unit.objects.filter(depth=2)

    assert Counter(upper.in_force().values_list("kind__code", flat=True)) == {"district": 9, "sector": 3, "zone": 1}
    (closed,) = upper.exclude(pk__in=upper.in_force())
    assert [unit.code for unit in closed.successors.all()] == ["VIENCHUC"]


def test_there_is_a_printed_account_for_every_role():
    held, hashes = set(), set()
    for username, password, _ in ACCOUNTS:
        user = User.objects.get(username=username)
        hashes.add((password, user.password))
        held |= {appointment.role.code for appointment in user.appointments_in_force}

    assert all(check_password(*each) for each in hashes)  # slow by design: each hash once
    assert held == set(Role.objects.values_list("code", flat=True))


def test_the_system_account_neither_signs_in_nor_holds_a_role():
    (system,) = User.objects.filter(is_system=True)

    assert system.username == "hethong"
    assert not system.has_usable_password()
    assert not system.appointments.exists()


def test_id_numbers_agree_with_their_owners():
    people = list(Person.objects.filter(id_hash__isnull=False))

    for person in people:
        century, year, serial = person.national_id[3], person.national_id[4:6], int(person.national_id[6:])
        assert (person.national_id[:3], len(person.national_id)) == ("083", 12)
        assert int(century) == (2 if person.birth_year >= 2000 else 0) + (person.gender == "female")
        assert int(year) == person.birth_year % 100
        assert person.birth_date is None or person.birth_date.year == person.birth_year
        assert serial >= 500_000
    assert len(people) > 250


def test_fund_balances_are_the_sums_of_their_entries_and_never_were_negative():
    for fund in Fund.objects.all():
        balance = 0
        for amount in fund.entries.order_by("on", "pk").values_list("amount", flat=True):
            balance += amount
            assert balance >= 0
        assert fund.balance == balance
    assert set(FundEntry.objects.values_list("kind", flat=True)) == set(FundEntry.Kind.values)


def test_nobody_approved_what_they_proposed_or_appraised():
    approved = Grant.objects.filter(approved_by__isnull=False)

    assert approved.filter(Q(approved_by=F("proposed_by")) | Q(approved_by=F("appraised_by"))).count() == 0
    assert House.objects.filter(Q(decided_by=F("proposed_by")) | Q(decided_by=F("surveyed_by"))).count() == 0


def test_paid_grants_have_the_one_entry_that_paid_their_cash():
    paid = Grant.objects.filter(state=Grant.State.PAID)
    from_fund = paid.filter(outside_source="", cash__gt=0)

    assert from_fund.filter(payment__isnull=True).count() == 0
    assert from_fund.exclude(payment__amount=-F("cash")).count() == 0
    assert Grant.objects.exclude(state__in=["paid", "reversed"]).filter(payment__isnull=False).count() == 0


def test_grants_and_houses_stand_in_every_state_that_two_years_bring():
    assert set(Grant.objects.values_list("state", flat=True)) >= {"proposed", "approved", "paid", "refused", "reversed"}
    assert set(House.objects.values_list("state", flat=True)) >= {"handed_over", "started", "refused", "withdrawn"}
    assert GrantRound.objects.filter(state=GrantRound.State.OPEN, grants__state="proposed").exists()
    assert Grant.objects.filter(person=None, people_count__gt=1, state="paid").exists()


def test_activities_models_and_agreements_stand_in_every_state():
    assert set(Activity.objects.values_list("state", flat=True)) == {"planned", "held", "cancelled"}
    assert Activity.objects.overdue().count() == 1
    assert Activity.objects.held().filter(kind__season="Tết").values("season_year").distinct().count() >= 1
    assert set(CareModel.objects.values_list("state", flat=True)) == {"registered", "running", "ended"}
    statuses = {agreement.status for agreement in PartnerAgreement.objects.select_related("renewed_by")}
    assert statuses == {"Đang thực hiện", "Sắp hết hạn", "Đã gia hạn"}


def test_feedback_and_inspections_stand_at_every_step():
    assert set(Feedback.objects.values_list("state", flat=True)) == set(Feedback.State.values)
    assert Feedback.objects.filter(is_confidential=True, shared_on=None).exists()
    assert set(Inspection.objects.values_list("state", flat=True)) >= {"planned", "running", "concluded", "closed"}
    assert set(Finding.objects.values_list("state", flat=True)) >= {"draft", "issued", "answered", "settled"}
    assert Finding.objects.overdue().exists()
    assert Finding.objects.filter(settled_by=F("written_by")).count() == 0


def test_some_poverty_classes_were_not_renewed():
    years = PovertyRecord.objects.values("household").annotate(count=Count("pk"))

    assert set(years.values_list("count", flat=True)) == {1, 2}


def test_shares_of_targets_make_up_the_whole():
    assert Target.objects.mismatched() == []
    assert Target.objects.filter(shares__isnull=False).exists()
    houses = Target.objects.filter(indicator__code="houses_handed_over", value=10)
    assert {target.shares.aggregate(total=Sum("value"))["total"] + target.own_part for target in houses} == {10}


def test_plans_are_drafts_issued_and_closed():
    states = Counter(Plan.objects.values_list("state", flat=True))

    assert states["in_force"] >= 3
    assert states["closed"] >= 1
    assert states["draft"] + states["submitted"] >= 1
    assert not Plan.objects.exclude(state__in=["draft", "submitted"]).filter(number="").exists()


def test_reports_stand_in_every_state_and_last_years_are_accepted():
    accepted = UnitReport.objects.accepted()

    assert set(UnitReport.objects.values_list("state", flat=True)) == set(UnitReport.State.values)
    assert accepted.filter(decided_by=F("submitted_by")).count() == 0
    assert accepted.filter(first_submitted_on__gt=F("due_on")).count() == 1
    assert UnitReport.objects.filter(versions__comments__isnull=False, state="returned").exists()
    assert set(Proposal.objects.values_list("state", flat=True)) >= {"open", "answered"}


def test_targets_of_last_year_have_plausible_figures():
    last = Plan.objects.filter(
        title__contains="Chăm lo", state="closed", targets__indicator__code="units_workers_month"
    ).get()
    targets = list(last.targets.filter(year=last.first_year))
    figures = figures_for(targets, Unit.objects.get_first_root_node())

    assert {figure.status.value for figure in figures.values()} <= {"reached", "behind"}
    months = [figure for figure in figures.values() if figure.target.indicator.code == "units_workers_month"]
    assert [(figure.numerator, figure.denominator) for figure in months] == [(13, 14)]  # one was dissolved in the year


def _rows():
    return {
        model._meta.label: model.objects.count() for room in ROOMS for model in apps.get_app_config(room).get_models()
    }


def test_a_second_run_changes_nothing():
    before, told = _rows(), io.StringIO()

    call_command("seed_demo", "--small", stdout=told)

    assert told.getvalue() == "Hệ thống đã có đơn vị nên không nạp tỉnh minh họa; không có gì thay đổi.\n"
    assert _rows() == before


def test_production_refuses_it(settings):
    settings.PRODUCTION = True

    with pytest.raises(
        CommandError, match=r"^Không nạp dữ liệu minh họa vào hệ thống thật \(DJANGO_ENV=production\)\.$"
    ):
        call_command("seed_demo")
