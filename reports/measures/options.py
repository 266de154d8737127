"""To what an indicator may narrow a measure: chosen on screen, so that a province can count what is its own."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, ExtractYear

from beneficiaries.houses.stages import WAY, date_field
from beneficiaries.loans.projects import LoanSource
from beneficiaries.models import Fund, Hardship, HardshipKind, House, HouseKind, Occasion
from programs.models import ActivityKind, AwardForm, CareModelKind
from programs.plans.models import LEVELS

EVERY = "*"  # the value of an option by which one query counts all its values


@dataclass(frozen=True)
class Option:
    """``choices()`` are (value, label); ``narrow(rows, value)`` leaves those chosen. One with a default is always set.

    ``split(rows)``, where the option has it, gives a row for every value that ``narrow`` would keep it for, as ``part``.
    """

    name: str
    label: str
    choices: Callable[[], list[tuple[str, str]]]
    narrow: Callable[[QuerySet, str], QuerySet]
    default: str = ""
    is_required: bool = False
    split: Callable[[QuerySet], QuerySet] | None = None

    def chosen(self, rows: QuerySet, value: str) -> QuerySet:
        return self.split(rows) if value == EVERY else self.narrow(rows, value)

    def in_words(self, value: str) -> str:
        return f"{self.label}: {dict(self.choices()).get(value, value)}"


def by(path: str) -> Callable[[QuerySet, str], QuerySet]:
    return lambda rows, value: rows.filter(**{path: value})


def stay(rows, value):
    """For what the measure itself reads."""
    return rows


def _of(model) -> Callable[[], list[tuple[str, str]]]:
    return lambda: list(model.objects.order_by("name").values_list("code", "name"))


def _levels():
    return [(str(level), label) for level, label in LEVELS]


_STAGES = {
    "surveyed": ("surveyed_on", "đã khảo sát"),
    "appraised": ("appraised_on", "đã thẩm định"),
    "decided": ("decided_on", "đã có quyết định"),
    "started": ("started_on", "đã khởi công"),
    "completed": ("completed_on", "đã nghiệm thu"),
    "handed_over": ("handed_over_on", "đã bàn giao"),
    "settled": ("settled_on", "đã quyết toán"),
}


def _at_stage(houses, stage):
    field = _STAGES[stage][0]
    return houses.exclude(**{field: None}).annotate(on=F(field))


def _named(grants, value):
    bulk = Q(person=None, household=None)
    return grants.filter(bulk if value == "bulk" else ~bulk)


def _standing_at(houses, state):
    """From the day the state was reached until the first day of a later one."""
    later = [F(date_field(each)) for each in WAY[WAY.index(state) + 1 :]]
    never = Cast(Value(None), DateField())
    off = Coalesce(*later, never, never)
    return houses.exclude(**{date_field(state): None}).annotate(on=F(date_field(state)), off=off)


def _of_people_with(grants, kind):
    """Whose receiver had a hardship of the kind in the year of the payment."""
    had = Hardship.objects.filter(person=OuterRef("person"), kind__code=kind, year=ExtractYear(OuterRef("paid_on")))
    return grants.filter(Exists(had))


def _by_hardship(grants):
    of_year = grants.filter(person__hardships__year=ExtractYear("paid_on"))
    return of_year.annotate(part=F("person__hardships__kind__code"))


def level(path: str, **more) -> Option:
    return Option("level", "cấp đơn vị", _levels, by(path), **more)


def occasion(path: str) -> Option:
    return Option("occasion", "dịp", _of(Occasion), by(path))


def source(path: str) -> Option:
    return Option("source", "nguồn vốn", lambda: list(LoanSource.choices), by(path))


STAGE = Option(
    "stage", "giai đoạn", lambda: [(code, label) for code, (_, label) in _STAGES.items()], _at_stage,
    default="handed_over", is_required=True,
)  # fmt: skip
STANDING = Option(
    "standing", "đang ở bước", lambda: [(state.value, state.label) for state in WAY], _standing_at, is_required=True
)
HARDSHIP = Option(
    "hardship", "hoàn cảnh", _of(HardshipKind), _of_people_with, is_required=True, split=_by_hardship
)  # fmt: skip
WAY_OF_MONEY = Option(
    "way", "chiều tiền", lambda: [("in", "thu vào"), ("out", "chi ra")],
    lambda rows, value: rows.filter(is_out=value == "out"), is_required=True,
)  # fmt: skip
HOUSE_KIND = Option("house_kind", "loại nhà", _of(HouseKind), by("kind__code"))
CONSTRUCTION = Option("construction", "hình thức", lambda: list(House.Construction.choices), by("construction"))
NAMED = Option("named", "suất", lambda: [("named", "có tên người, hộ nhận"), ("bulk", "không ghi tên")], _named)
ACTIVITY = Option("activity", "loại hoạt động", _of(ActivityKind), by("kind__code"))
HELD = Option("activity", "loại hoạt động", _of(ActivityKind), stay, is_required=True)
BOUND = Option("level", "cấp đơn vị", _levels, stay, is_required=True)
MODEL = Option("model", "loại mô hình", _of(CareModelKind), by("kind__code"))
AWARD = Option("award", "hình thức khen thưởng", _of(AwardForm), by("form__code"))
LENT_FROM = Option("source", "nguồn vốn", lambda: list(LoanSource.choices), stay)
FUND = Option("fund", "quỹ", _of(Fund), by("campaign__fund__code"))
RENEWAL = Option(
    "renewal", "ký", lambda: [("new", "ký mới"), ("renewed", "gia hạn")],
    lambda rows, value: rows.filter(renews__isnull=value == "new"),
)  # fmt: skip
