from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from programs.targets.counted import CountedIndicatorForm, may_recount
from programs.targets.models import Indicator, Target
from programs.targets.shares import PROPOSALS, SharesForm, proposal, receiving_units, saved_values
from welfare.site import page, render_page
from welfare.states import Refused


@page(permission="programs.change_targetshare", methods=("GET", "HEAD", "POST"))
def target_shares(request, target_id):
    """Give a target to the units, all values in one form; ``?de-xuat=`` fills it with a proposal to look at."""
    targets = Target.objects.for_user(request.user).select_related("plan__unit", "plan__kind")
    target = get_object_or_404(targets, pk=target_id)
    if not request.user.reach.may_write(target.plan.unit_id):
        raise PermissionDenied
    if not target.may_be_shared_out_by(request.user):
        messages.error(request, _why_not(target))
        return redirect("programs:plan_view", target.plan_id)
    units, proposed = receiving_units(target), request.GET.get("de-xuat")
    initial = saved_values(target)
    if proposed in PROPOSALS:
        initial |= proposal(proposed, target, units)
    form = SharesForm(request.POST or None, target=target, units=units, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, target, form):
        return redirect("programs:target_shares", target.pk)
    return render_page(request, "programs/target_shares.html", _context(target, form, proposed))


def _why_not(target):
    if not target.is_shareable:
        return "Chỉ tiêu tỷ lệ áp dụng chung cho mọi đơn vị nên không chia số cho từng đơn vị."
    return "Kế hoạch đã kết thúc nên không giao lại chỉ tiêu được."


def _save(request, target, form) -> bool:
    given = form.cleaned_data
    try:
        mismatch = target.share_out(
            request.user, form.shares, own_part=given["own_part"], version=given["version"]
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, f"Đã lưu phần giao cho {len(form.shares)} đơn vị.")
    if mismatch:
        messages.warning(request, mismatch)
    return True


def _context(target, form, proposed):
    return {
        "title": "Giao chỉ tiêu cho đơn vị",
        "target": target,
        "form": form,
        "proposals": PROPOSALS,
        "proposed": PROPOSALS.get(proposed),
        "mismatch": "" if form.is_bound else target.share_mismatch(),
    }


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
