"""One house a household: what was given before, as far as the one who asks may see it."""

from django.db.models import Q

from beneficiaries.houses.addresses import is_same, same_place
from beneficiaries.people.models import Person


def given_before(house, user) -> list[tuple]:
    """[(earlier house, why it may be the same family)], newest first; never a row outside the user's scope."""
    rows = type(house).objects.for_user(user).standing().exclude(pk=house.pk).select_related("kind", "unit", "person", "household", "host")  # fmt: skip
    household = house.household_id or (house.person.household_id if house.person_id else None)
    people, hashes = _family(house, household)
    same = Q(person__in=people) | Q(person__id_hash__in=hashes) | Q(household__people__id_hash__in=hashes)
    if household:
        same |= Q(household=household) | Q(person__household=household)
    if house.folded_address:
        same |= same_place(house.folded_address)
    found = rows.filter(same).distinct().order_by("-year", "-pk")[:5]
    return [(other, _why(house, other, household, people, hashes)) for other in found]


def _family(house, household) -> tuple[set[int], set[str]]:
    """The recipient with everybody of the household: their keys and the hashes of their ID numbers."""
    members = Q(pk=house.person_id) | (Q(household=household) if household else Q(pk__in=[]))
    people = Person.objects.filter(members).order_by().values_list("pk", "id_hash")
    return {pk for pk, _ in people}, {id_hash for _, id_hash in people if id_hash}


def _why(house, other, household, people, hashes) -> str:
    if other.person_id in people or (household and other.household_id == household):
        return "cùng người nhận hoặc cùng hộ"
    if other.person_id and other.person.id_hash in hashes:
        return "trùng số CCCD/CMND"
    if is_same(house.folded_address, other.folded_address):
        return "trùng địa chỉ"
    return "trùng số CCCD/CMND trong hộ"


def in_words(found) -> list[str]:
    return [
        f"{other.recipient}, {other.unit}, năm {other.year}: {other.get_state_display().lower()} ({why})"
        for other, why in found
    ]
