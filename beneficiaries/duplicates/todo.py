from django.urls import reverse

from beneficiaries.duplicates.models import DuplicateCase
from welfare.site import TodoItem


def waiting(user):
    """Pairs that this user may judge."""
    if not user.has_perm("beneficiaries.change_duplicatecase"):
        return
    reach = user.reach_for("beneficiaries.change_duplicatecase")
    cases = DuplicateCase.objects.for_user(user).waiting()
    mine = cases if reach.writes_all else cases.filter(first__unit__in=reach.own)
    page = f"{reverse('admin:beneficiaries_duplicatecase_changelist')}?state__exact={DuplicateCase.State.OPEN}"
    yield TodoItem(mine.count(), "cặp nghi trùng chờ kết luận", page, "compare_arrows")
