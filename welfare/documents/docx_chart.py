"""A bar chart of a Word file: Word's own chart with its figures in an embedded workbook, so that it stays editable."""

import io
from xml.sax.saxutils import escape

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from welfare.documents.blocks import Chart
from welfare.documents.charts import FILLS
from welfare.documents.tables import Sheet, write_xlsx

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_SHEET = "Data"


def add_chart(paragraph, chart: Chart):
    package = paragraph.part.package
    number = sum(str(part.partname).startswith("/word/charts/") for part in package.iter_parts()) + 1
    workbook = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, _workbook(chart), package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    part._blob = _chart_xml(chart, part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE)).encode()
    relation = paragraph.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph.add_run()._r.append(_frame(chart, relation, number))


def _workbook(chart):
    target = io.BytesIO()
    rows = [
        [category, *(s.values[n] if n < len(s.values) else None for s in chart.series)]
        for n, category in enumerate(chart.categories)
    ]
    write_xlsx(target, [Sheet(_SHEET, ["", *(s.name for s in chart.series)], rows)])
    return target.getvalue()


def _frame(chart, relation, number):
    bars = len(chart.categories) * max(len(chart.series), 1)
    height = Mm(min(25 + 4.6 * bars + 2 * len(chart.categories), 225))
    return parse_xml(
        f'<w:drawing xmlns:w="{_W}"><wp:inline xmlns:wp="{_WP}" xmlns:a="{_A}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{Mm(165)}" cy="{height}"/>'
        f'<wp:docPr id="{1000 + number}" name="Biểu đồ {number}" descr={_attribute(chart.title)}/>'
        f'<a:graphic><a:graphicData uri="{_C}"><c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _attribute(text):
    return '"' + escape(text, {'"': "&quot;", "\n": " "}) + '"'


def _chart_xml(chart, workbook):
    title = f"{chart.title} ({chart.unit})" if chart.unit else chart.title
    series = "".join(_series(chart, n) for n in range(len(chart.series)))
    legend = '<c:legend><c:legendPos val="t"/><c:overlay val="0"/></c:legend>' if len(chart.series) > 1 else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}" xmlns:r="{_R}"><c:roundedCorners val="0"/><c:chart>'
        f"<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr/></a:pPr>"
        f'<a:r><a:rPr lang="vi-VN" sz="1200" b="1"/><a:t>{escape(title)}</a:t></a:r></a:p></c:rich></c:tx>'
        f'<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart>'
        f'<c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}<c:gapWidth val="60"/>'
        f'<c:axId val="1"/><c:axId val="2"/></c:barChart>{_AXES}</c:plotArea>{legend}<c:plotVisOnly val="1"/></c:chart>'
        f'<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1000"><a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
        f'<a:latin typeface="Times New Roman"/><a:cs typeface="Times New Roman"/></a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
        f'<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


# The first category stands at the top, as on the page.
_AXES = (
    '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
    '<c:axPos val="l"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
    '<c:crossAx val="2"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
    '<c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="#,##0.##" sourceLinked="0"/><c:crossAx val="1"/></c:valAx>'
)


def _series(chart, n):
    series, (fill, line) = chart.series[n], FILLS[n]
    column, last = chr(ord("B") + n), len(chart.categories) + 1
    return (
        f'<c:ser><c:idx val="{n}"/><c:order val="{n}"/><c:tx><c:strRef><c:f>{_SHEET}!${column}$1</c:f>'
        f"{_cache('str', [series.name])}</c:strRef></c:tx>"
        f'<c:spPr><a:solidFill><a:srgbClr val="{fill[1:]}"/></a:solidFill><a:ln w="9525"><a:solidFill>'
        f'<a:srgbClr val="{line[1:]}"/></a:solidFill></a:ln></c:spPr><c:invertIfNegative val="0"/>'
        f'<c:dLbls><c:numFmt formatCode="#,##0.##" sourceLinked="0"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        f'<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strRef><c:f>{_SHEET}!$A$2:$A${last}</c:f>{_cache('str', chart.categories)}</c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{_SHEET}!${column}$2:${column}${last}</c:f>{_cache('num', series.values)}</c:numRef>"
        f"</c:val></c:ser>"
    )


def _cache(kind, values):
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{escape(str(value))}</c:v></c:pt>' for n, value in enumerate(values) if value is not None
    )
    return f'<c:{kind}Cache><c:ptCount val="{len(values)}"/>{points}</c:{kind}Cache>'
