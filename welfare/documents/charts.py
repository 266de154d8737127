"""Bar charts as SVG: one drawing for the screen and for paper, legible in black and white."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Dark, white with an outline, grey: the three stay apart on a black-and-white print.
FILLS = (("#1f4e79", "#1f4e79"), ("#ffffff", "#1f4e79"), ("#a6b8cc", "#1f4e79"))
_WIDTH = 468  # points: the width of the text on A4, so that font sizes are true on paper
_LABELS = 150
_VALUES = 62
_BAR = 11
_GAP = 9
_FONT = "Tinos, 'Times New Roman', serif"


@dataclass(frozen=True)
class Series:
    """Values stand in the order of the categories; None is "no figure" and draws nothing.

    ``links`` make each bar with its figure a link on screen; paper and Word leave them out.
    """

    name: str
    values: Sequence
    links: Sequence[str] = ()


def bar_chart(title: str, categories: Sequence[str], series: Sequence[Series], *, unit: str = "") -> SafeString:
    """Horizontal bars, one group a category. The whole content is also in <title> and <desc> as text.

    At most three series; negative values are drawn as zero but written as they are. A figure has no thousands dot
    below 1.000 and at most one decimal.
    """
    if len(series) > len(FILLS):
        raise ValueError(f"a bar chart holds at most {len(FILLS)} series")
    largest = max((v for s in series for v in s.values if v is not None), default=0)
    labels = [_wrapped(category) for category in categories]
    parts, y = [_heading(title, unit), _legend(series)], 52 if len(series) > 1 else 30
    top = y
    for n, lines in enumerate(labels):
        height = max(_BAR * len(series), 12 * len(lines))
        parts.append(_label(lines, y + height / 2))
        first = y + (height - _BAR * len(series)) / 2
        for k, one in enumerate(series):
            value = one.values[n] if n < len(one.values) else None
            bar = _bar(value, largest, first + k * _BAR, FILLS[k])
            parts.append(_linked(bar, one.links[n], categories[n], one, value) if n < len(one.links) else bar)
        y += height + _GAP
    parts.append(_axis(top - 4, y - _GAP + 4))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="100%" role="img" font-family="{}"'
        ' font-size="10" fill="#000"><title>{}</title><desc>{}</desc>{}</svg>',
        _WIDTH,
        _n(y),
        _FONT,
        title,
        _description(categories, series, unit),
        SafeString("".join(parts)),
    )


def figure(value) -> str:
    """ "1.530.000", "12,5", "–" for None."""
    if value is None:
        return "–"
    text = f"{value:,.1f}" if isinstance(value, (float, Decimal)) else f"{value:,}"
    return text.removesuffix(".0").translate({ord(","): ".", ord("."): ","})


def _heading(title, unit):
    return format_html(
        '<text x="{}" y="14" text-anchor="middle" font-size="12" font-weight="bold">{}{}</text>',
        _n(_WIDTH / 2),
        title,
        f" ({unit})" if unit else "",
    )


def _legend(series):
    if len(series) < 2:
        return ""
    step = (_WIDTH - _LABELS) / len(series)
    return format_html_join(
        "",
        '<rect x="{}" y="27" width="14" height="9" fill="{}" stroke="{}" stroke-width="0.8"/>'
        '<text x="{}" y="35">{}</text>',
        (
            (_n(_LABELS + n * step), *fill, _n(_LABELS + n * step + 19), one.name)
            for n, (one, fill) in enumerate(zip(series, FILLS, strict=False))
        ),
    )


def _label(lines, middle):
    first = middle + 3.5 - 6 * (len(lines) - 1)
    return "".join(
        f'<text x="{_n(_LABELS - 6)}" y="{_n(first + 12 * n)}" text-anchor="end">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )


def _bar(value, largest, y, fill):
    share = max(float(value or 0), 0) / float(largest) if largest > 0 else 0
    width = share * (_WIDTH - _LABELS - _VALUES)
    # Numbers and colours of ours alone: there is nothing to escape.
    return (
        f'<rect x="{_n(_LABELS)}" y="{_n(y + 1)}" width="{_n(width)}" height="{_n(_BAR - 2)}" fill="{fill[0]}"'
        f' stroke="{fill[1]}" stroke-width="0.8"/>'
        f'<text x="{_n(_LABELS + width + 5)}" y="{_n(y + _BAR - 2.5)}" font-size="9">{figure(value)}</text>'
    )


def _linked(bar, url, category, series, value):
    label = escape(f"{category}, {series.name}: {figure(value)}")
    return f'<a href="{escape(url)}" aria-label="{label}">{bar}</a>'


def _axis(top, bottom):
    return format_html(
        '<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" stroke="#000" stroke-width="0.8"/>',
        _n(_LABELS),
        _n(top),
        _n(bottom),
    )


def _description(categories, series, unit):
    rows = (
        f"{category}: "
        + ", ".join(f"{s.name} {figure(s.values[n] if n < len(s.values) else None)} {unit}".strip() for s in series)
        for n, category in enumerate(categories)
    )
    return "; ".join(rows)


def _wrapped(text, width=30):
    """At most two lines; the second ends in an ellipsis where even that is not enough."""
    words, first = text.split(), ""
    while words and len(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    lines = [line for line in (first, rest) if line]
    return [line if len(line) <= width else f"{line[: width - 1]}…" for line in lines] or [""]


def _n(number):
    """A coordinate as text, out of reach of the template language's localisation."""
    return f"{number:.1f}".removesuffix(".0")
