"""The table of bad inputs and faults of the upload, row by row: which test proves a row, and the tests of the rest."""

import io
import json
import subprocess
import sys
import threading
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.intake import cells, limits
from beneficiaries.models import Person, StagedRow
from tests.factories import make_person
from tests.sheets import ODS_BLANK_TAIL, opendocument, opendocument_row, part, repacked, workbook
from tests.stack import wait_until
from tests.test_intake_bad_files import BROKEN_ZIP, DIED, ROWS, SHEET, TOO_LARGE, outcome, read, refusal
from tests.test_upload import people, person_row, shown, upload, work
from welfare.children import ChildDied, ask_child
from welfare.jobs import queue
from welfare.models import Job, StoredFile, Unit

LISTS = Path(__file__).parent / "lists"
TODAY = date(2026, 11, 22)

# Row of the table: what it is about, and the tests that prove it; "here" are those below.
PROVEN = {
    1: ("bomb", "here::test_row_01_a_bomb_is_refused_and_costs_little_memory"),
    2: ("false sizes", "test_intake_bad_files::test_size_declared_falsely_is_counted_while_inflating"),
    3: ("last cell", "test_intake_bad_files::test_value_in_the_last_cell_is_refused_with_its_place",
        "test_intake_bad_files::test_reader_that_aborts_leaves_this_process_alive",
        "test_upload::test_a_value_in_the_last_cell_is_refused_and_the_worker_lives"),
    4: ("large file", "test_intake_bad_files::test_file_over_ten_megabytes_is_refused_before_it_is_read",
        "test_upload::test_a_file_over_ten_megabytes_never_reaches_the_disk"),
    5: ("entries, nesting", "test_intake_bad_files::test_workbook_of_thousands_of_parts_is_refused",
        "test_intake_bad_files::test_nested_archive_is_refused", "here::test_row_05_a_part_there_twice_is_refused"),
    6: ("DOCTYPE", "test_intake_bad_files::test_doctype_is_refused_in_every_part",
        "test_intake_bad_files::test_doctype_hidden_by_a_wide_encoding_is_refused"),
    7: ("password", "test_intake_bad_files::test_password_is_told", "test_intake_bad_files::test_encrypted_zip_is_told",
        "test_intake_bad_files::test_encrypted_opendocument_is_told"),
    8: (".xls, .ods", "test_intake_formats::test_old_excel_files", "test_intake_formats::test_opendocument",
        "here::test_row_08_every_format_has_the_same_limits"),
    9: ("content mismatch", "test_intake_bad_files::test_content_that_is_no_workbook_is_refused",
        "test_intake_bad_files::test_web_page_named_csv_is_refused"),
    10: ("macros", "test_intake_bad_files::test_macros_are_refused_by_name_and_by_content",
         "test_intake_bad_files::test_macro_sheets_are_refused",
         "test_intake_bad_files::test_macros_in_an_old_workbook_are_refused"),
    11: ("empty, truncated", "test_intake_bad_files::test_empty_file_is_refused",
         "test_intake_bad_files::test_truncated_workbook_is_refused",
         "here::test_row_11_a_truncated_file_of_any_format_is_said_to_be_broken"),
    12: ("no data", "test_intake_bad_files::test_header_alone_has_no_data",
         "test_upload::test_a_file_that_can_not_be_read_is_one_sentence_and_one_event"),
    13: ("sheets", "test_intake_bad_files::test_hidden_sheets_are_left_out_and_said_so",
         "test_intake_rows::test_all_visible_sheets_are_read_and_others_named",
         "here::test_row_13_the_sheet_that_was_open_is_not_the_only_one"),
    14: ("blank rows", "test_intake_bad_files::test_a_million_styled_blank_rows_are_read"),
    15: ("merged headers", "test_intake_lists::test_header_of_three_rows_with_numbering_groups_and_signatures"),
    16: ("two columns", "test_import_list::test_two_columns_for_one_field_are_refused_naming_both",
         "test_upload::test_two_columns_of_one_field_are_asked_about_before_anything_is_taken"),
    17: ("order of columns", "test_intake_lists::test_header_broken_over_two_lines_of_one_cell_and_in_other_order"),
    18: ("row numbers", "test_intake_bad_files::test_row_numbers_are_excels_when_rows_are_blank",
         "here::test_row_18_row_numbers_of_every_format_are_the_sheets"),
    19: ("formulas", "test_intake_bad_files::test_formula_without_result_and_error_cell_are_errors_of_their_rows",
         "here::test_row_19_formula_without_result_in_an_opendocument_is_an_error"),
    20: ("error cells", "test_intake_bad_files::test_formula_without_result_and_error_cell_are_errors_of_their_rows",
         "test_intake_formats::test_old_excel_files_tell_error_cells_and_fonts",
         "here::test_row_20_error_cells_are_seen_however_the_parts_are_named"),
    21: ("formula text", "test_intake_cells::test_what_cannot_be_a_name_is_an_error",
         "test_upload::test_other_formats_come_back_as_a_workbook_without_formulas",
         "test_tables::test_no_text_becomes_a_formula_or_a_link",
         "test_tables::test_csv_quotes_what_a_spreadsheet_would_run"),
    22: ("lost zeros", "test_intake_cells::test_lost_zeros_are_restored_and_told"),
    23: ("rounded numbers", "test_intake_cells::test_number_that_cannot_be_is_an_error"),
    24: ("decoration", "test_intake_cells::test_full_number_is_read_through_its_decoration"),
    25: ("9, 11, 13 digits", "test_intake_cells::test_number_that_cannot_be_is_an_error",
         "test_intake_cells::test_doubtful_number_is_kept_with_a_warning"),
    26: ("NFD", "test_intake_formats::test_decomposed_letters_are_stored_composed",
         "here::test_row_26_a_name_in_loose_marks_is_the_same_person"),
    27: ("TCVN3, VNI", "test_intake_formats::test_legacy_fonts_are_decoded_with_or_without_their_font_name",
         "test_intake_formats::test_letter_lost_in_tcvn3_is_doubted"),
    28: ("invisible marks", "test_intake_cells::test_invisible_marks_are_taken_out_and_told"),
    29: ("markup", "test_intake_cells::test_what_cannot_be_a_name_is_an_error", "here::test_row_29_markup_is_shown_as_text"),
    30: ("control characters", "test_intake_cells::test_what_cannot_be_a_name_is_an_error",
         "here::test_rows_30_and_31_text_that_can_not_stay_is_an_error"),
    31: ("long cell", "test_intake_cells::test_what_cannot_be_a_name_is_an_error",
         "here::test_rows_30_and_31_text_that_can_not_stay_is_an_error"),
    32: ("dates", "test_intake_cells::test_birth_date_is_read_day_first_in_every_form",
         "test_intake_cells::test_impossible_birth_is_an_error",
         "test_intake_bad_files::test_dates_of_the_1904_calendar_are_right",
         "test_intake_rows::test_dates_exchanged_by_a_month_first_setting_are_doubted"),
    33: ("future births", "test_intake_cells::test_impossible_birth_is_an_error"),
    34: ("amounts", "test_intake_cells::test_amount_that_is_none_is_an_error",
         "test_intake_cells::test_amount_is_read_in_every_form"),
    35: ("doubles", "test_intake_rows::test_doubles_in_the_file",
         "test_upload::test_a_person_known_elsewhere_makes_no_difference_to_the_sender",
         "test_upload::test_a_person_known_elsewhere_becomes_a_case_for_the_province"),
    36: ("same file", "test_upload::test_the_same_file_again_changes_nothing",
         "test_upload::test_the_same_rows_in_another_order_change_nothing"),
    37: ("two at once", "test_upload::test_two_officers_taking_the_same_rows_at_once_write_them_once"),
    38: ("pressed twice", "test_upload::test_pressing_twice_takes_once"),
    39: ("another's list", "test_upload::test_another_units_list_is_not_found"),
    40: ("closed meanwhile", "test_upload::test_a_round_closed_meanwhile_or_a_right_lost_stops_the_commit"),
    41: ("cancelled", "test_jobs::test_a_cancelled_job_stops_at_its_next_report_without_effect",
         "here::test_row_41_a_cancelled_commit_writes_nothing"),
    42: ("file names", "here::test_row_42_a_file_name_is_only_shown"),
    43: ("too many uploads", "test_upload::test_uploads_of_an_hour_are_limited_per_user"),
    44: ("killed child", "here::test_row_44_a_killed_reading_child_is_asked_again", "test_upload_kills::test_thirty_uploads_survive_thirty_kills"),
    45: ("killed worker", "test_jobs::test_at_the_usual_settings_a_lost_job_is_back_within_a_minute",
         "test_upload_kills::test_thirty_uploads_survive_thirty_kills"),
    46: ("second run", "test_jobs::test_running_a_job_twice_has_one_effect",
         "test_jobs::test_a_run_that_lost_its_lease_can_neither_report_nor_complete",
         "test_upload::test_reading_or_taking_again_after_a_lost_lease_has_one_effect"),
    47: ("three attempts", "test_jobs::test_a_job_that_keeps_breaking_is_tried_three_times_and_then_says_so",
         "test_jobs::test_a_job_whose_worker_died_three_times_is_given_up",
         "here::test_row_47_a_child_always_killed_is_given_up_after_three_attempts"),
    48: ("broker down", "test_jobs::test_a_broker_that_is_down_or_forgets_everything_delays_but_loses_nothing"),
    49: ("broker forgets", "test_jobs::test_a_broker_that_is_down_or_forgets_everything_delays_but_loses_nothing"),
    50: ("database cut", "here::test_row_50_a_cut_connection_rolls_back_and_the_job_is_repeated"),
}  # fmt: skip


def test_every_row_has_its_test():
    sources = {path.stem: path.read_text() for path in Path(__file__).parent.glob("test_*.py")}
    named = [(row, *test.split("::")) for row, (_, *tests) in PROVEN.items() for test in tests]
    missing = [
        (row, test)
        for row, place, test in named
        if f"def {test}(" not in sources[place.replace("here", Path(__file__).stem)]
    ]
    assert (missing, sorted(PROVEN)) == ([], list(range(1, 51)))


# --- files ------------------------------------------------------------------------------------------


def test_row_01_a_bomb_is_refused_and_costs_little_memory(tmp_path):
    """Half a megabyte that unpacks to 512; measured on the child itself, which runs nothing else."""
    bomb = repacked(workbook(ROWS), {SHEET: b"<worksheet><sheetData>" + b" " * (512 << 20)}).getvalue()
    answers = [_answer_and_peak(tmp_path / "file.xlsx", content) for content in (workbook(ROWS).getvalue(), bomb)]
    (_, usual), (answer, peak) = answers
    assert (len(bomb) < 1 << 20, answer, peak - usual < 100) == (True, {"refused": TOO_LARGE}, True)


def _answer_and_peak(path, content: bytes) -> tuple[dict, int]:
    """What the child says of the file, and the most megabytes it held, as it reads them itself at its end."""
    path.write_bytes(content)
    program = (
        "import pathlib, re, sys; from beneficiaries.intake.child import main; main(sys.argv[1], 'xlsx'); "
        "sys.stderr.write(re.search('VmHWM:\\s*([0-9]+)', pathlib.Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout), int(done.stderr) // 1024


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_row_05_a_part_there_twice_is_refused():
    """Of two parts of one name the scan and the reader might each take another."""
    file = workbook(ROWS)
    assert refusal(repacked(file, {}, added={SHEET: part(file, SHEET)})) == BROKEN_ZIP
    assert refusal(repacked(file, {}, added={SHEET.replace("/", "\\").upper(): b"<x/>"})) == BROKEN_ZIP


def _wide(cells: int) -> io.BytesIO:
    row = "".join(f"<c><v>{n}</v></c>" for n in range(cells)).encode()
    return repacked(
        workbook(ROWS),
        {SHEET: part(workbook(ROWS), SHEET).replace(b"</sheetData>", b"<row>" + row + b"</row></sheetData>")},
    )


@pytest.mark.parametrize(
    ("make", "filename", "sentence"),
    [
        (lambda: _wide(150), "a.xlsx", "Trang “Danh sách” có 150 cột (tối đa 100); hãy bỏ bớt cột thừa."),
        (lambda: opendocument(opendocument_row(*range(150))), "a.ods",
         "Trang “Danh sách” có 150 cột (tối đa 100); hãy bỏ bớt cột thừa."),
        (lambda: io.BytesIO(b"\n".join([b"x," * 149 + b"x"] * 3)), "a.csv",
         "Trang “CSV” có 150 cột (tối đa 100); hãy bỏ bớt cột thừa."),
        (lambda: io.BytesIO(b"STT,Ten\n" + b"," * 10**6 + b"\n" + b"1,a\n" * 100), "a.csv",
         "Vùng quá lớn: tệp có 102 dòng và một dòng tới 1000001 cột; hãy bỏ dấu phân cách thừa rồi tải lại."),
        (lambda: io.BytesIO(b"\n" * 2_000_000 + b"a"), "a.csv",
         "Tệp có hơn 20000 dòng; hãy chia danh sách thành nhiều tệp."),
        (lambda: opendocument(ODS_BLANK_TAIL + opendocument_row(*range(20))), "a.ods",
         "Vùng quá lớn: trang “Danh sách” có giá trị ở tận cột T, dòng 1048001; hãy xóa ô lạc đó rồi tải lại."),
    ],
    ids=["xlsx-columns", "ods-columns", "csv-columns", "csv-area", "csv-lines", "ods-area"],
)  # fmt: skip
def test_row_08_every_format_has_the_same_limits(make, filename, sentence):
    assert refusal(make(), filename) == sentence


def test_row_08_many_sheets_share_the_limits_of_a_book(monkeypatch):
    monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", 60)
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"a" * 3_000
    cells_of_a_sheet = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(10, 9_000))
    file = workbook(ROWS, more={"Hai": ROWS})
    changes = {
        name: part(file, name).replace(b"</sheetData>", cells_of_a_sheet + b"</sheetData>")
        for name in (SHEET, "xl/worksheets/sheet2.xml")
    }
    packed = repacked(file, changes, added={"xl/sharedStrings.xml": strings + b"</t></si></sst>"})
    assert refusal(packed) == "Trang “Hai” có quá nhiều chữ; hãy chỉ giữ lại bảng danh sách."


@pytest.mark.parametrize("name", ["old-format.xls", "old-errors.xls", "plain.xlsx"])
def test_row_11_a_truncated_file_of_any_format_is_said_to_be_broken(name):
    content = (LISTS / name).read_bytes()
    broken = "Tệp bị hỏng hoặc không phải bảng tính; hãy mở bằng Excel, lưu lại thành .xlsx rồi tải lên."
    assert {refusal(content[: len(content) * share // 10], name) for share in (2, 5, 8)} <= {broken, BROKEN_ZIP}


def test_row_13_the_sheet_that_was_open_is_not_the_only_one():
    file = workbook(ROWS, more={"Hai": [ROWS[0], [1, "Lê Thị Bình", 1981]]})
    active = part(file, "xl/workbook.xml").replace(b'activeTab="0"', b'activeTab="1"')
    understood = read(repacked(file, {"xl/workbook.xml": active}))
    assert understood.rows.column("full_name") == ["Nguyễn Văn An", "Lê Thị Bình"]


def test_row_18_row_numbers_of_every_format_are_the_sheets():
    blank = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    ods = blank + opendocument_row("STT", "Họ và tên", "Năm sinh") + blank + opendocument_row(1, "Nguyễn Văn An", 1980)
    csv = "\n\n\nSTT,Họ và tên,Năm sinh\n,,\n\n\n1,Nguyễn Văn An,1980\n".encode()
    numbers = [read(opendocument(ods), "a.ods").rows.number, read(io.BytesIO(csv), "a.csv").rows.number]
    assert numbers == [[8], [8]]


def test_row_19_formula_without_result_in_an_opendocument_is_an_error():
    formula = '<table:table-cell table:formula="of:=[.A1]+1"/>'
    row = opendocument_row(1, "Nguyễn Văn An").replace("</table:table-row>", f"{formula}</table:table-row>")
    rows = read(opendocument(opendocument_row("STT", "Họ và tên", "Số tiền") + row), "a.ods").rows
    assert [message.text for message in rows.messages[0] if message.level == "error"] == [
        "Ô là công thức chưa có kết quả; hãy mở bằng Excel, lưu lại hoặc gõ giá trị."
    ]


@pytest.mark.parametrize("rename", [lambda name: name.replace("/", "\\"), str.upper], ids=["backslashes", "capitals"])
def test_row_20_error_cells_are_seen_however_the_parts_are_named(rename):
    file = workbook([ROWS[0], [1, "Nguyễn Văn An", "#N/A"]])
    names = [name for name in _names(file) if not name.startswith("[")]
    renamed = repacked(file, dict.fromkeys(names), added={rename(name): part(file, name) for name in names})
    assert read(renamed).rows.status == ["error"]


def _names(file) -> list[str]:
    return zipfile.ZipFile(file).namelist()


# --- cells ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_row_26_a_name_in_loose_marks_is_the_same_person(client_of, unit_officer_a, district_a):
    make_person(district_a, "Nguyễn Văn Ấn", birth_date=date(1985, 3, 5))
    batch = upload(client_of(unit_officer_a), people(person_row("Nguye\u0302\u0303n Va\u0306n A\u0302\u0301n")))
    assert batch.rows.get().effect == "changed"


@pytest.mark.django_db
def test_row_29_markup_is_shown_as_text(client_of, unit_officer_a):
    client = client_of(unit_officer_a)
    page = shown(client, upload(client, people(person_row(**{"Đơn vị công tác": "<script>alert(1)</script>"}))))
    assert ("<script>alert(1)" in page, "&lt;script&gt;alert(1)" in page) == (False, True)


@pytest.mark.parametrize("cell", ["a\x00b", "a\x07b", "_x0000_", "x" * 32_767])
def test_rows_30_and_31_text_that_can_not_stay_is_an_error(cell):
    value, (level, _) = cells.read_text(cell)
    assert (value, level) == (None, "error")


# --- once, whole or not at all ------------------------------------------------------------------------


@pytest.mark.django_db
def test_row_41_a_cancelled_commit_writes_nothing(client_of, unit_officer_a):
    client = client_of(unit_officer_a)
    batch = upload(client, people(person_row()))
    client.post(f"/danh-sach/{batch.pk}/nhan/")
    batch.refresh_from_db()
    assert batch.job.cancel()
    assert (work(batch).job.state, Person.objects.count(), StagedRow.objects.count()) == (Job.State.CANCELLED, 0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("../../etc/danh-sach.xlsx", "danh-sach.xlsx"),
        ("..\\..\\danh sách.xlsx", "danh sách.xlsx"),
        (f"{'dài ' * 75}.xlsx", ".xlsx"),
    ],
    ids=["up", "up-windows", "long"],
)
def test_row_42_a_file_name_is_only_shown(name, ending, client_of, unit_officer_a):
    client = client_of(unit_officer_a)
    batch = upload(client, people(person_row()), name)
    stored = StoredFile.objects.get(pk=batch.file_id)
    assert (batch.state, stored.name.endswith(ending), "/" in stored.name, ".." in stored.name) == (
        "ready",
        True,
        False,
        False,
    )
    assert (len(stored.name) <= 165, Path(stored.file.name).name) == (True, str(stored.pk))
    response = client.get(f"/tep/{stored.pk}/")
    b"".join(response.streaming_content)
    assert (response.status_code, response["Content-Disposition"].startswith("attachment;")) == (200, True)


# --- killed and cut -----------------------------------------------------------------------------------


@pytest.fixture
def dying_child(tmp_path, monkeypatch):
    """``dying_child(times)``: a child module that kills itself so often before it answers, and the file it counts in."""

    def make(times: int) -> Path:
        counted = tmp_path / "times"
        module = tmp_path / "dying.py"
        module.write_text(
            "import os, pathlib, signal\n"
            "def main(path):\n"
            "    file = pathlib.Path(path)\n"
            "    file.write_text((file.read_text() if file.exists() else '') + 'x')\n"
            f"    if len(file.read_text()) <= {times}:\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "    print('{\"answer\": 1}')\n"
        )
        monkeypatch.setattr("welfare.children._ROOT", tmp_path)
        return counted

    return make


def test_row_44_a_killed_reading_child_is_asked_again(dying_child):
    counted = dying_child(2)
    assert ask_child("dying", str(counted), seconds=20) == {"answer": 1}
    assert counted.read_text() == "xxx"


def test_row_47_a_child_always_killed_is_given_up_after_three_attempts(dying_child):
    counted = dying_child(9)
    with pytest.raises(ChildDied):
        ask_child("dying", str(counted), seconds=20)
    assert counted.read_text() == "xxx"


def test_row_47_a_child_over_its_own_limit_is_not_asked_again(monkeypatch):
    """It would only burn the same minute again: the file is refused with the reason, and the next one is read."""
    monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", 20)
    file = repacked(
        workbook(ROWS),
        {
            SHEET: part(workbook(ROWS), SHEET).replace(
                b"</sheetData>", b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row></sheetData>'
            )
        },
    )
    assert refusal(file) == DIED
    assert len(read(workbook(ROWS)).rows) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.logs_errors
def test_row_50_a_cut_connection_rolls_back_and_the_job_is_repeated(client_of, unit_officer_a, district_a):
    """The database ends the worker's connection in the middle of a commit, as a restart of the server does."""
    client = client_of(unit_officer_a)
    batch = upload(client, people(person_row(), person_row("Lê Thị Bình")))
    client.post(f"/danh-sach/{batch.pk}/nhan/")
    batch.refresh_from_db()
    worker = threading.Thread(target=_run_and_close, args=[batch.job_id])
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=district_a.pk)
        worker.start()
        wait_until(_end_whoever_waits_for_us, "the commit waits for us", 30)
        worker.join()
    job = Job.objects.get(pk=batch.job_id)
    assert (job.is_unfinished, Person.objects.count()) == (True, 0)
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(lease_until="2020-01-01T00:00Z")
    queue.sweep()
    batch = work(batch)
    assert (batch.state, Person.objects.count(), Person.history.count()) == ("committed", 2, 2)


def _run_and_close(job_id):
    try:
        queue.run(job_id)
    finally:
        connection.close()


def _end_whoever_waits_for_us() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


# --- whatever the bytes ---------------------------------------------------------------------------------

SAMPLES = {
    "a.xlsx": (LISTS / "faults.xlsx").read_bytes(),
    "a.xls": (LISTS / "old-errors.xls").read_bytes(),
    "a.ods": opendocument(
        opendocument_row("STT", "Họ và tên", "Năm sinh") + opendocument_row(1, "Nguyễn Văn An", 1980)
    ).getvalue(),
    "a.csv": "STT;Họ và tên;Năm sinh\n1;Nguyễn Văn An;1980\n".encode("utf-16"),
}
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 40),
        st.one_of(
            st.binary(max_size=6),
            st.sampled_from(
                [b"99999999", b"-1", b"<", b'"', b"1e308", b"NaN", b"&#0;", b't="e"', b"A1048576", b"\xff\xfe"]
            ),
        ),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    filename=st.sampled_from(sorted(SAMPLES)),
    inside=st.booleans(),
    place=st.floats(0, 1, exclude_max=True),
    edits=EDITS,
)
def test_no_mutated_list_does_more_than_refuse(filename, inside, place, edits):
    """Bytes changed in a real list: in the file itself, or in one part of its zip, which then unpacks cleanly."""
    sample = SAMPLES[filename]
    if inside and sample.startswith(b"PK"):
        names = _names(io.BytesIO(sample))
        name = names[int(place * len(names))]
        content = repacked(io.BytesIO(sample), {name: _edited(part(io.BytesIO(sample), name), edits)}).getvalue()
    else:
        content = _edited(sample, edits)
    assert outcome(content, filename) == "sentence"


def _edited(content: bytes, edits) -> bytes:
    for place, length, new in edits:
        at = int(place * len(content))
        content = content[:at] + new + content[at + length :]
    return content
