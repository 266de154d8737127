"""The tasks among a plan's paragraphs: those with a time, those given to someone, those under someone's name."""

import re
from datetime import date

from programs.plans.word.citations import a_date
from programs.plans.word.found import FoundSection, FoundTask
from programs.plans.word.markers import LONGEST_READ, without_dash
from welfare.vietnamese import fold

LONGEST_TIME, LONGEST_COORDINATORS = 80, 300
_NAMES_WITHIN = 150  # of a paragraph, where a body's name stands if it begins with one
_TIME = re.compile(
    r"(?:thời gian(?: thực hiện| hoàn thành)|thời hạn|hoàn thành|tiến độ)(?: thực hiện)?\s*:\s*(.+)", re.IGNORECASE
)
_LEAD = re.compile(
    r"(?:đơn vị |cơ quan |ban )?(?:chủ trì|thực hiện|phụ trách)(?: thực hiện)?\s*:\s*(.+)", re.IGNORECASE
)
_WITH = re.compile(r"(?:đơn vị |cơ quan |ban )?phối hợp(?: thực hiện)?\s*:\s*(.+)", re.IGNORECASE)
_BODY = r"(?:các\s+)?(?:ban(?!\s+(?:hành|đầu|bố|tặng)\b)|văn phòng|ủy ban kiểm tra|uỷ ban kiểm tra|ubkt|lđlđ|liên đoàn lao động|công đoàn|cđcs|cđ)\b"
_GIVEN = re.compile(rf"(?:giao|phân công)\s+(?={_BODY})", re.IGNORECASE)
_BY_BODY = re.compile(_BODY, re.IGNORECASE)
_LEADS_HERE = re.compile(r"\b(?:chủ trì|là đầu mối)\b", re.IGNORECASE)
_TOGETHER = re.compile(
    r"phối hợp\s+(?:với|cùng)\s+(.+?)(?=\s+(?:theo dõi|hướng dẫn|tham mưu|tổ chức|xây dựng|triển khai|thực hiện|đôn đốc"
    r"|báo cáo|chuẩn bị|kiểm tra|giám sát|rà soát|vận động|tổng hợp|tuyên truyền|khảo sát|định kỳ|hưởng ứng|để)\b|[.;:]|$)",
    re.IGNORECASE,
)
_CARRYING_OUT = re.compile(r"\bto chuc thuc hien\b|\bphan cong\b|\btrach nhiem\b")
_EXACT_DATE = re.compile(
    r"(\d{1,2})\s*(?:/|-|\.|\s+tháng\s+)\s*(\d{1,2})\s*(?:/|-|\.|\s+năm\s+)\s*((?:19|20)\d\d)\b", re.IGNORECASE
)


def find_tasks(sections: list[FoundSection], carrying_out=False):
    """Fills each section's ``tasks``. What a task says stays in the section's text too, in its place."""
    for section in sections:
        here = carrying_out or bool(_CARRYING_OUT.search(fold(section.heading)))
        is_bodys = here and bool(_BY_BODY.match(section.heading))
        section.tasks = _Tasks(section, section.heading if is_bodys else "", here).read()
        find_tasks(section.children, here)


class _Tasks:
    """The tasks of one section's paragraphs, in their order."""

    def __init__(self, section: FoundSection, lead: str, carrying_out: bool):
        self._section, self._lead, self._carrying_out = section, lead, carrying_out
        self._found: dict[int, FoundTask] = {}
        self._last: tuple[int, str] | None = (section.at, section.heading) if section.heading else None
        self._group = ""  # the body that "Giao …:" named for the items under it

    def read(self) -> list[FoundTask]:
        for at, text in self._section.body:
            if len(text) <= LONGEST_READ:
                self._read(at, text)
        return list(self._found.values())

    def _read(self, at: int, text: str):
        bare = without_dash(text)
        if self._is_about_last(bare) or text.startswith("*"):
            return
        self._last = (at, bare)
        if not text.startswith("+"):
            self._group = ""
        given = _GIVEN.match(bare)
        if given and bare.endswith(":"):
            self._group = bare[given.end() :].rstrip(": ")
        elif given or self._names_its_body(bare):
            self._given_task(at, bare).lead = bare[given.end() if given else 0 :][:_NAMES_WITHIN]
        elif self._group or (self._lead and not bare.endswith(":")):
            task = self._given_task(at, bare)
            task.lead, task.whole_lead = self._group or self._lead, not self._group

    def _names_its_body(self, text: str) -> bool:
        """ "Ban Tài chính chủ trì …", and under "Tổ chức thực hiện" whatever begins with a body's name."""
        if not _BY_BODY.match(text) or text.endswith(":"):
            return False
        return self._carrying_out or bool(_LEADS_HERE.search(text[:200]))

    def _task(self, at: int, text: str) -> FoundTask:
        if at not in self._found:
            self._found[at] = FoundTask(text, at)
        return self._found[at]

    def _given_task(self, at: int, text: str) -> FoundTask:
        """Whoever is given a task may be told there whom to work with."""
        task, together = self._task(at, text), _TOGETHER.search(text)
        if together and len(together[1]) <= LONGEST_COORDINATORS:
            task.coordinators = together[1].strip(" ,")
        return task

    def _is_about_last(self, text: str) -> bool:
        """A line of its own that says when, by whom or with whom the paragraph above it is done."""
        if self._last is None or not self._last[1]:
            return False
        for pattern, field in ((_TIME, "time"), (_WITH, "coordinators"), (_LEAD, "lead")):
            known = field == "time" or self._carrying_out or self._last[0] in self._found
            if known and (said := pattern.fullmatch(text)):
                self._say(self._task(*self._last), field, said[1].strip().rstrip(".;"))
                return True
        return False

    def _say(self, task: FoundTask, field: str, words: str):
        if field == "time":
            task.time, task.due_on = shown_time(words), exact_date(words)
            if task.time != words:
                task.unsure = "Thời gian trong văn bản dài hơn phần ghi ở đây; câu đầy đủ vẫn nằm trong nội dung mục."
        elif field == "coordinators":
            task.coordinators = words if len(words) <= LONGEST_COORDINATORS else task.coordinators
        else:
            task.lead, task.whole_lead = words, True


def shown_time(words: str) -> str:
    """As worded; of a long sentence what stands before its first comma, or nothing."""
    if len(words) <= LONGEST_TIME:
        return words
    start = re.split(r"[,;.]", words)[0].strip()
    return start if len(start) <= LONGEST_TIME else ""


def exact_date(words: str) -> date | None:
    found = _EXACT_DATE.search(words)
    if not found:
        return None
    day, month, year = a_date(*found.groups())
    try:
        return date(year, month, day)
    except (TypeError, ValueError):
        return None
