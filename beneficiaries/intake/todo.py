from django.db.models import Q
from django.urls import reverse

from beneficiaries.intake.models import ListBatch
from welfare.site import TodoItem


def waiting(user) -> list[TodoItem]:
    """Lists that were read and wait for somebody to take them or drop them."""
    reach = user.reach_for("beneficiaries.change_listbatch")
    mine = Q(owner=user) if reach.province else Q(unit__in=reach.own)
    batches = ListBatch.objects.for_user(user).filter(mine, state=ListBatch.State.READY)
    url = f"{reverse('admin:beneficiaries_listbatch_changelist')}?state__exact={ListBatch.State.READY}"
    return [TodoItem(batches.count(), "danh sách đã đọc xong, chờ kiểm tra và nhận", url, "fact_check")]
