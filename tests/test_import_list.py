"""The upload from the command line: the examples, its options, its refusals."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from beneficiaries.models import Campaign, CampaignResult, Grant, ListBatch, Person, StagedRow
from tests.factories import make_fund, make_round, make_unit
from tests.sheets import workbook
from welfare.models import AuditEvent, Job, User

LISTS = Path(__file__).parent / "lists"
HEADINGS = ["STT", "Họ và tên", "Năm sinh", "Số tiền"]


def run(path, *options) -> str:
    printed = io.StringIO()
    call_command("import_list", str(path), "--unit", "A", *options, stdout=printed)
    return printed.getvalue()


def saved(folder, rows, name="danh-sach.xlsx") -> Path:
    path = folder / name
    path.write_bytes(workbook(rows).getvalue())
    return path


@pytest.mark.engine
@pytest.mark.parametrize("path", sorted(LISTS.glob("*.json")), ids=lambda path: path.name)
def test_every_example_gives_exactly_its_rows(path, district_a):
    wanted, found = json.loads(path.read_text()), json.loads(run(path.with_suffix(""), "--json"))
    assert [row["row"] for row in found["rows"]] == [row["row"] for row in wanted["rows"]]
    for row, expected in zip(found["rows"], wanted["rows"], strict=True):
        allowed = expected.pop("status")
        assert row["status"] in ([allowed] if isinstance(allowed, str) else allowed)
        names = expected.keys() - {"row", "why"}
        assert {name: row["values"].get(name) for name in names} == {name: expected[name] for name in names}
    for name in wanted.keys() & {"kind", "stated_total", "computed_total"}:
        assert found[name] == wanted[name]


def test_the_printed_object_has_the_agreed_shape(district_a):
    found = json.loads(run(LISTS / "faults.xlsx", "--json"))
    assert list(found) == ["sheets", "kind", "rows", "counts", "stated_total", "computed_total", "messages"]
    assert found["counts"] == {"rows": 17, "ready": 2, "warning": 5, "error": 9, "duplicate": 1}
    assert list(found["rows"][1]) == ["sheet", "row", "status", "messages", "values"]
    assert [list(message) for message in found["rows"][1]["messages"]] == [["column", "field", "text"]]


def test_without_commit_nothing_reaches_the_ledger(district_a):
    run(LISTS / "plain.xlsx")
    assert (Person.objects.count(), StagedRow.objects.count()) == (0, 40)


def test_without_a_round_no_support_is_proposed(district_a):
    run(LISTS / "plain.xlsx", "--commit")
    assert (Person.objects.count(), Grant.objects.count()) == (40, 0)


def test_the_default_sender_is_an_account_that_can_do_nothing_else(province, district_a):
    make_round(province)
    run(LISTS / "plain.xlsx", "--commit", "--round", "TET2026")
    account = User.objects.get(username="hethong")
    assert (account.is_system, account.has_usable_password(), account.appointments.count()) == (True, False, 0)
    assert set(Grant.objects.values_list("proposed_by", flat=True)) == {account.pk}


def test_a_named_user_sends_within_their_rights(unit_officer_a, unit_officer_b):
    run(LISTS / "plain.xlsx", "--user", "donvia")
    assert ListBatch.objects.get().owner == unit_officer_a
    with pytest.raises(CommandError, match="không có quyền tải danh sách cho đơn vị này"):
        run(LISTS / "plain.xlsx", "--user", "donvib")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--round", "KHONG"], "Không có đợt hỗ trợ mang mã “KHONG”."),
        (["--user", "khong"], "Không có người dùng mang mã “khong”."),
        (["--event", "X"], "Không có sự kiện mang mã “X”."),
    ],
)
def test_an_unknown_name_is_one_sentence(options, sentence, district_a):
    with pytest.raises(CommandError) as refused:
        run(LISTS / "plain.xlsx", *options)
    assert (str(refused.value), ListBatch.objects.count()) == (sentence, 0)


def test_a_file_that_is_no_list_is_refused_in_one_sentence(district_a, tmp_path):
    path = tmp_path / "thu.xlsx"
    path.write_bytes(b"%PDF-1.7 khong phai bang tinh")
    with pytest.raises(CommandError, match="không phải bảng tính"):
        run(path)
    batch = ListBatch.objects.get()
    assert (batch.state, batch.rows.count(), Job.objects.get().state) == ("refused", 0, "failed")
    assert AuditEvent.objects.filter(action="refuse", subject_id=str(batch.pk)).count() == 1


def test_two_columns_for_one_field_are_refused_naming_both(district_a, tmp_path):
    path = saved(
        tmp_path, [[*HEADINGS[:2], "Số CCCD", "Số CCCD"], [1, "Nguyễn Văn An", "083085500001", "083085500002"]]
    )
    with pytest.raises(CommandError, match="cột C “Số CCCD” và cột D “Số CCCD”"):
        run(path)
    assert ListBatch.objects.get().state == "refused"


def test_the_summary_names_sheet_row_and_column(district_a):
    assert (
        "Sheet, dòng 3: cột C: Ngày sinh “31/02/1985” không có trong lịch; hãy ghi ngày/tháng/năm, ví dụ 05/03/1985."
        in run(LISTS / "faults.xlsx").splitlines()
    )


def test_a_group_names_the_unit_of_its_rows(district_a, district_b, tmp_path):
    """By full or short name and in usual abbreviations; one that is elsewhere keeps its rows out."""
    make_unit("A1", "CĐCS Công ty TNHH Giày", kind="grassroots", parent=district_a)
    groups = ["I. Công đoàn cơ sở Cty TNHH Giày", "II. LĐLĐ H. An:", "Huyện An", "III. LĐLĐ huyện Bình", "IV. CĐCS Chưa Có", "V. HỘ NGHÈO"]  # fmt: skip
    rows = [HEADINGS]
    for number, group in enumerate(groups, 1):
        rows += [[group], [number, f"Nguyễn Văn {'ABCDEF'[number - 1]}n", 1980 + number, 500_000]]
    found = json.loads(run(saved(tmp_path, rows), "--json"))
    named = [(row["values"]["group_unit"], row["status"]) for row in found["rows"]]
    own = ("LĐLĐ huyện An", "ready")
    assert named == [("CĐCS Công ty TNHH Giày", "ready"), own, own, (None, "error"), (None, "ready"), (None, "ready")]
    assert [message["text"] for message in found["rows"][3]["messages"]] == [
        "Dòng này ghi đơn vị “LĐLĐ huyện Bình”, không thuộc LĐLĐ huyện An; hãy gửi dòng này từ đơn vị đó."
    ]
    assert [message["text"] for message in found["messages"]] == [
        "Nhóm “CĐCS Chưa Có” không khớp tên đơn vị nào trong hệ thống; các dòng của nhóm được ghi cho LĐLĐ huyện An, "
        "hãy kiểm tra tên đơn vị."
    ]


def test_every_kind_can_be_named_with_what_it_needs(province, district_a, finance, tmp_path):
    fund = make_fund(province, by=finance)
    drive = Campaign.objects.create(unit=province, fund=fund, name="Vì người nghèo", year=2026, ends_on="2099-12-31")
    path = saved(
        tmp_path, [["Đơn vị", "Số đoàn viên", "Số người ủng hộ", "Số tiền"], [district_a.name, 20, 15, 1_500_000]]
    )
    for kind, needed in (("summary", "round"), ("campaign", "campaign"), ("loans", "project"), ("receipts", "round")):
        with pytest.raises(CommandError, match=f"cần --{needed}"):
            run(path, "--kind", kind)
    run(path, "--kind", "campaign", "--campaign", str(drive.pk), "--commit")
    assert CampaignResult.objects.get(unit=district_a).contributors == 15
