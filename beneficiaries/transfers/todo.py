from django.urls import reverse

from beneficiaries.transfers.closing import closed_units
from beneficiaries.transfers.models import Transfer
from welfare.site import TodoItem


def waiting(user):
    """People another unit asks to take; for the province, units that have ended and still have people."""
    if user.has_perm("beneficiaries.change_person"):
        reach = user.reach_for("beneficiaries.change_person")
        asked = Transfer.objects.for_user(user).filter(state=Transfer.State.ASKED)
        mine = asked if reach.writes_all else asked.filter(to_unit__in=reach.own)
        page = f"{reverse('admin:beneficiaries_transfer_changelist')}?state__exact={Transfer.State.ASKED}"
        yield TodoItem(mine.count(), "người được đề nghị chuyển đến, chờ trả lời", page, "move_down")
    if user.has_perm("beneficiaries.move_unit"):
        page = reverse("beneficiaries:closed_units")
        yield TodoItem(len(closed_units(user)), "đơn vị đã đóng còn người chưa chuyển sang đơn vị kế thừa", page, "domain_disabled")  # fmt: skip
