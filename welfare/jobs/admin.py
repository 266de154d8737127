from django.contrib import admin

from welfare.jobs.models import Job
from welfare.scoped_admin import ReadOnlyAdmin


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["title", "state", "percent", "message", "owner", "created_at"]
    list_filter = ["state"]
    list_select_related = ["owner"]
    exclude = ["kind", "params", "key", "lease_until", "sent_at", "seen", "result", "result_url"]

    @admin.display(description="phần trăm")
    def percent(self, job):
        return f"{job.percent}%"
