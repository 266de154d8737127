"""Files on the disk and the rows that name them."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from welfare.documents.models import store_file
from welfare.documents.tasks import purge_unnamed_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def disk(settings, tmp_path):
    default = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


@pytest.fixture
def keep(disk, officer, province):
    return lambda name: store_file(b"x", name=name, content_type="text/plain", owner=officer, unit=province)


def undo(keep, name) -> str:
    """The name on the disk of a file whose row was undone."""
    with transaction.atomic():
        stored = keep(name)
        transaction.set_rollback(True)
    return stored.file.name


def is_old(*names, days=8):
    then = (timezone.now() - timedelta(days=days)).timestamp()
    for name in names:
        os.utime(default_storage.path(name), (then, then))


def test_files_that_no_row_names_are_deleted_when_a_week_old(keep):
    kept = keep("giữ.txt").file.name, keep("giữ nữa.txt").file.name
    lost, noticed = undo(keep, "mất.txt"), undo(keep, "của bản sao cũ hơn.txt")
    is_old(*kept, lost)
    is_old(noticed, days=6)
    purge_unnamed_files()
    assert [default_storage.exists(name) for name in (*kept, noticed, lost)] == [True, True, True, False]


def test_files_of_another_database_stay(keep):
    """A copy that lags behind beside the files of the first: most of them have their row."""
    others = [undo(keep, f"{n}.txt") for n in range(6)]
    is_old(*others, *(keep(f"của ta {n}.txt").file.name for n in range(20)))
    purge_unnamed_files()
    assert [default_storage.exists(name) for name in others] == [True] * 6


def test_a_file_to_import_that_nobody_confirmed_goes_after_a_day(disk):
    old, fresh = (default_storage.save(f"imports/{user}/{'a' * 32}", ContentFile(b"x")) for user in (1, 2))
    is_old(old, days=2)
    purge_unnamed_files()
    assert [default_storage.exists(name) for name in (old, fresh)] == [False, True]


def test_with_nothing_stored_yet_there_is_nothing_to_delete(disk):
    purge_unnamed_files()
    assert list(disk.iterdir()) == []
