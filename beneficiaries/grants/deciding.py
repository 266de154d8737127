"""From proposal to decision, on many grants at once, each verb in one transaction, all rows or none."""

from django.db import transaction

from beneficiaries.grants.chain import need_for
from beneficiaries.grants.papers import RoundPaper, keep_paper
from beneficiaries.grants.rounds import GrantRound
from beneficiaries.grants.rows import MAKING, GrantRows, record_rounds, recount, rounds_of
from beneficiaries.rules import business_day, need
from welfare.audit import AuditEvent
from welfare.states import Refused
from welfare.vietnamese import format_money

_CHANGE, _APPROVE = AuditEvent.Action.CHANGE, AuditEvent.Action.APPROVE


class Deciding(GrantRows):
    def forward(self, by, *, unit, letter_number: str, on=None, scan=None, expected=None) -> int:
        """Pass the proposals of ``unit`` and of what is under it on to the round's unit, as one list with its letter."""
        need(by, "propose_grant", "chuyển danh sách đề nghị")
        if not by.reach_for("beneficiaries.propose_grant").may_write(unit.pk):
            raise Refused(f"Chỉ {unit} được chuyển danh sách của đơn vị mình và cấp dưới.")
        if not letter_number.strip():
            raise Refused("Phải ghi số công văn chuyển danh sách.")
        on = business_day(on)
        with transaction.atomic():
            rows = self._locked(self.filter(state="proposed"), expected)
            round = _one_round(rows)
            if unit.pk == round.unit_id or any(unit.path != _right_below(grant) for grant in rows):
                raise Refused(f"Có đề nghị không thuộc {unit} và cấp dưới; hãy chọn lại.")
            letter = keep_paper(round, unit, by, kind=RoundPaper.Kind.LETTER, number=letter_number, on=on, scan=scan)
            fields = {"forwarded_by": by, "forwarded_on": on, "letter": letter}
            self._write(rows, by, self.model.State.FORWARDED, fields)
            record_rounds(_CHANGE, rows, by, on, to="forwarded", letter=letter.number)
        return len(rows)

    def send_back(self, by, *, reason: str, expected=None) -> int:
        """Return waiting proposals to their units with a comment; what was forwarded or appraised no longer counts."""
        if not reason.strip():
            raise Refused("Phải ghi lý do khi trả lại.")
        with transaction.atomic():
            rows = self._locked(self.filter(state__in=MAKING), expected)
            _need_to_return(by, rows)
            fields = dict.fromkeys(["forwarded_by", "forwarded_on", "letter", "appraised_by", "appraised_on"]) | {
                "returned_reason": reason.strip()[:300]
            }
            self._write(rows, by, self.model.State.RETURNED, fields)
            record_rounds(_CHANGE, rows, by, "", to="returned")
        return len(rows)

    def resubmit(self, by, *, expected=None) -> int:
        """What was returned goes its way again, after the closing day too; not once the round is closed."""
        need(by, "propose_grant", "gửi lại đề nghị")
        reach = by.reach_for("beneficiaries.propose_grant")
        with transaction.atomic():
            rows = self._locked(self.returned(), expected)
            for grant in rows:
                if not reach.may_write(grant.unit_id):
                    raise Refused(f"Chỉ {grant.unit} được gửi lại đề nghị của đơn vị mình.")
                if grant.round.state != GrantRound.State.OPEN:
                    raise Refused(f"Đợt “{grant.round}” đã khóa nên không gửi lại được.")
            self._write(rows, by, self.model.State.PROPOSED, {"returned_reason": ""})
            record_rounds(_CHANGE, rows, by, "", to="proposed")
        return len(rows)

    def appraise(self, by, *, on=None, expected=None) -> int:
        """By somebody of the round's unit who did not propose them."""
        need(by, "appraise_grant", "thẩm định khoản hỗ trợ")
        on = business_day(on)
        with transaction.atomic():
            rows = self._locked(self.to_appraise(), expected)
            need_for(by, rounds_of(rows), "appraise_grant", "thẩm định khoản hỗ trợ")
            if any(by.pk == grant.proposed_by_id for grant in rows):
                raise Refused("Người đề nghị không tự thẩm định khoản của mình.")
            self._write(rows, by, self.model.State.APPRAISED, {"appraised_by": by, "appraised_on": on})
            record_rounds(_CHANGE, rows, by, on, to="appraised")
        return len(rows)

    def approve(self, by, *, decision_number="", on=None, scan=None, expected=None) -> int:
        """Approve all waiting grants of this set, with the signed decision where there is one. Returns how many.

        Raises ``Refused`` when the approver had a hand in one of them, or above what a round gives to one or to all.
        """
        need(by, "approve_grant", "phê duyệt khoản hỗ trợ")
        on, number = business_day(on), decision_number.strip()
        with transaction.atomic():
            _hold_rounds(self)
            rows = self._locked(self.waiting(), expected)
            need_for(by, rounds_of(rows), "approve_grant", "phê duyệt khoản hỗ trợ")
            self._check_other_hands(rows, by)
            self._check_totals(rows)
            fields = {"approved_by": by, "approved_on": on, "decision_number": number}
            self._write(rows, by, self.model.State.APPROVED, fields)
            _keep_decisions(rows, by, number, on, scan)
            record_rounds(_APPROVE, rows, by, on, decision=number)
            recount(rows, on)
        return len(rows)

    def issue(self, by, *, decision_number: str, on=None, scan=None, expected=None) -> int:
        """Record the signed decision on what was approved by a click; by the same people who could approve it."""
        need(by, "approve_grant", "ghi quyết định hỗ trợ")
        number = decision_number.strip()
        if not number:
            raise Refused("Phải ghi số quyết định.")
        with transaction.atomic():
            rows = self._locked(self.to_decide(), expected)
            need_for(by, rounds_of(rows), "approve_grant", "ghi quyết định hỗ trợ")
            self._check_other_hands(rows, by)
            on = business_day(on)
            self._write(rows, by, self.model.State.APPROVED, {"decision_number": number})
            _keep_decisions(rows, by, number, on, scan)
            record_rounds(_APPROVE, rows, by, on, decision=number)
        return len(rows)

    def refuse(self, by, *, reason: str, on=None, expected=None) -> int:
        """Refuse all waiting grants of this set for one reason; by the same people who could approve them."""
        need(by, "approve_grant", "xét duyệt khoản hỗ trợ")
        if not reason.strip():
            raise Refused("Phải ghi lý do khi không duyệt.")
        on = business_day(on)
        with transaction.atomic():
            rows = self._locked(self.waiting(), expected)
            need_for(by, rounds_of(rows), "approve_grant", "xét duyệt khoản hỗ trợ")
            self._check_other_hands(rows, by)
            self._write(rows, by, self.model.State.REFUSED, {"refused_reason": reason.strip()[:300]})
            record_rounds(_CHANGE, rows, by, on, to="refused")
        return len(rows)

    def _check_other_hands(self, rows, by):
        """Also who changed an amount once, or took a step that was returned since."""
        made = self.model.history.model.objects.filter(
            id__in=[grant.pk for grant in rows], history_user=by, state__in=MAKING
        )
        makers = set(made.order_by().values_list("id", flat=True))
        for grant in rows:
            if grant.pk in makers or by.pk in (grant.proposed_by_id, grant.forwarded_by_id, grant.appraised_by_id):
                raise Refused(
                    f"Bạn đã đề nghị, chuyển, sửa hoặc thẩm định khoản của {grant.person or 'đợt này'} nên không được "
                    "phê duyệt; hãy chuyển người khác."
                )

    def _check_totals(self, rows):
        for grant in rows:
            if grant.value > grant.round.ceiling * grant.people_count:
                raise Refused(
                    f"Khoản “{grant}” vượt mức tối đa {format_money(grant.round.ceiling)} một người của đợt "
                    f"“{grant.round}”; hãy trả lại để sửa."
                )
        for round in rounds_of(rows):
            if round.total_ceiling is None:
                continue
            bound = self.model.objects.filter(round=round).binding().total()
            more = sum(grant.value for grant in rows if grant.round_id == round.pk)
            if bound + more > round.total_ceiling:
                raise Refused(
                    f"Đợt “{round}” có tổng mức {format_money(round.total_ceiling)}, đã duyệt {format_money(bound)}; "
                    f"duyệt thêm {format_money(more)} là vượt. Hãy chọn bớt hoặc tăng tổng mức của đợt."
                )


def _hold_rounds(rows):
    """One approval at a time in a round, so that two together do not exceed its total."""
    keys = rows.order_by().values_list("round", flat=True).distinct()
    list(GrantRound.objects.filter(pk__in=list(keys)).order_by("pk").select_for_update().values_list("pk"))


def _keep_decisions(rows, by, number, on, scan):
    """The decision among the papers of its round, once; of one set all rows belong to one round."""
    if not number:
        return
    for round in rounds_of(rows):
        known = round.papers.filter(kind=RoundPaper.Kind.DECISION, number=number)
        if scan is not None or not known.exists():
            keep_paper(round, round.unit, by, kind=RoundPaper.Kind.DECISION, number=number, on=on, scan=scan)
            scan = None


def _one_round(rows) -> GrantRound:
    rounds = rounds_of(rows)
    if len(rounds) != 1:
        raise Refused("Chưa chọn khoản nào của đợt; hãy tải lại trang.")
    return rounds[0]


def _right_below(grant) -> str:
    """The path of the unit under the round's own in which a grant's unit stands."""
    return grant.unit.path[: len(grant.round.unit.path) + grant.unit.steplen]


def _need_to_return(by, rows):
    """The round's unit returns what lies before it; a unit between returns what it has not forwarded yet."""
    may_forward = by.reach_for("beneficiaries.propose_grant")
    deciding = [name for name in ("appraise_grant", "approve_grant") if by.has_perm(f"beneficiaries.{name}")]
    decided = [by.reach_for(f"beneficiaries.{name}") for name in deciding]
    for grant in rows:
        if any(reach.covers(grant.round.unit_id) for reach in decided) and not by.is_system:
            continue
        between = type(grant.unit).objects.filter(path=_right_below(grant)).exclude(pk=grant.unit_id).first()
        if by.is_system or grant.state != "proposed" or between is None or not may_forward.may_write(between.pk):
            raise Refused("Bạn không có quyền trả lại các đề nghị này.")
