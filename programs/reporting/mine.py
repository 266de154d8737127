"""The reports a user's units and departments owe and have sent."""

from django.core.paginator import Paginator
from django.db.models import Case, Value, When

from programs.plans.models import Plan
from programs.reporting.models import UnitReport
from welfare.asked import whole_number
from welfare.site import page, render_page
from welfare.units.models import today
from welfare.vietnamese import fold

PER_PAGE = 25
_STATES = UnitReport.State
_IN_ORDER = (_STATES.RETURNED, _STATES.DRAFT, _STATES.SUBMITTED, _STATES.ACCEPTED)


@page(permission="programs.view_unitreport")
def my_reports(request):
    """Late ones first, then what was returned, is owed, was sent, was accepted. ``?nam= &ke-hoach= &trang-thai= &q=``."""
    mine = UnitReport.objects.for_user(request.user).written_by(request.user)
    chosen = {name: request.GET.get(name, "")[:80].replace("\0", "") for name in ("nam", "ke-hoach", "trang-thai", "q")}
    days = mine.order_by().values_list("last_day", flat=True)
    years = sorted({str(day.year) for day in days}, reverse=True)
    shown = Paginator(_in_order(_narrowed(mine, chosen, years)), PER_PAGE).get_page(request.GET.get("p"))
    plans = Plan.objects.filter(reporting_rules__periods__reports__in=mine.values("pk")).distinct()
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "title": "Báo cáo của tôi",
        "reports": shown,
        "chosen": {"year": chosen["nam"], "plan": chosen["ke-hoach"], "state": chosen["trang-thai"], "q": chosen["q"]},
        "is_narrowed": any(chosen.values()),
        "years": years,
        "plans": plans.select_related("kind", "unit"),
        "states": [("late", "Quá hạn"), *((state.value, state.label) for state in _IN_ORDER)],
        "query": query.urlencode(),
        "today": today(),
    }
    return render_page(request, "programs/my_reports.html", context)


def _narrowed(reports, chosen, years):
    if chosen["nam"] in years:
        reports = reports.filter(last_day__year=int(chosen["nam"]))
    if plan := whole_number(chosen["ke-hoach"]):
        reports = reports.filter(period__rule__plan=plan)
    if chosen["trang-thai"] == "late":
        reports = reports.late()
    elif chosen["trang-thai"] in _STATES.values:
        reports = reports.filter(state=chosen["trang-thai"])
    return _found(reports, fold(chosen["q"]).split())


def _found(reports, words):
    """One writer's reports are few: read whole, so that accents don't matter."""
    if not words:
        return reports
    names = reports.values_list("pk", "period__rule__name", "period__name", "period__rule__plan__title", "unit__name")
    return reports.filter(pk__in=[pk for pk, *said in names if all(word in fold(" ".join(said)) for word in words)])


def _in_order(reports):
    ranks = [When(state__in=[_STATES.DRAFT, _STATES.RETURNED], due_on__lt=today(), then=Value(0))]
    ranks += [When(state=state, then=Value(n)) for n, state in enumerate(_IN_ORDER, 1)]
    related = ("period__rule__plan__kind", "period__rule__plan__unit", "unit", "department", "receiver")
    return reports.select_related(*related).annotate(rank=Case(*ranks)).order_by("rank", "-due_on", "pk")
