"""The upload on the screen: from a unit's own file to rows of the ledger, once, and never half."""

import io
import json
import random
import re
import threading
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beneficiaries.intake.batches import purge_staging
from beneficiaries.models import (
    ColumnMemory,
    DuplicateCase,
    Grant,
    Hardship,
    House,
    HouseFunding,
    Household,
    ListBatch,
    Person,
    PovertyRecord,
    StagedRow,
)
from programs.models import Stale
from tests.factories import an_id, fresh, make_grant, make_household, make_person, make_round, make_unit, make_user
from tests.sheets import opendocument, opendocument_row, part, repacked, workbook
from welfare.jobs import queue
from welfare.models import AuditEvent, Job, StoredFile, User

LISTS = Path(__file__).parent / "lists"
HEADINGS = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Đơn vị công tác", "Loại hộ", "Hoàn cảnh", "Số tiền"]
YEAR = 2026


@pytest.fixture
def sender(client_of, unit_officer_a):
    return client_of(unit_officer_a)


@pytest.fixture
def tet(province):
    return make_round(province, ceiling=3_000_000, default_amount=500_000)


def person_row(name="Nguyễn Văn An", number=None, **cells):
    row = {
        "Họ và tên": name,
        "Ngày sinh": "05/03/1985",
        "Số CCCD": number or an_id(1985),
        "Đơn vị công tác": "Công ty May",
        "Loại hộ": "Hộ nghèo",
        "Hoàn cảnh": "Bệnh nan y",
        "Số tiền": 1_000_000,
        **cells,
    }
    return [row.get(heading) for heading in HEADINGS]


def people(*rows) -> bytes:
    return workbook([HEADINGS, *([place, *row[1:]] for place, row in enumerate(rows, 1))]).getvalue()


def send(client, content, name="danh-sach.xlsx", **fields):
    file = SimpleUploadedFile(name, content)
    return client.post(
        "/danh-sach/tai-len/", {"file": file, "year": YEAR, **({} if "unit" in fields else _unit_of(client)), **fields}
    )


def _unit_of(client):
    page = client.get("/danh-sach/tai-len/")
    return {"unit": page.context["form"].only_unit.pk}


def upload(client, content, name="danh-sach.xlsx", **fields) -> ListBatch:
    """Sends the file and lets its job read it."""
    response = send(client, content, name, **fields)
    assert response.status_code == 302, response.context["form"].errors
    batch = ListBatch.objects.get(pk=int(response["Location"].rstrip("/").rsplit("/", 1)[1]))
    return work(batch)


def work(batch) -> ListBatch:
    batch.refresh_from_db()
    queue.run(batch.job_id)
    return ListBatch.objects.get(pk=batch.pk)


def take(client, batch) -> ListBatch:
    """Presses "Nhận" and lets the job write."""
    assert client.post(f"/danh-sach/{batch.pk}/nhan/").status_code == 302
    return work(batch)


def shown(client, batch, query="") -> str:
    return client.get(f"/danh-sach/{batch.pk}/{query}").content.decode()


def all_rows() -> dict[str, int]:
    """How many rows every table of people and money holds, history too."""
    ignored = {"listbatch", "stagedrow", "columnmemory"}
    models = apps.get_app_config("beneficiaries").get_models()
    return {m._meta.model_name: m._base_manager.count() for m in models if m._meta.model_name not in ignored}


# --- the whole way --------------------------------------------------------------------------------------


@pytest.mark.engine
def test_a_list_becomes_households_people_hardships_and_proposals(sender, tet, district_a, unit_officer_a):
    batch = upload(sender, (LISTS / "plain.xlsx").read_bytes(), "plain.xlsx", round=tet.pk)
    page = shown(sender, batch)
    assert ("LĐLĐ HUYỆN BA TRI" in page, "53.500.000 đồng" in page, "Sẽ ghi 40 dòng, thêm 40 người" in page) == (
        True,
    ) * 3
    batch = take(sender, batch)
    assert (batch.state, batch.committed_by) == (batch.State.COMMITTED, unit_officer_a)
    expected = json.loads((LISTS / "plain.xlsx.json").read_text())["rows"]
    rows = Person.objects.select_related("household").order_by("pk")
    found = [
        {
            "full_name": person.full_name,
            "birth_date": person.birth_date.isoformat(),
            "gender": person.gender,
            "national_id": person.national_id,
            "household_status": person.household.poverty_records.get(year=YEAR).status,
            "amount": person.grants.get(round=tet).cash,
        }
        for person in rows
    ]
    assert found == [{name: row[name] for name in found[0]} for row in expected]
    assert {person.unit for person in rows} == {district_a}
    assert set(Grant.objects.values_list("state", "proposed_by")) == {("proposed", unit_officer_a.pk)}
    assert Hardship.objects.filter(kind__code="serious_illness").count() > 0


@pytest.mark.engine
def test_everything_written_has_one_line_of_history_by_whoever_took_the_list(sender, tet, unit_officer_a):
    take(sender, upload(sender, people(person_row(), person_row("Lê Thị Bình")), round=tet.pk))
    for model in (Household, PovertyRecord, Person, Hardship, Grant):
        history = list(model.history.values_list("id", "history_type", "history_user"))
        assert sorted(history) == [
            (pk, "+", unit_officer_a.pk) for pk in model.objects.order_by("pk").values_list("pk", flat=True)
        ]
    assert Person.history.latest().full_name == Person.objects.latest("pk").full_name
    assert {source for (source,) in Stale.objects.values_list("source")} == {"people", "grants", "houses"}


def test_uploading_and_taking_are_audited(sender, unit_officer_a):
    batch = take(sender, upload(sender, people(person_row())))
    of_batch = AuditEvent.objects.filter(subject_id=str(batch.pk), subject_kind="beneficiaries.listbatch").order_by(
        "pk"
    )
    assert [(event.action, event.actor) for event in of_batch] == [
        ("upload", unit_officer_a),
        ("change", unit_officer_a),
    ]


def test_a_row_without_an_amount_gets_the_rounds(sender, tet):
    take(sender, upload(sender, people(person_row(**{"Số tiền": None})), round=tet.pk))
    assert Grant.objects.get().cash == 500_000


def test_rows_of_one_certificate_are_one_household(sender):
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Loại hộ", "Số giấy chứng nhận", "Chủ hộ/Thành viên"],
        [1, "Trần Thị Con", 2001, "Hộ nghèo", "GCN 01", "Con"],
        [2, "Trần Văn Cha", 1970, "Hộ nghèo", "GCN 01", "Chủ hộ"],
        [3, "Lê Văn Khác", 1975, "Hộ cận nghèo", "GCN 02", "Chủ hộ"],
    ]
    take(sender, upload(sender, workbook(rows).getvalue()))
    found = Household.objects.order_by("pk").values_list("head_name", "poverty_records__status")
    assert list(found) == [("Trần Văn Cha", "poor"), ("Lê Văn Khác", "near_poor")]
    assert Person.objects.filter(household__head_name="Trần Văn Cha").count() == 2


def test_houses_become_proposals_with_their_sources(sender, unit_officer_a):
    batch = upload(sender, (LISTS / "houses.xlsx").read_bytes(), "houses.xlsx")
    assert batch.kind == "houses"
    lines = sender.get(f"/danh-sach/{batch.pk}/").context["rows"].lines
    assert sum(line["amount"] for line in lines) == batch.counts["amount"] == batch.computed_total
    take(sender, batch)
    take(sender, upload(sender, people(person_row())))
    house = House.objects.order_by("pk").first()
    row = json.loads((LISTS / "houses.xlsx.json").read_text())["rows"][0]
    assert (house.construction, house.cost, house.proposed_by) == (
        row["construction"],
        row["cost_total"],
        unit_officer_a,
    )
    parts = dict(house.funding.values_list("source", "amount"))
    costs = {"fund": row["cost_union"], "family": row.get("cost_family"), "other": row.get("cost_other")}
    assert parts == {source: amount for source, amount in costs.items() if amount}
    assert House.objects.count() == 10
    assert HouseFunding.objects.filter(amount__lte=0).count() == 0


def test_delegates_are_read_and_shown_but_not_taken(sender):
    batch = upload(sender, (LISTS / "delegates.xlsx").read_bytes(), "delegates.xlsx")
    assert (batch.kind, "việc ghi đại biểu vào sự kiện" in shown(sender, batch)) == ("delegates", True)
    sender.post(f"/danh-sach/{batch.pk}/nhan/")
    batch.refresh_from_db()
    assert (batch.state, Person.objects.count()) == (batch.State.READY, 0)


# --- once -------------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_the_same_file_again_changes_nothing(sender, tet):
    content = (LISTS / "plain.xlsx").read_bytes()
    first = take(sender, upload(sender, content, round=tet.pk))
    before = all_rows()
    again = upload(sender, content, round=tet.pk)
    page = shown(sender, again)
    assert (again.same_as, f'href="/danh-sach/{first.pk}/"' in page, "Danh sách này đã nhận ngày" in page) == (
        first,
        True,
        True,
    )
    take(sender, again)
    again.refresh_from_db()
    assert (again.state, all_rows()) == (again.State.READY, before)


def test_the_same_rows_in_another_order_change_nothing(sender, tet):
    rows = [person_row(f"Nguyễn Văn {name}") for name in ("An", "Bình", "Chi", "Dung")]
    first = take(sender, upload(sender, people(*rows), round=tet.pk))
    before = all_rows()
    random.Random(7).shuffle(rows)
    again = upload(sender, people(*rows), round=tet.pk)
    assert again.same_as == first
    take(sender, again)
    assert all_rows() == before


def test_a_list_half_of_it_known_adds_only_the_other_half(sender, tet):
    known, new = person_row("Trần Thị Cũ"), person_row("Trần Thị Mới")
    take(sender, upload(sender, people(known), round=tet.pk))
    batch = upload(sender, people(known, new), round=tet.pk)
    assert [(row.status, row.effect) for row in batch.rows.order_by("position")] == [
        ("warning", "same"),
        ("ready", "new"),
    ]
    take(sender, batch)
    assert (Person.objects.count(), Grant.objects.count(), Household.objects.count(), Hardship.objects.count()) == (
        2,
    ) * 4


def test_pressing_twice_takes_once(sender, tet):
    batch = upload(sender, people(person_row()), round=tet.pk)
    for _ in range(2):
        sender.post(f"/danh-sach/{batch.pk}/nhan/")
    work(batch)
    assert (Job.objects.filter(kind="commit_list").count(), Person.objects.count()) == (1, 1)


def test_reading_or_taking_again_after_a_lost_lease_has_one_effect(sender, tet):
    batch = upload(sender, people(person_row(), person_row("Lê Thị Bình")), round=tet.pk)
    for kind in ("read_list", "commit_list"):
        if kind == "commit_list":
            take(sender, batch)
        before = (all_rows(), StagedRow.objects.count())
        Job.objects.filter(kind=kind).update(state="queued", attempt=1)
        queue.run(Job.objects.get(kind=kind).pk)
        assert (all_rows(), StagedRow.objects.count()) == before


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_officers_taking_the_same_rows_at_once_write_them_once(client_of, unit_officer_a, district_a, tet):
    rows = [person_row(f"Nguyễn Văn {name}") for name in ("An", "Bình", "Chi")]
    batches = []
    for officer, order in ((unit_officer_a, rows), (make_user("donvia2", "unit_officer", district_a), rows[::-1])):
        client = client_of(officer)
        batches.append(upload(client, people(*order), round=tet.pk))
        client.post(f"/danh-sach/{batches[-1].pk}/nhan/")
    jobs = [ListBatch.objects.get(pk=batch.pk).job_id for batch in batches]
    _at_once(jobs)
    states = sorted(ListBatch.objects.values_list("state", flat=True))
    assert (states, Person.objects.count(), Grant.objects.count(), Person.history.count()) == (
        ["committed", "ready"],
        3,
        3,
        3,
    )
    loser = Job.objects.get(kind="commit_list", state="failed")
    assert loser.message.startswith("Danh sách này đã nhận ngày")


def _at_once(job_ids):
    """Runs the jobs in threads of their own that start together."""
    start = threading.Barrier(len(job_ids))

    def run(job_id):
        start.wait()
        queue.run(job_id)
        connection.close()

    threads = [threading.Thread(target=run, args=[job_id]) for job_id in job_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- who is meant -----------------------------------------------------------------------------------------


def changed(sender, *rows, **fields):
    """The effect and changes of the last row of a list, without taking it."""
    row = upload(sender, people(*rows), **fields).rows.order_by("position").last()
    return row.effect, row.changes


def test_a_known_number_is_the_same_person_and_shows_old_and_new(sender, district_a):
    person = make_person(
        district_a, "Nguyễn Văn An", national_id=an_id(1985), birth_date=date(1985, 3, 5), phone="0901234567"
    )
    row = person_row("Nguyễn Văn An", person.national_id, **{"Loại hộ": None, "Hoàn cảnh": None})
    assert changed(sender, row) == ("changed", {"Nơi làm việc": ["", "Công ty May"]})
    take(sender, ListBatch.objects.get())
    person.refresh_from_db()
    assert (person.workplace, person.phone, Person.objects.count()) == ("Công ty May", "0901234567", 1)
    assert list(person.history.values_list("history_type", flat=True)) == ["~", "+"]


@pytest.mark.parametrize("name", ["NGUYỄN VĂN AN", "Nguyen Van An", "An Nguyễn Văn", "Ông Nguyễn  Văn An"])
def test_same_name_and_birth_are_the_same_person_where_one_has_no_number(name, sender, district_a):
    make_person(district_a, "Nguyễn Văn An", birth_date=date(1985, 3, 5))
    number = an_id(1985)
    batch = upload(sender, people(person_row(name, number)))
    assert batch.rows.get().changes["Số CCCD"] == ["", "sẽ bổ sung"]
    take(sender, batch)
    assert Person.objects.get().national_id == number


@pytest.mark.parametrize(("name", "born"), [("Nguyễn Văn An", date(1985, 3, 6)), ("Nguyễn Văn Anh", date(1985, 3, 5))])
def test_another_birth_or_name_is_another_person(name, born, sender, district_a):
    make_person(district_a, name, birth_date=born)
    assert changed(sender, person_row())[0] == "new"


@pytest.mark.parametrize(
    ("year", "status", "text"),
    [
        (1985, "ready", "Tệp chỉ ghi năm sinh; sổ giữ ngày sinh 05/03/1985."),
        (1984, "warning", "Tệp ghi năm sinh 1984 nhưng sổ ghi 05/03/1985 và giữ ngày này; hãy đối chiếu với thẻ."),
    ],
)
def test_a_year_alone_never_replaces_a_full_date(year, status, text, sender, district_a):
    person = make_person(district_a, "Nguyễn Văn An", national_id=(number := an_id(1985)), birth_date=date(1985, 3, 5))
    batch = upload(sender, people(person_row(number=number, **{"Ngày sinh": year})))
    (row,) = batch.rows.all()
    assert (row.status, text in [message["text"] for message in row.messages]) == (status, True)
    take(sender, batch)
    person.refresh_from_db()
    assert (person.birth_date, person.birth_year) == (date(1985, 3, 5), 1985)


def test_same_name_and_birth_with_two_numbers_are_two_people(sender, district_a):
    make_person(district_a, "Nguyễn Văn An", birth_date=date(1985, 3, 5), national_id=an_id(1985))
    assert changed(sender, person_row())[0] == "new"


def test_an_empty_cell_empties_nothing(sender, district_a):
    person = make_person(
        district_a, "Nguyễn Văn An", national_id=an_id(1985), birth_date=date(1985, 3, 5), workplace="Công ty May"
    )
    row = person_row(
        "Nguyễn Văn An", person.national_id, **{"Đơn vị công tác": None, "Loại hộ": None, "Hoàn cảnh": None}
    )
    assert changed(sender, row) == ("same", {})


def test_two_rows_of_one_known_person_count_once(sender, district_a, tet):
    make_person(district_a, "Nguyễn Văn An", birth_date=date(1985, 3, 5))
    rows = [person_row("Nguyễn Văn An", "083085500101"), person_row("Nguyễn Văn An", "083085500102")]
    batch = upload(sender, people(*rows), round=tet.pk)
    assert list(batch.rows.order_by("position").values_list("status", flat=True)) == ["ready", "duplicate"]
    take(sender, batch)
    assert (Person.objects.count(), Grant.objects.count()) == (1, 1)


def test_a_class_of_a_new_year_is_added_beside_the_old(sender, district_a):
    household = make_household(district_a)
    PovertyRecord.objects.create(household=household, year=YEAR - 1, status="poor")
    person = make_person(
        district_a, "Nguyễn Văn An", national_id=an_id(1985), birth_date=date(1985, 3, 5), household=household
    )
    row = person_row("Nguyễn Văn An", person.national_id, **{"Loại hộ": "Hộ cận nghèo"})
    take(sender, upload(sender, people(row)))
    records = household.poverty_records.order_by("year").values_list("year", "status")
    assert list(records) == [(YEAR - 1, "poor"), (YEAR, "near_poor")]


def test_support_of_the_year_is_told(sender, district_a, tet, province, unit_officer_a):
    person = make_person(district_a, "Nguyễn Văn An", national_id=an_id(1985))
    earlier = make_round(province, code="TCN", name="Tháng Công nhân", occasion="workers_month")
    make_grant(earlier, district_a, unit_officer_a, person, cash=700_000, state="paid")
    batch = upload(sender, people(person_row("Nguyễn Văn An", person.national_id)), round=tet.pk)
    assert [message["text"] for message in batch.rows.get().messages] == [
        f"Đã được hỗ trợ trong năm {YEAR}: Tháng Công nhân (700.000 đồng); hãy cân nhắc."
    ]


def test_an_amount_over_the_ceiling_is_an_error(sender, tet):
    batch = upload(sender, people(person_row(**{"Số tiền": 3_000_001})), round=tet.pk)
    row = batch.rows.get()
    assert (row.status, row.effect) == ("error", "none")
    assert [m["text"] for m in row.messages if m["level"] == "error"] == [
        "Số tiền 3.000.001 đồng vượt mức tối đa 3.000.000 đồng một người của đợt “Tết 2026”; hãy sửa số tiền."
    ]


# --- nothing of other units ---------------------------------------------------------------------------------


@pytest.fixture
def known_elsewhere(district_b):
    number = an_id(1985)
    twin = make_person(district_b, "Nguyễn Văn An", national_id=number, birth_date=date(1985, 3, 5), workplace="Bí mật")
    namesake = make_person(district_b, "Lê Thị Bình", birth_date=date(1985, 3, 5), workplace="Bí mật")
    return number, twin, namesake


def _whole_visit(sender, content, tet) -> list[str]:
    """Every answer that the sender gets on the way, with what differs from visit to visit taken out."""
    batch = upload(sender, content, round=tet.pk)
    pages = [shown(sender, batch), shown(sender, batch, "?q=An"), shown(sender, batch, "?status=warning")]
    batch = take(sender, batch)
    pages += [shown(sender, batch), str(batch.counts), batch.job.message]
    pages.append(sender.get("/beneficiaries/listbatch/").content.decode())
    return pages


def test_a_person_known_elsewhere_makes_no_difference_to_the_sender(sender, tet, known_elsewhere, client_of, inspector):
    number, twin, namesake = known_elsewhere
    with_twins = _whole_visit(
        sender, people(person_row("Nguyễn Văn An", number), person_row("Lê Thị Bình", "083185500777")), tet
    )
    for model in (DuplicateCase, Grant, Hardship, Person, Household, StagedRow, ListBatch):
        model.objects.all().delete()
    alone = _whole_visit(
        sender, people(person_row("Nguyễn Văn An", number), person_row("Lê Thị Bình", "083185500777")), tet
    )
    variable = re.compile(
        r"danh-sach/\d+(/dong/\d+)?|upload_list/\d+|person/\d+|name=\"csrfmiddlewaretoken\" value=\"\w+\"|\d\d:\d\d|csrfToken[^,]*|nonce[^ ]*|\d{6,}"
    )
    assert [variable.sub("", page) for page in with_twins] == [variable.sub("", page) for page in alone]
    assert [page for page in with_twins if "Bí mật" in page] == []


def test_a_person_known_elsewhere_becomes_a_case_for_the_province(
    sender, tet, known_elsewhere, inspector, unit_officer_a
):
    number, twin, namesake = known_elsewhere
    take(
        sender,
        upload(
            sender, people(person_row("Nguyễn Văn An", number), person_row("Lê Thị Bình", an_id(1985, female=True)))
        ),
    )
    own = {person.full_name: person for person in Person.objects.filter(unit=unit_officer_a.unit)}
    found = {(case.first, case.second, case.reason) for case in DuplicateCase.objects.for_user(fresh(inspector))}
    assert found == {(twin, own["Nguyễn Văn An"], "id"), (namesake, own["Lê Thị Bình"], "name")}
    assert list(DuplicateCase.objects.for_user(fresh(unit_officer_a))) == []
    assert (twin.history.count(), twin.unit.people.count()) == (1, 2)


def test_an_old_number_means_its_holder_and_a_new_one_keeps_the_old(sender, tet, district_a):
    """A list may still have the CMND; a CCCD that comes takes its place, the other way round nothing changes."""
    old, new = "320500123", an_id(1985)
    person = make_person(district_a, "Nguyễn Văn An", birth_date=date(1985, 3, 5), national_id=old)
    take(sender, upload(sender, people(person_row(number=new, **{"Hoàn cảnh": "Ốm đau"})), round=tet.pk))
    assert Person.objects.count() == 2  # another number is another human until somebody says otherwise
    person = Person.objects.get(pk=person.pk)
    person.national_id = "083085500999"
    person.save()
    take(sender, upload(sender, people(person_row(number=old, **{"Số tiền": 700_000})), "lan-hai.xlsx", round=tet.pk))
    person.refresh_from_db()
    assert (Person.objects.count(), person.national_id, person.grants.count()) == (2, "083085500999", 1)


def test_a_row_of_somebody_who_died_or_left_is_not_taken(sender, tet, district_a, officer):
    number = an_id(1985)
    person = make_person(district_a, "Nguyễn Văn An", birth_date=date(1985, 3, 5), national_id=number)
    person.die(officer, on=date(2026, 1, 5))
    batch = upload(sender, people(person_row(number=number)), round=tet.pk)
    assert "Sổ của đơn vị ghi người này đã mất ngày 05/01/2026 nên không nhận dòng này" in shown(sender, batch)
    assert list(batch.rows.values_list("status", flat=True)) == ["error"]


def test_another_units_list_is_not_found(sender, client_of, unit_officer_b):
    batch = upload(sender, people(person_row()))
    stranger = client_of(unit_officer_b)
    for path in ("", "cac-cot/", "nhan/", "tra-lai/", "bo/", "hoan-tac/"):
        answer = stranger.post if path else stranger.get
        assert answer(f"/danh-sach/{batch.pk}/{path}").status_code == 404
    assert stranger.get(f"/tep/{batch.file_id}/").status_code == 404
    batch.refresh_from_db()
    assert batch.state == batch.State.READY


def test_a_unit_officer_sends_for_no_other_unit(sender, district_b):
    response = send(sender, people(person_row()), unit=district_b.pk)
    assert (response.status_code, ListBatch.objects.count()) == (400, 0)


def test_numbers_stand_encrypted_in_staging(sender):
    number = an_id(1985)
    batch = upload(sender, people(person_row("Nguyễn Văn An", number)))
    with connection.cursor() as cursor:
        stored = []
        for model in (StagedRow, ListBatch):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            stored += [str(row) for row in cursor.fetchall()]
    assert [row for row in stored if number in row] == []
    page = shown(sender, batch)
    assert (number in page, f"{number[:3]}*****{number[-4:]}" in page) == (False, True)


# --- refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp rỗng"),
        (b"<html>khong phai</html>", "không phải bảng tính"),
        (workbook([["Chỉ có chữ", "không có tiêu đề"], ["a", "b"]]).getvalue(), "Không tìm thấy dòng tiêu đề"),
        (workbook([HEADINGS]).getvalue(), "Không có dữ liệu"),
    ],
    ids=["empty", "not-a-workbook", "no-header", "no-rows"],
)
def test_a_file_that_can_not_be_read_is_one_sentence_and_one_event(content, words, sender):
    before = all_rows()
    batch = upload(sender, content)
    assert (batch.state, words in batch.messages[0]["text"], len(batch.messages)) == (batch.State.REFUSED, True, 1)
    assert batch.messages[0]["text"] in shown(sender, batch).replace("&quot;", '"')
    assert (all_rows(), batch.rows.count(), batch.job.state) == (before, 0, Job.State.FAILED)
    assert AuditEvent.objects.filter(action="refuse", subject_id=str(batch.pk)).count() == 1


def test_a_value_in_the_last_cell_is_refused_and_the_worker_lives(sender):
    book = openpyxl.load_workbook(io.BytesIO(people(person_row())))
    book.active["XFD1048576"] = 1
    content = io.BytesIO()
    book.save(content)
    batch = upload(sender, content.getvalue())
    assert (batch.state, "tận cột XFD" in batch.messages[0]["text"]) == (batch.State.REFUSED, True)


def test_a_title_that_names_another_unit_is_told_once(sender, district_b):
    rows = [["LIÊN ĐOÀN LAO ĐỘNG HUYỆN BÌNH"], [], HEADINGS, person_row()]
    batch = upload(sender, workbook(rows).getvalue())
    assert [message["text"] for message in batch.messages] == [
        "Tiêu đề tệp ghi “LIÊN ĐOÀN LAO ĐỘNG HUYỆN BÌNH” nhưng danh sách gửi cho LĐLĐ huyện An; hãy kiểm tra đơn vị."
    ]


def test_a_file_over_ten_megabytes_never_reaches_the_disk(sender):
    response = send(sender, b"x" * (10 * 1024 * 1024 + 200_000))
    errors = response.context["form"].errors["file"]
    assert (response.status_code, errors) == (
        413,
        ["Tệp lớn hơn 10 MB nên không được nhận; hãy bỏ ảnh và các trang thừa, hoặc chia thành nhiều tệp."],
    )
    assert (StoredFile.objects.count(), AuditEvent.objects.filter(action="refuse").count()) == (0, 1)


def test_without_a_file_the_form_asks_for_one_and_keeps_the_rest(sender, tet):
    response = sender.post("/danh-sach/tai-len/", {"year": 2025, "round": tet.pk, **_unit_of(sender)})
    form = response.context["form"]
    assert (response.status_code, form.errors["file"]) == (
        400,
        ["Chưa chọn tệp; hãy chọn hoặc kéo tệp danh sách vào khung."],
    )
    assert (form["year"].value(), form["round"].value()) == ("2025", str(tet.pk))


def test_uploads_of_an_hour_are_limited_per_user(sender, settings, client_of, officer, district_a):
    settings.UPLOADS_PER_HOUR = 2
    statuses = [send(sender, people(person_row())).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]
    other = client_of(officer).post(
        "/danh-sach/tai-len/",
        {"file": SimpleUploadedFile("a.xlsx", people(person_row())), "year": YEAR, "unit": district_a.pk},
    )
    assert other.status_code == 302


def test_a_closed_round_takes_no_list(sender, tet, officer):
    tet.close(fresh(officer))
    assert send(sender, people(person_row()), round=tet.pk).status_code == 400


def test_a_round_closed_meanwhile_or_a_right_lost_stops_the_commit(sender, tet, officer, unit_officer_a):
    batch = upload(sender, people(person_row()), round=tet.pk)
    sender.post(f"/danh-sach/{batch.pk}/nhan/")
    tet.close(fresh(officer))
    batch = work(batch)
    assert (batch.state, batch.job.message) == (batch.State.READY, "Đợt “Tết 2026” không còn nhận đề nghị.")
    other = upload(sender, people(person_row("Lê Thị Bình")))
    sender.post(f"/danh-sach/{other.pk}/nhan/")
    unit_officer_a.appointments.update(valid_from="2020-01-01", valid_to="2020-12-31")
    assert (work(other).job.state, Person.objects.count()) == (Job.State.FAILED, 0)


def test_who_may_approve_can_not_take_a_list_with_proposals_that_another_sent(sender, tet, officer, client_of):
    """Else the taker of the list would be a maker that the approval does not know of."""
    batch = upload(sender, people(person_row()), round=tet.pk)
    client = client_of(officer)
    assert "Nhận 1 dòng" not in shown(client, batch)
    client.post(f"/danh-sach/{batch.pk}/nhan/")
    batch.refresh_from_db()
    assert (batch.state, Grant.objects.count()) == (batch.State.READY, 0)


# --- columns ------------------------------------------------------------------------------------------------

TWICE = [["STT", "Họ và tên", "Số CCCD", "Số CCCD"], [1, "Nguyễn Văn An", "083085500201", "083085500202"]]


def test_two_columns_of_one_field_are_asked_about_before_anything_is_taken(sender):
    batch = upload(sender, workbook(TWICE).getvalue())
    page = shown(sender, batch)
    assert ("Có nhiều cột cùng là một mục" in page, "Nhận 1 dòng" in page) == (True, False)


def test_a_corrected_column_is_read_anew_and_remembered_for_the_unit(sender, district_a):
    rows = [["STT", "Họ và tên", "Năm sinh", "Thông tin thêm"], [1, "Nguyễn Văn An", 1985, "Công ty May"]]
    batch = upload(sender, workbook(rows).getvalue())
    place = next(i for i, column in enumerate(batch.columns) if column["header"] == "Thông tin thêm")
    sender.post(f"/danh-sach/{batch.pk}/cac-cot/", {f"column_{place}": "workplace"})
    batch = work(batch)
    assert (batch.state, batch.rows.get().values["workplace"]) == (batch.State.READY, "Công ty May")
    assert list(ColumnMemory.objects.values_list("unit", "field")) == [(district_a.pk, "workplace")]
    next_one = upload(sender, workbook([rows[0], [1, "Lê Thị Bình", 1990, "Xí nghiệp Gỗ"]]).getvalue())
    assert next_one.rows.get().values["workplace"] == "Xí nghiệp Gỗ"


def test_a_guess_is_called_one_until_the_officer_lets_it_stand(sender):
    rows = [["STT", "Họ và tên", "Năm sinh", "Hoàn cảnh gia đìnhh"], [1, "Nguyễn Văn An", 1985, "Bệnh nan y"]]
    batch = upload(sender, workbook(rows).getvalue())
    assert "1 cột chưa chắc" in shown(sender, batch)
    sender.post(f"/danh-sach/{batch.pk}/cac-cot/", {f"column_{i}": c["field"] for i, c in enumerate(batch.columns)})
    assert "chưa chắc</span>" not in shown(sender, work(batch))
    assert ColumnMemory.objects.get().field == "hardship"
    assert "chưa chắc</span>" not in shown(sender, upload(sender, workbook(rows).getvalue()))


def test_a_wording_added_by_the_province_counts_for_every_unit(sender, client_of, officer):
    rows = [["STT", "Họ và tên", "Năm sinh", "Xưởng gốc"], [1, "Nguyễn Văn An", 1985, "Công ty May"]]
    form = client_of(officer).get("/beneficiaries/columnalias/add/").content.decode()
    assert '<option value="workplace">Đơn vị công tác</option>' in form
    assert "workplace" not in upload(sender, workbook(rows).getvalue()).rows.get().values
    client_of(officer).post("/beneficiaries/columnalias/add/", {"alias": "Xưởng gốc", "field": "workplace"})
    batch = upload(sender, workbook(rows).getvalue())
    assert batch.rows.get().values["workplace"] == "Công ty May"


def test_a_field_that_is_not_offered_is_not_taken(sender):
    batch = upload(sender, people(person_row()))
    sender.post(f"/danh-sach/{batch.pk}/cac-cot/", {"column_1": "is_superuser"})
    batch.refresh_from_db()
    assert (batch.state, ColumnMemory.objects.count()) == (batch.State.READY, 0)


# --- the preview --------------------------------------------------------------------------------------------


def test_the_preview_filters_by_status_and_finds_by_name_and_number(sender):
    number = an_id(1985)
    wrong = person_row("Trần Thị Cúc", **{"Ngày sinh": "31/02/1985"})
    batch = upload(sender, people(person_row("Nguyễn Văn An", number), wrong))
    pages = {
        query: shown(sender, batch, query)
        for query in ("?status=error", "?status=ready", "?q=tran cuc", f"?q={number}")
    }
    names = {
        query: [name for name in ("Nguyễn Văn An", "Trần Thị Cúc") if f"<strong>{name}</strong>" in page]
        for query, page in pages.items()
    }
    assert list(names.values()) == [["Trần Thị Cúc"], ["Nguyễn Văn An"], ["Trần Thị Cúc"], ["Nguyễn Văn An"]]
    searches = AuditEvent.objects.filter(action="search")
    assert (searches.count(), number in str(list(searches.values()))) == (2, False)


def test_long_lists_come_in_pages(sender):
    batch = upload(
        sender, people(*[person_row(f"Nguyễn Văn {chr(65 + i % 26)}{chr(97 + i // 26)}") for i in range(60)])
    )
    first, second = shown(sender, batch), shown(sender, batch, "?page=2")
    assert (first.count('data-label="Vị trí"'), second.count('data-label="Vị trí"')) == (50, 10)


def test_a_dropped_list_leaves_no_rows(sender):
    batch = upload(sender, people(person_row()))
    sender.post(f"/danh-sach/{batch.pk}/bo/")
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count(), Person.objects.count()) == (batch.State.DISCARDED, 0, 0)


def test_nothing_happens_by_get(sender):
    batch = upload(sender, people(person_row()))
    assert [
        sender.get(f"/danh-sach/{batch.pk}/{path}/").status_code for path in ("nhan", "bo", "tra-lai", "cac-cot")
    ] == [405] * 4


def test_a_list_waiting_for_its_officer_is_on_the_to_do_list(sender, client_of, unit_officer_b):
    upload(sender, people(person_row()))
    words = "danh sách đã đọc xong, chờ kiểm tra và nhận"
    assert (
        words in sender.get("/").content.decode(),
        words in client_of(unit_officer_b).get("/").content.decode(),
    ) == (True, False)


def test_staging_is_purged_a_day_after_the_commit(sender):
    batch = take(sender, upload(sender, people(person_row())))
    purge_staging()
    assert batch.rows.count() == 1
    ListBatch.objects.filter(pk=batch.pk).update(committed_at=timezone.now() - timedelta(hours=25))
    purge_staging()
    row = batch.rows.get()
    assert (row.values, row.cells, row.full_name, row.person) == ({}, "", "", Person.objects.get())
    assert sender.get(f"/danh-sach/{batch.pk}/").status_code == 200


# --- undone -------------------------------------------------------------------------------------------------


def undo(client, batch) -> ListBatch:
    """Presses "Hoàn tác" and lets the job take everything back."""
    assert client.post(f"/danh-sach/{batch.pk}/hoan-tac/").status_code == 302
    return work(batch)


def contents() -> list:
    """What the ledger holds now, without when it was written."""
    kept = {Person: ["full_name", "workplace", "id_hash", "household"], PovertyRecord: ["household", "year", "status"],
            Household: ["head_name", "size"], Hardship: ["person", "kind"], Grant: ["person", "cash"], House: ["cost"],
            HouseFunding: ["amount"], DuplicateCase: ["first", "second"]}  # fmt: skip
    return [sorted(model.objects.values_list("pk", *names)) for model, names in kept.items()]


@pytest.mark.engine
def test_undoing_leaves_the_ledger_as_it_was(sender, tet, district_a, known_elsewhere):
    household = make_household(district_a, size=2)
    PovertyRecord.objects.create(household=household, year=YEAR, status="poor")
    old = make_person(district_a, "Trần Thị Cũ", national_id=an_id(1985), household=household, workplace="Nơi cũ")
    before = contents()
    rows = [
        person_row("Trần Thị Cũ", old.national_id, **{"Loại hộ": "Hộ cận nghèo"}),
        person_row("Lê Văn Mới", known_elsewhere[0]),
    ]
    batch = take(sender, upload(sender, people(*rows), round=tet.pk))
    assert contents() != before
    assert (undo(sender, batch).state, contents()) == (batch.State.UNDONE, before)
    old.refresh_from_db()
    assert (old.national_id != "", list(old.history.values_list("history_type", flat=True))) == (True, ["~", "~", "+"])


def test_a_list_is_undone_once_and_its_page_waits(sender, tet, unit_officer_a, officer, client_of):
    batch = take(sender, upload(sender, people(person_row()), round=tet.pk))
    page = f"/danh-sach/{batch.pk}/"
    for _ in range(2):
        sender.post(f"{page}hoan-tac/")
    assert Job.objects.filter(kind="undo_list").count() == 1
    assert sender.get(page, headers={"HX-Request": "true"}).status_code == 204
    assert "Đang hoàn tác" in shown(client_of(officer), batch)
    assert work(batch).state == batch.State.UNDONE
    assert (Person.objects.count(), Job.objects.get(kind="undo_list").state) == (0, "done")
    Job.objects.filter(kind="undo_list").update(state="queued")
    before = contents()
    work(batch)
    assert (contents(), Job.objects.get(kind="undo_list").state) == (before, "failed")


def test_an_undo_that_fails_says_why_and_leaves_the_list_taken(sender, tet, officer):
    batch = take(sender, upload(sender, people(person_row()), round=tet.pk))
    Grant.objects.first().appraise(fresh(officer))
    undo(sender, batch)
    page = shown(sender, batch)
    assert "Có 1 khoản hỗ trợ đã được sửa hoặc xét duyệt sau khi nhận danh sách nên không hoàn tác được." in page
    assert (batch.state, "Chạy lại" in page) == (batch.State.COMMITTED, True)


def test_an_undo_asks_anew_who_may_when_it_runs(sender, tet, unit_officer_a):
    batch = take(sender, upload(sender, people(person_row()), round=tet.pk))
    sender.post(f"/danh-sach/{batch.pk}/hoan-tac/")
    unit_officer_a.appointments.update(valid_from="2020-01-01", valid_to="2020-12-31")
    assert (work(batch).state, Person.objects.count()) == (batch.State.COMMITTED, 1)


def test_undone_houses_leave_nothing(sender):
    batch = take(sender, upload(sender, (LISTS / "houses.xlsx").read_bytes(), "houses.xlsx"))
    assert (undo(sender, batch).state, contents()) == (batch.State.UNDONE, [[]] * 8)


def test_an_undone_list_can_be_taken_again(sender, tet):
    content = people(person_row())
    undo(sender, take(sender, upload(sender, content, round=tet.pk)))
    assert (take(sender, upload(sender, content, round=tet.pk)).state, Person.objects.count()) == ("committed", 1)


def test_what_something_depends_on_is_not_undone(sender, tet, officer, province, unit_officer_a):
    batch = take(sender, upload(sender, people(person_row(), person_row("Lê Thị Bình")), round=tet.pk))
    Grant.objects.first().appraise(fresh(officer))
    before = contents()
    assert (undo(sender, batch).state, contents()) == (batch.State.COMMITTED, before)
    other = take(sender, upload(sender, people(person_row("Phan Văn Khác"))))
    person = Person.objects.get(full_name="Phan Văn Khác")
    make_grant(make_round(province, code="TCN"), person.unit, unit_officer_a, person)
    assert undo(sender, other).state == other.State.COMMITTED
    third = take(sender, upload(sender, people(person_row("Đỗ Văn Sửa"))))
    person = Person.objects.get(full_name="Đỗ Văn Sửa")
    person.phone = "0912345678"
    person.save()
    assert undo(sender, third).state == third.State.COMMITTED


def test_a_choice_that_leaves_nobody_is_taken_back_and_locks_no_later_file_out(sender):
    batch = upload(sender, people(person_row()))
    place = next(n for n, column in enumerate(batch.columns) if column["field"] == "full_name")
    sender.post(f"/danh-sach/{batch.pk}/cac-cot/", {f"column_{place}": ""})
    batch = work(batch)
    assert (batch.state, [row.full_name for row in batch.rows.all()]) == ("ready", ["Nguyễn Văn An"])
    assert batch.messages[0]["text"].startswith("Theo cách chọn cột trước đây thì danh sách không còn dòng nào")
    assert upload(sender, people(person_row(), person_row("Lê Thị Bình"))).counts["rows"] == 2


# --- the marked file ----------------------------------------------------------------------------------------


def marked(sender, batch):
    """The workbook that comes back."""
    sender.post(f"/danh-sach/{batch.pk}/tra-lai/")
    job = Job.objects.get(kind="return_list")
    queue.run(job.pk)
    job.refresh_from_db()
    response = sender.get(f"/tep/{job.result_id}/")
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def test_the_file_comes_back_with_its_bad_cells_marked(sender):
    batch = upload(sender, (LISTS / "faults.xlsx").read_bytes(), "faults.xlsx")
    sheet = marked(sender, batch).active
    original = openpyxl.load_workbook(LISTS / "faults.xlsx").active
    assert (sheet["C3"].fill.start_color.rgb, sheet["C3"].comment.text) == (
        "FFF8B4B4",
        "Ngày sinh “31/02/1985” không có trong lịch; hãy ghi ngày/tháng/năm, ví dụ 05/03/1985.",
    )
    last = original.max_column + 1
    assert (sheet.cell(1, last).value, sheet.cell(2, last).value) == ("Kết quả kiểm tra", "Hợp lệ")
    assert sheet.cell(3, last).value.startswith("Lỗi, chưa nhận: Ngày sinh")
    for row in original.iter_rows():
        for cell in row:
            assert (sheet[cell.coordinate].value, sheet[cell.coordinate].font.b) == (cell.value, cell.font.b)


def test_other_formats_come_back_as_a_workbook_without_formulas(sender):
    lines = ["STT,Họ và tên,Năm sinh,Ghi chú", "1,Nguyễn Văn An,1985,=1+1", "2,Trần Thị Cúc,31/02/1985,@x"]
    batch = upload(sender, "\n".join(lines).encode(), "danh-sach.csv")
    sheet = marked(sender, batch).active
    assert [cell.value for cell in sheet[2]][:4] == ["1", "Nguyễn Văn An", "1985", "=1+1"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_a_marked_file_that_failed_can_be_asked_for_again(sender):
    batch = upload(sender, people(person_row()))
    ask = f"/danh-sach/{batch.pk}/tra-lai/"
    first = sender.post(ask)["Location"]
    assert sender.post(ask)["Location"] == first
    Job.objects.filter(kind="return_list").update(state=Job.State.FAILED)
    assert sender.post(ask)["Location"] == sender.post(ask)["Location"] != first


def test_a_workbook_that_can_not_be_written_again_comes_back_as_a_plain_one(sender):
    file = io.BytesIO(people(person_row(), person_row("Lê Văn Ba", **{"Ngày sinh": "31/02/1990"})))
    styles = part(file, "xl/styles.xml").replace(b'patternType="gray125"', b'patternType="rainbow"')
    assert b"rainbow" in styles
    sheet = marked(sender, upload(sender, repacked(file, {"xl/styles.xml": styles}).getvalue())).active
    column = HEADINGS.index("Ngày sinh") + 1
    assert (sheet.cell(3, column).value, sheet.cell(3, column).fill.start_color.rgb) == ("31/02/1990", "FFF8B4B4")
    assert sheet.cell(3, sheet.max_column).value.startswith("Lỗi, chưa nhận")


@pytest.mark.parametrize(
    "note", ["a\x01b", "_x0001_", "x" * 40_000, "=1+1"], ids=["control", "escape", "long", "formula"]
)
def test_no_cell_keeps_the_marked_file_from_being_made(note, sender):
    lines = ["STT,Họ và tên,Năm sinh,Ghi chú", f"1,Nguyễn Văn An,1985,{note}"]
    sheet = marked(sender, upload(sender, "\n".join(lines).encode(), "danh-sach.csv")).active
    assert sheet["B2"].value == "Nguyễn Văn An"
    assert sheet["E1"].value == "Kết quả kiểm tra"


def test_a_sheet_of_a_name_that_no_xlsx_may_have_comes_back_marked(sender):
    cells = [["STT", "Họ và tên", "Năm sinh"], ["1", "Nguyễn Văn An", "31/02/1990"]]
    file = opendocument("".join(opendocument_row(*row) for row in cells))
    name = "Quý I/2026: danh sách [chính thức] của đơn vị"
    content = part(file, "content.xml").replace('table:name="Danh sách"'.encode(), f'table:name="{name}"'.encode())
    sheet = marked(sender, upload(sender, repacked(file, {"content.xml": content}).getvalue(), "danh-sach.ods")).active
    assert (sheet.title, sheet["D2"].value.split(":")[0]) == ("Quý I-2026- danh sách -chính th", "Lỗi, chưa nhận")


def test_the_preview_shows_the_unit_that_a_group_names(sender, district_a):
    make_unit("A1", "CĐCS Công ty TNHH Giày", kind="grassroots", parent=district_a)
    rows = [HEADINGS, ["I. Công đoàn cơ sở Cty TNHH Giày"], [1, *person_row()[1:]], ["II. Khối trường học"], [2, *person_row("Lê Thị Bình", "083186500102")[1:]]]  # fmt: skip
    page = shown(sender, upload(sender, workbook(rows).getvalue()))
    assert (page.count("CĐCS Công ty TNHH Giày · "), page.count("Khối trường học · ")) == (1, 1)


# --- no query per row ---------------------------------------------------------------------------------------


def _queries(batch_job) -> int:
    """Without the renewals of the job's lease, which a slow child process asks for once a second."""
    with CaptureQueriesContext(connection) as captured:
        queue.run(batch_job)
    return sum('SET "lease_until"' not in query["sql"] for query in captured)


@pytest.mark.parametrize("known", [False, True])
def test_reading_and_taking_cost_the_same_queries_for_three_rows_and_forty(known, sender, tet, district_a):
    User.objects.system()  # made once, by whoever first needs it
    counts = []
    for size in (3, 40):
        rows = [person_row(f"Nguyễn Thị {chr(65 + place % 26)}{chr(97 + place // 26)}") for place in range(size)]
        if known:
            for row in rows:
                make_person(district_a, row[1], national_id=row[3], birth_date=date(1985, 3, 5), phone="0900000000")
        response = send(sender, people(*rows), round=tet.pk)
        batch = ListBatch.objects.latest("pk")
        assert response.status_code == 302
        reading = _queries(batch.job_id)
        sender.post(f"/danh-sach/{batch.pk}/nhan/")
        batch.refresh_from_db()
        counts.append((reading, _queries(batch.job_id)))
        assert ListBatch.objects.get(pk=batch.pk).state == "committed"
    assert counts[0] == counts[1]


# --- addresses and fields nobody offers ---------------------------------------------------------------


@pytest.mark.parametrize("year", ["99999", "9" * 20, "2014"])
def test_a_year_out_of_bounds_is_asked_for_again(year, sender):
    response = send(sender, people(person_row()), year=year)
    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["year"]
    assert not ListBatch.objects.exists()


@pytest.mark.parametrize("asked", ["----" + "x" * 32, "\0" * 36, "0" * 36])
def test_a_job_that_is_no_key_shows_no_file(asked, sender):
    batch = upload(sender, people(person_row()))
    for address in (f"/danh-sach/{batch.pk}/", "/danh-sach/tai-len/"):
        assert sender.get(address, {"tep": asked}).status_code == 200
