from django.urls import path

from programs.plans.views import plan_view
from programs.reporting.mine import my_reports
from programs.reporting.writing import (
    report,
    report_figure,
    report_file_add,
    report_file_remove,
    report_proposal,
    report_proposal_add,
    report_proposal_remove,
    report_submit,
    report_text,
    report_versions,
    report_withdraw,
)
from programs.targets.views import target_shares

app_name = "programs"
urlpatterns = [
    path("ke-hoach/<int:plan_id>/", plan_view, name="plan_view"),
    path("chi-tieu/<int:target_id>/giao/", target_shares, name="target_shares"),
    # reports: writing
    path("bao-cao/", my_reports, name="my_reports"),
    path("bao-cao/<int:report_id>/", report, name="report"),
    path("bao-cao/<int:report_id>/loi-van/", report_text, name="report_text"),
    path("bao-cao/so-lieu/<int:figure_id>/", report_figure, name="report_figure"),
    path("bao-cao/<int:report_id>/kien-nghi/", report_proposal_add, name="report_proposal_add"),
    path("bao-cao/kien-nghi/<int:proposal_id>/", report_proposal, name="report_proposal"),
    path("bao-cao/kien-nghi/<int:proposal_id>/bo/", report_proposal_remove, name="report_proposal_remove"),
    path("bao-cao/<int:report_id>/tep/", report_file_add, name="report_file_add"),
    path("bao-cao/<int:report_id>/tep/<uuid:file_id>/bo/", report_file_remove, name="report_file_remove"),
    path("bao-cao/<int:report_id>/gui/", report_submit, name="report_submit"),
    path("bao-cao/<int:report_id>/rut-lai/", report_withdraw, name="report_withdraw"),
    path("bao-cao/<int:report_id>/cac-lan-gui/", report_versions, name="report_versions"),
]
