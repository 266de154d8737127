"""The way of a house: its states in order, the date that says when each was reached, and how long one may last."""

from datetime import timedelta

from django.db import models
from django.db.models import BooleanField, Case, Q, When

from welfare.kinds import Kind
from welfare.scoping import ScopedQuerySet
from welfare.units.models import today


class State(models.TextChoices):
    PROPOSED = "proposed", "Đề xuất"
    SURVEYED = "surveyed", "Đã khảo sát"
    APPRAISED = "appraised", "Đã thẩm định"
    DECIDED = "decided", "Đã quyết định"
    STARTED = "started", "Đang xây"
    COMPLETED = "completed", "Đã nghiệm thu"
    HANDED_OVER = "handed_over", "Đã bàn giao"
    SETTLED = "settled", "Đã quyết toán"
    REFUSED = "refused", "Không duyệt"
    WITHDRAWN = "withdrawn", "Rút hồ sơ"


class Step(models.TextChoices):
    """What has to be done to reach the state of the same name."""

    SURVEYED = "surveyed", "Khảo sát"
    APPRAISED = "appraised", "Thẩm định"
    DECIDED = "decided", "Quyết định"
    STARTED = "started", "Khởi công"
    COMPLETED = "completed", "Nghiệm thu"
    HANDED_OVER = "handed_over", "Bàn giao"
    SETTLED = "settled", "Quyết toán"


WAY = [state for state in State if state not in (State.REFUSED, State.WITHDRAWN)]
OPEN = WAY[:-1]
PAYABLE = [State.DECIDED, State.STARTED, State.COMPLETED, State.HANDED_OVER]


def date_field(state) -> str:
    """The field of the day on which a state of ``WAY`` was reached."""
    return f"{state}_on"


def before(state) -> str:
    return WAY[WAY.index(state) - 1]


def has_passed(house, step) -> bool:
    return house.state in WAY and WAY.index(house.state) >= WAY.index(step)


class StageDeadline(Kind):
    """How many days a house may stay in a state; ``code`` is the state."""

    days = models.PositiveSmallIntegerField("số ngày", null=True, blank=True, help_text="Để trống là không đặt hạn.")

    class Meta(Kind.Meta):
        verbose_name = "hạn xử lý hồ sơ nhà"
        verbose_name_plural = "hạn xử lý hồ sơ nhà"
        ordering = ["pk"]

    @classmethod
    def days_by_state(cls) -> dict[str, int]:
        return dict(cls.objects.filter(days__isnull=False).values_list("code", "days"))


class HouseQuerySet(ScopedQuerySet):
    def late(self):
        """Those that have stood in their state for longer than its deadline."""
        return self.filter(_overdue())

    def with_lateness(self):
        """Adds ``is_late``."""
        return self.annotate(is_late=Case(When(_overdue(), then=True), default=False, output_field=BooleanField()))

    def standing(self):
        """Those that were neither refused nor withdrawn."""
        return self.exclude(state__in=[State.REFUSED, State.WITHDRAWN])

    def funded_by(self, fund):
        """Those with a line out of a fund, each once."""
        return self.filter(pk__in=self.model.objects.filter(funding__fund=fund).order_by().values("pk"))


def _overdue() -> Q:
    overdue = Q(pk__in=[])
    for state, days in StageDeadline.days_by_state().items():
        if state in OPEN:
            overdue |= Q(state=state, **{f"{date_field(state)}__lt": today() - timedelta(days=days)})
    return overdue
