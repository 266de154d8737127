from django.db import models
from django.db.models import Q

from welfare.history import History
from welfare.scoping import ScopedManager, Via


class HouseSurvey(models.Model):
    """What the surveyors saw of the home as it stands."""

    class Condition(models.TextChoices):
        SOUND = "sound", "Còn dùng tốt"
        WORN = "worn", "Xuống cấp"
        RUINED = "ruined", "Hư hỏng nặng"
        NONE = "none", "Không có"

    class Land(models.TextChoices):
        CERTIFIED = "certified", "Có giấy chứng nhận quyền sử dụng đất"
        CONFIRMED = "confirmed", "UBND xã xác nhận đất ở hợp pháp"
        FAMILY = "family", "Đất cha mẹ, người thân cho"
        BORROWED = "borrowed", "Ở nhờ, đất thuê"
        DISPUTED = "disputed", "Đang tranh chấp"

    house = models.OneToOneField(
        "beneficiaries.House", models.CASCADE, verbose_name="nhà", related_name="survey_record"
    )
    roof = models.CharField("mái", max_length=8, choices=Condition.choices)
    walls = models.CharField("vách, tường", max_length=8, choices=Condition.choices)
    floor = models.CharField("nền", max_length=8, choices=Condition.choices)
    area = models.PositiveSmallIntegerField("diện tích (m²)")
    residents = models.PositiveSmallIntegerField("số người đang ở")
    land = models.CharField("giấy tờ đất", max_length=10, choices=Land.choices)
    own_means = models.BigIntegerField("gia đình tự lo được (đồng)", default=0)
    estimate = models.BigIntegerField("dự toán (đồng)")
    surveyors = models.CharField("người khảo sát", max_length=200, blank=True)
    proposal = models.CharField("đề xuất của đoàn khảo sát", max_length=500)
    history = History(verbose_name="lịch sử khảo sát")

    scope = Via("house")
    objects = ScopedManager()

    class Meta:
        verbose_name = "phiếu khảo sát nhà"
        verbose_name_plural = "phiếu khảo sát nhà"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(own_means__gte=0, estimate__gt=0), name="house_survey_money_sane",
                violation_error_message="Dự toán phải lớn hơn 0, phần gia đình không được âm.",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"Khảo sát {self.house}"
