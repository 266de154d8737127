"""Feedback in the offices: who sees it, who handles it, by when."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from beneficiaries.feedback.days import working_days_after
from beneficiaries.feedback.receiving import Evidence, Sender
from beneficiaries.feedback.todo import waiting
from beneficiaries.models import Feedback, FeedbackKind, FeedbackStep
from tests.factories import fresh, make_feedback, make_person, make_unit, make_user
from welfare.models import AuditEvent, Department, StoredFile
from welfare.states import Refused
from welfare.units.models import today

LIST = "/beneficiaries/feedback/"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": storage}


@pytest.fixture
def suspicion(district_a):
    return make_feedback(district_a, kind="profiteering", text="Bớt tiền quà Tết")


def text(response) -> str:
    return response.content.decode()


def opening(client, file) -> int:
    response = client.get(file)
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response.status_code


def page(row) -> str:
    return f"{LIST}{row.pk}/change/"


# Who sees what ---------------------------------------------------------------------------------


def test_a_unit_sees_what_is_about_it_and_no_other_unit_does(
    district_a, unit_officer_a, unit_officer_b, officer, leader, inspector, finance, administrator, client_of
):
    row = make_feedback(district_a)
    everyone = (unit_officer_a, officer, leader, inspector, unit_officer_b, finance, administrator)
    statuses = [client_of(user).get(page(row)).status_code for user in everyone]
    assert statuses == [200, 200, 200, 200, 404, 403, 403]


def test_a_suspicion_is_hidden_from_the_unit_and_the_offices_until_the_inspection_shares_it(
    suspicion, unit_officer_a, officer, leader, inspector, client_of
):
    def statuses():
        return [
            client_of(user).get(page(suspicion)).status_code for user in (unit_officer_a, officer, leader, inspector)
        ]

    assert statuses() == [404, 404, 200, 200]
    for user in (unit_officer_a, officer):
        client = client_of(user)
        pages = [LIST, "/phan-anh/bang/", f"{LIST}?q=bot+tien"]
        assert ["Bớt tiền" in text(client.get(address)) for address in pages] == [False] * 3
        assert [item.count for item in waiting(fresh(user))] == [0] * len([*waiting(fresh(user))])
    with pytest.raises(Refused, match="không có quyền"):
        suspicion.share(leader)
    suspicion.assign(leader, handler="inspection", note="Xem kín")
    suspicion.share(inspector)
    assert statuses() == [200, 200, 200, 200]
    shown = [text(client_of(user).get(page(suspicion))) for user in (unit_officer_a, inspector)]
    assert ["Xem kín" in each for each in shown] == [False, True]


def test_files_of_a_suspicion_open_to_the_unit_only_once_it_is_shared(
    district_a, unit_officer_a, officer, inspector, client_of
):
    evidence = [Evidence("pdf", "application/pdf", b"%PDF-1")]
    row = make_feedback(district_a, kind="profiteering", evidence=evidence)
    file = f"/tep/{StoredFile.objects.get().pk}/"

    def statuses():
        return [opening(client_of(user), file) for user in (inspector, officer, unit_officer_a)]

    assert statuses() == [200, 404, 404]
    row.share(inspector)
    assert statuses() == [200, 200, 200]


def test_the_sender_is_masked_revealed_to_those_who_need_it_and_every_look_is_on_record(
    district_a, unit_officer_a, officer, client_of
):
    row = make_feedback(district_a, sender=Sender("Lê Thị Gửi", "0912345678"))
    reveal = f"/phan-anh/{row.pk}/nguoi-gui/"
    for user in (unit_officer_a, officer):
        shown = text(client_of(user).get(page(row)))
        assert ("Lê Thị Gửi" in shown, "0912345678" in shown, "*****678" in shown) == (False, False, True)
    assert client_of(unit_officer_a).post(reveal).status_code == 403
    assert client_of(officer).get(reveal).status_code == 405
    assert "Lê Thị Gửi" in text(client_of(officer).post(reveal))
    looks = AuditEvent.objects.filter(action="reveal", subject_id=str(row.pk))
    assert [look.actor for look in looks] == [officer]


def test_an_export_carries_no_sender_and_no_formula(district_a, unit_officer_a, suspicion, client_of):
    make_feedback(district_a, text="=1+1", sender=Sender("Lê Thị Gửi", "0912345678"))
    response = client_of(unit_officer_a).post(f"{LIST}export/", {"format": "1"})
    body = response.content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(body)))
    assert [line["Nội dung"].lstrip("'") for line in lines] == ["=1+1"]
    assert not lines[0]["Nội dung"].startswith("=")
    assert [word in body for word in ("Lê Thị", "0912345678", "Bớt tiền")] == [False] * 3


# The way ---------------------------------------------------------------------------------------


def test_a_feedback_goes_its_way_and_every_step_stays(district_a, unit_officer_a, officer, other_officer):
    row = make_feedback(district_a)
    row.assign(officer, handler="unit", unit=district_a, note="Sớm")
    row.note(unit_officer_a, note="Đã hỏi cơ sở")
    row.reply(unit_officer_a, answer="Sẽ làm.")
    row.reopen(officer, reason="Chưa rõ ngày")
    row.reply(unit_officer_a, answer="Sẽ làm ngày 5.")
    row.close(other_officer)
    assert (row.state, row.answer, row.closed_by) == ("closed", "Sẽ làm ngày 5.", other_officer)
    assert [step.what for step in row.steps.all()] == [
        "Nhận qua trang phản ánh", "Giao LĐLĐ huyện An", "Ghi chú nội bộ", "Trả lời người gửi", "Yêu cầu trả lời lại",
        "Trả lời người gửi", "Kết thúc",
    ]  # fmt: skip
    with pytest.raises(TypeError, match="chỉ ghi thêm"):
        FeedbackStep.objects.all().delete()


def test_only_whom_it_was_given_to_answers(district_a, province, officer, other_officer, unit_officer_a, inspector):
    department = Department.objects.create(unit=province, code="CSPL", name="Ban Chính sách")
    other_officer.appointments.update(department=department)
    row = make_feedback(district_a)
    row.assign(officer, handler="department", department=department)
    for user in (officer, unit_officer_a, inspector):
        with pytest.raises(Refused, match="giao cho Ban Chính sách; chỉ nơi đó"):
            row.reply(fresh(user), answer="Không phải việc của tôi")
    row.reply(fresh(other_officer), answer="Đã xem.")
    assert row.answered_by == other_officer


def test_what_was_given_by_mistake_comes_back_and_goes_elsewhere(
    district_a, district_b, officer, unit_officer_b, client_of
):
    row = make_feedback(district_a)
    row.assign(officer, handler="unit", unit=district_b)
    assert client_of(unit_officer_b).get(page(row)).status_code == 200
    row.send_back(unit_officer_b, reason="Không phải đơn vị tôi")
    assert (row.state, row.handler, row.handler_unit) == ("received", "", None)
    assert client_of(unit_officer_b).get(page(row)).status_code == 404


def test_a_suspicion_goes_to_the_inspection_alone_and_is_closed_by_another(
    suspicion, district_a, leader, inspector, officer
):
    with pytest.raises(Refused, match="chỉ giao cho Ủy ban Kiểm tra"):
        suspicion.assign(leader, handler="unit", unit=district_a)
    with pytest.raises(Refused, match="không được phân công"):
        suspicion.assign(officer, handler="inspection")
    suspicion.assign(leader, handler="inspection")
    suspicion.reply(inspector, answer="Đã kiểm tra, thu hồi tiền.")
    with pytest.raises(Refused, match="người khác người trả lời"):
        suspicion.close(inspector)
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=suspicion.pk).update(closed_by=inspector)
    suspicion.close(leader)
    assert suspicion.state == "closed"


def test_a_feedback_made_confidential_disappears_from_the_unit(
    district_a, officer, inspector, unit_officer_a, client_of
):
    row = make_feedback(district_a)
    kind = FeedbackKind.objects.get(code="profiteering")
    row.assign(officer, handler="unit", unit=district_a)
    with pytest.raises(Refused, match="giao lại cho Ủy ban Kiểm tra"):
        row.reclassify(officer, kind=kind)
    row.assign(officer, handler="inspection")
    row.reclassify(officer, kind=kind)
    assert [client_of(user).get(page(row)).status_code for user in (unit_officer_a, officer, inspector)] == [
        404,
        404,
        200,
    ]


def test_days_are_working_days_of_the_kind_and_late_ones_are_told(district_a, officer, unit_officer_a):
    assert working_days_after(date(2026, 3, 6), 1) == date(2026, 3, 9)  # a Friday
    assert working_days_after(date(2026, 3, 6), 10) == date(2026, 3, 20)
    FeedbackKind.objects.filter(code="question").update(acknowledge_days=1, answer_days=3)
    on = date(2026, 3, 2)
    row = make_feedback(district_a, kind="question", on=on)
    assert (row.acknowledge_by, row.answer_by) == (date(2026, 3, 3), date(2026, 3, 5))
    late = {item.text: item.count for item in waiting(officer) if item.is_late}
    assert late == {"phản ánh quá hạn xử lý": 1}
    row.assign(officer, handler="unit", unit=district_a, on=on)
    mine = {item.text: item.count for item in waiting(unit_officer_a)}
    assert mine == {"phản ánh giao tôi trả lời": 1, "phản ánh giao tôi đã quá hạn trả lời": 1}
    row.extend(officer, until=today() + timedelta(days=3), reason="Chờ xác minh")
    assert not Feedback.objects.overdue().exists()
    with pytest.raises(Refused, match="đến sau ngày"):
        row.extend(officer, until=on, reason="Lùi lại")


@pytest.mark.parametrize(
    ("verb", "given"),
    [("reply", {"answer": "Lần hai"}), ("close", {}), ("dismiss", {"reason": "x"}), ("send_back", {"reason": "x"})],
)
def test_what_is_closed_takes_no_further_step(district_a, officer, verb, given):
    row = make_feedback(district_a)
    row.dismiss(officer, reason="Quảng cáo")
    with pytest.raises(Refused, match="“Không thụ lý” nên không làm được"):
        getattr(row, verb)(officer, **given)
    assert (row.answer, row.steps.count()) == ("Quảng cáo", 2)


def test_an_answer_of_spaces_is_none(district_a, officer, unit_officer_a):
    row = make_feedback(district_a)
    row.assign(officer, handler="unit", unit=district_a)
    with pytest.raises(Refused, match="Phải ghi câu trả lời"):
        row.reply(unit_officer_a, answer="  ")
    assert row.state == "assigned"


# On screen -------------------------------------------------------------------------------------


def test_an_officer_writes_down_a_call_and_reads_out_the_code(district_a, unit_officer_a, client_of):
    given = {
        "channel": "phone", "received_on": f"{today():%d/%m/%Y}", "kind": FeedbackKind.objects.get(code="question").pk,
        "about": district_a.name, "text": "Hỏi quà Tết", "name": "Bà Tư",
    }  # fmt: skip
    client = client_of(unit_officer_a)
    given["token"] = client.get("/phan-anh/ghi/").context["form"]["token"].value()
    shown = client.post("/phan-anh/ghi/", given)
    assert client.post("/phan-anh/ghi/", given).context["code"] == shown.context["code"]  # sent twice it is one
    row = Feedback.objects.get()
    assert (shown.status_code, "Mã tra cứu của người gửi" in text(shown)) == (200, True)
    assert (row.channel, row.received_by, row.unit, row.sender_name) == ("phone", unit_officer_a, district_a, "Bà Tư")
    tomorrow = given | {"received_on": f"{today() + timedelta(days=1):%d/%m/%Y}"}
    refused = client.post("/phan-anh/ghi/", tomorrow)
    assert (refused.status_code, "chưa tới" in text(refused), "Hỏi quà Tết" in text(refused)) == (400, True, True)
    stale = client.post("/phan-anh/ghi/", given | {"token": "giả"})
    assert ("hãy bấm gửi lại" in text(stale), "Hỏi quà Tết" in text(stale)) == (True, True)
    assert stale.context["form"]["token"].value() != "giả"
    assert Feedback.objects.count() == 1


def test_the_province_assigns_and_the_unit_answers_on_screen(district_a, officer, unit_officer_a, client_of):
    row = make_feedback(district_a)
    assign = {"handler": "unit", "unit": district_a.pk}
    assert client_of(officer).post(f"{LIST}{row.pk}/lam/assign/", assign).status_code == 302
    assert client_of(unit_officer_a).post(f"{LIST}{row.pk}/lam/reply/", {"answer": "Đã rõ."}).status_code == 302
    assert client_of(unit_officer_a).post(f"{LIST}{row.pk}/lam/close/").status_code == 403
    row.refresh_from_db()
    assert (row.state, row.answer, row.handler_unit) == ("answered", "Đã rõ.", district_a)
    lacking = client_of(officer).post(f"{LIST}{make_feedback(district_a).pk}/lam/assign/", {"handler": "unit"})
    assert "Hãy chọn đơn vị xử lý." in text(lacking)


def test_those_who_sort_feedback_say_whom_it_is_about_within_their_sight(
    district_a, district_b, officer, unit_officer_a, client_of
):
    row, person = make_feedback(), make_person(district_b, "Lê Thị Nói")
    client_of(officer).post(page(row), {"unit": district_b.pk, "person": person.pk})
    row.refresh_from_db()
    assert (row.unit, row.person, row.text) == (district_b, person, "Đề nghị phát quà tại phân xưởng")
    row = make_feedback(district_a)
    client_of(unit_officer_a).post(page(row), {"person": person.pk})
    row.refresh_from_db()
    assert row.person is None


def test_the_list_finds_without_accents_and_filters(district_a, officer, client_of):
    client = client_of(officer)
    make_feedback(district_a, text="Đề nghị khám sức khỏe", on=date(2026, 3, 2))
    make_feedback(text="Hỏi vay vốn")
    for query, wanted in (
        ("q=kham+suc+khoe", 1),
        ("q=huyen+an", 1),
        ("han=qua", 1),
        ("state__exact=closed", 0),
        ("", 2),
    ):
        found = client.get(f"{LIST}?{query}").context["cl"].result_count
        assert (query, found) == (query, wanted)


def test_the_board_shows_states_and_filters_and_survives_nonsense(district_a, district_b, officer, client_of):
    make_feedback(district_a, text="Về huyện An")
    make_feedback(district_b, text="Về huyện Bình")
    client = client_of(officer)
    assert "Về huyện Bình" not in text(client.get(f"/phan-anh/bang/?unit={district_a.pk}"))
    for query in ("unit=9999999999999999999999", "kind=abc", "unit=%00", "han=1"):
        shown = client.get(f"/phan-anh/bang/?{query}")
        assert (query, shown.status_code) == (query, 200)
    assert "Không có phản ánh nào khớp" in text(client.get("/phan-anh/bang/?kind=999"))


@pytest.mark.parametrize("address", [LIST, "/phan-anh/bang/"])
def test_lists_ask_no_more_for_more_rows(address, province, client_of):
    client = client_of(make_user("dem", "province_officer", province))

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    make_feedback(make_unit("D0", "Huyện 0", parent=province))
    client.get(address)
    one = queries()
    for n in (1, 2):
        make_feedback(make_unit(f"D{n}", f"Huyện {n}", parent=province))
    assert queries() == one
