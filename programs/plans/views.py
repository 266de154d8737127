from itertools import groupby
from operator import attrgetter

from django.shortcuts import get_object_or_404

from programs.plans.differences import differences
from programs.plans.models import Plan
from programs.plans.nesting import carried_out_by, owed_by, unit_plans
from programs.plans.text import outline
from programs.plans.writing.saving import may_write
from programs.targets.figures import RULE, figures_by_unit, figures_seen_by
from programs.targets.models import TargetShare
from welfare.site import page, render_page
from welfare.units.models import today


@page(permission="programs.view_plan")
def plan_view(request, plan_id):
    """The plan as one readable page: what it rests on, its targets with their figures, shares, tasks, recipients."""
    plan = _plan(request.user, plan_id)
    targets = list(plan.targets.select_related("indicator", "department").prefetch_related("milestones"))
    for target in targets:
        target.plan = plan
    figures = figures_seen_by(request.user, targets)
    context = {
        "title": str(plan),
        "plan": plan,
        "bases": plan.bases.select_related("document__kind", "document__issuer", "document__issuer_unit"),
        "outline": outline(plan),
        "rows": _rows(targets, figures),
        "shares": _shares(request.user, targets),
        "shareable": [target for target in targets if target.may_be_shared_out_by(request.user)],
        "assignments": plan.assignments.with_parties(),
        "recipients": plan.recipients.all(),
        **_nesting(request.user, plan),
        "newer": plan.superseded_by.filter(state__in=Plan.OUT).select_related("kind").first(),
        "rule": RULE,
        "formats": {"pdf": "PDF", "docx": "Word"},
        "may_write": may_write(request.user, plan),
        "reads_province": request.user.reach.covers(plan.unit_id),
    }
    return render_page(request, "programs/plan_view.html", context)


@page(permission="programs.view_plan")
def plan_changes(request, plan_id):
    """A version beside the one it supersedes."""
    plan = _plan(request.user, plan_id)
    older = get_object_or_404(Plan.objects.for_user(request.user).select_related("kind"), pk=plan.supersedes_id)
    context = {
        "title": "Thay đổi so với bản trước",
        "plan": plan,
        "older": older,
        "groups": differences(older, plan),
    }
    return render_page(request, "programs/plan_changes.html", context)


def _plan(user, plan_id):
    related = ("kind", "unit", "department", "implements_plan__kind", "implements_document__kind", "supersedes__kind")
    return get_object_or_404(Plan.objects.for_user(user).select_related(*related), pk=plan_id)


def _nesting(user, plan) -> dict:
    """Units that issued their own plan out of those asked to, and other plans that carry this one out."""
    below = list(carried_out_by(user, plan)) if plan.is_frozen else []
    units = unit_plans(user, plan, below) if plan.is_frozen and plan.asks_unit_plans else []
    listed = {row.plan for row in units}
    return {
        "unit_plans": units,
        "unit_plans_issued": sum(row.plan is not None for row in units),
        "is_overdue": plan.unit_plans_due_on is not None and plan.unit_plans_due_on < today(),
        "others_below": [other for other in below if other not in listed],
        "owes": user.has_perm("programs.add_plan") and plan in owed_by(user),
    }


def _rows(targets, figures):
    """One row a figure; ``goes_on`` where it belongs to the same sentence as the one above."""
    above = [None, *targets]
    return [
        {"target": target, "figure": figures[target.pk], "goes_on": before is not None and before.text == target.text}
        for before, target in zip(above, targets, strict=False)
    ]


def _shares(user, targets):
    """[(target, [(share, figure at the unit)])] of the shares this user may see, in the order of the tree."""
    shares = TargetShare.objects.for_user(user).filter(target__in=targets).select_related("unit")
    shares = sorted(shares, key=lambda share: (share.target_id, share.unit.path))
    units = {share.unit for share in shares}
    by_target = {key: list(rows) for key, rows in groupby(shares, key=attrgetter("target_id"))}
    shared = [target for target in targets if target.pk in by_target]
    figures = figures_by_unit(shared, units) if shared else {}
    return [
        (target, [(share, figures[target.pk, share.unit_id]) for share in by_target[target.pk]]) for target in shared
    ]
