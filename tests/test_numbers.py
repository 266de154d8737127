"""Numbers and symbols: one number however it is typed, found so everywhere, and given once in its register."""

import threading
from contextlib import suppress
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_unit
from welfare.documents import numbers
from welfare.models import Document, DocumentKind, NumberRegister, Organization


def kind(code="KH"):
    return DocumentKind.objects.get(code=code)


def make_paper(unit, number="12", *, symbol="KH-LĐLĐ", code="KH", year=2026, title="Chăm lo Tết", **fields) -> Document:
    fields = {"issuer_unit": unit, **fields}
    return Document.objects.create(
        unit=unit, kind=kind(code), number=number, symbol=symbol, year=year, title=title, **fields
    )


# One number, however typed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number", "symbol", "printed"),
    [
        ("309/KH - LĐLĐ", "309", "KH-LĐLĐ", "309/KH-LĐLĐ"),
        ("04 /CTr-LĐLĐ", "04", "CTr-LĐLĐ", "04/CTr-LĐLĐ"),
        ("1734/CTr –TLĐ", "1734", "CTr-TLĐ", "1734/CTr-TLĐ"),
        ("07-NQ/BCH", "07", "NQ/BCH", "07-NQ/BCH"),
        ("07/NQ-BCH", "07", "NQ-BCH", "07/NQ-BCH"),
        ("Số:     /KH-LĐLĐ", "", "KH-LĐLĐ", "/KH-LĐLĐ"),
        ("Số: ……/KH-LĐLĐ", "", "KH-LĐLĐ", "/KH-LĐLĐ"),
        ("730/LĐLĐ", "730", "LĐLĐ", "730/LĐLĐ"),
        ("50/2024/QH15", "50/2024", "QH15", "50/2024/QH15"),
        ("12a/QĐ-LĐLĐ", "12a", "QĐ-LĐLĐ", "12a/QĐ-LĐLĐ"),
        ("số 12", "12", "", "12"),
        ("", "", "", ""),
    ],
)
def test_number_and_symbol_are_read_as_written(typed, number, symbol, printed):
    assert (numbers.parse(typed), numbers.join(number, symbol)) == ((number, symbol), printed)


def test_the_party_order_is_the_same_number():
    assert numbers.key_of("07-NQ/BCH") == numbers.key_of("07/NQ-BCH") == numbers.key_of("7/nq–bch")


gaps = st.sampled_from(["", " ", "   ", "\u00a0"])
dashes = st.sampled_from("-–—‑")
serials = st.integers(1, 9999)


@given(serial=serials, zeros=st.integers(0, 3), gaps=st.tuples(gaps, gaps, gaps, gaps), dash=dashes,
       label=st.sampled_from(["", "Số: ", "số ", "SỐ:"]))  # fmt: skip
def test_spaces_dashes_and_zeros_never_change_the_key(serial, zeros, gaps, dash, label):
    typed = f"{label}{'0' * zeros}{serial}{gaps[0]}/{gaps[1]}KH{gaps[2]}{dash}{gaps[3]}LĐLĐ"
    assert numbers.key_of(typed) == numbers.key_of(f"{serial}/KH-LĐLĐ")


@given(one=serials, other=serials, symbols=st.tuples(*[st.sampled_from(["KH-LĐLĐ", "NQ/TW", "", "1-KH", "QH15"])] * 2))
def test_different_numbers_never_share_a_key(one, other, symbols):
    typed = [numbers.join(str(number), symbol) for number, symbol in zip((one, other), symbols, strict=True)]
    assert one == other or numbers.key_of(typed[0]) != numbers.key_of(typed[1])


@given(st.text(max_size=40))
def test_any_text_is_read_without_breaking(text):
    number, symbol = numbers.parse(text)
    assert numbers.key(number, symbol) == numbers.key_of(numbers.join(number, symbol))


# The register of documents -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("309/KH - LĐLĐ", True),
        ("0309 / kh–ldld", True),
        ("Số: 309", True),
        ("nang cao phuc loi", True),
        ("30/KH-LĐLĐ", False),
        ("309/CTr-LĐLĐ", False),
    ],
)
def test_papers_are_found_however_typed(province, officer, client_of, typed, found):
    paper = make_paper(province, "309", symbol="KH - LĐLĐ", title="Nâng cao phúc lợi")
    page = reverse("admin:welfare_document_changelist")
    shown = client_of(officer).get(page, {"q": typed}).content.decode()
    assert (reverse("admin:welfare_document_change", args=[paper.pk]) in shown) == found


def test_a_number_with_its_symbol_names_one_paper(province):
    paper = make_paper(province, "07", symbol="NQ/BCH", code="NQ")
    make_paper(province, "7", symbol="KH-LĐLĐ")
    assert [list(Document.objects.numbered(text)) for text in ("07/NQ - BCH", "7-NQ/BCH", "/NQ-BCH")] == [
        [paper], [paper], [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "citation"),
    [
        ({"month": 8, "day": 29}, "Nghị quyết số 07/NQ-BCH ngày 29 tháng 8 năm 2024 của TLĐ về chăm lo"),
        ({"month": 2, "day": 3}, "Nghị quyết số 07/NQ-BCH ngày 03 tháng 02 năm 2024 của TLĐ về chăm lo"),
        ({"month": 10}, "Nghị quyết số 07/NQ-BCH tháng 10 năm 2024 của TLĐ về chăm lo"),
        ({}, "Nghị quyết số 07/NQ-BCH năm 2024 của TLĐ về chăm lo"),
        ({"year": None}, "Nghị quyết số 07/NQ-BCH của TLĐ về chăm lo"),
        ({"number": "", "month": 10}, "Nghị quyết số ……/NQ-BCH tháng 10 năm 2024 của TLĐ về chăm lo"),
        ({"number": "", "symbol": "", "year": None}, "Nghị quyết của TLĐ về chăm lo"),
        ({"symbol": "NQ/TW", "issuer": None}, "Nghị quyết số 07-NQ/TW năm 2024 về chăm lo"),
        ({"title": "Về việc chăm lo"}, "Nghị quyết số 07/NQ-BCH năm 2024 của TLĐ Về việc chăm lo"),
        ({"issuer_words": "Ban Chấp hành TLĐ"}, "Nghị quyết số 07/NQ-BCH năm 2024 của Ban Chấp hành TLĐ về chăm lo"),
    ],
)
def test_a_paper_is_cited_as_far_as_it_is_known(province, fields, citation):
    issuer = Organization.objects.create(name="TLĐ", kind="union")
    given = {"number": "07", "symbol": "NQ-BCH", "code": "NQ", "year": 2024, "title": "chăm lo", "issuer": issuer}
    assert make_paper(province, **{**given, "issuer_unit": None, **fields}).citation() == citation


@pytest.mark.parametrize(
    ("date_fields", "sentence"),
    [
        ({"day": 5, "year": 2026}, "Văn bản có ngày thì phải có tháng."),
        ({"month": 5}, "Văn bản có tháng thì phải có năm."),
        ({"day": 31, "month": 2, "year": 2026}, "Ngày, tháng, năm của văn bản không có trong lịch."),
        ({"month": 13, "year": 2026}, "Ngày, tháng, năm của văn bản không có trong lịch."),
    ],
)
def test_a_date_no_calendar_has_is_refused(province, officer, client_of, date_fields, sentence):
    form = {"unit": province.pk, "kind": kind().pk, "title": "Chăm lo", **date_fields}
    response = client_of(officer).post(reverse("admin:welfare_document_add"), form)
    assert (sentence in response.content.decode(), Document.objects.count()) == (True, 0)


# Registers of numbers ------------------------------------------------------------------------------


def test_without_a_register_a_kind_starts_anew_each_year(province):
    papers = [make_paper(province, "12"), make_paper(province, "12", year=2027), make_paper(province, "12", code="CTr")]
    assert [(paper.register.name, paper.register_year) for paper in papers] == [
        ("Kế hoạch", 2026), ("Kế hoạch", 2027), ("Chương trình", 2026),
    ]  # fmt: skip
    assert papers[0].register.next_number(date(2026, 5, 1)) == "13"
    assert papers[0].register.next_number(date(2028, 5, 1)) == "01"


def test_kinds_with_one_abbreviation_share_their_numbers(province):
    assert make_paper(province, "4", code="CTHĐ").register == make_paper(province, "5", code="CTr").register


@pytest.mark.parametrize("again", ["12", "012", " 12"])
def test_the_database_gives_a_number_once(province, again):
    make_paper(province, "12")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_paper(province, again)


def test_a_number_given_is_refused_with_who_has_it(province, officer, client_of):
    make_paper(province, "12", title="Chăm lo Tết")
    form = {"unit": province.pk, "kind": kind().pk, "number": "012", "symbol": "KH-LĐLĐ", "title": "Tháng Công nhân",
            "issuer_unit": province.pk, "year": 2026}  # fmt: skip
    response = client_of(officer).post(reverse("admin:welfare_document_add"), form)
    sentence = "Số 012 của Kế hoạch năm 2026 đã cấp cho “Chăm lo Tết”; hãy lấy số khác."
    assert (sentence in response.content.decode(), Document.objects.count()) == (True, 1)


def test_a_unit_officers_number_is_checked_in_their_own_register(province, district_a, unit_officer_a, client_of):
    make_paper(province, "12")
    client, page = client_of(unit_officer_a), reverse("admin:welfare_document_add")
    form = {"kind": kind().pk, "number": "12", "symbol": "KH-LĐLĐ", "title": "Của huyện", "issuer_unit": district_a.pk,
            "year": 2026}  # fmt: skip
    assert client.post(page, form).status_code == 302
    assert "đã cấp cho “Của huyện”" in client.post(page, form | {"title": "Lần nữa"}).content.decode()
    assert [paper.register.unit for paper in Document.objects.filter(title="Của huyện")] == [district_a]


def test_papers_of_others_take_no_number_here(province, district_a):
    outside = Organization.objects.create(name="TLĐ", kind="union")
    papers = [make_paper(province, "7", issuer_unit=None, issuer=outside) for _ in range(2)]
    papers.append(make_paper(province, "7", issuer_unit=district_a))
    assert [paper.register for paper in papers] == [None, None, None]


def test_a_term_runs_on_over_new_year(province):
    register = NumberRegister.objects.create(
        unit=province, name="Kế hoạch nhiệm kỳ", period="term", starts_on=date(2018, 6, 1), ends_on=date(2023, 5, 31)
    )
    register.kinds.add(kind())
    first, second = make_paper(province, "132", year=2019, month=12), make_paper(province, "309", year=2022, month=2)
    assert [first.register, second.register, second.register_year] == [register, register, 0]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_paper(province, "132", year=2022)
    assert (register.next_number(date(2022, 3, 1)), make_paper(province, "1", year=2024).register) == ("310", None)


def test_a_shared_register_takes_what_no_other_names(province):
    shared = NumberRegister.objects.create(unit=province, name="Sổ chung")
    plans = NumberRegister.objects.create(unit=province, name="Sổ kế hoạch")
    plans.kinds.add(kind())
    assert [make_paper(province, "5", code=code).register for code in ("KH", "HD")] == [plans, shared]
    with pytest.raises(ValidationError, match="Số 5 của Sổ chung năm 2026 đã cấp cho “Chăm lo Tết”"):
        Document(unit=province, issuer_unit=province, kind=kind("CV"), number="5", year=2026, title="x").clean()


def register_form(unit, **changed):
    return {"unit": unit.pk, "name": "Sổ mới", "kinds": [kind().pk], "period": "year"} | changed


def test_a_kind_never_has_two_registers_on_one_day(province, officer, client_of):
    old = make_paper(province, "12").register
    client, add = client_of(officer), reverse("admin:welfare_numberregister_add")
    refused = client.post(add, register_form(province)).content.decode()
    assert "Sổ “Kế hoạch” đang đánh số cho Kế hoạch trong thời gian này" in refused
    change = reverse("admin:welfare_numberregister_change", args=[old.pk])
    assert client.post(change, {"name": "Kế hoạch", "ends_on": "31/12/2026"}).status_code == 302
    added = client.post(add, register_form(province, period="term", starts_on="01/01/2027"))
    assert (added.status_code, NumberRegister.objects.get(name="Sổ mới").unit) == (302, province)


def test_what_numbers_were_given_by_stays(province, officer, client_of):
    register = make_paper(province, "12").register
    page = reverse("admin:welfare_numberregister_change", args=[register.pk])
    form = {"name": "Tên mới", "period": "term", "starts_on": "01/01/2020", "kinds": []}
    client_of(officer).post(page, form)
    register.refresh_from_db()
    assert (register.name, register.period, register.starts_on, register.kinds.count()) == ("Tên mới", "year", None, 1)


def test_a_unit_keeps_its_own_registers_and_sees_no_others(district_a, district_b, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    other = NumberRegister.objects.create(unit=district_b, name="Sổ của huyện khác")
    assert client.get(reverse("admin:welfare_numberregister_change", args=[other.pk])).status_code == 404
    client.post(reverse("admin:welfare_numberregister_add"), register_form(district_b))
    assert NumberRegister.objects.get(name="Sổ mới").unit == district_a
    assert "Sổ của huyện khác" not in client.get(reverse("admin:welfare_numberregister_changelist")).content.decode()


def test_registers_take_as_many_queries_for_one_as_for_three(province, officer, client_of):
    from tests.test_plans import queries_of

    client, page = client_of(officer), reverse("admin:welfare_numberregister_changelist")
    NumberRegister.objects.create(unit=province, name="Một")
    count = queries_of(client, page)
    for code in ("X", "Y"):
        unit = make_unit(code, f"Huyện {code}", parent=province)
        NumberRegister.objects.create(unit=unit, name="Hai").kinds.add(kind())
    assert queries_of(client, page) == count


@pytest.mark.django_db(transaction=True)
def test_two_first_numbers_at_once_open_one_register(province):
    ready = threading.Barrier(2)

    def write(code):
        ready.wait()
        with suppress(IntegrityError):
            make_paper(province, "1", code=code)
        connection.close()

    threads = [threading.Thread(target=write, args=[code]) for code in ("CTr", "CTHĐ")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (NumberRegister.objects.count(), Document.objects.count()) == (1, 1)
