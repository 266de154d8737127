"""The lists on which many grants of a round are dealt with at once, one for each desk."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.grants import desks
from beneficiaries.grants.chain import decides
from beneficiaries.grants.models import Grant, GrantRound
from beneficiaries.grants.rows import VALUE
from welfare.asked import whole_number
from welfare.audit import record_search
from welfare.filters import of_unit, unit_choices
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.uploads import was_too_big
from welfare.vietnamese import format_money, format_number

ROWS_A_PAGE = 200
SORTS = {
    "": ("unit__path", "person__sort_name", "pk"),
    "ten": ("person__sort_name", "pk"),
    "gia-tri": ("-value_now", "pk"),
    "moi": ("-proposed_on", "-pk"),
}
_TOO_BIG = "Tệp lớn hơn 10 MB; hãy quét lại với độ phân giải thấp hơn."


def _page_of(desk: desks.Desk):
    @page(permission=f"beneficiaries.{desk.permission}", methods=("GET", "HEAD", "POST"))
    def view(request, round_id):
        return _show(request, desk, round_of(request, round_id))

    return view


round_forward, round_resubmit, round_appraise, round_review, round_issue, round_pay, round_receive = map(
    _page_of, desks.DESKS
)


def round_of(request, round_id) -> GrantRound:
    return get_object_or_404(GrantRound.objects.for_user(request.user).select_related("unit"), pk=round_id)


def _show(request, desk, round):
    if desk.for_deciders and not decides(request.user, round, desk.permission):
        raise PermissionDenied
    grants = round.grants.for_user(request.user, f"beneficiaries.{desk.permission}")
    listed = desk.rows(grants, request.user)
    candidates = desk.candidates(grants) if desk.candidates else listed
    forms = {act.name: _form(request, desk, act, round) for act in desk.acts}
    if request.method == "POST" and _carry_out(request, desk, candidates, listed, forms):
        return redirect(request.get_full_path())
    context = {
        "title": desk.title,
        "desk": desk,
        "acts": [(act, forms[act.name]) for act in desk.acts],
        "own": candidates.count() - listed.count() if desk.candidates else 0,
    }
    return render_page(request, "beneficiaries/round_list.html", context | _listing(request, round, listed))


def _form(request, desk, act, round):
    """All acts stand in one form beside the ticked rows, so fields of a further act carry its name."""
    posted = (request.POST, request.FILES) if request.POST.get("act") == act.name else ()
    prefix = None if act is desk.acts[0] else act.name
    auto_id = "%s" if prefix else f"{act.name}_%s"
    return act.form(*posted, user=request.user, row=round, prefix=prefix, auto_id=auto_id)


def _carry_out(request, desk, candidates, listed, forms) -> bool:
    act = next((act for act in desk.acts if act.name == request.POST.get("act")), None)
    if act is None:
        return False
    form = forms[act.name]
    if was_too_big(request):
        form.add_error(None, _TOO_BIG)
    if not form.is_valid():
        return False
    given = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    try:
        rows, expected = _chosen(request, candidates, listed)
        if desk.signs:
            given["stand_ins"] = _stand_ins(request)
        getattr(rows, act.name)(request.user, **given, expected=expected)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, f"{act.done} {format_number(expected[0])} khoản, {format_money(expected[1])}.")
    return True


def _chosen(request, candidates, listed):
    """The ticked grants, with the number and sum (VND) that stood on the user's screen.

    A ticked box carries "id:VND", the box for the whole list "number:VND".
    """
    try:
        if whole := request.POST.get("whole"):
            count, total = map(int, whole.split(":"))
            return _filtered(request, listed), (count, total)
        ticked = dict(tuple(map(int, box.split(":"))) for box in request.POST.getlist("grant"))
    except ValueError:
        raise Refused("Không đọc được các khoản đã chọn; hãy tải lại trang.") from None
    if not ticked:
        raise Refused("Chưa chọn khoản nào.")
    if max(map(abs, ticked)) >= 2**63:
        raise Refused("Không đọc được các khoản đã chọn; hãy tải lại trang.")
    return candidates.filter(pk__in=ticked), (len(ticked), sum(ticked.values()))


def _stand_ins(request) -> dict[int, tuple[str, str]]:
    """Who signed instead, by grant: the fields "name-<id>" and "relation-<id>" that were filled in."""
    names = {key[5:]: value.strip() for key, value in request.POST.items() if key.startswith("name-")}
    return {
        whole_number(key): (name, request.POST.get(f"relation-{key}", "").strip())
        for key, name in names.items()
        if name and whole_number(key)
    }


def _filtered(request, rows):
    return of_unit(rows, request.user, request.GET.get("unit", "")).search(request.GET.get("q", "").replace("\0", ""))


def _listing(request, round, listed) -> dict:
    """What every list shows: one page of rows, the sums of all that match, the filter."""
    if words := request.GET.get("q", "").replace("\0", "").strip():
        record_search(request, words, "beneficiaries.grant")
    matching = _filtered(request, listed)
    whole = matching.aggregate(count=Count("pk"), total=Sum(VALUE))
    people = ("person", "household", "unit", "proposed_by", "forwarded_by", "appraised_by", "letter", "advance")
    rows = matching.select_related(*people).annotate(value_now=VALUE)
    sort = request.GET.get("sort", "")
    shown = Paginator(rows.order_by(*SORTS.get(sort, SORTS[""])), ROWS_A_PAGE).get_page(request.GET.get("p"))
    helped = _helped(shown.object_list, round.year, request.user)
    for grant in shown.object_list:
        grant.is_helped = grant.pk in helped
    query = request.GET.copy()
    query.pop("p", None)
    return {
        "subtitle": round.name,
        "round": round,
        "back": reverse("admin:beneficiaries_grantround_change", args=[round.pk]),
        "shown": shown,
        "whole_count": whole["count"],
        "whole_total": whole["total"] or 0,
        "units": unit_choices(request.user),
        "sort": sort,
        "query": query.urlencode(),
        "ticked": {box.split(":")[0] for box in request.POST.getlist("grant")},
    }


def _helped(grants, year, user) -> set[int]:
    """Those of ``grants`` whose person, or someone with the same ID number, was already supported in the year."""
    people = {grant.person_id for grant in grants if grant.person_id}
    numbers = {grant.person.id_hash for grant in grants if grant.person_id and grant.person.id_hash}
    done = Grant.objects.for_user(user).binding().filter(round__year=year).exclude(pk__in=[g.pk for g in grants])
    same = done.filter(Q(person__in=people) | Q(person__id_hash__in=numbers)).order_by()
    found = {key for row in same.values_list("person_id", "person__id_hash") for key in row if key}
    return {g.pk for g in grants if g.person_id and (g.person_id in found or g.person.id_hash in found)}
