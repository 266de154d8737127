"""The case file of a house: its papers, norms, photographs, what the family had before, duty and earlier houses, the board."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from beneficiaries.houses.dossier import lacking
from beneficiaries.models import DossierItem, House, HouseKind, HousePhoto, SupportNorm
from tests.deeds import bring_papers
from tests.factories import an_id, fresh, make_fund, make_household, make_person, make_unit, make_user
from welfare.models import Organization, StoredFile
from welfare.states import Refused
from welfare.units.models import today

DAY = date(2026, 3, 2)
LIST = "/beneficiaries/house/"
MINUTES = {"members": "Ban Chính sách", "conclusion": "Đủ điều kiện"}


def propose(unit, by, *, person=None, **fields):
    """10 million by the family, unless ``fields`` say otherwise."""
    fields = {"kind": HouseKind.objects.get(code="mai_am"), "construction": "new", "year": 2026, **fields}
    house = House.objects.create(
        unit=unit, person=person, cost=10_000_000, proposed_by=by, proposed_on=fields.pop("proposed_on", DAY), **fields
    )
    house.funding.create(source="family", amount=10_000_000)
    return house


@pytest.fixture
def house(district_a, unit_officer_a):
    return propose(district_a, unit_officer_a, person=make_person(district_a, "Lê Thị Nhà"))


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": storage}


def text(response) -> str:
    return response.content.decode()


def picture(name="anh.jpg", size=(2400, 1200), format="JPEG"):
    stream = io.BytesIO()
    Image.new("RGB", size, "green").save(stream, format)
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")


# Papers ----------------------------------------------------------------------------------------


def test_a_step_without_its_papers_is_refused_and_names_them(house, unit_officer_a, officer):
    house.survey(unit_officer_a, on=DAY)
    DossierItem.objects.filter(step="appraised").exclude(code__in=["request", "survey"]).update(
        valid_to=date(2020, 1, 1)
    )
    with pytest.raises(Refused, match="còn thiếu cho bước thẩm định: Đơn đề nghị hỗ trợ nhà ở; Biên bản khảo sát"):
        house.appraise(officer, **MINUTES, on=DAY)
    bring_papers(house, unit_officer_a)
    house.appraise(officer, **MINUTES, on=DAY)
    assert house.state == "appraised"


def test_papers_are_asked_by_kind_date_and_scan(house):
    DossierItem.objects.all().delete()
    other = HouseKind.objects.get(code="tinh_thuong")
    fields = {"step": "decided", "is_required": True}
    DossierItem.objects.create(name="Của mọi loại", **fields)
    DossierItem.objects.create(name="Của loại khác", house_kind=other, **fields)
    DossierItem.objects.create(name="Chưa áp dụng", valid_from=DAY + timedelta(days=1), **fields)
    DossierItem.objects.create(name="Không bắt buộc", **(fields | {"is_required": False}))
    scan = DossierItem.objects.create(name="Phải có bản quét", needs_scan=True, **fields)
    house.papers.create(item=scan, number="1", on=DAY, by=house.proposed_by)
    assert lacking(house, "decided") == ["Của mọi loại", "Phải có bản quét"]


def test_a_unit_brings_a_paper_and_opens_it_and_strangers_do_not(
    house, unit_officer_a, unit_officer_b, leader, client_of
):
    page, item = reverse("beneficiaries:house_papers", args=[house.pk]), DossierItem.objects.get(code="request")
    scan = SimpleUploadedFile("don.pdf", b"%PDF-1.4")
    response = client_of(unit_officer_a).post(
        page, {"item": item.pk, "number": "5/Đ", "on": "01/03/2026", "files": [scan]}
    )
    assert response.status_code == 302
    paper = house.papers.get()
    assert (paper.item, paper.number, paper.on, paper.by) == (item, "5/Đ", date(2026, 3, 1), unit_officer_a)
    file = reverse("welfare:file", args=[paper.file_id])
    for user in (unit_officer_a, leader):
        assert b"".join(client_of(user).get(file).streaming_content) == b"%PDF-1.4"
    assert client_of(unit_officer_b).get(file).status_code == 404
    assert [client_of(user).get(page).status_code for user in (leader, unit_officer_b)] == [403, 404]
    assert "don.pdf" in text(client_of(leader).get(f"{LIST}{house.pk}/change/"))
    assert client_of(unit_officer_b).post(reverse("beneficiaries:paper_remove", args=[paper.pk])).status_code == 404
    client_of(unit_officer_a).post(reverse("beneficiaries:paper_remove", args=[paper.pk]))
    assert (house.papers.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"number": "12"}, "Kèm tệp quét, hoặc ghi đủ số và ngày của bản giấy."),
        ({"files": [SimpleUploadedFile("a.exe", b"MZ")]}, "không nhận được; hãy chọn tệp PDF"),
        ({"item": "", "number": "12", "on": "01/03/2026"}, "Chọn giấy tờ được bổ sung."),
    ],
)
def test_a_wrong_paper_is_refused_and_what_was_typed_stays(house, unit_officer_a, client_of, wrong, told):
    data = {"item": DossierItem.objects.get(code="request").pk, "number": "12", **wrong}
    response = client_of(unit_officer_a).post(reverse("beneficiaries:house_papers", args=[house.pk]), data)
    assert (response.status_code, told in text(response), 'value="12"' in text(response)) == (400, True, True)
    assert house.papers.count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        house.papers.create(item=DossierItem.objects.first(), number="1", by=unit_officer_a)


def test_a_paper_stays_once_its_step_was_taken(house, unit_officer_a, officer, client_of):
    bring_papers(house, unit_officer_a)
    house.survey(unit_officer_a, on=DAY)
    house.appraise(officer, **MINUTES, on=DAY)
    request, later = house.papers.get(item__code="request"), house.papers.get(item__code="vouchers")
    client = client_of(unit_officer_a)
    for paper in (request, later):
        client.post(reverse("beneficiaries:paper_remove", args=[paper.pk]))
    assert [house.papers.filter(pk=paper.pk).exists() for paper in (request, later)] == [True, False]


# Norms -----------------------------------------------------------------------------------------


@pytest.fixture
def above(house, province, officer, finance, unit_officer_a):
    """Appraised, with 45 million out of a fund where the norm is 40."""
    fund = make_fund(province, balance=100_000_000, by=finance, code="QMA", name="Quỹ Mái ấm")
    house.funding.create(source="fund", fund=fund, amount=45_000_000)
    House.objects.filter(pk=house.pk).update(cost=55_000_000)
    SupportNorm.objects.create(kind=house.kind, construction="new", amount=40_000_000, valid_from=date(2026, 1, 1))
    SupportNorm.objects.create(kind=house.kind, construction="repair", amount=1, valid_from=date(2026, 1, 1))
    bring_papers(house, unit_officer_a)
    house.survey(unit_officer_a, on=DAY)
    house.appraise(officer, **MINUTES, on=DAY)
    return house


def test_above_the_norm_two_leaders_approve(above, leader, province):
    second = make_user("lanhdao2", "leader", province)
    with pytest.raises(Refused, match="hỗ trợ 45.000.000 đồng, mức hiện hành là 40.000.000 đồng. Phải có một lãnh đạo"):
        above.decide(leader, decision_number="1/QĐ", on=DAY)
    with pytest.raises(Refused, match="lý do"):
        above.allow_above_norm(leader, reason=" ", on=DAY)
    above.allow_above_norm(leader, reason="Nhà sập do bão", on=DAY)
    with pytest.raises(Refused, match="lãnh đạo khác"):
        above.decide(fresh(leader), decision_number="1/QĐ", on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        House.objects.filter(pk=above.pk).update(decided_by=leader)
    above.decide(second, decision_number="1/QĐ", on=DAY)
    assert (above.state, above.above_norm_by, above.decided_by) == ("decided", leader, second)


def test_a_norm_of_one_fund_and_an_expired_one(above, leader):
    fund = above.funding.get(source="fund").fund
    SupportNorm.objects.filter(amount=40_000_000).update(valid_to=date(2026, 2, 1))
    norm = SupportNorm.objects.create(
        kind=above.kind, construction="new", fund=fund, amount=44_999_999, valid_from=date(2026, 1, 1)
    )
    with pytest.raises(Refused, match="Quỹ Mái ấm hỗ trợ 45.000.000 đồng"):
        above.decide(leader, decision_number="1/QĐ", on=DAY)
    norm.amount = 45_000_000
    norm.save()
    above.decide(leader, decision_number="1/QĐ", on=DAY)
    assert above.state == "decided"


# One support a household -----------------------------------------------------------------------


def test_an_earlier_house_is_told_to_the_province_alone_when_it_is_another_units(
    district_a, district_b, unit_officer_a, unit_officer_b, officer, client_of
):
    number = an_id(1985)
    twin = make_person(district_b, "Võ Thị Trước", national_id=number)
    propose(district_b, unit_officer_b, person=twin, year=2024)
    house = propose(district_a, unit_officer_a, person=make_person(district_a, "Võ Thị Sau", national_id=number))
    pages = [text(client_of(user).get(f"{LIST}{house.pk}/change/")) for user in (officer, unit_officer_a)]
    assert ["Võ Thị Trước" in page for page in pages] == [True, False]
    assert ["trùng số CCCD/CMND" in page for page in pages] == [True, False]


@pytest.mark.parametrize("same", ["household", "address", "person"])
def test_the_unit_is_warned_of_its_own_earlier_house(district_a, unit_officer_a, client_of, same):
    household = make_household(district_a, "Trần Văn Hộ")
    person = make_person(district_a, "Trần Thị Con", household=household)
    earlier = {
        "household": {"household": household}, "person": {"person": person},
        "address": {"person": make_person(district_a, "Người Khác"), "address": "12 Ấp Một, xã An"},
    }[same]  # fmt: skip
    first = propose(district_a, unit_officer_a, year=2024, **earlier)
    inline = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    posted = {f"funding-{key}": value for key, value in inline.items()} | {
        "person": person.pk, "kind": first.kind_id, "construction": "new", "cost": "5.000.000", "year": 2026,
        "proposed_on": "02/03/2026", "address": "12 ấp một, Xã An",
    }  # fmt: skip
    response = client_of(unit_officer_a).post(f"{LIST}add/", posted, follow=True)
    assert "Gia đình này có thể đã được hỗ trợ nhà" in text(response)
    House.objects.filter(pk=first.pk).update(state="withdrawn")
    other = House.objects.exclude(pk=first.pk).get()
    assert "có thể đã được hỗ trợ" not in text(client_of(unit_officer_a).get(f"{LIST}{other.pk}/change/"))


def test_a_decision_over_an_earlier_house_asks_to_look_twice(
    house, district_a, unit_officer_a, officer, leader, client_of
):
    propose(district_a, unit_officer_a, person=house.person, year=2024)
    bring_papers(house, unit_officer_a)
    house.survey(unit_officer_a, on=DAY)
    house.appraise(officer, **MINUTES, on=DAY)
    page, client = f"{LIST}{house.pk}/lam/decide/", client_of(leader)
    assert "Có thể đã được hỗ trợ: Lê Thị Nhà" in text(client.get(page))
    decision = {"decision_number": "1/QĐ", "on": "02/03/2026"}
    assert client.post(page, decision).status_code == 200
    assert client.post(page, decision | {"looked": "on"}).status_code == 302
    house.refresh_from_db()
    assert house.state == "decided"


# Photographs -----------------------------------------------------------------------------------


def test_photographs_are_kept_small_shown_by_stage_and_removed(
    house, unit_officer_a, unit_officer_b, leader, client_of
):
    page, client = reverse("beneficiaries:house_photos", args=[house.pk]), client_of(unit_officer_a)
    for stage in ("before", "after"):
        assert client.post(page, {"stage": stage, "photos": [picture()]}).status_code == 302
    before, after = house.photos.all()
    shown = reverse("beneficiaries:house_photo", args=[before.pk])
    assert Image.open(io.BytesIO(client_of(leader).get(shown).content)).size == (1600, 800)
    head = text(client_of(leader).get(f"{LIST}{house.pk}/change/"))
    assert ["Trước khi làm" in head, "Khi hoàn thành" in head, "Đang làm</h3>" in head] == [True, True, False]
    stranger = client_of(unit_officer_b)
    small, remove = (reverse(f"beneficiaries:house_photo_{name}", args=[before.pk]) for name in ("small", "remove"))
    assert [stranger.get(shown).status_code, stranger.get(small).status_code, stranger.post(remove).status_code] == [
        404
    ] * 3
    assert client_of(leader).post(remove).status_code == 403
    client.post(remove)
    assert list(HousePhoto.objects.all()) == [after]


@pytest.mark.parametrize(
    ("bad", "status", "told"),
    [
        (SimpleUploadedFile("anh.jpg", b"khong phai anh"), 400, "“anh.jpg” không phải ảnh JPG, PNG hoặc WebP"),
        (SimpleUploadedFile("to.jpg", b"\xff\xd8" + b"0" * (11 * 1024 * 1024)), 413, "lớn hơn 10 MB"),
    ],
    ids=["no photograph", "too big"],
)
def test_what_is_no_photograph_is_refused_in_a_sentence(house, unit_officer_a, client_of, bad, status, told):
    bad.seek(0)
    page = reverse("beneficiaries:house_photos", args=[house.pk])
    response = client_of(unit_officer_a).post(page, {"stage": "before", "photos": [bad]})
    assert (response.status_code, told in text(response), house.photos.count()) == (status, True, 0)


# Duty houses and earlier years -----------------------------------------------------------------


def test_a_duty_house_has_a_host_and_occupants_instead_of_a_household(district_a, unit_officer_a, officer, client_of):
    host = Organization.objects.create(name="Trung tâm Y tế huyện An", kind="authority")
    kind = HouseKind.objects.get(code="cong_vu")
    posted = {
        "funding-TOTAL_FORMS": 0, "funding-INITIAL_FORMS": 0, "kind": kind.pk, "construction": "new", "year": 2026,
        "cost": "5.000.000", "proposed_on": "02/03/2026",
    }  # fmt: skip
    client = client_of(unit_officer_a)
    assert "phải có cơ quan quản lý" in text(client.post(f"{LIST}add/", posted))
    person = make_person(district_a)
    assert "không ghi người hay hộ nhận" in text(
        client.post(f"{LIST}add/", posted | {"host": host.pk, "person": person.pk})
    )
    assert client.post(f"{LIST}add/", posted | {"host": host.pk}).status_code == 302
    house = House.objects.get()
    assert (house.unit, house.recipient) == (district_a, "Trung tâm Y tế huyện An")
    with pytest.raises(Refused, match="đã bàn giao"):
        house.move_in(officer, full_name="Y sĩ Một", from_day=today())
    House.objects.filter(pk=house.pk).update(state="handed_over", handed_over_on=DAY)
    house.refresh_from_db()
    with pytest.raises(Refused, match="trước ngày bàn giao"):
        house.move_in(officer, full_name="Y sĩ Một", from_day=DAY - timedelta(days=1))
    client_of(officer).post(f"{LIST}{house.pk}/lam/move_in/", {"full_name": "Y sĩ Một", "from_day": "05/03/2026"})
    occupant = house.occupants.get()
    client_of(officer).post(f"{LIST}{house.pk}/lam/move_out/", {"occupant": occupant.pk, "to_day": "30/06/2026"})
    assert "Y sĩ Một: từ 05/03/2026 đến 30/06/2026" in " ".join(text(client.get(f"{LIST}{house.pk}/change/")).split())


PAST = {"decision_number": "7/QĐ", "decided_on": "10/05/2024", "handed_over_on": "20/12/2024"}


def test_a_house_of_an_earlier_year_is_recorded_at_its_last_stage(
    district_a, unit_officer_a, officer, finance, client_of
):
    house = propose(district_a, unit_officer_a, person=make_person(district_a), year=2024, proposed_on=date(2024, 4, 1))
    page = f"{LIST}{house.pk}/lam/record_past/"
    assert client_of(unit_officer_a).post(page, PAST).status_code == 403
    assert client_of(officer).post(page, PAST).status_code == 302
    house.refresh_from_db()
    assert (house.state, house.is_recorded_afterwards, house.decided_by) == ("handed_over", True, None)
    assert (house.decided_on, house.handed_over_on) == (date(2024, 5, 10), date(2024, 12, 20))
    with pytest.raises(Refused, match="ghi nhận lại"):
        house.pay(finance, line=house.funding.get())


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"decided_on": "10/01/2025"}, "theo thứ tự"), ({"handed_over_on": f"02/01/{today().year}"}, "từ năm trước")],
)
def test_a_wrong_past_is_refused(district_a, unit_officer_a, officer, client_of, changes, told):
    house = propose(district_a, unit_officer_a, person=make_person(district_a), proposed_on=date(2024, 4, 1))
    response = client_of(officer).post(f"{LIST}{house.pk}/lam/record_past/", PAST | changes)
    house.refresh_from_db()
    assert (told in text(response), house.state) == (True, "proposed")


# The board -------------------------------------------------------------------------------------


def columns(client, **query):
    """Those that hold houses."""
    found = client.get(reverse("beneficiaries:house_board"), query).context["columns"]
    return [
        (column["state"], column["count"], column["money"], [card.act for card in column["cards"]])
        for column in found
        if column["count"]
    ]


def test_the_board_counts_by_stage_and_offers_the_next_step(
    house, district_b, unit_officer_b, unit_officer_a, leader, client_of
):
    other = propose(district_b, unit_officer_b, person=make_person(district_b), year=2025)
    other.survey(unit_officer_b, on=DAY)
    survey = ("Ghi khảo sát", f"{LIST}{house.pk}/lam/survey/")
    assert columns(client_of(unit_officer_a)) == [("proposed", 1, 10_000_000, [survey])]
    both = [("proposed", 1, 10_000_000, [None]), ("surveyed", 1, 10_000_000, [None])]
    client = client_of(leader)
    assert columns(client) == both
    assert [columns(client, year="2025"), columns(client, unit=district_b.pk)] == [both[1:]] * 2
    assert [columns(client, loai="999"), columns(client, quy="999")] == [[], []]
    assert columns(client, tre="1") == both
    assert columns(client, year="x\0", loai="-1", unit="²") == []


def test_the_board_takes_as_many_queries_for_three_houses_as_for_one(district_a, unit_officer_a, officer, client_of):
    client, counts = client_of(officer), []
    for number in (1, 3):
        while House.objects.count() < number:
            propose(district_a, unit_officer_a, person=make_person(district_a))
        client.get(reverse("beneficiaries:house_board"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("beneficiaries:house_board"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_column_shows_its_first_houses_and_leads_to_the_rest(district_a, unit_officer_a, officer, client_of):
    for n in range(14):
        propose(district_a, unit_officer_a, person=make_person(district_a, f"Người {n}"))
    page = client_of(officer).get(reverse("beneficiaries:house_board"))
    column = page.context["columns"][0]
    assert (len(column["cards"]), column["rest"], "Xem thêm 2 nhà" in text(page)) == (12, 2, True)
    assert client_of(officer).get(column["all"]).context["cl"].result_count == 14


def test_an_empty_board_says_so(unit_officer_a, client_of):
    assert "Chưa có nhà nào được đề xuất." in text(client_of(unit_officer_a).get(reverse("beneficiaries:house_board")))


def test_deadlines_and_papers_are_set_on_screen(officer, unit_officer_a, client_of):
    item = DossierItem.objects.get(code="request")
    for page in ("stagedeadline", "dossieritem", "supportnorm"):
        assert [client_of(user).get(f"/beneficiaries/{page}/").status_code for user in (officer, unit_officer_a)] == [
            200
        ] * 2
    page = f"/beneficiaries/dossieritem/{item.pk}/change/"
    client_of(unit_officer_a).post(page, {"name": "Đã sửa", "step": "decided", "position": 1})
    client_of(officer).post(page, {"name": "Đơn", "step": "decided", "position": 1})
    item.refresh_from_db()
    assert (item.name, item.step) == ("Đơn", "decided")


def test_a_house_below_is_read_not_written(district_a, unit_officer_a, officer, client_of):
    company = make_unit("A1", "CĐCS An", kind="grassroots", parent=district_a)
    below = propose(company, officer, person=make_person(company))
    client = client_of(unit_officer_a)
    pages = [reverse(f"beneficiaries:house_{name}", args=[below.pk]) for name in ("papers", "photos")]
    assert [client.get(page).status_code for page in pages] == [403, 403]
    assert client.get(f"{LIST}{below.pk}/change/").context["verbs"] == []
