from celery import shared_task

from beneficiaries.duplicates.finding import ask_for_search


@shared_task(name="beneficiaries.find_duplicates")
def search_for_duplicates():
    """Once a day over everybody."""
    ask_for_search()
