"""A long list is printed in parts by as many jobs, then merged into one paper with its pages numbered."""

import io
import subprocess

import pdfplumber
import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from welfare.documents.blocks import Column, GroupRow, Paragraph, Table
from welfare.documents.layout import Appendix, OfficialDocument, Signature
from welfare.documents.models import PrintPart, StoredFile
from welfare.documents.parts import parts_of
from welfare.documents.printing import request_document
from welfare.jobs import queue
from welfare.jobs.models import Job

PEOPLE = 70


def list_of(rows, **fields) -> OfficialDocument:
    columns = [Column("Họ và tên", 3), Column("Số tiền", 1)]
    people = [(f"Người số {n}", n * 1_000) for n in range(1, rows + 1)]
    table = Table(
        columns,
        people,
        total=("Tổng cộng", sum(row[1] for row in people)),
        caption="Những người được hỗ trợ",
        numbered=True,
    )
    return OfficialDocument(
        superior="TỔNG LIÊN ĐOÀN", issuer="LIÊN ĐOÀN LAO ĐỘNG TỈNH", kind="DANH SÁCH", summary="Người được hỗ trợ",
        bases=["Căn cứ quy chế"], blocks=[Paragraph("Kính báo cáo"), table, Paragraph("Hết danh sách")],
        signatures=[Signature(("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"), "Nguyễn Văn Mẫu")], **fields,
    )  # fmt: skip


def long_list(user, subject_id) -> OfficialDocument:
    if subject_id == "other":
        raise PermissionDenied
    if subject_id == "with-appendix":
        return list_of(PEOPLE, appendices=[Appendix("Biểu chi tiết", list_of(PEOPLE).blocks, landscape=True)])
    return list_of(PEOPLE)


@pytest.fixture
def cut_at_40(settings):
    settings.PDF_PART_ROWS = 40
    settings.DOCUMENTS = {**settings.DOCUMENTS, "long": "tests.test_long_documents.long_list"}


def words_by_page(content) -> list[str]:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return [page.extract_text() or "" for page in pdf.pages]


def run_all(whole):
    """As workers would: each job that was sent, once."""
    queue.run(whole.pk)
    for part in whole.parts.order_by("created_at"):
        queue.run(part.pk)
    queue.run(whole.pk)
    whole.refresh_from_db()


def content_of(stored) -> bytes:
    with stored.file.open() as file:
        return file.read()


@pytest.mark.django_db
def test_a_long_list_is_printed_in_parts_and_merged(officer, cut_at_40):
    whole = request_document(officer, "long", "1", "pdf")
    queue.run(whole.pk)
    whole.refresh_from_db()
    assert (whole.state, whole.parts.count(), whole.message) == ("waiting", 2, "Văn bản dài, đang in 2 phần.")
    run_all(whole)

    assert (whole.state, whole.message, whole.attempt) == ("done", "Đã in xong.", 2)
    pages = words_by_page(content_of(whole.result))
    text = "\n".join(pages)
    assert [text.count(f"Người số {n} ") for n in range(1, PEOPLE + 1)] == [1] * PEOPLE
    assert [
        text.count(words)
        for words in ("Độc lập - Tự do", "Căn cứ quy chế", "Những người được", "Tổng cộng", "Nguyễn Văn Mẫu")
    ] == [1] * 5
    assert all("Họ và tên" in page for page in pages if "Người số" in page)
    assert "Hết danh sách" in pages[-1]
    assert [page.splitlines()[0] for page in pages[1:]] == [str(n) for n in range(2, len(pages) + 1)]
    assert not pages[0].startswith("1")
    assert blank_pages(content_of(whole.result)) == []
    assert archival_level(content_of(whole.result)) == ("3", "B")
    assert fonts_of(content_of(whole.result)) == {("Tinos", "yes")}
    assert (PrintPart.objects.count(), StoredFile.objects.count()) == (0, 1)


@pytest.mark.django_db
def test_rows_go_on_counting_from_part_to_part():
    parts = parts_of(list_of(PEOPLE), rows=30)
    tables = [block for part in parts for block in part.document.blocks if isinstance(block, Table)]
    numbers = [row.cells[0].text for table in tables for row in table.printed_rows() if row.kind == "row"]
    assert numbers == [str(n) for n in range(1, PEOPLE + 1)]
    assert len({tuple(table.widths) for table in tables}) == 1


@given(rows=st.lists(st.booleans(), max_size=40), size=st.integers(1, 12))
def test_no_row_is_lost_or_doubled_and_no_heading_left_alone(rows, size):
    people = [GroupRow(f"Nhóm {n}") if is_group else (f"Người {n}", n) for n, is_group in enumerate(rows)]
    document = OfficialDocument(blocks=[Table([Column("Họ và tên"), Column("Số")], people)], closing=False)
    tables = [part.document.blocks[0] for part in parts_of(document, rows=size)]

    assert [row for table in tables for row in table.rows] == people
    for table in tables[:-1]:
        alone = isinstance(table.rows[-1], GroupRow) and not all(isinstance(row, GroupRow) for row in table.rows)
        assert not alone


def test_blocks_given_as_a_generator_are_read_for_every_format():
    document = OfficialDocument(blocks=(Paragraph(text) for text in ["Một", "Hai"]))
    assert [len(part.document.blocks) for part in parts_of(document, rows=30)] == [2]
    assert [block.text for block in document.body] == ["Một", "Hai./."]


def test_a_short_document_is_one_part():
    document = list_of(5)
    assert [part.document for part in parts_of(document, rows=30)] == [document]


@pytest.mark.django_db
def test_an_appendix_counts_its_own_pages_and_lies_wide(officer, cut_at_40):
    whole = request_document(officer, "long", "with-appendix", "pdf")
    run_all(whole)
    with pdfplumber.open(io.BytesIO(content_of(whole.result))) as pdf:
        pages = [(page.width > page.height, (page.extract_text() or "").splitlines()) for page in pdf.pages]
    upright, wide = [lines for is_wide, lines in pages if not is_wide], [lines for is_wide, lines in pages if is_wide]
    assert wide[0][0] == "Phụ lục"
    for lines_of_pages in (upright, wide):
        assert [lines[0] for lines in lines_of_pages[1:]] == [str(n) for n in range(2, len(lines_of_pages) + 1)]


@pytest.mark.django_db
def test_a_part_that_cannot_be_set_fails_the_whole_and_ends_the_others(officer, cut_at_40):
    whole = request_document(officer, "long", "1", "pdf")
    queue.run(whole.pk)
    part = whole.parts.order_by("created_at").first()
    part.claim()
    part.fail("Không tạo được tệp PDF.")
    whole.refresh_from_db()
    assert (whole.state, whole.message) == ("failed", "Không tạo được tệp PDF.")
    assert sorted(whole.parts.values_list("state", flat=True)) == ["cancelled", "failed"]

    assert whole.retry()
    run_all(whole)
    assert (whole.state, StoredFile.objects.count()) == ("done", 1)


@pytest.mark.django_db
def test_a_part_given_up_by_the_sweeper_fails_the_whole(officer, cut_at_40, settings):
    whole = request_document(officer, "long", "1", "pdf")
    queue.run(whole.pk)
    Job.objects.filter(pk=whole.parts.first().pk).update(
        state="running", attempt=settings.JOB_MAX_ATTEMPTS, lease_until="2020-01-01T00:00Z"
    )
    queue.sweep()
    whole.refresh_from_db()
    assert (whole.state, whole.message) == ("failed", queue.GAVE_UP)


@pytest.mark.django_db
def test_cancelling_ends_the_parts_and_prints_nothing(officer, cut_at_40):
    whole = request_document(officer, "long", "1", "pdf")
    queue.run(whole.pk)
    assert whole.cancel()
    run_all(whole)
    assert (whole.state, set(whole.parts.values_list("state", flat=True))) == ("cancelled", {"cancelled"})
    assert StoredFile.objects.count() == 0


@pytest.mark.django_db
def test_a_part_run_twice_has_one_effect(officer, cut_at_40):
    whole = request_document(officer, "long", "1", "pdf")
    queue.run(whole.pk)
    part = whole.parts.order_by("created_at").first()
    queue.run(part.pk)
    Job.objects.filter(pk=part.pk).update(state="queued")
    queue.run(part.pk)
    whole.refresh_from_db()
    assert (whole.state, whole.done, whole.total) == ("waiting", 1, 2)


@pytest.mark.django_db
def test_the_last_part_alone_sends_the_whole_to_be_merged(officer, cut_at_40, django_capture_on_commit_callbacks):
    whole = request_document(officer, "long", "1", "pdf")
    queue.run(whole.pk)
    sent = []
    for part in whole.parts.order_by("created_at"):
        with django_capture_on_commit_callbacks() as callbacks:
            queue.run(part.pk)
        sent.append(len(callbacks))
    whole.refresh_from_db()
    assert (sent, whole.state, whole.attempt) == ([0, 1], "queued", 1)


@pytest.mark.django_db
def test_parts_stand_on_no_list_of_jobs(officer, cut_at_40, client_of):
    whole = request_document(officer, "long", "1", "pdf")
    queue.run(whole.pk)
    page = client_of(officer).get("/viec/").content.decode()
    assert page.count("wf-job-head") == 1
    assert "Đang chạy từng phần" in page


def blank_pages(content) -> list[int]:
    """Pages whose last word can be copied out, but not be seen."""
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return [page.page_number for page in pdf.pages if not _is_seen(page, page.extract_words()[-1])]


def _is_seen(page, word) -> bool:
    picture = page.to_image(resolution=72).original.convert("L")
    darkest, _ = picture.crop([round(word[edge]) for edge in ("x0", "top", "x1", "bottom")]).getextrema()
    return darkest < 200


def archival_level(content) -> tuple[str, str]:
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as about:
        assert "/StructTreeRoot" not in pdf.Root
        return about["pdfaid:part"], about["pdfaid:conformance"]


def fonts_of(content) -> set[tuple[str, str]]:
    """(family, whether it is inside the file)."""
    run = subprocess.run(["pdffonts", "-"], input=content, stdout=subprocess.PIPE, check=True)
    rows = [line.split() for line in run.stdout.decode().splitlines()[2:]]
    return {(row[0].partition("+")[2].partition("-")[0], row[-5]) for row in rows}
