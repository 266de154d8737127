"""Tables of a Word file. Written as XML in one go: python-docx needs quadratic time for long lists."""

from xml.sax.saxutils import escape

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from welfare.documents.blocks import Table

_WHOLE = 5000  # fiftieths of a percent
_MERGED = '<w:vMerge w:val="{}"/>'
_PADDING = "".join(
    f'<w:{side} w:w="{width}" w:type="dxa"/>'
    for side, width in (("top", 40), ("left", 70), ("bottom", 40), ("right", 70))
)
_HEADER = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
_BODY = "<w:trPr><w:cantSplit/></w:trPr>"


def add_table(word, table: Table, width: float):
    """Appends the table over `width` points, with borders, repeated header rows and rows that don't split."""
    twentieths = [round(width * 20 * share / 100) for share in table.widths]
    style = word.styles["Bảng"].style_id
    rows = [*_header_rows(table, twentieths, style), *_body_rows(table, twentieths, style)]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in twentieths)
    word.element.body._insert_tbl(
        parse_xml(
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{word.styles["Table Grid"].style_id}"/>'
            f'<w:tblW w:w="{sum(twentieths)}" w:type="dxa"/><w:tblInd w:w="70" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f"<w:tblCellMar>{_PADDING}</w:tblCellMar>"
            f'<w:tblLook w:val="0420"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
        )
    )


def clear_borders(table):
    """Turns a python-docx table into a mere arrangement of its cells."""
    table.autofit = False
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        element = OxmlElement(f"w:{edge}")
        element.set(qn("w:val"), "nil")
        borders.append(element)
    margins = parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    )
    layout = table._tbl.tblPr.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    layout.addnext(margins)


def fit_to_page(table):
    """Widths as shares of the page's text, whatever page the table comes to stand on."""
    whole = sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.gridCol_lst)
    for cell in table._tbl.iter(qn("w:tcW")):
        cell.set(qn("w:w"), str(round(_WHOLE * int(cell.get(qn("w:w"))) / whole)))
        cell.set(qn("w:type"), "pct")
    width = table._tbl.tblPr.find(qn("w:tblW"))
    width.set(qn("w:w"), str(_WHOLE))
    width.set(qn("w:type"), "pct")


def set_widths(table, points):
    for column, width in zip(table.columns, points, strict=True):
        column.width = Pt(width)
        for cell in column.cells:
            cell.width = Pt(width)


def keep_rows_whole(table):
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _header_rows(table, widths, style):
    rows = table.header_rows
    for level, row in enumerate(rows):
        cells = [(cell, None if cell.rows == 1 else "restart") for cell in row]
        if level:
            cells += [(cell, "continue") for cell in rows[0] if cell.rows > 1]
        cells.sort(key=lambda pair: pair[0].column)
        yield f"<w:tr>{_HEADER}{''.join(_header_cell(cell, merge, widths, style) for cell, merge in cells)}</w:tr>"


def _header_cell(cell, merge, widths, style):
    width = sum(widths[cell.column : cell.column + cell.columns])
    text = "" if merge == "continue" else cell.text
    return _cell(text, width, style, "center", True, cell.columns, _MERGED.format(merge) if merge else "")


def _body_rows(table, widths, style):
    """A group's heading, a short table, the first two rows and the last three stay with what follows them."""
    for n, row in enumerate(table.printed_rows(), 1):
        stays = table.is_short or n < 3 or n > len(table.rows) - 3 or row.kind == "group"
        if row.kind == "group":
            cells = _cell(row.cells[0].text, sum(widths), style, "left", True, len(widths), stays=stays)
        else:
            cells = "".join(
                _cell(cell.text, width, style, cell.align, row.kind == "total", stays=stays)
                for cell, width in zip(row.cells, widths, strict=True)
            )
        yield f"<w:tr>{_BODY}{cells}</w:tr>"


def _cell(text, width, style, align, bold=False, span=1, merge="", *, stays=False):
    lines = escape(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    content = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{"<w:keepNext/>" if stays else ""}<w:jc w:val="{"both" if align == "justify" else align}"/></w:pPr>'
        f"<w:r>{look}{content}</w:r></w:p></w:tc>"
    )
