"""What a cell of a form of others may ask for: who reports, of which days, and every indicator over those days."""

from datetime import date

from django.core.exceptions import PermissionDenied

from programs.models import Indicator
from programs.reporting.known import Known, figures_between
from reports.helped import withheld
from welfare.documents.outer.models import Fact, Percent, Year
from welfare.documents.outer.periods import Period
from welfare.units.models import today

# Counted from January on: no such count tells of a quarter alone, nor of several years.
_OF_THE_YEAR = (Indicator.RollUp.DISTINCT, Indicator.RollUp.UNITS, Indicator.RollUp.RATIO)


def choices() -> list[Fact]:
    plain = [
        Fact("unit", "Tên đơn vị báo cáo"),
        Fact("superior", "Tên đơn vị cấp trên"),
        Fact("place", "Địa danh của đơn vị"),
        Fact("period_name", "Kỳ báo cáo (Quý III/2026, Năm 2026 …)"),
        Fact("period", "Thời gian báo cáo (từ ngày … đến ngày …)"),
        Fact("first", "Ngày đầu kỳ báo cáo"),
        Fact("last", "Ngày cuối kỳ báo cáo"),
        Fact("quarter", "Quý báo cáo (I, II, III, IV)"),
        Fact("month", "Tháng báo cáo"),
        Fact("year", "Năm báo cáo"),
        Fact("today", "Ngày điền biểu mẫu"),
        Fact("today_day", "Ngày điền biểu mẫu, riêng ngày"),
        Fact("today_month", "Ngày điền biểu mẫu, riêng tháng"),
        Fact("today_year", "Ngày điền biểu mẫu, riêng năm"),
    ]
    return [*plain, *(fact for indicator in Indicator.objects.order_by("name", "code") for fact in _facts(indicator))]


def _facts(indicator):
    name = f"{indicator.name} ({indicator.unit_of_measure}) [{indicator.code}]"
    yield Fact(f"value:{indicator.code}", name)
    yield Fact(f"so_far:{indicator.code}", f"{name}, từ đầu năm đến cuối kỳ")
    yield Fact(f"before:{indicator.code}", f"{name}, cùng kỳ năm trước")
    if indicator.is_ratio:
        yield Fact(f"numerator:{indicator.code}", f"{name}, tử số")
        yield Fact(f"denominator:{indicator.code}", f"{name}, mẫu số")


def values(user, unit, period: Period, keys) -> dict:
    """{key: text, day, number, ``Percent``, ``Year`` or None} of ``unit`` with all under it.

    The copy leaves the house, so few people are no number. Raises ``PermissionDenied`` without the right to figures.
    """
    if not (user.has_perm("programs.view_actual") and user.reach.covers(unit.pk)):
        raise PermissionDenied
    codes = {key.partition(":")[2] for key in keys if ":" in key}
    indicators = list(Indicator.objects.filter(code__in=codes))
    earlier = period.year_before()
    figures = {
        "value": _by_code(unit, _known_of(period, indicators), period.first, period.last),
        "so_far": _by_code(unit, indicators, date(period.last.year, 1, 1), period.last),
        "before": _by_code(unit, _known_of(earlier, indicators), earlier.first, earlier.last),
    }
    percents = {indicator.code for indicator in indicators if indicator.unit_of_measure == "%"}
    return {key: _value(key, unit, period, figures, percents) for key in keys}


def _known_of(period, indicators):
    """Those whose monthly figures tell of the period."""
    is_of_year = period.first.month == 1 and period.first.year == period.last.year
    return [each for each in indicators if is_of_year or each.roll_up not in _OF_THE_YEAR]


def _by_code(unit, indicators, first, last) -> dict:
    figures = figures_between(unit, indicators, first, last)
    secret = withheld((indicator, unit, first, last) for indicator in indicators)
    return {
        indicator.code: Known() if (indicator.pk, unit.pk) in secret else figures[indicator.pk]
        for indicator in indicators
    }


def _value(key, unit, period, figures, percents):
    part, _, code = key.partition(":")
    if not code:
        return _text(part, unit, period)
    known = figures.get(part, figures["value"]).get(code, Known())
    value = getattr(known, part if part in ("numerator", "denominator") else "value")
    is_percent = code in percents and part in figures and value is not None
    return Percent(value) if is_percent else value


def _text(part, unit, period):
    head, day = unit.letterhead(period.last), today()
    texts = {
        "unit": unit.name,
        "superior": head.superior if head else "",
        "place": head.place if head else "",
        "period_name": period.name,
        "period": period.days,
        "first": period.first,
        "last": period.last,
        "quarter": period.quarter,
        "month": period.month,
        "year": Year(period.last.year),
        "today": day,
        "today_day": f"{day:%d}",
        "today_month": f"{day:%m}",
        "today_year": Year(day.year),
    }
    return texts.get(part, "")
