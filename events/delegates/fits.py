"""Whom a line of the quota is for, as far as what is known of people tells."""

from django.db import models
from django.db.models import Exists, OuterRef

from beneficiaries.houses.stages import State as HouseState
from beneficiaries.models import Hardship, House, Person, PovertyRecord
from welfare.units.models import today


class Fit(models.TextChoices):
    HEAD = "head", "Chủ hộ nghèo, cận nghèo"
    MEMBER = "member", "Thành viên hộ nghèo, cận nghèo"
    FAMILY = "family", "Đại diện gia đình"
    HOUSE = "house", "Người nhận nhà"
    ILL = "ill", "Bệnh nan y, hiểm nghèo, tai nạn lao động"


def fitting(people, fit: str):
    """Those of the queryset ``people`` a line's rule is for; all of them without a rule."""
    if fit in (Fit.HEAD, Fit.MEMBER):
        poor = PovertyRecord.objects.filter(household=OuterRef("household"), year=today().year)
        return people.filter(Exists(poor), household_role=fit)
    if fit == Fit.FAMILY:
        return people.filter(household_role=Person.HouseholdRole.FAMILY)
    if fit == Fit.HOUSE:
        ended = (HouseState.REFUSED, HouseState.WITHDRAWN)
        return people.filter(Exists(House.objects.filter(person=OuterRef("pk")).exclude(state__in=ended)))
    if fit == Fit.ILL:
        return people.filter(Exists(Hardship.objects.filter(person=OuterRef("pk"), kind__is_health=True)))
    return people
