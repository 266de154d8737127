"""What people ask of their data: a register with the law's deadlines, and an erasure that reaches everything."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from beneficiaries.duplicates.models import case_of
from beneficiaries.erasure.models import DataRequest, working_days_after
from beneficiaries.models import (
    Consent,
    DossierItem,
    Grant,
    House,
    HouseKind,
    Inspection,
    ListBatch,
    Person,
    SampleRow,
    StagedRow,
    Visit,
)
from beneficiaries.people.evidence import attach
from tests.deeds import in_need, pay
from tests.factories import an_id, make_grant, make_household, make_person, make_round
from welfare.crypto import keyed_hash
from welfare.documents.models import store_file
from welfare.models import AuditEvent, StoredFile
from welfare.site import todo_items
from welfare.states import Refused
from welfare.units.models import today

NAME = "Trịnh Thị Canhên"
Kind, State = DataRequest.Kind, DataRequest.State
LIST = "/beneficiaries/datarequest/"


@pytest.fixture
def person(district_a):
    return make_person(
        district_a, NAME, birth_date=date(1985, 3, 4), national_id=an_id(female=True), phone="0912345678",
        address="Ấp Canhên", bank_account="711A12345678", gender="female",
    )  # fmt: skip


def ask(person, by, kind=Kind.ERASE, on=None):
    return DataRequest.objects.create(person=person, kind=kind, received_on=on or today(), recorded_by=by)


def carried_out(request, by, **given):
    request.grant(by)
    request.carry_out(by, **given)
    return request


# The register ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "days"), [("access", 10), ("withdraw", 15), ("object", 15), ("erase", 20)])
def test_a_request_is_due_as_the_law_says(person, unit_officer_a, kind, days):
    request = ask(person, unit_officer_a, kind, date(2026, 3, 6))
    assert request.due_on == date(2026, 3, 6) + timedelta(days=days)
    assert request.acknowledge_by == date(2026, 3, 10)  # a Friday's second working day is Tuesday


def test_working_days_leave_weekends_out():
    assert [working_days_after(date(2026, 3, day), 2) for day in (5, 7, 9)] == [date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)]  # fmt: skip


def test_it_is_extended_once_by_fifteen_days_at_most(person, unit_officer_a):
    request = ask(person, unit_officer_a)
    due = request.due_on
    with pytest.raises(Refused, match="từ 1 đến 15 ngày"):
        request.extend(unit_officer_a, days=16, reason="Nhiều hồ sơ")
    request.extend(unit_officer_a, days=15, reason="Nhiều hồ sơ")
    assert request.due_on == due + timedelta(days=15)
    with pytest.raises(Refused, match="một lần"):
        request.extend(unit_officer_a, days=1, reason="Nữa")


def test_a_unit_records_on_screen_and_another_decides(person, officer, other_officer, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    assert client.get(f"{LIST}add/?person={person.pk}").status_code == 200
    form = {"person": person.pk, "kind": "erase", "received_on": today().strftime("%d/%m/%Y"), "way": "Đơn giấy"}
    client.post(f"{LIST}add/", form)
    request = DataRequest.objects.get()
    assert (request.unit, request.recorded_by) == (person.unit, unit_officer_a)
    client.post(f"{LIST}{request.pk}/lam/acknowledge/", {})
    assert client.post(f"{LIST}{request.pk}/lam/grant/", {}).status_code == 403
    own = ask(person, officer, Kind.CORRECT)
    with pytest.raises(Refused, match="Bạn đã ghi yêu cầu này"):
        own.grant(officer)
    client_of(other_officer).post(f"{LIST}{request.pk}/lam/grant/", {})
    request.refresh_from_db()
    assert (request.state, request.decided_by, request.acknowledged_on) == ("granted", other_officer, today())


def test_another_units_request_is_not_found(person, officer, unit_officer_b, client_of):
    request = ask(person, officer)
    client = client_of(unit_officer_b)
    assert client.get(f"{LIST}{request.pk}/change/").status_code == 404
    assert list(client.get(LIST).context["cl"].result_list) == []


def test_the_list_takes_as_many_queries_for_three_requests_as_for_one(person, officer, client_of, query_count):
    client, counts = client_of(officer), []
    for number in (1, 3):
        while DataRequest.objects.count() < number:
            ask(make_person(person.unit), officer)
        client.get(LIST)
        counts.append(query_count(lambda: client.get(LIST)))
    assert counts[0] == counts[1]


def test_those_nearly_due_are_on_the_to_do_list(person, officer, other_officer):
    ask(person, officer, on=today() - timedelta(days=17))
    told = {item.text: item for item in todo_items(other_officer)}
    assert told["yêu cầu về dữ liệu cá nhân sắp đến hạn hoặc quá hạn"].count == 1
    assert told["yêu cầu về dữ liệu cá nhân phải báo đã nhận (trong 2 ngày làm việc)"].is_late
    assert told["yêu cầu về dữ liệu cá nhân chờ quyết định"].count == 1
    assert "yêu cầu về dữ liệu cá nhân chờ quyết định" not in {item.text for item in todo_items(officer)}


@pytest.mark.parametrize("wrong", [{"received_on": "01/01/1980"}, {"received_on": "01/01/2999"}])
def test_an_impossible_day_is_refused(person, unit_officer_a, client_of, wrong):
    form = {"person": person.pk, "kind": "erase", "way": "Đơn giấy"}
    page = client_of(unit_officer_a).post(f"{LIST}add/", form | wrong).content.decode()
    assert "trước ngày sinh" in page or "chưa tới" in page
    assert DataRequest.objects.count() == 0


def test_the_same_request_twice_waits_once(person, unit_officer_a, client_of):
    ask(person, unit_officer_a)
    form = {"person": person.pk, "kind": "erase", "received_on": today().strftime("%d/%m/%Y")}
    page = client_of(unit_officer_a).post(f"{LIST}add/", form).content.decode()
    assert "Người này đang có yêu cầu cùng loại chưa xong." in page


# What it does ------------------------------------------------------------------------------------------


def test_withdrawing_and_objecting_do_what_they_say(person, officer, unit_officer_a):
    consent = Consent.objects.create(person=person, basis="form", given_on=date(2026, 1, 1), by=unit_officer_a)
    carried_out(ask(person, unit_officer_a, Kind.WITHDRAW), officer)
    consent.refresh_from_db()
    assert consent.withdrawn_on == today()
    carried_out(ask(person, unit_officer_a, Kind.OBJECT), officer)
    person.refresh_from_db()
    assert person.state == "left"


def test_a_copy_sent_or_a_correction_names_its_outcome(person, officer, unit_officer_a):
    request = ask(person, unit_officer_a, Kind.ACCESS)
    request.grant(officer)
    with pytest.raises(Refused, match="Hãy ghi kết quả"):
        request.carry_out(officer)
    request.carry_out(officer, outcome="Đã gửi bản sao ngày 02/03")
    assert (request.state, request.done_on) == ("done", today())


def test_erasing_leaves_figures_and_no_name_anywhere(
    people, person, province, district_a, officer, other_officer, unit_officer_a, client_of
):
    """Every row of every table of the project is read for the name, its folded form, numbers, address."""
    number = person.national_id
    person.household = make_household(district_a, NAME, address="Ấp Canhên", note=f"Thành viên: {NAME}")
    person.save()
    hardship = in_need(person, year=2026, known_on=date(2026, 1, 2))
    hardship.note = f"{NAME} bệnh nặng"
    hardship.save()
    attach(hardship, person, officer, [SimpleUploadedFile("Canhên.pdf", b"%PDF- Canh\xc3\xaan")])
    Visit.objects.create(person=person, unit=district_a, on=date(2026, 2, 2), visitors="Đ/c Hòa", note=NAME, by=officer)
    grant = pay(people, make_round(province), district_a, person, on=date(2026, 2, 3), reason=f"Của {NAME}")
    called = _called_about(grant, officer)
    client_of(officer).get("/beneficiaries/person/", {"q": NAME})
    client_of(officer).get("/beneficiaries/person/", {"q": number})
    batch = _staged(person, unit_officer_a)
    request = ask(person, unit_officer_a)
    request.wording = f"Tôi là {NAME}"
    request.save()
    carried_out(request, other_officer)
    person.refresh_from_db()
    grant.refresh_from_db()
    assert (person.state, person.full_name, person.unit) == ("erased", "Đã ẩn danh", district_a)
    assert (grant.state, grant.value, grant.paid_on, grant.unit) == ("paid", 500_000, date(2026, 2, 3), district_a)
    assert (person.hardships.count(), person.visits.count()) == (1, 1)
    assert _rows_that_hold("Canhên", "canhen", number, "0912345678", "711A12345678", keyed_hash(number), keyed_hash(NAME)) == []  # fmt: skip
    assert AuditEvent.objects.filter(action="search").count() == 2
    assert StoredFile.objects.get(pk=batch.file_id).size == 0
    assert list(Person.objects.search(NAME)) == []
    called.refresh_from_db()
    assert (called.note, called.received, called.amount) == ("", "all", 500_000)


def _called_about(grant, by) -> SampleRow:
    days = dict.fromkeys(("period_from", "period_to", "starts_on", "ends_on"), date(2026, 2, 4))
    inspection = Inspection.objects.create(unit=grant.round.unit, created_by=by, **days)
    return SampleRow.objects.create(
        inspection=inspection, position=1, unit=grant.unit, grant=grant, amount=500_000, paid_on=grant.paid_on,
        reached="yes", received="all", note=f"Bà {NAME} nói đã nhận", called_by=by,
    )  # fmt: skip


def _staged(person, by):
    file = store_file(b"x", name="danh-sach.xlsx", content_type="x", owner=by, unit=person.unit)
    batch = ListBatch.objects.create(unit=person.unit, owner=by, kind="people", year=2026, file=file)
    StagedRow.objects.create(
        batch=batch, position=1, sheet="1", row=1, status="ready", full_name=NAME, folded_name="canhen", person=person,
        id_hash=person.id_hash, values={"full_name": NAME}, messages=[{"text": NAME}], changes={"x": [NAME, ""]},
    )  # fmt: skip
    return batch


def _rows_that_hold(*words):
    """Tables and columns in which one of the words stands, history included; encrypted ones are read plain."""
    found = []
    for model in apps.get_models():
        texts = [
            field.name for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
        ]  # fmt: skip
        for row in model._base_manager.values(*texts) if texts else ():
            found += [(model._meta.label, name) for name in texts if any(word in str(row[name]) for word in words)]
    return found


def test_erasing_keeps_the_vouchers_of_a_house_and_nothing_else_of_the_family(person, officer, unit_officer_a):
    house = House.objects.create(
        unit=person.unit, kind=HouseKind.objects.get(code="mai_am"), construction="new", person=person, year=2025,
        proposed_by=officer, address="Ấp Canhên", condition=NAME, state="settled", decision_number="12/QĐ",
    )  # fmt: skip

    def scan(name):
        return store_file(b"x", name=name, content_type="image/jpeg", owner=officer, unit=house.unit, subject=house)

    for code in ("vouchers", "commune"):
        house.papers.create(item=DossierItem.objects.get(code=code), file=scan(f"{code}.pdf"), by=officer)
    house.photos.create(stage="before", image=scan("anh.jpg"), thumbnail=scan("nho.jpg"))
    carried_out(ask(person, unit_officer_a), officer)
    house.refresh_from_db()
    assert (house.address, house.folded_address, house.condition, house.decision_number) == ("", "", "", "12/QĐ")
    assert [paper.item.code for paper in house.papers.all()] == ["vouchers"]
    assert (house.photos.count(), [stored.name for stored in StoredFile.objects.all()]) == (0, ["vouchers.pdf"])


@pytest.mark.parametrize("state", ["proposed", "returned", "forwarded"])
def test_erasing_waits_until_money_is_settled(person, province, district_a, officer, unit_officer_a, state):
    make_grant(make_round(province), district_a, unit_officer_a, person, state=state)
    request = ask(person, unit_officer_a)
    request.grant(officer)
    with pytest.raises(Refused, match="còn khoản hỗ trợ chưa xong"):
        request.carry_out(officer)
    request.refresh_from_db()
    person.refresh_from_db()
    assert (request.state, person.full_name, Grant.objects.count()) == ("granted", NAME, 1)


def test_erasing_reaches_the_same_human_in_other_units(person, district_b, officer, unit_officer_a):
    elsewhere = make_person(district_b, NAME, national_id=person.national_id)
    carried_out(ask(person, unit_officer_a), officer)
    elsewhere.refresh_from_db()
    assert elsewhere.state == "erased"


def test_the_log_still_refuses_every_other_change(person, officer, client_of):
    from django.db import InternalError, connection, transaction

    client_of(officer).get("/beneficiaries/person/", {"q": NAME})
    if connection.vendor != "postgresql":
        pytest.skip("the database itself holds the log on PostgreSQL alone")
    for change in ("action = 'view'", "detail = '{}'::jsonb", "actor_id = NULL"):
        with pytest.raises(InternalError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE welfare_auditevent SET {change}")


def test_asked_for_a_merged_file_it_reaches_the_one_that_was_kept(person, district_a, officer, unit_officer_a):
    kept = make_person(district_a, NAME, birth_year=1985)
    case_of(person, kept, unit_officer_a).merge(unit_officer_a, kept=kept)
    person.refresh_from_db()
    carried_out(ask(person, unit_officer_a), officer)
    assert set(Person.objects.values_list("full_name", "state")) == {("Đã ẩn danh", "erased")}
