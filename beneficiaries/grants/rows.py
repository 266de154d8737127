"""Grants as sets of rows: which of them stand where, and how the verbs on many lock, write and tell of them."""

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import TruncMonth

from beneficiaries.grants.chain import COMES_THROUGH
from beneficiaries.people.models import Person
from programs.targets.models import mark_stale
from welfare.audit import record
from welfare.bulk import add_history
from welfare.scoping import ScopedQuerySet
from welfare.states import Refused
from welfare.vietnamese import format_money, format_number

VALUE = F("cash") + F("in_kind_value")
MAKING = ("proposed", "forwarded", "appraised")  # a version in one of these was made, not decided


class GrantRows(ScopedQuerySet):
    """``expected``: what the user saw before deciding, as (number of grants, VND). A set that has changed is refused."""

    def to_forward(self):
        """Proposals that wait for the unit between theirs and the round's to forward them."""
        return self.filter(COMES_THROUGH, state="proposed")

    def waiting(self):
        """Proposals that lie before the round's unit."""
        return self.filter(~(Q(state="proposed") & COMES_THROUGH), state__in=MAKING)

    def to_appraise(self):
        return self.waiting().exclude(state="appraised")

    def returned(self):
        return self.filter(state="returned")

    def of_others(self, user):
        """Neither proposed, forwarded, appraised nor once changed by ``user``: those they may decide on."""
        made = self.model.history.model.objects.filter(id=OuterRef("pk"), history_user=user, state__in=MAKING)
        theirs = self.exclude(proposed_by=user).exclude(forwarded_by=user).exclude(appraised_by=user)
        return theirs.filter(~Exists(made))

    def to_decide(self):
        """Approved, and no decision issued yet."""
        return self.filter(state="approved", decision_number="")

    def payable(self):
        """Approved by an issued decision, and not handed to a unit as an advance."""
        return self.filter(state="approved", advance=None).exclude(decision_number="")

    def to_receive(self):
        """Where a signed list is missing: handed to the unit to pay, or paid already."""
        handed = Q(state="approved", advance__isnull=False)
        return self.filter(handed | Q(state="paid", receipt=None, is_recorded_afterwards=False))

    def paid(self):
        return self.filter(state="paid")

    def binding(self):
        """Approved or paid: what a round's money is bound by."""
        return self.filter(state__in=["approved", "paid"])

    def standing(self):
        """What was neither refused nor reversed, and so keeps its person from being proposed in the round again."""
        return self.exclude(state__in=["refused", "reversed"])

    def total(self) -> int:
        """Cash and value in kind together, VND."""
        return self.aggregate(total=Sum(VALUE))["total"] or 0

    def by_state(self) -> list[dict]:
        """{"state", "label", "count", "people", "total" (VND)} for every state, in the order a grant goes through."""
        found = self.order_by().values("state").annotate(
            count=Count("pk"), people=Sum("people_count"), total=Sum(VALUE)
        )  # fmt: skip
        known = {row["state"]: row for row in found}
        nothing = {"count": 0, "people": 0, "total": 0}
        return [
            {"state": state, "label": label, **nothing, **known.get(state, {})}
            for state, label in self.model.State.choices
        ]

    def search(self, words: str):
        """Of people found by name, ID or phone (see ``PersonQuerySet.search``)."""
        return self.filter(person__in=Person.objects.search(words).order_by()) if words.strip() else self

    def mark_stale(self):
        """Have every month counted anew in which one of these was paid."""
        paid = self.exclude(paid_on=None).order_by()
        for unit_id, month in paid.values_list("unit_id", TruncMonth("paid_on")).distinct():
            mark_stale("grants", unit_id, month)

    def _locked(self, rows, expected) -> list:
        locked = rows.select_for_update(of=("self",)).order_by("pk")
        found = list(locked.select_related("person", "unit", "round__unit"))
        if expected is not None and (len(found), sum(grant.value for grant in found)) != tuple(expected):
            raise Refused(_changed(found, *expected))
        return found

    def _write(self, rows, by, state, fields):
        self.model.objects.filter(pk__in=[grant.pk for grant in rows]).update(state=state, **fields)
        self._keep_history(rows, by)

    def _keep_history(self, rows, by):
        if not rows:
            return
        add_history(self.model, self.model.objects.filter(pk__in=[grant.pk for grant in rows]), change="~", by=by)


def _changed(found, count, total) -> str:
    return (
        f"Danh sách đã thay đổi sau khi bạn mở trang: bạn chọn {format_number(count)} khoản, {format_money(total)}; "
        f"nay còn {format_number(len(found))} khoản, {format_money(sum(grant.value for grant in found))}. "
        "Chưa có gì được ghi; hãy xem lại danh sách rồi làm lại."
    )


def rounds_of(rows) -> list:
    return list({grant.round_id: grant.round for grant in rows}.values())


def record_rounds(action, rows, by, on, **detail):
    """One event a round: the rows themselves keep their history."""
    for round in rounds_of(rows):
        of_round = [grant for grant in rows if grant.round_id == round.pk]
        sums = {"count": len(of_round), "total": sum(grant.value for grant in of_round), "on": str(on)}
        record(action, actor=by, subject=round, detail=detail | sums)


def recount(rows, on):
    for unit_id in {grant.unit_id for grant in rows}:
        mark_stale("grants", unit_id, on)
