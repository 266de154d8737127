"""Files a unit joins to its report, kept and opened as every stored file is."""

from django.contrib.contenttypes.models import ContentType

from programs.reporting.models import UnitReport
from welfare.documents.models import StoredFile, store_file
from welfare.states import Refused

MOST_FILES = 10
FILE_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}


def attachments(report: UnitReport):
    """Files the unit joined to its report; what was printed of it is kept for some days only and is none of them."""
    kind = ContentType.objects.get_for_model(UnitReport)
    kept = StoredFile.objects.filter(subject_kind=kind, subject_id=str(report.pk), expires_at=None)
    return kept.select_related("owner").order_by("created_at", "name")


def attach(report: UnitReport, by, file) -> StoredFile:
    """Raises ``Refused`` for a file of another kind than ``FILE_TYPES`` and for one too many."""
    ending = file.name.rpartition(".")[2].lower()
    if ending not in FILE_TYPES:
        raise Refused(f"Không nhận tệp “{file.name[:80]}”; hãy gửi tệp PDF, Word, Excel hoặc ảnh JPG, PNG.")
    with report.writing(by) as row:
        if attachments(row).count() >= MOST_FILES:
            raise Refused(f"Mỗi báo cáo kèm nhiều nhất {MOST_FILES} tệp; hãy bỏ bớt trước khi thêm.")
        return store_file(
            file, name=file.name, content_type=FILE_TYPES[ending], owner=by, unit=row.unit, subject=row
        )  # fmt: skip


def detach(report: UnitReport, by, stored: StoredFile):
    with report.writing(by):
        stored.delete()
    stored.file.delete(save=False)
