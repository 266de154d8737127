"""Verbs on many grants at once, each in one transaction, all rows or none."""

from django.db import transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import TruncMonth

from beneficiaries.people.models import Person
from beneficiaries.rules import business_day, need
from programs.targets.models import mark_stale
from welfare.audit import AuditEvent, record
from welfare.bulk import add_history
from welfare.scoping import ScopedQuerySet
from welfare.states import Refused
from welfare.vietnamese import format_money, format_number


class GrantQuerySet(ScopedQuerySet):
    """``expected``: what the user saw before deciding, as (number of grants, VND). A set that has changed is refused."""

    def waiting(self):
        return self.filter(state__in=["proposed", "appraised"])

    def of_others(self, user):
        """Neither proposed nor appraised by ``user``: those they may decide on."""
        return self.exclude(proposed_by=user).exclude(appraised_by=user)

    def payable(self):
        return self.filter(state="approved")

    def paid(self):
        return self.filter(state="paid")

    def total(self) -> int:
        """Cash and value in kind together, VND."""
        return self.aggregate(total=Sum(F("cash") + F("in_kind_value")))["total"] or 0

    def by_state(self) -> list[dict]:
        """{"state", "label", "count", "people", "total" (VND)} for every state, in the order a grant goes through."""
        found = self.order_by().values("state").annotate(
            count=Count("pk"), people=Sum("people_count"), total=Sum(F("cash") + F("in_kind_value"))
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

    def approve(self, by, *, decision_number: str, on=None, expected=None) -> int:
        """Approve all waiting grants of this set. Returns how many.

        Raises ``Refused`` when one of them was proposed or appraised by the approver.
        """
        need(by, "approve_grant", "phê duyệt khoản hỗ trợ")
        if not decision_number.strip():
            raise Refused("Phải ghi số quyết định khi phê duyệt.")
        on = business_day(on)
        with transaction.atomic():
            rows = self._locked(self.waiting(), expected)
            for grant in rows:
                grant.check_other_hands(by)
            fields = {"approved_by": by, "approved_on": on, "decision_number": decision_number.strip()}
            self._write(rows, by, self.model.State.APPROVED, fields)
            _record_rounds(AuditEvent.Action.APPROVE, rows, by, on, decision=decision_number.strip())
            _recount(rows, on)
        return len(rows)

    def refuse(self, by, *, reason: str, on=None, expected=None) -> int:
        """Refuse all waiting grants of this set for one reason; by the same people who could approve them."""
        need(by, "approve_grant", "xét duyệt khoản hỗ trợ")
        if not reason.strip():
            raise Refused("Phải ghi lý do khi không duyệt.")
        on = business_day(on)
        with transaction.atomic():
            rows = self._locked(self.waiting(), expected)
            for grant in rows:
                grant.check_other_hands(by)
            self._write(rows, by, self.model.State.REFUSED, {"refused_reason": reason.strip()[:300]})
            _record_rounds(AuditEvent.Action.CHANGE, rows, by, on, to="refused")
        return len(rows)

    def pay(self, by, *, fund=None, document_number="", on=None, expected=None) -> int:
        """Pay all approved grants of this set: cash out of ``fund`` by one spend entry each. Returns how many.

        What an outside source pays, or is given in kind alone, takes nothing from the fund.
        """
        need(by, "pay_grant", "chi khoản hỗ trợ")
        on = business_day(on)
        with transaction.atomic():
            rows = self._locked(self.payable(), expected)
            for grant in rows:
                business_day(on, since=grant.approved_on, after="ngày duyệt")
            _spend([grant for grant in rows if grant.is_paid_from_fund], fund, by, on, document_number)
            for grant in rows:
                grant.state, grant.paid_on = self.model.State.PAID, on
            self.model.objects.bulk_update(rows, ["state", "paid_on", "payment"], batch_size=500)
            self._keep_history(rows, by)
            _record_rounds(AuditEvent.Action.PAY, rows, by, on, fund=fund.pk if fund else None)
            _recount(rows, on)
        return len(rows)

    def _locked(self, rows, expected) -> list:
        locked = rows.select_for_update(of=("self",)).order_by("pk").select_related("person", "round")
        found = list(locked)
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


def _spend(grants, fund, by, on, document_number):
    if not grants:
        return
    if fund is None:
        raise Refused("Phải chọn quỹ để chi.")
    lines = [(grant.cash, f"Chi {grant.round.name}") for grant in grants]
    occasions = {grant.round.occasion_id for grant in grants}
    entries = fund.spend_each(
        lines, by=by, on=on, document_number=document_number, use=fund.Use.GRANTS, occasions=occasions
    )
    for grant, entry in zip(grants, entries, strict=True):
        grant.payment = entry


def _record_rounds(action, rows, by, on, **detail):
    """One event a round: the rows themselves keep their history."""
    for round in {grant.round for grant in rows}:
        of_round = [grant for grant in rows if grant.round_id == round.pk]
        sums = {"count": len(of_round), "total": sum(grant.value for grant in of_round), "on": str(on)}
        record(action, actor=by, subject=round, detail=detail | sums)


def _recount(rows, on):
    for unit_id in {grant.unit_id for grant in rows}:
        mark_stale("grants", unit_id, on)
