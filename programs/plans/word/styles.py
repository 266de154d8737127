"""What a paragraph's style says of it, with what that style is based on."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from programs.plans.word.markup import attribute, children, first, is_on, value_of

_DEEP = 12  # styles are based on each other no deeper; a circle ends here


@dataclass(frozen=True)
class Look:
    """None: nothing is said. ``number``: the list and level of the style's paragraphs."""

    name: str = ""
    bold: bool | None = None
    italic: bool | None = None
    caps: bool | None = None
    alignment: str | None = None
    number: tuple[str, int] | None = None

    def over(self, base: "Look") -> "Look":
        """This look where it says something, else the other."""
        names = ("bold", "italic", "caps", "alignment", "number")
        mine = {name: getattr(self, name) for name in names}
        return Look(self.name or base.name, **{n: v if v is not None else getattr(base, n) for n, v in mine.items()})


class Styles:
    def __init__(self, root: Element | None):
        self._styles = {attribute(style, "styleId"): style for style in children(root, "style")}
        default = (s for s in self._styles.values() if attribute(s, "default") == "1")
        self._default = next((attribute(s, "styleId") for s in default if attribute(s, "type") == "paragraph"), "")
        self._known: dict[str, Look] = {}

    def look(self, style_id: str | None) -> Look:
        style_id = style_id or self._default
        if style_id not in self._known:
            self._known[style_id] = self._resolved(style_id)
        return self._known[style_id]

    def _resolved(self, style_id: str, depth: int = 0) -> Look:
        style = self._styles.get(style_id)
        if style is None or depth > _DEEP:
            return Look()
        paragraph = first(style, "pPr")
        own = look_of(first(style, "rPr"), paragraph, name=value_of(style, "name") or "")
        base = value_of(style, "basedOn")
        return own.over(self._resolved(base, depth + 1)) if base else own


def look_of(run: Element | None, paragraph: Element | None, *, name: str = "") -> Look:
    """What run properties and paragraph properties say themselves."""
    return Look(
        name, is_on(run, "b"), is_on(run, "i"), is_on(run, "caps"), value_of(paragraph, "jc"), number_of(paragraph)
    )


def number_of(paragraph: Element | None) -> tuple[str, int] | None:
    number = first(paragraph, "numPr")
    if number is None:
        return None
    level = value_of(number, "ilvl") or "0"
    return value_of(number, "numId") or "", int(level) if level.isdecimal() and len(level) < 3 else 0
