"""Difficulties and proposals: raised at any time, routed, answered, seen by the unit, nobody's while in a draft."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from programs.models import Plan, Proposal, UnitReport
from programs.reporting.todo import waiting_to_write
from tests.factories import fresh, make_plan, make_report, make_rule, make_user
from welfare.models import Department, Organization
from welfare.states import Refused

LIST = reverse("admin:programs_proposal_changelist")
ADD = reverse("admin:programs_proposal_add")


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to("2026-11-01 09:00:00+07:00", tick=False)


@pytest.fixture
def policy(province):
    return Department.objects.create(unit=province, code="CSPL", name="Ban Chính sách - Pháp luật")


@pytest.fixture
def finance_board(province):
    return Department.objects.create(unit=province, code="TC", name="Ban Tài chính")


@pytest.fixture
def adviser(province, policy):
    """An officer of the policy department."""
    user = make_user("tuvan", "province_officer", province)
    user.appointments.update(department=policy)
    return fresh(user)


@pytest.fixture
def raised(district_a, unit_officer_a, policy):
    return Proposal.objects.create(
        unit=district_a, text="Kinh phí về chậm", to_department=policy, raised_by=unit_officer_a
    )


@pytest.fixture
def in_draft(province, officer, district_a, unit_officer_a, policy):
    plan = make_plan(province, officer, state=Plan.State.IN_FORCE, number="12", issued_on=date(2026, 1, 5))
    report = make_report(make_rule(plan), district_a, first=date(2026, 1, 1), last=date(2026, 11, 14))
    return Proposal.objects.create(
        unit=district_a, report=report, text="Chưa gửi", to_department=policy, raised_by=unit_officer_a
    )  # fmt: skip


def page_url(proposal):
    return reverse("admin:programs_proposal_change", args=[proposal.pk])


def verb_url(proposal, verb):
    return reverse("admin:programs_proposal_verb", args=[proposal.pk, verb])


def waiting_texts(user):
    return {item.text: item.count for item in waiting_to_write(fresh(user)) if item.count}


def test_a_unit_raises_a_difficulty_at_any_time(unit_officer_a, district_a, policy, client_of):
    client = client_of(unit_officer_a)
    assert "Ban Chính sách - Pháp luật" in client.get(ADD).content.decode()
    given = {"kind": "difficulty", "text": "Thiếu nguồn", "to": f"ban-{policy.pk}", "unit": 1, "state": "answered"}
    assert client.post(ADD, given).status_code == 302
    made = Proposal.objects.get()
    assert (made.unit, made.raised_by, made.to_department, made.state) == (district_a, unit_officer_a, policy, "open")


def test_an_outside_body_may_have_to_answer(unit_officer_a, client_of):
    body = Organization.objects.create(name="Sở Nội vụ", kind="authority")
    client_of(unit_officer_a).post(ADD, {"kind": "proposal", "text": "Sớm hướng dẫn", "to": f"ngoai-{body.pk}"})
    assert Proposal.objects.get().to_organization == body


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": " "}, "Chưa ghi nội dung; hãy ghi khó khăn hoặc kiến nghị rồi lưu."),
        ({"text": "Khó", "to": "ban-0"}, "Nơi trả lời này không có trong danh sách; hãy chọn lại."),
        ({"text": "x" * 2001}, "Nội dung dài quá 2.000 chữ"),
    ],
)
def test_a_wrong_one_gets_a_sentence(unit_officer_a, client_of, given, sentence):
    page = client_of(unit_officer_a).post(ADD, {"kind": "difficulty", **given}).content.decode()
    assert (sentence in page, Proposal.objects.count()) == (True, 0)


def test_a_department_of_another_unit_is_not_offered(unit_officer_a, district_b, client_of):
    strange = Department.objects.create(unit=district_b, code="LA", name="Ban của huyện Bình")
    client = client_of(unit_officer_a)
    client.post(ADD, {"kind": "difficulty", "text": "Khó", "to": f"ban-{strange.pk}"})
    assert (strange.name in client.get(ADD).content.decode(), Proposal.objects.count()) == (False, 0)


def test_another_units_proposal_is_unknown(raised, unit_officer_b, client_of):
    client = client_of(unit_officer_b)
    urls = [page_url(raised), *(verb_url(raised, verb) for verb in ("reply", "route", "withdraw"))]
    assert [client.get(each).status_code for each in urls] == [404] * 4
    assert client.post(verb_url(raised, "withdraw")).status_code == 404
    assert raised.text not in client.get(LIST).content.decode()


def test_what_a_draft_report_says_is_its_units_alone(in_draft, unit_officer_a, officer, adviser, client_of):
    seen = [client_of(fresh(user)).get(page_url(in_draft)).status_code for user in (unit_officer_a, officer, adviser)]
    assert (seen, Proposal.objects.unanswered().count()) == ([200, 404, 404], 0)
    UnitReport.objects.update(state="submitted", submitted_by=unit_officer_a, submitted_on=date(2026, 11, 1))
    seen = [client_of(fresh(user)).get(page_url(in_draft)).status_code for user in (officer, adviser)]
    assert (seen, Proposal.objects.unanswered().count()) == ([200, 200], 1)


def test_the_department_answers_and_the_unit_sees_it(raised, adviser, unit_officer_a, client_of):
    assert waiting_texts(adviser)["kiến nghị chờ ban tôi trả lời"] == 1
    client = client_of(adviser)
    assert raised.text in client.get(LIST + "?cua=ban&state__exact=open").content.decode()
    assert client.post(verb_url(raised, "reply"), {"answer": "Cấp trước ngày 10"}).status_code == 302
    raised.refresh_from_db()
    assert (raised.state, raised.answered_by, raised.answered_on) == ("answered", adviser, date(2026, 11, 1))
    assert waiting_texts(unit_officer_a) == {"khó khăn, kiến nghị của đơn vị vừa được trả lời": 1}
    assert "Cấp trước ngày 10" in client_of(unit_officer_a).get(page_url(raised)).content.decode()
    assert "kiến nghị chờ ban tôi trả lời" not in waiting_texts(adviser)


def test_an_answer_is_news_for_fourteen_days(raised, adviser, unit_officer_a, time_machine):
    raised.reply(adviser, answer="Được")
    counts = []
    for day in ("2026-11-15", "2026-11-16"):
        time_machine.move_to(f"{day} 09:00:00+07:00", tick=False)
        counts.append(sum(waiting_texts(unit_officer_a).values()))
    assert counts == [1, 0]


def test_it_is_handed_to_the_department_that_knows(raised, adviser, officer, finance_board, client_of):
    client_of(officer).post(verb_url(raised, "route"), {"to_department": finance_board.pk})
    raised.refresh_from_db()
    assert (raised.to_department, raised.state) == (finance_board, "open")
    assert waiting_texts(adviser) == {}


def test_one_for_nobody_in_particular_waits_for_all_of_the_province(raised, adviser, officer, unit_officer_a):
    Proposal.objects.update(to_department=None)
    counts = [waiting_texts(user).get("kiến nghị chờ ban tôi trả lời") for user in (adviser, officer, unit_officer_a)]
    assert counts == [1, 1, None]


def test_a_unit_neither_answers_nor_routes(raised, unit_officer_a, finance_board, client_of):
    client = client_of(unit_officer_a)
    statuses = [
        client.post(verb_url(raised, verb), {"answer": "Tự trả lời"}).status_code for verb in ("reply", "route")
    ]
    assert statuses == [403, 403]
    with pytest.raises(Refused, match="Chỉ cán bộ được giao"):
        raised.reply(unit_officer_a, answer="Tự trả lời")


def test_answered_ones_are_fixed(raised, adviser, unit_officer_a, client_of):
    raised.reply(adviser, answer="Được")
    client = client_of(unit_officer_a)
    assert client.post(page_url(raised), {"kind": "difficulty", "text": "Đổi"}).status_code == 403
    for verb in ("withdraw",):
        client.post(verb_url(raised, verb))
    raised.refresh_from_db()
    assert (raised.text, raised.state) == ("Kinh phí về chậm", "answered")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(answer="")


def test_its_unit_edits_or_withdraws_an_open_one(raised, unit_officer_a, officer, client_of):
    client = client_of(unit_officer_a)
    assert (
        client.post(page_url(raised), {"kind": "proposal", "text": "Kinh phí về rất chậm", "to": ""}).status_code == 302
    )
    assert client_of(officer).post(page_url(raised), {"kind": "proposal", "text": "Sửa hộ"}).status_code == 403
    raised.refresh_from_db()
    assert (raised.text, raised.to_department, raised.kind) == ("Kinh phí về rất chậm", None, "proposal")
    client.post(verb_url(raised, "withdraw"))
    raised.refresh_from_db()
    assert raised.state == "withdrawn"


def test_nobody_above_makes_a_proposal_go_away(raised, officer, leader, client_of):
    for user in (officer, leader):
        client = client_of(fresh(user))
        assert verb_url(raised, "withdraw") not in client.get(page_url(raised)).content.decode()
        assert client.post(verb_url(raised, "withdraw")).status_code == 403
        with pytest.raises(Refused, match="Chỉ đơn vị đã nêu"):
            raised.withdraw(fresh(user))
    raised.refresh_from_db()
    assert raised.state == "open"


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2026, 11, 2)])
def test_an_answer_has_a_day_between_the_question_and_today(day, raised, adviser):
    with pytest.raises(Refused, match="Ngày trả lời phải từ ngày nêu"):
        raised.reply(adviser, answer="Được", on=day)
    raised.refresh_from_db()
    assert (raised.state, raised.answer) == ("open", "")


def test_the_list_takes_as_many_queries_for_1_as_for_10(
    raised, unit_officer_a, district_a, officer, client_of, django_assert_max_num_queries
):
    client, counts = client_of(officer), []
    client.get(LIST)
    for more in (0, 9):
        for n in range(more):
            Proposal.objects.create(unit=district_a, text=f"Việc {n}", raised_by=unit_officer_a)
        with django_assert_max_num_queries(40) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_reports_to_write_are_on_the_list(in_draft, unit_officer_a, unit_officer_b, officer, time_machine):
    found = []
    for day in ("2026-10-25", "2026-11-01", "2026-11-20"):
        time_machine.move_to(f"{day} 09:00:00+07:00", tick=False)
        found.append(waiting_texts(unit_officer_a))
    soon, late = "báo cáo phải gửi trong 14 ngày tới", "báo cáo quá hạn chưa gửi"
    assert (found, waiting_texts(unit_officer_b)) == ([{}, {soon: 1}, {late: 1}], {})
    UnitReport.objects.update(state="returned")
    (item,) = [item for item in waiting_to_write(fresh(unit_officer_a)) if item.count]
    assert (item.text, item.url, item.is_late) == (
        "báo cáo bị trả lại, cần sửa và gửi lại", reverse("programs:report", args=[in_draft.report_id]), True
    )  # fmt: skip
