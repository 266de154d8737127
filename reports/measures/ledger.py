"""The rows of the ledger that measures count, each with its business date as ``on``."""

from datetime import date

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, Least

from beneficiaries.funds.books import by_kind
from beneficiaries.models import (
    CampaignResult,
    FundEntry,
    Grant,
    Hardship,
    Loan,
    LoanProject,
    LoanReview,
    PovertyRecord,
    Visit,
)
from programs.models import Activity, ActivityKind, Award, CareModel, PartnerAgreement
from welfare.units.models import Unit


def grants_paid():
    return Grant.objects.paid().annotate(on=F("paid_on"))


def people_paid():
    return grants_paid().exclude(person=None)


def fund_money():
    """As a fund's books say it: what was there before the books began is no income. ``money`` is never negative
    but for what a reversal takes back."""
    entries = by_kind(FundEntry.objects.all()).exclude(of_kind=FundEntry.Kind.OPENING)
    return entries.annotate(
        money=Case(When(is_out=True, then=-F("amount")), default=F("amount"), output_field=BigIntegerField())
    )


def visits():
    return Visit.objects.all()


def _day_of_year(month_and_day):
    return Cast(Concat(Cast("year", CharField()), Value(month_and_day)), DateField())


def people_in_need():
    """A hardship belongs to its year also when it became known before or after it."""
    on = Least(Greatest("known_on", _day_of_year("-01-01")), _day_of_year("-12-31"))
    return Hardship.objects.annotate(on=on)


def paid(hardships: QuerySet) -> QuerySet:
    """A row for each time its person was paid support in the year, on the ``day``."""
    rows = hardships.filter(person__grants__state=Grant.State.PAID, person__grants__paid_on__year=F("year"))
    return rows.annotate(day=F("person__grants__paid_on"))


def visited(hardships: QuerySet) -> QuerySet:
    """A row for each visit to its person in the year, on the ``day``."""
    return hardships.filter(person__visits__on__year=F("year")).annotate(day=F("person__visits__on"))


def reached(hardships: QuerySet, until: date) -> QuerySet:
    """Adds ``done_on``: the first visit to the person or support paid in the year of the hardship, up to ``until``."""
    first_paid, first_seen = (
        Subquery(rows.order_by().values("person").annotate(first=Min(day)).values("first"))
        for rows, day in _ways(until)
    )
    # Of the two, one alone may be there: PostgreSQL's least value leaves NULL aside, SQLite's is NULL then.
    return hardships.annotate(done_on=Coalesce(Least(first_paid, first_seen), first_paid, first_seen))


def unreached(hardships: QuerySet, until: date) -> QuerySet:
    """Those with neither."""
    return hardships.filter(*(~Exists(rows) for rows, _ in _ways(until)))


def _ways(until):
    """(rows of the person in the year of a hardship, their day) for each way of reaching somebody."""
    in_year = {"person": OuterRef("person")}
    grants = Grant.objects.paid().filter(**in_year, paid_on__year=OuterRef("year"), paid_on__lte=until)
    seen = Visit.objects.filter(**in_year, on__year=OuterRef("year"), on__lte=until)
    return (grants, "paid_on"), (seen, "on")


def poor_households():
    """A class holds for its whole year."""
    return PovertyRecord.objects.annotate(on=_day_of_year("-01-01"))


def loans_approved():
    return Loan.objects.exclude(approved_on=None).annotate(on=F("approved_on"))


def campaign_results():
    """Of the province's own drives: those of units below it are told by their units' rows already."""
    rows = CampaignResult.objects.filter(campaign__unit__depth=1).with_members()
    said = Case(When(contributors__isnull=False, then=F("campaign__starts_on")))
    return rows.annotate(on=F("campaign__starts_on"), done_on=said)  # a result has no day of its own


def activities():
    return Activity.objects.held().annotate(on=F("held_on"))


def awards():
    return Award.objects.standing().annotate(on=F("awarded_on"))


def agreements():
    return PartnerAgreement.objects.annotate(on=F("signed_on"))


def models_registered():
    return CareModel.objects.annotate(on=F("registered_on"))


def models_running():
    rows = CareModel.objects.exclude(running_since=None)
    return rows.annotate(on=F("running_since"), off=F("ended_on"))


# Rosters: who is bound in a year, and who did it -----------------------------------------------


def _year(year) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _bound(first, last, level):
    in_time = Q(valid_from=None) | Q(valid_from__lte=last), Q(valid_to=None) | Q(valid_to__gte=first)
    on = Greatest(Coalesce("valid_from", first), first, output_field=DateField())
    return Unit.objects.filter(*in_time, kind__level=level).select_related("kind").annotate(on=on)


def units_bound(year, chosen):
    """Units of the level in force on any day of the year, by when each held an activity of the kind.

    What is held for a season of the year counts in it, also when it was held before New Year.
    """
    first, last = _year(year)
    for_year = Coalesce("season_year", "held_on__year", output_field=IntegerField())
    held = _held(chosen).annotate(for_year=for_year, day=Least(Greatest("held_on", first), last)).filter(for_year=year)
    return _with_first(_bound(first, last, chosen["level"]), held)


def units_bound_in_season(year, chosen):
    """For a season those in force in January or February of its year, when Tết falls."""
    first = date(year, 1, 1)
    held = _held(chosen).filter(season_year=year).annotate(day=F("held_on"))
    return _with_first(_bound(first, date(year, 2, 28), chosen["level"]), held)


def _held(chosen):
    return Activity.objects.held().filter(unit=OuterRef("pk"), kind__code=chosen["activity"])


def _with_first(units, held):
    return units.annotate(done_on=Subquery(held.order_by("day").values("day")[:1], output_field=DateField()))


def season_of(chosen) -> str:
    kind = ActivityKind.objects.filter(code=chosen["activity"]).first()
    return kind.season if kind else ""


def loan_projects(year, chosen):
    """Projects in charge in the year, by when each came to keep its schedule: since the last review that says otherwise."""
    first, last = _year(year)
    reviews = LoanReview.objects.filter(project=OuterRef("pk"), on__range=(first, last), on_schedule=True)
    delayed = LoanReview.objects.filter(
        project=OuterRef("project"), on__range=(first, last), on_schedule=False, on__gt=OuterRef("on")
    )
    kept = reviews.filter(~Exists(delayed)).order_by("on").values("on")[:1]
    projects = LoanProject.objects.filter(assigned_on__lte=last).exclude(closed_on__lt=first).select_related("unit")
    if chosen["source"]:
        projects = projects.filter(source=chosen["source"])
    on = Greatest("assigned_on", first, output_field=DateField())
    return projects.annotate(on=on, done_on=Subquery(kept))
