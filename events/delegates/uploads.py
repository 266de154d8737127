"""A unit's list of delegates in a file: read and checked like any list, then taken into an event's quota."""

from datetime import date

from django.db import models, transaction

from beneficiaries.intake import batches
from beneficiaries.models import ListBatch, Person
from events.delegates.models import Delegate
from events.delegates.nominating import Nominee, nominate
from events.gatherings.models import Event
from events.quotas.models import QuotaShare
from welfare.audit import AuditEvent, record
from welfare.rules import need
from welfare.scoping import ScopedManager, Via
from welfare.states import Refused, locked
from welfare.units.models import User, today
from welfare.vietnamese import fold, format_number

_PLACELESS = "chưa rõ thuộc thành phần nào; hãy ghi cột “Thành phần” trong tệp, hoặc chọn thành phần khi tải tệp."


class DelegateList(models.Model):
    """A list sent for an event. ``share``: where everybody on it stands; without one the list says it row by row."""

    batch = models.OneToOneField(ListBatch, models.CASCADE, verbose_name="danh sách", related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, verbose_name="sự kiện", related_name="lists")
    share = models.ForeignKey(
        QuotaShare, models.CASCADE, verbose_name="thành phần", null=True, blank=True, related_name="lists"
    )
    taken_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="người nhận vào sự kiện", null=True, related_name="+"
    )
    taken_on = models.DateField("ngày nhận vào sự kiện", null=True)

    scope = Via("batch")
    objects = ScopedManager()

    class Meta:
        verbose_name = "danh sách đại biểu đã tải"
        verbose_name_plural = "danh sách đại biểu đã tải"
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.batch}: {self.event}"

    def take(self, by) -> int:
        """Nominates everybody the check accepted, all or nobody. Returns how many. Raises ``Refused``."""
        need(by, "events.nominate_delegate", "nhận danh sách đại biểu")
        with transaction.atomic(), locked(self) as row:
            if row.taken_on:
                raise Refused(f"Danh sách này đã nhận vào sự kiện ngày {row.taken_on:%d/%m/%Y}; không ghi thêm gì.")
            plan = Sorted(row)
            if plan.problems:
                raise Refused(f"{plan.problems[0][1]} Chưa ghi ai.")
            if not plan.rows:
                raise Refused("Không có dòng nào hợp lệ để nhận; hãy sửa tệp theo các thông báo rồi tải lại.")
            for share in sorted(plan.by_share, key=lambda share: share.pk):
                nominate(share, by, plan.by_share[share])
            row.taken_by, row.taken_on = by, today()
            row.save()
            row.batch.rows.all().delete()  # what was staged holds ID numbers; nobody needs it any more
            record(
                AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.batch.unit, detail={"rows": len(plan.rows)}
            )
        self.refresh_from_db()
        return len(plan.rows)


def receive(user, event, unit, upload, *, share=None) -> DelegateList:
    """Raises ``Refused`` for a unit without a part in the event, besides what any upload is refused for."""
    _refuse(event, unit)
    with transaction.atomic():
        batch = batches.receive(user, unit, upload, year=today().year, kind="delegates", asks=True)
        return DelegateList.objects.create(batch=batch, event=event, share=share)


def _refuse(event, unit):
    if event.state != Event.State.ANNOUNCED:
        raise Refused("Chỉ nhận danh sách đại biểu của sự kiện đã thông báo và chưa tổ chức.")
    if not shares_of(event, unit):
        raise Refused(f"“{event}” không phân bổ đại biểu cho {unit} nên không nhận danh sách của đơn vị này.")


def take_into(code: str, unit):
    """As on the screen, from the command line. Raises ``Refused`` unless the event asks delegates of the unit."""
    event = Event.objects.filter(code=code).first()
    if event is None:
        raise Refused(f"Không có sự kiện mang mã “{code}”.")
    _refuse(event, unit)

    def take(batch: ListBatch, user, *, commit: bool):
        """What does not fit the quota is told in the batch's messages, or refuses the commit."""
        sent = DelegateList.objects.create(batch=batch, event=event)
        plan = Sorted(sent)
        wrong = [*plan.too_many, *(why for _, why in plan.problems)]
        batch.messages += [{"level": "error", "column": None, "field": None, "text": text} for text in wrong]
        if commit:
            sent.take(user)

    return take


def shares_of(event, unit) -> list[QuotaShare]:
    rows = QuotaShare.objects.filter(line__event=event, line__is_overlay=False, unit=unit, count__gt=0)
    return list(rows.select_related("line__event", "unit").order_by("line__order"))


class Sorted:
    """The accepted rows of a list, each in the share it belongs to. ``problems``: (row, sentence) of those in none."""

    def __init__(self, sent: DelegateList):
        self.shares = [sent.share] if sent.share_id else shares_of(sent.event, sent.batch.unit)
        self.rows, self.problems, self.by_share = [], [], {}
        staged = list(sent.batch.rows.accepted().order_by("position"))
        known = Person.objects.in_bulk([row.person_id for row in staged if row.person_id])
        for row in staged:
            share = self._share(row)
            if share is None:
                self.problems.append((row, f"Dòng {row.row} ({row.full_name}): {_PLACELESS}"))
                continue
            self.rows.append((row, share))
            self.by_share.setdefault(share, []).append(_nominee(row, known.get(row.person_id)))
        self._count(sent.event)

    def _share(self, row) -> QuotaShare | None:
        """The one share there is, the one named by the row's group, or the only one for such a role."""
        if len(self.shares) == 1:
            return self.shares[0]
        group = fold(str(row.values.get("group") or ""))
        named = [share for share in self.shares if group and fold(share.line.name) in group]
        role = row.values.get("role") or row.values.get("household_role")
        fitting = [share for share in self.shares if role and share.line.fits == role]
        return next((found[0] for found in (named, fitting) if len(found) == 1), None)

    def _count(self, event):
        taken = dict(
            Delegate.objects.filter(share__in=self.shares, is_over_quota=False).holding()
            .order_by().values_list("share").annotate(models.Count("pk"))
        )  # fmt: skip
        self.counts = [
            (share, len(self.by_share.get(share, ())), max(0, share.count - taken.get(share.pk, 0)))
            for share in self.shares
        ]

    @property
    def too_many(self) -> list[str]:
        return [
            f"“{share.line}”: tệp có {format_number(asked)} người, chỉ còn {format_number(left)} chỗ."
            for share, asked, left in self.counts
            if asked > left
        ]


def _nominee(row, person) -> Nominee:
    values = row.values
    extra = {
        "title": str(values.get("position") or "")[:160], "companion": str(values.get("companion") or "")[:120],
    }  # fmt: skip
    if person is not None:
        return Nominee(person, extra=extra)
    extra |= {"phone": str(values.get("phone") or "")[:15], "workplace": str(values.get("workplace") or "")[:200]}
    day, year = values.get("birth_date"), values.get("birth_year")
    return Nominee(None, row.full_name, _day(day), int(year) if year else None, extra)


def _day(text):
    return date.fromisoformat(text) if text else None
