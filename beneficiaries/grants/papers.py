"""The papers of a round: covering letters of forwarded lists, signed decisions, signed lists of receipt."""

from datetime import date

from django.db import models
from django.db.models import Q

from beneficiaries.grants.rounds import GrantRound
from welfare.documents.models import StoredFile, store_file
from welfare.scoping import Owned, ScopedManager
from welfare.units.models import Unit, User
from welfare.uploads import content_type


class RoundPaper(models.Model):
    """One paper, by number and date; scanned where the sheet is at hand. ``unit`` is whose paper it is."""

    class Kind(models.TextChoices):
        LETTER = "letter", "Công văn chuyển danh sách"
        DECISION = "decision", "Quyết định hỗ trợ"
        RECEIPTS = "receipts", "Danh sách ký nhận"

    round = models.ForeignKey(GrantRound, models.PROTECT, verbose_name="đợt", related_name="papers")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị", related_name="+")
    kind = models.CharField("loại giấy tờ", max_length=10, choices=Kind.choices)
    number = models.CharField("số", max_length=60, blank=True)
    on = models.DateField("ngày")
    file = models.OneToOneField(
        StoredFile, models.PROTECT, verbose_name="bản quét", null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "giấy tờ của đợt hỗ trợ"
        verbose_name_plural = "giấy tờ của đợt hỗ trợ"
        default_permissions = ("view",)
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="receipts") | Q(file__isnull=False), name="round_receipts_are_scanned",
                violation_error_message="Danh sách ký nhận phải kèm bản quét hoặc ảnh chụp.",
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}".strip()


def keep_paper(round, unit, by, *, kind, on, number="", scan=None) -> RoundPaper:
    """Call in the transaction of what the paper is about. ``scan`` is a checked upload (``ScanField``) or None."""
    stored = scan and store_file(
        scan, name=scan.name, content_type=content_type(scan.name), owner=by, unit=unit
    )  # fmt: skip
    paper = RoundPaper.objects.create(
        round=round, unit=unit, kind=kind, number=number.strip(), on=on, by=by, file=stored
    )  # fmt: skip
    if stored:
        stored.subject = paper
        stored.save(update_fields=["subject_kind", "subject_id"])
    return paper


def decision_days(rounds) -> dict[tuple[int, str], date]:
    """The day of each decision, by its round's key and its number; the earliest where it was recorded again."""
    papers = RoundPaper.objects.filter(round__in=rounds, kind=RoundPaper.Kind.DECISION).order_by("-on")
    return {(round_id, number): on for round_id, number, on in papers.values_list("round", "number", "on")}
