"""What can be printed of an event, as its page offers it."""

from dataclasses import dataclass

from events.delegates.models import Delegate
from events.delegates.states import FIRM, State
from events.gatherings.models import Event
from welfare.documents.printing import FORMATS
from welfare.units.models import Unit

_BY_UNIT = ("event_badges", "event_attendance", "event_delegates")
_NOBODY = "Chưa có đại biểu nào được nhận."


@dataclass(frozen=True)
class EventPaper:
    """``kind`` of settings.DOCUMENTS; ``of_organiser``: not for the units that send delegates."""

    kind: str
    label: str
    explain: str
    endings: tuple[str, ...]
    of_organiser: bool = False

    @property
    def formats(self) -> list[tuple[str, str]]:
        return [(ending, FORMATS[ending].name) for ending in self.endings]

    @property
    def is_by_unit(self) -> bool:
        return self.kind in _BY_UNIT

    def lacks(self, user, event) -> str:
        """Why there is nothing to print yet; "" when there is."""
        return _LACKS[self.kind](user, event)


PAPERS = [
    EventPaper("event_attendance", "Danh sách ký nhận có mặt", "Mỗi đơn vị một danh sách, có cột ký tên.", ("pdf", "docx", "xlsx")),
    EventPaper("event_badges", "Thẻ đại biểu", "Bốn thẻ khổ A6 trên một tờ A4, có mã QR để soát ở cửa.", ("pdf",), True),
    EventPaper("event_delegates", "Danh sách đại biểu", "Tất cả đại biểu đã nhận, theo đơn vị.", ("pdf", "docx", "xlsx")),
    EventPaper("event_agenda", "Chương trình", "Giờ, nội dung, người phụ trách.", ("pdf", "docx")),
    EventPaper("event_tasks", "Bảng phân công công việc", "Ban, đơn vị phụ trách, hạn, kết quả.", ("pdf", "docx", "xlsx"), True),
    EventPaper("event_committee", "Quyết định thành lập Ban Tổ chức", "Kèm danh sách thành viên.", ("pdf", "docx"), True),
    EventPaper("event_report", "Báo cáo kết quả", "Tham dự, vắng mặt, trao quà, kinh phí.", ("pdf", "docx"), True),
]  # fmt: skip


def units_with(delegates) -> list[Unit]:
    return Unit.objects.filter(pk__in=delegates.filter(state__in=FIRM).order_by().values("unit")).order_by("path")


def _nobody(states):
    return lambda user, event: (
        "" if Delegate.objects.for_user(user).filter(event=event, state__in=states).exists() else _NOBODY
    )


_LACKS = {
    "event_attendance": _nobody(FIRM),
    "event_badges": _nobody((State.ACCEPTED, State.INVITED, State.CONFIRMED)),
    "event_delegates": _nobody(FIRM),
    "event_agenda": lambda user, event: "" if event.agenda.exists() else "Sự kiện chưa có chương trình.",
    "event_tasks": lambda user, event: "" if event.tasks.exists() else "Sự kiện chưa phân công công việc.",
    "event_committee": lambda user, event: "" if event.committee.exists() else "Sự kiện chưa có ban tổ chức.",
    "event_report": lambda user, event: "Sự kiện chưa thông báo." if event.state == Event.State.DRAFT else "",
}
