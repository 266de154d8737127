from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from beneficiaries.funds.models import Fund, FundEntry, Pledge
from beneficiaries.funds.months import last_ended_month
from welfare.site import TodoItem
from welfare.units.models import today

_DAYS_TO_CLOSE = timedelta(days=10)


def waiting(user):
    """Pledges past their day, funds running out, and months that are over and still open, of the books this user keeps."""
    if user.has_perm("beneficiaries.add_fundentry"):
        reach = user.reach_for("beneficiaries.add_fundentry")
        pledges = Pledge.objects.for_user(user).overdue()
        pledges = pledges if reach.writes_all else pledges.filter(donor__unit__in=reach.own)
        page = f"{reverse('admin:beneficiaries_pledge_changelist')}?tinh-hinh=qua-hen"
        yield TodoItem(pledges.count(), "lời hứa tài trợ đã quá hẹn", page, "event_busy", is_late=True)
        low = _own(user, reach).filter(balance__lt=F("low_mark"))
        yield TodoItem(low.count(), "quỹ sắp hết tiền", reverse("admin:beneficiaries_fund_changelist"), "money_off")
    if user.has_perm("beneficiaries.close_fund"):
        yield _to_close(user)


def _to_close(user):
    month = last_ended_month(today() - _DAYS_TO_CLOSE)
    is_open = Q(closed_through__isnull=True) | Q(closed_through__lt=month)
    has_entries = Exists(FundEntry.objects.filter(fund=OuterRef("pk"), on__lte=month))
    funds = _own(user, user.reach_for("beneficiaries.close_fund")).filter(is_open, has_entries)
    page = reverse("admin:beneficiaries_fund_changelist")
    return TodoItem(funds.count(), f"quỹ chưa khóa sổ tháng {month:%m/%Y}", page, "lock_clock")


def _own(user, reach):
    """Of the unit itself: whoever writes everywhere keeps their own unit's books first."""
    return Fund.objects.for_user(user).filter(is_open=True, unit__in=reach.own).order_by()
