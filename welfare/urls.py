from django.contrib import admin
from django.urls import include, path

from welfare import health

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("welfare.pages")),
    path("", include("reports.urls")),
    path("", include("events.urls")),
    path("", include("beneficiaries.urls")),
    path("", include("programs.urls")),
    path("", admin.site.urls),
]

handler404 = "welfare.site.not_found"
handler403 = "welfare.site.forbidden"
handler500 = "welfare.site.server_error"
