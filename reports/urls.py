from django.urls import path

from reports.dashboard import dashboard
from reports.row_pages import figure_rows_page

app_name = "reports"
urlpatterns = [
    path("tong-quan/", dashboard, name="dashboard"),
    path("so-lieu/<int:indicator_id>/", figure_rows_page, name="figure_rows"),
]
