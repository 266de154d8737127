from celery import shared_task

from reports.measures.counting import recount_calendar, recount_stale
from reports.subscriptions.sending import issue_due


@shared_task(name="reports.recount_stale", expires=60)
def recount():
    recount_stale()


@shared_task(name="reports.recount_calendar", expires=3600)
def recount_by_calendar():
    recount_calendar()


@shared_task(name="reports.issue_dashboards", expires=3600)
def issue_dashboards():
    issue_due()
