"""Two rows that may be one human: found, looked at side by side, merged or told apart for good."""

from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from beneficiaries.duplicates.scoring import compare
from beneficiaries.people.models import Person
from beneficiaries.rules import need
from welfare.crypto import EncryptedTextField
from welfare.scoping import ScopedManager, ScopedQuerySet, Via
from welfare.states import Refused, moving
from welfare.units.models import User, today


@dataclass(frozen=True)
class WithinUnit:
    """All pairs for the province and the inspection; for others those whose two people stand in one unit of theirs.

    Of a pair across units a unit never learns: neither that somebody is known elsewhere, nor where.
    """

    def q(self, model, user, prefix=""):
        if user.reach.province:
            return Q()
        return Q(**{f"{prefix}first__unit__in": user.reach.read, f"{prefix}second__unit": F(f"{prefix}first__unit")})


class CaseQuerySet(ScopedQuerySet):
    def waiting(self):
        """Open ones; a pair with a row that was merged or erased meanwhile waits for nobody."""
        gone = Person.objects.gone().values("pk")
        return self.filter(state=DuplicateCase.State.OPEN).exclude(first__in=gone).exclude(second__in=gone)


class DuplicateCase(models.Model):
    """A pair, once. Judged different it stays so: no search queues it again."""

    class State(models.TextChoices):
        OPEN = "open", "Chờ xem xét"
        SAME = "same", "Đã gộp"
        DIFFERENT = "different", "Khác người"

    class Reason(models.TextChoices):
        ID = "id", "Trùng số CCCD/CMND"
        NAME = "name", "Trùng tên và ngày sinh"
        NEAR = "near", "Tên gần giống, ngày sinh khớp"
        ASKED = "asked", "Do cán bộ nêu"

    first = models.ForeignKey(Person, models.CASCADE, verbose_name="người thứ nhất", related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, verbose_name="người thứ hai", related_name="+")
    reason = models.CharField("lý do", max_length=10, choices=Reason.choices)
    score = models.PositiveSmallIntegerField("độ giống", default=90, db_default=90)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField("phát hiện lúc", auto_now_add=True)
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name="người kết luận", null=True, related_name="+")
    decided_on = models.DateField("ngày kết luận", null=True)

    scope = WithinUnit()
    objects = models.Manager.from_queryset(CaseQuerySet)()

    class Meta:
        verbose_name = "cặp nghi trùng"
        verbose_name_plural = "nghi trùng"
        default_permissions = ("add", "change", "delete", "view", "export")
        ordering = ["-score", "-pk"]
        indexes = [models.Index(fields=["state", "-score", "-id"], name="duplicate_by_score")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_ordered"),
        ]

    def __str__(self):
        return f"{self.first} – {self.second}"

    def may_be_judged_by(self, user) -> bool:
        reach = user.reach_for("beneficiaries.change_duplicatecase")
        return all(reach.may_write(person.unit_id) for person in (self.first, self.second))

    def judge_different(self, by):
        """For good: the pair is never queued again."""
        self._need(by)
        with moving(self, self.State.DIFFERENT, by=by, came_from=[self.State.OPEN]) as case:
            case.decided_by, case.decided_on = by, today()

    def reopen(self, by):
        """A pair told apart by mistake is looked at anew."""
        self._need(by)
        with moving(self, self.State.OPEN, by=by, came_from=[self.State.DIFFERENT]) as case:
            case.decided_by = case.decided_on = None

    def merge(self, by, *, kept: Person) -> "Merge":
        """Everything of the other goes to ``kept``; see merging.py."""
        from beneficiaries.duplicates.merging import merge_people

        self._need(by)
        if kept.pk not in (self.first_id, self.second_id):
            raise Refused("Hồ sơ được giữ phải là một trong hai hồ sơ của cặp này.")
        other = self.second if kept.pk == self.first_id else self.first
        with moving(self, self.State.SAME, by=by, came_from=[self.State.OPEN]) as case:
            case.decided_by, case.decided_on = by, today()
            return merge_people(kept, other, by, case=case)

    def take_apart(self, by):
        """Undo the merge: everything that was moved goes back."""
        from beneficiaries.duplicates.merging import undo_merge

        self._need(by)
        with moving(self, self.State.OPEN, by=by, came_from=[self.State.SAME]) as case:
            merge = case.merges.filter(undone_at__isnull=True).select_related("kept", "merged").first()
            if merge is None:
                raise Refused("Cặp này được kết luận trước khi hệ thống lưu cách gộp nên không hoàn tác được.")
            undo_merge(merge, by)
            case.decided_by = case.decided_on = None

    def _need(self, by):
        need(by, "change_duplicatecase", "kết luận nghi trùng")
        if not self.may_be_judged_by(by):
            raise Refused("Bạn chỉ được kết luận khi cả hai người thuộc đơn vị mình.")


class Merge(models.Model):
    """What a merge moved, filled and blanked, so that it can be undone exactly.

    ``moved``: [[model label, field, ids]]; ``filled``: {field of kept: value given}; ``before``: the merged row's own
    numbers and state as JSON; ``former``: hash of a number that ``kept`` took among its former ones, or "".
    """

    case = models.ForeignKey(DuplicateCase, models.PROTECT, verbose_name="cặp", related_name="merges")
    kept = models.ForeignKey(Person, models.PROTECT, verbose_name="hồ sơ được giữ", related_name="+")
    merged = models.ForeignKey(Person, models.PROTECT, verbose_name="hồ sơ đã gộp", related_name="+")
    moved = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    filled = EncryptedTextField(default="")
    before = EncryptedTextField(default="")
    former = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người gộp", related_name="+")
    at = models.DateTimeField("gộp lúc", auto_now_add=True)
    undone_by = models.ForeignKey(User, models.PROTECT, verbose_name="người hoàn tác", null=True, related_name="+")
    undone_at = models.DateTimeField("hoàn tác lúc", null=True)

    scope = Via("case")
    objects = ScopedManager()

    class Meta:
        verbose_name = "lần gộp"
        verbose_name_plural = "lần gộp"
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.merged} vào {self.kept}"

    @property
    def counts(self) -> int:
        """How many rows were moved."""
        return sum(len(ids) for _, _, ids in self.moved)


def case_of(one: Person, other: Person, by) -> DuplicateCase:
    """The case of two people that ``by`` names, made where there is none yet.

    Raises ``Refused`` for a person and themselves, or one whom ``by`` may not judge.
    """
    need(by, "change_duplicatecase", "kết luận nghi trùng")
    if one.pk == other.pk:
        raise Refused("Không gộp được một hồ sơ với chính nó; hãy chọn hồ sơ khác.")
    first, second = sorted((one, other), key=lambda person: person.pk)
    case = DuplicateCase.objects.filter(first=first, second=second).first()
    case = case or DuplicateCase(first=first, second=second, reason=DuplicateCase.Reason.ASKED)
    if not case.may_be_judged_by(by):
        raise Refused("Bạn chỉ được gộp khi cả hai người thuộc đơn vị mình.")
    if case.pk is None:
        case.score = compare(first, second).score
        case.save()
    return case
