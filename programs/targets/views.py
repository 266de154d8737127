from unicodedata import normalize

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from programs.plans.models import Plan
from programs.plans.word.found import FoundTarget
from programs.plans.word.indicators import Indicators
from programs.targets.counted import CountedIndicatorForm, may_recount
from programs.targets.figures import RULE, Status, figures_for, viewpoint
from programs.targets.grid import DecisionForm, read_amount, read_posted, receiving_units, share_grid
from programs.targets.models import Indicator, Target, may_share_out, plain_number
from programs.targets.proposals import PROPOSALS, propose
from programs.targets.sentences import read_figures
from programs.targets.shares import ShareDecision, SharesDontAddUp, share_out
from welfare.asked import whole_number
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import Unit
from welfare.vietnamese import fold


@page(permission="programs.change_targetshare", methods=("GET", "HEAD", "POST"))
def plan_shares(request, plan_id):
    """The sheet of all shares of a plan, ``?chi-tieu=`` one target's; saved by JSON, so that what was typed stays on screen.

    Asked for JSON it answers with the numbers as they are now. A refusal is an answer with ``error``.
    """
    plan = get_object_or_404(Plan.objects.for_user(request.user).select_related("unit", "kind"), pk=plan_id)
    if not request.user.reach_for("programs.change_targetshare").may_write(plan.unit_id):
        raise PermissionDenied
    if request.method == "POST":
        return _save(request, plan)
    if not may_share_out(plan, request.user):
        messages.error(request, "Kế hoạch đã kết thúc nên không giao lại chỉ tiêu được.")
        return redirect("programs:plan_view", plan.pk)
    grid = share_grid(plan, whole_number(request.GET.get("chi-tieu")))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(_numbers(grid, plan))
    return render_page(request, "programs/target_shares.html", _context(request, plan, grid))


def _context(request, plan, grid):
    latest = ShareDecision.objects.filter(plan=plan).order_by("-on", "-pk").first() if plan.is_frozen else None
    initial = {"number": latest.number, "on": latest.on, "document": latest.document_id} if latest else {}
    return {
        "title": "Giao chỉ tiêu cho đơn vị",
        "plan": plan,
        "grid": grid,
        "is_one": whole_number(request.GET.get("chi-tieu")) is not None,
        "proposals": PROPOSALS,
        "decision": DecisionForm(user=request.user, row=plan, initial=initial) if plan.is_frozen else None,
        "others": [target for target in plan.targets.all() if not target.is_shareable],
    }


def _numbers(grid, plan):
    rows = [(plan.unit_id, grid.own), *((unit.pk, cells) for unit, cells in grid.rows)]
    columns = [target.pk for target in grid.columns]
    return {
        "version": grid.version,
        "cells": {unit_id: dict(zip(columns, cells, strict=True)) for unit_id, cells in rows},
    }


def _save(request, plan):
    try:
        cells, version, decision = read_posted(request.body, request.user, plan)
        mismatches = share_out(plan, request.user, cells, version=version, decision=decision)
    except SharesDontAddUp as refusal:
        return JsonResponse({"error": str(refusal), "mismatches": refusal.mismatches})
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)})
    told = f"Đã lưu {plain_number(sum(len(row) for row in cells.values()))} ô."
    if mismatches:
        told += f" Còn {len(mismatches)} chỉ tiêu giao chưa khớp; phải khớp trước khi ban hành."
    return JsonResponse({"message": told, "mismatches": mismatches})


@page(permission="programs.change_targetshare")
def share_proposal(request, target_id, how):
    """One way to share a target out, as JSON; ``?tu-lam=`` is what the issuer does itself. Saves nothing."""
    targets = Target.objects.for_user(request.user).select_related("plan__unit", "indicator")
    target = get_object_or_404(targets, pk=target_id)
    if how not in PROPOSALS or not target.may_be_shared_out_by(request.user):
        raise Http404
    try:
        own_part = read_amount(request.GET.get("tu-lam", ""))
        shares = propose(how, target, receiving_units(target.plan), own_part)
    except Refused as refusal:
        return JsonResponse({"error": str(refusal)})
    return JsonResponse({"cells": {unit_id: plain_number(value) if value else "" for unit_id, value in shares.items()}})


@page(permission="programs.view_target")
def figures_read(request):
    """The figures of the sentence ``?cau=``, as a target's form takes them, each with the indicator it seems to be of."""
    sentence, indicators = normalize("NFC", request.GET.get("cau", "")[:2000]), Indicators()
    found = [FoundTarget(sentence, figure, at=0) for figure in read_figures(sentence)]
    return JsonResponse({"figures": [_as_typed(one.figure, indicators.nearest(one)) for one in found]})


def _as_typed(figure, indicator):
    return {
        "indicator": indicator.pk if indicator else "",
        "words": figure.wanted(),
        "comparator": figure.comparator,
        "value": plain_number(figure.value),
        "value_max": plain_number(figure.value_max) if figure.value_max is not None else "",
        "unit_of_measure": figure.unit_of_measure,
    }


@page(permission="programs.view_targetshare")
def unit_targets(request):
    """What one unit answers for, across all plans in force or ended: its own unit, or ``?don-vi=`` one below it."""
    home = viewpoint(request.user)
    choices = [home, *Unit.objects.filter(path__startswith=home.path, depth=home.depth + 1).in_force()]
    unit = _asked_for(request.GET.get("don-vi", ""), choices) or home
    targets = (
        Target.objects.for_user(request.user).binding(unit).select_related("plan__kind", "plan__unit", "indicator")
    )
    targets = list(targets.order_by("-plan__first_year", "plan", "order", "pk"))
    rows = [figure for figure in figures_for(targets, unit).values() if _is_wanted(figure, request.GET)]
    context = {
        "title": "Chỉ tiêu của đơn vị",
        "unit": unit,
        "choices": choices,
        "rows": Paginator(rows, 25).get_page(request.GET.get("trang")),
        "has_any": bool(targets),
        "years": sorted({year for target in targets for year in _years(target)}, reverse=True),
        "statuses": Status,
        "asked": request.GET,
        "asked_status": request.GET.get("tinh-trang"),
        "rule": RULE,
    }
    return render_page(request, "programs/target_list.html", context)


def _asked_for(pk: str, units) -> Unit | None:
    return next((unit for unit in units if str(unit.pk) == pk), None)


def _is_wanted(figure, asked) -> bool:
    year, status = asked.get("nam", ""), asked.get("tinh-trang", "")
    said = fold(f"{figure.target.text} {figure.target.plan.title} {figure.target.indicator}")
    return (
        all(word in said for word in fold(asked.get("q", "")).split())
        and (not year or year in map(str, _years(figure.target)))
        and (not status or status == figure.status)
    )


def _years(target) -> range:
    plan = target.plan
    return range(plan.first_year, max(plan.last_year or 0, plan.first_year) + 1)


@page(permission="programs.add_indicator", methods=("GET", "HEAD", "POST"))
def indicator_count_add(request):
    """A new indicator that the ledger counts."""
    return _count_page(request, Indicator(), "Thêm chỉ số đếm từ sổ")


@page(permission="programs.change_indicator", methods=("GET", "HEAD", "POST"))
def indicator_count(request, indicator_id):
    """What part of the ledger an indicator of the province's own counts."""
    indicator = get_object_or_404(Indicator.objects.exclude(measure=None), pk=indicator_id)
    if not may_recount(request.user, indicator):
        raise PermissionDenied
    return _count_page(request, indicator, "Sửa cách đếm")


def _count_page(request, indicator, title):
    form = CountedIndicatorForm(request.POST or None, instance=indicator)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"Đã lưu chỉ số “{indicator}”. Số liệu được đếm lại trong ít phút.")
        return redirect("admin:programs_indicator_change", indicator.pk)
    context = {"title": title, "form": form, "back": reverse("admin:programs_indicator_changelist")}
    return render_page(request, "programs/indicator_count.html", context)
