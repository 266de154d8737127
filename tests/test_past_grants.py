"""Grants of earlier years are loaded at their last stage: by the province alone, taking nothing from a fund."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from beneficiaries.models import FundEntry, Grant, SupportKind
from tests.factories import an_id, make_fund, make_person, make_round
from welfare.states import Refused
from welfare.units.models import today

LAST = today().year - 1
HEADER = "mã đợt,mã đơn vị,họ và tên,năm sinh,số CCCD,số suất,tiền mặt (đồng),giá trị hiện vật (đồng),hiện vật,lý do,nguồn ngoài sổ quỹ,số quyết định,ngày chi\n"


@pytest.fixture
def round(province):
    return make_round(province, code="TETCU", year=LAST, name="Tết cũ")


def line(**changes) -> str:
    given = {
        "round": "TETCU", "unit": "A", "name": "", "born": "", "number": "", "count": "1", "cash": "500.000", "gift": "", "what": "",
        "why": "", "source": "", "decision": "1/QĐ", "on": f"20/01/{LAST}",
    } | changes  # fmt: skip
    return ",".join(given.values()) + "\n"


def load(client, *lines):
    """The preview, and the confirmation where there was nothing wrong."""
    file = SimpleUploadedFile("cu.csv", (HEADER + "".join(lines)).encode())
    shown = client.post("/beneficiaries/grant/import/", {"import_file": file, "format": "1"})
    if shown.context and "confirm_form" in shown.context and shown.context["confirm_form"]:
        client.post("/beneficiaries/grant/process_import/", shown.context["confirm_form"].initial)
    return shown


def test_earlier_grants_are_loaded_paid_and_without_an_entry(round, province, district_a, officer, finance, client_of):
    fund = make_fund(province, balance=1_000_000, by=finance)
    known, same_name = (make_person(district_a, "Nguyễn Thị An", birth_year=year) for year in (1980, 1990))
    by_number = make_person(district_a, national_id=an_id())
    load(
        client_of(officer), line(name="nguyen thi an", born="1980"), line(number=by_number.national_id, name="Tên khác"),
        line(count="40", cash="0", gift="12.000.000", what="Túi quà", source="Công ty Ánh"),
    )  # fmt: skip
    rows = Grant.objects.order_by("pk")
    assert [(g.person, g.people_count, g.value) for g in rows] == [
        (known, 1, 500_000), (by_number, 1, 500_000), (None, 40, 12_000_000),
    ]  # fmt: skip
    assert {(g.state, g.is_recorded_afterwards, g.paid_on.year, g.payment, g.proposed_by) for g in rows} == {
        ("paid", True, LAST, None, officer)
    }
    fund.refresh_from_db()
    assert (fund.balance, FundEntry.objects.count(), rows[0].history.get().history_user) == (1_000_000, 1, officer)


@pytest.mark.parametrize(
    "wrong",
    [{"round": "KHAC"}, {"unit": "KHAC"}, {"name": "Không Có Ai"}, {"cash": "-5"}, {"cash": "nhiều"}, {"cash": "0"},
     {"cash": "99000000"}, {"on": f"20/01/{LAST + 1}"}, {"on": "hôm qua"}, {"on": ""}],
)  # fmt: skip
def test_one_wrong_line_loads_nothing(round, district_a, officer, client_of, wrong):
    make_person(district_a, "Nguyễn Thị An")
    load(client_of(officer), line(name="Nguyễn Thị An"), line(**wrong))
    assert Grant.objects.count() == 0


def test_a_workbook_with_empty_cells_is_loaded(round, district_a, officer, client_of):
    make_person(district_a, "Nguyễn Thị An")
    line = ["TETCU", "A", "Nguyễn Thị An", None, None, None, 500_000, None, None, None, None, None, f"20/01/{LAST}"]
    shown = load_workbook(client_of(officer), line)
    assert "violates" not in shown.content.decode()
    grant = Grant.objects.get()
    assert (grant.value, grant.in_kind, grant.reason, grant.decision_number) == (500_000, "", "", "")


def test_a_wrong_cell_is_told_by_its_column(round, district_a, officer, client_of):
    told = load(client_of(officer), line(cash="-5", unit="XX")).content.decode()
    assert "tiền mặt (đồng)" in told.partition("Số “-5” không đúng")[0][-200:]
    assert "cash" not in told.partition("Số “-5” không đúng")[0][-200:]


def load_workbook(client, *lines):
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (HEADER.strip().split(","), *lines):
        book.active.append(row)
    book.save(stream)
    file = SimpleUploadedFile("cu.xlsx", stream.getvalue())
    shown = client.post("/beneficiaries/grant/import/", {"import_file": file, "format": "0"})
    if shown.context["confirm_form"]:
        client.post("/beneficiaries/grant/process_import/", shown.context["confirm_form"].initial)
    return shown


def test_the_same_file_again_adds_nothing(round, district_a, officer, client_of):
    make_person(district_a, "Nguyễn Thị An")
    for _ in range(2):
        load(client_of(officer), line(name="Nguyễn Thị An"), line(count="40", gift="900000"))
    assert Grant.objects.count() == 2


@pytest.mark.parametrize("who", ["unit_officer_a", "finance", "leader", "inspector", "administrator"])
def test_only_the_provinces_officers_load_them(round, district_a, who, request, client_of):
    client = client_of(request.getfixturevalue(who))
    assert client.get("/beneficiaries/grant/import/").status_code == 403
    assert client.post("/beneficiaries/grant/process_import/", {}).status_code == 403


def test_what_was_loaded_takes_nothing_from_a_fund_when_reversed(round, district_a, officer, finance, client_of):
    load(client_of(officer), line(count="40", gift="900000"))
    grant = Grant.objects.get()
    with pytest.raises(Refused):
        grant.pay(finance)
    grant.reverse(finance, note="Ghi nhận nhầm")
    assert (grant.state, FundEntry.objects.count()) == ("reversed", 0)


def test_an_export_of_grants_runs_no_formula(round, district_a, officer, client_of):
    make_person(district_a, "=1+1")
    load(client_of(officer), line(name="=1+1"))
    response = client_of(officer).post("/beneficiaries/grant/export/", {"format": "0"})
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_kinds_of_support_are_loaded_once(officer, client_of):
    client = client_of(officer)
    for _ in range(2):
        file = SimpleUploadedFile("loai.csv", "tên,đơn vị tính\nHọc bổng,suất\n".encode())
        shown = client.post("/beneficiaries/supportkind/import/", {"import_file": file, "format": "1"})
        client.post("/beneficiaries/supportkind/process_import/", shown.context["confirm_form"].initial)
    (kind,) = SupportKind.objects.filter(name="Học bổng")
    assert (kind.unit_word, bool(kind.code)) == ("suất", True)
