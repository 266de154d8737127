from datetime import date

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.funds.books import fund_balances, kind_label, months_of
from beneficiaries.funds.committed import committed
from beneficiaries.funds.forms import EntryForm
from beneficiaries.funds.models import Fund
from beneficiaries.funds.printing import fund_row, kinds_in, unit_and_year
from welfare.asked import whole_number
from welfare.documents.charts import Series, bar_chart
from welfare.filters import unit_choices
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import today

_PREFILLED = ("kind", "amount", "donor", "pledge", "campaign", "from_unit", "note")
_MILLION = 1_000_000


@page(permission="beneficiaries.add_fundentry", methods=("GET", "HEAD", "POST"))
def fund_post(request, fund_id):
    """Record an entry by hand: money that comes in, a transfer, a spending no grant or house stands behind.

    What a link already knows, such as the pledge that is kept, is filled in.
    """
    fund = get_object_or_404(Fund.objects.for_user(request.user).select_related("unit"), pk=fund_id)
    back = reverse("admin:beneficiaries_fund_change", args=[fund.pk])
    known = {name: request.GET[name] for name in _PREFILLED if request.GET.get(name, "").isalnum()}
    form = EntryForm(request.POST or None, user=request.user, row=fund, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Đã ghi sổ quỹ.")
            return redirect(back)
    context = {"title": "Ghi sổ quỹ", "subtitle": fund.name, "fund": fund, "form": form, "back": back}
    return render_page(request, "beneficiaries/fund_post.html", context)


@page(permission="beneficiaries.view_fundentry")
def fund_report(request):
    """Income and spending of a year by fund, kind and month; from here they are printed and disclosed."""
    unit, year = unit_and_year(request.user, *_asked(request))
    first, last = date(year, 1, 1), min(date(year, 12, 31), today())
    balances = fund_balances(request.user, unit, first, last)
    came, went = kinds_in(balances)
    promised = committed([balance.fund.pk for balance in balances], request.user)
    months = months_of(Fund.objects.for_user(request.user).filter(unit__path__startswith=unit.path), first, last)
    rows = [fund_row(balance, came, went) for balance in balances]
    income, spending = (
        [kind_label(kind, is_out=False) for kind in came],
        [kind_label(kind, is_out=True) for kind in went],
    )
    labels = ["Dư đầu kỳ", *income, *spending, "Dư cuối kỳ"]
    context = {
        "title": "Thu, chi các quỹ",
        "subtitle": f"{unit.name} · từ 01/01/{year} đến {last:%d/%m/%Y}",
        "unit": unit,
        "year": year,
        "units": unit_choices(request.user),
        "years": range(today().year, today().year - 6, -1),
        "labels": _balances_first(labels),
        "rows": [
            {
                "fund": b.fund,
                "cells": _balances_first(zip(labels, row[1:], strict=True)),
                "promised": sum(promised[b.fund.pk].values()),
            }
            for b, row in zip(balances, rows, strict=True)
        ],
        "total": _balances_first((label, sum(row[n] for row in rows)) for n, label in enumerate(labels, 1)),
        "months": [month for month in months if month.income or month.spent or month.after],
        "chart": _chart(months),
    }
    return render_page(request, "beneficiaries/fund_report.html", context)


def _balances_first(cells) -> list:
    """On paper the closing balance ends the line; on a screen too narrow for all kinds it would be out of sight."""
    first, *between, last = cells
    return [first, last, *between]


def _asked(request) -> tuple[int, int]:
    """(unit, year) of the address; what is no number asks for the user's own unit and this year."""
    unit, year = whole_number(request.GET.get("unit")), whole_number(request.GET.get("year"), digits=4)
    is_year = year is not None and 2000 <= year <= today().year
    return _own_unit(request.user) if unit is None else unit, year if is_year else today().year


def _own_unit(user) -> int:
    return user.unit_id if user.reach.covers(user.unit_id) else next(iter(user.reach.read), user.unit_id)


def _chart(months):
    if not any(month.income or month.spent for month in months):
        return ""
    names = [f"Tháng {month.first_day:%m}" for month in months]
    income, spent = ([getattr(month, name) / _MILLION for month in months] for name in ("income", "spent"))
    return bar_chart("Thu, chi theo tháng", names, [Series("Thu", income), Series("Chi", spent)], unit="triệu đồng")
