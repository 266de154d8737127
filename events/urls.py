from django.urls import path

from events.quotas.pages import event_quota

app_name = "events"
urlpatterns = [path("su-kien/<int:event_id>/phan-bo/", event_quota, name="event_quota")]
