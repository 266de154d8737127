from contextlib import suppress

from celery import shared_task

from programs.plans.models import Plan
from welfare.states import Refused


@shared_task(name="programs.bring_plans_into_force", expires=600)
def bring_plans_into_force():
    """Issued plans whose day has come; another process may have been first."""
    for plan in Plan.objects.due_in_force():
        with suppress(Refused):
            plan.come_into_force()
