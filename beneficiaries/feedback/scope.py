"""Who sees which feedback."""

from django.db.models import Q

from welfare.scoping import Owned, Via


class FeedbackScope(Owned):
    """Leaders and the inspection see all. What is confidential nobody else sees until the inspection shares it, least
    of all the unit it is about; the rest the province sees, and the units it is about or was given to.
    """

    def q(self, model, user, prefix=""):
        if user.reach_for("beneficiaries.view_confidential").province:
            return Q()
        open_ = Q(**{f"{prefix}is_confidential": False}) | Q(**{f"{prefix}shared_on__isnull": False})
        if user.reach.province:
            return open_
        read = user.reach.read
        return open_ & (Q(**{f"{prefix}unit__in": read}) | Q(**{f"{prefix}handler_unit__in": read}))


class StepScope(Via):
    """What was written while a feedback was kept confidential stays among those who saw it then."""

    def q(self, model, user, prefix=""):
        seen = super().q(model, user, prefix)
        if user.reach_for("beneficiaries.view_confidential").province:
            return seen
        return seen & Q(**{f"{prefix}is_restricted": False})
