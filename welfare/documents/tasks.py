from celery import shared_task

from welfare.documents.models import StoredFile


@shared_task(name="welfare.purge_expired", expires=600)
def purge_expired():
    for stored in StoredFile.objects.expired():
        stored.file.delete(save=False)
        stored.delete()
