"""A long document in parts, each set by itself and starting a page; merged, their pages are numbered as one document's.

Setting a page takes memory and time that grow faster than the list, so a long list is cut: the parts can be set at once
by several workers, each within narrow limits.
"""

import dataclasses
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string

from welfare.documents.blocks import GroupRow, Table
from welfare.documents.layout import Appendix, OfficialDocument, printable
from welfare.documents.rendering import html_to_pdf, official_css

UNNUMBERED = "@page { @top-center { content: none; } }"


@dataclass(frozen=True)
class Part:
    """``numbering`` tells which pages are counted together: 0 the document's own, from 1 those of each appendix."""

    document: OfficialDocument
    numbering: int = 0
    continues: bool = False
    appendix: Appendix | None = None
    label: str = ""
    note: str = ""

    def html(self) -> str:
        """A page of its own for the PDF process, without page numbers."""
        document = printable(dataclasses.replace(self.document, appendices=()))
        part = dataclasses.replace(self, appendix=printable(self.appendix) if self.appendix else None)
        return render_to_string(
            "documents/part.html", {"document": document, "part": part, "print_css": official_css() + UNNUMBERED}
        )


def parts_of(document: OfficialDocument, rows: int | None = None) -> list[Part]:
    """The document cut where a table goes beyond ``rows`` (``settings.PDF_PART_ROWS``); one part when it is short."""
    rows = rows or settings.PDF_PART_ROWS
    pieces = _cut(document.body, rows)
    appendices = [
        (label, note, appendix, _cut(appendix.blocks, rows)) for label, note, appendix in document.numbered_appendices
    ]
    if len(pieces) == 1 and all(len(cut) == 1 for *_, cut in appendices):
        return [Part(document)]
    parts = [
        Part(_with_blocks(document, blocks, is_first=n == 1, is_last=n == len(pieces)), continues=n > 1)
        for n, blocks in enumerate(pieces, 1)
    ]
    for numbering, (label, note, appendix, cut) in enumerate(appendices, 1):
        parts += [
            Part(document, numbering, n > 1, _appendix_with(appendix, blocks, is_last=n == len(cut)), label, note)
            for n, blocks in enumerate(cut, 1)
        ]
    return parts


def _with_blocks(document, blocks, *, is_first, is_last):
    """``closing`` is done already: the body's last sentence carries its "./."."""
    head = {} if is_first else {"bases": ()}
    foot = {} if is_last else {"signatures": (), "recipients": (), "notes": ()}
    return dataclasses.replace(document, blocks=blocks, closing=False, **head, **foot)


def _appendix_with(appendix, blocks, *, is_last):
    return dataclasses.replace(appendix, blocks=blocks, signatures=appendix.signatures if is_last else ())


def _cut(blocks: Sequence, rows: int) -> list[list]:
    """Blocks piece by piece; a piece ends where a long table is cut."""
    pieces = [[]]
    for block in blocks:
        if isinstance(block, Table) and len(block.rows) > rows:
            first, *rest = _slices(block, rows)
            pieces[-1].append(first)
            pieces += [[table] for table in rest]
        else:
            pieces[-1].append(block)
    return pieces


def _slices(table: Table, rows: int) -> Iterator[Table]:
    """Caption and note stand over the first, the total under the last; no group's heading ends a slice."""
    widths, start, number = table.widths, 0, table.first_number
    while start < len(table.rows):
        end = min(start + rows, len(table.rows))
        while end < len(table.rows) and end - 1 > start and isinstance(table.rows[end - 1], GroupRow):
            end -= 1
        above = {} if start == 0 else {"caption": "", "note": ""}
        some = table.rows[start:end]
        yield dataclasses.replace(
            table, rows=some, total=table.total if end == len(table.rows) else None, first_number=number,
            fixed_widths=widths, **above,
        )  # fmt: skip
        number += sum(not isinstance(row, GroupRow) for row in some)
        start = end


def merge(pdfs: Sequence[tuple[int, bytes]], *, tick=None) -> bytes:
    """One PDF of the parts' (numbering, PDF) in their order. The first page of each numbering shows no number.

    Raises RenderingError as ``html_to_pdf`` does. The file is archival as its parts are, without tags.
    """
    whole = pikepdf.open(io.BytesIO(pdfs[0][1]))
    counts = [len(whole.pages)]
    for _, content in pdfs[1:]:
        with pikepdf.open(io.BytesIO(content)) as part:
            counts.append(len(part.pages))
            whole.pages.extend(part.pages)
    _stamp(whole, list(_page_numbers([numbering for numbering, _ in pdfs], counts)), tick)
    target = io.BytesIO()
    whole.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _page_numbers(numberings, counts) -> Iterator[int]:
    """The number of every page in its numbering, from 1."""
    reached: dict[int, int] = {}
    for numbering, count in zip(numberings, counts, strict=True):
        for _ in range(count):
            reached[numbering] = reached.get(numbering, 0) + 1
            yield reached[numbering]


def _stamp(whole, numbers, tick):
    """Numbers are set by the same style sheet on pages of nothing else, and laid over."""
    numbered = [(page, number) for page, number in zip(whole.pages, numbers, strict=True) if number > 1]
    if not numbered:
        return
    sheets = [{"number": number, "is_wide": _is_wide(page)} for page, number in numbered]
    html = render_to_string("documents/page_numbers.html", {"sheets": sheets, "print_css": official_css()})
    with pikepdf.open(io.BytesIO(html_to_pdf(html, tick=tick, variant=""))) as stamps:
        for (page, _), stamp in zip(numbered, stamps.pages, strict=True):
            page.add_overlay(stamp)


def _is_wide(page) -> bool:
    left, bottom, right, top = page.mediabox
    return right - left > top - bottom
