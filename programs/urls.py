from django.urls import path

from programs.plans.views import plan_changes, plan_view
from programs.targets.views import target_shares

app_name = "programs"
urlpatterns = [
    path("ke-hoach/<int:plan_id>/", plan_view, name="plan_view"),
    path("ke-hoach/<int:plan_id>/thay-doi/", plan_changes, name="plan_changes"),
    path("chi-tieu/<int:target_id>/giao/", target_shares, name="target_shares"),
]
