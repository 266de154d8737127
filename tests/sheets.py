"""Workbooks for the upload's tests, made in memory."""

import io
import zipfile

import openpyxl
from openpyxl.styles import Font


def workbook(rows, *, merges=(), title="Danh sách", more=None, hidden=(), font=None, epoch=None) -> io.BytesIO:
    """A workbook whose first sheet has the rows (None leaves a cell out); more: other sheets by name."""
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    sheet = book.active
    sheet.title = title
    _fill(sheet, rows, font)
    for area in merges:
        sheet.merge_cells(area)
    for name, other in (more or {}).items():
        _fill(book.create_sheet(name), other, font)
    for name in hidden:
        book[name].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _fill(sheet, rows, font) -> None:
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is not None:
                cell = sheet.cell(number, column, value)
                if font:
                    cell.font = Font(name=font)


def repacked(file, changes: dict[str, bytes | None], *, added: dict[str, bytes] | None = None) -> io.BytesIO:
    """The workbook's zip with parts replaced, dropped (None) or added."""
    source = zipfile.ZipFile(file)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = changes.get(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
        for name, content in (added or {}).items():
            target.writestr(name, content)
    result.seek(0)
    return result


def part(file, name: str) -> bytes:
    file.seek(0)
    return zipfile.ZipFile(file).read(name)


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Danh sách">{}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
ODS_BLANK_TAIL = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
)


def opendocument(rows: str) -> io.BytesIO:
    """An .ods of ready table:table-row elements."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(rows))
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
    file.seek(0)
    return file


def opendocument_row(*values) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, values))}</table:table-row>"


def _ods_cell(value) -> str:
    if isinstance(value, int):
        kind = f'office:value-type="float" office:value="{value}"'
    elif hasattr(value, "isoformat"):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif value == "#N/A":
        kind = 'table:formula="of:=NA()" office:value-type="string" office:string-value=""'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"
