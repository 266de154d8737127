"""Handing over at the event what was granted before it: one click records it where it belongs."""

from django.db import models

from events.gatherings.models import Event
from welfare.rules import business_day, need
from welfare.states import Refused, locked


class GiftSteps(models.Model):
    class Meta:
        abstract = True

    def hand_over(self, by, on=None):
        """The house is handed over, the grant paid if it was not yet, on the day of the event; both or neither."""
        need(by, "events.hand_over_eventgift", "ghi trao tại sự kiện")
        if not by.reach_for("events.hand_over_eventgift").may_write(self.event.unit_id):
            raise Refused("Bạn chỉ được ghi trao ở sự kiện của đơn vị mình.")
        if self.event.state == Event.State.DRAFT or self.event.on is None:
            raise Refused("Sự kiện chưa thông báo hoặc chưa ấn định ngày nên chưa ghi trao được.")
        on = business_day(on or self.event.on, since=self.event.on, after="ngày tổ chức")
        with locked(self) as gift:
            if gift.given_on:
                raise Refused(f"Phần này đã ghi trao ngày {gift.given_on:%d/%m/%Y}.")
            gift.hand_over_house(by, on) if gift.house_id else gift.pay_grant(by, on)
            gift.given_on, gift.given_by = on, by
            gift.save()
        self.refresh_from_db()

    def hand_over_house(self, by, on):
        """A house handed over before is only shown at the event."""
        if self.house.state not in ("handed_over", "settled"):
            self.house.hand_over(by, on=on, note=f"Trao tại “{self.event}”")

    def pay_grant(self, by, on):
        if self.grant.state == "paid":
            return
        if self.grant.state != "approved":
            raise Refused(f"Khoản hỗ trợ của {self.grant.recipient} chưa được duyệt nên chưa trao được.")
        if not by.has_perm("beneficiaries.pay_grant"):
            raise Refused("Khoản hỗ trợ này chưa chi; người của Ban Tài chính bấm trao để ghi chi cùng lúc.")
        self.grant.pay(by, on=on)
