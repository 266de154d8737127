"""Giấy mời as papers: all of one issue in a file, one of them alone, and a draft before any went out."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from events.papers.heads import event_for, official, when_of
from events.papers.issuing import invitable, invitable_bodies, may_issue, text_of
from events.papers.models import Invitation, InvitationIssue
from events.seating.places import seat_label
from welfare.documents.blocks import Paragraph
from welfare.documents.bundles import Bundle, Paper
from welfare.documents.layout import OfficialDocument, PartialDate, Recipient, Signature
from welfare.documents.printing import about
from welfare.units.models import today

_GUESTS = ("delegate__unit", "delegate__body__organization", "delegate__line", "body__organization", "unit")


@about("events.InvitationIssue")
def invitations_document(user, subject_id) -> Bundle:
    """Every invitation of an issue, in the order of units. Only for who sends them out, or reads all of the event."""
    issues = InvitationIssue.objects.for_user(user).select_related("event__unit", "document")
    issue = get_object_or_404(issues, pk=subject_id)
    if not user.reach.covers(issue.event.unit_id):
        raise PermissionDenied
    rows = list(issue.invitations.select_related(*_GUESTS))
    papers = [Paper(str(row), _letter(issue, row.delegate, row.body)) for row in rows]
    return Bundle(f"{issue} dự {issue.event_name}", papers, formats=("pdf", "docx"))


@about("events.Invitation")
def invitation_document(user, subject_id) -> OfficialDocument:
    row = get_object_or_404(
        Invitation.objects.for_user(user).select_related(*_GUESTS, "issue__event__unit", "issue__document"),
        pk=subject_id,
    )
    return _letter(row.issue, row.delegate, row.body)


def draft_document(user, subject_id) -> OfficialDocument:
    """As the first guest would get it now, without a number. Raises ``Http404`` where nobody could be invited."""
    event = event_for(user, subject_id)
    if not may_issue(user, event):
        raise PermissionDenied
    draft = InvitationIssue(
        event=event, event_name=event.name, held_on=event.on, starts_at=event.starts_at, venue=event.venue or "………",
        **text_of(event).words(),
    )  # fmt: skip
    delegate, body = invitable(event).first(), invitable_bodies(event).first()
    if delegate is None and body is None:
        raise Http404
    return _letter(draft, delegate, None if delegate else body)


def _letter(issue, delegate, body) -> OfficialDocument:
    unit = issue.event.unit
    number = issue.document.number if issue.document_id else ""
    return official(
        unit, on=issue.on, symbol="GM", number=number, kind="GIẤY MỜI",
        date=issue.on or PartialDate(today().year, today().month),
        blocks=[*_guest(issue, unit, delegate, body), *_particulars(issue, delegate)],
        signatures=[Signature(_capacity(issue), issue.signer_name)],
        recipients=[Recipient("Như trên"), Recipient("Lưu: VT")],
    )  # fmt: skip


def _capacity(issue) -> list[str]:
    return [line for line in map(str.strip, issue.signer_title.split(";")) if line]


def _guest(issue, unit, delegate, body):
    yield Paragraph(f"{unit.name} {issue.opening}", align="center")
    if body is not None:
        yield Paragraph("", lead=f"Quý cơ quan: {body}", align="center")
        if body.count > 1:
            yield Paragraph(f"(Kính đề nghị cử {body.count:02} đại biểu)", italic=True, align="center")
        return
    yield Paragraph("", lead=f"Ông/Bà: {delegate.full_name}", align="center")
    known = [delegate.title, delegate.workplace, delegate.sender]
    yield Paragraph(", ".join(dict.fromkeys(part for part in known if part)), align="center")
    if delegate.companion:
        yield Paragraph(f"(Cùng đi: {delegate.companion})", italic=True, align="center")


def _particulars(issue, delegate):
    yield Paragraph(issue.purpose or issue.event_name, lead="Đến dự:")
    yield Paragraph(f"{when_of(issue.held_on, issue.starts_at)}.", lead="Thời gian:")
    yield Paragraph(f"{issue.venue.rstrip('.')}.", lead="Địa điểm:")
    seat = seat_label(delegate) if delegate is not None else ""
    seating = ". ".join(part.rstrip(".") for part in (seat, issue.seating) if part)
    lines = [
        ("Chỗ ngồi:", seating),
        ("Trang phục:", issue.dress),
        ("Đi lại:", issue.transport),
        ("Liên hệ:", issue.contact),
    ]
    for lead, text in lines:
        if text:
            yield Paragraph(f"{text.rstrip('.')}.", lead=lead)
    yield Paragraph(issue.closing or "Rất mong Quý đại biểu đến dự đúng giờ")
