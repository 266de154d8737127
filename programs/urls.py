from django.urls import path

from programs.activities.views import (
    activity_new,
    activity_photos,
    photo_image,
    photo_remove,
    photo_thumbnail,
)
from programs.plans.views import plan_changes, plan_view
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
    path("ke-hoach/<int:plan_id>/", plan_view, name="plan_view"),
    path("ke-hoach/<int:plan_id>/thay-doi/", plan_changes, name="plan_changes"),
    path("ke-hoach/<int:plan_id>/giao-chi-tieu/", plan_shares, name="plan_shares"),
    path("chi-tieu/<int:target_id>/de-xuat/<slug:how>/", share_proposal, name="share_proposal"),
    path("chi-tieu/doc-so/", figures_read, name="figures_read"),
    path("chi-tieu/cua-don-vi/", unit_targets, name="unit_targets"),
    path("chi-so/dem-tu-so/", indicator_count_add, name="indicator_count_add"),
    path("chi-so/<int:indicator_id>/cach-dem/", indicator_count, name="indicator_count"),
]
