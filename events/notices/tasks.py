from celery import shared_task

from events.notices import telling


@shared_task(name="events.remind_nominations", expires=600)
def remind_nominations():
    telling.remind_due()
