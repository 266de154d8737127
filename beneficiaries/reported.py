"""What the ledger holds beside figures that units report from their own books (``settings.REPORT_LEDGER``)."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from beneficiaries.grants.models import Grant
from beneficiaries.houses.models import HousePayment
from programs.reporting.known import Known
from welfare.units.models import Unit


def beside(unit: Unit, first: date, last: date) -> dict[str, Known]:
    """The welfare spending of a unit with all under it: support paid, and houses paid for out of funds."""
    days = (first, last)
    grants = Grant.objects.paid().filter(unit__path__startswith=unit.path, paid_on__range=days)
    houses = HousePayment.objects.standing().filter(
        line__house__unit__path__startswith=unit.path, entry__on__range=days
    )
    spent = grants.total() + (houses.aggregate(total=Sum("amount"))["total"] or 0)
    return {"welfare_spending_share": Known(numerator=Decimal(spent))}
