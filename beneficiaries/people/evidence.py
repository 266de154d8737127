"""Files that show why: they hang on a hardship or a consent, and open for whoever may see that row."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from welfare.audit import AuditEvent, record
from welfare.documents.models import StoredFile, store_file
from welfare.uploads import content_type


def attach(row, person, by, files):
    """All of them or none."""
    with transaction.atomic():
        for upload in files:
            store_file(
                upload,
                name=upload.name,
                content_type=content_type(upload.name),
                owner=by,
                unit=person.unit,
                subject=row,
            )
        if files:
            record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=person.unit, detail={"files": len(files)})


def with_files(rows: list) -> list:
    """The rows of one model, each with its ``files``."""
    kind = ContentType.objects.get_for_model(rows[0]) if rows else None
    found = defaultdict(list)
    files = StoredFile.objects.filter(subject_kind=kind, subject_id__in=[str(row.pk) for row in rows])
    for stored in files.order_by("created_at"):
        found[stored.subject_id].append(stored)
    for row in rows:
        row.files = found[str(row.pk)]
    return rows
