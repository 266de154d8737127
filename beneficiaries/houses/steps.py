"""What may be done with a house, step by step: who may, in which order, with which papers."""

from contextlib import contextmanager

from django.db import models

from beneficiaries.houses.dossier import check_dossier
from beneficiaries.houses.norms import above_norm
from beneficiaries.houses.stages import State, before, date_field
from beneficiaries.houses.surveys import HouseSurvey
from beneficiaries.rules import business_day, need
from programs.targets.models import mark_stale
from welfare.audit import AuditEvent, record
from welfare.states import Refused, locked, moving
from welfare.units.models import today
from welfare.vietnamese import format_money

_APPROVE = AuditEvent.Action.APPROVE


class HouseSteps(models.Model):
    """The verbs of ``House``. The unit proposes, surveys and builds; the province appraises and decides; finance pays."""

    class Meta:
        abstract = True

    def survey(self, by, *, on=None, **facts):
        """``facts``: the fields of the survey's form, where it was filled in."""
        self._need(by, "change_house", "khảo sát nhà")
        with self._step(State.SURVEYED, by, on) as house:
            house.surveyed_by = by
            if facts:
                HouseSurvey.objects.update_or_create(house=house, defaults=facts)

    def appraise(self, by, *, members: str, conclusion: str, on=None):
        """The minutes of the appraisal; from now on the case file is read, no longer written."""
        self._need(by, "appraise_house", "thẩm định hồ sơ nhà")
        with self._step(State.APPRAISED, by, on) as house:
            if by.pk == house.proposed_by_id:
                raise Refused("Bạn đã đề xuất nhà này nên không được thẩm định; hãy chuyển người khác.")
            house.check_funded()
            house.check_funds_named()
            house.appraised_by = by
            house.appraisal_members, house.appraisal_conclusion = members.strip(), conclusion.strip()

    def send_back(self, by, *, reason: str):
        """The case file can be written again; what was appraised or let through above the norm no longer counts."""
        self._need(by, "appraise_house", "thẩm định hồ sơ nhà")
        _need_reason(reason)
        with moving(self, State.SURVEYED, by=by, came_from=[State.APPRAISED]) as house:
            house.sent_back_reason = reason.strip()
            mark_stale("houses", house.unit_id, house.appraised_on)
            house.appraised_by = house.appraised_on = house.above_norm_by = house.above_norm_on = None
            house.above_norm_reason = ""

    def allow_above_norm(self, by, *, reason: str, on=None):
        """The first of two approvals that support above the norm needs; another leader then decides."""
        self._need(by, "decide_house", "duyệt hỗ trợ vượt mức")
        _need_reason(reason)
        on = business_day(on, since=self.appraised_on, after="ngày thẩm định")
        with locked(self) as house:
            if house.state != State.APPRAISED or not above_norm(house, on):
                raise Refused("Chỉ duyệt vượt mức khi hồ sơ đã thẩm định và mức hỗ trợ cao hơn quy định.")
            house.check_other_hands(by)
            house.above_norm_by, house.above_norm_on, house.above_norm_reason = by, on, reason.strip()
            house.save()
            record(_APPROVE, actor=by, subject=house, unit=house.unit, detail={"above_norm": True, "on": str(on)})
        self.refresh_from_db()

    def decide(self, by, *, decision_number: str, on=None):
        """Raises ``Refused`` to whoever wrote in the case file, or while the funding lines miss the cost."""
        self._need(by, "decide_house", "quyết định hỗ trợ nhà")
        if not decision_number.strip():
            raise Refused("Phải ghi số quyết định.")
        with self._step(State.DECIDED, by, on, action=_APPROVE) as house:
            house.check_norm(by)
            house.check_other_hands(by)
            house.check_funded()
            house.check_funds_named()
            house.decided_by, house.decision_number = by, decision_number.strip()

    def check_other_hands(self, by):
        makers = (self.proposed_by_id, self.surveyed_by_id, self.appraised_by_id)
        if by.pk in makers or self.history.filter(history_user=by).exists():
            raise Refused(
                "Bạn đã đề xuất, khảo sát, thẩm định hoặc sửa hồ sơ nhà này nên không được quyết định; "
                "hãy chuyển người khác."
            )

    def check_funded(self):
        funded = self.funded
        if not funded or funded != self.cost:
            raise Refused(
                f"Các nguồn cộng lại là {format_money(funded)}, chưa khớp tổng kinh phí {format_money(self.cost)}."
            )

    def check_funds_named(self):
        if any(line.lacks_fund for line in self.funding.all()):
            raise Refused("Có nguồn quỹ công đoàn chưa chọn quỹ nào chi; LĐLĐ tỉnh hãy chọn quỹ trong hồ sơ trước.")

    def check_norm(self, by):
        excess = above_norm(self, self.decided_on or today())
        if excess and not self.above_norm_by_id:
            raise Refused(
                f"{'; '.join(excess)}. Phải có một lãnh đạo duyệt vượt mức, rồi lãnh đạo khác mới quyết định."
            )
        if self.above_norm_by_id == by.pk:
            raise Refused("Bạn đã duyệt vượt mức cho nhà này nên phải do lãnh đạo khác quyết định.")

    def start(self, by, on=None):
        self._need(by, "build_house", "theo dõi xây dựng nhà")
        with self._step(State.STARTED, by, on):
            pass

    def complete(self, by, *, on=None, note=""):
        """The work is done and accepted."""
        self._need(by, "build_house", "nghiệm thu nhà")
        with self._step(State.COMPLETED, by, on) as house:
            house.acceptance_note = note.strip()

    def hand_over(self, by, on=None, note=""):
        """``note``: the occasion on which the house was given, who was there."""
        self._need(by, "build_house", "bàn giao nhà")
        with self._step(State.HANDED_OVER, by, on) as house:
            house.hand_over_note = note.strip()

    def settle(self, by, *, final_cost: int, finals: dict[int, int], on=None):
        """``finals``: what each funding line bore in the end (VND), by its key; together they are ``final_cost``."""
        self._need(by, "pay_house", "quyết toán nhà")
        with self._step(State.SETTLED, by, on) as house:
            lines = list(house.funding.all())
            house._check_finals(lines, finals, final_cost)
            for line in lines:
                line.final = finals[line.pk]
                line.save(update_fields=["final"])
            house.final_cost = final_cost

    def _check_finals(self, lines, finals, final_cost):
        if set(finals) != {line.pk for line in lines} or min(finals.values(), default=0) < 0:
            raise Refused("Phải ghi số quyết toán của từng nguồn, không âm.")
        if sum(finals.values()) != final_cost:
            raise Refused(
                f"Các nguồn cộng lại là {format_money(sum(finals.values()))}, chưa khớp số quyết toán {format_money(final_cost)}."
            )
        for line in lines:
            if line.fund_id and not self.is_recorded_afterwards and finals[line.pk] != line.paid:
                raise Refused(
                    f"{line.fund} đã chi {format_money(line.paid)} nên số quyết toán của quỹ phải đúng bằng số đó."
                )

    def refuse(self, by, *, reason: str):
        self._need(by, "decide_house", "quyết định hỗ trợ nhà")
        self._end(by, State.REFUSED, [State.PROPOSED, State.SURVEYED, State.APPRAISED], reason)

    def withdraw(self, by, *, reason: str):
        """By the unit that proposed it or by the province, while nothing has been paid."""
        self._need(by, "change_house", "rút hồ sơ nhà")
        self._end(by, State.WITHDRAWN, [State.PROPOSED, State.SURVEYED, State.APPRAISED, State.DECIDED], reason)

    def _end(self, by, to, came_from, reason):
        _need_reason(reason)
        with moving(self, to, by=by, came_from=came_from) as house:
            if house.funding.filter(paid__gt=0).exists():
                raise Refused("Nhà đã được chi tiền nên không rút hồ sơ được; hãy ghi đảo khoản chi trước.")
            house.ended_reason = reason.strip()[:300]
            mark_stale("houses", house.unit_id, today())

    def record_past(self, by, *, decision_number: str, decided_on, handed_over_on, surveyed_on=None, started_on=None,
                    completed_on=None, settled_on=None, note=""):  # fmt: skip
        """A house of an earlier year at once at its last stage, marked as such; it is paid nothing here.

        ``settled_on``: where it was settled too, at what the funding lines say.
        """
        self._need(by, "record_past_house", "ghi nhận nhà đã bàn giao")
        days = [self.proposed_on, surveyed_on, decided_on, started_on, completed_on, handed_over_on, settled_on]
        known = [day for day in days if day]
        if known != sorted(known):
            raise Refused(
                "Các ngày phải theo thứ tự: đề xuất, khảo sát, quyết định, khởi công, nghiệm thu, bàn giao, quyết toán."
            )
        if handed_over_on.year >= today().year:
            raise Refused("Chỉ ghi nhận nhà bàn giao từ năm trước; nhà của năm nay hãy đi đủ các bước.")
        with moving(self, State.HANDED_OVER, by=by, came_from=[State.PROPOSED], on=handed_over_on) as house:
            house.check_funded()
            house.is_recorded_afterwards, house.decision_number = True, decision_number.strip()
            house.surveyed_on, house.decided_on, house.started_on = surveyed_on, decided_on, started_on
            house.completed_on, house.handed_over_on, house.hand_over_note = completed_on, handed_over_on, note.strip()
            if settled_on:
                business_day(settled_on)
                house.state, house.settled_on, house.final_cost = State.SETTLED, settled_on, house.cost
                house.funding.update(final=models.F("amount"))
            mark_stale("houses", house.unit_id, *known)

    def pay(self, by, *, line, amount=None, document_number="", on=None):
        self._need(by, "pay_house", "chi tiền làm nhà")
        if line.house_id != self.pk:
            raise Refused("Nguồn kinh phí này không thuộc nhà đang mở.")
        line.pay(by, amount=amount, document_number=document_number, on=on)
        self.refresh_from_db()

    def take_back_payment(self, by, *, payment, reason: str, on=None):
        self._need(by, "pay_house", "chi tiền làm nhà")
        if payment.line.house_id != self.pk:
            raise Refused("Lần chi này không thuộc nhà đang mở.")
        payment.take_back(by, reason=reason, on=on)

    def move_in(self, by, *, full_name: str, from_day, job=""):
        """Somebody comes to live in a duty house."""
        self._need(by, "build_house", "ghi người ở nhà công vụ")
        with locked(self) as house:
            if not house.kind.is_duty or house.state not in (State.HANDED_OVER, State.SETTLED):
                raise Refused("Chỉ ghi người ở khi nhà công vụ đã bàn giao.")
            business_day(from_day, since=house.handed_over_on, after="ngày bàn giao")
            house.occupants.create(full_name=full_name.strip(), job=job.strip(), from_day=from_day)
            record(AuditEvent.Action.CHANGE, actor=by, subject=house, unit=house.unit, detail={"occupants": 1})

    def move_out(self, by, *, occupant, to_day):
        self._need(by, "build_house", "ghi người ở nhà công vụ")
        with locked(self) as house, locked(occupant) as row:
            if row.house_id != house.pk or row.to_day:
                raise Refused("Người này không còn ở căn nhà đang mở.")
            row.to_day = business_day(to_day, since=row.from_day, after="ngày đến ở")
            row.save()
            record(AuditEvent.Action.CHANGE, actor=by, subject=house, unit=house.unit, detail={"occupants": -1})

    def need_to_write(self, by, doing: str):
        """Papers and photographs come in at every step until the house is settled or ends otherwise."""
        self._need(by, "change_house", doing)
        if self.state in (State.SETTLED, State.REFUSED, State.WITHDRAWN):
            raise Refused(f"Hồ sơ nhà đã khép lại ({self.get_state_display().lower()}) nên không {doing} được nữa.")

    def _need(self, by, codename, doing):
        need(by, codename, doing)
        if not by.reach_for(f"beneficiaries.{codename}").may_write(self.unit_id):
            raise Refused(f"Bạn chỉ được {doing} của đơn vị mình.")

    @contextmanager
    def _step(self, to, by, on, action=AuditEvent.Action.CHANGE):
        """From the state before ``to``, on a day not before that one's, with the papers the step needs."""
        on = business_day(on)
        with moving(self, to, by=by, came_from=[before(to)], action=action, on=on) as house:
            since = date_field(before(to))
            business_day(on, since=getattr(house, since), after=house._meta.get_field(since).verbose_name)
            check_dossier(house, to)
            setattr(house, date_field(to), on)
            yield house
            mark_stale("houses", house.unit_id, on)


def _need_reason(reason):
    if not reason.strip():
        raise Refused("Phải ghi lý do.")
