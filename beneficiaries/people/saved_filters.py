"""The filters a user keeps under a name, each their own."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from welfare.scoping import ScopedManager
from welfare.units.models import User

MOST = 30  # of one user
_NOT_KEPT = {"q", "p", "o", "all", "e", "_popup", "_to_field"}


@dataclass(frozen=True)
class Mine:
    """Rows of one user, for nobody else."""

    user: str = "user"

    def q(self, model, user, prefix=""):
        return Q(**{f"{prefix}{self.user}": user.pk})


def kept_query(query: str) -> str:
    """What of a list's address a filter keeps: no page, no order, and no words that name somebody."""
    pairs = [(key, value) for key, value in parse_qsl(query) if key not in _NOT_KEPT and value]
    return urlencode(pairs)


class SavedFilter(models.Model):
    user = models.ForeignKey(User, models.CASCADE, verbose_name="của ai", related_name="saved_filters", db_index=False)
    name = models.CharField("tên bộ lọc", max_length=80)
    query = models.CharField("điều kiện", max_length=1000, editable=False)

    scope = Mine()
    objects = ScopedManager()

    class Meta:
        verbose_name = "bộ lọc đã lưu"
        verbose_name_plural = "bộ lọc đã lưu"
        default_permissions = ()
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], name="filter_named_once",
                violation_error_message="Bạn đã có bộ lọc tên này; hãy đặt tên khác.",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.name

    def clean(self):
        self.name, self.query = self.name.strip(), kept_query(self.query)
        if not self.query:
            raise ValidationError("Danh sách chưa lọc gì; hãy chọn điều kiện lọc rồi lưu.")
        if len(self.query) > self._meta.get_field("query").max_length:
            raise ValidationError("Bộ lọc có quá nhiều điều kiện; hãy bỏ bớt rồi lưu.")
        if not self.pk and SavedFilter.objects.filter(user=self.user_id).count() >= MOST:
            raise ValidationError(f"Mỗi người giữ nhiều nhất {MOST} bộ lọc; hãy xóa bớt.")
