from celery import shared_task

from beneficiaries.intake import batches


@shared_task(name="beneficiaries.purge_staging", expires=600)
def purge_staging():
    batches.purge_staging()
