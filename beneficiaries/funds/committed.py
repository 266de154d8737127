"""What a fund has promised and not yet paid: approved grants of its rounds, and its lines of decided houses."""

from django.db.models import F, Sum

from beneficiaries.grants.models import Grant
from beneficiaries.houses.todo import unpaid_lines


def committed(funds: list[int], user) -> dict[int, dict[str, int]]:
    """VND by fund: ``grants`` and ``houses``, as far as ``user`` sees them; two queries for any number of funds.

    What a round that several funds pay for still owes stands at each of them, as any of them may have to pay it.
    """
    found = {fund: {"grants": 0, "houses": 0} for fund in funds}
    grants = Grant.objects.for_user(user).payable().filter(round__funds__fund__in=funds, outside_source="").order_by()
    for row in grants.values("round__funds__fund").annotate(total=Sum("cash")):
        found[row["round__funds__fund"]]["grants"] = row["total"]
    lines = unpaid_lines(user).filter(fund__in=funds).order_by()
    for row in lines.values("fund").annotate(total=Sum(F("amount") - F("paid"))):
        found[row["fund"]]["houses"] = row["total"]
    return found
