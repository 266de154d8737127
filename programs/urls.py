from django.urls import path

from programs.plans.views import plan_view
from programs.reporting.consolidated import report_answer, report_consolidated, report_figure
from programs.reporting.judging import (
    report_accept,
    report_accept_many,
    report_board,
    report_extend,
    report_reopen,
    report_send_back,
)
from programs.reporting.track_record import report_periods, report_punctuality
from programs.targets.views import target_shares

app_name = "programs"
urlpatterns = [
    path("ke-hoach/<int:plan_id>/", plan_view, name="plan_view"),
    path("chi-tieu/<int:target_id>/giao/", target_shares, name="target_shares"),
    # reports: judging
    path("bao-cao/bang-theo-doi/", report_board, name="report_board"),
    path("bao-cao/bang-theo-doi/duyet/", report_accept_many, name="report_accept_many"),
    path("bao-cao/cac-ky/", report_periods, name="report_periods"),
    path("bao-cao/dung-han/", report_punctuality, name="report_punctuality"),
    path("bao-cao/gia-han/", report_extend, name="report_extend"),
    path("bao-cao/tong-hop/<int:period_id>/", report_consolidated, name="report_consolidated"),
    path("bao-cao/tong-hop/<int:period_id>/<int:indicator_id>/", report_figure, name="report_figure"),
    path("bao-cao/kien-nghi/<int:proposal_id>/tra-loi/", report_answer, name="report_answer"),
    path("bao-cao/<int:report_id>/duyet/", report_accept, name="report_accept"),
    path("bao-cao/<int:report_id>/tra-lai/", report_send_back, name="report_send_back"),
    path("bao-cao/<int:report_id>/mo-lai/", report_reopen, name="report_reopen"),
]
