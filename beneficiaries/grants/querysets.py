"""From decision to receipt, on many grants at once, each verb in one transaction, all rows or none."""

from django.db import transaction
from django.db.models import Sum

from beneficiaries.grants.advances import Advance, pay_out
from beneficiaries.grants.chain import need_for, need_fund
from beneficiaries.grants.deciding import Deciding
from beneficiaries.grants.papers import RoundPaper, decision_days, keep_paper
from beneficiaries.grants.rounds import RoundFund
from beneficiaries.grants.rows import record_rounds, recount, rounds_of
from beneficiaries.rules import business_day, need
from welfare.audit import AuditEvent
from welfare.states import Refused
from welfare.vietnamese import format_money

_PAY = AuditEvent.Action.PAY


class GrantQuerySet(Deciding):
    def pay(self, by, *, fund=None, document_number="", on=None, way="", expected=None) -> int:
        """Pay all grants of this set that may be paid: cash out of ``fund`` by one spend entry each. Returns how many.

        What an outside source pays, or is given in kind alone, takes nothing from the fund. ``way``: "bank" or "cash".
        """
        need(by, "pay_grant", "chi khoản hỗ trợ")
        on = business_day(on)
        with transaction.atomic():
            rows = self._locked(self.payable(), expected)
            self._check_payment(rows, by, fund, on)
            _spend([grant for grant in rows if grant.is_paid_from_fund], fund, by, on, document_number)
            for grant in rows:
                grant.state, grant.paid_on, grant.way = self.model.State.PAID, on, way
            self.model.objects.bulk_update(rows, ["state", "paid_on", "payment", "way"], batch_size=500)
            self._keep_history(rows, by)
            record_rounds(_PAY, rows, by, on, fund=fund.pk if fund else None)
            recount(rows, on)
        return len(rows)

    def advance_to(self, by, *, unit, fund, document_number: str, settle_by, on=None, expected=None) -> Advance:
        """Hand the cash of these grants to ``unit``, above theirs or their own, which pays them on a signed list."""
        need(by, "pay_grant", "tạm ứng cho đơn vị")
        if not document_number.strip():
            raise Refused("Phải ghi số chứng từ tạm ứng.")
        on = business_day(on)
        with transaction.atomic():
            rows = self._locked(self.payable(), expected)
            self._check_payment(rows, by, fund, on)
            if len(rounds_of(rows)) != 1 or any(not grant.unit.path.startswith(unit.path) for grant in rows):
                raise Refused(f"Chỉ tạm ứng cho {unit} những khoản của chính đơn vị và cấp dưới; hãy lọc theo đơn vị.")
            cash = sum(grant.cash for grant in rows if grant.is_paid_from_fund)
            made = pay_out(
                rows[0].round, unit, fund, cash, by, on=on, settle_by=settle_by, document_number=document_number
            )
            self._write(rows, by, self.model.State.APPROVED, {"advance": made, "way": self.model.Way.ADVANCE})
            record_rounds(_PAY, rows, by, on, advance=made.pk)
        return made

    def release(self, by) -> int:
        """What a unit returned the money for waits for payment again."""
        with transaction.atomic():
            rows = self._locked(self.filter(state="approved", advance__isnull=False), None)
            self._write(rows, by, self.model.State.APPROVED, {"advance": None, "way": ""})
        return len(rows)

    def receive(self, by, *, scan, on=None, stand_ins=None, expected=None) -> int:
        """Keep the list these people signed; what their unit paid them out of an advance counts as paid from now on.

        ``stand_ins``: who signed instead, {grant id: (name, relation)}.
        """
        need(by, "receive_grant", "nộp danh sách ký nhận")
        if scan is None:
            raise Refused("Chưa có bản quét danh sách ký nhận.")
        on = business_day(on)
        with transaction.atomic():
            advances = _held_advances(self)
            rows = self._locked(self.to_receive(), expected)
            _need_to_receive(by, rows)
            handed = [grant for grant in rows if grant.advance_id]
            _check_days(rows, on)
            self._settle(handed, advances, by, on)
            self._sign(rows, by, on, scan, stand_ins or {})
            record_rounds(_PAY, rows, by, on, receipts=True)
            recount(handed, on)
        return len(rows)

    def _settle(self, handed, advances, by, on):
        for advance in advances.values():
            rows = [grant for grant in handed if grant.advance_id == advance.pk and grant.state == "approved"]
            from_fund = [grant for grant in rows if grant.is_paid_from_fund]
            if not rows:
                continue
            advance.spend(sum(grant.cash for grant in from_fund), by, on)
            _spend(from_fund, advance.fund, by, on, advance.entry.document_number)
            for grant in rows:
                grant.state, grant.paid_on = self.model.State.PAID, on

    def _sign(self, rows, by, on, scan, stand_ins):
        for round in rounds_of(rows):
            of_round = [grant for grant in rows if grant.round_id == round.pk]
            unit = of_round[0].unit if len({grant.unit_id for grant in of_round}) == 1 else by.unit
            paper = keep_paper(round, unit, by, kind=RoundPaper.Kind.RECEIPTS, on=on, scan=scan)
            for grant in of_round:
                grant.receipt = paper
                name, relation = stand_ins.get(grant.pk, (grant.receiver_name, grant.receiver_relation))
                grant.receiver_name, grant.receiver_relation = name.strip()[:120], relation.strip()[:60]
        written = ["state", "paid_on", "payment", "receipt", "receiver_name", "receiver_relation"]
        self.model.objects.bulk_update(rows, written, batch_size=500)
        self._keep_history(rows, by)

    def _check_payment(self, rows, by, fund, on):
        need_for(by, rounds_of(rows), "pay_grant", "chi khoản hỗ trợ")
        decided = decision_days(rounds_of(rows))
        for grant in rows:
            business_day(on, since=grant.approved_on, after="ngày duyệt")
            business_day(on, since=decided.get((grant.round_id, grant.decision_number)), after="ngày quyết định")
        if fund is not None:
            need_fund(by, fund)
            self._check_share(rows, fund)

    def _check_share(self, rows, fund):
        """Raises ``Refused`` where a round is paid from other funds, or its share of this one is used up."""
        for round in rounds_of(rows):
            lines = {line.fund_id: line for line in RoundFund.objects.filter(round=round).select_for_update()}
            line = lines.get(fund.pk)
            if lines and line is None:
                raise Refused(f"{fund} không thuộc nguồn của đợt “{round}”; hãy chọn quỹ khác.")
            if line is None or line.most is None:
                continue
            more = sum(grant.cash for grant in rows if grant.round_id == round.pk and grant.is_paid_from_fund)
            used = self._taken(round, fund)
            if used + more > line.most:
                raise Refused(
                    f"{fund} chi cho đợt “{round}” nhiều nhất {format_money(line.most)}, đã chi {format_money(used)}; "
                    f"không chi thêm {format_money(more)} được."
                )

    def _taken(self, round, fund) -> int:
        """What a round has had of a fund, advances that are not settled yet included, VND."""
        paid = self.model.objects.filter(round=round, state="paid", payment__fund=fund)
        held = Advance.objects.filter(round=round, fund=fund).open()
        return (paid.aggregate(total=Sum("cash"))["total"] or 0) + sum(advance.remaining for advance in held)


def _spend(grants, fund, by, on, document_number):
    """The one place where grants take from a fund."""
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


def _held_advances(rows) -> dict[int, Advance]:
    """The advances these grants belong to, locked before the grants, as where money is returned."""
    keys = rows.filter(state="approved", advance__isnull=False).order_by().values_list("advance", flat=True).distinct()
    held = Advance.objects.filter(pk__in=list(keys)).order_by("pk").select_for_update(of=("self",))
    return {advance.pk: advance for advance in held.select_related("fund", "entry", "unit")}


def _need_to_receive(by, rows):
    """The unit of the people, or one above it, hands in what they signed."""
    reach = by.reach_for("beneficiaries.receive_grant")
    for grant in rows:
        if not reach.covers(grant.unit_id):
            raise Refused(f"Danh sách ký nhận của {grant.unit} do đơn vị đó hoặc cấp trên nộp.")


def _check_days(rows, on):
    for grant in rows:
        business_day(on, since=grant.paid_on or grant.approved_on, after="ngày chi, ngày duyệt")
