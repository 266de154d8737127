"""What the head of a fund's page shows: what is in it, how it went, what is promised, and its ledger."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.urls import reverse

from beneficiaries.funds.books import by_kind, kind_label, months_of
from beneficiaries.funds.committed import committed
from beneficiaries.funds.models import Fund, FundEntry
from beneficiaries.funds.printing import typed_day
from welfare.documents.charts import Series, bar_chart
from welfare.units.models import today

PER_PAGE = 10
_MONTHS = 12
_MILLION = 1_000_000


def fund_page(fund: Fund, request) -> dict:
    user, on = request.user, today()
    promised = committed([fund.pk], user)[fund.pk]
    free = fund.balance - sum(promised.values())
    return {
        "fund": fund,
        "promised": promised,
        "free": free,
        "is_low": free < fund.low_mark,
        "this_year": on.year,
        "by_kind": _of_year(fund, on),
        "chart": _chart(fund, on),
        "entries": _entries(fund, request),
        "kinds": FundEntry.Kind.choices,
        "is_filtered": any(request.GET.get(name) for name in ("q", "kind", "tu", "den")),
        "years": _years(fund, on),
        "post_url": _post_url(fund, user),
    }


def _post_url(fund, user) -> str:
    may = fund.is_open and user.reach_for("beneficiaries.add_fundentry").may_write(fund.unit_id)
    return reverse("beneficiaries:fund_post", args=[fund.pk]) if may else ""


def _of_year(fund, on) -> list[dict]:
    """{"label", "total" (VND, positive), "count"} of the year, incomes first."""
    rows = by_kind(fund.entries.filter(on__year=on.year)).order_by().values("of_kind", "is_out")
    rows = rows.annotate(total=Sum("amount"), count=Count("pk"))
    return [
        {"label": kind_label(row["of_kind"], is_out=row["is_out"]), "total": abs(row["total"]), "count": row["count"]}
        for row in sorted(rows, key=lambda row: (row["is_out"], row["of_kind"]))
    ]


def _chart(fund, on):
    """Nothing for a fund that never had money."""
    first = date(on.year - 1, on.month, 1) + 31 * date.resolution
    months = months_of(Fund.objects.filter(pk=fund.pk), first.replace(day=1), on)[-_MONTHS:]
    if not any(month.income or month.spent or month.after for month in months):
        return ""
    names = [f"Tháng {month.first_day:%m/%Y}" for month in months]
    series = [
        Series("Thu", [month.income / _MILLION for month in months]),
        Series("Chi", [month.spent / _MILLION for month in months]),
        Series("Dư cuối tháng", [month.after / _MILLION for month in months]),
    ]
    return bar_chart("Thu, chi và số dư 12 tháng", names, series, unit="triệu đồng")


def _entries(fund, request):
    entries = fund.entries.for_user(request.user).select_related("donor", "from_unit", "by")
    words, kind = request.GET.get("q", "").replace("\0", "").strip()[:100], request.GET.get("kind", "")
    if words:
        entries = entries.search(words)
    if kind in FundEntry.Kind.values:
        entries = entries.filter(kind=kind)
    if first := typed_day(request.GET.get("tu", "")):
        entries = entries.filter(on__gte=first)
    if last := typed_day(request.GET.get("den", "")):
        entries = entries.filter(on__lte=last)
    return Paginator(entries, PER_PAGE).get_page(request.GET.get("p"))


def _years(fund, on) -> list[int]:
    first = fund.entries.order_by("on").values_list("on__year", flat=True).first() or on.year
    return list(range(on.year, first - 1, -1))[:20]
