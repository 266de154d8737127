from django.urls import path

from programs.plans.views import plan_view
from programs.plans.word.views import plan_from_word, word_reading
from programs.plans.writing.views import plan_discard, plan_part, plan_part_act, plan_part_add, plan_undo, plan_write
from programs.targets.views import target_shares

app_name = "programs"
urlpatterns = [
    path("ke-hoach/tu-word/", plan_from_word, name="plan_from_word"),
    path("ke-hoach/tu-word/<int:reading_id>/", word_reading, name="word_reading"),
    path("ke-hoach/<int:plan_id>/", plan_view, name="plan_view"),
    path("ke-hoach/<int:plan_id>/soan/", plan_write, name="plan_write"),
    path("ke-hoach/<int:plan_id>/soan/hoan-tac/", plan_undo, name="plan_undo"),
    path("ke-hoach/<int:plan_id>/soan/bo/", plan_discard, name="plan_discard"),
    path("ke-hoach/<int:plan_id>/soan/<slug:part>/them/", plan_part_add, name="plan_part_add"),
    path("ke-hoach/<int:plan_id>/soan/<slug:part>/<int:part_id>/", plan_part, name="plan_part"),
    path("ke-hoach/<int:plan_id>/soan/<slug:part>/<int:part_id>/<slug:act>/", plan_part_act, name="plan_part_act"),
    path("chi-tieu/<int:target_id>/giao/", target_shares, name="target_shares"),
]
