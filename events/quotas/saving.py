"""Writing a quota from its sheet: the whole tree at once, all of it or nothing."""

from django.db import transaction
from django.db.models import Count

from events.delegates.models import Delegate
from events.delegates.places import capacity
from events.delegates.states import FIRM
from events.gatherings.models import Event
from events.notices.telling import tell_revision
from events.quotas.models import QuotaLine, QuotaRevision, QuotaShare
from events.quotas.sheet import Line, Revision, as_rows, guests_of, sheet_of
from events.quotas.sums import mismatches_of, overlays_too_big
from welfare.audit import AuditEvent, record
from welfare.rules import need
from welfare.states import Refused
from welfare.units.models import Unit


def save_quota(event, by, lines: list[Line], *, version: int | None = None, revision: Revision | None = None):
    """Returns the mismatches that a quota not yet announced may have: {place of the line or None: [sentences]}.

    Raises ``Refused`` when somebody saved after ``version``; when an announced quota would not reconcile, has no
    ``revision``, or would go below the delegates accepted; when a number or an overlay can't be.
    """
    need(by, "events.change_quotaline", "sửa phân bổ đại biểu")
    if not by.reach_for("events.change_quotaline").may_write(event.unit_id):
        raise Refused("Chỉ cán bộ của đơn vị tổ chức được sửa phân bổ đại biểu.")
    with transaction.atomic():
        # Without the key: who nominates meanwhile holds a share and then refers to the event.
        row = Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)
        _refuse_state(row, version)
        if revision and revision.expected and row.state == Event.State.ANNOUNCED:
            row.expected = revision.expected
        rows = as_rows(lines, guests_of(row))
        if too_big := overlays_too_big(rows, row.expected):
            raise Refused(f"{too_big[0].sentence} Chưa lưu thay đổi nào.")
        mismatches = mismatches_of(rows, row.expected)
        if row.state == Event.State.ANNOUNCED:
            _refuse_announced(mismatches, revision)
        _write(row, by, lines, revision)
    event.refresh_from_db()
    found: dict = {}
    for wrong in mismatches:
        found.setdefault(wrong.key, []).append(wrong.sentence)
    return found


def _refuse_state(event, version):
    if event.state == Event.State.HELD:
        raise Refused("Sự kiện đã tổ chức nên phân bổ không sửa được nữa.")
    if version is not None and version != event.quota_version:
        raise Refused(
            f"{event.quota_saved_by or 'Người khác'} vừa lưu phân bổ này. Chưa lưu thay đổi nào của bạn; hãy bấm “Lấy số mới” "
            "để xem số vừa lưu, các ô bạn đã sửa vẫn giữ nguyên."
        )


def _refuse_announced(mismatches, revision):
    if mismatches:
        raise Refused(f"{mismatches[0].sentence} Sự kiện đã thông báo nên phân bổ phải khớp; chưa lưu thay đổi nào.")
    if revision is None:
        raise Refused("Sự kiện đã thông báo: hãy ghi số, ngày và lý do điều chỉnh phân bổ rồi lưu lại.")


def _write(event, by, lines, revision):
    old, before = {line.pk: line for line in event.lines.all()}, _told(event)
    if unknown := [line for line in lines if line.pk is not None and line.pk not in old]:
        raise Refused(f"Dòng “{unknown[0].name}” không còn trong bảng; hãy mở lại trang rồi nhập tiếp.")
    _check_units(event, lines)
    stored = _write_lines(event, lines, old)
    _write_shares(event, lines, stored)
    _refuse_displaced(stored)
    _remove(old, {line.pk for line in stored})
    event.quota_version, event.quota_saved_by = event.quota_version + 1, by
    event.save(update_fields=["expected", "quota_version", "quota_saved_by"])
    detail = {"lines": len(lines), "version": event.quota_version}
    if revision and event.state == Event.State.ANNOUNCED:
        paper = QuotaRevision.objects.create(
            event=event, by=by, number=revision.number, on=revision.on, reason=revision.reason
        )
        tell_revision(paper, before, _told(event))
        detail |= {"revision": revision.number}
    record(AuditEvent.Action.CHANGE, actor=by, subject=event, unit=event.unit, detail=detail)


def _check_units(event, lines):
    asked = {unit_id for line in lines for unit_id in line.cells}
    below = Unit.objects.filter(pk__in=asked, path__startswith=event.unit.path).exclude(pk=event.unit_id)
    if below.count() < len(asked):
        raise Refused("Chỉ phân bổ đại biểu cho các đơn vị cấp dưới của đơn vị tổ chức.")


def _write_lines(event, lines, old) -> list[QuotaLine]:
    stored, above = [], {-1: None}
    for order, line in enumerate(lines):
        row = old.get(line.pk) or QuotaLine(event=event)
        row.parent, row.order, row.name, row.count = above[line.depth - 1], order, line.name, line.count
        row.is_overlay, row.fits, row.note = line.is_overlay, line.fits, line.note
        row.save()
        above[line.depth] = row
        stored.append(row)
    return stored


def _write_shares(event, lines, stored):
    """The rows in the order of their keys: whoever nominates holds one of them, and nobody waits in a circle."""
    shares = QuotaShare.objects.filter(line__event=event).order_by("pk").select_for_update(of=("self",), no_key=True)
    rows = {(share.line_id, share.unit_id): share for share in shares}
    wanted = {
        (row.pk, unit): number for row, line in zip(stored, lines, strict=True) for unit, number in line.cells.items()
    }
    firm = _firm(event)
    for (line_id, unit_id), share in rows.items():
        number = wanted.get((line_id, unit_id), 0)
        if number < firm.get(share.pk, 0):
            raise Refused(
                f"{share.unit} đã có {firm[share.pk]} đại biểu “{share.line}” được nhận nên không giảm xuống {number} được; "
                "chưa lưu thay đổi nào."
            )
    _write_changed(rows, wanted)
    fresh = [
        QuotaShare(line_id=line, unit_id=unit, count=n)
        for (line, unit), n in wanted.items()
        if (line, unit) not in rows
    ]
    QuotaShare.objects.bulk_create(fresh)


def _refuse_displaced(stored):
    """Delegates the organiser named keep their places, and nobody is left in a part that does not add.

    The lines were written before and so are nobody else's to name somebody in.
    """
    held = Delegate.objects.filter(line__in=stored).holding().order_by()
    placed = set(held.values_list("line", flat=True))
    for line in stored:
        if line.is_overlay and line.pk in placed:
            raise Refused(f"“{line}” đã có đại biểu nên không chuyển thành phần trong đó được; chưa lưu thay đổi nào.")
    own = held.filter(share=None, body=None, is_over_quota=False, state__in=FIRM)
    named = dict(own.values_list("line").annotate(Count("pk")))
    for line in (line for line in stored if line.pk in named):
        room = 0 if line.children.filter(is_overlay=False).exists() else capacity(line)
        if named[line.pk] > room:
            raise Refused(
                f"“{line}” đã có {named[line.pk]} đại biểu do đơn vị tổ chức ghi tên, bảng chỉ còn chừa {room} chỗ; "
                "chưa lưu thay đổi nào."
            )


def _firm(event) -> dict[int, int]:
    found: dict[int, int] = {}
    rows = event.delegates.filter(share__isnull=False, state__in=FIRM, is_over_quota=False)
    for share_id in rows.values_list("share", flat=True):
        found[share_id] = found.get(share_id, 0) + 1
    return found


def _write_changed(rows, wanted):
    """A share that somebody was nominated in stays, at nothing; others go."""
    changed = [(share, wanted.get(place, 0)) for place, share in rows.items() if share.count != wanted.get(place, 0)]
    named = set(
        QuotaShare.objects.filter(pk__in=[share.pk for share, _ in changed], delegates__isnull=False).values_list("pk", flat=True)
    )  # fmt: skip
    for share, number in changed:
        share.count = number
    gone = [share.pk for share, number in changed if not number and share.pk not in named]
    QuotaShare.objects.filter(pk__in=gone).delete()
    QuotaShare.objects.bulk_update([share for share, _ in changed if share.pk not in gone], ["count"])


def _remove(old, kept):
    gone = [line for pk, line in sorted(old.items()) if pk not in kept]
    list(QuotaLine.objects.filter(pk__in=[line.pk for line in gone]).order_by("pk").select_for_update(no_key=True))
    for line in gone:
        if line.delegates.exists() or line.gifts.exists():
            raise Refused(f"“{line}” đã có đại biểu nên không xóa được; chưa lưu thay đổi nào.")
        if line.bodies.exists():
            raise Refused(f"“{line}” đang có cơ quan, tổ chức được mời; hãy chuyển hoặc bỏ các tổ chức đó trước.")
    QuotaLine.objects.filter(pk__in=[line.pk for line in gone]).delete()


def _told(event) -> dict[int, dict[int, tuple[str, int]]]:
    """{unit: {line: (name, people)}} as a unit reads it."""
    found: dict[int, dict[int, tuple[str, int]]] = {}
    shares = QuotaShare.objects.filter(line__event=event, line__is_overlay=False, count__gt=0).select_related("line")
    for share in shares.order_by("line__order"):
        found.setdefault(share.unit_id, {})[share.line_id] = (share.line.name, share.count)
    return found


__all__ = ["save_quota", "sheet_of"]
