"""Papers of the organiser: the agenda with who is responsible, the tasks, the decision on the committee."""

from django.http import Http404

from events.papers.heads import event_for, official, when_of
from events.programme.models import CommitteeMember
from welfare.documents.blocks import Column, GroupRow, Heading, Paragraph, Table
from welfare.documents.layout import (
    Appendix,
    OfficialDocument,
    PartialDate,
    Recipient,
    Signature,
    collective,
    signature_of,
)
from welfare.documents.printing import about, issued_as
from welfare.units.models import today


@about("events.Event")
def agenda_document(user, subject_id) -> OfficialDocument:
    """With the hour each item begins where every item before it has its minutes. Raises ``Http404`` without items."""
    event = event_for(user, subject_id)
    items = list(event.agenda.all())
    if not items:
        raise Http404
    rows = [
        [start, str(item), f"{item.minutes} phút" if item.minutes else "", item.responsible]
        for start, item in zip(_hours(event, items), items, strict=True)
    ]
    columns = [
        Column("Giờ", 1, "center"),
        Column("Nội dung", 5),
        Column("Thời lượng", 1.4, "center"),
        Column("Phụ trách", 3),
    ]
    whole = sum(item.minutes or 0 for item in items)
    return official(
        event.unit, date=PartialDate(today().year, today().month), kind="CHƯƠNG TRÌNH", summary=event.name, closing=False,
        blocks=[
            Paragraph(f"{when_of(event.on, event.starts_at)}.", lead="Thời gian:"),
            Paragraph(f"{event.venue or '………'}.", lead="Địa điểm:"),
            Table(columns, rows, numbered=True, total=["", "Cộng", f"{whole} phút", ""] if whole else None),
        ],
        signatures=[Signature(["TM. BAN TỔ CHỨC", "TRƯỞNG BAN"])],
    )  # fmt: skip


def _hours(event, items):
    """An item without minutes leaves the hours after it unknown."""
    at = event.starts_at.hour * 60 + event.starts_at.minute if event.starts_at else None
    for item in items:
        yield f"{at // 60 % 24:02}:{at % 60:02}" if at is not None else ""
        at = at + item.minutes if at is not None and item.minutes else None


@about("events.Event")
def tasks_document(user, subject_id) -> OfficialDocument:
    """What each department and unit prepares, and how far it is."""
    event = event_for(user, subject_id, of_organiser=True)
    tasks = list(event.tasks.select_related("department", "unit"))
    if not tasks:
        raise Http404
    columns = [
        Column("Công việc", 5), Column("Phụ trách", 2.4), Column("Hạn", 1.4), Column("Tình trạng", 1.4), Column("Kết quả", 2.4),
    ]  # fmt: skip
    rows = [[t.text, str(t.department or t.unit), t.due_on, t.get_state_display(), t.result] for t in tasks]
    return official(
        event.unit, date=PartialDate(today().year, today().month), kind="BẢNG PHÂN CÔNG",
        summary=f"Công việc chuẩn bị {event.name}", landscape=True, closing=False,
        blocks=[Table(columns, rows, numbered=True)], signatures=[Signature(["TM. BAN TỔ CHỨC", "TRƯỞNG BAN"])],
    )  # fmt: skip


@about("events.Event")
@issued_as("Quyết định thành lập ban tổ chức")
def committee_document(user, subject_id) -> OfficialDocument:
    """The decision that sets up the committee, with the list of its members as its annex."""
    event = event_for(user, subject_id, of_organiser=True)
    members = list(event.committee.order_by("body", "order", "pk"))
    if not members:
        raise Http404
    bodies = [(body, [m for m in members if m.body == body.value]) for body in CommitteeMember.Body]
    named = [(body, rows) for body, rows in bodies if rows]
    names = " và ".join(str(body.label) for body, _ in named)
    counted = ", ".join(f"{body.label} gồm {len(rows):02} thành viên" for body, rows in named)
    basis = [f"Căn cứ {event.plan}"] if event.plan_id else []
    return official(
        event.unit, symbol="QĐ", date=PartialDate(today().year, today().month), kind="QUYẾT ĐỊNH",
        summary=f"về việc thành lập {names} {event.name}", authority=f"{collective(event.unit)} {event.unit.name}".upper(),
        bases=[*basis, "Căn cứ Điều lệ Công đoàn Việt Nam", "Xét đề nghị của Văn phòng"],
        blocks=[
            Heading("QUYẾT ĐỊNH:", level=0),
            Paragraph(f"Thành lập {names} {event.name}: {counted} (danh sách kèm theo).", "Điều 1."),
            Paragraph(
                f"{names} có nhiệm vụ chuẩn bị, tổ chức {event.name} theo chương trình đã được duyệt và tự giải thể khi hoàn "
                "thành nhiệm vụ.", "Điều 2.",
            ),
            Paragraph("Văn phòng, các ban, các đơn vị liên quan và các thành viên có tên chịu trách nhiệm thi hành Quyết định này", "Điều 3."),
        ],
        signatures=[signature_of(event.unit)],
        recipients=[Recipient("Như Điều 3"), Recipient("Lưu: VT")],
        appendices=[Appendix(f"Danh sách {names}\n{event.name}", [_members(named)])],
    )  # fmt: skip


def _members(named) -> Table:
    rows = []
    for body, members in named:
        if len(named) > 1:
            rows.append(GroupRow(str(body.label)))
        rows += [[member.full_name, member.job, member.role or "Thành viên"] for member in members]
    return Table([Column("Họ và tên", 3), Column("Chức vụ", 4), Column("Nhiệm vụ", 2)], rows, numbered=True)
