from celery import shared_task

from welfare.documents.models import PrintPart, StoredFile
from welfare.jobs.models import Job


@shared_task(name="welfare.purge_expired", expires=600)
def purge_expired():
    for stored in StoredFile.objects.expired():
        stored.file.delete(save=False)
        stored.delete()
    PrintPart.objects.exclude(whole__state__in=Job.UNFINISHED).delete()
