"""A Word file, or text pasted from one, to the lines of its paragraphs."""

import re
import tempfile
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from programs.plans.word import limits
from programs.plans.word.limits import WordRefused
from welfare.children import ChildDied, ask_child
from welfare.vietnamese import clean

_DIED = "Không đọc được tệp trong giới hạn bộ nhớ và thời gian cho phép; hãy chép phần chữ sang tệp mới rồi tải lại."
_NO_TEXT = "Tệp không có chữ nào (có thể chỉ là ảnh quét); hãy dùng tệp Word gốc hoặc dán nội dung."
BULLETS = ("-", "+", "*")
ITEM = re.compile(r"[-–—+•●▪*]\s*(?=\S)")


def in_capitals(text: str) -> bool:
    """And long enough for that to mean something."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 3 and all(c.upper() == c for c in letters)


@dataclass(frozen=True)
class Line:
    """One line as the reader sees it, with the number Word shows before it.

    ``at``: its place among the file's lines. ``table``, ``row``, ``cell``: where it stands, -1 outside tables.
    ``after_gap``: an empty line stands above.
    """

    text: str
    at: int = 0
    number: str = ""
    bold: bool = False
    italic: bool = False
    centred: bool = False
    heading: int = 0
    table: int = -1
    row: int = -1
    cell: int = -1
    after_gap: bool = False

    @property
    def shown(self) -> str:
        return f"{self.number} {self.text}".strip()

    @property
    def caps(self) -> bool:
        return in_capitals(self.text)

    @property
    def is_item(self) -> bool:
        """Begins with a dash or plus, typed or Word's own."""
        return self.number in BULLETS or bool(ITEM.match(self.text))


def read_word(source, *, filename: str, tick: Callable[[], None] | None = None) -> list[Line]:
    """Reads a binary file object; tick is called about once a second. Raises ``WordRefused`` with a sentence."""
    ending = Path(filename).suffix.lower().lstrip(".")
    if ending == "docm":
        raise WordRefused("Tệp .docm có macro nên không được nhận; hãy lưu thành .docx rồi tải lại.")
    if ending == "doc":
        raise WordRefused("Tệp .doc đời cũ chưa đọc được; hãy mở bằng Word, chọn Lưu thành .docx rồi tải lại.")
    if ending != "docx":
        raise WordRefused("Chỉ nhận tệp .docx; hãy mở văn bản bằng Word, chọn Lưu thành .docx rồi tải lại.")
    with _on_disk(source) as path:
        try:
            answer = ask_child("programs.plans.word.child", path, seconds=limits.CHILD_WALL_SECONDS, tick=tick)
        except ChildDied as death:
            raise WordRefused(_DIED) from death
    if "refused" in answer:
        raise WordRefused(answer["refused"])
    return _not_empty(lines_of(answer["blocks"]))


def read_pasted(text: str) -> list[Line]:
    """Each line of the text is a paragraph. Raises ``WordRefused`` when there is nothing in it or far too much."""
    rows = text.splitlines()
    if len(rows) > limits.PARAGRAPHS or len(text) > limits.CHARACTERS:
        raise WordRefused(limits.TOO_LONG)
    return _not_empty(_spaced((row, {}) for row in rows))


@contextmanager
def _on_disk(source):
    with tempfile.NamedTemporaryFile(prefix="word-") as copy:
        source.seek(0)
        while chunk := source.read(1 << 20):
            copy.write(chunk)
            if copy.tell() > limits.FILE_BYTES:
                raise WordRefused(limits.TOO_BIG)
        copy.flush()
        yield copy.name


def lines_of(blocks: list) -> list[Line]:
    """The child's blocks as lines: a paragraph's own line breaks part it."""
    return _spaced(_pieces(blocks))


def _pieces(blocks: list):
    for n, block in enumerate(blocks):
        if isinstance(block, dict):
            yield from _of_paragraph(block, {})
            continue
        for row, cells in enumerate(block):
            for cell, paragraphs in enumerate(cells):
                for paragraph in paragraphs:
                    yield from _of_paragraph(paragraph, {"table": n, "row": row, "cell": cell})


def _of_paragraph(paragraph: dict, place: dict):
    style = re.fullmatch(r"heading ([1-9])", paragraph["style"].lower())
    look = {
        "bold": paragraph["bold"],
        "italic": paragraph["italic"],
        "centred": paragraph["alignment"] == "center",
        "heading": int(style[1]) if style else 0,
        **place,
    }
    for n, text in enumerate(paragraph["text"].split("\n")):
        yield text, {**look, "number": clean(paragraph["number"]) if n == 0 else ""}


def _spaced(pieces: Iterable[tuple[str, dict]]) -> list[Line]:
    """Lines with words; tabs stay, as they part what stands side by side."""
    lines, gap = [], False
    for text, look in pieces:
        text = "\t".join(filter(None, map(clean, text.split("\t"))))
        if text or look.get("number"):
            lines.append(Line(text, at=len(lines), after_gap=gap, **look))
        gap = not text
    return lines


def _not_empty(lines: list[Line]) -> list[Line]:
    if not any(line.text for line in lines):
        raise WordRefused(_NO_TEXT)
    return lines
