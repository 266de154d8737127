from django.contrib import admin

from welfare.audit import AuditEvent
from welfare.scoped_admin import ReadOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "action", "unit", "subject_kind", "subject_id"]
    list_filter = ["action", "actor", "unit"]
    list_select_related = ["actor", "unit"]
    date_hierarchy = "at"

    def _reach(self, request):
        return request.user.structure_reach
