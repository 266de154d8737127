"""The dashboard on screen, and the units under one of its targets."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render

from programs.models import Target
from programs.targets.figures import RULE
from reports.dashboard.board import Board
from reports.dashboard.period import asked_period, months_of, years
from reports.dashboard.period import number as asked_number
from reports.dashboard.summary import unit_above
from reports.rows.views import asked_unit
from reports.subscriptions.models import Subscription
from welfare.site import page, render_page

UNITS_SHOWN = 60


@page(permission="programs.view_actual")
def dashboard(request):
    """``?nam=`` year, ``den=`` last month, ``ke-hoach=`` plan (default all in force that year), ``unit=``, ``xep=`` sort
    of units, ``tim=`` part of their names, ``p=`` page of them, ``hop=1`` in large type for a meeting.
    """
    board = Board(
        request.user, asked_unit(request), asked_period(request.GET), asked_number(request.GET.get("ke-hoach")),
        is_meeting=request.GET.get("hop") == "1",
    )  # fmt: skip
    order, parent = request.GET.get("xep", ""), _parent(request.user, board.unit)
    name = request.GET.get("tim", "").strip()[:80]
    units = Paginator(board.units(order, name), UNITS_SHOWN).get_page(request.GET.get("p"))
    context = {
        "title": "Tổng quan",
        "board": board,
        "units": units,
        "unit_rows": board.unit_rows(units),
        "unit_name": name,
        "is_searched": len(board.summary.children) > UNITS_SHOWN,
        "headers": board.headers(order, name),
        "order": order,
        "years": years(),
        "months": months_of(board.year),
        "parent": parent,
        "parent_url": board.address(unit=parent.pk) if parent else "",
        "other_units": [(unit, board.address(unit=unit.pk)) for unit in _other_units(request.user, board.unit)],
        "rule": RULE,
        "today": board.today,
        "subscription": Subscription.objects.for_user(request.user).filter(is_active=True).first(),
    }
    return render_page(request, "reports/dashboard.html", context)


@page(permission="programs.view_actual")
def target_parts(request, target_id):
    """What opens below a target of the dashboard: its units, asked for like the dashboard itself."""
    board = Board(request.user, asked_unit(request), asked_period(request.GET))
    target = get_object_or_404(Target.objects.select_related("plan", "indicator"), pk=target_id, plan__in=board.plans)
    return render(request, "reports/target_parts.html", {"parts": board.parts_of(target)})


def _parent(user, unit):
    """Where one came from: the unit above, or the one in reach that took a closed unit over."""
    above = [unit_above(unit), *(unit.successors.all() if unit.valid_to else ())]
    return next((each for each in above if each and user.reach.covers(each.pk)), None)


def _other_units(user, shown):
    """Those where somebody appointed in several of them may look too."""
    held = {each.unit_id: each.unit for each in user.appointments_in_force if each.role.handles_people}
    several = len(held) > 1 and not user.reach.province
    return [unit for unit in held.values() if several and unit.pk != shown.pk]
