"""Lists other than people and houses: summaries by unit, results of a campaign, loans, signed lists that come back."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from beneficiaries.intake.verdicts import read_rate
from beneficiaries.models import Campaign, CampaignResult, DuplicateCase, Grant, Hardship, Loan, LoanProject, Person
from programs.models import Stale
from tests.factories import an_id, make_fund, make_person, make_unit
from tests.sheets import workbook
from tests.test_upload import sender, shown, take, tet, undo, upload

__all__ = ["sender", "tet"]


def told(batch) -> list[str]:
    return [message["text"] for row in batch.rows.order_by("position") for message in row.messages]


SUMMARY = ["STT", "Đơn vị", "Số suất", "Số tiền"]


def summary(*rows) -> bytes:
    return workbook([["TỔNG HỢP SUẤT QUÀ"], SUMMARY, *([n, *row] for n, row in enumerate(rows, 1))]).getvalue()


def test_a_summary_becomes_grants_without_names_once(sender, tet, district_a, district_b):
    """Units below the sender's are written for it, where it does not write theirs; those outside stay out."""
    make_unit("A1", "CĐCS Công ty Một", kind="grassroots", parent=district_a)
    rows = [["LĐLĐ huyện An", 20, 10_000_000], ["CĐCS Chưa Có", 5, 2_500_000]]
    others = [["LĐLĐ huyện Bình", 1, 500_000], ["Công đoàn cơ sở Cty Một", 1, 500_000]]
    batch = upload(sender, summary(*rows, *others), kind="summary", round=tet.pk)
    assert [row.status for row in batch.rows.order_by("position")] == ["ready", "warning", "error", "warning"]
    assert told(batch)[1:] == [
        "Dòng này ghi đơn vị “LĐLĐ huyện Bình”, không thuộc LĐLĐ huyện An; hãy gửi dòng này từ đơn vị đó.",
        "CĐCS Công ty Một tự lập đề nghị của mình; khoản này được ghi cho LĐLĐ huyện An, "
        "hãy chắc rằng đơn vị ấy không gửi nữa.",
    ]
    batch = take(sender, batch)
    rows.append(others[1])
    written = set(Grant.objects.values_list("unit", "people_count", "cash", "reason", "person"))
    assert written == {(district_a.pk, n, cash, name, None) for name, n, cash in rows}
    again = upload(sender, summary(*rows[::-1], ["CĐCS Mới", 1, 500_000]), kind="summary", round=tet.pk)
    assert (again.counts["same"], again.counts["new"]) == (3, 1)
    take(sender, again)
    assert Grant.objects.count() == 4
    assert undo(sender, batch).state == "undone"
    assert Grant.objects.get().reason == "CĐCS Mới"


def test_of_several_occasions_the_rounds_own_is_taken(sender, tet):
    rows = [
        ["TỔNG HỢP CHĂM LO"],
        ["TT", "Đơn vị", "Tết", None, "Đột xuất", None, "Tổng cộng"],
        [None, None, "Số suất", "Số tiền", "Số suất", "Số tiền", None],
        [1, "CĐCS Một", 10, 5_000_000, 1, 1_000_000, 6_000_000],
    ]
    content = workbook(rows, merges=("C2:D2", "E2:F2")).getvalue()
    batch = take(sender, upload(sender, content, kind="summary", round=tet.pk))
    assert list(Grant.objects.values_list("people_count", "cash")) == [(10, 5_000_000)], batch.conflicts


def test_the_rounds_own_occasion_is_taken_where_others_are_empty_and_figures_small(sender, tet):
    rows = [
        ["TT", "Đơn vị", "Tết", None, "Đột xuất", None, "Tổng", None],
        [None, None, "Số suất", "Số tiền (triệu đồng)", "Số suất", "Số tiền", "Số suất", "Số tiền"],
        [1, "CĐCS Một", 10, 5, None, None, 10, 5],
        [2, "CĐCS Hai", 5, 2.5, None, None, 5, 2.5],
    ]
    content = workbook(rows, merges=("C1:D1", "E1:F1", "G1:H1")).getvalue()
    batch = upload(sender, content, kind="summary", round=tet.pk)
    figures = [(row.values["people_count"], row.values["amount"]) for row in batch.rows.order_by("position")]
    assert figures == [(10, 5_000_000), (5, 2_500_000)]


def test_a_summary_in_millions_that_does_not_say_so_is_doubted(sender, tet):
    batch = upload(sender, summary(["CĐCS Một", 10, 5]), kind="summary", round=tet.pk)
    assert "Bình quân chỉ 0 đồng một suất; hãy kiểm tra đơn vị tính của cột số tiền." in told(batch)


def test_a_unit_of_a_name_beyond_its_column_is_an_error_and_the_list_is_read(sender, tet):
    batch = upload(sender, summary(["CĐCS " + "dài " * 100, 2, 1_000_000]), kind="summary", round=tet.pk)
    assert "Tên đơn vị dài 404 ký tự (tối đa 200); hãy kiểm tra lại ô này." in told(batch)
    assert max(len(row.full_name) for row in batch.rows.all()) <= 200


def test_a_summary_needs_a_round_and_keeps_its_ceiling(sender, tet):
    content = summary(["CĐCS Một", 2, 9_000_000], ["CĐCS Hai", 0, 100_000])
    batch = upload(sender, content, kind="summary", round=tet.pk)
    assert batch.counts["error"] == 2
    assert "Bình quân vượt mức tối đa" in told(batch)[0]
    file = SimpleUploadedFile("tong-hop.xlsx", content)
    form = sender.get("/danh-sach/tai-len/").context["form"]
    answer = sender.post(
        "/danh-sach/tai-len/", {"file": file, "year": 2026, "unit": form.only_unit.pk, "kind": "summary"}
    )
    assert (answer.status_code, "round" in answer.context["form"].errors) == (400, True)


@pytest.fixture
def drive(province, district_a, district_b, finance):
    fund = make_fund(province, by=finance)
    return Campaign.objects.create(
        unit=province,
        fund=fund,
        name="Vì người nghèo",
        year=2026,
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 12, 1),
    )


def test_results_of_a_campaign_are_the_units_own(sender, drive, district_a):
    rows = [
        ["Đơn vị", "Số đoàn viên", "Số người ủng hộ", "Số tiền"],
        [district_a.name, 200, 150, 15_000_000],
        ["LĐLĐ huyện Bình", 9, 9, 9_000_000],
    ]
    batch = upload(sender, workbook(rows).getvalue(), kind="campaign", campaign=drive.pk)
    assert [row.status for row in batch.rows.order_by("position")] == ["ready", "error"]
    assert len(told(batch)) == 1
    page = shown(sender, batch)
    assert "thành viên hộ" not in page
    assert "<th>Đơn vị</th>" in page
    batch = take(sender, batch)
    own = CampaignResult.objects.get(unit=district_a)
    assert (own.members, own.contributors, own.amount) == (200, 150, 15_000_000)
    assert CampaignResult.objects.get(unit__code="B").contributors is None
    assert undo(sender, batch).state == "undone"
    own.refresh_from_db()
    assert (own.contributors, own.amount) == (None, 0)


def test_loans_are_proposed_for_known_and_new_people(sender, province, district_a):
    project = LoanProject.objects.create(
        unit=district_a,
        source="national",
        name="Dự án 120",
        amount=10**9,
        assigned_on=date(2026, 1, 1),
        due_on=date(2030, 1, 1),
    )
    known = make_person(district_a, full_name="Trần Văn Một", birth_year=1980)
    headings = [
        "STT",
        "Họ tên người vay",
        "Năm sinh",
        "Mục đích vay",
        "Số tiền vay (triệu đồng)",
        "Thời hạn (tháng)",
        "Lãi suất",
    ]
    rows = [
        [1, "Trần Văn Một", 1980, "Nuôi bò", 30, "24 tháng", "6,5%"],
        [2, "Lê Thị Hai", 1985, "Buôn bán", 20, 12, None],
        [3, "Lê Ba", 1985, None, 20, 12, None],
    ]
    batch = upload(sender, workbook([headings, *rows]).getvalue(), kind="loans", project=project.pk)
    assert [row.status for row in batch.rows.order_by("position")] == ["ready", "ready", "error"]
    batch = take(sender, batch)
    loans = list(Loan.objects.order_by("pk").values_list("person__full_name", "amount", "term_months", "rate", "state"))
    assert loans == [("Trần Văn Một", 30_000_000, 24, 6.5, "proposed"), ("Lê Thị Hai", 20_000_000, 12, 0, "proposed")]
    assert Loan.objects.get(person=known).source == "national"
    assert undo(sender, batch).state == "undone"
    assert (Loan.objects.count(), Person.objects.count()) == (0, 1)


def test_a_signed_list_marks_who_received(sender, tet, district_a, officer, finance, leader, unit_officer_a):
    numbers = [an_id(1980), an_id(1981), an_id(1982)]
    people = [
        make_person(district_a, full_name=f"Nguyễn Văn {name}", national_id=number)
        for name, number in zip(("Một", "Hai", "Ba"), numbers, strict=True)
    ]
    paid = [
        Grant.objects.create(
            round=tet,
            unit=district_a,
            person=person,
            cash=500_000,
            proposed_by=unit_officer_a,
            state="paid",
            paid_on=date(2026, 1, 10),
        )
        for person in people[:2]
    ]
    rows = [["STT", "Họ và tên", "Số CCCD", "Ký nhận"]]
    rows += [
        [n, person.full_name, number, sign]
        for n, (person, number, sign) in enumerate(zip(people, numbers, ("x", None, "x"), strict=True), 1)
    ]
    batch = upload(sender, workbook(rows).getvalue(), kind="receipts", round=tet.pk)
    assert [row.status for row in batch.rows.order_by("position")] == ["ready", "error", "error"]
    assert "Chưa có bản quét danh sách đã ký" in shown(sender, batch)
    scan = SimpleUploadedFile("ky-nhan.pdf", b"%PDF-1.4 signed")
    sender.post(f"/danh-sach/{batch.pk}/cong-van/", {"number": "1", "on": "15/01/2026", "scan": scan})
    batch = take(sender, batch)
    assert (batch.state, batch.counts["written"]) == ("committed", {"received": 1}), batch.job.message
    assert [fresh_receipt(grant) for grant in paid] == [True, False]
    assert undo_refused(sender, batch)


def fresh_receipt(grant) -> bool:
    return Grant.objects.get(pk=grant.pk).receipt_id is not None


def undo_refused(client, batch) -> bool:
    page = client.post(f"/danh-sach/{batch.pk}/hoan-tac/", follow=True).content.decode()
    return "là chứng từ nên không hoàn tác" in page


def test_the_provinces_list_goes_into_the_books_of_the_units_its_groups_name(
    tet, officer, client_of, province, district_a, district_b
):
    browser = client_of(officer)
    known = make_person(district_b, "Lê Thị Hồng", birth_year=1985, national_id=an_id(female=True))
    here = make_person(district_b, "Đỗ Văn Tám", birth_year=1960)
    namesake = make_person(district_a, "Võ Văn Út", birth_year=1970)
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Số CCCD", "Hoàn cảnh", "Số tiền"],
        ["I", "LĐLĐ huyện An", None, None, None, None],
        [1, "Trần Văn Một", 1980, None, "Bệnh hiểm nghèo", 500_000],
        [2, "Lê Thị Hồng", 1985, known.national_id, None, 500_000],
        ["II", "LĐLĐ huyện Bình", None, None, None, None],
        [3, "Đỗ Văn Tám", 1960, None, None, 400_000],
        [4, "Võ Văn Út", 1970, None, None, 500_000],
        ["III", "Cơ quan LĐLĐ tỉnh", None, None, None, None],
        [5, "Hồ Thị Năm", 1990, None, None, 500_000],
    ]
    batch = upload(browser, workbook(rows).getvalue(), unit=province.pk, kind="people", round=tet.pk)
    assert "được ghi vào sổ của chính đơn vị ấy" in " ".join(message["text"] for message in batch.messages)
    batch = take(browser, batch)

    written = Grant.objects.order_by("person__unit__code", "person__full_name")
    assert list(written.values_list("unit__code", "person__unit__code", "person__full_name")) == [
        (code, code, name)
        for code, name in (
            ("A", "Lê Thị Hồng"), ("A", "Trần Văn Một"), ("B", "Võ Văn Út"), ("B", "Đỗ Văn Tám"),
            (province.code, "Hồ Thị Năm"),
        )
    ]  # fmt: skip
    assert Grant.objects.get(cash=400_000).person == here
    assert Grant.objects.filter(person=namesake).count() == 0
    assert DuplicateCase.objects.filter(first=known, second__unit=district_a).exists()
    assert Hardship.objects.get().unit == district_a
    assert {mark.unit_id for mark in Stale.objects.filter(source="grants")} >= {
        district_a.pk,
        district_b.pk,
        province.pk,
    }
    assert undo(browser, batch).state == "undone"
    assert set(Person.objects.all()) == {known, here, namesake}


def test_a_unit_officers_groups_stay_in_their_own_books(sender, district_a):
    make_unit("A1", "CĐCS Công ty Một", kind="grassroots", parent=district_a)
    rows = [["STT", "Họ và tên", "Năm sinh"], ["I", "CĐCS Công ty Một", None], [1, "Trần Văn Một", 1980]]
    take(sender, upload(sender, workbook(rows).getvalue(), kind="people"))
    person = Person.objects.get()
    assert (person.unit, person.workplace) == (district_a, "CĐCS Công ty Một")


@pytest.mark.parametrize(
    ("text", "percent"),
    [("6,6%", "6.6"), ("6.55 % năm", "6.55"), (None, "0"), ("120", None), ("119.9", None), ("6,625%", None)],
)
def test_a_rate_is_read_whole_or_not_at_all(text, percent):
    assert read_rate(text) == (percent and Decimal(percent))
