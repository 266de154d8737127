"""Forms as the confederation and the province send them, made for tests; and how one is sent and read."""

import io
from datetime import date

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from docx.enum.text import WD_TAB_LEADER
from docx.shared import Cm, Pt

from welfare.documents.outer.periods import Period
from welfare.documents.outer.receiving import receive_form
from welfare.jobs import queue
from welfare.models import OuterForm

HALF = Period(date(2026, 1, 1), date(2026, 6, 30))


def sent(user, unit, data, file_name="bieu.xlsx", name="Biểu 03") -> OuterForm:
    """Sent, and read where it can be."""
    form, _ = receive_form(user, unit, name=name, source="TLĐ", upload=SimpleUploadedFile(file_name, data))
    queue.run(form.job_id)
    return OuterForm.objects.get(pk=form.pk)


def workbook(write, **options) -> bytes:
    """``write(book, sheet)`` of an xlsxwriter workbook with one sheet "Biểu 03"."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **options}) as book:
        write(book, book.add_worksheet("Biểu 03"))
    return content.getvalue()


def table(*rows, title="Biểu 03", above=()) -> bytes:
    """Rows of words, None for an empty cell with a frame."""

    def write(book, sheet):
        frame = book.add_format({"border": 1})
        for n, text in enumerate(above):
            sheet.write_row(n, 0, text)
        for n, row in enumerate(rows, len(above)):
            for column, text in enumerate(row):
                sheet.write(n, column, text, frame)

    return workbook(write)


def word(write) -> bytes:
    document, content = Word(), io.BytesIO()
    write(document)
    document.save(content)
    return content.getvalue()


def report_in_word() -> bytes:
    """Two columns of letterhead, dotted places, a line led by a tab, and a table in a type of its own."""

    def write(document):
        head = document.add_table(rows=1, cols=2)
        head.cell(0, 0).text = "LĐLĐ TỈNH …………"
        head.cell(0, 1).text = "…………, ngày … tháng … năm 20..…"
        paragraph = document.add_paragraph("BÁO CÁO QUÝ ")
        paragraph.add_run("……").bold = True
        paragraph.add_run(" NĂM ......")
        leader = document.add_paragraph("Đơn vị báo cáo:\t")
        leader.paragraph_format.tab_stops.add_tab_stop(Cm(15), leader=WD_TAB_LEADER.DOTS)
        rows = document.add_table(rows=3, cols=3, style="Table Grid")
        for at, text in {
            (0, 0): "Nội dung",
            (0, 1): "Số lượng",
            (1, 0): "Suất quà",
            (2, 0): "Tiền hỗ trợ: …… đồng",
        }.items():
            run = rows.cell(*at).paragraphs[0].add_run(text)
            run.font.size, run.font.name = Pt(13), "Times New Roman"
        rows.cell(1, 2).merge(rows.cell(2, 2))

    return word(write)
