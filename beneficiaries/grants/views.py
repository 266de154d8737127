"""Two lists on which many grants of a round are decided at once: approval and payment."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, Sum
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.grants.forms import PaymentForm
from beneficiaries.grants.models import Grant, GrantRound
from welfare.audit import record_search
from welfare.filters import of_unit, unit_choices
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.verbs import DecisionForm, ReasonForm
from welfare.vietnamese import format_money, format_number

ROWS_A_PAGE = 200


@page(permission="beneficiaries.approve_grant", methods=("GET", "HEAD", "POST"))
def round_review(request, round_id):
    """Proposals that wait for this user's approval; the user's own are left to others."""
    round = _round(request, round_id)
    of_round = round.grants.for_user(request.user, "beneficiaries.approve_grant").waiting()
    listed = of_round.of_others(request.user)
    forms = {
        "approve": DecisionForm(_data(request, "approve"), user=request.user, row=round, auto_id="approve_%s"),
        "refuse": ReasonForm(_data(request, "refuse"), user=request.user, row=round, auto_id="refuse_%s"),
    }
    verbs = {
        "approve": lambda rows, given: rows.approve(request.user, **given),
        "refuse": lambda rows, given: rows.refuse(request.user, **given),
    }
    done = {"approve": "Đã duyệt", "refuse": "Đã ghi không duyệt"}
    if request.method == "POST" and _carry_out(request, of_round, listed, forms, verbs, done):
        return redirect(request.get_full_path())
    context = {"title": "Duyệt các đề nghị", "forms": forms, "own": of_round.count() - listed.count()}
    return render_page(request, "beneficiaries/round_review.html", context | _listing(request, round, listed))


@page(permission="beneficiaries.pay_grant", methods=("GET", "HEAD", "POST"))
def round_pay(request, round_id):
    round = _round(request, round_id)
    listed = round.grants.for_user(request.user, "beneficiaries.pay_grant").payable()
    forms = {"pay": PaymentForm(_data(request, "pay"), user=request.user, row=round, auto_id="pay_%s")}
    verbs = {"pay": lambda rows, given: rows.pay(request.user, **given)}
    if request.method == "POST" and _carry_out(request, listed, listed, forms, verbs, {"pay": "Đã chi"}):
        return redirect(request.get_full_path())
    context = {"title": "Chi các khoản đã duyệt", "forms": forms}
    return render_page(request, "beneficiaries/round_pay.html", context | _listing(request, round, listed))


def _round(request, round_id):
    return get_object_or_404(GrantRound.objects.for_user(request.user).select_related("unit"), pk=round_id)


def _data(request, act):
    return request.POST if request.POST.get("act") == act else None


def _carry_out(request, of_round, listed, forms, verbs, done) -> bool:
    act = request.POST.get("act")
    form = forms.get(act)
    if form is None or not form.is_valid():
        return False
    given = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    try:
        rows, expected = _chosen(request, of_round, listed)
        count = verbs[act](rows, given | {"expected": expected})
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, f"{done[act]} {format_number(count)} khoản, {format_money(expected[1])}.")
    return True


def _chosen(request, of_round, listed):
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
    return of_round.filter(pk__in=ticked), (len(ticked), sum(ticked.values()))


def _filtered(request, rows):
    return of_unit(rows, request.user, request.GET.get("unit", "")).search(request.GET.get("q", ""))


def _listing(request, round, listed) -> dict:
    """What both lists show: one page of rows, the sums of all that match, the filter."""
    if words := request.GET.get("q", "").strip():
        record_search(request, words, "beneficiaries.grant")
    matching = _filtered(request, listed)
    whole = matching.aggregate(count=Count("pk"), total=Sum(F("cash") + F("in_kind_value")))
    rows = matching.select_related("person", "household", "unit", "proposed_by", "appraised_by").order_by(
        "unit__path", "person__sort_name", "pk"
    )
    shown = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("p"))
    helped = _helped(shown.object_list, round.year, request.user)
    for grant in shown.object_list:
        grant.is_helped = grant.pk in helped
    return {
        "subtitle": round.name,
        "round": round,
        "back": reverse("admin:beneficiaries_grantround_change", args=[round.pk]),
        "shown": shown,
        "whole_count": whole["count"],
        "whole_total": whole["total"] or 0,
        "units": unit_choices(request.user),
        "ticked": {box.split(":")[0] for box in request.POST.getlist("grant")},
    }


def _helped(grants, year, user) -> set[int]:
    """Those of ``grants`` whose person, or someone with the same ID number, was already supported in the year."""
    people = {grant.person_id for grant in grants if grant.person_id}
    numbers = {grant.person.id_hash for grant in grants if grant.person_id and grant.person.id_hash}
    done = Grant.objects.for_user(user).filter(state__in=["approved", "paid"], round__year=year).exclude(
        pk__in=[grant.pk for grant in grants]
    )  # fmt: skip
    same = done.filter(Q(person__in=people) | Q(person__id_hash__in=numbers)).order_by()
    found = {key for row in same.values_list("person_id", "person__id_hash") for key in row if key}
    return {g.pk for g in grants if g.person_id and (g.person_id in found or g.person.id_hash in found)}
