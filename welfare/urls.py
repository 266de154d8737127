from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from welfare import health

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("welfare.pages")),
    path("", include("reports.urls")),
    path("", include("events.urls")),
    path("", include("beneficiaries.urls")),
    path("", include("programs.urls")),
    re_path(r"^admin/(?:login/)?$", RedirectView.as_view(url="/")),  # typed by those who know other sites of this kind
    path("", admin.site.urls),
]

handler404 = "welfare.site.not_found"
handler403 = "welfare.site.forbidden"
handler500 = "welfare.site.server_error"
