"""The board: every house in the column of its state, with the money and how long it waits."""

from django.db.models import Count, F, Sum
from django.urls import reverse
from django.utils.http import urlencode

from beneficiaries.funds.models import Fund
from beneficiaries.houses.models import House, HouseKind
from beneficiaries.houses.stages import WAY, State, date_field
from welfare.asked import whole_number
from welfare.filters import of_unit, unit_choices
from welfare.scoped_admin import rows_for
from welfare.site import page, render_page

CARDS = 12  # of a column; the list has the rest
ASKED = ("loai", "unit", "year", "quy", "tre")
_NEXT = {
    State.PROPOSED: ("survey", "Ghi khảo sát", "change_house"),
    State.SURVEYED: ("appraise", "Thẩm định", "appraise_house"),
    State.APPRAISED: ("decide", "Quyết định", "decide_house"),
    State.DECIDED: ("start", "Khởi công", "build_house"),
    State.STARTED: ("complete", "Nghiệm thu", "build_house"),
    State.COMPLETED: ("hand_over", "Bàn giao", "build_house"),
    State.HANDED_OVER: ("settle", "Quyết toán", "pay_house"),
}


@page(permission="beneficiaries.view_house")
def house_board(request):
    asked = {name: request.GET[name] for name in ASKED if request.GET.get(name)}
    houses = houses_asked(request.user, **asked)
    context = {
        "title": "Bảng nhà",
        "subtitle": "Mỗi cột là một bước; nhà chờ lâu nhất đứng trên cùng",
        "columns": _columns(houses, request),
        "kinds": HouseKind.objects.for_user(request.user),
        "units": unit_choices(request.user),
        "years": House.objects.for_user(request.user).order_by("-year").values_list("year", flat=True).distinct(),
        "funds": rows_for(request.user, Fund),
        "asked": asked,
        "is_filtered": bool(asked),
        "may_propose": request.user.has_perm("beneficiaries.add_house"),
    }
    return render_page(request, "beneficiaries/house_board.html", context)


def houses_asked(user, *, loai="", unit="", year="", quy="", tre=""):
    """Houses in scope, by what the board asks, as text; what is no number asks for nothing."""
    houses = of_unit(House.objects.for_user(user), user, unit)
    kind, year, fund = map(whole_number, (loai, year, quy))
    if kind:
        houses = houses.filter(kind=kind)
    if year:
        houses = houses.filter(year=year)
    if fund:
        houses = houses.funded_by(fund)
    return houses.late() if tre else houses


def _columns(houses, request) -> list[dict]:
    sums = houses.standing().order_by().values("state").annotate(count=Count("pk"), money=Sum("cost"))
    by_state = {row["state"]: row for row in sums}
    empty = {"count": 0, "money": 0}
    return [_column(state, by_state.get(state, empty), houses, request) for state in WAY] if by_state else []


def _column(state, sums, houses, request) -> dict:
    if not sums["count"]:
        return {"label": state.label, "state": state, **sums, "cards": [], "rest": 0}
    rows = houses.filter(state=state).with_lateness().annotate(since=F(date_field(state)))
    rows = rows.select_related("unit", "kind", "person", "household", "host")
    order = "-since" if state == State.SETTLED else "since"
    cards = list(rows.order_by(order, "pk")[:CARDS])
    act = _act(state, request.user)
    for house in cards:
        house.act = act(house)
    return {
        "label": state.label,
        "state": state,
        "next": WAY[WAY.index(state) + 1] if state in _NEXT else "",
        "count": sums["count"],
        "money": sums["money"],
        "cards": cards,
        "rest": sums["count"] - len(cards),
        "all": f"{reverse('admin:beneficiaries_house_changelist')}?{_query(request, state)}",
    }


def _act(state, user):
    """What moves a house on from ``state``: a function from house to (label, address), or None where it isn't this user's."""
    if state not in _NEXT:
        return lambda house: None
    verb, label, permission = _NEXT[state]
    reach = user.reach_for(f"beneficiaries.{permission}")

    def act(house):
        made = state in (State.SURVEYED, State.APPRAISED) and house.proposed_by_id == user.pk
        if made or not reach.may_write(house.unit_id):
            return None
        return label, reverse("admin:beneficiaries_house_verb", args=[house.pk, verb])

    return act


def _query(request, state) -> str:
    names = {"loai": "kind__id__exact", "unit": "unit", "year": "year", "quy": "quy", "tre": "tre"}
    asked = {there: request.GET[here] for here, there in names.items() if request.GET.get(here)}
    return urlencode({"state__exact": state, "unit": "", **asked})
