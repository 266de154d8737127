"""Văn bản soạn từ số liệu: drafted from the ledger, its words edited, laid before the signer, issued with a number.

The figures of a draft follow the ledger. What is laid before the signer is frozen with its figures; once issued it
never changes: it has its number in the unit's register, its files with their checksums, and the signed scan beside.
"""

import dataclasses
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.http import Http404

from welfare.audit import AuditEvent, record
from welfare.documents.layout import OfficialDocument, printable
from welfare.documents.models import Document, DocumentKind, StoredFile, store_file
from welfare.documents.papers.frozen import freeze, thaw
from welfare.documents.papers.passages import passages_of, rewritten
from welfare.documents.printing import FORMATS, function_of, make_document, rendered
from welfare.documents.registers import NumberRegister
from welfare.history import History
from welfare.jobs.queue import submit
from welfare.scoping import Owned, ScopedManager
from welfare.states import Refused, locked, moving
from welfare.units.models import Unit, User, today
from welfare.uploads import content_type
from welfare.vietnamese import fold, format_number

MOST_LETTERS = 200_000  # about seventy pages: what was issued must be printable
_FILES = ("pdf", "docx")


class EditedMeanwhile(Refused):
    pass


class Paper(models.Model):
    """``kind``, ``subject_id`` and ``extra`` are those of the document (``settings.DOCUMENTS``) it is drafted from."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Đã trình ký"
        ISSUED = "issued", "Đã ban hành"
        DROPPED = "dropped", "Đã bỏ"

    OPEN = (State.DRAFT, State.SUBMITTED)

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị ban hành", related_name="+")
    kind = models.CharField("loại", max_length=60, editable=False)
    subject_id = models.CharField(max_length=40, editable=False)
    extra = models.JSONField(default=dict, editable=False)
    title = models.CharField("văn bản", max_length=500)
    texts = models.JSONField("lời văn đã sửa", default=dict, editable=False)
    edition = models.PositiveIntegerField("lần sửa", default=0, editable=False)
    content = models.JSONField("nội dung đã trình", null=True, editable=False)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="người soạn", related_name="+")
    created_at = models.DateTimeField("soạn lúc", auto_now_add=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, verbose_name="người trình", null=True, related_name="+")
    submitted_on = models.DateField("ngày trình", null=True)
    return_reason = models.CharField("lý do trả lại", max_length=300, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, verbose_name="người ban hành", null=True, related_name="+")
    document = models.OneToOneField(
        Document, models.PROTECT, verbose_name="số văn bản", null=True, related_name="paper"
    )
    pdf = models.OneToOneField(StoredFile, models.PROTECT, verbose_name="bản PDF", null=True, related_name="+")
    docx = models.OneToOneField(StoredFile, models.PROTECT, verbose_name="bản Word", null=True, related_name="+")
    scan = models.OneToOneField(StoredFile, models.PROTECT, verbose_name="bản đã ký", null=True, related_name="+")

    history = History(excluded_fields=["content"])
    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "văn bản soạn từ số liệu"
        verbose_name_plural = "văn bản soạn từ số liệu"
        default_permissions = ("view", "add", "change")
        permissions = [("issue_paper", "Ban hành văn bản soạn từ số liệu")]
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="issued")
                | Q(document__isnull=False, content__isnull=False, issued_by__isnull=False),
                name="paper_issued_has_number_and_content",
                violation_error_message="Văn bản đã ban hành phải có số, nội dung và người ban hành.",
            ),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True)
                | ~Q(issued_by=F("created_by")) & ~Q(issued_by=F("submitted_by")),
                name="paper_issued_by_another",
                violation_error_message="Người soạn, người trình không tự ban hành văn bản của mình.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def plain_title(self) -> str:
        return " ".join(self.title.split())

    @property
    def kind_name(self) -> str:
        return function_of(self.kind).issued_as

    # What it says ------------------------------------------------------------------------------------

    def original(self, user) -> OfficialDocument:
        """As the programme words it now, as ``user`` may read it. Raises ``Refused`` where there is nothing to say any more."""
        try:
            return make_document(user, self.kind, self.subject_id, **self.extra)
        except Http404:
            raise Refused("Không còn số liệu để soạn văn bản này nữa; nếu không cần thì hãy bỏ bản thảo.") from None

    def as_read_by(self, user) -> OfficialDocument:
        """The frozen document once it is submitted; the draft with today's figures before."""
        return thaw(self.content) if self.content else rewritten(self.original(user), self.texts)

    def texts_at(self, edition: int) -> dict[str, str]:
        """The words as saved at ``edition``; none where there was no such one."""
        found = self.history.filter(edition=edition).order_by("history_date").values_list("texts", flat=True).first()
        return found or {}

    # What is done with it ----------------------------------------------------------------------------

    def write(self, by, texts: dict[str, str], *, edition: int):
        """Keep the passages of ``texts`` that differ from the programme's own words; the others follow it again.

        Raises ``EditedMeanwhile`` when somebody saved after ``edition`` was read.
        """
        given = {passage.key: passage.given for passage in passages_of(self.original(by))}
        texts = {key: printable(text) for key, text in texts.items()}
        with locked(self) as row:
            if row.state != self.State.DRAFT:
                raise Refused(f"Văn bản {row.get_state_display().lower()} nên không sửa được nữa.")
            if row.edition != edition:
                raise EditedMeanwhile(
                    "Người khác vừa lưu văn bản này. Những gì bạn viết còn ở dưới, chưa được lưu; hãy xem lại rồi lưu lần nữa."
                )
            known = {key: text for key, text in row.texts.items() if key not in given}
            changed = {key: text for key, text in texts.items() if key in given and differs(text, given[key])}
            if sum(map(len, changed.values())) > MOST_LETTERS:
                raise Refused(
                    f"Lời văn sửa dài quá {format_number(MOST_LETTERS)} chữ nên không in được. Những gì bạn viết còn ở dưới, "
                    "chưa được lưu; hãy bớt rồi lưu lại."
                )
            row.texts, row.edition = {**known, **changed}, row.edition + 1
            row.title = _title(rewritten(self.original(by), row.texts))
            row.save(update_fields=["texts", "edition", "title"])
        self.refresh_from_db()

    def submit(self, by):
        """Freezes words and figures as they are now."""
        content = freeze(rewritten(self.original(by), self.texts))
        with moving(self, self.State.SUBMITTED, by=by, came_from=[self.State.DRAFT]) as row:
            if row.edition != self.edition:
                raise EditedMeanwhile("Người khác vừa sửa văn bản này; hãy xem lại rồi trình.")
            row.content, row.submitted_by, row.submitted_on, row.return_reason = content, by, today(), ""

    def send_back(self, by, reason: str):
        with moving(self, self.State.DRAFT, by=by, came_from=[self.State.SUBMITTED]) as row:
            row.content, row.submitted_by, row.submitted_on, row.return_reason = None, None, None, reason

    def drop(self, by):
        with moving(self, self.State.DROPPED, by=by, came_from=self.OPEN):
            pass

    def issue(self, by, number: str, on: date | None = None):
        """Takes its number in the unit's register and has its files made by a job."""
        on = on or today()
        if on > today():
            raise Refused("Ngày ban hành không được sau hôm nay.")
        with moving(self, self.State.ISSUED, by=by, came_from=[self.State.SUBMITTED], action=AuditEvent.Action.APPROVE, on=on) as row:  # fmt: skip
            if by.pk in (row.created_by_id, row.submitted_by_id):
                raise Refused("Bạn đã soạn hoặc trình văn bản này nên cần người khác ban hành.")
            row.document = _entered(row, thaw(row.content), number.strip(), on)
            row.issued_by = by
            numbered = dataclasses.replace(thaw(row.content), number=row.document.number, date=on)
            row.content = freeze(numbered)
            submit(
                "render_paper", title=f"Lập tệp {row.plain_title}", owner=by, unit=row.unit, params={"paper": row.pk}
            )

    def attach_scan(self, by, scan):
        """``scan`` is a checked upload. The signed sheet is added once and never replaced."""
        with locked(self) as row:
            if row.state != self.State.ISSUED:
                raise Refused("Chỉ đính kèm bản đã ký cho văn bản đã ban hành.")
            if row.scan_id:
                raise Refused("Văn bản này đã có bản đã ký; bản đã ký không thay được.")
            row.scan = store_file(
                scan, name=scan.name, content_type=content_type(scan.name), owner=by, unit=row.unit, subject=row
            )
            row.save(update_fields=["scan"])
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"scan": row.scan.sha256})
        self.refresh_from_db()

    def suggested_number(self, on: date | None = None) -> str:
        """The one it was decided under, where that is known already; else the next of the unit's register."""
        on, content = on or today(), thaw(self.content)
        if content.number:
            return content.number
        register = NumberRegister.objects.find(self.unit_id, kind_of(content), on)
        return register.next_number(on) if register else "01"


def start_paper(user, kind: str, subject_id, **extra) -> Paper:
    """A draft of the document, or the open one of the same that is there. Raises ``Http404`` for a kind not issued so."""
    if not getattr(function_of(kind), "issued_as", ""):
        raise Http404
    document = make_document(user, kind, subject_id, **extra)
    unit = Unit.objects.get(pk=document.unit_id)
    if not user.reach_for("welfare.add_paper").may_write(unit.pk):
        raise Refused(f"Bạn không soạn văn bản của {unit.name}.")
    with locked(unit):
        same = Paper.objects.filter(unit=unit, kind=kind, subject_id=str(subject_id), state__in=Paper.OPEN)
        found = next((paper for paper in same if paper.extra == extra), None)
        return found or Paper.objects.create(
            unit=unit, kind=kind, subject_id=str(subject_id), extra=extra, title=_title(document), created_by=user
        )


def render_paper(job):
    """The job: the issued document's files, from what was frozen. Safe to run twice."""
    paper = Paper.objects.select_related("unit").get(pk=job.params["paper"])
    document = thaw(paper.content)
    missing = [format for format in _FILES if getattr(paper, f"{format}_id") is None]
    contents = {}
    for done, format in enumerate(missing):
        job.progress(done, len(_FILES), f"Đang lập bản {FORMATS[format].name}.")
        contents[format] = rendered(document, format, tick=job.beat)
    with job.completing("Đã lập xong tệp của văn bản."), locked(paper) as row:
        for format, content in contents.items():
            if getattr(row, f"{format}_id") is None:
                stored = store_file(
                    content, name=f"{_file_name(row)}.{format}", content_type=FORMATS[format].content_type,
                    owner=job.owner, unit=row.unit, subject=row,
                )  # fmt: skip
                setattr(row, format, stored)
        row.save(update_fields=list(_FILES))
        job.result = row.pdf


def _file_name(paper) -> str:
    number = paper.document.number_and_symbol.replace("/", "-")
    return f"{number} {paper.plain_title}"[:120].rstrip(" .")


def _entered(paper, content, number, on) -> Document:
    if not number:
        raise Refused("Chưa ghi số văn bản.")
    document = Document(
        unit=paper.unit, issuer_unit=paper.unit, kind=kind_of(content), number=number, symbol=content.symbol,
        year=on.year, month=on.month, day=on.day, title=" ".join(content.summary.split())[:500],
    )  # fmt: skip
    return document.enter(adopting=Document.objects.none())


def kind_of(document) -> DocumentKind:
    """By its printed name; without one it is an official letter, and so are letters of thanks."""
    wanted = fold(document.kind)
    if not wanted or wanted.startswith("thu "):
        wanted = fold("Công văn")
    kinds = {fold(kind.name): kind for kind in DocumentKind.objects.all()}
    if wanted not in kinds:
        raise Refused(f"Chưa có loại văn bản “{document.kind.capitalize()}”; hãy thêm trong mục Loại văn bản.")
    return kinds[wanted]


def _title(document) -> str:
    return f"{document.kind.capitalize()} {' '.join(document.summary.split())}".strip()[:500]


def differs(text, given) -> bool:
    return "\n".join(line.strip() for line in text.strip().splitlines()) != given.strip()
