"""People chosen out of a list are proposed together: "these 30" in one round, each with an amount."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from beneficiaries.grants.models import Grant, GrantRound, SupportKind
from beneficiaries.people.models import Person
from programs.activities.fields import WholeNumberField
from programs.targets.models import mark_stale
from welfare.asked import whole_number, whole_numbers
from welfare.audit import AuditEvent, record
from welfare.bulk import add_history, add_rows
from welfare.site import page, render_page
from welfare.states import Refused
from welfare.units.models import today
from welfare.vietnamese import format_money, format_number

MOST_PEOPLE = 300
MOST_MONEY = 10**12  # VND


class PickForm(forms.Form):
    """Which round, and what is the same for all; then a line of cash, value in kind and reason for each person."""

    round = forms.ModelChoiceField(
        GrantRound.objects.none(), label="Đợt hỗ trợ", empty_label="– Chọn đợt –", widget=UnfoldAdminSelectWidget,
        error_messages={"required": "Chọn đợt hỗ trợ.", "invalid_choice": "Đợt này không nhận đề nghị; hãy chọn đợt khác."},
    )  # fmt: skip
    support_kind = forms.ModelChoiceField(
        SupportKind.objects.all(),
        label="Loại hỗ trợ",
        required=False,
        empty_label="Tiền mặt",
        widget=UnfoldAdminSelectWidget,
    )
    in_kind = forms.CharField(label="Hiện vật", max_length=160, required=False, widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args, user, people, **options):
        super().__init__(*args, **options)
        open_ones = GrantRound.objects.for_user(user).filter(state=GrantRound.State.OPEN, opens_on__lte=today())
        rounds = open_ones.filter(Q(closes_on=None) | Q(closes_on__gte=today()))
        self.fields["round"].queryset = rounds
        self.people, self.chosen = people, rounds.filter(pk=_number(self["round"].value())).first()
        for person in people:
            usual = self.chosen.amount_for(person.is_member) if self.chosen else None
            self.fields[f"cash-{person.pk}"] = _money("Tiền mặt", initial=usual)
            self.fields[f"gift-{person.pk}"] = _money("Giá trị hiện vật", initial=0)
            self.fields[f"reason-{person.pk}"] = forms.CharField(
                label="Lý do", max_length=300, required=False, initial=person.needs(), widget=UnfoldAdminTextInputWidget
            )

    def lines(self) -> list[dict]:
        return [
            {
                "person": person,
                **{name: self[f"{name}-{person.pk}"] for name in ("cash", "gift", "reason")},
            }
            for person in self.people
        ]

    def given(self) -> list[dict]:
        """Fields of a grant for each person."""
        same = {name: self.cleaned_data[name] for name in ("support_kind", "in_kind")}
        return [
            {
                "person": person,
                "cash": self.cleaned_data[f"cash-{person.pk}"],
                "in_kind_value": self.cleaned_data[f"gift-{person.pk}"],
                "reason": self.cleaned_data[f"reason-{person.pk}"],
                **same,
            }
            for person in self.people
        ]


def _money(label, **options):
    field = WholeNumberField(label=label, max_value=MOST_MONEY, required=False, **options)
    field.widget.attrs |= {"class": "bn-input bn-cell", "aria-label": label}
    return field


def _number(text) -> int:
    return whole_number(str(text or "")) or 0


@page(permission="beneficiaries.propose_grant", methods=("GET", "HEAD", "POST"))
def round_propose_people(request):
    """``people``: their keys; ``round``: the round they are proposed in. The list is shown, then sent with ``propose``."""
    asked = request.POST if request.method == "POST" else request.GET
    people = _people(request.user, asked.getlist("people"))
    is_sent = request.method == "POST" and "propose" in request.POST
    form = PickForm(
        request.POST if is_sent else None, user=request.user, people=people, initial={"round": asked.get("round")}
    )
    if is_sent and people and form.is_valid():
        try:
            total = propose_people(request.user, form.cleaned_data["round"], form.given())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Đã đề nghị {format_number(len(people))} người, {format_money(total)}.")
            return redirect("admin:beneficiaries_grantround_change", form.cleaned_data["round"].pk)
    context = {
        "title": "Đề nghị hỗ trợ những người đã chọn",
        "form": form,
        "lines": _told(form, request.user),
        "left_out": len(set(asked.getlist("people"))) - len(people),
        "left_of_total": _left_of_total(form.chosen),
        "back": reverse("admin:beneficiaries_person_changelist"),
    }
    return render_page(request, "beneficiaries/round_people.html", context)


def _people(user, keys) -> list[Person]:
    """Those the user may see; whose unit the user does not write for is refused when they are sent."""
    numbers = list(filter(None, map(_number, keys)))[:MOST_PEOPLE]
    return list(Person.objects.for_user(user, "beneficiaries.propose_grant").filter(pk__in=numbers).with_need())


def propose_people(by, round: GrantRound, given: list[dict]) -> int:
    """A proposal for each line, all or none. Returns their sum, VND.

    Raises ``Refused`` naming the first person who is of another unit, over the ceiling, or in the round already.
    """
    with transaction.atomic():
        GrantRound.objects.select_for_update().get(pk=round.pk)
        people = [line["person"] for line in given]
        _check_people(by, round, people)
        for line in given:
            _check_line(round, line)
        ids = _insert(by, round, given)
        grants = Grant.objects.filter(pk__in=ids)
        add_history(Grant, grants, change="+", by=by)
        total = grants.total()
        detail = {"proposed": len(ids), "total": total}
        record(AuditEvent.Action.CHANGE, actor=by, subject=round, unit=round.unit, detail=detail)
        for unit_id in {person.unit_id for person in people}:
            mark_stale("grants", unit_id, today())
    return total


def _check_people(by, round, people):
    reach = by.reach_for("beneficiaries.propose_grant")
    for unit in {person.unit_id: person.unit for person in people}.values():
        if not reach.may_write(unit.pk):
            raise Refused(f"Có người thuộc {unit}; chỉ đơn vị đó được lập đề nghị.")
        round.check_open_to(unit)
    listed = Grant.objects.standing().filter(round=round, person__in=people).select_related("person").first()
    if listed:
        raise Refused(f"{listed.person} đã có tên trong đợt “{round}”; hãy bỏ người này khỏi danh sách.")


def _check_line(round, line):
    value = line["cash"] + line["in_kind_value"]
    if value <= 0:
        raise Refused(f"Ghi số tiền mặt hoặc giá trị hiện vật cho {line['person']}.")
    if value > round.ceiling:
        raise Refused(
            f"{line['person']}: mức {format_money(value)} vượt mức tối đa {format_money(round.ceiling)} một người của đợt."
        )


def _insert(by, round, given) -> list[int]:
    def column(name):
        return [line[name] for line in given]

    kind = given[0]["support_kind"]
    return add_rows(
        Grant, len(given), round_id=round.pk, unit_id=[person.unit_id for person in column("person")],
        person_id=[person.pk for person in column("person")], cash=column("cash"), in_kind_value=column("in_kind_value"),
        in_kind=column("in_kind"), support_kind_id=kind.pk if kind else None, quantity=1 if kind else None,
        reason=column("reason"), proposed_by_id=by.pk, proposed_on=today(),
    )  # fmt: skip


def _told(form, user) -> list[dict]:
    """The lines with what is to be known of each person: helped already on this occasion, listed already."""
    lines = form.lines()
    if not form.chosen:
        return lines
    same = Grant.objects.for_user(user).filter(person__in=form.people)
    listed = set(same.standing().filter(round=form.chosen).values_list("person", flat=True))
    before = same.binding().filter(round__occasion=form.chosen.occasion_id, round__year=form.chosen.year)
    helped = {grant.person_id: grant for grant in before.exclude(round=form.chosen).select_related("round")}
    for line in lines:
        line["is_listed"] = line["person"].pk in listed
        line["helped"] = helped.get(line["person"].pk)
        line["is_over"] = _value(line) > form.chosen.ceiling
    return lines


def _value(line) -> int:
    """VND as it stands in the two boxes now, typed or proposed."""
    texts = [str(line[name].value() or "").replace(".", "") for name in ("cash", "gift")]
    return sum(whole_numbers(texts))


def _left_of_total(round) -> int | None:
    if round is None or round.total_ceiling is None:
        return None
    return round.total_ceiling - round.grants.binding().total()
