from django.urls import path

from events.delegates.board_pages import event_board, event_remind
from events.delegates.list_pages import delegate_list, list_upload
from events.delegates.pages import (
    body_nominate,
    delegate_substitute,
    line_nominate,
    notice_see,
    share_nominate,
    unit_event,
    unit_events,
)
from events.door.attendance_pages import attendance_live, attendance_paper, event_attendance
from events.door.pages import door, door_code, door_list, door_send, door_undo, door_worker, doors
from events.papers.pages import event_invitations, event_papers, invitation_file, unit_invitations
from events.programme.pages import event_results
from events.quotas.pages import event_quota, quota_download, quota_read, quota_sheet
from events.seating.pages import hall_copy, hall_draw, seat_move, seating, seating_arrange

app_name = "events"
urlpatterns = [
    path("su-kien/cua-don-vi/", unit_events, name="unit_events"),
    path("su-kien/<int:event_id>/cua-don-vi/", unit_event, name="unit_event"),
    path("su-kien/<int:event_id>/phan-bo/", event_quota, name="event_quota"),
    path("su-kien/<int:event_id>/phan-bo/bang/", quota_sheet, name="quota_sheet"),
    path("su-kien/<int:event_id>/phan-bo/doc-tep/", quota_read, name="quota_read"),
    path("su-kien/<int:event_id>/phan-bo/tai-ve/", quota_download, name="quota_download"),
    path("su-kien/<int:event_id>/theo-doi/", event_board, name="event_board"),
    path("su-kien/<int:event_id>/nhac/", event_remind, name="event_remind"),
    path("su-kien/<int:event_id>/ket-qua/", event_results, name="event_results"),
    path("su-kien/<int:event_id>/giay-moi/", event_invitations, name="event_invitations"),
    path("su-kien/<int:event_id>/giay-moi/cua-don-vi/", unit_invitations, name="unit_invitations"),
    path("su-kien/<int:event_id>/giay-to/", event_papers, name="event_papers"),
    path("su-kien/giay-moi/<int:invitation_id>/", invitation_file, name="invitation_file"),
    path("su-kien/<int:event_id>/tai-danh-sach/", list_upload, name="list_upload"),
    path("su-kien/danh-sach/<int:list_id>/", delegate_list, name="delegate_list"),
    path("su-kien/phan/<int:share_id>/de-cu/", share_nominate, name="share_nominate"),
    path("su-kien/to-chuc/<int:body_id>/dai-bieu/", body_nominate, name="body_nominate"),
    path("su-kien/thanh-phan/<int:line_id>/dai-bieu/", line_nominate, name="line_nominate"),
    path("su-kien/dai-bieu/<int:delegate_id>/thay/", delegate_substitute, name="delegate_substitute"),
    path("su-kien/thong-bao/<int:notice_id>/da-xem/", notice_see, name="notice_see"),
    path("su-kien/<int:event_id>/hoi-truong/", hall_draw, name="hall_draw"),
    path("su-kien/<int:event_id>/hoi-truong/chep/", hall_copy, name="hall_copy"),
    path("su-kien/<int:event_id>/cho-ngoi/", seating, name="seating"),
    path("su-kien/<int:event_id>/cho-ngoi/xep/", seating_arrange, name="seating_arrange"),
    path("su-kien/<int:event_id>/cho-ngoi/chuyen/", seat_move, name="seat_move"),
    path("su-kien/don-dai-bieu/", doors, name="doors"),
    path("su-kien/<int:event_id>/cua/", door, name="door"),
    path("su-kien/<int:event_id>/cua/sw.js", door_worker, name="door_worker"),
    path("su-kien/<int:event_id>/cua/danh-sach/", door_list, name="door_list"),
    path("su-kien/<int:event_id>/cua/ghi/", door_send, name="door_send"),
    path("su-kien/<int:event_id>/cua/tra-ma/", door_code, name="door_code"),
    path("su-kien/<int:event_id>/cua/huy/", door_undo, name="door_undo"),
    path("su-kien/<int:event_id>/co-mat/", event_attendance, name="event_attendance"),
    path("su-kien/<int:event_id>/co-mat/bang/", attendance_live, name="attendance_live"),
    path("su-kien/<int:event_id>/co-mat/danh-sach-giay/", attendance_paper, name="attendance_paper"),
]
