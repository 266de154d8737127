"""How people go from one unit to another: asked by the one, accepted by the other, or done by the province."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import F, Q

from beneficiaries.people.identities import holder_in_unit
from beneficiaries.people.models import Person
from beneficiaries.rules import business_day, need
from beneficiaries.transfers.moving import move_person
from welfare.scoping import Owned, ScopedManager
from welfare.states import Refused, moving
from welfare.units.models import Unit, User, today


@dataclass(frozen=True)
class BetweenUnits:
    """For both units; what a unit is asked to take shows a name and a birth, not the file, until it has accepted."""

    def q(self, model, user, prefix=""):
        if user.reach.province:
            return Q()
        read = user.reach.read
        return Q(**{f"{prefix}from_unit__in": read}) | Q(**{f"{prefix}to_unit__in": read})


class UnitClosing(models.Model):
    """The open people of a unit that has ended, moved to a successor by one act of the province."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị đã đóng", related_name="+")
    successor = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị kế thừa", related_name="+")
    reason = models.CharField("căn cứ", max_length=300)
    people = models.PositiveIntegerField("người đã chuyển", default=0)
    households = models.PositiveIntegerField("hộ đã chuyển", default=0)
    left = models.PositiveIntegerField("người ở lại vì trùng số giấy tờ", default=0)
    on = models.DateField("ngày chuyển", default=today)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người chuyển", related_name="+")
    at = models.DateTimeField("ghi lúc", auto_now_add=True)

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "lần chuyển người của đơn vị đã đóng"
        verbose_name_plural = "lần chuyển người của đơn vị đã đóng"
        default_permissions = ("view",)
        ordering = ["-pk"]
        permissions = [("move_unit", "Chuyển người của đơn vị đã đóng sang đơn vị kế thừa")]

    def __str__(self):
        return f"{self.unit} → {self.successor}"


class Transfer(models.Model):
    class State(models.TextChoices):
        ASKED = "asked", "Chờ đơn vị nhận"
        DONE = "done", "Đã chuyển"
        REFUSED = "refused", "Không nhận"
        WITHDRAWN = "withdrawn", "Đã rút"

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="người", related_name="transfers")
    from_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="từ đơn vị", related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đến đơn vị", related_name="+")
    with_household = models.BooleanField("cả hộ cùng chuyển", default=False)
    reason = models.CharField("lý do", max_length=300)
    asked_by = models.ForeignKey(User, models.PROTECT, verbose_name="người đề nghị", related_name="+")
    asked_on = models.DateField("ngày đề nghị", default=today)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name="người quyết định", null=True, related_name="+")
    decided_on = models.DateField("ngày chuyển", null=True)
    answer = models.CharField("trả lời", max_length=300, blank=True)
    closing = models.ForeignKey(
        UnitClosing, models.PROTECT, verbose_name="khi đóng đơn vị", null=True, related_name="transfers"
    )

    scope = BetweenUnits()
    objects = ScopedManager()

    class Meta:
        verbose_name = "chuyển đơn vị"
        verbose_name_plural = "chuyển đơn vị"
        default_permissions = ("view", "export")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="asked"), name="transfer_asked_once",
                violation_error_message="Người này đang chờ một đơn vị khác nhận.",
            ),
            models.CheckConstraint(
                condition=~Q(from_unit=F("to_unit")), name="transfer_elsewhere",
                violation_error_message="Đơn vị nhận phải khác đơn vị đang quản lý.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.person}: {self.from_unit} → {self.to_unit}"

    def may_be_answered_by(self, user) -> bool:
        return user.reach_for("beneficiaries.change_person").may_write(self.to_unit_id)

    def accept(self, by, *, on=None):
        """By the unit that receives, or by the province; the person is the unit's from now on."""
        self._need_receiver(by)
        self._send_twin_to_the_province()
        on = business_day(on, since=self.asked_on, after="ngày đề nghị")
        with self._step(self.State.DONE, by, on) as row:
            move_person(row.person, row.to_unit, by, on=on, with_household=row.with_household, reason=row.reason)

    def refuse(self, by, *, reason: str):
        self._need_receiver(by)
        with self._step(self.State.REFUSED, by, today()) as row:
            row.answer = reason.strip()[:300]

    def withdraw(self, by, *, reason: str):
        self.person.need_to_write(by, "rút đề nghị chuyển đơn vị")
        with self._step(self.State.WITHDRAWN, by, today()) as row:
            row.answer = reason.strip()[:300]

    @contextmanager
    def _step(self, to, by, on):
        with moving(self, to, by=by, came_from=[self.State.ASKED], on=on) as row:
            row.decided_by, row.decided_on = by, on
            yield row

    def _need_receiver(self, by):
        need(by, "change_person", "nhận người chuyển đến")
        if not self.may_be_answered_by(by):
            raise Refused("Chỉ đơn vị nhận hoặc LĐLĐ tỉnh được trả lời đề nghị này.")

    def _send_twin_to_the_province(self):
        """Somebody of the receiving unit has the same number: a case that the province merges. Raises ``Refused``."""
        twin = twin_in_unit(self.person, self.to_unit_id)
        if twin is None:
            return
        open_case(self.person, twin)
        raise Refused(
            f"{self.to_unit} đã có hồ sơ {twin.full_name} mang cùng số CCCD/CMND nên không chuyển thêm; "
            "LĐLĐ tỉnh sẽ gộp hai hồ sơ ở mục Nghi trùng."
        )


def twin_in_unit(person: Person, unit_id: int) -> Person | None:
    hashes = [each for each in (person.id_hash, *person.former_ids.values_list("id_hash", flat=True)) if each]
    return holder_in_unit(unit_id, hashes, but=person.pk) if hashes else None


@transaction.atomic
def open_case(one: Person, other: Person):
    from beneficiaries.duplicates.models import DuplicateCase

    first, second = sorted((one.pk, other.pk))
    new = {"reason": DuplicateCase.Reason.ID, "score": 100}
    DuplicateCase.objects.get_or_create(first_id=first, second_id=second, defaults=new)


def ask_transfer(person: Person, by, *, to_unit: Unit, reason: str, with_household=False, on=None) -> Transfer:
    """Asks the other unit to take somebody; who writes for both units, as the province does, moves them at once.

    Nothing the asking unit is told depends on whom the other unit knows.
    """
    person.need_to_write(by, "chuyển người sang đơn vị khác")
    person.check_open()
    if not reason.strip():
        raise Refused("Phải ghi lý do chuyển đơn vị.")
    if to_unit.pk == person.unit_id:
        raise Refused(f"{person.full_name} đã thuộc {to_unit}; hãy chọn đơn vị khác.")
    if not to_unit.is_open():
        raise Refused(f"{to_unit} đã ngừng hoạt động; hãy chọn đơn vị kế thừa.")
    on = business_day(on, since=person.first_day, after="ngày sinh")
    with transaction.atomic():
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if waiting := person.transfers.filter(state=Transfer.State.ASKED).first():
            raise Refused(f"Người này đang chờ {waiting.to_unit} nhận; hãy rút đề nghị đó trước.")
        asked = Transfer.objects.create(
            person=person, from_unit_id=person.unit_id, to_unit=to_unit, with_household=with_household,
            reason=reason.strip()[:300], asked_by=by, asked_on=on,
        )  # fmt: skip
    if asked.may_be_answered_by(by):
        _at_once(asked, by, on)
    return asked


def _at_once(asked: Transfer, by, on):
    try:
        asked.accept(by, on=on)
    except Refused:
        asked.delete()
        raise
