"""Departments, units and outside bodies as a text names them, however abbreviated."""

import re
from dataclasses import dataclass

from welfare.units.models import Department, Organization, Unit
from welfare.vietnamese import fold

_SHORT = {
    "ldld": "lien doan lao dong", "cdcs": "cong doan co so", "cd": "cong doan", "tldldvn": "tong lien doan lao dong viet nam",
    "tld": "tong lien doan lao dong viet nam", "cspl": "chinh sach phap luat", "ubkt": "uy ban kiem tra",
    "kcn": "khu cong nghiep", "vp": "van phong", "ubnd": "uy ban nhan dan", "btv": "ban thuong vu", "tuldtt": "thoa uoc lao dong tap the",
    "vn": "viet nam",
}  # fmt: skip
_LEVELS = (
    (2, re.compile(r"\b(?:cac )?cong doan cap tren(?: truc tiep)?(?: co so)?\b|\bcac (?:lien doan lao dong|cong doan nganh)\b"
                   r"|\blien doan lao dong cac\b")),
    (3, re.compile(r"\b(?:cac )?cong doan co so\b")),
)  # fmt: skip
_OUTSIDE_KINDS = (
    (Organization.Kind.PARTY, re.compile(r"\b(?:tinh uy|huyen uy|bo chinh tri|ban bi thu|dang|trung uong)\b")),
    (Organization.Kind.AUTHORITY, re.compile(r"\b(?:uy ban nhan dan|chinh phu|thu tuong|bo|so|quoc hoi|hoi dong nhan dan)\b")),
    (Organization.Kind.UNION, re.compile(r"\b(?:cong doan|tong lien doan)\b")),
)  # fmt: skip


def normal(text: str) -> str:
    """ "LĐLĐ huyện Ba Tri" and "Liên đoàn Lao động huyện Ba Tri" are one."""
    return " ".join(_SHORT.get(word, word) for word in re.findall(r"[^\W_]+", fold(text)))


@dataclass(frozen=True)
class Lead:
    department: Department | None = None
    unit: Unit | None = None
    level: int | None = None

    def __bool__(self):
        return bool(self.department or self.unit or self.level)


class Names:
    """The bodies that a plan of ``unit`` may name."""

    def __init__(self, unit: Unit):
        self._unit = unit
        departments = [("department", row, (row.name, row.short_name)) for row in unit.departments.all()]
        below = Unit.objects.in_force().filter(path__startswith=unit.path, depth__lte=unit.depth + 1)
        units = [("unit", row, (row.name, row.short_name)) for row in below]
        self._bodies = [
            (field, row, f" {normal(name)} ") for field, row, names in departments + units for name in names if name
        ]
        self._units = {normal(name): row for _, row, names in units for name in names if name}
        self._organizations: dict[str, Organization] | None = None

    def lead(self, words: str, *, all_of_them: bool) -> Lead:
        """Whom ``words`` name: one department, unit and level at most; only the first body where not all are meant."""
        found = sorted(self._mentions(f" {normal(words)} "), key=lambda one: (one[0], -one[1]))
        lead: dict = {}
        for _, _, field, row in found if all_of_them else found[:1]:
            lead.setdefault(field, row)
        return Lead(**lead)

    def _mentions(self, words: str):
        for field, row, name in self._bodies:
            if (at := words.find(name)) >= 0:
                yield at, len(name), field, row
        for level, pattern in _LEVELS:
            if found := pattern.search(words):
                yield found.start() - 1, found.end() - found.start() + 1, "level", level

    def joins(self, words: str) -> tuple[list[Department], list[Unit], int | None]:
        """All bodies of ours that ``words`` name: departments, units, and a level."""
        found = sorted(self._mentions(f" {normal(words)} "), key=lambda one: one[0])
        rows = {
            field: list(dict.fromkeys(row for _, _, of, row in found if of == field))
            for field in ("department", "unit", "level")
        }
        return rows["department"], rows["unit"], next(iter(rows["level"]), None)

    def level(self, words: str) -> int | None:
        return self.lead(words, all_of_them=True).level

    def issuer(self, words: str) -> tuple[Unit | None, Organization | None, str, str]:
        """(unit, organization, words, sentence): who issued a cited document; the words where they say more than the name.

        A body not known yet is added to the outside ones, and the sentence says so.
        """
        name = normal(words)
        known, said, sentence = self._units.get(name) or self._known().get(name), "", ""
        if known is None:
            known, said = self._nearest(name), words
        if known is None:
            kind = next((kind for kind, pattern in _OUTSIDE_KINDS if pattern.search(name)), Organization.Kind.OTHER)
            known = self._known()[name] = Organization.objects.create(name=words, kind=kind)
            said, sentence = "", f"Cơ quan “{words}” chưa có trong danh mục nên được thêm mới."
        return (known, None, said, sentence) if isinstance(known, Unit) else (None, known, said, sentence)

    def _nearest(self, name: str):
        """The longest known name within the words ("Ban Chấp hành LĐLĐ tỉnh"): a union's own organs issue for it."""
        known = {**self._known(), **self._units}
        within = [key for key in known if key and f" {key} " in f" {name} "]
        return known[max(within, key=len)] if within else None

    def _known(self) -> dict[str, Organization]:
        if self._organizations is None:
            rows = Organization.objects.all()
            self._organizations = {normal(name): row for row in rows for name in (row.short_name, row.name) if name}
        return self._organizations
