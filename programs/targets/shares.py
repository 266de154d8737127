"""Sharing a plan's targets out to units: one act for any number of targets and units, and who changed what by which paper."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Max

from programs.plans.models import Plan
from programs.targets.models import Target, TargetShare, may_share_out, plain_number
from welfare.audit import AuditEvent, record
from welfare.bulk import add_history, add_rows, delete_rows, update_rows
from welfare.documents.models import Document
from welfare.scoping import Owned, ScopedManager, Via
from welfare.states import Refused, locked
from welfare.units.models import Unit, User, today


class ShareDecision(models.Model):
    """The paper by which shares are given or changed once the plan is out; before that the plan itself gives them."""

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="kế hoạch", related_name="share_decisions")
    number = models.CharField("số quyết định", max_length=60)
    on = models.DateField("ngày quyết định")
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name="văn bản trong sổ", null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(User, models.PROTECT, verbose_name="người ghi", related_name="+")

    scope = Via("plan")
    objects = ScopedManager()

    class Meta:
        verbose_name = "quyết định giao chỉ tiêu"
        verbose_name_plural = "quyết định giao chỉ tiêu"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number", "on"],
                name="share_decision_once",
                violation_error_message="Quyết định này đã được ghi cho kế hoạch.",
            )
        ]

    def __str__(self):
        return f"Quyết định số {self.number} ngày {self.on:%d/%m/%Y}"


def _kept(to, name, on_delete, **options):
    """A key of a history row: thousands are written at once, and the database's checks would double their cost."""
    return models.ForeignKey(to, on_delete, verbose_name=name, db_constraint=False, **options)


class ShareChange(models.Model):
    """One share as it was and as it became; of the issuer's unit, its own part. Written by ``share_out`` alone."""

    target = _kept(Target, "chỉ tiêu", models.CASCADE, related_name="share_changes")
    unit = _kept(Unit, "đơn vị", models.PROTECT, related_name="+")
    before = models.DecimalField("trước", max_digits=16, decimal_places=2)
    after = models.DecimalField("sau", max_digits=16, decimal_places=2)
    decision = _kept(
        ShareDecision, "theo quyết định", models.PROTECT, null=True, db_index=False, related_name="changes"
    )
    by = _kept(User, "người sửa", models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField("lúc", auto_now_add=True)

    scope = Owned()
    objects = ScopedManager()

    class Meta:
        verbose_name = "lần sửa phần giao"
        verbose_name_plural = "lịch sử giao chỉ tiêu"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.unit}: {plain_number(self.before)} → {plain_number(self.after)}"


@dataclass(frozen=True)
class Decision:
    number: str
    on: date
    document: Document | None = None


class SharesDontAddUp(Refused):
    """``mismatches``: {target id: sentence}."""

    def __init__(self, mismatches: dict[int, str]):
        self.mismatches = mismatches
        first = next(iter(mismatches.values()))
        others = f" Còn {len(mismatches) - 1} chỉ tiêu khác cũng chưa khớp." if len(mismatches) > 1 else ""
        super().__init__(f"{first}{others} Kế hoạch đã ban hành nên phần giao phải khớp; chưa lưu thay đổi nào.")


Cells = dict[int, dict[int, Decimal]]


def shares_version(plan: Plan) -> int:
    """Grows with every change of the plan's shares."""
    return ShareChange.objects.filter(target__plan=plan).aggregate(newest=Max("pk"))["newest"] or 0


def share_out(
    plan: Plan, by, cells: Cells, *, version: int | None = None, decision: Decision | None = None
) -> dict[int, str]:
    """Set shares: {target id: {unit id: value}}, all of them or none, in a fixed number of queries.

    The issuer's own id stands for its own part, zero takes a share back, and what is not named stays as it is.
    Returns {target id: sentence} of the targets that don't add up, which a plan not yet issued may have. Raises
    ``Refused`` when an issued plan's would not, has no decision, or somebody changed one of these targets' shares
    after ``version``.
    """
    with locked(plan) as row:
        targets = _targets(row, cells)
        _refuse(row, by, targets, cells, version)
        sheet = _Sheet(row, targets)
        changes = sheet.changes(cells)
        mismatches = sheet.mismatches(changes)
        if changes and row.is_frozen:
            _refuse_paper(row, decision)
            if mismatches:
                raise SharesDontAddUp(mismatches)
        if changes:
            sheet.write(changes, by, decision if row.is_frozen else None)
    return mismatches


def _targets(plan, cells) -> dict[int, Target]:
    targets = {target.pk: target for target in plan.targets.filter(pk__in=cells)}
    for target in targets.values():
        target.plan = plan
    return targets


def _refuse(plan, by, targets, cells, version):
    if plan.state == Plan.State.CLOSED:
        raise Refused("Kế hoạch đã kết thúc nên không giao lại chỉ tiêu được.")
    units = {unit_id for row in cells.values() for unit_id in row}
    below = Unit.objects.filter(pk__in=units, path__startswith=plan.unit.path).count()
    if not may_share_out(plan, by) or below < len(units):
        raise Refused("Chỉ cán bộ của đơn vị ban hành kế hoạch được giao chỉ tiêu, và chỉ giao cho cấp dưới.")
    if len(targets) < len(cells):
        raise Refused("Có chỉ tiêu không còn trong kế hoạch; hãy mở lại trang rồi giao tiếp.")
    if not all(target.is_shareable for target in targets.values()):
        raise Refused("Chỉ tiêu tỷ lệ áp dụng chung cho mọi đơn vị nên không chia số cho từng đơn vị.")
    if any(value < 0 for row in cells.values() for value in row.values()):
        raise Refused("Số giao cho đơn vị không được âm.")
    if version is not None:
        _refuse_stale(targets, version)


def _refuse_stale(targets, version):
    newer = ShareChange.objects.filter(target__in=targets, pk__gt=version).select_related("by", "target").first()
    if newer:
        raise Refused(
            f"{newer.by} vừa lưu phần giao của chỉ tiêu “{newer.target}”. Chưa lưu thay đổi nào của bạn; "
            "hãy bấm “Lấy số mới” để xem số vừa lưu, các ô bạn đã sửa vẫn giữ nguyên."
        )


def _refuse_paper(plan, decision):
    if decision is None or not decision.number.strip():
        raise Refused("Kế hoạch đã ban hành: hãy ghi số và ngày quyết định giao chỉ tiêu rồi lưu lại.")
    if decision.on < plan.issued_on or decision.on > today():
        raise Refused(
            f"Ngày quyết định giao phải từ ngày ban hành kế hoạch ({plan.issued_on:%d/%m/%Y}) đến hôm nay ({today():%d/%m/%Y})."
        )


class _Sheet:
    """Every share of some targets, own parts among them, as they stand: {(target id, unit id): value}."""

    def __init__(self, plan, targets):
        self.plan, self.targets = plan, targets
        rows = TargetShare.objects.filter(target__in=targets).values_list("pk", "target_id", "unit_id", "value")
        self.ids = {(target_id, unit_id): pk for pk, target_id, unit_id, _ in rows}
        self.values = {(target_id, unit_id): value for _, target_id, unit_id, value in rows}
        self.values |= {(target.pk, plan.unit_id): target.own_part for target in targets.values()}

    def changes(self, cells: Cells) -> dict[tuple[int, int], Decimal]:
        wanted = {(target_id, unit_id): value for target_id, row in cells.items() for unit_id, value in row.items()}
        return {place: value for place, value in wanted.items() if value != self.values.get(place, 0)}

    def mismatches(self, changes) -> dict[int, str]:
        after = {**self.values, **changes}
        totals, shared = dict.fromkeys(self.targets, Decimal(0)), set()
        for (target_id, unit_id), value in after.items():
            totals[target_id] += value
            if value and unit_id != self.plan.unit_id:
                shared.add(target_id)
        sentences = {pk: self.targets[pk].mismatch_of(totals[pk]) for pk in totals if pk in shared}
        return {pk: sentence for pk, sentence in sentences.items() if sentence}

    def write(self, changes, by, decision):
        paper = self._paper(by, decision)
        self._write_own_parts(
            {pk: value for (pk, unit_id), value in changes.items() if unit_id == self.plan.unit_id}, by
        )
        shares = {place: value for place, value in changes.items() if place[1] != self.plan.unit_id}
        self._write_shares(shares)
        add_rows(
            ShareChange, len(changes), target_id=[place[0] for place in changes], unit_id=[place[1] for place in changes],
            before=[self.values.get(place, Decimal(0)) for place in changes], after=list(changes.values()),
            decision_id=paper.pk if paper else None, by_id=by.pk,
        )  # fmt: skip
        detail = {"targets": len({place[0] for place in changes}), "shares": len(changes)}
        record(AuditEvent.Action.CHANGE, actor=by, subject=self.plan, unit=self.plan.unit, detail=detail)

    def _paper(self, by, decision):
        if decision is None:
            return None
        paper, _ = ShareDecision.objects.get_or_create(
            plan=self.plan, number=decision.number.strip(), on=decision.on,
            defaults={"by": by, "document": decision.document},
        )  # fmt: skip
        if decision.document and paper.document_id is None:
            paper.document = decision.document
            paper.save()
        return paper

    def _write_own_parts(self, own_parts, by):
        if own_parts:
            update_rows(Target, ["own_part"], own_parts.items())
            add_history(Target, Target.objects.filter(pk__in=own_parts), change="~", by=by)

    def _write_shares(self, shares):
        old = {self.ids[place]: value for place, value in shares.items() if place in self.ids}
        if gone := [pk for pk, value in old.items() if not value]:
            delete_rows(TargetShare, gone)
        if changed := [(pk, value) for pk, value in old.items() if value]:
            update_rows(TargetShare, ["value"], changed)
        new = {place: value for place, value in shares.items() if place not in self.ids}
        add_rows(
            TargetShare, len(new), target_id=[place[0] for place in new], unit_id=[place[1] for place in new],
            value=list(new.values()),
        )  # fmt: skip
