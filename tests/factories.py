"""Short ways to make the rows a test needs, each with the fewest words that matter to it."""

from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from beneficiaries.feedback.codes import hash_of, new_code
from beneficiaries.feedback.receiving import receive
from beneficiaries.models import Feedback, FeedbackKind, Fund, FundEntry, Grant, GrantRound, Household, Occasion, Person
from events.models import Event, QuotaLine, QuotaShare
from programs.models import (
    Activity,
    ActivityKind,
    Assignment,
    Award,
    AwardForm,
    CareModel,
    CareModelKind,
    Indicator,
    PartnerAgreement,
    Plan,
    ReportingPeriod,
    ReportingRule,
    Target,
    UnitReport,
)
from welfare.models import Appointment, DocumentKind, Organization, Role, Unit, UnitKind, User

PASSWORD = "mat-khau-thu-nghiem-2026"
_serial = count(500001)


def make_unit(code, name, *, kind="district", parent=None, **fields) -> Unit:
    fields = {"code": code, "name": name, "short_name": name, "kind": UnitKind.objects.get(code=kind), **fields}
    if parent is None:
        return Unit.objects.add_root(create_kwargs=fields)
    parent.refresh_from_db()
    return Unit.objects.add_child(parent, create_kwargs=fields)


def make_user(username, role, unit, **fields) -> AbstractBaseUser:
    """A user whose one appointment is in force."""
    user = User(username=username, full_name=fields.pop("full_name", f"Người {username}"), unit=unit, **fields)
    user.set_password(PASSWORD)
    user.save()
    appoint(user, role, unit)
    return user


def appoint(user, role, unit, **fields) -> Appointment:
    fields = {"confirmed_at": timezone.now(), **fields}
    return Appointment.objects.create(user=user, role=Role.objects.get(code=role), unit=unit, **fields)


def fresh(user) -> User:
    """The same account as a new request would load it."""
    return User.objects.get(pk=user.pk)


def an_id(birth_year=1985, *, female=False, province="083") -> str:
    """A CCCD number that agrees with its owner; serials of invented people start at 500000."""
    century = (2 if birth_year >= 2000 else 0) + female
    return f"{province}{century}{birth_year % 100:02d}{next(_serial):06d}"


def make_person(unit, full_name="Nguyễn Văn Thử", **fields) -> Person:
    return Person.objects.create(unit=unit, full_name=full_name, **fields)


def make_household(unit, head_name="Nguyễn Văn Thử", **fields) -> Household:
    return Household.objects.create(unit=unit, head_name=head_name, **fields)


def make_fund(unit, *, balance=0, by=None, code="QXH", name="Quỹ Xã hội Công đoàn") -> Fund:
    fund = Fund.objects.create(unit=unit, code=code, name=name)
    if balance:
        fund.post(FundEntry.Kind.OPENING, balance, by=by)
    return fund


def make_round(unit, *, code="TET2026", name="Tết 2026", year=2026, occasion="tet", **fields) -> GrantRound:
    occasion = Occasion.objects.get(code=occasion)
    return GrantRound.objects.create(unit=unit, code=code, name=name, year=year, occasion=occasion, **fields)


def make_grant(round, unit, by, person=None, cash=500_000, **fields) -> Grant:
    return Grant.objects.create(round=round, unit=unit, person=person, cash=cash, proposed_by=by, **fields)


def make_plan(unit, by, *, title="Chăm lo đoàn viên, người lao động năm 2026", first_year=2026, **fields) -> Plan:
    fields = {"symbol": "KH-LĐLĐ", "signer_name": "Trần Thị Ký", "signer_title": "CHỦ TỊCH", **fields}
    kind = DocumentKind.objects.get(code="KH")
    return Plan.objects.create(unit=unit, kind=kind, title=title, first_year=first_year, created_by=by, **fields)


@contextmanager
def unfrozen(plan):
    """Lets a test write parts of a plan that is out already, as if they had been written before."""
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.DRAFT)
    yield
    Plan.objects.filter(pk=plan.pk).update(state=plan.state)


def make_target(plan, *, indicator="houses_handed_over", value=10, comparator=">=", **fields) -> Target:
    fields = {
        "text": "Bàn giao từ 10 nhà Mái ấm Công đoàn",
        "unit_of_measure": "nhà",
        "year": plan.first_year,
        **fields,
    }
    indicator = Indicator.objects.get(code=indicator)
    with unfrozen(plan):
        return Target.objects.create(plan=plan, indicator=indicator, value=value, comparator=comparator, **fields)


def make_task(plan, text="Khảo sát nhà ở", *, coordinator_units=(), coordinator_departments=(), **fields) -> Assignment:
    with unfrozen(plan):
        task = Assignment.objects.create(plan=plan, text=text, **fields)
        task.coordinator_units.set(coordinator_units)
        task.coordinator_departments.set(coordinator_departments)
    return task


def make_rule(plan, *, level=2, frequency="year", due=(11, 14), **fields) -> ReportingRule:
    """A plan's rule of reports; the plan is taken as issued."""
    month, day = due
    fields = {"name": "Báo cáo kết quả năm", "due_month": month, "due_day": day, **fields}
    return ReportingRule.objects.create(plan=plan, level=level, frequency=frequency, **fields)


def make_report(rule, unit, *, first, last, due=None, receiver=None, opens=None, **fields) -> UnitReport:
    """A unit's report of a period of these days, which is made where it is missing."""
    days = {"opens_on": opens or first, "due_on": due or last, "locks_on": (due or last) + timedelta(days=30)}
    defaults = {"name": f"{first:%d/%m} - {last:%d/%m/%Y}", **days}
    period, _ = ReportingPeriod.objects.get_or_create(rule=rule, first_day=first, last_day=last, defaults=defaults)
    return UnitReport.objects.create(
        period=period, unit=unit, receiver=receiver or Unit.objects.get_parent(unit), first_day=first, last_day=last,
        due_on=days["due_on"], **fields,
    )  # fmt: skip


def make_activity(unit, by, *, kind="workers_month", title="Tháng Công nhân", held_on=date(2026, 3, 1), **fields):
    kind = ActivityKind.objects.get(code=kind)
    return Activity.objects.create(unit=unit, kind=kind, title=title, held_on=held_on, created_by=by, **fields)


def make_care_model(unit, by, *, name="Quỹ tương hỗ", registered_on=date(2026, 1, 5), **fields) -> CareModel:
    kind = CareModelKind.objects.get(code="mutual_fund")
    return CareModel.objects.create(
        unit=unit, kind=kind, name=name, registered_on=registered_on, created_by=by, **fields
    )


def make_award(unit, by, *, person_name="Lê Thị Tiêu Biểu", awarded_on=date(2026, 5, 1), **fields) -> Award:
    fields = {"form": AwardForm.objects.get(code="commendation"), "decision_number": "15/QĐ-LĐLĐ", **fields}
    return Award.objects.create(unit=unit, person_name=person_name, awarded_on=awarded_on, created_by=by, **fields)


def make_agreement(unit, by, *, partner="Công ty Đối Tác", level=0, starts_on=date(2026, 1, 1), **fields):
    partner, _ = Organization.objects.get_or_create(name=partner, kind=Organization.Kind.ENTERPRISE)
    fields = {"offer": "Bán hàng giảm giá cho đoàn viên", "signed_on": starts_on, **fields}
    return PartnerAgreement.objects.create(
        unit=unit, partner=partner, level=level, starts_on=starts_on, created_by=by, **fields
    )


def make_feedback(
    unit=None, *, kind="suggestion", text="Đề nghị phát quà tại phân xưởng", code=None, **fields
) -> Feedback:
    """As the public page keeps it."""
    code = code or new_code()
    about = unit.name if unit else fields.pop("about", "")
    receive(code, kind=FeedbackKind.objects.get(code=kind), text=text, about=about, **fields)
    return Feedback.objects.get(code_hash=hash_of(code))


def make_event(unit, expected, *, code="SK", name="Họp mặt", **fields) -> Event:
    return Event.objects.create(unit=unit, code=code, name=name, expected=expected, **fields)


def make_line(event, count, *, parent=None, name="Đoàn viên", shares=None, **fields) -> QuotaLine:
    """``shares``: {unit: people}."""
    line = QuotaLine.objects.create(event=event, parent=parent, name=name, count=count, **fields)
    for unit, number in (shares or {}).items():
        QuotaShare.objects.create(line=line, unit=unit, count=number)
    return line
