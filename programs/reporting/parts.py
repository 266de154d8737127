"""What a report holds: its figures, what it said each time it was sent, what was said about it, later deadlines."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from programs.reporting.models import UnitReport
from programs.targets.models import Indicator, plain_number
from welfare.scoping import ScopedManager, Via
from welfare.units.models import User, today


class ReportPart(models.Model):
    report = models.ForeignKey(UnitReport, models.CASCADE, verbose_name="báo cáo", related_name="%(class)ss")

    scope = Via("report")
    objects = ScopedManager()

    class Meta:
        abstract = True


class ReportFigure(ReportPart):
    """What a report states for one indicator, beside what the ledger (or the reports below) said when it was sent.

    A rate has ``numerator`` and ``denominator``, its ``value`` follows from them; others have ``value`` alone. A figure
    nobody typed follows the ledger until the report is sent.
    """

    report = models.ForeignKey(UnitReport, models.CASCADE, verbose_name="báo cáo", related_name="figures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name="chỉ số", related_name="+")
    order = models.PositiveSmallIntegerField(default=0)
    is_typed = models.BooleanField("đơn vị tự ghi", default=False)
    value = models.DecimalField("số báo cáo", max_digits=18, decimal_places=2, null=True, blank=True)
    numerator = models.DecimalField("tử số", max_digits=18, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField("mẫu số", max_digits=18, decimal_places=2, null=True, blank=True)
    known_value = models.DecimalField("số theo sổ", max_digits=18, decimal_places=2, null=True, editable=False)
    known_numerator = models.DecimalField(max_digits=18, decimal_places=2, null=True, editable=False)
    known_denominator = models.DecimalField(max_digits=18, decimal_places=2, null=True, editable=False)
    note = models.CharField("giải trình", max_length=500, blank=True)

    class Meta:
        verbose_name = "số liệu báo cáo"
        verbose_name_plural = "số liệu báo cáo"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "indicator"], name="report_figure_once",
                violation_error_message="Chỉ số này đã có trong báo cáo.",
            ),
            models.CheckConstraint(
                condition=(Q(value__isnull=True) | Q(value__gte=0))
                & (Q(numerator__isnull=True) | Q(numerator__gte=0))
                & (Q(denominator__isnull=True) | Q(denominator__gte=0)),
                name="report_figure_not_negative",
                violation_error_message="Số liệu báo cáo không được âm.",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False, numerator__lte=F("denominator")),
                name="report_rate_has_both_parts",
                violation_error_message="Tỷ lệ cần cả tử số và mẫu số, tử số không lớn hơn mẫu số.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.indicator}: {self.stated_text}"

    def clean(self):
        if self.indicator.is_ratio:
            self._clean_rate()
        elif self.value is not None and self.value < 0:
            raise ValidationError({"value": f"{self.indicator}: số báo cáo không được âm."})

    def _clean_rate(self):
        """Both parts or none; a whole of nothing has no rate."""
        part, whole = self.numerator, self.denominator
        if (part is None) != (whole is None):
            raise ValidationError({"denominator": f"{self.indicator}: tỷ lệ cần cả tử số và mẫu số."})
        if part is not None and (part < 0 or whole < 0):
            raise ValidationError({"numerator": f"{self.indicator}: tử số và mẫu số không được âm."})
        if part is not None and part > whole:
            raise ValidationError({"numerator": f"{self.indicator}: tử số không được lớn hơn mẫu số."})
        self.value = rate(part, whole)

    @property
    def is_stated(self) -> bool:
        return self.value is not None or self.denominator is not None

    @property
    def stated_text(self) -> str:
        return in_words(self.indicator, self.value, self.numerator, self.denominator)

    @property
    def known_text(self) -> str:
        return in_words(self.indicator, self.known_value, self.known_numerator, self.known_denominator)

    @property
    def difference(self):
        """What is stated less what is known, in the indicator's unit; None where one of them is missing."""
        return None if self.value is None or self.known_value is None else round(self.value - self.known_value, 2)

    @property
    def is_known(self) -> bool:
        return self.known_value is not None or self.known_denominator is not None

    @property
    def differs(self) -> bool:
        """Stated otherwise than known: also 30/40 where 3/4 is known, though the rates are alike."""
        if not (self.is_known and self.is_stated):
            return False
        if self.indicator.is_ratio:
            return (self.numerator, self.denominator) != (self.known_numerator, self.known_denominator)
        return self.value != self.known_value


def rate(numerator, denominator):
    """Percent, rounded as it is stored; None of nothing."""
    return round(100 * numerator / denominator, 2) if denominator else None


def in_words(indicator, value, numerator=None, denominator=None) -> str:
    """ "7 nhà", "75% (3/4)", "–" where nothing is known."""
    if value is None:
        return f"– ({plain_number(numerator)}/{plain_number(denominator)})" if denominator is not None else "–"
    unit = "%" if indicator.unit_of_measure == "%" else f" {indicator.unit_of_measure}"
    parts = f" ({plain_number(numerator)}/{plain_number(denominator)})" if denominator is not None else ""
    return f"{plain_number(value)}{unit}{parts}"


class ReportVersion(ReportPart):
    """What a report said when it was sent; never changed."""

    report = models.ForeignKey(UnitReport, models.CASCADE, verbose_name="báo cáo", related_name="versions")
    number = models.PositiveSmallIntegerField("lần gửi")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người gửi", related_name="+")
    at = models.DateTimeField("gửi lúc", auto_now_add=True)
    content = models.JSONField("nội dung", default=dict)

    class Meta:
        verbose_name = "lần gửi báo cáo"
        verbose_name_plural = "các lần gửi báo cáo"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_version_once")]

    def __str__(self):
        return f"Lần {self.number}"


class ReportComment(models.Model):
    """What the receiver wants mended, at one place of the version it was sent back with."""

    version = models.ForeignKey(ReportVersion, models.CASCADE, verbose_name="lần gửi", related_name="comments")
    place = models.CharField("chỗ", max_length=60, help_text="results, next_steps, proposals hoặc figure-<mã chỉ số>")
    text = models.CharField("ý kiến", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", related_name="+")
    at = models.DateTimeField("lúc", auto_now_add=True)

    scope = Via("version")
    objects = ScopedManager()

    class Meta:
        verbose_name = "ý kiến trả lại"
        verbose_name_plural = "ý kiến trả lại"
        ordering = ["pk"]

    def __str__(self):
        return self.text


class Extension(ReportPart):
    """A later deadline for one report: until when, why, by whom."""

    before = models.DateField("hạn cũ")
    until = models.DateField("hạn mới")
    reason = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người gia hạn", related_name="+")
    on = models.DateField("ngày gia hạn", default=today)

    class Meta:
        verbose_name = "gia hạn"
        verbose_name_plural = "gia hạn"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("before")), name="extension_is_later",
                violation_error_message="Hạn mới phải sau hạn cũ.",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"đến {self.until:%d/%m/%Y}: {self.reason}"
