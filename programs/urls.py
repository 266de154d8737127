from django.urls import path

from programs.plans.views import plan_changes, plan_view
from programs.targets.views import figures_read, plan_shares, share_proposal, unit_targets

app_name = "programs"
urlpatterns = [
    path("ke-hoach/<int:plan_id>/", plan_view, name="plan_view"),
    path("ke-hoach/<int:plan_id>/thay-doi/", plan_changes, name="plan_changes"),
    path("ke-hoach/<int:plan_id>/giao-chi-tieu/", plan_shares, name="plan_shares"),
    path("chi-tieu/<int:target_id>/de-xuat/<slug:how>/", share_proposal, name="share_proposal"),
    path("chi-tieu/doc-so/", figures_read, name="figures_read"),
    path("chi-tieu/cua-don-vi/", unit_targets, name="unit_targets"),
]
