from django.urls import path

from reports.dashboard.red_list import red_rows
from reports.dashboard.views import dashboard, target_parts
from reports.rows.views import figure_rows_page
from reports.rows.workbook import figure_rows_workbook
from reports.subscriptions.views import issue, subscribe

app_name = "reports"
urlpatterns = [
    path("tong-quan/", dashboard, name="dashboard"),
    path("tong-quan/chi-tieu/<int:target_id>/", target_parts, name="target_parts"),
    path("tong-quan/can-chu-y/<str:kind>/", red_rows, name="red_rows"),
    path("tong-quan/nhan-hang-thang/", subscribe, name="subscribe"),
    path("tong-quan/ban-thang/<int:issue_id>/", issue, name="issue"),
    path("so-lieu/<int:indicator_id>/", figure_rows_page, name="figure_rows"),
    path("so-lieu/<int:indicator_id>/excel/", figure_rows_workbook, name="figure_rows_workbook"),
]
