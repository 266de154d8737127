"""A Word document's text in its order: paragraphs with what they look like, tables as rows of cells of paragraphs."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from programs.plans.word import limits
from programs.plans.word.limits import WordRefused
from programs.plans.word.markup import children, first, local, value_of
from programs.plans.word.numbering import Numbering
from programs.plans.word.styles import Look, Styles, look_of, number_of

_UNREAD = {"del", "moveFrom", "Fallback", "pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "instrText"}
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class Blocks:
    def __init__(self, parts: dict[str, Element]):
        self._document = parts["document"]
        self._styles = Styles(parts.get("styles"))
        self._numbering = Numbering(parts.get("numbering"))
        self._paragraphs = self._characters = 0

    def read(self) -> list:
        return list(self._blocks(first(self._document, "body")))

    def _blocks(self, element: Element | None) -> Iterator:
        """Content controls and accepted insertions are looked through."""
        for child in element if element is not None else ():
            name = local(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield [[list(self._cell(cell)) for cell in children(row, "tc")] for row in children(child, "tr")]
            elif name not in _UNREAD:
                yield from self._blocks(child)

    def _cell(self, cell: Element) -> Iterator[dict]:
        for block in self._blocks(cell):
            if isinstance(block, dict):
                yield block
            else:  # a table within a cell is read as its paragraphs
                yield from (paragraph for row in block for inner in row for paragraph in inner)

    def _paragraph(self, element: Element) -> Iterator[dict]:
        properties = first(element, "pPr")
        style = self._styles.look(value_of(properties, "pStyle"))
        runs = [(text, look.over(style)) for text, look in self._runs(element)]
        text = "".join(text.upper() if look.caps else text for text, look in runs)
        self._count(text)
        said = [look for words, look in runs if words.strip()]
        number, level = self._number(properties, style)
        yield {
            "text": text,
            "number": number,
            "level": level,
            "style": style.name,
            "bold": bool(said) and all(look.bold for look in said),
            "italic": bool(said) and all(look.italic for look in said),
            "alignment": value_of(properties, "jc") or style.alignment or "",
        }
        for box in _text_boxes(element):
            yield from self._blocks(box)

    def _number(self, properties: Element | None, style: Look) -> tuple[str, int | None]:
        of = number_of(properties) or style.number
        if of is None or of[0] in ("", "0"):
            return "", None
        return self._numbering.next(*of), of[1]

    def _runs(self, element: Element, look: Look | None = None) -> Iterator[tuple[str, Look]]:
        for child in element:
            name = local(child)
            if name == "r":
                yield from self._runs(child, self._run_look(first(child, "rPr")))
            elif name == "t":
                yield child.text or "", look or Look()
            elif name in _SIGNS:
                yield _SIGNS[name], look or Look()
            elif name not in _UNREAD and name != "txbxContent":
                yield from self._runs(child, look)

    def _run_look(self, properties: Element | None) -> Look:
        own, style = look_of(properties, None), value_of(properties, "rStyle")
        return own.over(self._styles.look(style)) if style else own

    def _count(self, text: str) -> None:
        self._paragraphs += 1
        self._characters += len(text)
        if self._paragraphs > limits.PARAGRAPHS or self._characters > limits.CHARACTERS:
            raise WordRefused(limits.TOO_LONG)


def _text_boxes(element: Element) -> Iterator[Element]:
    for child in element:
        if local(child) == "txbxContent":
            yield child
        elif local(child) not in _UNREAD:
            yield from _text_boxes(child)
