import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from welfare.documents.charts import Series, bar_chart, figure
from welfare.documents.layout import printable

SVG = "{http://www.w3.org/2000/svg}"
UNITS = ["LĐLĐ huyện A", "LĐLĐ huyện B"]


def draw(*arguments, **options):
    return etree.fromstring(bar_chart(*arguments, **options))


def bars(svg):
    """Widths of the bars, category by category (the legend's boxes have another height)."""
    return [float(r.get("width")) for r in svg.iter(f"{SVG}rect") if r.get("height") == "9" and r.get("width") != "14"]


def test_bars_are_proportional():
    svg = draw("Mái ấm", UNITS, [Series("Giao", [8, 4]), Series("Đạt", [2, None])])
    whole, quarter, half, none = bars(svg)
    assert (quarter, half, none) == (pytest.approx(whole / 4, abs=0.1), pytest.approx(whole / 2, abs=0.1), 0)


def test_chart_says_in_words_what_it_shows():
    svg = draw("Mái ấm", UNITS, [Series("Giao", [8, 1530]), Series("Đạt", [Decimal("2.5"), None])], unit="nhà")
    assert svg.get("role") == "img"
    assert svg.find(f"{SVG}title").text == "Mái ấm"
    assert svg.find(f"{SVG}desc").text == (
        "LĐLĐ huyện A: Giao 8 nhà, Đạt 2,5 nhà; LĐLĐ huyện B: Giao 1.530 nhà, Đạt – nhà"
    )


def test_series_differ_without_colour():
    svg = draw("x", ["a"], [Series(name, [1]) for name in "abc"])
    fills = [r.get("fill") for r in svg.iter(f"{SVG}rect")][:3]
    greys = sorted(sum(int(fill[n : n + 2], 16) for n in (1, 3, 5)) / 3 for fill in fills)
    assert greys[1] - greys[0] > 60
    assert greys[2] - greys[1] > 60


def test_every_text_stays_on_the_sheet():
    svg = draw("x", ["Công đoàn các Khu công nghiệp và khu kinh tế cửa khẩu tỉnh Lai Châu mở rộng"], [Series("a", [9])])
    labels = [t.text for t in svg.iter(f"{SVG}text") if t.get("text-anchor") == "end"]
    assert labels == ["Công đoàn các Khu công nghiệp", "và khu kinh tế cửa khẩu tỉnh …"]
    width = float(svg.get("viewBox").split()[2])
    assert max(float(t.get("x")) for t in svg.iter(f"{SVG}text")) < width - 30


def test_empty_and_zero_charts_are_drawn():
    assert bars(draw("x", [], [])) == []
    assert bars(draw("x", ["a", "b"], [Series("s", [0, -3])])) == [0, 0]


def test_four_series_are_refused():
    with pytest.raises(ValueError, match="at most 3"):
        bar_chart("x", ["a"], [Series(name, [1]) for name in "abcd"])


def test_figures():
    assert [figure(v) for v in (1_530_000, 12.5, Decimal(3), None)] == ["1.530.000", "12,5", "3", "–"]


@given(st.text(), st.lists(st.text(), min_size=1, max_size=3), st.text())
def test_text_is_never_markup(title, names, unit):
    title, unit, names = printable(title), printable(unit), [printable(name) for name in names]
    svg = draw(title, names, [Series(name, [1] * len(names)) for name in names], unit=unit)
    assert {element.tag for element in svg.iter()} <= {
        SVG + t for t in ("svg", "title", "desc", "text", "rect", "line")
    }
    assert not re.search(
        r"href|url\(|<style", etree.tostring(svg, encoding="unicode").split("<text")[0].split("<title")[0]
    )
