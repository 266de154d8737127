"""A unit's file of delegates: read, sorted into the lines of the quota, taken all or nobody."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from events.delegates.uploads import DelegateList
from events.models import Delegate, QuotaShare
from tests.factories import make_event, make_line
from tests.sheets import workbook
from welfare.jobs import queue
from welfare.states import Refused

HEADINGS = ["STT", "Họ và tên", "Năm sinh", "Thành phần", "Người đi cùng"]
ROWS = [
    [1, "Nguyễn Văn An", 1980, "Chủ hộ", "Nguyễn Thị Bình"],
    [2, "Trần Thị Cúc", 1985, "Thành viên hộ", None],
    [3, "Lê Văn Dũng", 1990, "Thành viên hộ", None],
]


@pytest.fixture
def event(province, district_a, officer):
    event = make_event(province, 4)
    make_line(event, 1, name="Chủ hộ", fits="head", shares={district_a: 1}, order=0)
    make_line(event, 3, name="Thuộc hộ", fits="member", shares={district_a: 3}, order=1)
    event.announce(officer)
    return event


def send(browser, event, rows=ROWS):
    file = workbook([["DANH SÁCH ĐẠI BIỂU THAM DỰ"], HEADINGS, *rows])
    file.name = "dai-bieu.xlsx"
    answer = browser.post(reverse("events:list_upload", args=[event.pk]), {"file": file, "share": ""})
    sent = DelegateList.objects.order_by("-pk").first()
    if sent:
        queue.run(sent.batch.job_id)
    return answer, sent


def test_a_list_is_sorted_into_lines_and_taken_once(event, unit_officer_a, client_of):
    browser = client_of(unit_officer_a)
    _, sent = send(browser, event)
    page = reverse("events:delegate_list", args=[sent.pk])
    shown = browser.get(page).content.decode()
    for _ in range(2):
        browser.post(page)

    assert "Đề cử 3 đại biểu" in " ".join(shown.split())
    rows = Delegate.objects.order_by("pk").values_list("full_name", "line__name", "birth_year", "companion", "state")
    assert list(rows) == [
        ("Nguyễn Văn An", "Chủ hộ", 1980, "Nguyễn Thị Bình", "nominated"),
        ("Trần Thị Cúc", "Thuộc hộ", 1985, "", "nominated"),
        ("Lê Văn Dũng", "Thuộc hộ", 1990, "", "nominated"),
    ]


def test_a_list_beyond_the_quota_is_taken_by_nobody(event, unit_officer_a, client_of):
    browser = client_of(unit_officer_a)
    _, sent = send(browser, event, [*ROWS, [4, "Phạm Văn Em", 1970, "Chủ hộ", None]])
    page = reverse("events:delegate_list", args=[sent.pk])

    assert "“Chủ hộ”: tệp có 2 người, chỉ còn 1 chỗ." in browser.get(page).content.decode()
    browser.post(page)
    sent.refresh_from_db()
    assert (Delegate.objects.count(), sent.taken_on) == (0, None)


def test_a_row_of_no_line_is_told(event, unit_officer_a, client_of):
    _, sent = send(client_of(unit_officer_a), event, [[1, "Nguyễn Văn An", 1980, "Đại diện gia đình", None]])

    with pytest.raises(Refused, match=r"Dòng 3 \(Nguyễn Văn An\): chưa rõ thuộc thành phần nào"):
        sent.take(unit_officer_a)


def test_a_unit_without_a_part_sends_no_list(event, unit_officer_b, client_of):
    answer, sent = send(client_of(unit_officer_b), event)

    assert sent is None
    assert "không phân bổ đại biểu cho đơn vị của bạn" in answer.content.decode()


def test_another_units_list_is_not_found(event, unit_officer_a, unit_officer_b, client_of):
    _, sent = send(client_of(unit_officer_a), event)

    assert client_of(unit_officer_b).get(reverse("events:delegate_list", args=[sent.pk])).status_code == 404


def test_the_command_line_takes_a_list_into_an_event(event, unit_officer_a, tmp_path):
    path = tmp_path / "dai-bieu.xlsx"
    path.write_bytes(workbook([["DANH SÁCH ĐẠI BIỂU"], HEADINGS, *ROWS]).getvalue())
    call_command("import_list", str(path), "--unit", "A", "--event", "SK", "--user", "donvia", "--commit")

    assert Delegate.objects.count() == 3
    with pytest.raises(CommandError, match="chỉ còn 0 chỗ|đã có trong danh sách|không còn chỗ"):
        call_command("import_list", str(path), "--unit", "A", "--event", "SK", "--user", "donvia", "--commit")
    assert QuotaShare.objects.count() == 2
