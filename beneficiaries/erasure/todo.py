from django.urls import reverse

from beneficiaries.erasure.models import DataRequest
from welfare.site import TodoItem
from welfare.units.models import today


def waiting(user):
    """Requests about personal data: to be acknowledged, decided by somebody else, carried out; late ones apart."""
    page = reverse("admin:beneficiaries_datarequest_changelist")
    if user.has_perm("beneficiaries.change_datarequest"):
        own = _in_reach(user, "change_datarequest")
        new = own.open().filter(acknowledged_on__isnull=True)
        late = any(request.acknowledge_by < today() for request in new[:200])
        yield TodoItem(new.count(), "yêu cầu về dữ liệu cá nhân phải báo đã nhận (trong 2 ngày làm việc)", f"{page}?viec=bao", "mark_email_read", late)  # fmt: skip
    if user.has_perm("beneficiaries.decide_datarequest"):
        mine = _in_reach(user, "decide_datarequest")
        due = mine.nearly_due()
        others = mine.filter(state=DataRequest.State.OPEN).exclude(recorded_by=user)
        yield TodoItem(others.count(), "yêu cầu về dữ liệu cá nhân chờ quyết định", f"{page}?state__exact=open", "policy")  # fmt: skip
        late = due.filter(due_on__lt=today()).exists()
        yield TodoItem(due.count(), "yêu cầu về dữ liệu cá nhân sắp đến hạn hoặc quá hạn", f"{page}?viec=han", "timer", late)  # fmt: skip


def _in_reach(user, codename):
    requests, reach = DataRequest.objects.for_user(user).order_by(), user.reach_for(f"beneficiaries.{codename}")
    return requests if reach.writes_all else requests.filter(unit__in=reach.own)
