"""What an event does and who prepares it: copied from the last one, tasks with deadlines, speeches with review, figures."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events.models import AgendaItem, CommitteeMember, EventTask, InvitedBody, QuotaLine, QuotaShare, Speech
from tests.factories import make_event, make_line, make_plan, make_target
from welfare.models import Department, StoredFile
from welfare.states import Refused
from welfare.units.models import today


@pytest.fixture
def event(province, officer):
    return make_event(province, 4, name="Họp mặt năm nay")


@pytest.fixture
def last(province, district_a, district_b, officer):
    """Last year's: a quota of two levels, one agenda item, a committee, a task done."""
    last = make_event(province, 4, code="CU", name="Họp mặt năm trước")
    top = make_line(last, 4, name="Đoàn viên", order=0)
    heads = make_line(last, 4, parent=top, name="Chủ hộ", order=1, fits="head", shares={district_a: 1, district_b: 2})
    InvitedBody.objects.create(event=last, line=heads, name="Ngân hàng", count=1)
    make_line(last, 1, parent=top, name="Nhận nhà", order=2, is_overlay=True)
    AgendaItem.objects.create(event=last, text="Văn nghệ", is_optional=True, minutes=10)
    CommitteeMember.objects.create(event=last, full_name="Trần Văn Trưởng", role="Trưởng ban")
    task = EventTask.objects.create(event=last, text="Chuẩn bị quà", unit=district_a, due_on=today())
    task.finish(officer, result="Xong")
    return last


def test_an_event_is_prepared_after_the_last_one(event, last, officer, client_of):
    client_of(officer).post(f"/events/event/{event.pk}/lam/copy_from/", {"source": last.pk})

    lines = event.lines.order_by("order").values_list("name", "parent__name", "count", "fits", "is_overlay")
    assert list(lines) == [
        ("Đoàn viên", None, 4, "", False), ("Chủ hộ", "Đoàn viên", 4, "head", False), ("Nhận nhà", "Đoàn viên", 1, "", True),
    ]  # fmt: skip
    assert sorted(QuotaShare.objects.filter(line__event=event).values_list("unit__code", "count")) == [
        ("A", 1),
        ("B", 2),
    ]
    assert (event.mismatches(), QuotaLine.objects.filter(event=last).count()) == ([], 3)
    assert [str(item) for item in event.agenda.all()] == ["Văn nghệ (nếu có)"]
    assert [(body.name, body.count, body.line.name) for body in event.bodies.all()] == [("Ngân hàng", 1, "Chủ hộ")]
    assert event.committee.get().full_name == "Trần Văn Trưởng"
    assert list(event.tasks.values_list("text", "state", "due_on", "result")) == [("Chuẩn bị quà", "open", None, "")]


def test_a_closed_unit_gets_no_share_of_the_copy(event, last, officer, district_b):
    district_b.valid_to = today() - timedelta(days=1)
    district_b.save()

    event.copy_from(officer, source=last)

    assert list(QuotaShare.objects.filter(line__event=event).values_list("unit__code", flat=True)) == ["A"]


def test_nothing_is_copied_over_what_is_there(event, last, officer):
    make_line(event, 4)

    with pytest.raises(Refused, match="chỉ chép vào sự kiện còn trống"):
        event.copy_from(officer, source=last)
    assert event.agenda.count() == 0


def test_a_task_waits_for_its_unit_and_is_finished_by_it(
    event, district_a, unit_officer_a, unit_officer_b, officer, client_of
):
    task = EventTask.objects.create(
        event=event, text="Vận động quà", unit=district_a, due_on=today() + timedelta(days=3)
    )
    make_line(event, 4)
    event.announce(officer)
    browser = client_of(unit_officer_a)
    assert "công việc của sự kiện đến hạn" in browser.get("/").content.decode()

    with pytest.raises(Refused, match="Chỉ ban hoặc đơn vị được phân công"):
        task.finish(unit_officer_b, result="Xong")
    browser.post(f"/events/eventtask/{task.pk}/lam/finish/", {"result": "Đã vận động 20 suất"})

    task.refresh_from_db()
    assert (task.state, task.result, task.done_on) == ("done", "Đã vận động 20 suất", today())
    assert "công việc của sự kiện đến hạn" not in browser.get("/").content.decode()


def test_a_task_of_a_department_waits_for_its_people(event, province, officer):
    from events.programme.todo import tasks_of
    from tests.factories import fresh

    department = Department.objects.create(unit=province, code="VP", name="Văn phòng")
    EventTask.objects.create(event=event, text="Thư mời", department=department, due_on=today())
    assert tasks_of(officer).count() == 0
    officer.appointments.update(department=department)

    assert tasks_of(fresh(officer)).count() == 1


def test_a_speech_goes_through_review(event, district_a, unit_officer_a, officer, other_officer):
    speech = Speech.objects.create(event=event, unit=district_a, asked="Chọn 01 hộ gia đình")
    speech.send(unit_officer_a, speaker="Chị Lan", text="Kính thưa quý đại biểu")
    speech.send_back(officer, reason="Quá ngắn")
    assert (speech.state, speech.review) == ("returned", "Quá ngắn")
    speech.send(officer, speaker="Chị Lan", text="Kính thưa quý đại biểu, …")
    with pytest.raises(Refused, match="người khác phải thẩm định"):
        speech.approve(officer)
    speech.approve(other_officer)

    assert (speech.state, speech.reviewed_by) == ("approved", other_officer)


def test_a_units_speech_is_hidden_from_others(event, district_a, unit_officer_b, officer, client_of):
    make_line(event, 4)
    event.announce(officer)
    speech = Speech.objects.create(event=event, unit=district_a, asked="Chọn 01 hộ gia đình")

    assert client_of(unit_officer_b).get(f"/events/speech/{speech.pk}/change/").status_code == 404


def test_papers_are_kept_with_the_event(event, officer, unit_officer_a, client_of):
    file = SimpleUploadedFile("market.pdf", b"%PDF-1.7")
    client_of(officer).post(f"/events/event/{event.pk}/lam/attach/", {"files": [file]})

    stored = StoredFile.objects.get(name="market.pdf")
    assert stored.subject == event
    assert "market.pdf" in client_of(officer).get(f"/events/event/{event.pk}/change/").content.decode()


def test_the_results_of_the_speech_are_counted(event, province, officer, client_of):
    from programs.models import Actual

    plan = make_plan(province, officer, first_year=today().year)
    target = make_target(plan)
    Actual.objects.create(indicator=target.indicator, unit=province, month=today().replace(day=1), value=7)
    event.plan, event.on = plan, today()
    event.save()

    page = client_of(officer).get(reverse("events:event_results", args=[event.pk])).content.decode()

    assert "7 nhà" in page


def test_a_deadline_after_the_event_is_refused(event):
    from django.core.exceptions import ValidationError

    event.on, event.nominate_by = today(), today() + timedelta(days=1)

    with pytest.raises(ValidationError, match="Hạn gửi danh sách phải trước"):
        event.full_clean()


@pytest.mark.parametrize("address", ["/events/eventtask/", "/events/speech/", "/events/eventgift/", "/events/event/"])
def test_lists_ask_as_much_for_many_rows_as_for_one(
    address, event, district_a, officer, client_of, django_assert_num_queries, django_assert_max_num_queries
):
    def add(number):
        EventTask.objects.create(event=event, text=f"Việc {number}", unit=district_a)
        Speech.objects.create(event=event, unit=district_a, asked=f"Bài {number}")
        make_event(event.unit, 1, code=f"K{number}")

    browser = client_of(officer)
    add(1)
    browser.get(address)
    with django_assert_max_num_queries(30) as first:
        browser.get(address)
    add(2)
    add(3)

    with django_assert_num_queries(len(first.captured_queries)):
        browser.get(address)
