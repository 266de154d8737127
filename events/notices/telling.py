"""Telling units of an event: on their to-do list and by mail, each exactly once."""

from datetime import timedelta

from django.db import transaction

from events.delegates.board import lacking_of
from events.gatherings.models import Event
from events.notices.models import EventNotice
from welfare.jobs.mail import mail_once
from welfare.jobs.queue import submit
from welfare.units.models import Appointment, User, today

DAYS_BEFORE = 3  # the deadline; units that still lack delegates are reminded by themselves then


def tell_revision(revision, before: dict, after: dict) -> list[EventNotice]:
    """``before``, ``after``: {unit id: {line id: (name, people)}}; only units whose part changed are told."""
    notices = []
    for unit_id in sorted({*before, *after}):
        old, new = before.get(unit_id, {}), after.get(unit_id, {})
        changes = list(_changes(old, new))
        if changes:
            text = f"{revision} ({revision.reason}). {'; '.join(changes)}."
            notices.append(
                _tell(revision.event, unit_id, EventNotice.Kind.REVISION, text, revision.on, revision=revision)
            )
    return notices


def _changes(old: dict, new: dict):
    for line in dict.fromkeys([*old, *new]):
        name = (new.get(line) or old[line])[0]
        before, after = (said.get(line, (name, 0))[1] for said in (old, new))
        if before != after:
            yield f"{name}: {before} → {after}"


def remind(event, lacking: dict[int, int]) -> int:
    """Remind units, once a day each. ``lacking``: {unit id: delegates still to be sent}. Returns how many were new."""
    made = 0
    for unit_id, number in lacking.items():
        due = f", hạn {event.nominate_by:%d/%m/%Y}" if event.nominate_by else ""
        text = f"Đề nghị gửi danh sách đại biểu dự “{event}”{due}: còn {number} đại biểu chưa đề cử."
        with transaction.atomic():
            given = {"event": event, "unit_id": unit_id, "kind": EventNotice.Kind.REMINDER, "on": today()}
            notice, is_new = EventNotice.objects.get_or_create(**given, defaults={"text": text})
            if is_new:
                _mail(notice)
        made += is_new
    return made


def remind_due() -> int:
    """Units that lack delegates when the deadline is near, and again the day after it."""
    days = (today() + timedelta(days=DAYS_BEFORE), today() - timedelta(days=1))
    events = Event.objects.filter(state=Event.State.ANNOUNCED, nominate_by__in=days)
    return sum(remind(event, lacking_of(event)) for event in events)


def _tell(event, unit_id, kind, text, on, **given) -> EventNotice:
    notice = EventNotice.objects.create(event=event, unit_id=unit_id, kind=kind, text=text, on=on, **given)
    _mail(notice)
    return notice


def _mail(notice):
    if addresses(notice):
        submit(
            "mail_event_notice", title=str(notice), owner=User.objects.system(), unit=notice.unit,
            params={"notice": notice.pk}, key=f"event-notice-{notice.pk}",
        )  # fmt: skip


def mail_event_notice(job) -> None:
    """No reminder to a unit that lacks nobody meanwhile. The to-do list says it too, whether or not there is mail."""
    notice = EventNotice.objects.select_related("event", "unit").get(pk=job.params["notice"])
    is_due = notice.kind != EventNotice.Kind.REMINDER or notice.unit_id in lacking_of(notice.event)
    if is_due and (to := addresses(notice)):
        unsent = EventNotice.objects.filter(pk=notice.pk)
        mail_once(unsent, "sent_at", str(notice), f"Kính gửi {notice.unit}: {notice.text}", to)


def addresses(notice) -> list[str]:
    """Of those who write for the unit and gave an address."""
    writing = Appointment.objects.effective().filter(unit=notice.unit_id, role__code="unit_officer")
    writers = User.objects.filter(is_active=True, appointments__in=writing).exclude(email="")
    return sorted(set(writers.values_list("email", flat=True)))
