"""How punctual units are over the years, and how complete each period is."""

from dataclasses import dataclass

from django.core.paginator import Paginator

from programs.reporting.consolidation import Tally, on_time_by_unit, tally_by_period
from programs.reporting.models import UnitReport
from programs.reporting.rules import ReportingPeriod
from welfare.site import page, render_page
from welfare.units.models import Unit, today
from welfare.vietnamese import fold

YEARS = 6
PER_PAGE = 50


@dataclass(frozen=True)
class UnitRecord:
    """``years``: a Tally for each year shown, None where the unit owed nothing."""

    unit: Unit
    years: list[Tally | None]

    @property
    def rank(self):
        """The least punctual first, by the newest year in which there is something to say."""
        rates = [tally.on_time_rate for tally in self.years if tally and tally.on_time_rate is not None]
        return (not rates, rates[0] if rates else 0)


@page(permission="programs.view_unitreport")
def report_punctuality(request):
    """Units by years, the newest first; ``?tim=`` words of a name, ``?xep=cham`` the least punctual first."""
    first_year = today().year - YEARS + 1
    tallies = on_time_by_unit(
        UnitReport.objects.coming_to(request.user).filter(department=None, due_on__year__gte=first_year)
    )
    years = sorted({year for _, year in tallies}, reverse=True)
    records = _records(tallies, years, fold(request.GET.get("tim", "")[:80]).split())
    if request.GET.get("xep") == "cham":
        records.sort(key=lambda record: record.rank)
    context = {
        "title": "Đúng hạn qua các năm",
        "tab": "punctuality",
        "years": years,
        "whole": [_rate_of(tallies, year) for year in years],
        "page": Paginator(records, PER_PAGE).get_page(request.GET.get("p")),
    }
    return render_page(request, "programs/report_punctuality.html", context)


def _records(tallies, years, words) -> list[UnitRecord]:
    units = Unit.objects.filter(pk__in={unit_id for unit_id, _ in tallies})
    named = [unit for unit in units if all(word in fold(f"{unit.name} {unit.short_name}") for word in words)]
    return [UnitRecord(unit, [tallies.get((unit.pk, year)) for year in years]) for unit in named]


def _rate_of(tallies, year) -> int | None:
    """Of all units together in a year."""
    of_year = [tally for (_, each), tally in tallies.items() if each == year]
    on_time = sum(tally.on_time for tally in of_year)
    judged = sum(tally.judged for tally in of_year)
    return round(100 * on_time / judged) if judged else None


@page(permission="programs.view_unitreport")
def report_periods(request):
    """Every period with how many of its reports came, the newest first."""
    reports = UnitReport.objects.coming_to(request.user)
    periods = ReportingPeriod.objects.filter(pk__in=reports.order_by().values("period_id"))
    shown = Paginator(periods.select_related("rule__plan__kind"), PER_PAGE).get_page(request.GET.get("p"))
    tallies = tally_by_period(reports.filter(period__in=[period.pk for period in shown]))
    context = {
        "title": "Các kỳ báo cáo",
        "tab": "periods",
        "page": shown,
        "rows": [(period, tallies[period.pk]) for period in shown],
    }
    return render_page(request, "programs/report_periods.html", context)
