from django.urls import path

from beneficiaries.funds.views import fund_post
from beneficiaries.grants.views import round_pay, round_review
from beneficiaries.people.views import person, person_identity

app_name = "beneficiaries"
urlpatterns = [
    path("nguoi/<int:person_id>/", person, name="person"),
    path("nguoi/<int:person_id>/so-dinh-danh/", person_identity, name="person_identity"),
    path("dot-ho-tro/<int:round_id>/xet-duyet/", round_review, name="round_review"),
    path("dot-ho-tro/<int:round_id>/chi/", round_pay, name="round_pay"),
    path("quy/<int:fund_id>/ghi/", fund_post, name="fund_post"),
]
