"""Closed months: what is reported and signed is not written into any more."""

from calendar import monthrange
from datetime import date

from django.db import models

from beneficiaries.rules import need
from welfare.audit import AuditEvent, record
from welfare.states import Refused, locked
from welfare.units.models import today


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def last_ended_month(on: date | None = None) -> date:
    """The last day of the month before the one of ``on``."""
    return (on or today()).replace(day=1) - date.resolution


class ClosedMonths(models.Model):
    """``closed_through``: the last day of the last closed month; entries take only later days.

    Entries move the balance by an UPDATE of the same row that also asks for an open month, and closing locks it: an
    entry written at the same time is either before the closing or refused.
    """

    closed_through = models.DateField("đã khóa sổ đến hết ngày", null=True, editable=False)

    class Meta:
        abstract = True

    def close_month(self, by, *, through: date):
        """Close every month up to the one of ``through``, which must be over."""
        self._need(by, "close_fund", "khóa sổ quỹ")
        through = month_end(through)
        if through >= today():
            raise Refused(f"Tháng {through:%m/%Y} chưa hết nên chưa khóa sổ được.")
        with locked(self) as fund:
            if fund.closed_through and through <= fund.closed_through:
                raise Refused(f"Sổ của {fund} đã khóa đến hết tháng {fund.closed_through:%m/%Y}.")
            self._close_through(fund, by, through)

    def reopen_month(self, by, *, through: date, reason: str):
        """Open the month of ``through`` and those after it; a leader's act, with a reason that stays on record."""
        self._need(by, "reopen_fund", "mở lại sổ quỹ")
        if not reason.strip():
            raise Refused("Phải ghi lý do khi mở lại sổ.")
        with locked(self) as fund:
            if not fund.closed_through or fund.closed_through < through.replace(day=1):
                raise Refused(f"Sổ tháng {through:%m/%Y} của {fund} đang mở, không cần mở lại.")
            self._close_through(fund, by, last_ended_month(through), reason=reason.strip()[:300])

    def refuse_closed(self, on: date):
        if self.closed_through and on <= self.closed_through:
            raise Refused(
                f"Sổ của {self} đã khóa đến hết tháng {self.closed_through:%m/%Y} nên không ghi thêm được vào ngày "
                f"{on:%d/%m/%Y}; hãy ghi vào tháng đang mở, hoặc đề nghị lãnh đạo mở lại sổ."
            )

    def _need(self, by, permission, doing):
        need(by, permission, doing)
        if not by.reach_for(f"beneficiaries.{permission}").may_write(self.unit_id):
            raise Refused(f"Chỉ {self.unit} được {doing} này.")

    def _close_through(self, fund, by, through, **detail):
        """``detail`` of a reopening holds its reason."""
        before, fund.closed_through = fund.closed_through, through
        fund.save(update_fields=["closed_through"])
        days = {"from": str(before or ""), "to": str(through)}
        record(AuditEvent.Action.CHANGE, actor=by, subject=fund, unit=fund.unit, detail=days | detail)
        self.refresh_from_db(fields=["closed_through"])
