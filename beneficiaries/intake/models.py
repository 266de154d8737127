import json
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from beneficiaries.campaigns.models import Campaign
from beneficiaries.grants.models import GrantRound
from beneficiaries.intake.headers import header_key
from beneficiaries.loans.projects import LoanProject
from beneficiaries.people.models import Person
from beneficiaries.rules import need
from welfare.audit import AuditEvent, record
from welfare.crypto import decrypt, encrypt, keyed_hashes, mask_id
from welfare.documents.models import StoredFile, store_file
from welfare.jobs.models import Job
from welfare.jobs.queue import submit
from welfare.scoping import Catalogue, Owned, ScopedManager, ScopedQuerySet, Via
from welfare.states import Refused, locked
from welfare.units.models import Unit, User, today
from welfare.uploads import content_type
from welfare.vietnamese import fold


class ListBatchQuerySet(ScopedQuerySet):
    def of_last_hour(self, user):
        return self.filter(owner=user, created_at__gte=timezone.now() - timedelta(hours=1))


class ListBatch(models.Model):
    """One uploaded list on its way in: read, shown, then committed whole or not at all.

    ``content_hash`` covers kind, year, round and what the rows say, not the file's bytes or the rows' order: the same
    list again changes nothing. ``mends``: {sheet: {row: {column letter: encrypted text}}}, what cells say instead of
    what the file has. ``members``: {sheet: {row: [names]}} of the file's cells with several people whom the officer
    confirmed as members of the household. ``is_stripped``: of its rows only what became of them is left.
    """

    class Kind(models.TextChoices):
        PEOPLE = "people", "Người cần chăm lo"
        HOUSES = "houses", "Nhà Mái ấm"
        DELEGATES = "delegates", "Đại biểu dự sự kiện"
        SUMMARY = "summary", "Tổng hợp theo đơn vị"
        CAMPAIGN = "campaign", "Kết quả vận động quỹ"
        LOANS = "loans", "Đề nghị vay vốn"
        RECEIPTS = "receipts", "Danh sách đã ký nhận"

    class State(models.TextChoices):
        READING = "reading", "Đang đọc"
        READY = "ready", "Chờ kiểm tra và nhận"
        COMMITTING = "committing", "Đang ghi vào sổ"
        COMMITTED = "committed", "Đã nhận"
        REFUSED = "refused", "Không đọc được"
        DISCARDED = "discarded", "Đã bỏ"
        UNDONE = "undone", "Đã hoàn tác"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="list_batches")
    owner = models.ForeignKey(User, models.PROTECT, verbose_name="người tải lên", related_name="list_batches")
    kind = models.CharField("loại danh sách", max_length=12, choices=Kind.choices, blank=True)
    year = models.PositiveSmallIntegerField("năm")
    round = models.ForeignKey(
        GrantRound, models.PROTECT, verbose_name="đợt hỗ trợ", null=True, blank=True, related_name="batches"
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, verbose_name="đợt vận động", null=True, blank=True, related_name="+"
    )
    project = models.ForeignKey(
        LoanProject, models.PROTECT, verbose_name="dự án vay vốn", null=True, blank=True, related_name="+"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="tệp gốc", related_name="+")
    marked_file = models.ForeignKey(
        StoredFile, models.SET_NULL, verbose_name="tệp trả lại", null=True, related_name="+"
    )
    letter_number = models.CharField("số công văn", max_length=60, blank=True)
    letter_on = models.DateField("ngày công văn", null=True, blank=True)
    letter = models.ForeignKey(
        StoredFile, models.SET_NULL, verbose_name="bản quét công văn", null=True, blank=True, related_name="+"
    )
    job = models.ForeignKey(Job, models.SET_NULL, verbose_name="việc đang chạy", null=True, related_name="+")
    state = models.CharField("trạng thái", max_length=12, choices=State.choices, default=State.READING)
    content_hash = models.CharField(max_length=80, blank=True, editable=False)
    same_as = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="trùng với danh sách", null=True, related_name="+"
    )
    columns = models.JSONField("các cột", default=list, editable=False)
    choices = models.JSONField("cột do người dùng chọn", default=dict, editable=False)
    mends = models.JSONField("ô đã sửa trên màn hình", default=dict, editable=False)
    members = models.JSONField("thành viên đã xác nhận", default=dict, editable=False)
    conflicts = models.JSONField("cột phải chọn", default=list, editable=False)
    sheets = models.JSONField("trang tính", default=list, editable=False)
    title = models.CharField("tên danh sách", max_length=300, blank=True)
    title_unit = models.CharField("đơn vị ghi trong tệp", max_length=200, blank=True)
    messages = models.JSONField("thông báo", default=list, editable=False)
    counts = models.JSONField("số dòng", default=dict, editable=False)
    stated_total = models.BigIntegerField("tổng ghi trong tệp", null=True)
    computed_total = models.BigIntegerField("tổng tính được", default=0)
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    is_stripped = models.BooleanField("đã xóa chi tiết dòng", default=False, editable=False)
    committed_at = models.DateTimeField("nhận lúc", null=True)
    committed_by = models.ForeignKey(User, models.PROTECT, verbose_name="người nhận", null=True, related_name="+")

    scope = Owned()
    objects = models.Manager.from_queryset(ListBatchQuerySet)()

    class Meta:
        verbose_name = "danh sách đã tải"
        verbose_name_plural = "danh sách đã tải"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "content_hash"],
                condition=Q(state="committed"),
                name="list_committed_once",
                violation_error_message="Danh sách này đã được nhận trước đó.",
            )
        ]

    def __str__(self):
        return self.file.name

    @property
    def is_waiting(self) -> bool:
        """A job reads, commits or undoes it, or broke off reading or committing."""
        return self.state in (self.State.READING, self.State.COMMITTING) or self.is_being_undone

    @property
    def is_being_undone(self) -> bool:
        """It stays committed until the job has taken everything back, and when the job can't."""
        undoing = self.job and self.job.kind == "undo_list" and self.job.is_unfinished
        return self.state == self.State.COMMITTED and bool(undoing)

    @property
    def accepted(self) -> int:
        """How many rows a commit takes."""
        return self.counts.get("ready", 0) + self.counts.get("warning", 0)

    @property
    def history_reason(self) -> str:
        """Stands on every history row that the commit of this batch writes."""
        return f"Danh sách số {self.pk}"

    @property
    def twin(self):
        """The committed batch that says the same, or None."""
        return self.same_as if self.same_as and self.same_as.state == self.State.COMMITTED else None

    def committed_twin(self):
        """A committed batch of the unit that says the same, looked up now."""
        same = {"unit": self.unit_id, "content_hash": self.content_hash, "state": self.State.COMMITTED}
        return ListBatch.objects.filter(**same).exclude(pk=self.pk).first() if self.content_hash else None

    def hindrance(self) -> str:
        """Why the list can't be taken now, as a sentence; "" when it can."""
        if self.kind == self.Kind.RECEIPTS and not self.letter_id:
            return "Chưa có bản quét danh sách đã ký; hãy gắn ở phần “Công văn và bản in” rồi nhận."
        if self.kind == self.Kind.DELEGATES:
            return "Danh sách đại biểu mới được đọc và kiểm tra; việc ghi đại biểu vào sự kiện làm ở trang sự kiện."
        if self.conflicts:
            return "Có nhiều cột cùng là một mục; hãy chọn cột đúng ở phần “Các cột” trước khi nhận."
        if self.twin:
            return f"Danh sách này đã nhận ngày {timezone.localtime(self.twin.committed_at):%d/%m/%Y}; không có gì để ghi thêm."
        if not self.accepted:
            return "Không có dòng nào hợp lệ để nhận; hãy sửa tệp theo các thông báo rồi tải lại."
        if self.round and self.kind != self.Kind.RECEIPTS and self.round.hindrance(self.unit):
            return f"Đợt “{self.round}” không còn nhận đề nghị."
        return ""

    def choose_columns(self, by, chosen: dict[str, str]):
        """Take the officer's word for what headers mean (key to field name, "" for none), remember it, read again."""
        with self._writing(by, "sửa cột của danh sách", self.State.READY, broken=self.State.READING) as batch:
            batch.choices = {**batch.choices, **chosen}
            for header, field in chosen.items():
                memory = {"unit": batch.unit, "header": header[:200]}
                ColumnMemory.objects.update_or_create(**memory, defaults={"field": field})
            batch.start("read_list", by, batch.State.READING, "Đọc danh sách")

    def mend(self, by, cells: dict[str, dict[int, dict[str, str]]]):
        """Cells say this instead, {sheet: {row: {column letter: text}}}; everything is read and checked again."""
        with self._writing(by, "sửa ô của danh sách", self.State.READY, broken=self.State.READING) as batch:
            for sheet, rows in cells.items():
                for row, texts in rows.items():
                    kept = batch.mends.setdefault(sheet, {}).setdefault(str(row), {})
                    kept |= {letter: encrypt(text) for letter, text in texts.items()}
            batch.start("read_list", by, batch.State.READING, "Kiểm tra lại")

    def confirm_members(self, by, rows):
        """The others in the name cells of these staged rows are members of the household, and become people of it."""
        with self._writing(by, "xác nhận thành viên", self.State.READY, broken="") as batch:
            for row in rows:
                batch.members.setdefault(row.sheet, {})[str(row.row)] = row.values.get("members") or []

    def deny_members(self, by, row):
        with self._writing(by, "bỏ xác nhận thành viên", self.State.READY, broken="") as batch:
            batch.members.get(row.sheet, {}).pop(str(row.row), None)

    @property
    def confirmed_rows(self) -> int:
        return sum(map(len, self.members.values()))

    def confirmed_of(self, sheet: str, row: int, members) -> list[str]:
        """Whom the officer confirmed of those that the row's cells name now: they may have been mended since."""
        confirmed = self.members.get(sheet, {}).get(str(row), ())
        return [name for name in members or () if name in confirmed]

    def write_letter(self, by, *, number: str, on, scan=None):
        """The covering letter: number, date and, with ``scan`` (a checked upload), its signed sheet."""
        states = (self.State.READY, self.State.COMMITTED)
        with self._writing(by, "ghi công văn của danh sách", *states, broken="") as batch:
            batch.letter_number, batch.letter_on = number, on
            if scan:
                batch.letter = store_file(
                    scan, name=scan.name, content_type=content_type(scan.name), owner=by, unit=batch.unit, subject=batch
                )
            record(AuditEvent.Action.CHANGE, actor=by, subject=batch, unit=batch.unit, detail={"letter": number})

    def commit(self, by):
        """Start taking all accepted rows into the ledger."""
        with self._writing(by, "nhận danh sách", self.State.READY, broken=self.State.COMMITTING) as batch:
            if why := batch.hindrance():
                raise Refused(why)
            batch.committed_by = by
            batch.start("commit_list", by, batch.State.COMMITTING, "Nhận danh sách")

    def discard(self, by):
        ended = (self.State.READY, self.State.REFUSED)
        with self._writing(by, "bỏ danh sách", *ended, broken=self.State.READING) as batch:
            batch.rows.all().delete()
            batch.state = batch.State.DISCARDED
            record(AuditEvent.Action.CHANGE, actor=by, subject=batch, unit=batch.unit, detail={"to": batch.state})

    def undo(self, by):
        """Start taking what the commit wrote out of the ledger again."""
        if self.kind == self.Kind.RECEIPTS:
            raise Refused(
                "Danh sách ký nhận là chứng từ nên không hoàn tác; khoản ghi sai thì hoàn lại ở trang khoản đó."
            )
        with self._writing(by, "hoàn tác danh sách", self.State.COMMITTED, broken="") as batch:
            if batch.is_being_undone:
                raise Refused("Danh sách đang được hoàn tác; hãy đợi việc đó xong.")
            batch.start("undo_list", by, batch.state, "Hoàn tác")

    @property
    def books(self) -> set[int]:
        """The units in whose books its rows belong: the sender's and those that its groups name."""
        return {self.unit_id, *self.counts.get("books", ())}

    def hold_units(self):
        """Writing in one unit's books waits for each other, so that what is matched is still true when it is written."""
        list(Unit.objects.select_for_update(no_key=True).filter(pk__in=self.books).order_by("path").values_list("pk"))

    def ask_back(self, by) -> Job:
        """The job that gives the file back with its bad cells marked; asked for again it is the same job unless that
        one failed or was cancelled."""
        title, asked = f"Đánh dấu lỗi trong {self}", f"return_list:{self.pk}:{by.pk}:{self.job_id}:{today()}:"
        ended = Job.objects.filter(key__startswith=asked, state__in=[Job.State.FAILED, Job.State.CANCELLED]).count()
        params = {"batch": self.pk}
        return submit("return_list", title=title, owner=by, unit=self.unit, params=params, key=f"{asked}{ended}")

    def start(self, kind, by, state, doing, **params):
        """Hand the batch to a job of ``settings.JOBS``, in the caller's transaction; the caller saves."""
        params = {"batch": self.pk, **params}
        self.job = submit(kind, title=f"{doing} {self}", owner=by, unit=self.unit, params=params)
        self.state = state

    def is_in_hands_of(self, user) -> bool:
        """A list with proposals is its sender's alone, so that whoever approves them had no hand in them."""
        return not self.round_id or user.pk == self.owner_id

    @contextmanager
    def _writing(self, by, doing, *states, broken):
        """The batch locked, and saved at the end, for a verb of someone who may write in its unit.

        ``broken``: a waiting state that counts too once its job has broken off.
        """
        self.check_hands(by, doing)
        with locked(self) as batch:
            if batch.state not in states and not (batch.state == broken and batch.broke_off):
                raise Refused(f"Danh sách đang ở trạng thái “{batch.get_state_display()}” nên không {doing} được.")
            yield batch
            batch.save()
        self.refresh_from_db()

    def check_hands(self, by, doing):
        """Raises ``Refused`` unless ``by`` may write the list now."""
        if not by.is_system:
            need(by, "change_listbatch", doing)
            if not by.reach_for("beneficiaries.change_listbatch").may_write(self.unit_id):
                raise Refused(f"Chỉ đơn vị gửi danh sách hoặc LĐLĐ tỉnh được {doing}.")
            if not self.is_in_hands_of(by):
                raise Refused(
                    f"Danh sách kèm đề nghị hỗ trợ do {self.owner} tải lên: chỉ người đó được {doing}, "
                    "để người duyệt không phải là người lập."
                )

    @property
    def broke_off(self) -> bool:
        """Its job ended without bringing it on: it was cancelled or failed."""
        return self.is_waiting and not (self.job and self.job.is_unfinished)


class StagedRowQuerySet(ScopedQuerySet):
    def accepted(self):
        return self.filter(status__in=[StagedRow.Status.READY, StagedRow.Status.WARNING])

    def search(self, words: str):
        """By an exact ID number, a row's number, or every word of a name."""
        digits = "".join(c for c in words if c.isdigit())
        if len(digits) >= 9:
            return self.filter(id_hash__in=keyed_hashes(digits))
        if words.strip().isdecimal():
            return self.filter(row=int(words))
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(folded_name__contains=word)
        return found


class StagedRow(models.Model):
    """A row of a list before it is taken, and what became of it.

    ID and account numbers stand encrypted in ``values``; ``cells`` is, encrypted, {column letter: text} as the file has
    it. A day after closing only the place, the outcome and the person are left (``batches.purge_staging``).
    """

    class Status(models.TextChoices):
        READY = "ready", "Hợp lệ"
        WARNING = "warning", "Cần lưu ý"
        ERROR = "error", "Lỗi"
        DUPLICATE = "duplicate", "Trùng trong tệp"

    class Effect(models.TextChoices):
        NEW = "new", "Thêm mới"
        CHANGED = "changed", "Cập nhật"
        SAME = "same", "Không đổi"
        NONE = "none", "Không nhận"

    # No index of its own: the unique constraint begins with the batch.
    batch = models.ForeignKey(ListBatch, models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField("thứ tự")
    sheet = models.CharField("trang tính", max_length=60)
    row = models.PositiveIntegerField("dòng")
    status = models.CharField("kết quả kiểm tra", max_length=10, choices=Status.choices)
    effect = models.CharField("sẽ làm", max_length=8, choices=Effect.choices, default=Effect.NONE)
    full_name = models.CharField("họ và tên", max_length=200, blank=True)
    folded_name = models.CharField(max_length=200, blank=True, editable=False)
    id_hash = models.CharField(max_length=80, null=True, editable=False)
    values = models.JSONField("giá trị", default=dict)
    cells = models.TextField("các ô", blank=True, editable=False)
    messages = models.JSONField("thông báo", default=list)
    changes = models.JSONField("thay đổi", default=dict)
    # Neither index nor constraint: nobody asks by person, and rows that are gone in a day hold nobody back.
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        verbose_name="người đã có",
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    scope = Via("batch")
    objects = models.Manager.from_queryset(StagedRowQuerySet)()

    class Meta:
        verbose_name = "dòng danh sách"
        verbose_name_plural = "dòng danh sách"
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="staged_row_once")]
        indexes = [models.Index(fields=["batch", "status", "position"], name="staged_by_status")]

    def __str__(self):
        return f"dòng {self.row}"

    @property
    def texts(self) -> dict[str, str]:
        """Column letter to the cell's text, as the file or a mend has it."""
        return json.loads(decrypt(self.cells) or "{}")

    @property
    def masked_id(self) -> str:
        return mask_id(decrypt(self.values.get("national_id", "")))


class ColumnAlias(models.Model):
    """Another way a header may word a field, besides those the reader knows."""

    alias = models.CharField("cách ghi trên tiêu đề cột", max_length=120, unique=True)
    field = models.CharField("là cột", max_length=40)

    scope = Catalogue()
    objects = ScopedManager()

    class Meta:
        verbose_name = "tên cột thường gặp"
        verbose_name_plural = "tên cột thường gặp"
        ordering = ["alias"]

    def __str__(self):
        return self.alias

    def clean(self):
        """Two wordings that headings can't tell apart would take turns."""
        key = header_key(self.alias or "")
        if self.alias and not key:
            raise ValidationError({"alias": "Phải có chữ ngoài phần trong ngoặc; hãy ghi như trên tiêu đề cột."})
        others = ColumnAlias.objects.exclude(pk=self.pk).values_list("alias", flat=True)
        if same := next((other for other in others if header_key(other) == key), None):
            raise ValidationError({"alias": f"Đã có “{same}” đọc như nhau; hãy sửa dòng đó."})


class ColumnMemory(models.Model):
    """What an officer once said a header of this unit means; the unit's next file uses it."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    header = models.CharField("tiêu đề cột", max_length=200)
    field = models.CharField("là cột", max_length=40, blank=True)

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "cột đã nhớ"
        verbose_name_plural = "cột đã nhớ"
        constraints = [models.UniqueConstraint(fields=["unit", "header"], name="column_remembered_once")]

    def __str__(self):
        return f"{self.header}: {self.field}"
