"""A form of the confederation, mapped once, and how the province's reports close."""

import io
from datetime import date

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from welfare.documents.outer.receiving import receive_form
from welfare.documents.styles.models import DocumentStyle
from welfare.jobs import queue
from welfare.management.demo.province import Province

_ROWS = [
    ("Số suất quà, suất hỗ trợ đã trao", "suất", "gifts"),
    ("Tổng số tiền hỗ trợ", "đồng", "support_money"),
    ("Số người được hỗ trợ", "người", "people_supported"),
    ("Số nhà Mái ấm Công đoàn bàn giao", "nhà", "houses_handed_over"),
    ("Số lượt thăm hỏi", "lượt", "visits"),
    ("Số hoạt động chăm lo đã tổ chức", "hoạt động", "activities"),
]
_FIRST = 7  # the row of the first figure, as Excel numbers it


def bring_forms(province: Province):
    officer, root = province.users["canbo"], province.root
    upload = SimpleUploadedFile("Bieu 03 TLD cham lo doan vien.xlsx", _workbook())
    with transaction.atomic():  # so that no worker takes the job before it is run here
        form, _ = receive_form(
            officer,
            root,
            name="Biểu 03/TLĐ Kết quả chăm lo đoàn viên",
            source="Tổng Liên đoàn Lao động Việt Nam",
            upload=upload,
        )
        queue.run(form.job_id)
    form.refresh_from_db()
    mapping = {"Biểu 03!B3": "unit", "Biểu 03!B4": "period"}
    for n, (_, _, code) in enumerate(_ROWS, _FIRST):
        mapping |= {f"Biểu 03!D{n}": f"value:{code}", f"Biểu 03!E{n}": f"before:{code}"}
    form.map_cells(officer, mapping, edition=0)
    DocumentStyle.objects.create(
        unit=root, kind="progress", valid_from=date(province.year - 2, 1, 1),
        closing_words="Trên đây là báo cáo kết quả thực hiện kế hoạch, kính báo cáo cấp trên theo dõi, chỉ đạo.",
    )  # fmt: skip


def _workbook() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Biểu 03")
        bold = book.add_format({"bold": True, "align": "center", "font_name": "Times New Roman", "text_wrap": True})
        cell = book.add_format({"border": 1, "font_name": "Times New Roman"})
        head = book.add_format(
            {"border": 1, "bold": True, "align": "center", "font_name": "Times New Roman", "bg_color": "#D9E1F2"}
        )
        number = book.add_format({"border": 1, "num_format": "#,##0", "font_name": "Times New Roman"})
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 42)
        sheet.set_column(2, 5, 18)
        sheet.merge_range("A1:F1", "BIỂU 03/TLĐ: KẾT QUẢ CHĂM LO ĐOÀN VIÊN, NGƯỜI LAO ĐỘNG", bold)
        sheet.write_row("A3", ["Đơn vị:"])
        sheet.write_row("A4", ["Kỳ báo cáo:"])
        sheet.write_row("A6", ["TT", "Nội dung", "Đơn vị tính", "Kỳ này", "Cùng kỳ năm trước", "Tăng, giảm"], head)
        for n, (name, unit, _) in enumerate(_ROWS, _FIRST):
            sheet.write_row(n - 1, 0, [n - _FIRST + 1, name, unit], cell)
            sheet.write_blank(n - 1, 3, None, number)
            sheet.write_blank(n - 1, 4, None, number)
            sheet.write_formula(n - 1, 5, f"=D{n}-E{n}", number)
    return content.getvalue()
