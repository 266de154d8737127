from celery import shared_task

from reports.counting import recount_calendar, recount_stale


@shared_task(name="reports.recount_stale", expires=60)
def recount():
    recount_stale()


@shared_task(name="reports.recount_calendar", expires=3600)
def recount_by_calendar():
    recount_calendar()
