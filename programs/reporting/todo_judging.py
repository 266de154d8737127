from django.urls import reverse

from programs.reporting.board import ALL_PERIODS, KEPT
from programs.reporting.models import UnitReport
from welfare.site import TodoItem
from welfare.units.models import Unit


def waiting_to_judge(user):
    """Reports that wait for this user's judgement, and the late ones of units in their care."""
    if not user.has_perm("programs.accept_unitreport"):
        return
    board = reverse("programs:report_board")
    reports = UnitReport.objects.coming_to(user)
    waiting = UnitReport.objects.for_user(user).waiting_for(user).count()
    yield TodoItem(waiting, "báo cáo đã gửi, chờ duyệt", f"{board}?ky={ALL_PERIODS}&loai=cho-duyet", "rate_review")
    late = _in_care(user, reports.late())
    kept = f"&cua={KEPT}" if user.kept_unit_ids else ""
    yield TodoItem(late.count(), "báo cáo của đơn vị quá hạn", f"{board}?ky={ALL_PERIODS}&loai=tre{kept}",
                   "notification_important", is_late=True)  # fmt: skip


def _in_care(user, reports):
    """Of the units the user keeps; who keeps none cares for all that report to their own unit."""
    if not user.kept_unit_ids:
        return reports.in_charge_of(user)
    units = Unit.objects.filter(pk__in=user.kept_unit_ids)
    return reports.filter(unit__in=set().union(*(unit.subtree_ids() for unit in units)))
