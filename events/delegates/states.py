from django.db import models


class State(models.TextChoices):
    NOMINATED = "nominated", "Đã đề cử"
    ACCEPTED = "accepted", "Đã nhận"
    INVITED = "invited", "Đã mời"
    CONFIRMED = "confirmed", "Xác nhận dự"
    ATTENDED = "attended", "Có mặt"
    RETURNED = "returned", "Trả lại đơn vị"
    WITHDRAWN = "withdrawn", "Đơn vị rút"
    DECLINED = "declined", "Không dự được"
    SUBSTITUTED = "substituted", "Đã thay người"


FIRM = (State.ACCEPTED, State.INVITED, State.CONFIRMED, State.ATTENDED)  # what a smaller quota may not undo
HOLDING = (State.NOMINATED, *FIRM)
