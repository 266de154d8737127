"""Inspections: plan, decision, a sample by chance with its calls, findings, money that comes back, closure."""

import csv
import io
import random
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from beneficiaries.inspections.sampling import drawn, paid_rows, shares
from beneficiaries.inspections.todo import waiting
from beneficiaries.models import Finding, FindingKind, FundEntry, Inspection, InspectionPlan, SampleRow
from tests.factories import (
    fresh,
    make_feedback,
    make_fund,
    make_grant,
    make_person,
    make_round,
    make_unit,
    make_user,
)
from welfare.documents.docx import render_docx
from welfare.documents.printing import make_document
from welfare.documents.rendering import render_html
from welfare.models import AuditEvent, Document, StoredFile
from welfare.states import Refused
from welfare.units.models import today

LIST, FINDINGS = "/beneficiaries/inspection/", "/beneficiaries/finding/"
DAYS_AGO = [timedelta(days=days) for days in range(31)]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": storage}


@pytest.fixture
def inspector2(province):
    return make_user("kiemtra2", "inspector", province)


@pytest.fixture
def fund(province, finance):
    return make_fund(province, balance=10**9, by=finance)


@pytest.fixture
def paid(district_a, district_b, province, officer, leader, finance, fund):
    """Nine grants paid in district A, three in B; one of A that has no names, one not paid."""
    round_ = make_round(province)
    grants = [
        _grant(round_, district_a, officer, make_person(district_a, f"Người A {n}", phone="0900")) for n in range(9)
    ]
    grants += [_grant(round_, district_b, officer, make_person(district_b, f"Người B {n}")) for n in range(3)]
    grants.append(_grant(round_, district_a, officer, None, people_count=40, cash=20_000_000))
    round_.grants.approve(leader, decision_number="01/QĐ")
    round_.grants.pay(finance, fund=fund)
    _grant(round_, district_a, officer, make_person(district_a, "Chưa Chi"))
    for grant in grants:
        grant.refresh_from_db()
    return grants


def _grant(round_, unit, by, person, **fields):
    return make_grant(round_, unit, by, person, proposed_on=today() - DAYS_AGO[20], **fields)


def plan_one(units, by, *, with_head=True, **fields):
    day = today()
    fields = {
        "subject": "việc chi hỗ trợ Tết", "period_from": day - DAYS_AGO[30], "period_to": day, "starts_on": day, "ends_on": day,
        "planned_on": day - DAYS_AGO[5], **fields,
    }  # fmt: skip
    row = Inspection.objects.create(unit=by.unit, created_by=by, **fields)
    row.units.set(units)
    if with_head:
        row.members.create(full_name="Lê Văn Trưởng", part="head", user=by)
    return row


@pytest.fixture
def inspection(paid, district_a, district_b, inspector):
    row = plan_one([district_a, district_b], inspector)
    row.decide(inspector, number="07")
    row.start(inspector)
    return row


def call_all(row, by):
    for each in row.sample.all():
        row.record_call(by, each, reached="yes", received="all")


def minutes(row, by):
    row.record_minutes(
        by, minutes_on=today(), minutes_place="Văn phòng", minutes_present="Đoàn", minutes_text="Đã xem sổ"
    )


def find(row, unit, by, *, money=0, **fields):
    kind = FindingKind.objects.get(code="short")
    fields = {"text": "Bớt tiền", "answer_by": today() + DAYS_AGO[10], **fields}
    return Finding.objects.create(inspection=row, unit=unit, kind=kind, written_by=by, to_recover=money, **fields)


@pytest.fixture
def issued(inspection, district_a, inspector):
    finding = find(inspection, district_a, inspector, money=1_000_000)
    finding.issue(inspector)
    return finding


def opening(client, file) -> int:
    response = client.get(file)
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response.status_code


def text(response) -> str:
    return response.content.decode()


# Who --------------------------------------------------------------------------------------------


def test_leaders_and_inspectors_read_inspections_and_nobody_else_does(
    inspection, leader, inspector, officer, finance, unit_officer_a, administrator, client_of
):
    everyone = (leader, inspector, officer, finance, unit_officer_a, administrator)
    for address in (f"{LIST}{inspection.pk}/change/", "/kiem-tra/", f"/kiem-tra/{inspection.pk}/goi-dien/"):
        statuses = [client_of(user).get(address).status_code for user in everyone]
        assert (address, statuses) == (address, [200, 200, 403, 403, 403, 403])


def test_the_inspection_writes_its_own_room_and_no_unit_row(district_a, inspector, client_of):
    client, person = client_of(inspector), make_person(district_a, "Lê Thị Yên")
    assert client.get(f"{LIST}add/").status_code == 200
    assert not inspector.reach.may_write(district_a.pk)
    pages = ["person/add/", "grant/add/", "house/add/", "visit/add/", "fundentry/add/", "grantround/add/"]
    assert [client.get(f"/beneficiaries/{page}").status_code for page in pages] == [403] * len(pages)
    client.post(f"/beneficiaries/person/{person.pk}/change/", {"full_name": "Đã Bị Sửa"})
    person.refresh_from_db()
    assert person.full_name == "Lê Thị Yên"


def test_leaders_read_inspections_and_write_none(inspection, leader, officer, client_of):
    assert client_of(leader).get(f"{LIST}add/").status_code == 403
    assert client_of(leader).get(f"/kiem-tra/{inspection.pk}/chon-mau/").status_code == 403
    for user in (leader, officer):
        with pytest.raises(Refused, match="không có quyền"):
            inspection.draw(user, count=3)


def test_a_unit_sees_its_own_finding_once_issued_and_never_anothers(
    inspection, district_a, inspector, unit_officer_a, unit_officer_b, officer, client_of
):
    finding = find(inspection, district_a, inspector)
    page, answer = f"{FINDINGS}{finding.pk}/change/", f"/kiem-tra/ket-qua/{finding.pk}/giai-trinh/"

    def statuses(address):
        return [client_of(user).get(address).status_code for user in (unit_officer_a, officer, unit_officer_b)]

    assert (statuses(page), client_of(unit_officer_a).get(answer).status_code) == ([404, 404, 404], 404)
    finding.issue(inspector)
    assert (statuses(page), statuses(answer)) == ([200, 200, 404], [200, 403, 404])
    assert client_of(unit_officer_b).post(answer, {"answer": "Không phải tôi"}).status_code == 404
    assert "Bớt tiền" not in text(client_of(unit_officer_b).get(FINDINGS))
    finding.refresh_from_db()
    assert finding.answer == ""


# Plan and decision ------------------------------------------------------------------------------


def test_the_year_plan_is_approved_by_a_leader_and_takes_no_more_then(
    province, district_a, inspector, leader, client_of
):
    plan = InspectionPlan.objects.create(unit=province, year=2026, title="Kế hoạch kiểm tra 2026", created_by=inspector)
    with pytest.raises(Refused, match="chưa có cuộc kiểm tra nào"):
        plan.approve(leader)
    plan_one([district_a], inspector, plan=plan)
    assert [item.text for item in waiting(leader) if item.count] == ["kế hoạch kiểm tra chờ duyệt"]
    with pytest.raises(Refused, match="không có quyền"):
        plan.approve(inspector)
    plan.approve(leader)
    assert (plan.state, plan.approved_by) == ("approved", leader)
    given = _form(district_a) | {"plan": plan.pk}
    assert "đã duyệt nên không thêm" in text(client_of(inspector).post(f"{LIST}add/", given))
    assert Inspection.objects.count() == 1


def _form(unit):
    day = f"{today():%d/%m/%Y}"
    return {
        "subject": "việc chi quỹ", "units": [unit.pk], "starts_on": day, "ends_on": day, "period_from": day, "period_to": day,
        "with_grants": "on", "members-TOTAL_FORMS": 1, "members-INITIAL_FORMS": 0, "members-MIN_NUM_FORMS": 0,
        "members-MAX_NUM_FORMS": 50, "members-0-full_name": "Lê Văn Trưởng", "members-0-part": "head",
    }  # fmt: skip


def test_an_inspection_is_opened_from_a_feedback_with_its_team(district_a, inspector, client_of):
    feedback = make_feedback(district_a, kind="profiteering")
    client = client_of(inspector)
    link = f"{LIST}add/?feedback={feedback.pk}"
    assert link in text(client.get(f"/beneficiaries/feedback/{feedback.pk}/change/"))
    assert f"Phản ánh số {feedback.pk}" in text(client.get(link))
    client.post(link, _form(district_a) | {"feedback": feedback.pk})
    row = Inspection.objects.get()
    assert (row.feedback, row.created_by, row.head, [*row.units.all()]) == (
        feedback,
        inspector,
        "Lê Văn Trưởng",
        [district_a],
    )
    assert str(row) in text(client.get(f"/beneficiaries/feedback/{feedback.pk}/change/"))


def test_a_decision_needs_a_head_and_a_number_of_its_own(district_a, inspector):
    row = plan_one([district_a], inspector, with_head=False)
    with pytest.raises(Refused, match="đúng một trưởng đoàn"):
        row.decide(inspector, number="07")
    row.members.create(full_name="Lê Văn Trưởng", part="head")
    row.decide(inspector, number="07")
    assert (row.state, row.decision.number_and_symbol) == ("decided", "07/QĐ-UBKT")
    other = plan_one([district_a], inspector)
    with pytest.raises(Refused, match="đã ghi cho “Kiểm tra việc chi hỗ trợ Tết”"):
        other.decide(inspector, number="7")
    assert Document.objects.count() == 1


def test_what_is_decided_is_not_edited_any_more(inspection, district_a, inspector, client_of):
    client_of(inspector).post(f"{LIST}{inspection.pk}/change/", _form(district_a) | {"subject": "khác"})
    inspection.refresh_from_db()
    assert inspection.subject == "việc chi hỗ trợ Tết"


# The sample -------------------------------------------------------------------------------------


def test_the_sample_is_of_paid_rows_with_names_and_each_unit_has_its_share(
    inspection, district_a, district_b, inspector
):
    assert inspection.draw(inspector, count=4) == 4
    rows = list(inspection.sample.select_related("grant"))
    assert [row.unit_id for row in rows] == [district_a.pk] * 3 + [district_b.pk]
    assert {row.grant.state for row in rows} == {"paid"}
    assert all(row.grant.person for row in rows)
    assert (inspection.sample_of, {row.amount for row in rows}) == (12, {500_000})


def test_the_same_seed_draws_the_same_rows_and_a_sample_is_drawn_once(inspection, inspector):
    inspection.draw(inspector, percent=50)
    kept = list(inspection.sample.values_list("grant_id", flat=True))
    again = [fields["grant_id"] for fields in drawn(paid_rows(inspection), 6, inspection.sample_seed)]
    assert (kept, len(kept)) == (again, 6)
    with pytest.raises(Refused, match="không chọn lại"):
        inspection.draw(inspector, count=3)
    assert inspection.sample.count() == 6


@pytest.mark.parametrize("size", [{}, {"count": 3, "percent": 5}, {"percent": 101}])
def test_a_sample_of_no_clear_size_is_refused(inspection, inspector, size):
    with pytest.raises(Refused, match="một trong hai|từ 1 đến 100"):
        inspection.draw(inspector, **size)
    assert (inspection.sample.count(), Inspection.objects.get().sample_drawn_on) == (0, None)


def test_rounds_funds_and_days_narrow_what_is_drawn(inspection, province, inspector):
    other = make_round(province, code="KHAC", name="Đợt khác")
    inspection.rounds.set([other])
    with pytest.raises(Refused, match="chưa có khoản nào đã chi"):
        inspection.draw(inspector, count=3)
    inspection.rounds.clear()
    assert len(paid_rows(inspection)) == 12
    inspection.period_to = inspection.period_from
    assert paid_rows(inspection) == []


def test_shares_add_up_and_never_ask_for_more_than_there_is():
    chance = random.Random(7)
    for _ in range(200):
        counts = {unit: chance.randint(1, 40) for unit in range(chance.randint(1, 12))}
        size = chance.randint(1, sum(counts.values()))
        given = shares(counts, size)
        assert sum(given.values()) == size
        assert all(0 <= given[unit] <= counts[unit] for unit in counts)
        assert size < len(counts) or min(given.values()) >= 1


# Calls ------------------------------------------------------------------------------------------


def test_calls_are_entered_on_a_phone_one_after_the_other(inspection, inspector, client_of):
    inspection.draw(inspector, count=3)
    first, second, third = inspection.sample.all()
    client, base = client_of(inspector), f"/kiem-tra/{inspection.pk}/goi-dien/"
    shown = text(client.get(f"{base}{first.pk}/"))
    assert ("tel:0900" in shown, "Đã gọi 0/3" in shown) == (True, True)
    sent = client.post(
        f"{base}{first.pk}/", {"reached": "yes", "received": "part", "amount": "300.000", "note": "Bị trừ"}
    )
    assert sent["Location"] == f"{base}{second.pk}/"
    client.post(f"{base}{second.pk}/", {"reached": "no"})
    assert client.post(f"{base}{third.pk}/", {"reached": "other", "received": "all"})["Location"] == base
    said = list(inspection.sample.values_list("reached", "received", "amount_received", "called_by"))
    assert said == [
        ("yes", "part", 300_000, inspector.pk), ("no", "", None, inspector.pk), ("other", "all", 500_000, inspector.pk),
    ]  # fmt: skip
    listed = text(client.get(f"{base}?xem=thieu"))
    assert [f"goi-dien/{row.pk}/" in listed for row in (first, second, third)] == [True, False, False]


@pytest.mark.parametrize(
    "given",
    [
        {}, {"reached": "yes"}, {"reached": "yes", "received": "part"}, {"reached": "yes", "received": "part", "amount": "500.000"},
        {"reached": "yes", "received": "part", "amount": "-1"}, {"reached": "x", "received": "all"},
        {"reached": "no", "note": "dài " * 200}, {"reached": "yes", "received": "all", "note": "một\0hai"},
    ],
)  # fmt: skip
def test_a_call_that_contradicts_itself_is_refused(inspection, inspector, client_of, given):
    inspection.draw(inspector, count=1)
    row = inspection.sample.get()
    answer = client_of(inspector).post(f"/kiem-tra/{inspection.pk}/goi-dien/{row.pk}/", given)
    assert (answer.status_code, 'role="alert"' in text(answer)) == (400, True)
    row.refresh_from_db()
    assert row.reached == ""


def test_a_call_is_of_the_sample_of_its_own_inspection(inspection, district_a, inspector, client_of):
    other = plan_one([district_a], inspector)
    other.decide(inspector, number="08")
    other.start(inspector)
    other.draw(inspector, count=1)
    inspection.draw(inspector, count=1)
    stranger = other.sample.get()
    given = {"reached": "yes", "received": "all"}
    with pytest.raises(Refused, match="không thuộc mẫu"):
        inspection.record_call(inspector, stranger, **given)
    address = f"/kiem-tra/{inspection.pk}/goi-dien/{stranger.pk}/"
    assert client_of(inspector).post(address, given).status_code == 404
    assert SampleRow.objects.uncalled().count() == 2


# Findings ---------------------------------------------------------------------------------------


def test_a_finding_is_written_of_an_inspected_unit_and_its_own_rows(
    inspection, district_a, district_b, province, inspector, client_of
):
    inspection.draw(inspector, count=4)
    other = make_unit("C", "LĐLĐ huyện Châu", parent=province)
    of_b = inspection.sample.get(unit=district_b)
    given = {
        "inspection": inspection.pk, "unit": district_a.pk, "kind": FindingKind.objects.first().pk, "text": "Thiếu chữ ký",
        "to_recover": "1.000.000", "answer_by": f"{today():%d/%m/%Y}",
    }  # fmt: skip
    client, add = client_of(inspector), f"{FINDINGS}add/?inspection={inspection.pk}"
    for wrong in ({"unit": other.pk}, {"rows": [of_b.pk]}, {"to_recover": "-5"}, {"text": ""}):
        assert (wrong, client.post(add, given | wrong).status_code) == (wrong, 200)
    assert Finding.objects.count() == 0
    assert client.post(add, given | {"rows": [inspection.sample.first().pk]}).status_code == 302
    finding = Finding.objects.get()
    assert (finding.to_recover, finding.written_by, finding.state, finding.rows.count()) == (
        1_000_000,
        inspector,
        "draft",
        1,
    )


def test_the_unit_answers_with_files_that_others_of_its_kind_never_open(
    issued, unit_officer_a, unit_officer_b, inspector, client_of
):
    address = f"/kiem-tra/ket-qua/{issued.pk}/giai-trinh/"
    sent = client_of(unit_officer_a).post(
        address, {"answer": "Đã trả đủ.", "files": [SimpleUploadedFile("ky-nhan.pdf", b"%PDF-1")]}
    )
    issued.refresh_from_db()
    assert (sent.status_code, issued.state, issued.answered_by) == (302, "answered", unit_officer_a)
    file = f"/tep/{StoredFile.objects.get().pk}/"
    assert [opening(client_of(user), file) for user in (inspector, unit_officer_a, unit_officer_b)] == [200, 200, 404]
    again = client_of(unit_officer_a).post(address, {"answer": "Lần hai"})
    assert (again.status_code, "không làm được việc này" in text(again)) == (400, True)


def test_evidence_is_the_inspections_until_the_finding_is_issued(
    inspection, district_a, inspector, unit_officer_a, client_of
):
    finding = find(inspection, district_a, inspector)
    address = f"/kiem-tra/ket-qua/{finding.pk}/bang-chung/"
    bad = client_of(inspector).post(address, {"files": [SimpleUploadedFile("a.exe", b"MZ")]})
    assert (bad.status_code, "không nhận được" in text(bad)) == (400, True)
    client_of(inspector).post(address, {"files": [SimpleUploadedFile("anh.jpg", b"x")]})
    file = f"/tep/{StoredFile.objects.get().pk}/"
    assert opening(client_of(unit_officer_a), file) == 404
    finding.issue(inspector)
    assert opening(client_of(unit_officer_a), file) == 200


def test_an_answer_that_will_not_do_comes_back_with_a_new_deadline(issued, unit_officer_a, inspector):
    issued.answer_with(unit_officer_a, answer="Không biết")
    with pytest.raises(Refused, match="đã qua"):
        issued.send_back(inspector, reason="Chưa rõ", answer_by=today() - DAYS_AGO[1])
    issued.send_back(inspector, reason="Chưa rõ", answer_by=today() + DAYS_AGO[3])
    assert (issued.state, issued.answer_by) == ("returned", today() + DAYS_AGO[3])
    issued.answer_with(unit_officer_a, answer="Đã trả đủ")
    assert issued.state == "answered"


def test_late_answers_wait_on_the_list_of_unit_and_inspection(issued, unit_officer_a, unit_officer_b, inspector):
    Finding.objects.update(answer_by=today() - DAYS_AGO[1])
    late = [[(item.text, item.count) for item in waiting(user) if item.is_late and item.count] for user in
            (unit_officer_a, inspector, unit_officer_b)]  # fmt: skip
    assert late == [
        [("kết quả kiểm tra quá hạn giải trình", 1)], [("kết quả kiểm tra quá hạn đơn vị chưa giải trình", 1)], [],
    ]  # fmt: skip


# Money ------------------------------------------------------------------------------------------


def test_money_comes_back_by_entry_or_document_and_never_more_than_is_owed(issued, finance, fund, inspector):
    entry = fund.post(FundEntry.Kind.CONTRIBUTION, 600_000, by=finance, document_number="PT01")
    issued.recover(finance, entry=entry)
    assert (issued.recovered, issued.owed) == (600_000, 400_000)
    with pytest.raises(Refused, match="tiền thu hồi sau kiểm tra"):
        entry.reverse(finance, note="Nhầm")
    with pytest.raises(Refused, match="đã dùng cho một lần thu hồi khác"):
        issued.recover(finance, entry=entry, amount=100)
    with pytest.raises(Refused, match="Còn phải thu hồi 400.000 đồng"):
        issued.recover(inspector, amount=400_001, document_number="PT02")
    with pytest.raises(Refused, match="Chọn bút toán quỹ, hoặc ghi số chứng từ"):
        issued.recover(finance, amount=400_000)
    spent = FundEntry.objects.filter(amount__lt=0).first()
    with pytest.raises(Refused, match="không phải khoản thu"):
        issued.recover(finance, amount=1, entry=spent)
    issued.recover(inspector, amount=400_000, document_number="PT02")
    assert (issued.owed, issued.recoveries.count()) == (0, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=issued.pk).update(recovered=1_000_001)


def test_a_document_counts_once_until_it_is_taken_back(issued, finance):
    issued.recover(finance, amount=300_000, document_number="PT01")
    with pytest.raises(Refused, match="Chứng từ pt01 đã ghi thu hồi cho kết quả này"):
        issued.recover(finance, amount=300_000, document_number="pt01")
    issued.take_back_recovery(finance, recovery=issued.recoveries.get(), reason="Nhầm số tiền")
    issued.recover(finance, amount=200_000, document_number="PT01")
    assert issued.recovered == 200_000


def test_a_recovery_recorded_by_mistake_is_taken_back_and_stays_in_the_books(issued, finance):
    issued.recover(finance, amount=700_000, document_number="PT01")
    made = issued.recoveries.get()
    issued.take_back_recovery(finance, recovery=made, reason="Nhầm đơn vị")
    assert (issued.recovered, issued.recoveries.get().taken_back_reason) == (0, "Nhầm đơn vị")
    with pytest.raises(Refused, match="không còn hiệu lực"):
        issued.take_back_recovery(finance, recovery=made, reason="Lần nữa")


def test_the_recovery_form_offers_entries_that_came_in_and_keeps_what_was_typed(issued, finance, fund, client_of):
    fund.post(FundEntry.Kind.CONTRIBUTION, 600_000, by=finance, document_number="PT01")
    address = f"{FINDINGS}{issued.pk}/lam/recover/"
    shown = text(client_of(finance).get(address))
    assert ("600.000 đồng vào" in shown, "Còn phải thu hồi 1.000.000 đồng" in shown) == (True, True)
    refused = text(client_of(finance).post(address, {"amount": "2.000.000", "document_number": "PT09"}))
    assert ("Còn phải thu hồi 1.000.000 đồng; hãy ghi" in refused, 'value="PT09"' in refused) == (True, True)
    assert client_of(finance).post(address, {"amount": "1.000.000", "document_number": "PT09"}).status_code == 302


# The end ----------------------------------------------------------------------------------------


def test_a_conclusion_waits_for_calls_and_minutes_and_sends_the_findings_out(inspection, district_a, inspector):
    finding = find(inspection, district_a, inspector)
    inspection.draw(inspector, count=2)
    with pytest.raises(Refused, match="Còn 2 dòng trong mẫu chưa gọi"):
        inspection.conclude(inspector, number="02", conclusion="Đúng")
    call_all(inspection, inspector)
    with pytest.raises(Refused, match="Chưa ghi biên bản"):
        inspection.conclude(inspector, number="02", conclusion="Đúng")
    minutes(inspection, inspector)
    inspection.conclude(inspector, number="02", conclusion="Đúng")
    finding.refresh_from_db()
    assert (inspection.state, inspection.conclusion_document.number_and_symbol) == ("concluded", "02/KL-UBKT")
    assert (finding.state, finding.issued_on) == ("issued", today())
    with pytest.raises(Refused, match="“Đã kết luận” nên không làm được|đang tiến hành"):
        inspection.record_call(inspector, inspection.sample.first(), reached="no")


def test_a_finding_past_its_deadline_stops_the_conclusion_whole(inspection, district_a, inspector):
    finding = find(inspection, district_a, inspector, answer_by=today() - DAYS_AGO[1])
    minutes(inspection, inspector)
    with pytest.raises(Refused, match="hãy ghi hạn mới"):
        inspection.conclude(inspector, number="02", conclusion="Đúng")
    finding.refresh_from_db()
    inspection.refresh_from_db()
    assert (inspection.state, finding.state, Document.objects.count()) == ("running", "draft", 1)


def test_it_closes_once_every_finding_is_answered_and_the_money_back_or_waived(
    inspection, district_a, inspector, inspector2, leader, unit_officer_a
):
    finding = find(inspection, district_a, inspector, money=1_000_000)
    minutes(inspection, inspector)
    inspection.conclude(inspector, number="02", conclusion="Có sai sót")
    finding.refresh_from_db()
    with pytest.raises(Refused, match="Còn 1 kết quả chưa xử lý xong"):
        inspection.close(leader)
    finding.answer_with(unit_officer_a, answer="Đã thu một phần")
    with pytest.raises(Refused, match="phải do người khác xác nhận"):
        finding.settle(inspector)
    with pytest.raises(Refused, match="Còn 1.000.000 đồng chưa thu hồi"):
        finding.settle(inspector2)
    finding.recover(inspector, amount=300_000, document_number="PT01")
    with pytest.raises(Refused, match="không có quyền"):
        finding.waive(inspector, reason="Nghèo")
    finding.waive(leader, reason="Người nhận đã mất")
    finding.settle(inspector2)
    assert (finding.state, finding.recovered, finding.waived) == ("settled", 300_000, 700_000)
    with pytest.raises(Refused, match="phải do người khác kết thúc"):
        inspection.close(inspector)
    inspection.close(leader)
    assert inspection.state == "closed"
    done = AuditEvent.objects.filter(subject_kind="beneficiaries.inspection", subject_id=str(inspection.pk))
    assert {event.actor for event in done} == {inspector, leader}


def test_twice_the_same_step_is_refused(inspection, inspector):
    with pytest.raises(Refused, match="“Đang kiểm tra” nên không làm được"):
        inspection.start(inspector)
    with pytest.raises(Refused, match="không làm được"):
        inspection.cancel(inspector, reason="Thôi")


# Papers, lists ----------------------------------------------------------------------------------


def test_the_papers_say_who_what_and_how_much(inspection, district_a, inspector, leader, officer, settings):
    settings.PUBLIC_ADDRESS = "https://phucloi.example.vn"
    inspection.draw(inspector, count=3, seed=5)
    call_all(inspection, inspector)
    find(inspection, district_a, inspector, money=1_000_000)
    minutes(inspection, inspector)
    inspection.conclude(inspector, number="02", conclusion="Chi đúng đối tượng")
    wanted = {
        "decision": ["QUYẾT ĐỊNH", "07/QĐ-UBKT", "Lê Văn Trưởng", "LĐLĐ huyện An; LĐLĐ huyện Bình"],
        "sample": ["3 trong 12 khoản", "số gieo 5", "0900", "Nhận đủ", "1.500.000"],
        "minutes": ["BIÊN BẢN", "Văn phòng", "Đã xem sổ", "Bớt tiền"],
        "conclusion": [
            "02/KL-UBKT",
            "Một triệu đồng".lower(),
            "Chi đúng đối tượng",
            "https://phucloi.example.vn/phan-anh/",
        ],
    }
    for kind, words in wanted.items():
        document = make_document(leader, f"inspection_{kind}", inspection.pk)
        page = render_html(document)
        assert [word for word in words if word not in page] == []
        assert render_docx(document)[:2] == b"PK"
        with pytest.raises(PermissionDenied):
            make_document(officer, f"inspection_{kind}", inspection.pk)


def test_a_paper_that_is_not_there_yet_is_not_printed(inspection, leader):
    for kind in ("sample", "minutes", "conclusion"):
        with pytest.raises(Http404):
            make_document(leader, f"inspection_{kind}", inspection.pk)


def test_the_findings_export_stays_with_the_inspection(issued, inspector, unit_officer_a, client_of):
    response = client_of(inspector).post(f"{FINDINGS}export/", {"format": "1"})
    (line,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (line["Đơn vị"], line["Phải thu hồi"], line["Trạng thái"]) == (
        "LĐLĐ huyện An", "1000000", "Chờ đơn vị giải trình",
    )  # fmt: skip
    assert client_of(unit_officer_a).post(f"{FINDINGS}export/", {"format": "1"}).status_code == 403


def test_the_plans_export_counts_their_inspections(inspection, province, inspector, officer, client_of):
    plan = InspectionPlan.objects.create(unit=province, year=2026, title="Kế hoạch kiểm tra 2026", created_by=inspector)
    Inspection.objects.filter(pk=inspection.pk).update(plan=plan)
    response = client_of(inspector).post("/beneficiaries/inspectionplan/export/", {"format": "1"})
    (line,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (line["Kế hoạch"], line["Số cuộc"]) == (plan.title, "1")
    assert client_of(officer).post("/beneficiaries/inspectionplan/export/", {"format": "1"}).status_code in (403, 404)


@pytest.mark.parametrize("query", ["", "nam=2026", "nam=abc", "unit=9999999999999999999999", "unit=%00", "unit=1"])
def test_the_board_survives_whatever_it_is_asked(inspection, inspector, client_of, query):
    assert client_of(inspector).get(f"/kiem-tra/?{query}").status_code == 200


@pytest.mark.parametrize("address", [LIST, "/kiem-tra/", FINDINGS])
def test_lists_ask_no_more_for_more_rows(address, district_a, district_b, inspector, client_of):
    client = client_of(inspector)

    def add(number):
        row = plan_one([district_a, district_b], inspector)
        row.decide(inspector, number=str(number))
        find(row, district_a, inspector, money=5)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    add(1)
    client.get(address)
    one = queries()
    add(2)
    add(3)
    assert queries() == one


def test_the_call_list_asks_no_more_for_more_rows(inspection, district_a, inspector, client_of):
    client, counts = client_of(inspector), []
    for number, size in ((11, 1), (12, 3)):
        row = plan_one([district_a], inspector)
        row.decide(inspector, number=str(number))
        row.start(inspector)
        row.draw(inspector, count=size)
        client.get(f"/kiem-tra/{row.pk}/goi-dien/")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/kiem-tra/{row.pk}/goi-dien/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_fresh_account_of_two_offices_inspects_as_far_as_that_office_reaches(inspection, district_a, inspector):
    """An inspector who is also an officer of a unit."""
    from tests.factories import appoint

    appoint(inspector, "unit_officer", district_a)
    both = fresh(inspector)
    inspection.draw(both, count=2)
    assert inspection.sample.count() == 2
