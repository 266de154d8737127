from programs.activities.todo import listed
from programs.caremodels.models import CareModel


def waiting(user):
    """Models of one's own unit that ran for a year without being evaluated."""
    if user.has_perm("programs.change_caremodel"):
        rows = CareModel.objects.for_user(user).unevaluated().filter(unit__in=user.reach.own)
        yield listed(
            rows, "mô hình chưa đánh giá trong 12 tháng", "caremodel", "tinh-trang=chua-danh-gia", "rate_review"
        )
