from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from reports.rows.views import unit_by_id
from reports.subscriptions.models import DashboardIssue, Subscription
from welfare.site import page
from welfare.units.models import today


@page(permission="programs.view_actual", methods=("POST",))
def subscribe(request):
    """``nhan=1``: the dashboard of ``unit`` every month, in place of another unit's; ``0``: no more."""
    unit = unit_by_id(request.user, request.POST.get("unit"))
    if request.POST.get("nhan") == "1":
        _take_up(request.user, unit)
        messages.success(request, f"Đầu mỗi tháng bạn sẽ nhận bản tổng quan của {unit}.")
    else:
        for subscription in Subscription.objects.for_user(request.user).filter(is_active=True):
            subscription.is_active = False
            subscription.save()
        messages.success(request, "Bạn đã thôi nhận bản tổng quan hằng tháng.")
    return redirect(f"{reverse('reports:dashboard')}?unit={unit.pk}")


def _take_up(user, unit):
    subscription = Subscription.objects.filter(user=user).first() or Subscription(user=user)
    if not subscription.is_active:
        subscription.is_active, subscription.since = True, today()
    subscription.unit = unit
    subscription.save()


@page(permission="programs.view_actual")
def issue(request, issue_id):
    """Opens one's own issue; the to-do list names it no more."""
    found = get_object_or_404(DashboardIssue.objects.for_user(request.user), pk=issue_id)
    if found.file_id is None:
        raise Http404
    DashboardIssue.objects.filter(pk=found.pk, opened_at=None).update(opened_at=timezone.now())
    return redirect("welfare:file", found.file_id)
