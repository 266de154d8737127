"""What an official document says, apart from how it is drawn.

One OfficialDocument feeds the browser preview, the PDF, the DOCX and the tables' XLSX. The parts, their order and
their punctuation follow NĐ 30/2020/NĐ-CP, Phụ lục I (QĐ 933/QĐ-TLĐ keeps them for the unions); sizes and positions
are in static/documents/official.css.
"""

import dataclasses
import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from welfare.documents.blocks import Bullet, Paragraph, Table

BLANK = "\u00a0" * 6
_BREAK_BEFORE = re.compile(r" (?=(?:TỈNH|THÀNH PHỐ|HUYỆN|THỊ XÃ|XÃ|PHƯỜNG|VIỆT NAM)\b)")
_LETTERHEAD_LINE = 27
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class PartialDate:
    """A date some parts of which are still to be written in by hand."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True)
class Signature:
    """`capacity` from the top: ("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"). The name carries no academic title."""

    capacity: Sequence[str]
    name: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Recipient:
    name: str
    purpose: str = ""

    @property
    def text(self) -> str:
        name = self.name.rstrip(" ;.,")
        return f"{name} ({self.purpose})" if self.purpose else name


@dataclass(frozen=True)
class Appendix:
    """Starts a page, counts its own pages. `note` defaults to "(Kèm theo … số … ngày …)"."""

    title: str
    blocks: Sequence
    landscape: bool = False
    signatures: Sequence[Signature] = ()
    note: str = ""

    def __post_init__(self):
        _keep_blocks(self)


@dataclass(frozen=True, kw_only=True)
class OfficialDocument:
    """A document without `kind` is an official letter (công văn): its summary goes under the number as "V/v …".

    `authority` is the line of a decision's issuing body above the bases. One signature stands right of the
    recipients; of several, each has its column and the recipients follow below. `issuer_name` is the issuer in running
    text, for the appendices' note; `unit_id` is the issuer's own row. `notes` are small lines below the signatures, such
    as where readers may write to. `paper` is "A4", or "A3" for a wide picture.
    A `poster` is a board held up at a ceremony: one large sheet of banners, without letterhead and number.
    `template` is the key of the stored file whose form the Word copy takes.
    """

    superior: str = ""
    issuer: str = ""
    issuer_name: str = ""
    unit_id: int | None = None
    number: str = ""
    symbol: str = ""
    place: str = ""
    date: datetime.date | PartialDate | None = None
    kind: str = ""
    summary: str = ""
    authority: str = ""
    addressees: Sequence[str] = ()
    bases: Sequence[str] = ()
    blocks: Sequence = ()
    closing: bool = True
    signatures: Sequence[Signature] = ()
    recipients: Sequence[Recipient] = ()
    appendices: Sequence[Appendix] = ()
    landscape: bool = False
    paper: str = "A4"
    poster: bool = False
    template: str = ""
    notes: Sequence[str] = ()

    def __post_init__(self):
        _keep_blocks(self)

    @property
    def title(self) -> str:
        return " ".join(f"{self.kind} {self.summary}".split()) or "Văn bản"

    @property
    def letterhead(self) -> list[list[str]]:
        """Superior and issuer, each as the lines it is broken into."""
        return [_letterhead_lines(self.superior), _letterhead_lines(self.issuer)]

    @property
    def number_line(self) -> str:
        """ "Số: 05/KH-LĐLĐ"; the number's place stays blank until there is one."""
        if not (self.number or self.symbol):
            return ""
        return f"Số: {self.number.zfill(2) if self.number else BLANK}/{self.symbol}".rstrip("/")

    @property
    def place_line(self) -> str:
        return f"{self.place}, {date_text(self.date)}" if self.place else ""

    @property
    def subject_line(self) -> str:
        return "" if self.kind or not self.summary else f"V/v {self.summary}"

    @property
    def base_lines(self) -> list[str]:
        return _punctuated(self.bases, last=".")

    @property
    def addressee_lines(self) -> list[str]:
        return [f"- {line}" for line in _punctuated(self.addressees, last=".")]

    @property
    def recipient_lines(self) -> list[str]:
        return [f"- {line}" for line in _punctuated([r.text for r in self.recipients], last=".")]

    @property
    def body(self) -> list:
        """The blocks, the last sentence closed by "./."."""
        blocks = list(self.blocks)
        if self.closing and blocks and isinstance(blocks[-1], (Paragraph, Bullet)):
            blocks[-1] = dataclasses.replace(blocks[-1], text=blocks[-1].text.rstrip(" .;/") + "./.")
        return blocks

    @property
    def numbered_appendices(self) -> list[tuple[str, str, Appendix]]:
        """(label, note, appendix); the label has a Roman number where there is more than one."""
        several = len(self.appendices) > 1
        return [
            (f"Phụ lục {roman(n)}" if several else "Phụ lục", appendix.note or self._enclosed_with(), appendix)
            for n, appendix in enumerate(self.appendices, 1)
        ]

    @property
    def tables(self) -> list[Table]:
        blocks = [*self.blocks, *(block for appendix in self.appendices for block in appendix.blocks)]
        return [block for block in blocks if isinstance(block, Table)]

    def _enclosed_with(self):
        number = self.number_line.removeprefix("Số:").strip(" ")
        parts = [
            f"Kèm theo {self.kind.capitalize() or 'Công văn'}",
            f"số {number}" if number else "",
            date_text(self.date),
            f"của {self.issuer_name}" if self.issuer_name else "",
        ]
        return f"({' '.join(part for part in parts if part)})"


def _keep_blocks(part):
    """Given as a generator they could be read only once, and a document is read for each of its formats."""
    blocks = [
        dataclasses.replace(block, is_wide=True) if part.landscape and isinstance(block, Table) else block
        for block in part.blocks
    ]
    object.__setattr__(part, "blocks", blocks)


def collective(unit) -> str:
    """Whom a unit's head signs for: a grassroots union has no standing committee."""
    return "Ban Thường vụ" if unit.depth < 3 else "Ban Chấp hành"


def signature_of(unit, title="CHỦ TỊCH") -> Signature:
    return Signature([f"TM. {collective(unit).upper()}", title])


def date_text(date) -> str:
    """ "ngày 05 tháng 01 năm 2026": days below 10 and the months 1 and 2 take a zero; a missing part stays blank."""
    day = f"{date.day:02}" if date and date.day else BLANK
    month = str(date.month).zfill(2 if date.month < 3 else 1) if date and date.month else BLANK
    return f"ngày {day} tháng {month} năm {date.year if date and date.year else BLANK}"


def roman(number: int) -> str:
    text = ""
    for value, letters in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        text += letters * (number // value)
        number %= value
    return text


def printable(value):
    """The same document with every text in NFC and without what XML can't hold (control characters, lone surrogates)."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", _NOT_XML.sub("", value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{f.name: printable(getattr(value, f.name)) for f in dataclasses.fields(value)})
    if isinstance(value, Iterable):
        return [printable(item) for item in value]
    return value


def _letterhead_lines(text):
    lines = text.upper().splitlines()
    if len(lines) != 1 or len(text) <= _LETTERHEAD_LINE:
        return lines
    return _BREAK_BEFORE.split(lines[0], maxsplit=1)


def _punctuated(lines, last):
    lines = [line.rstrip(" ;.,") for line in lines]
    return [f"{line};" for line in lines[:-1]] + [f"{line}{last}" for line in lines[-1:]]
