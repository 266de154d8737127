from django.urls import path

from beneficiaries.campaigns.views import campaign_results
from beneficiaries.duplicates.views import duplicate, duplicates_find, person_merge
from beneficiaries.funds.views import fund_post
from beneficiaries.grants.views import round_pay, round_review
from beneficiaries.houses.board import house_board
from beneficiaries.houses.views import (
    house_papers,
    house_photo,
    house_photo_remove,
    house_photo_small,
    house_photos,
    paper_remove,
)
from beneficiaries.intake.views import (
    batch_columns,
    batch_commit,
    batch_discard,
    batch_preview,
    batch_return,
    batch_undo,
    batch_upload,
)
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
    path("danh-sach/tai-len/", batch_upload, name="batch_upload"),
    path("danh-sach/<int:batch_id>/", batch_preview, name="batch_preview"),
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
    path("dot-ho-tro/<int:round_id>/chi/", round_pay, name="round_pay"),
    path("dot-van-dong/<int:campaign_id>/ket-qua/", campaign_results, name="campaign_results"),
    path("nha/bang/", house_board, name="house_board"),
    path("nha/<int:house_id>/ho-so/", house_papers, name="house_papers"),
    path("nha/giay-to/<int:paper_id>/bo/", paper_remove, name="paper_remove"),
    path("nha/<int:house_id>/anh/", house_photos, name="house_photos"),
    path("nha/anh/<int:house_photo_id>/", house_photo, name="house_photo"),
    path("nha/anh/<int:house_photo_id>/nho/", house_photo_small, name="house_photo_small"),
    path("nha/anh/<int:house_photo_id>/bo/", house_photo_remove, name="house_photo_remove"),
    path("quy/<int:fund_id>/ghi/", fund_post, name="fund_post"),
]
