from celery import shared_task

from programs.reporting.opening import open_due_periods
from programs.reporting.reminders import remind


@shared_task(name="programs.keep_deadlines", expires=3600)
def keep_deadlines():
    """Open the periods whose day has come, then remind of those that are due."""
    open_due_periods()
    remind()
