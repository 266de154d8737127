"""What a cell of a form of others may ask for: who reports, of which days, and every indicator over those days."""

from datetime import date

from django.core.exceptions import PermissionDenied

from programs.models import Indicator
from programs.reporting.known import Known, figures_between
from reports.helped import withheld
from welfare.documents.outer.models import Fact
from welfare.units.models import today


def choices() -> list[Fact]:
    plain = [
        Fact("unit", "Tên đơn vị báo cáo"),
        Fact("superior", "Tên đơn vị cấp trên"),
        Fact("period", "Thời gian báo cáo (từ ngày … đến ngày …)"),
        Fact("year", "Năm báo cáo"),
        Fact("today", "Ngày điền biểu mẫu"),
    ]
    return [*plain, *(fact for indicator in Indicator.objects.order_by("name", "code") for fact in _facts(indicator))]


def _facts(indicator):
    name = f"{indicator.name} ({indicator.unit_of_measure}) [{indicator.code}]"
    yield Fact(f"value:{indicator.code}", name)
    yield Fact(f"before:{indicator.code}", f"{name}, cùng kỳ năm trước")
    if indicator.is_ratio:
        yield Fact(f"numerator:{indicator.code}", f"{name}, tử số")
        yield Fact(f"denominator:{indicator.code}", f"{name}, mẫu số")


def values(user, unit, first: date, last: date, keys) -> dict:
    """{key: text, number or None} of ``unit`` with all under it; the copy leaves the house, so few people are no number.

    Raises ``PermissionDenied`` without the right to figures.
    """
    if not (user.has_perm("programs.view_actual") and user.reach.covers(unit.pk)):
        raise PermissionDenied
    codes = {key.partition(":")[2] for key in keys if ":" in key}
    indicators = list(Indicator.objects.filter(code__in=codes))
    now = _by_code(unit, indicators, first, last)
    before = _by_code(unit, indicators, _year_before(first), _year_before(last))
    return {key: _value(key, unit, first, last, now, before) for key in keys}


def _by_code(unit, indicators, first, last) -> dict:
    figures = figures_between(unit, indicators, first, last)
    secret = withheld((indicator, unit, first, last) for indicator in indicators)
    return {
        indicator.code: Known() if (indicator.pk, unit.pk) in secret else figures[indicator.pk]
        for indicator in indicators
    }


def _value(key, unit, first, last, now, before):
    part, _, code = key.partition(":")
    if not code:
        return _text(part, unit, first, last)
    known = (before if part == "before" else now).get(code)
    return getattr(known, "value" if part == "before" else part, None) if known else None


def _text(part, unit, first, last) -> str:
    if part == "superior":
        head = unit.letterhead(last)
        return head.superior if head else ""
    texts = {
        "unit": unit.name,
        "period": f"từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}",
        "year": str(last.year),
        "today": f"{today():%d/%m/%Y}",
    }
    return texts.get(part, "")


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
