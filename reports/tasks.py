from celery import shared_task

from reports.counting import recount_stale


@shared_task(name="reports.recount_stale", expires=60)
def recount():
    recount_stale()
