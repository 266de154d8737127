from django.apps import apps
from django.contrib import admin
from django.db.models import Choices

from welfare.audit import AuditEvent
from welfare.scoped_admin import ReadOnlyAdmin

_WORDS = {
    "from": "từ", "to": "sang", "on": "ngày", "count": "số khoản", "total": "số tiền", "decision": "quyết định",
    "kind": "loại", "amount": "số tiền", "of": "danh sách", "rows": "số dòng", "format": "dạng tệp", "size": "dung lượng",
    "hash": "dấu tìm kiếm", "account_hash": "dấu tài khoản", "sha256": "dấu tệp", "shares": "số đơn vị", "changed": "đổi",
    "document": "chứng từ", "reason": "lý do", "id": "mã", "round": "đợt", "fund": "quỹ", "new": "thêm mới", "same": "giữ nguyên",
    "result": "kết quả", "score": "điểm", "renews": "gia hạn thỏa thuận",
}  # fmt: skip


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "action", "unit", "subject", "subject_id"]
    list_filter = ["action", "actor", "unit"]
    list_select_related = ["actor", "unit"]
    date_hierarchy = "at"
    fields = ["at", "actor", "action", "unit", "subject", "subject_id", "details", "address"]

    def _reach(self, user):
        return user.structure_reach

    @admin.display(description="đối tượng", ordering="subject_kind")
    def subject(self, event):
        return _model_name(event.subject_kind) or "–"

    @admin.display(description="chi tiết")
    def details(self, event):
        labels = _labels(event.subject_kind)
        shown = (
            (key, _model_name(str(value)) or labels.get(value, value)) for key, value in event.detail.items() if value
        )
        return "; ".join(f"{_WORDS.get(key, key)}: {value}" for key, value in shown) or "–"


def _model_name(label) -> str:
    try:
        return str(apps.get_model(label)._meta.verbose_name) if label.count(".") == 1 else ""
    except LookupError:
        return ""


def _labels(subject_kind) -> dict[str, str]:
    """What the states and kinds of a model are called on screen."""
    if not _model_name(subject_kind):
        return {}
    named = vars(apps.get_model(subject_kind)).values()
    enums = [value for value in named if isinstance(value, type) and issubclass(value, Choices)]
    return {value: label for enum in enums for value, label in enum.choices}
