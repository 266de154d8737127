"""The block above a list: who sends it and what it is called."""

import re
from dataclasses import dataclass

from beneficiaries.intake.reading import Sheet
from beneficiaries.intake.tables import title_lines
from welfare.vietnamese import fold

_UNIT = re.compile(
    r"(?:ldld|lien doan|cong doan|cd|cdcs|nghiep doan|tong lien doan|cong ty|truong|benh vien)\b(?! viet nam)"
)
_LABEL = re.compile(r"^(?:tên )?đơn vị(?: gửi| báo cáo| lập| đề nghị)?\s*:\s*", re.I)
_NO_TITLE = re.compile(r"cong hoa xa hoi|doc lap\W+tu do|dang cong san|don vi tinh|\bdvt\b|ngay\b.*\bthang\b.*\bnam\b")
_TITLE = re.compile(r"(?:bang |bieu )?(?:tong hop )?(?:danh sach|bieu mau|bang ke|phu luc)|(?:bang |bieu )?tong hop\b")


@dataclass
class Title:
    """unit: the sender as written, None if the block names none; text: the list's title; folded: for matching."""

    unit: str | None = None
    text: str = ""

    @property
    def folded(self) -> str:
        return fold(self.text)


def read_title(sheet: Sheet, top: int) -> Title:
    """The lowest unit named in the block (its own line stands under its superior's), and the lines of the title."""
    unit, title, in_title = None, [], False
    for cell_lines in title_lines(sheet, top):
        for line in (_LABEL.sub("", line) for line in cell_lines):
            folded = fold(line)
            if _NO_TITLE.search(folded):
                continue
            if _TITLE.match(folded) or in_title and not folded.startswith("("):
                title.append(line)
                in_title = True
            elif not title and _UNIT.match(folded):
                unit = line
    return Title(unit, " ".join(title))
