"""The papers of a house: which of them a step needs, and those that are there."""

from django.db import models, transaction
from django.db.models import Q

from beneficiaries.houses.kinds import HouseKind
from beneficiaries.houses.stages import Step, has_passed
from welfare.audit import AuditEvent, record
from welfare.documents.models import StoredFile, store_file
from welfare.kinds import Kind
from welfare.scoping import ScopedManager, Via
from welfare.states import Refused, locked
from welfare.units.models import InForceQuerySet, User
from welfare.uploads import content_type


class DossierItem(Kind):
    """A paper that a house's dossier holds, for one kind of house or all, within its dates."""

    house_kind = models.ForeignKey(
        HouseKind, models.PROTECT, verbose_name="loại nhà", null=True, blank=True, related_name="+",
        help_text="Để trống là mọi loại nhà.",
    )  # fmt: skip
    step = models.CharField("phải có trước khi", max_length=12, choices=Step.choices)
    is_required = models.BooleanField("bắt buộc", default=True)
    needs_scan = models.BooleanField(
        "phải có bản chụp, quét", default=False, help_text="Không chọn thì ghi số, ngày của bản giấy là đủ."
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=50)
    valid_from = models.DateField("áp dụng từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects = models.Manager.from_queryset(InForceQuerySet)()

    class Meta(Kind.Meta):
        verbose_name = "giấy tờ trong hồ sơ nhà"
        verbose_name_plural = "giấy tờ trong hồ sơ nhà"
        default_permissions = ("view", "add", "change", "delete", "export", "import")
        ordering = ["position", "name"]


class DossierFile(models.Model):
    """A paper of one house: scanned, or its number and date where the sheet itself is kept at the unit."""

    house = models.ForeignKey("beneficiaries.House", models.CASCADE, verbose_name="nhà", related_name="papers")
    item = models.ForeignKey(DossierItem, models.PROTECT, verbose_name="giấy tờ", related_name="+")
    number = models.CharField("số", max_length=60, blank=True)
    on = models.DateField("ngày", null=True, blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name="tệp", null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)

    scope = Via("house")
    objects = ScopedManager()

    class Meta:
        verbose_name = "giấy tờ đã có"
        verbose_name_plural = "giấy tờ đã có"
        default_permissions = ()
        ordering = ["item__position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) | (~Q(number="") & Q(on__isnull=False)),
                name="dossier_scan_or_number",
                violation_error_message="Kèm tệp quét, hoặc ghi đủ số và ngày của bản giấy.",
            )
        ]

    def __str__(self):
        return f"{self.item} {self.number}".strip()


def items_for(house):
    """The papers that this house's dossier may hold, by the rules of the day it was proposed."""
    kinds = Q(house_kind__isnull=True) | Q(house_kind=house.kind_id)
    return DossierItem.objects.in_force(house.proposed_on).filter(kinds)


def lacking(house, step) -> list[str]:
    """Names of the required papers of a step that are not there."""
    papers = house.papers.all()
    there, scanned = {paper.item_id for paper in papers}, {paper.item_id for paper in papers if paper.file_id}
    needed = items_for(house).filter(step=step, is_required=True)
    return [item.name for item in needed if item.pk not in (scanned if item.needs_scan else there)]


def check_dossier(house, step):
    """Raises ``Refused`` naming what a step lacks."""
    if missing := lacking(house, step):
        raise Refused(
            f"Hồ sơ còn thiếu cho bước {Step(step).label.lower()}: {'; '.join(missing)}. "
            "Hãy bổ sung ở phần “Hồ sơ” của căn nhà."
        )


def checklist(house) -> list[tuple[str, list[tuple]]]:
    """By step: [(item, its papers)], also papers whose item is no longer asked for."""
    papers = list(house.papers.select_related("item", "file", "by"))
    items = {item.pk: item for item in items_for(house)} | {paper.item_id: paper.item for paper in papers}
    rows = [(item, [paper for paper in papers if paper.item_id == item.pk]) for item in items.values()]
    return [
        (step.label, found)
        for step in Step
        if (found := sorted((row for row in rows if row[0].step == step), key=lambda row: row[0].position))
    ]


def add_papers(house, by, *, item: DossierItem, number="", on=None, files=()):
    """One row a file, or one of the paper's number and date alone."""
    house.need_to_write(by, "bổ sung hồ sơ nhà")
    if not files and not (number.strip() and on):
        raise Refused("Kèm tệp quét, hoặc ghi đủ số và ngày của bản giấy.")
    with locked(house) as row:
        if not items_for(row).filter(pk=item.pk).exists():
            raise Refused(f"“{item}” không thuộc hồ sơ của loại nhà này.")
        for upload in files or [None]:
            row.papers.create(item=item, number=number.strip(), on=on, by=by, file=_stored(row, by, upload))
        record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=row.unit, detail={"paper": item.code})


def _stored(house, by, upload):
    if upload is None:
        return None
    kind = content_type(upload.name)
    return store_file(upload, name=upload.name, content_type=kind, owner=by, unit=house.unit, subject=house)


def remove_paper(paper: DossierFile, by):
    """While the step that needs it has not been taken; the file goes with the row."""
    paper.house.need_to_write(by, "bỏ giấy tờ trong hồ sơ nhà")
    with locked(paper.house) as house:
        if has_passed(house, paper.item.step):
            raise Refused(f"Nhà đã qua bước {paper.item.get_step_display().lower()} nên giấy tờ này được giữ lại.")
        stored = paper.file
        paper.delete()
        if stored:
            stored.delete()
            transaction.on_commit(lambda: stored.file.delete(save=False))
        record(AuditEvent.Action.CHANGE, actor=by, subject=house, unit=house.unit, detail={"paper": -1})
