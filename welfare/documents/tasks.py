from contextlib import suppress
from datetime import timedelta

import structlog
from celery import shared_task
from django.core.files.storage import default_storage
from django.utils import timezone

from welfare.documents.models import PrintPart, StoredFile
from welfare.jobs.models import Job

log = structlog.get_logger("welfare.documents")

_TO_NOTICE = timedelta(days=7)  # that an older copy of the database was put back by mistake
_TO_CONFIRM = timedelta(days=1)
_FEW = 5  # files of a month that undone transactions may have left, or one for every fifty that are named


@shared_task(name="welfare.purge_expired", expires=600)
def purge_expired():
    for stored in StoredFile.objects.expired():
        stored.file.delete(save=False)
        stored.delete()
    PrintPart.objects.exclude(whole__state__in=Job.UNFINISHED).delete()


@shared_task(name="welfare.purge_unnamed_files", expires=3600)
def purge_unnamed_files():
    """Files of this month and the last, a week old, that no row names: a transaction that was undone left them.

    More than a few of a month are another database's, as when a copy was started beside the files of the first or an
    older backup was put back: they stay, and the log tells of them.
    """
    today = timezone.localdate()
    for day in (today, today.replace(day=1) - timedelta(days=1)):
        found = set(_files_in(f"{day:%Y/%m}"))
        named = set(StoredFile.objects.filter(file__startswith=f"{day:%Y/%m}/").values_list("file", flat=True))
        unnamed = found - named
        if len(unnamed) > max(_FEW, len(named) // 50):
            log.warning("files_of_another_database", month=f"{day:%Y-%m}", unnamed=len(unnamed))
        else:
            _delete(unnamed, older=_TO_NOTICE)
    for user in _listed("imports")[0]:  # files to import that nobody confirmed
        _delete(_files_in(f"imports/{user}"), older=_TO_CONFIRM)


def _files_in(folder):
    return [f"{folder}/{name}" for name in _listed(folder)[1]]


def _listed(folder):
    return default_storage.listdir(folder) if default_storage.exists(folder) else ([], [])


def _delete(names, *, older: timedelta):
    for name in names:
        with suppress(FileNotFoundError):  # deleted meanwhile with its row
            if default_storage.get_modified_time(name) < timezone.now() - older:
                default_storage.delete(name)
