"""On what basis a person's data is kept and used (Law 91/2025/QH15): since when, by what evidence, until when."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from beneficiaries.rules import business_day
from welfare.audit import AuditEvent, record
from welfare.history import History
from welfare.scoping import ScopedManager, Via
from welfare.states import Refused, locked
from welfare.units.models import User, today


class Consent(models.Model):
    """A basis in force until it is withdrawn. The signed sheet hangs on it as a stored file."""

    class Basis(models.TextChoices):
        FORM = "form", "Đồng ý trên đơn đề nghị"
        SHEET = "sheet", "Phiếu đồng ý riêng"
        RELATIVE = "relative", "Người giám hộ, thân nhân đồng ý"
        LAW = "law", "Theo quy định của pháp luật, không cần đồng ý"

    person = models.ForeignKey(
        "beneficiaries.Person", models.CASCADE, verbose_name="người", related_name="consents"
    )  # fmt: skip
    basis = models.CharField("căn cứ", max_length=10, choices=Basis.choices)
    given_on = models.DateField("từ ngày", default=today)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    withdrawn_on = models.DateField("rút ngày", null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField("lý do rút", max_length=300, blank=True, editable=False)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", editable=False, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    history = History(verbose_name="lịch sử đồng ý")

    scope = Via("person")
    objects = ScopedManager()

    class Meta:
        verbose_name = "sự đồng ý"
        verbose_name_plural = "sự đồng ý"
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_days_in_order",
                violation_error_message="Ngày rút phải từ ngày đồng ý trở đi.",
            )
        ]

    def __str__(self):
        return f"{self.get_basis_display()} ({self.given_on:%d/%m/%Y})"

    def clean(self):
        if self.given_on and self.given_on > today():
            raise ValidationError({"given_on": f"Ngày {self.given_on:%d/%m/%Y} chưa tới; hãy xem lại."})
        born = self.person.first_day
        if born and self.given_on and self.given_on < born:
            raise ValidationError({"given_on": f"Ngày đồng ý trước ngày sinh ({self.person.born})."})

        same = Consent.objects.filter(person=self.person, basis=self.basis, given_on=self.given_on, withdrawn_on=None)
        if same.exclude(pk=self.pk).exists():
            raise ValidationError({"basis": "Đã ghi căn cứ này với cùng ngày; hãy xem danh sách bên dưới."})

    def withdraw(self, by, *, reason="", on=None):
        self.person.need_to_write(by, "ghi việc rút đồng ý")
        on = business_day(on, since=self.given_on, after="ngày đồng ý")
        with locked(self) as consent:
            if consent.withdrawn_on:
                raise Refused(f"Sự đồng ý này đã được rút ngày {consent.withdrawn_on:%d/%m/%Y}.")
            consent.withdrawn_on, consent.withdrawn_reason = on, reason.strip()[:300]
            consent.save()
            record(AuditEvent.Action.CHANGE, actor=by, subject=consent, unit=consent.person.unit, detail={"withdrawn": str(on)})  # fmt: skip
        self.refresh_from_db()
