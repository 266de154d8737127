from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from events.delegates.models import Delegate, EventGift
from events.delegates.states import HOLDING, State
from events.gatherings.models import Event
from events.notices.models import EventNotice
from events.quotas.models import QuotaShare
from welfare.site import TodoItem
from welfare.units.models import today


def waiting(user):
    """Lists to be sent, news of events, delegates to be accepted, gifts of events held that nobody recorded."""
    if user.has_perm("events.nominate_delegate") and not user.reach.province:
        yield from _lists_to_send(user)
        yield _returned(user)
    yield _news(user)
    if user.has_perm("events.accept_delegate"):
        yield _to_accept(user)
    if user.has_perm("events.hand_over_eventgift") and user.reach.province:
        yield _to_hand_over(user)


def _lists_to_send(user):
    shares = QuotaShare.objects.filter(unit__in=user.reach.own, line__is_overlay=False)
    announced = Event.objects.filter(state=Event.State.ANNOUNCED, lines__shares__in=shares.values("pk")).distinct()
    allocated = dict(
        shares.filter(line__event__in=announced.values("pk"))
        .order_by()
        .values_list("line__event")
        .annotate(n=Sum("count"))
    )
    within = Q(state__in=HOLDING, is_over_quota=False)
    delegates = Delegate.objects.filter(event__in=list(allocated), unit__in=user.reach.own, share__isnull=False)
    sent = dict(delegates.order_by().values_list("event").annotate(n=Count("pk", filter=within)))
    for event in announced.filter(pk__in=list(allocated)):
        left = allocated[event.pk] - sent.get(event.pk, 0)
        due = f", hạn {event.nominate_by:%d/%m/%Y}" if event.nominate_by else ""
        is_late = bool(event.nominate_by and event.nominate_by < today())
        page = reverse("events:unit_event", args=[event.pk])
        yield TodoItem(max(0, left), f"đại biểu còn phải đề cử: {event}{due}", page, "group_add", is_late)


def _returned(user):
    """Returned, and the place has not been filled again."""
    rows = Delegate.objects.filter(unit__in=user.reach.own, state=State.RETURNED, event__state=Event.State.ANNOUNCED)
    events = list(rows.order_by().values_list("event", flat=True).distinct())
    page = reverse("events:unit_event", args=events) if len(events) == 1 else reverse("events:unit_events")
    full = Count("share__delegates", filter=Q(share__delegates__state__in=HOLDING))
    open_again = rows.annotate(n=full).filter(n__lt=F("share__count"))
    return TodoItem(open_again.count(), "đại biểu bị trả lại, cần đề cử người khác", page, "undo", is_late=True)


def _news(user):
    unseen = EventNotice.objects.filter(unit__in=user.reach.own, seen_by=None, event__state=Event.State.ANNOUNCED)
    events = list(unseen.order_by().values_list("event", flat=True).distinct())
    page = reverse("events:unit_event", args=events) if len(events) == 1 else reverse("events:unit_events")
    return TodoItem(unseen.count(), "thông báo về sự kiện chưa xem", page, "notifications")


def _to_accept(user):
    rows = Delegate.objects.for_user(user, "events.accept_delegate").filter(
        state=State.NOMINATED, event__state=Event.State.ANNOUNCED
    )
    others = rows.exclude(nominated_by=user)
    page = reverse("admin:events_delegate_changelist") + "?state__exact=nominated"
    return TodoItem(others.count(), "đại biểu chờ nhận", page, "how_to_reg")


def _to_hand_over(user):
    open_ones = EventGift.objects.for_user(user).filter(given_on=None, event__state=Event.State.HELD)
    page = reverse("admin:events_eventgift_changelist") + "?da-trao=0"
    return TodoItem(open_ones.count(), "nhà, quà của sự kiện chưa ghi trao", page, "featured_seasonal_and_gifts")
