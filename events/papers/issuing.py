"""Sending invitations out: who is asked, the number they get, and the job that prints them."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from events.delegates.models import Delegate
from events.delegates.states import FIRM, State
from events.gatherings.models import Event
from events.papers.models import Invitation, InvitationIssue, InvitationText
from events.quotas.models import InvitedBody
from welfare.audit import AuditEvent, record
from welfare.bulk import add_history, update_rows
from welfare.documents.models import Document, DocumentKind
from welfare.documents.printing import request_document
from welfare.documents.registers import NumberRegister
from welfare.rules import business_day, need
from welfare.states import Refused, locked

INVITABLE = (State.ACCEPTED, State.INVITED, State.CONFIRMED)
MOST = 5_000  # invitations that go out at once


def text_of(event) -> InvitationText:
    """The words as they were written last; a fresh set where nobody wrote any."""
    return InvitationText.objects.filter(event=event).first() or InvitationText(event=event)


def invitable(event):
    """Delegates who may be sent an invitation, in the order of their units; ``has_paper`` says who has one."""
    sent = Invitation.objects.filter(delegate=OuterRef("pk"))
    rows = Delegate.objects.filter(event=event, state__in=INVITABLE).annotate(has_paper=Exists(sent))
    return rows.select_related("unit", "line", "body__organization").order_by(
        "unit__path", "line__order", "sort_name", "pk"
    )


def invitable_bodies(event):
    """Organisations of whom nobody is named yet get an invitation as such."""
    sent = Invitation.objects.filter(body=OuterRef("pk"))
    bodies = InvitedBody.objects.filter(event=event).exclude(
        pk__in=Delegate.objects.filter(event=event, body__isnull=False).holding().values("body")
    )
    return bodies.annotate(has_paper=Exists(sent)).select_related("organization", "line").order_by("pk")


def newest_invitations(event, units) -> dict[int, Invitation]:
    """{delegate key: the invitation issued last} of these units' delegates who still may come."""
    rows = Invitation.objects.filter(issue__event=event, unit__in=units, delegate__state__in=FIRM)
    return {row.delegate_id: row for row in rows.select_related("issue").order_by("pk")}


def may_issue(user, event) -> bool:
    return user.reach_for("events.issue_invitation").may_write(event.unit_id)


def issue_invitations(event, by, *, delegates=(), bodies=(), on=None, after: int | None = None) -> InvitationIssue:
    """Give these delegates and organisations (keys) their invitations under one number; accepted ones become invited.

    The file is printed by a job. All or none. Raises ``Refused`` before the event is announced, without its day, time
    or place, for nobody, for whoever may not be invited any more, and when there is an issue newer than ``after``
    (its key, 0 for none): the same form sent twice invites nobody twice.
    """
    need(by, "events.issue_invitation", "phát hành giấy mời")
    if not may_issue(by, event):
        raise Refused("Bạn chỉ được phát hành giấy mời của đơn vị mình.")
    on = business_day(on)
    with transaction.atomic():
        # Without the key: who comes in at the door meanwhile holds a delegate and then refers to the event.
        event = Event.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=event.pk)
        _check(event)
        _refuse_again(event, after)
        guests = _guests(event, set(delegates), set(bodies))
        issue = InvitationIssue.objects.create(
            event=event, document=_numbered(event, on), event_name=event.name, held_on=event.on,
            starts_at=event.starts_at, venue=event.venue, on=on, by=by, **text_of(event).words(),
        )  # fmt: skip
        Invitation.objects.bulk_create(
            Invitation(issue=issue, position=place, unit_id=_unit_of(guest, event), **_names(guest))
            for place, guest in enumerate(guests)
        )
        _mark_invited([guest for guest in guests if isinstance(guest, Delegate)], by)
        detail = {
            "invitations": len(guests), "number": issue.document.number_and_symbol,
            "delegates": [guest.pk for guest in guests if isinstance(guest, Delegate)],
        }  # fmt: skip
        record(AuditEvent.Action.CHANGE, actor=by, subject=issue, unit=event.unit, detail=detail)
        request_document(by, "invitations", issue.pk, "pdf")
    return issue


def _check(event):
    if event.state != Event.State.ANNOUNCED:
        raise Refused("Chỉ phát hành giấy mời khi sự kiện đã thông báo và chưa tổ chức.")
    lacking = [
        name for name, known in (("ngày", event.on), ("giờ", event.starts_at), ("địa điểm", event.venue)) if not known
    ]
    if lacking:
        raise Refused(f"Sự kiện chưa có {', '.join(lacking)}; hãy ghi ở trang sự kiện trước khi phát hành giấy mời.")


def _refuse_again(event, after):
    newest = event.invitation_issues.select_related("document").order_by("-pk").first()
    if after is not None and newest and newest.pk != after:
        raise Refused(
            f"{newest} vừa được phát hành sau khi bạn mở trang này; hãy xem lại ai còn chưa có giấy mời. "
            "Chưa phát hành thêm giấy nào."
        )


def _guests(event, delegates, bodies) -> list:
    """Locked, organisations first, then delegates by unit."""
    if len(delegates) + len(bodies) > MOST:
        raise Refused(f"Mỗi lần phát hành nhiều nhất {MOST} giấy mời; hãy lọc theo đơn vị.")
    list(
        Delegate.objects.select_for_update(of=("self",), no_key=True)
        .filter(event=event, pk__in=delegates)
        .order_by("pk")
    )
    found = [*invitable_bodies(event).filter(pk__in=bodies), *invitable(event).filter(pk__in=delegates)]
    if len(found) < len(delegates) + len(bodies):
        raise Refused("Có đại biểu hoặc tổ chức vừa thay đổi nên không mời được nữa; hãy mở lại trang và chọn lại.")
    if not found:
        raise Refused("Chưa chọn ai để mời; hãy chọn trong danh sách.")
    return found


def _unit_of(guest, event) -> int:
    return guest.unit_id if isinstance(guest, Delegate) else event.unit_id


def _names(guest) -> dict:
    return {"delegate": guest} if isinstance(guest, Delegate) else {"body": guest}


def _numbered(event, on) -> Document:
    kind, unit = DocumentKind.objects.get(code="GM"), event.unit
    register = NumberRegister.objects.find_or_open(unit.pk, kind, on)
    if register is None:
        raise Refused(f"{unit} chưa có sổ số cho giấy mời ngày {on:%d/%m/%Y}; hãy mở sổ trong mục Sổ số văn bản.")
    head = unit.letterhead(on)
    with locked(register):
        paper = Document(
            unit=unit, issuer_unit=unit, kind=kind, number=register.next_number(on),
            symbol=f"{kind.abbreviation}-{head.abbreviation if head else 'LĐLĐ'}", year=on.year, month=on.month, day=on.day,
            title=f"Mời dự {event.name}"[:500],
        )  # fmt: skip
        return paper.enter(adopting=Document.objects.none())


def _mark_invited(delegates, by):
    """As ``Delegate.invite`` does for one, hundreds at once; the audit names them in the issue's own line."""
    fresh = [delegate for delegate in delegates if delegate.state == State.ACCEPTED]
    if not fresh:
        return
    update_rows(Delegate, ["state"], [(delegate.pk, State.INVITED) for delegate in fresh])
    rows = Delegate.objects.filter(pk__in=[delegate.pk for delegate in fresh])
    add_history(Delegate, rows, change="~", by=by, reason="Phát hành giấy mời")
