from django.urls import path

from beneficiaries.campaigns.views import campaign_remind, campaign_results, campaign_thank
from beneficiaries.duplicates.views import duplicate, duplicates_find, person_merge
from beneficiaries.feedback.board import feedback_board
from beneficiaries.feedback.public import feedback_new, feedback_track
from beneficiaries.feedback.views import feedback_sender, feedback_write
from beneficiaries.funds.views import fund_post, fund_report
from beneficiaries.grants.pages import round_dossier
from beneficiaries.grants.picking import round_propose_people
from beneficiaries.grants.views import (
    round_appraise,
    round_forward,
    round_issue,
    round_pay,
    round_receive,
    round_resubmit,
    round_review,
)
from beneficiaries.houses.board import house_board
from beneficiaries.houses.views import (
    house_papers,
    house_photo,
    house_photo_remove,
    house_photo_small,
    house_photos,
    paper_remove,
)
from beneficiaries.inspections.board import inspection_board
from beneficiaries.inspections.calls import call_list, call_record
from beneficiaries.inspections.views import finding_answer, finding_evidence, inspection_draw
from beneficiaries.intake.row_pages import batch_members, batch_row
from beneficiaries.intake.views import (
    batch_columns,
    batch_commit,
    batch_discard,
    batch_letter,
    batch_preview,
    batch_return,
    batch_undo,
    batch_upload,
    list_template,
)
from beneficiaries.loans.board import loan_board
from beneficiaries.people.views import (
    consent_withdraw,
    filter_change,
    filter_save,
    hardship_evidence,
    person,
    person_consents,
    person_identity,
)
from beneficiaries.transfers.views import closed_units_page, unit_closing
from beneficiaries.visits.views import visit_add, visit_find, visits_due

app_name = "beneficiaries"
urlpatterns = [
    path("phan-anh/", feedback_new, name="feedback_new"),
    path("phan-anh/tra-cuu/", feedback_track, name="feedback_track"),
    path("phan-anh/bang/", feedback_board, name="feedback_board"),
    path("phan-anh/ghi/", feedback_write, name="feedback_write"),
    path("phan-anh/<int:feedback_id>/nguoi-gui/", feedback_sender, name="feedback_sender"),
    path("kiem-tra/", inspection_board, name="inspection_board"),
    path("kiem-tra/<int:inspection_id>/chon-mau/", inspection_draw, name="inspection_draw"),
    path("kiem-tra/<int:inspection_id>/goi-dien/", call_list, name="call_list"),
    path("kiem-tra/<int:inspection_id>/goi-dien/<int:sample_id>/", call_record, name="call_record"),
    path("kiem-tra/ket-qua/<int:finding_id>/giai-trinh/", finding_answer, name="finding_answer"),
    path("kiem-tra/ket-qua/<int:finding_id>/bang-chung/", finding_evidence, name="finding_evidence"),
    path("danh-sach/tai-len/", batch_upload, name="batch_upload"),
    path("danh-sach/<int:batch_id>/", batch_preview, name="batch_preview"),
    path("danh-sach/mau/", list_template, name="list_template"),
    path("danh-sach/<int:batch_id>/dong/<int:row_id>/", batch_row, name="batch_row"),
    path("danh-sach/<int:batch_id>/thanh-vien/", batch_members, name="batch_members"),
    path("danh-sach/<int:batch_id>/cong-van/", batch_letter, name="batch_letter"),
    path("danh-sach/<int:batch_id>/cac-cot/", batch_columns, name="batch_columns"),
    path("danh-sach/<int:batch_id>/nhan/", batch_commit, name="batch_commit"),
    path("danh-sach/<int:batch_id>/tra-lai/", batch_return, name="batch_return"),
    path("danh-sach/<int:batch_id>/bo/", batch_discard, name="batch_discard"),
    path("danh-sach/<int:batch_id>/hoan-tac/", batch_undo, name="batch_undo"),
    path("nguoi/<int:person_id>/", person, name="person"),
    path("nguoi/<int:person_id>/so-dinh-danh/", person_identity, name="person_identity"),
    path("nguoi/<int:person_id>/dong-y/", person_consents, name="person_consents"),
    path("nguoi/dong-y/<int:consent_id>/rut/", consent_withdraw, name="consent_withdraw"),
    path("nguoi/hoan-canh/<int:hardship_id>/chung-cu/", hardship_evidence, name="hardship_evidence"),
    path("nguoi/<int:person_id>/gop/", person_merge, name="person_merge"),
    path("nguoi/bo-loc/luu/", filter_save, name="filter_save"),
    path("nguoi/bo-loc/<int:filter_id>/", filter_change, name="filter_change"),
    path("nghi-trung/soat/", duplicates_find, name="duplicates_find"),
    path("nghi-trung/<int:case_id>/", duplicate, name="duplicate"),
    path("don-vi-da-dong/", closed_units_page, name="closed_units"),
    path("don-vi-da-dong/<int:unit_id>/", unit_closing, name="unit_closing"),
    path("nguoi/<int:person_id>/tham/", visit_add, name="visit_add"),
    path("tham-hoi/ghi/", visit_find, name="visit_find"),
    path("tham-hoi/con-cho/", visits_due, name="visits_due"),
    path("dot-ho-tro/<int:round_id>/xet-duyet/", round_review, name="round_review"),
    path("dot-ho-tro/de-nghi/", round_propose_people, name="round_propose_people"),
    path("dot-ho-tro/<int:round_id>/chuyen/", round_forward, name="round_forward"),
    path("dot-ho-tro/<int:round_id>/tra-lai/", round_resubmit, name="round_resubmit"),
    path("dot-ho-tro/<int:round_id>/tham-dinh/", round_appraise, name="round_appraise"),
    path("dot-ho-tro/<int:round_id>/quyet-dinh/", round_issue, name="round_issue"),
    path("dot-ho-tro/<int:round_id>/chi/", round_pay, name="round_pay"),
    path("dot-ho-tro/<int:round_id>/ky-nhan/", round_receive, name="round_receive"),
    path("dot-ho-tro/<int:round_id>/ho-so/", round_dossier, name="round_dossier"),
    path("dot-van-dong/<int:campaign_id>/ket-qua/", campaign_results, name="campaign_results"),
    path("dot-van-dong/<int:campaign_id>/nhac/", campaign_remind, name="campaign_remind"),
    path("dot-van-dong/<int:campaign_id>/thu-cam-on/", campaign_thank, name="campaign_thank"),
    path("nha/bang/", house_board, name="house_board"),
    path("nha/<int:house_id>/ho-so/", house_papers, name="house_papers"),
    path("nha/giay-to/<int:paper_id>/bo/", paper_remove, name="paper_remove"),
    path("nha/<int:house_id>/anh/", house_photos, name="house_photos"),
    path("nha/anh/<int:house_photo_id>/", house_photo, name="house_photo"),
    path("nha/anh/<int:house_photo_id>/nho/", house_photo_small, name="house_photo_small"),
    path("nha/anh/<int:house_photo_id>/bo/", house_photo_remove, name="house_photo_remove"),
    path("vay-von/theo-doi/", loan_board, name="loan_board"),
    path("quy/<int:fund_id>/ghi/", fund_post, name="fund_post"),
    path("quy/thu-chi/", fund_report, name="fund_report"),
]
