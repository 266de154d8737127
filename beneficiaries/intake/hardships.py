"""From the words of a list to kinds of hardship."""

from beneficiaries.people.models import HardshipKind
from welfare.vietnamese import fold

_OTHER = "other"
_NOTHING = {"", "khong", "khong co", "0", "-", "x"}


class HardshipReader:
    """Knows each kind's usual words (``HardshipKind.words``); reads equal texts once."""

    def __init__(self):
        self._kinds: dict[str, int] = {}
        self._other: int | None = None
        for kind in HardshipKind.objects.all():
            for word in (kind.name, *kind.words.split(",")):
                self._kinds.setdefault(_plain(word), kind.pk)
            if kind.code == _OTHER:
                self._other = kind.pk
        self._kinds.pop("", None)
        self._longest_first = sorted(self._kinds, key=len, reverse=True)
        self._read: dict[str | None, tuple[int, ...]] = {None: ()}

    def kinds_in(self, text: str | None) -> tuple[int, ...]:
        """Ids of the kinds a text names, longer wordings before the shorter ones they contain."""
        if text not in self._read:
            self._read[text] = self._look_up(text)
        return self._read[text]

    def _look_up(self, text: str) -> tuple[int, ...]:
        left, found = f" {_plain(text)} ", []
        if left.strip() in _NOTHING:
            return ()
        for words in self._longest_first:
            if f" {words} " in left:
                left = left.replace(f" {words} ", " | ")
                found.append(self._kinds[words])
        return tuple(dict.fromkeys(found)) or ((self._other,) if self._other else ())


def _plain(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())
