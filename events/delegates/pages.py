"""Pages on which delegates are chosen: what is asked of a unit, one place of the quota, somebody instead."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.models import Person
from events.delegates.board import asked_of, is_late
from events.delegates.fits import Fit, fitting
from events.delegates.forms import NameForm, PickForm, ReasonedNameForm
from events.delegates.models import Delegate
from events.delegates.nominating import Nominee, nominate, substitute
from events.delegates.places import capacity, delegates_in, fields_of, left, place_of
from events.delegates.states import HOLDING, State
from events.gatherings.models import Event
from events.notices.models import EventNotice
from events.papers.issuing import newest_invitations
from events.quotas.models import InvitedBody, QuotaLine, QuotaShare
from welfare.asked import whole_numbers
from welfare.audit import record_search
from welfare.site import page, render_page
from welfare.states import Refused

PEOPLE_A_PAGE = 25


@page(permission="events.answer_event")
def unit_events(request):
    """Events that ask something of the units the user writes for, the nearest first."""
    mine = Event.objects.for_user(request.user).filter(lines__shares__unit__in=units_of(request.user)).distinct()
    shown = Paginator(mine.exclude(state=Event.State.DRAFT), 20).get_page(request.GET.get("trang"))
    context = {"title": "Đại biểu của đơn vị", "shown": shown, "events": _with_counts(shown.object_list, request.user)}
    return render_page(request, "events/unit_events.html", context)


def units_of(user):
    return user.reach.own


def _with_counts(events, user):
    asked = {}
    shares = QuotaShare.objects.filter(line__event__in=events, line__is_overlay=False, unit__in=units_of(user))
    for event_id, count in shares.values_list("line__event", "count"):
        asked[event_id] = asked.get(event_id, 0) + count
    sent = {}
    rows = Delegate.objects.filter(
        event__in=events, unit__in=units_of(user), share__isnull=False, is_over_quota=False
    ).holding()
    for event_id in rows.values_list("event", flat=True):
        sent[event_id] = sent.get(event_id, 0) + 1
    return [
        {
            "event": event, "asked": asked.get(event.pk, 0), "sent": sent.get(event.pk, 0), "is_late": is_late(event),
            "left": max(0, asked.get(event.pk, 0) - sent.get(event.pk, 0)),
        }
        for event in events
    ]  # fmt: skip


@page(permission="events.view_delegate")
def unit_event(request, event_id):
    """What one event asks of the unit: how many of whom, by when, who was sent and what became of them."""
    event = get_object_or_404(Event.objects.for_user(request.user).select_related("unit"), pk=event_id)
    asked = asked_of(event, units_of(request.user))
    notices = EventNotice.objects.filter(event=event, unit__in=units_of(request.user)).select_related("seen_by")
    invited = newest_invitations(event, units_of(request.user))
    for delegate in (delegate for one in asked for delegate in one.delegates):
        delegate.invitation_key = invited[delegate.pk].pk if delegate.pk in invited else None
    context = {
        "title": "Đại biểu của đơn vị",
        "subtitle": event.name,
        "event": event,
        "asked": asked,
        "total": sum(one.share.count for one in asked),
        "left": sum(one.left for one in asked),
        "is_late": is_late(event),
        "invited_count": len(invited),
        "notices": notices,
        "speeches": event.speeches.filter(unit__in=units_of(request.user)),
        "tasks": event.tasks.filter(unit__in=units_of(request.user)),
        "agenda": event.agenda.all(),
        "may_nominate": request.user.has_perm("events.nominate_delegate") and event.state == Event.State.ANNOUNCED,
    }
    return render_page(request, "events/unit_event.html", context)


@page(permission="events.view_delegate", methods=("POST",))
def notice_see(request, notice_id):
    notice = get_object_or_404(EventNotice.objects.for_user(request.user), pk=notice_id)
    try:
        notice.see(request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("events:unit_event", notice.event_id)


# Nominating in one place ----------------------------------------------------------------------------


@page(permission="events.nominate_delegate", methods=("GET", "HEAD", "POST"))
def share_nominate(request, share_id):
    shares = QuotaShare.objects.for_user(request.user).filter(line__event__state__in=("announced", "held"))
    return _nominate(request, get_object_or_404(shares.select_related("line__event__unit", "unit"), pk=share_id))


@page(permission="events.nominate_delegate", methods=("GET", "HEAD", "POST"))
def body_nominate(request, body_id):
    bodies = InvitedBody.objects.for_user(request.user).select_related("line", "event__unit", "organization")
    return _nominate(request, get_object_or_404(bodies, pk=body_id))


@page(permission="events.nominate_delegate", methods=("GET", "HEAD", "POST"))
def line_nominate(request, line_id):
    lines = QuotaLine.objects.for_user(request.user).select_related("event__unit")
    return _nominate(request, get_object_or_404(lines, pk=line_id))


def _nominate(request, place):
    event, unit_id = fields_of(place)["event"], fields_of(place)["unit_id"]
    if not request.user.reach_for("events.nominate_delegate").may_write(unit_id):
        raise PermissionDenied
    form, chosen = NameForm(user=request.user, row=place), _chosen(request)
    if request.method == "POST" and not _looks_further(request):
        by_name = "full_name" in request.POST
        form = NameForm(request.POST, user=request.user, row=place) if by_name else form
        if (not by_name or form.is_valid()) and _attempt(request, place, chosen, form if by_name else None):
            return redirect(request.get_full_path())
    return render_page(request, "events/nominate.html", _context(request, place, event, form, chosen))


def _looks_further(request) -> bool:
    """Searching and turning pages send the ticks along, so that they stay."""
    return "xem" in request.POST


def _chosen(request) -> list[int]:
    return whole_numbers(request.POST.getlist("person")[:500])


def _attempt(request, place, chosen, form) -> bool:
    if form is not None:
        nominees = [form.nominee()]
    else:
        people = {p.pk: p for p in Person.objects.for_user(request.user).filter(pk__in=chosen).select_related("unit")}
        companion = {pk: request.POST.get(f"companion_{pk}", "").replace("\0", "").strip()[:120] for pk in people}
        nominees = [Nominee(people[pk], extra={"companion": companion[pk]}) for pk in chosen if pk in people]
    try:
        done = nominate(
            place, request.user, nominees, over_quota_reason=request.POST.get("over_quota_reason", "").replace("\0", "")
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    names = ", ".join(delegate.full_name for delegate in done[:3]) + (" …" if len(done) > 3 else "")
    messages.success(request, f"Đã ghi {len(done)} đại biểu: {names}.")
    return True


def _context(request, place, event, form, chosen):
    is_share = isinstance(place, QuotaShare)
    line = fields_of(place)["line"]
    return {
        "title": "Đề cử đại biểu" if is_share else "Ghi tên đại biểu",
        "subtitle": f"{event.name} · {place.unit if is_share else place}",
        "place": place,
        "line": line,
        "event": event,
        "capacity": capacity(place),
        "left": left(place),
        "delegates": delegates_in(place).filter(state__in=HOLDING).select_related("unit"),
        "form": form,
        "may_exceed": request.user.has_perm("events.exceed_quota") and request.user.reach.writes_all,
        "back": back_from(request, event),
        **_known(request, place, line, chosen),
    }


def back_from(request, event) -> str:
    name = "events:event_board" if request.user.reach.province else "events:unit_event"
    return reverse(name, args=[event.pk])


def _known(request, place, line, chosen) -> dict:
    """Whom a place is for, and for a unit's share the people of the ledger to pick from."""
    shown = {"fit": Fit(line.fits).label if line.fits else ""}
    if isinstance(place, QuotaShare) and request.user.has_perm("beneficiaries.view_person"):
        shown |= _people(request, place, line, chosen)
    return shown


def _people(request, place, line, chosen):
    """Those of the unit who fit the line and are not on the event's list yet; ``tat-ca`` shows the others too.

    Whoever is ticked and not on the page that is shown stands before it.
    """
    asked = request.POST if _looks_further(request) else request.GET
    words, everyone = asked.get("q", "").replace("\0", "").strip(), asked.get("tat-ca") == "1"
    held = Delegate.objects.filter(event=line.event_id, person__isnull=False).holding().values("person")
    people = Person.objects.for_user(request.user).filter(unit__in=place.unit.subtree_ids()).exclude(pk__in=held)
    ticked = people.filter(pk__in=chosen).with_need()
    if words:
        record_search(request, words, "beneficiaries.person")
        people = people.closest(words)
    if not everyone:
        people = fitting(people, line.fits)
    page_number = asked.get("xem") or asked.get("trang")
    shown = Paginator(people.with_need(), PEOPLE_A_PAGE).get_page(page_number)
    before = ticked.exclude(pk__in=[person.pk for person in shown]) if chosen else []
    for person in [*before, *shown]:
        person.companion = request.POST.get(f"companion_{person.pk}", "")
    query = request.GET.copy()
    query.pop("trang", None)
    return {
        "people": shown,
        "ticked": before,
        "words": words,
        "everyone": everyone,
        "chosen": chosen,
        "query": query.urlencode(),
        "picks": True,
    }


@page(permission="events.nominate_delegate", methods=("GET", "HEAD", "POST"))
def delegate_substitute(request, delegate_id):
    """Somebody else in a delegate's place, by name or out of the ledger (``?q=``)."""
    rows = Delegate.objects.for_user(request.user, "events.nominate_delegate")
    delegate = get_object_or_404(
        rows.select_related("share__line__event", "share__unit", "body__event", "line__event"), pk=delegate_id
    )
    if not request.user.reach_for("events.nominate_delegate").may_write(delegate.unit_id):
        raise PermissionDenied
    given = {"user": request.user, "row": delegate}
    picked = "picked" in request.POST
    form = ReasonedNameForm(None if picked else request.POST or None, **given)
    pick = PickForm(request.POST if picked else None, **given)
    asked, chosen = pick if picked else form, _chosen(request)[:1]
    if request.method == "POST" and asked.is_valid():
        try:
            nominee = _picked(request, chosen, pick) if picked else form.nominee()
            fresh = substitute(delegate, request.user, nominee, reason=asked.cleaned_data["reason"])
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Đã thay {delegate.full_name} bằng {fresh.full_name}.")
            return redirect(back_from(request, delegate.event))
    context = {
        "title": "Thay đại biểu", "subtitle": str(delegate.event), "delegate": delegate, "form": form, "pick": pick,
        "back": back_from(request, delegate.event), "may": delegate.state in HOLDING and delegate.state != State.ATTENDED,
        **_known(request, place_of(delegate), delegate.line, chosen),
    }  # fmt: skip
    return render_page(request, "events/substitute.html", context)


def _picked(request, chosen, pick) -> Nominee:
    person = Person.objects.for_user(request.user).filter(pk__in=chosen).select_related("unit").first()
    if person is None:
        raise Refused("Chưa chọn ai; hãy chọn một người trong sổ.")
    return Nominee(person, extra={"companion": pick.cleaned_data["companion"]})
