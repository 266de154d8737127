"""One row of every scoped model, all belonging to another unit, with a canary word in every text field.

A model added later without a row here fails ``test_every_scoped_model_has_a_strangers_row``.
"""

import re
from datetime import date
from uuid import UUID

from django.apps import apps
from django.db import models

from beneficiaries.models import (
    DossierItem,
    FeedbackKind,
    FindingKind,
    HardshipKind,
    HouseKind,
    Occasion,
    VulnerabilityKind,
)
from programs.models import ActivityKind, AwardForm, CareModelKind, Indicator
from tests.factories import appoint, make_unit, make_user
from welfare.documents.layout import OfficialDocument
from welfare.documents.models import store_file
from welfare.documents.papers.frozen import freeze
from welfare.models import DocumentKind, Organization, Unit
from welfare.scoping import Catalogue

CANARY = "chimvangcanary"
ROOMS = ("welfare", "programs", "beneficiaries", "events", "reports")
_TODAY = date(2026, 3, 1)


def without_unit_names(html: str) -> str:
    """A page without the names of units that it offers as one types: those are public."""
    return re.sub(r'<datalist id="units">.*?</datalist>', "", html, flags=re.DOTALL)


def scoped_models() -> list[type[models.Model]]:
    return [
        model
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        if hasattr(model, "scope") and not isinstance(model.scope, Catalogue)
    ]


def make_strangers_rows(province) -> dict[str, models.Model]:
    """The rows by model name in lower case, such as ``rows["person"]``; all of a unit "stranger" under ``province``."""
    unit = make_unit("CANARYB", f"LĐLĐ huyện {CANARY}", parent=province)
    user = make_user("nguoila", "unit_officer", unit, full_name=f"Trần Thị {CANARY}", job_title=CANARY, phone=CANARY)
    rows = {"unit": unit, "user": user}

    def make(name, **given):
        rows[name] = _filled(name, given)
        return rows[name]

    make("unityear", unit=unit, year=2026)
    make("letterhead", unit=unit)
    make("unitkeeper", unit=unit, user=user)
    make("department", unit=unit)
    rows["appointment"] = appoint(user, "unit_officer", unit, valid_to=None)
    make("job", owner=user, unit=unit, kind="count")
    rows["storedfile"] = store_file(b"x", name=f"{CANARY}.txt", content_type="text/plain", owner=user, unit=unit)
    make("numberregister", unit=unit)
    make("document", unit=unit, kind=DocumentKind.objects.first())
    make(
        "paper", unit=unit, kind="progress", subject_id="0", content=freeze(OfficialDocument(summary=CANARY)),
        state="submitted", created_by=user,
    )  # fmt: skip
    sent = store_file(b"x", name=f"{CANARY}.xlsx", content_type="text/plain", owner=user, unit=unit)
    make(
        "outerform", unit=unit, file=sent, state="read", replaces=None, sheets=[{"name": CANARY, "rows": []}],
        created_by=user,
    )  # fmt: skip
    make("documentstyle", unit=unit, kind="")
    make("auditevent", actor=user, unit=unit, action="view")
    _make_plan(make, unit, user, rows)
    _make_care(make, unit, user, rows)
    _make_ledger(make, unit, user, rows)
    _make_event(make, unit, user, rows)
    subscription = make("subscription", user=user, unit=unit)
    make("dashboardissue", subscription=subscription, unit=unit, month=_TODAY, file=rows["storedfile"])
    return rows


def _make_plan(make, unit, user, rows):
    plan = make("plan", unit=unit, kind=DocumentKind.objects.first(), first_year=2026, created_by=user)
    make("legalbasis", plan=plan, document=rows["document"])
    make("section", plan=plan)
    make("wordreading", plan=plan, unit=unit, owner=user)
    make("assignment", plan=plan)
    make("recipient", plan=plan)
    target = make("target", plan=plan, indicator=Indicator.objects.first(), value=1, comparator=">=")
    make("targetmilestone", target=target, year=2026, value=1)
    make("targetshare", target=target, unit=unit, value=1)
    decision = make("sharedecision", plan=plan, on=_TODAY, by=user)
    make("sharechange", target=target, unit=unit, before=0, after=1, decision=decision, by=user)
    make("actual", indicator=target.indicator, unit=unit, month=_TODAY)
    make("stale", unit=unit, month=_TODAY)
    _make_report(make, unit, user, rows)


def _make_report(make, unit, user, rows):
    days = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31), "due_on": date(2026, 12, 31)}
    rule = make("reportingrule", plan=rows["plan"], level=2, frequency="year", due_month=12, due_day=31)
    period = make("reportingperiod", rule=rule, opens_on=_TODAY, locks_on=date(2026, 12, 31), **days)
    report = make("unitreport", period=period, unit=unit, receiver=Unit.objects.get_parent(unit), **days)
    make("reportfigure", report=report, indicator=Indicator.objects.first())
    version = make("reportversion", report=report, number=1, by=user, content={})
    make("reportcomment", version=version, by=user)
    make("extension", report=report, before=_TODAY, until=date(2027, 1, 1), by=user)
    make("reminder", report=report, due_on=_TODAY, days=-7)
    make("proposal", unit=unit, report=report, raised_by=user)


def _make_care(make, unit, user, rows):
    def picture(name):
        return store_file(
            CANARY.encode(), name=f"{CANARY}-{name}", content_type="image/jpeg", owner=user, unit=unit,
            subject=activity,
        )  # fmt: skip

    kind = ActivityKind.objects.first()
    activity = make("activity", unit=unit, kind=kind, held_on=_TODAY, created_by=user)
    make("activitycost", activity=activity, amount=1)
    make("activityphoto", activity=activity, image=picture("anh"), thumbnail=picture("nho"))
    model = make("caremodel", unit=unit, kind=CareModelKind.objects.first(), registered_on=_TODAY, created_by=user)
    make("evaluation", care_model=model, on=_TODAY, result="good", by=user)
    make(
        "award", unit=unit, form=AwardForm.objects.first(), awarded_on=_TODAY, created_by=user, state="given",
        withdrawn_reason="",
    )  # fmt: skip
    partner = Organization.objects.create(name="Công ty Đối Tác", kind="enterprise")
    agreement = make(
        "partneragreement", unit=unit, partner=partner, starts_on=_TODAY, level=0, created_by=user, renews=None
    )
    make("agreementreview", agreement=agreement, unit=unit, on=_TODAY, score=4, by=user)


def _make_ledger(make, unit, user, rows):
    household = make("household", unit=unit)
    make("povertyrecord", household=household, year=2026, status="poor")
    person = make("person", unit=unit, household=household)
    make("hardship", person=person, kind=HardshipKind.objects.first(), year=2026)
    _make_files(make, unit, user, person)
    fund = make("fund", unit=unit)
    donor = make("donor", unit=unit)
    entry = make("fundentry", fund=fund, kind="opening", amount=1, on=_TODAY, donor=donor, by=user)
    make("receipt", entry=entry, document=rows["document"], by=user)
    pledge = make("pledge", donor=donor, amount=1, due_on=date(2027, 3, 1), by=user)
    make("giftinkind", donor=donor, value=1, pledge=pledge, by=user)
    round_ = make("grantround", unit=unit, occasion=Occasion.objects.first(), year=2026)
    make("roundfund", round=round_, fund=fund)
    scan = store_file(b"x", name=f"{CANARY}.pdf", content_type="application/pdf", owner=user, unit=unit)
    scan.subject = make("roundpaper", round=round_, unit=unit, kind="receipts", on=_TODAY, by=user, file=scan)
    scan.save()
    handed = fund.entries.create(kind="advance", amount=-1, on=_TODAY, by=user)
    make("advance", round=round_, unit=unit, fund=fund, entry=handed, amount=1, on=_TODAY, settle_by=_TODAY, by=user)
    make("grant", round=round_, unit=unit, person=person, proposed_by=user)
    house = make("house", unit=unit, kind=HouseKind.objects.first(), construction="new", year=2026, proposed_by=user)
    _make_house_file(make, house, fund, unit, user)
    make("visit", person=person, unit=unit, on=_TODAY, by=user)
    project = make("loanproject", unit=unit, source="mutual", amount=1, assigned_on=_TODAY, due_on=date(2027, 3, 1))
    make("loanreview", project=project, on=_TODAY, on_schedule=True, by=user)
    loan = make("loan", unit=unit, project=project, person=person, amount=1, term_months=1, proposed_by=user)
    make("loaninstalment", loan=loan, month=1, principal=1)
    make("loanrepayment", loan=loan, on=_TODAY, principal=1, by=user)
    make("loanextension", loan=loan, months=1, asked_by=user, asked_on=_TODAY)
    campaign = make("campaign", unit=unit, fund=fund, year=2026, starts_on=_TODAY, ends_on=_TODAY)
    make("campaignresult", campaign=campaign, unit=unit)
    _make_control(make, unit, user, rows)
    batch = make("listbatch", unit=unit, owner=user, kind="people", year=2026, file=rows["storedfile"], state="ready")
    make(
        "stagedrow", batch=batch, position=1, row=1, status="ready", values={"full_name": CANARY}, messages=[], cells=""
    )
    make("columnmemory", unit=unit)


def _make_files(make, unit, user, person):
    make("vulnerabilitymark", person=person, kind=VulnerabilityKind.objects.first())
    make("formerid", person=person, replaced_on=_TODAY)
    make("consent", person=person, basis="form", given_on=_TODAY, by=user)
    twin = _filled("person", {"unit": unit, "national_id": ""})
    case = make("duplicatecase", first=person, second=twin, reason="name")
    make("merge", case=case, kept=person, merged=twin, by=user, former="", filled="", before="")
    make("savedfilter", user=user)
    closing = make("unitclosing", unit=unit, successor=unit, on=_TODAY, by=user)
    make(
        "transfer", person=person, from_unit=unit, to_unit=Unit.objects.get_parent(unit), asked_by=user, closing=closing
    )
    make("datarequest", person=person, unit=unit, kind="erase", received_on=_TODAY, recorded_by=user)


def _make_house_file(make, house, fund, unit, user):
    def scan(name):
        return store_file(
            CANARY.encode(), name=f"{CANARY}-{name}", content_type="image/jpeg", owner=user, unit=unit, subject=house
        )

    line = make("housefunding", house=house, source="fund", fund=fund, amount=1)
    entry = fund.entries.create(kind="spend", amount=-1, on=_TODAY, by=user)
    make("housepayment", line=line, kind="final", amount=1, entry=entry)
    make("dossierfile", house=house, item=DossierItem.objects.first(), on=_TODAY, by=user, file=scan("giay"))
    make("housephoto", house=house, stage="before", image=scan("anh"), thumbnail=scan("nho"))
    make(
        "housesurvey", house=house, roof="ruined", walls="ruined", floor="worn", area=40, residents=3, land="certified",
        estimate=1,
    )  # fmt: skip
    make("houseoccupant", house=house, from_day=_TODAY)


def _make_control(make, unit, user, rows):
    days = {"acknowledge_by": _TODAY, "answer_by": _TODAY}
    feedback = make(
        "feedback",
        unit=unit,
        kind=FeedbackKind.objects.first(),
        person=rows["person"],
        handler="unit",
        handler_unit=unit,
        **days,
    )
    make("feedbackstep", feedback=feedback, on=_TODAY, by=user)
    plan = make("inspectionplan", unit=unit, year=2001, created_by=user)
    inspection = make(
        "inspection", unit=unit, plan=plan, period_from=_TODAY, period_to=_TODAY, starts_on=_TODAY, ends_on=_TODAY,
        created_by=user,
    )  # fmt: skip
    inspection.units.set([unit])
    make("inspectionmember", inspection=inspection)
    make("samplerow", inspection=inspection, position=1, unit=unit, grant=rows["grant"], amount=1, paid_on=_TODAY)
    finding = make(
        "finding", inspection=inspection, unit=unit, kind=FindingKind.objects.first(), answer_by=_TODAY, written_by=user,
        state="issued", issued_on=_TODAY, to_recover=1, recovered=1,
    )  # fmt: skip
    make("recovery", finding=finding, amount=1, on=_TODAY, by=user, taken_back_reason="")


def _make_event(make, unit, user, rows):
    event = make("event", unit=unit, expected=1)
    line = make("quotaline", event=event, count=1, fits="")
    share = make("quotashare", line=line, unit=unit, count=1)
    make("invitedbody", event=event, line=line, organization=None)
    revision = make("quotarevision", event=event, on=_TODAY, by=user)
    make("eventnotice", event=event, unit=unit, kind="revision", revision=revision, on=_TODAY)
    delegate = make("delegate", event=event, line=line, share=share, unit=unit, nominated_by=user, phone="0900000000")
    make("delegatelist", event=event, batch=rows["listbatch"])
    make("eventgift", event=event, line=line, delegate=delegate, house=rows["house"])
    hall = make("hall", event=event, drawing="o")
    make("seatblock", hall=hall, letter="A")
    make("seat", hall=hall, delegate=delegate, row=0, column=0)
    make("doortoken", delegate=delegate, nonce="0" * 8)
    make("admission", event=event, delegate=delegate, outcome="repeated", way="code", by=user, key=UUID(int=1))
    make("agendaitem", event=event)
    make("committeemember", event=event)
    make("eventtask", event=event, unit=unit)
    make("speech", event=event, unit=unit)
    make("invitationtext", event=event)
    issue = make(
        "invitationissue", event=event, document=rows["document"], held_on=_TODAY, on=_TODAY, by=user, starts_at=None
    )
    make("invitation", issue=issue, position=0, delegate=delegate, body=None, unit=unit)
    budget = make("eventbudget", event=event, unit=unit)
    make("budgetline", budget=budget, price=1, source="union", fund=None)


def _filled(name, given):
    """A row with the canary in every free text that ``given`` leaves out."""
    model = next(model for model in scoped_models() if model._meta.model_name == name)
    texts = {
        field.name: CANARY[: field.max_length]
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.EmailField | models.FileField)
        and not field.choices
        and not field.primary_key
        and field.name not in given
    }
    row = model(**texts, **given)
    row.save()
    return row
