from django.urls import path

from programs.activities.views import (
    activity_new,
    activity_photos,
    photo_image,
    photo_remove,
    photo_thumbnail,
)
from programs.plans.views import plan_changes, plan_view
from programs.plans.word.views import plan_from_word, word_reading
from programs.plans.writing.views import plan_discard, plan_part, plan_part_act, plan_part_add, plan_undo, plan_write
from programs.reporting.consolidated import consolidated_figure, report_answer, report_consolidated
from programs.reporting.judging import (
    report_accept,
    report_accept_many,
    report_board,
    report_extend,
    report_reopen,
    report_send_back,
)
from programs.reporting.mine import my_reports
from programs.reporting.track_record import report_periods, report_punctuality
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
from programs.targets.views import (
    figures_read,
    indicator_count,
    indicator_count_add,
    plan_shares,
    share_proposal,
    unit_targets,
)

app_name = "programs"
urlpatterns = [
    path("hoat-dong/moi/", activity_new, name="activity_new"),
    path("hoat-dong/<int:activity_id>/anh/", activity_photos, name="activity_photos"),
    path("anh/<int:photo_id>/", photo_image, name="photo_image"),
    path("anh/<int:photo_id>/nho/", photo_thumbnail, name="photo_thumbnail"),
    path("anh/<int:photo_id>/xoa/", photo_remove, name="photo_remove"),
    path("ke-hoach/tu-word/", plan_from_word, name="plan_from_word"),
    path("ke-hoach/tu-word/<int:reading_id>/", word_reading, name="word_reading"),
    path("ke-hoach/<int:plan_id>/soan/", plan_write, name="plan_write"),
    path("ke-hoach/<int:plan_id>/soan/hoan-tac/", plan_undo, name="plan_undo"),
    path("ke-hoach/<int:plan_id>/soan/bo/", plan_discard, name="plan_discard"),
    path("ke-hoach/<int:plan_id>/soan/<slug:part>/them/", plan_part_add, name="plan_part_add"),
    path("ke-hoach/<int:plan_id>/soan/<slug:part>/<int:part_id>/", plan_part, name="plan_part"),
    path("ke-hoach/<int:plan_id>/soan/<slug:part>/<int:part_id>/<slug:act>/", plan_part_act, name="plan_part_act"),
    path("ke-hoach/<int:plan_id>/", plan_view, name="plan_view"),
    path("ke-hoach/<int:plan_id>/thay-doi/", plan_changes, name="plan_changes"),
    path("ke-hoach/<int:plan_id>/giao-chi-tieu/", plan_shares, name="plan_shares"),
    path("chi-tieu/<int:target_id>/de-xuat/<slug:how>/", share_proposal, name="share_proposal"),
    path("chi-tieu/doc-so/", figures_read, name="figures_read"),
    path("chi-tieu/cua-don-vi/", unit_targets, name="unit_targets"),
    path("chi-so/dem-tu-so/", indicator_count_add, name="indicator_count_add"),
    path("chi-so/<int:indicator_id>/cach-dem/", indicator_count, name="indicator_count"),
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
    # reports: judging
    path("bao-cao/bang-theo-doi/", report_board, name="report_board"),
    path("bao-cao/bang-theo-doi/duyet/", report_accept_many, name="report_accept_many"),
    path("bao-cao/bang-theo-doi/cac-ky/", report_periods, name="report_periods"),
    path("bao-cao/bang-theo-doi/dung-han/", report_punctuality, name="report_punctuality"),
    path("bao-cao/bang-theo-doi/gia-han/", report_extend, name="report_extend"),
    path("bao-cao/bang-theo-doi/tong-hop/<int:period_id>/", report_consolidated, name="report_consolidated"),
    path(
        "bao-cao/bang-theo-doi/tong-hop/<int:period_id>/<int:indicator_id>/",
        consolidated_figure,
        name="consolidated_figure",
    ),
    path("bao-cao/kien-nghi/<int:proposal_id>/tra-loi/", report_answer, name="report_answer"),
    path("bao-cao/<int:report_id>/duyet/", report_accept, name="report_accept"),
    path("bao-cao/<int:report_id>/tra-lai/", report_send_back, name="report_send_back"),
    path("bao-cao/<int:report_id>/mo-lai/", report_reopen, name="report_reopen"),
]
