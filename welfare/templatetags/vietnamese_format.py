from django import template

from welfare import vietnamese

register = template.Library()


register.filter(vietnamese.within)


@register.filter
def money(value) -> str:
    """1530000 as "1.530.000 đồng"."""
    return "" if value is None else vietnamese.format_money(int(value))


@register.filter
def number(value) -> str:
    """A count with dots in its thousands; up to two decimals with a comma."""
    if value is None:
        return "–"
    if value == int(value):
        return vietnamese.format_number(int(value))
    return f"{float(value):.2f}".rstrip("0").replace(".", ",")


@register.filter
def percent(value) -> str:
    return "–" if value is None else vietnamese.format_number(round(float(value), 1)).removesuffix(",0") + "%"
