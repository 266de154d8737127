"""The way of an inspection. The inspection writes no unit's rows, so its verbs go by who sees the inspection."""

import secrets
from contextlib import contextmanager

from django.db import models

from beneficiaries.rules import business_day, need_in_reach
from welfare.audit import AuditEvent, record
from welfare.documents.models import Document, DocumentKind
from welfare.states import Refused, locked, moving
from welfare.vietnamese import format_number


class State(models.TextChoices):
    PLANNED = "planned", "Dự kiến"
    DECIDED = "decided", "Đã có quyết định"
    RUNNING = "running", "Đang kiểm tra"
    CONCLUDED = "concluded", "Đã kết luận"
    CLOSED = "closed", "Đã kết thúc"
    CANCELLED = "cancelled", "Không tiến hành"


WAY = [state for state in State if state != State.CANCELLED]
DATE_OF = {
    State.PLANNED: "planned_on", State.DECIDED: "decided_on", State.RUNNING: "started_on",
    State.CONCLUDED: "concluded_on", State.CLOSED: "closed_on",
}  # fmt: skip


class InspectionSteps(models.Model):
    class Meta:
        abstract = True

    def decide(self, by, *, number: str, symbol: str = "QĐ-UBKT", on=None):
        """The signed decision, entered in the register of documents. Raises ``Refused`` for a number given before."""
        on = business_day(on)
        with self._step(State.DECIDED, by, "quyết định kiểm tra", on, AuditEvent.Action.APPROVE) as row:
            row._check_complete()
            row.decision = self._paper("QĐ", number, symbol, on, f"Kiểm tra {row.subject}")
            row.decided_by = by

    def _check_complete(self):
        heads = [member for member in self.members.all() if member.is_head]
        if len(heads) != 1:
            raise Refused("Đoàn kiểm tra phải có đúng một trưởng đoàn; hãy ghi thành viên trước.")
        if not self.units.exists():
            raise Refused("Chưa chọn đơn vị được kiểm tra.")

    def start(self, by, on=None):
        with self._step(State.RUNNING, by, "bắt đầu kiểm tra", on):
            pass

    def draw(
        self, by, *, count: int | None = None, percent: int | None = None, seed: int | None = None, on=None
    ) -> int:
        """Take the sample once: so many rows, or so many percent, of what was paid, from each unit its share.

        ``seed``: what the chance goes by, kept so that anybody can draw the same again. Returns the number of rows.
        """
        from beneficiaries.inspections.sampling import SampleRow, drawn, paid_rows

        self._need(by, "chọn mẫu")
        with locked(self) as row:
            if row.state != State.RUNNING:
                raise Refused("Chỉ chọn mẫu khi cuộc kiểm tra đang tiến hành.")
            if row.sample_drawn_on:
                raise Refused("Mẫu đã chọn một lần và giữ nguyên, không chọn lại.")
            paid = paid_rows(row)
            size = _size(len(paid), count, percent)
            row.sample_seed = secrets.randbelow(2**31) if seed is None else seed
            row.sample_of, row.sample_drawn_on = len(paid), business_day(on, since=row.started_on, after="ngày bắt đầu")
            SampleRow.objects.bulk_create(
                SampleRow(inspection=row, position=n, **fields)
                for n, fields in enumerate(drawn(paid, size, row.sample_seed), 1)
            )
            row.save()
            detail = {"sample": size, "of": len(paid), "seed": row.sample_seed}
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail=detail)
        self.refresh_from_db()
        return size

    def record_minutes(self, by, *, minutes_on, minutes_place: str, minutes_present: str, minutes_text: str):
        """What was done and seen at the unit, as the minutes say; written anew as long as the inspection runs."""
        self._need(by, "ghi biên bản kiểm tra")
        with locked(self) as row:
            if row.state != State.RUNNING:
                raise Refused("Chỉ ghi biên bản khi cuộc kiểm tra đang tiến hành.")
            row.minutes_on = business_day(minutes_on, since=row.started_on, after="ngày bắt đầu")
            row.minutes_place, row.minutes_present = minutes_place.strip(), minutes_present.strip()
            row.minutes_text = minutes_text.strip()
            row.save()
            record(
                AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"minutes": str(row.minutes_on)}
            )
        self.refresh_from_db()

    def conclude(self, by, *, number: str, conclusion: str, symbol: str = "KL-UBKT", on=None):
        """The conclusion goes out, and with it every finding to its unit."""
        on = business_day(on)
        with self._step(State.CONCLUDED, by, "kết luận kiểm tra", on, AuditEvent.Action.APPROVE) as row:
            row._check_done()
            row.conclusion_document = self._paper("KL", number, symbol, on, f"Kết luận kiểm tra {row.subject}")
            row.conclusion, row.concluded_by = conclusion.strip(), by
            for finding in row.findings.filter(state="draft").order_by("pk"):
                finding.issue(by, on=on)

    def _check_done(self):
        uncalled = self.sample.filter(reached="").count()
        if uncalled:
            raise Refused(
                f"Còn {format_number(uncalled)} dòng trong mẫu chưa gọi; hãy gọi hoặc ghi không liên lạc được."
            )
        if not self.minutes_on:
            raise Refused("Chưa ghi biên bản kiểm tra.")

    def close(self, by, *, on=None):
        """Once every finding is settled, by another than who concluded."""
        need_in_reach(by, "close_inspection", "kết thúc cuộc kiểm tra", self)
        on = business_day(on)
        with moving(self, State.CLOSED, by=by, came_from=[State.CONCLUDED], on=on) as row:
            business_day(on, since=row.concluded_on, after="ngày kết luận")
            if row.concluded_by_id == by.pk:
                raise Refused("Bạn đã ký kết luận nên phải do người khác kết thúc cuộc kiểm tra.")
            if unsettled := row.findings.unsettled().count():
                raise Refused(f"Còn {format_number(unsettled)} kết quả chưa xử lý xong; hãy xử lý hết rồi kết thúc.")
            row.closed_by, row.closed_on = by, on

    def cancel(self, by, *, reason: str):
        self._need(by, "hủy cuộc kiểm tra")
        if not reason.strip():
            raise Refused("Phải ghi lý do.")
        with moving(self, State.CANCELLED, by=by, came_from=[State.PLANNED, State.DECIDED]) as row:
            row.cancelled_reason = reason.strip()[:300]

    def record_call(self, by, sample_row, *, reached: str, received: str = "", amount=None, note="", on=None):
        """What one of the sample said on the telephone; ``amount`` VND. Written anew as long as the inspection runs."""
        self._need(by, "ghi kết quả gọi điện")
        if sample_row.inspection_id != self.pk:
            raise Refused("Dòng này không thuộc mẫu của cuộc kiểm tra đang mở.")
        with locked(self) as row, locked(sample_row) as call:
            if row.state != State.RUNNING:
                raise Refused("Chỉ ghi kết quả gọi điện khi cuộc kiểm tra đang tiến hành.")
            call.answer(by, reached=reached, received=received, amount=amount, note=note, on=on)
        sample_row.refresh_from_db()

    def may_conduct(self, user) -> bool:
        permission = "beneficiaries.conduct_inspection"
        return user.has_perm(permission) and type(self).objects.for_user(user, permission).filter(pk=self.pk).exists()

    def _need(self, by, doing):
        need_in_reach(by, "conduct_inspection", doing, self)

    @contextmanager
    def _step(self, to, by, doing, on, action=AuditEvent.Action.CHANGE):
        self._need(by, doing)
        before = WAY[WAY.index(to) - 1]
        on = business_day(on)
        with moving(self, to, by=by, came_from=[before], action=action, on=on) as row:
            since = DATE_OF[before]
            business_day(on, since=getattr(row, since), after=row._meta.get_field(since).verbose_name)
            setattr(row, DATE_OF[to], on)
            yield row

    def _paper(self, kind, number, symbol, on, title) -> Document:
        """Entered in the register of documents; the committee numbers its papers apart from those of the federation."""
        if not number.strip():
            raise Refused("Phải ghi số văn bản.")
        paper = Document(
            unit=self.unit, issuer_words="Ủy ban Kiểm tra", kind=DocumentKind.objects.get(code=kind), title=title[:500],
            number=number.strip(), symbol=symbol.strip(), year=on.year, month=on.month, day=on.day,
        )  # fmt: skip
        with locked(self.unit):  # one number at a time
            same = Document.objects.filter(unit=self.unit, year=on.year).numbered(paper.number_and_symbol).first()
            if same:
                raise Refused(f"Số {paper.number_and_symbol} năm {on.year} đã ghi cho “{same.title}”; hãy xem lại số.")
            paper.save()
        return paper


def _size(paid: int, count, percent) -> int:
    """How many rows of ``paid`` to draw."""
    from beneficiaries.inspections.sampling import MOST_ROWS

    if bool(count) == bool(percent):
        raise Refused("Ghi số dòng hoặc tỷ lệ phần trăm, một trong hai.")
    if not paid:
        raise Refused(
            "Trong phạm vi kiểm tra chưa có khoản nào đã chi có tên người nhận; hãy xem lại đơn vị và thời kỳ."
        )
    if percent and not 0 < percent <= 100:
        raise Refused("Tỷ lệ phần trăm phải từ 1 đến 100.")
    size = min(count, paid) if count else -(-paid * percent // 100)
    if size > MOST_ROWS:
        raise Refused(f"Mẫu nhiều nhất {MOST_ROWS} dòng; hãy chọn ít hơn.")
    return size
