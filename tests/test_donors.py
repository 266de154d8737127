"""Donors of a unit: what they promised, gave, got a receipt and thanks for; nobody else's."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from beneficiaries.funds.todo import waiting
from beneficiaries.models import Donor, FundEntry, GiftInKind, Pledge, Receipt
from tests.factories import fresh, make_fund
from tests.test_funds import at_half_past, at_once, ledger
from tests.test_printing import content, printed, text_of_docx, text_of_pdf
from welfare.documents.models import Document
from welfare.models import AuditEvent, Letterhead
from welfare.states import Refused
from welfare.units.models import today

Kind = FundEntry.Kind
PLEDGES, DONORS, GIFTS = (f"/beneficiaries/{name}/" for name in ("pledge", "donor", "giftinkind"))


@pytest.fixture
def fund(province, finance):
    return make_fund(province, balance=10_000_000, by=finance)


@pytest.fixture
def donor(province):
    return Donor.objects.create(unit=province, name="Công ty Ánh Dương", representative="Bà Lê Thị Giám Đốc")


@pytest.fixture
def pledge(donor, fund, finance):
    return make_pledge(donor, finance, fund=fund)


def make_pledge(donor, by, *, amount=3_000_000, due=10, **fields) -> Pledge:
    days = {"pledged_on": today() - timedelta(days=100), "due_on": today() + timedelta(days=due)}
    return Pledge.objects.create(donor=donor, amount=amount, by=by, **days, **fields)


def give(fund, amount, by, **links) -> FundEntry:
    return fund.post(Kind.CONTRIBUTION, amount, by=by, document_number="PT01", **links)


def text(response) -> str:
    return response.content.decode()


def status(pledge) -> str:
    return Pledge.objects.with_received().get(pk=pledge.pk).status[0]


# Promises --------------------------------------------------------------------------------------


def test_a_pledge_is_kept_by_the_money_and_things_that_name_it(pledge, donor, fund, finance):
    assert status(pledge) == "waiting"
    entry = give(fund, 1_000_000, finance, donor=donor, pledge=pledge)
    assert status(pledge) == "partly"
    GiftInKind.objects.create(donor=donor, what="Gạo", value=2_000_000, pledge=pledge, by=finance)
    assert status(pledge) == "kept"
    entry.reverse(finance, note="Ghi nhầm")
    assert (status(pledge), Pledge.objects.with_received().get().remaining) == ("partly", 1_000_000)


@pytest.mark.parametrize(
    ("received", "due", "expected"), [(0, -1, "late"), (5, -1, "late"), (3_000_000, -1, "kept"), (0, 0, "waiting")]
)
def test_a_pledge_is_late_the_day_after_its_day(donor, fund, finance, received, due, expected):
    pledge = make_pledge(donor, finance, due=due)
    if received:
        give(fund, received, finance, donor=donor, pledge=pledge)
    assert status(pledge) == expected
    assert Pledge.objects.overdue().exists() == (expected == "late")


def test_late_pledges_are_on_the_to_do_list_of_who_keeps_the_books(donor, finance, officer, unit_officer_a, district_a):
    make_pledge(donor, finance, due=-1)
    own = Donor.objects.create(unit=district_a, name="Của huyện")
    make_pledge(own, unit_officer_a, due=-5)
    late = lambda user: [item.count for item in waiting(fresh(user)) if "quá hẹn" in item.text]  # noqa: E731
    assert (late(finance), late(unit_officer_a), late(officer)) == ([2], [1], [])


def test_money_is_booked_from_the_pledge_with_what_is_still_due(pledge, donor, fund, finance, client_of):
    give(fund, 1_000_000, finance, donor=donor, pledge=pledge)
    client = client_of(finance)
    ((to, url),) = client.get(f"{PLEDGES}{pledge.pk}/change/").context["receive_urls"]
    form = client.get(url).context["form"]
    shown = {name: str(form[name].value()) for name in ("kind", "amount", "pledge", "donor")}
    assert (to, shown) == (
        fund, {"kind": "contribution", "amount": "2000000", "pledge": str(pledge.pk), "donor": str(donor.pk)},
    )  # fmt: skip
    data = shown | {"on": f"{today():%d/%m/%Y}", "document_number": "PT02", "donor": ""}
    assert client.post(url, data).status_code == 302
    assert (status(pledge), fund.entries.latest("pk").donor) == ("kept", donor)
    assert client.get(f"{PLEDGES}{pledge.pk}/change/").context["receive_urls"] == []


def test_a_pledge_is_kept_by_its_own_donor_in_its_own_fund_alone(pledge, donor, fund, finance, province, client_of):
    other_fund = make_fund(province, code="QMA", name="Quỹ Mái ấm")
    other = Donor.objects.create(unit=province, name="Công ty Khác")
    for where, who in ((fund, other), (fund, None), (other_fund, donor)):
        with pytest.raises(Refused, match="nhà tài trợ khác hoặc cho quỹ khác"):
            give(where, 1_000, finance, donor=who, pledge=pledge)
    data = {
        "kind": "contribution",
        "amount": "5",
        "on": "01/02/2026",
        "document_number": "1",
        "donor": other.pk,
        "pledge": pledge.pk,
    }
    assert "Lời hứa này là của Công ty Ánh Dương" in text(client_of(finance).post(f"/quy/{fund.pk}/ghi/", data))
    assert ledger(fund) == (10_000_000, 10_000_000)


def test_a_pledge_is_withdrawn_with_a_reason_and_then_stands(pledge, finance, inspector, client_of):
    with pytest.raises(Refused, match="không có quyền"):
        pledge.withdraw(inspector, reason="x")
    with pytest.raises(Refused, match="lý do"):
        pledge.withdraw(finance, reason=" ")
    client, page = client_of(finance), f"{PLEDGES}{pledge.pk}"
    assert client.post(f"{page}/lam/withdraw/", {"reason": "Doanh nghiệp giải thể"}).status_code == 302
    assert client.post(f"{page}/lam/withdraw/", {"reason": "Nữa"}).status_code == 200
    shown = text(client.get(f"{page}/change/"))
    assert ("Đã rút: Doanh nghiệp giải thể" in shown, 'name="_save"' in shown) == (True, False)


def pledge_form(donor, **changes):
    days = {"pledged_on": "01/02/2026", "due_on": "01/05/2026"}
    return {"donor": donor.pk, "amount": "2.000.000", "purpose": "Quà Tết", **days} | changes


def test_finance_writes_a_pledge_on_screen(donor, fund, finance, client_of):
    assert client_of(finance).post(f"{PLEDGES}add/", pledge_form(donor, fund=fund.pk)).status_code == 302
    pledge = Pledge.objects.get()
    assert (pledge.amount, pledge.fund, pledge.by) == (2_000_000, fund, finance)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "0"}, "phải lớn hơn 0"),
        ({"amount": "-5"}, "không được âm"),
        ({"amount": "9" * 19}, "chữ số"),
        ({"due_on": "01/01/2026"}, "từ ngày hứa trở đi"),
        ({"due_on": ""}, "Không được để trống"),
    ],
)
def test_a_wrong_pledge_is_not_saved(donor, finance, client_of, changes, words):
    answer = client_of(finance).post(f"{PLEDGES}add/", pledge_form(donor, **changes))
    assert (answer.status_code, words in text(answer), Pledge.objects.count()) == (200, True, 0)


def test_a_pledge_for_another_units_fund_or_campaigns_is_refused(donor, district_a, unit_officer_a, finance, client_of):
    fund = make_fund(district_a, code="QA", name="Quỹ huyện An")
    answer = client_of(finance).post(f"{PLEDGES}add/", pledge_form(donor, fund=fund.pk))
    assert ("là của LĐLĐ huyện An" in text(answer), Pledge.objects.count()) == (True, 0)


# Other units -----------------------------------------------------------------------------------


def test_a_unit_sees_and_writes_its_own_donors_alone(donor, pledge, district_a, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    assert [
        client.get(page).status_code for page in (f"{DONORS}{donor.pk}/change/", f"{PLEDGES}{pledge.pk}/change/")
    ] == [404, 404]
    assert client.post(f"{DONORS}add/", {"name": "Tiệm Vàng", "kind": "organization"}).status_code == 302
    own = Donor.objects.get(name="Tiệm Vàng")
    assert own.unit == district_a
    assert client.post(f"{PLEDGES}add/", pledge_form(donor)).status_code == 200
    assert client.post(f"{PLEDGES}add/", pledge_form(own)).status_code == 302
    assert [pledge.donor for pledge in Pledge.objects.for_user(unit_officer_a)] == [own]
    assert client.post(f"/in/thanks/{donor.pk}/pdf/").status_code == 404


def test_above_one_does_not_write_a_units_pledges(district_a, unit_officer_a, province, client_of):
    from tests.factories import make_unit

    company = make_unit("A1", "CĐCS Công ty An", kind="grassroots", parent=district_a)
    below = Donor.objects.create(unit=company, name="Của cơ sở")
    answer = client_of(unit_officer_a).post(f"{PLEDGES}add/", pledge_form(below))
    assert ("chỉ đơn vị đó ghi được" in text(answer), Pledge.objects.count()) == (True, 0)


# Gifts in kind ---------------------------------------------------------------------------------


def gift_form(donor, **changes):
    return {"donor": donor.pk, "what": "200 phần quà", "value": "60.000.000", "given_on": "01/03/2026"} | changes


def test_a_gift_in_kind_has_a_value_and_moves_no_fund(donor, fund, finance, client_of):
    assert client_of(finance).post(f"{GIFTS}add/", gift_form(donor)).status_code == 302
    assert (Donor.objects.with_given().get().in_kind, ledger(fund)) == (60_000_000, (10_000_000, 10_000_000))


@pytest.mark.parametrize("changes", [{"value": "0"}, {"value": "9" * 15}, {"given_on": "01/03/2100"}, {"what": ""}])
def test_a_wrong_gift_is_not_saved(donor, finance, client_of, changes):
    assert client_of(finance).post(f"{GIFTS}add/", gift_form(donor, **changes)).status_code == 200
    assert not GiftInKind.objects.exists()


def test_a_gift_keeps_its_own_donors_pledge_alone(pledge, province, finance, client_of):
    other = Donor.objects.create(unit=province, name="Công ty Khác")
    answer = client_of(finance).post(f"{GIFTS}add/", gift_form(other, pledge=pledge.pk))
    assert ("Lời hứa này là của Công ty Ánh Dương" in text(answer), GiftInKind.objects.count()) == (True, 0)


def test_the_database_holds_amounts_within_bounds(donor, finance, pledge):
    for rows, wrong in ((Pledge.objects.all(), {"amount": 0}), (Pledge.objects.all(), {"amount": 10**14})):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


# Receipts --------------------------------------------------------------------------------------


def test_receipts_take_the_units_next_number_once(donor, fund, finance, province):
    entries = [give(fund, 1_530_000, finance, donor=donor, on=date(2026, 3, 2)) for _ in range(2)]
    numbers = [entry.issue_receipt(finance, payer="Bà Lê").document.number_and_symbol for entry in entries]
    assert numbers == ["01/PT", "02/PT"]
    with pytest.raises(Refused, match="đã có Phiếu thu số 01/PT"):
        entries[0].issue_receipt(finance, payer="Bà Lê")
    papers = Document.objects.filter(kind__code="PT")
    assert {(paper.unit, paper.year) for paper in papers} == {(province, 2026)}
    assert not any("Ánh Dương" in paper.title or "530" in paper.title for paper in papers)


def test_only_money_that_came_in_and_stands_gets_a_receipt(donor, fund, finance, officer):
    spent = fund.post(Kind.SPEND, -5, by=finance)
    reversed_one = give(fund, 5, finance, donor=donor)
    reversed_one.reverse(finance, note="Nhầm")
    for entry in (spent, reversed_one):
        with pytest.raises(Refused, match="chưa ghi đảo"):
            entry.issue_receipt(finance, payer="Bà Lê")
    good = give(fund, 7, finance, donor=donor)
    with pytest.raises(Refused, match="không có quyền"):
        good.issue_receipt(officer, payer="Bà Lê")
    with pytest.raises(Refused, match="họ tên"):
        good.issue_receipt(finance, payer=" ")
    assert (Receipt.objects.count(), Document.objects.count()) == (0, 0)


def test_a_receipt_is_written_and_printed_on_screen(donor, fund, finance, province, client_of):
    Letterhead.objects.create(unit=province, issuer="LIÊN ĐOÀN LAO ĐỘNG TỈNH BẾN TRE", place="Bến Tre")
    entry = give(fund, 1_530_000, finance, donor=donor, on=date(2026, 3, 2), note="Ủng hộ Tết")
    client, page = client_of(finance), f"/beneficiaries/fundentry/{entry.pk}"
    asked = client.get(f"{page}/lam/issue_receipt/").context["form"]
    assert str(asked["payer"].value()) == "Bà Lê Thị Giám Đốc"
    assert client.post(f"{page}/lam/issue_receipt/", {"payer": "Bà Lê Thị Nộp", "address": "Xã An"}).status_code == 302
    shown = text(client.get(f"{page}/change/"))
    assert ("Phiếu thu số 01/PT" in shown, "Lập phiếu thu" in shown) == (True, False)
    receipt = Receipt.objects.get()
    words = text_of_docx(content(printed(finance, receipt, "docx", kind="receipt")))
    for part in ("PHIẾU THU", "Số: 01/PT", "Bà Lê Thị Nộp", "Nộp thay cho: Công ty Ánh Dương", "1.530.000 đồng",
                 "Một triệu năm trăm ba mươi nghìn đồng", "ngày 02 tháng 3 năm 2026"):  # fmt: skip
        assert part in words
    entry.reverse(finance, note="Nhầm")
    assert "phiếu không còn giá trị" in text_of_pdf(content(printed(finance, receipt, kind="receipt")))


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_receipts_written_at_once_have_numbers_of_their_own(donor, fund, finance):
    entries = [give(fund, 1_000, finance, donor=donor) for _ in range(3)]
    acts = [
        lambda entry=entry: FundEntry.objects.get(pk=entry.pk).issue_receipt(fresh(finance), payer="Bà Lê")
        for entry in [*entries, entries[0]]
    ]
    results = at_once(*acts)
    assert sorted(type(result).__name__ for result in results) == ["Receipt"] * 3 + ["Refused"], results
    assert sorted(Document.objects.values_list("number", flat=True)) == ["01", "02", "03"]


# Thanks ----------------------------------------------------------------------------------------


def test_a_donor_is_thanked_for_what_stands_of_a_year(donor, fund, finance):
    give(fund, 2_000_000, finance, donor=donor, on=at_half_past())
    give(fund, 9_000_000, finance, donor=donor, on=at_half_past()).reverse(finance, note="Nhầm")
    GiftInKind.objects.create(donor=donor, what="30 xe đạp", value=45_000_000, given_on=at_half_past(), by=finance)
    letter = text_of_pdf(content(printed(finance, donor, kind="thanks", year=str(at_half_past().year))))
    for part in (
        "THƯ CẢM ƠN",
        "Bà Lê Thị Giám Đốc, Công ty Ánh Dương",
        "47.000.000 đồng",
        "30 xe đạp",
        "TM. BAN THƯỜNG VỤ",
    ):
        assert part in letter
    assert "9.000.000" not in letter


def test_a_letter_of_one_gift_keeps_the_funds_name_as_it_is_written(donor, fund, finance):
    fund.name = "Quỹ Xã hội LĐLĐ tỉnh"
    fund.save()
    give(fund, 2_000_000, finance, donor=donor, on=at_half_past())
    letter = text_of_pdf(content(printed(finance, donor, kind="thanks", year=str(at_half_past().year))))
    assert ": tiền ủng hộ vào Quỹ Xã hội LĐLĐ tỉnh, ngày" in " ".join(letter.split())


def test_who_gave_nothing_is_not_thanked(donor, finance, client_of):
    client = client_of(finance)
    assert "Thư cảm ơn" not in text(client.get(f"{DONORS}{donor.pk}/change/"))
    assert [
        client.post(f"/in/thanks/{donor.pk}/pdf/", extra).status_code
        for extra in ({}, {"year": "x"}, {"campaign": "0"})
    ] == [404] * 3


# Lists -----------------------------------------------------------------------------------------


def test_lists_take_as_many_queries_for_three_as_for_one(donor, pledge, fund, finance, province, client_of):
    client = client_of(finance)
    GiftInKind.objects.create(donor=donor, what="Gạo", value=5, by=finance)
    give(fund, 5, finance, donor=donor, pledge=pledge)
    pages = [DONORS, PLEDGES, GIFTS, f"{DONORS}{donor.pk}/change/", f"{PLEDGES}{pledge.pk}/change/"]
    before = [_queries(client, page) for page in pages]
    for n in range(2):
        other = Donor.objects.create(unit=province, name=f"Công ty {n}")
        for one in (donor, other):
            more = make_pledge(one, finance, fund=fund)
            give(fund, 5, finance, donor=one, pledge=more)
            GiftInKind.objects.create(donor=one, what="Gạo", value=5, by=finance, pledge=more)
    assert [_queries(client, page) for page in pages] == before


def _queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_pledges_are_filtered_by_how_they_stand(donor, finance, fund, client_of):
    late, kept = make_pledge(donor, finance, due=-1), make_pledge(donor, finance, amount=5)
    give(fund, 5, finance, donor=donor, pledge=kept)
    found = lambda asked: list(client_of(finance).get(f"{PLEDGES}?tinh-hinh={asked}").context["cl"].queryset)  # noqa: E731
    assert [found(asked) for asked in ("qua-hen", "con", "du")] == [[late], [late], [kept]]


def _import(client, lines):
    file = SimpleUploadedFile("tai-tro.csv", f"Tên,Là,Điện thoại\n{lines}".encode())
    shown = client.post(f"{DONORS}import/", {"import_file": file, "format": "1"})
    if form := shown.context.get("confirm_form"):
        client.post(f"{DONORS}process_import/", form.initial)
    return shown


def test_a_unit_brings_in_its_donors_by_a_list_and_may_send_it_again(unit_officer_a, district_a, donor, client_of):
    client, lines = client_of(unit_officer_a), "Tiệm Vàng,Doanh nghiệp - tổ chức,0909\nÔng Sáu,Cá nhân,\n"
    assert "Phải là một trong" in text(_import(client, lines))
    lines = lines.replace("Doanh nghiệp - tổ chức", '"Doanh nghiệp, tổ chức"')
    for phone in ("0909", "0911"):
        _import(client, lines.replace("0909", phone))
    rows = Donor.objects.exclude(pk=donor.pk).order_by("name").values_list("unit", "name", "kind", "phone")
    assert sorted(rows) == [
        (district_a.pk, "Tiệm Vàng", "organization", "0911"),
        (district_a.pk, "Ông Sáu", "person", ""),
    ]


def test_a_list_without_its_columns_is_told_which(unit_officer_a, client_of):
    file = SimpleUploadedFile("tai-tro.csv", "Họ tên,Số\nA,1\n".encode())
    shown = text(client_of(unit_officer_a).post(f"{DONORS}import/", {"import_file": file, "format": "1"}))
    assert (">Tệp thiếu cột: Tên, Là." in shown, "Traceback" in shown) == (True, False)


def test_an_export_of_donors_is_scoped_and_audited(donor, district_a, unit_officer_a, client_of):
    Donor.objects.create(unit=district_a, name="=HYPERLINK(1)")
    lines = client_of(unit_officer_a).post(f"{DONORS}export/", {"format": "1"}).content.decode("utf-8-sig")
    assert ("Ánh Dương" in lines, "'=HYPERLINK" in lines) == (False, True)
    assert AuditEvent.objects.filter(action="export", actor=unit_officer_a).count() == 1


def test_a_workbook_is_read_like_a_text_file(unit_officer_a, client_of):
    import openpyxl

    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (["Tên", "Là", "Địa chỉ"], ["Cơ sở Gốm", "Tập thể", "Xã An"]):
        book.active.append(row)
    book.save(stream)
    client = client_of(unit_officer_a)
    file = SimpleUploadedFile("tai-tro.xlsx", stream.getvalue())
    shown = client.post(f"{DONORS}import/", {"import_file": file, "format": "0"})
    client.post(f"{DONORS}process_import/", shown.context["confirm_form"].initial)
    assert list(Donor.objects.values_list("name", "kind", "address")) == [("Cơ sở Gốm", "group", "Xã An")]
