"""Which indicator a target's sentence speaks of, by the words they share."""

import re
from fractions import Fraction

from django.core.exceptions import ValidationError

from programs.plans.models import Plan, Section
from programs.plans.word.found import FoundTarget
from programs.plans.word.names import Names, normal
from programs.targets.models import Indicator, Target
from programs.targets.sentences import read_figures

_EMPTY_WORDS = {
    "ty", "le", "so", "da", "duoc", "don", "vi", "to", "chuc", "nguoi", "cua", "trong", "va", "co", "tu", "muc", "tong", "chi",
    "ve", "cho", "ban", "moi", "ho", "tro",
}  # fmt: skip
_ENOUGH = Fraction(1, 2)


class Indicators:
    def __init__(self):
        self._words = {row: _words(row.name) for row in Indicator.objects.all()}

    def target(self, plan: Plan, section: Section, found: FoundTarget, names: Names) -> Target | None:
        """Unsaved; None where no indicator fits or the figures can't be a target."""
        figure, indicator = found.figure, self.nearest(found)
        if indicator is None:
            return None
        target = Target(
            plan=plan, section=section, text=found.text, indicator=indicator, comparator=figure.comparator,
            value=figure.value, value_max=figure.value_max, unit_of_measure=figure.unit_of_measure,
            binds_level=names.level(_clause(found)) or Target._meta.get_field("binds_level").default,
        )  # fmt: skip
        try:
            target.full_clean(exclude=["plan", "section"])
        except ValidationError:
            return None
        return target

    def nearest(self, found: FoundTarget) -> Indicator | None:
        """The one most of whose own words the clause says: half of them and two at least."""
        said, is_rate = _words(_clause(found)), found.figure.unit_of_measure == "%"
        shares = {
            row: (Fraction(len(words & said), len(words)), len(words))
            for row, words in self._words.items()
            if row.is_ratio == is_rate and len(words & said) > 1
        }
        best = max(shares, key=shares.get, default=None)
        return best if best and shares[best][0] >= _ENOUGH else None


def _clause(found: FoundTarget) -> str:
    """The words about one figure: between the semicolons around it, and up to the figures beside it."""
    figures = read_figures(found.text)
    before = [figure.end for figure in figures if figure.end <= found.figure.start]
    after = [figure.start for figure in figures if figure.start >= found.figure.end]
    stops = [stop.start() for stop in re.finditer(";", found.text)]
    start = max([0, *before[-1:], *(stop for stop in stops if stop < found.figure.start)])
    end = min([len(found.text), *after[:1], *(stop for stop in stops if stop >= found.figure.end)])
    return found.text[start:end]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]{2,}", normal(text)) if word not in _EMPTY_WORDS}
