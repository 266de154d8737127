"""The receiver's board: who owes, who is late, judging one and many, extensions, punctuality."""

from datetime import date

import pytest
from django.urls import reverse

from programs.models import Extension, Plan, ReportComment, ReportingPeriod, ReportingRule, UnitReport
from programs.reporting.contents import ask
from programs.reporting.opening import open_due_periods
from programs.reporting.todo_judging import waiting_to_judge
from tests.factories import (
    appoint,
    fresh,
    make_plan,
    make_report,
    make_rule,
    make_target,
    make_unit,
    make_user,
    unfrozen,
)
from welfare.models import Department, UnitKeeper
from welfare.states import Refused

YEAR = {"first": date(2026, 1, 1), "last": date(2026, 11, 14)}
BOARD = "/bao-cao/bang-theo-doi/"


@pytest.fixture(autouse=True)
def at(time_machine):
    """Accounts are made early in the year; at("2026-11-20") moves on."""
    time_machine.move_to("2026-09-01 09:00:00+07:00")
    return lambda day: time_machine.move_to(f"{day} 09:00:00+07:00")


@pytest.fixture
def plan(province, officer):
    plan = make_plan(province, officer, state=Plan.State.IN_FORCE, number="12", issued_on=date(2026, 1, 5))
    make_target(plan, indicator="collective_agreements", value=5, unit_of_measure="bản", text="Ký mới 05 bản")
    return plan


@pytest.fixture
def rule(plan):
    return make_rule(plan)


@pytest.fixture
def owed(rule, officer, other_officer):
    """owed(unit, state): a unit's report of 2026, its one figure stated and a version taken where it was sent."""

    def make(unit, state="draft", by=None, **fields):
        if state != "draft":
            fields = {"submitted_by": by or other_officer, "submitted_on": date(2026, 11, 10), **fields}
            fields.setdefault("first_submitted_on", fields["submitted_on"])
        if state == "accepted":
            fields |= {"decided_by": officer, "decided_on": date(2026, 11, 12)}
        report = make_report(rule, unit, **YEAR, state=state, results="Đã làm tốt.", **fields)
        ask(report.period, [report.pk])
        report.figures.update(value=3, is_typed=True)
        if state != "draft":
            report.versions.create(number=1, by=fields["submitted_by"], content={"figures": {}})
        return report

    return make


def shown(response) -> list[str]:
    return [row.report.writer for row in response.context["board"].rows]


def counts(response) -> dict[str, int]:
    return {each.name: each.count for each in response.context["board"].standings}


def texts(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# --- the list ---------------------------------------------------------------------------------------


def test_counts_open_their_rows(owed, province, officer, client_of, at):
    for n, state in enumerate(["draft", "draft", "submitted", "returned", "accepted"]):
        owed(make_unit(f"U{n}", f"Huyện {n}", parent=province), state)
    at("2026-11-20")
    client = client_of(fresh(officer))
    page = client.get(BOARD)
    assert counts(page) == {"": 5, "da-gui": 2, "cho-duyet": 1, "da-duyet": 1, "tra-lai": 1, "chua-gui": 2, "tre": 3}
    opened = {name: len(shown(client.get(f"{BOARD}?loai={name}"))) for name in counts(page)}
    assert opened == counts(page)


def test_a_row_says_deadline_extension_and_lateness(owed, district_a, officer, client_of, at):
    report = owed(district_a)
    at("2026-11-20")
    report.extend(fresh(officer), until=date(2026, 11, 22), reason="Bão lũ")
    at("2026-11-25")
    row = client_of(fresh(officer)).get(BOARD).context["board"].rows[0]
    assert (row.report.due_on, row.report.is_extended, row.days_late, row.stated, row.asked) == (
        date(2026, 11, 22), True, 3, 1, 1
    )  # fmt: skip
    assert row.message.startswith("Kính gửi LĐLĐ huyện An: Báo cáo kết quả năm")


def test_names_are_found_without_accents_and_orders_differ(owed, province, officer, client_of, at):
    owed(make_unit("A1", "Huyện Ấm Áp", parent=province), "accepted", submitted_on=date(2026, 11, 13))
    owed(make_unit("B1", "Huyện Bình", parent=province), "submitted")
    owed(make_unit("C1", "Huyện Châu", parent=province))
    at("2026-11-20")
    client = client_of(fresh(officer))
    assert shown(client.get(f"{BOARD}?tim=am ap")) == ["Huyện Ấm Áp"]
    assert shown(client.get(f"{BOARD}?xep=trang-thai")) == ["Huyện Bình", "Huyện Châu", "Huyện Ấm Áp"]
    assert shown(client.get(f"{BOARD}?xep=tre")) == ["Huyện Châu", "Huyện Ấm Áp", "Huyện Bình"]
    assert "Không có báo cáo nào theo cách lọc này" in client.get(f"{BOARD}?tim=khong co").content.decode()


def test_it_opens_on_the_units_one_keeps(owed, district_a, district_b, officer, client_of):
    owed(district_a), owed(district_b)
    UnitKeeper.objects.create(unit=district_a, user=officer)
    client = client_of(fresh(officer))
    assert shown(client.get(BOARD)) == ["LĐLĐ huyện An"]
    assert shown(client.get(f"{BOARD}?cua=")) == ["LĐLĐ huyện An", "LĐLĐ huyện Bình"]


def test_the_nearest_period_opens_first_and_all_may_be_seen(owed, rule, district_a, officer, client_of, at):
    owed(district_a)
    make_report(rule, district_a, first=date(2025, 1, 1), last=date(2025, 11, 14))
    client = client_of(officer)
    assert client.get(BOARD).context["board"].period.last_day == date(2026, 11, 14)
    assert len(shown(client.get(f"{BOARD}?ky=moi-ky"))) == 2
    assert client.get(f"{BOARD}?nam=2025").context["board"].period.last_day == date(2025, 11, 14)
    assert client.get(f"{BOARD}?ky=moi-ky&nam=2025").context["board"].tally.owed == 1


def test_an_upper_unit_follows_its_own_grassroots_units_alone(
    owed, plan, district_a, district_b, unit_officer_a, client_of
):
    owed(district_a)
    below = make_rule(plan, level=3)
    for district in (district_a, district_b):
        unit = make_unit(f"{district.code}1", f"CĐCS của {district.code}", kind="grassroots", parent=district)
        make_report(below, unit, **YEAR)
    client = client_of(unit_officer_a)
    assert shown(client.get(f"{BOARD}?ky=moi-ky")) == ["CĐCS của A"]
    province_wide = ReportingPeriod.objects.get(rule__level=2)
    assert client.get(f"{BOARD}?ky={province_wide.pk}").context["board"].period.rule == below


def test_departments_reports_stand_on_the_board(plan, province, officer, client_of):
    department = Department.objects.create(unit=province, code="TC", name="Ban Tài chính")
    make_report(make_rule(plan, level=None), province, **YEAR, receiver=province, department=department)
    assert shown(client_of(officer).get(BOARD)) == ["Ban Tài chính"]


def test_nothing_owed_says_where_periods_come_from(plan, officer, client_of):
    assert "Chưa có kỳ báo cáo nào" in client_of(officer).get(BOARD).content.decode()


@pytest.mark.parametrize(
    "query", ["ky=99999999999999999999", "ky=x", "nam=abc", "nam=0", f"nam={'1' * 5000}", "p=zz", "loai=x&xep=y"]
)
def test_odd_questions_are_answered_with_the_board(query, owed, district_a, officer, client_of):
    owed(district_a)
    assert client_of(officer).get(f"{BOARD}?{query}").status_code == 200


@pytest.mark.parametrize("units", [3, 30])
def test_the_board_takes_as_many_queries_however_many_units(
    units, owed, province, officer, client_of, django_assert_num_queries
):
    for n in range(units):
        owed(make_unit(f"U{n}", f"Huyện {n}", parent=province), "submitted" if n % 2 else "draft")
    client = client_of(officer)
    client.get(BOARD)
    with django_assert_num_queries(QUERIES_OF_THE_BOARD):
        client.get(BOARD)


QUERIES_OF_THE_BOARD = 10


# --- one report -------------------------------------------------------------------------------------


def test_one_click_accepts_and_the_row_comes_back(owed, district_a, officer, client_of):
    report = owed(district_a, "submitted")
    page = reverse("programs:report_accept", args=[report.pk])
    response = client_of(officer).post(page, headers={"HX-Request": "true"})
    report.refresh_from_db()
    assert (report.state, report.decided_by, response["HX-Trigger"]) == ("accepted", officer, "report-judged")
    assert response.content.decode().strip().startswith(f'<tr id="bao-cao-{report.pk}"')
    assert "Đã duyệt" in response.content.decode()


def test_accepting_twice_or_ones_own_is_told_on_the_row(owed, district_a, district_b, officer, client_of):
    accepted, own = owed(district_a, "accepted"), owed(district_b, "submitted", by=officer)
    client = client_of(officer)
    bodies = [
        client.post(
            reverse("programs:report_accept", args=[report.pk]), headers={"HX-Request": "true"}
        ).content.decode()
        for report in (accepted, own)
    ]
    assert "đang ở trạng thái “Đã duyệt” nên không làm được việc này" in bodies[0]
    assert "Người gửi báo cáo không tự duyệt được" in bodies[1]
    own.refresh_from_db()
    assert own.state == "submitted"


def test_without_htmx_accepting_leads_back_to_where_one_was(owed, district_a, officer, client_of):
    report = owed(district_a, "submitted")
    page, client = reverse("programs:report_accept", args=[report.pk]), client_of(officer)
    assert client.post(page, {"next": f"{BOARD}?loai=cho-duyet"})["Location"] == f"{BOARD}?loai=cho-duyet"
    assert client.post(page, {"next": "//evil.example/"})["Location"] == f"{BOARD}?ky={report.period_id}"
    assert client.get(page).status_code == 405


def test_a_stranger_finds_no_report_and_the_unit_itself_is_refused(
    owed, district_a, unit_officer_a, unit_officer_b, inspector, client_of
):
    report = owed(district_a, "submitted")
    acts = ["report_accept", "report_send_back", "report_reopen"]
    pages = [reverse(f"programs:{act}", args=[report.pk]) for act in acts]
    pages += [f"{reverse('programs:report_extend')}?report={report.pk}"]
    stranger, own = client_of(unit_officer_b), client_of(unit_officer_a)
    assert [stranger.post(page, {"report": report.pk}).status_code for page in pages] == [404] * 4
    assert [client_of(inspector).post(page).status_code for page in pages] == [403] * 4
    told = texts(own.post(pages[0], follow=True))
    assert told == ["Chỉ nơi nhận báo cáo mới duyệt được báo cáo này."]
    report.refresh_from_db()
    assert report.state == "submitted"


def test_a_report_goes_back_with_comments_beside_its_places(owed, district_a, officer, client_of):
    report = owed(district_a, "submitted")
    page, client = reverse("programs:report_send_back", args=[report.pk]), client_of(officer)
    places = [label for label, *_ in client.get(page).context["form"].rows]
    assert places == [
        "Thỏa ước lao động tập thể ký mới",
        "Kết quả nổi bật",
        "Phương hướng kỳ tới",
        "Khó khăn, kiến nghị",
    ]
    comment = {"comment-figure-collective_agreements": "Thiếu một bản", "comment-results": "  "}
    refused = client.post(page, comment)
    assert refused.context["form"].errors == {"reason": ["Không được để trống ô này."]}
    assert "Thiếu một bản" in refused.content.decode(), "what was typed stays"
    client.post(page, comment | {"reason": "Xem lại số liệu"})
    report.refresh_from_db()
    assert (report.state, report.returned_reason) == ("returned", "Xem lại số liệu")
    assert list(ReportComment.objects.values_list("place", "text")) == [
        ("figure-collective_agreements", "Thiếu một bản")
    ]
    assert texts(client.get(page, follow=True))[1:] == ["Chỉ nơi nhận trả lại được báo cáo đã gửi và đang chờ duyệt."]


def test_an_accepted_report_is_reopened_with_a_reason(owed, district_a, officer, client_of):
    report = owed(district_a, "accepted")
    page, client = reverse("programs:report_reopen", args=[report.pk]), client_of(officer)
    assert client.post(page, {"reason": ""}).context["form"].errors
    client.post(page, {"reason": "Số liệu sai"})
    report.refresh_from_db()
    assert (report.state, report.returned_reason) == ("returned", "Số liệu sai")
    assert texts(client.post(page, {"reason": "Lần nữa"}, follow=True))[-1:] == [
        "Chỉ nơi nhận mở lại được báo cáo đã duyệt."
    ]


def test_the_writer_is_led_to_no_form_that_reopens_its_own_report(owed, district_a, unit_officer_a, client_of):
    report = owed(district_a, "accepted")
    client, page = client_of(unit_officer_a), reverse("programs:report_reopen", args=[report.pk])
    assert [client.get(page).status_code, client.post(page, {"reason": "Sửa"}).status_code] == [302, 302]
    report.refresh_from_db()
    assert report.state == "accepted"


# --- many -------------------------------------------------------------------------------------------


def test_many_are_accepted_and_each_refusal_is_told(owed, province, officer, client_of):
    reports = [owed(make_unit(f"U{n}", f"Huyện {n}", parent=province), "submitted") for n in range(3)]
    reports.append(owed(make_unit("U9", "Huyện 9", parent=province), "submitted", by=officer))
    data = {"report": [report.pk for report in reports], "next": BOARD}
    told = texts(client_of(officer).post(reverse("programs:report_accept_many"), data, follow=True))
    assert told == [
        "Đã duyệt 3 báo cáo.",
        "Huyện 9: Người gửi báo cáo không tự duyệt được; hãy nhờ người khác duyệt.",
    ]
    assert UnitReport.objects.accepted().count() == 3


def test_those_not_sent_among_many_are_told_in_one_sentence(owed, district_a, district_b, officer, client_of):
    data = {"report": [owed(district_a).pk, owed(district_b, "returned").pk]}
    told = texts(client_of(officer).post(reverse("programs:report_accept_many"), data, follow=True))
    assert told == ["LĐLĐ huyện An, LĐLĐ huyện Bình: Báo cáo chưa gửi nên chưa duyệt được."]


def test_one_out_of_sight_among_many_is_not_found_and_none_is_accepted(
    owed, plan, district_a, district_b, unit_officer_a, client_of
):
    below = make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)
    mine = make_report(make_rule(plan, level=3), below, **YEAR)
    data = {"report": [mine.pk, owed(district_b, "submitted").pk]}
    for name in ("report_accept_many", "report_extend"):
        assert client_of(unit_officer_a).post(reverse(f"programs:{name}"), data).status_code == 404


def test_choosing_none_says_so(owed, officer, client_of):
    for name in ("report_accept_many", "report_extend"):
        told = texts(client_of(officer).post(reverse(f"programs:{name}"), follow=True))
        assert told == ["Chưa chọn báo cáo nào; hãy đánh dấu vào ô đầu dòng."]


def test_an_extension_for_many_has_one_day_and_reason(owed, district_a, district_b, officer, client_of, at):
    reports = [owed(district_a), owed(district_b, "submitted")]
    at("2026-11-20")
    client, page = client_of(fresh(officer)), reverse("programs:report_extend")
    keys = {"report": [report.pk for report in reports]}
    assert client.post(page, keys).context["form"].is_bound is False, "as the board sends them"
    assert client.post(page, keys | {"until": "19/11/2026", "reason": "Bão"}).context["form"].errors == {
        "until": ["Hạn mới phải từ hôm nay trở đi."]
    }
    told = texts(client.post(page, keys | {"until": "30/11/2026", "reason": "Bão"}, follow=True))
    assert told == ["Đã gia hạn 1 báo cáo.", "LĐLĐ huyện Bình: Báo cáo đã gửi nên không cần gia hạn."]
    extension = Extension.objects.get()
    assert (extension.report, extension.until, extension.reason, extension.by) == (
        reports[0], date(2026, 11, 30), "Bão", officer
    )  # fmt: skip


def test_an_upper_unit_judges_and_extends_what_comes_to_it(plan, district_a, unit_officer_a, client_of, at):
    below = make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)
    writer = make_user("coso", "unit_officer", below)
    report = make_report(make_rule(plan, level=3), below, **YEAR, state="submitted", submitted_by=writer,
                         submitted_on=date(2026, 11, 1))  # fmt: skip
    client = client_of(unit_officer_a)
    client.post(reverse("programs:report_accept", args=[report.pk]))
    late = make_report(make_rule(plan, level=3), below, **YEAR)
    at("2026-11-20")
    client = client_of(fresh(unit_officer_a))
    client.post(reverse("programs:report_extend"), {"report": late.pk, "until": "30/11/2026", "reason": "Bão"})
    report.refresh_from_db(), late.refresh_from_db()
    assert (report.state, late.due_on) == ("accepted", date(2026, 11, 30))


# --- over the years ---------------------------------------------------------------------------------


def test_an_extension_by_more_than_a_year_is_a_slip_of_the_pen(owed, district_a, officer):
    report = owed(district_a)
    with pytest.raises(Refused, match="cách hôm nay hơn một năm"):
        report.extend(officer, until=date(2062, 11, 30), reason="Bận kiểm tra")
    report.refresh_from_db()
    assert (report.due_on, report.extensions.count()) == (date(2026, 11, 14), 0)


def test_what_came_to_a_closed_unit_is_judged_by_its_successor(
    plan, province, district_a, district_b, officer, unit_officer_b, unit_officer_a, client_of, at
):
    grassroots = make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)
    report = make_report(make_rule(plan, level=3), grassroots, **YEAR, state="submitted", submitted_by=officer,
                         submitted_on=date(2026, 8, 1))  # fmt: skip
    district_a.valid_to = date(2026, 8, 31)
    district_a.save()
    assert (report.may_be_judged_by(fresh(unit_officer_b)), report.may_be_judged_by(fresh(officer))) == (False, True)
    district_a.successors.add(district_b)
    heir = fresh(unit_officer_b)
    waiting = UnitReport.objects.for_user(heir).waiting_for(heir)
    assert (list(waiting), [item.count for item in waiting_to_judge(heir)][0]) == ([report], 1)
    client_of(heir).post(reverse("programs:report_accept", args=[report.pk]))
    report.refresh_from_db()
    assert (report.state, report.decided_by) == ("accepted", heir)


def test_an_appointment_that_only_writes_lends_no_judgement_elsewhere(plan, province, district_a, district_b, at):
    """Leader in one unit, without the permission in the other: what comes to the other is not theirs to judge."""
    user = make_user("haivai", "unit_officer", district_a)
    appoint(user, "administrator", district_b)
    reports = [
        make_report(
            make_rule(plan, level=3), make_unit(f"{above.code}1", "CĐCS", kind="grassroots", parent=above), **YEAR
        )
        for above in (district_a, district_b)
    ]
    assert [report.may_be_judged_by(fresh(user)) for report in reports] == [True, False]


def test_punctuality_by_unit_and_year(owed, rule, district_a, district_b, officer, client_of, at):
    owed(district_a, "accepted")
    owed(district_b)
    days = {"first": date(2025, 1, 1), "last": date(2025, 11, 14)}
    make_report(rule, district_a, **days, state="submitted", submitted_by=officer, submitted_on=date(2025, 11, 20),
                first_submitted_on=date(2025, 11, 20))  # fmt: skip
    at("2026-11-20")
    page = client_of(fresh(officer)).get(f"{reverse('programs:report_punctuality')}?xep=cham")
    rates = {
        record.unit.code: [tally and tally.on_time_rate for tally in record.years[:2]]
        for record in page.context["page"]
    }
    assert (rates, list(rates), page.context["whole"][:2]) == ({"B": [0, None], "A": [100, 0]}, ["B", "A"], [50, 0])


@pytest.mark.parametrize("units", [3, 30])
@pytest.mark.parametrize(("page", "queries"), [("report_punctuality", 6), ("report_periods", 7)])
def test_pages_over_time_take_as_many_queries_however_many_units(
    units, page, queries, owed, province, officer, client_of, django_assert_num_queries
):
    for n in range(units):
        owed(make_unit(f"U{n}", f"Huyện {n}", parent=province), "submitted")
    client = client_of(officer)
    client.get(reverse(f"programs:{page}"))
    with django_assert_num_queries(queries):
        client.get(reverse(f"programs:{page}"))


def test_periods_show_how_complete_they_are(owed, district_a, district_b, officer, client_of):
    owed(district_a, "accepted"), owed(district_b)
    [(period, tally)] = client_of(officer).get(reverse("programs:report_periods")).context["rows"]
    assert (period.name, tally.owed, tally.sent_rate, tally.accepted_rate) == ("01/01 - 14/11/2026", 2, 50, 50)


# --- to do ------------------------------------------------------------------------------------------


def waits(user) -> list[int]:
    return [item.count for item in waiting_to_judge(fresh(user))]


def test_what_waits_for_me_is_not_mine_and_late_units_are_those_i_keep(
    owed, province, district_a, district_b, officer, other_officer, unit_officer_a, finance, at
):
    owed(district_a, "submitted", by=other_officer), owed(district_b)
    owed(make_unit("C", "Huyện Châu", parent=province))
    at("2026-11-20")
    assert (waits(officer), waits(other_officer), waits(unit_officer_a), waits(finance)) == ([1, 2], [0, 2], [0, 0], [])
    UnitKeeper.objects.create(unit=district_b, user=officer)
    assert waits(officer) == [1, 1]


# --- rules ------------------------------------------------------------------------------------------


def rule_form(plan, **changed):
    return {
        "plan": plan.pk, "name": "Báo cáo năm", "is_active": "on", "level": "2", "departments": [], "frequency": "year",
        "due_month": "11", "due_day": "14", "due_after_days": "5", "opens_days": "30", "grace_days": "30", "indicators": [],
    } | changed  # fmt: skip


def test_a_rule_is_written_and_shows_the_next_three_periods(plan, officer, client_of):
    with unfrozen(plan):
        Plan.objects.update(last_year=2030)
    client = client_of(officer)
    client.post("/programs/reportingrule/add/", rule_form(plan, due_words="trước ngày 15/11 hằng năm"))
    rule = ReportingRule.objects.get()
    assert (rule.level, rule.due_month, rule.due_day) == (2, 11, 14)
    page = client.get(f"/programs/reportingrule/{rule.pk}/change/").content.decode()
    assert "Năm 2026: từ 01/01/2026 đến 14/11/2026, mở ngày 15/10/2026, hạn gửi 14/11/2026" in page
    assert [span.name for span in rule.next_spans()] == ["Năm 2026", "Năm 2027", "Năm 2028"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"level": ""}, "Hãy chọn cấp phải báo cáo, hoặc các ban"),
        ({"due_day": "31"}, "Hạn của báo cáo năm phải là một ngày có thật"),
        ({"level": "1"}, "Báo cáo của LĐLĐ tỉnh cần nơi nhận"),
    ],
)
def test_a_rule_that_binds_nobody_or_has_no_day_is_refused(changed, words, plan, officer, client_of):
    response = client_of(officer).post("/programs/reportingrule/add/", rule_form(plan, **changed))
    assert words in response.content.decode()
    assert ReportingRule.objects.count() == 0


def test_a_unit_sets_rules_for_its_own_plan_only(plan, district_a, unit_officer_a, client_of):
    own = make_plan(district_a, unit_officer_a, state=Plan.State.IN_FORCE, number="3", issued_on=date(2026, 2, 1))
    client = client_of(unit_officer_a)
    client.post("/programs/reportingrule/add/", rule_form(plan, level="3"))
    client.post("/programs/reportingrule/add/", rule_form(own, level="2"))
    assert ReportingRule.objects.count() == 0
    client.post("/programs/reportingrule/add/", rule_form(own, level="3", due_day="5"))
    below = make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)
    make_unit("B1", "CĐCS ngoài huyện", kind="grassroots", parent=plan.unit)
    open_due_periods(date(2026, 10, 20))
    assert UnitReport.objects.values_list("unit", "receiver").get() == (below.pk, district_a.pk)


def test_who_owes_stands_fast_once_a_period_opened_and_a_moved_deadline_opens_none_twice(
    rule, plan, district_a, officer, client_of
):
    open_due_periods(date(2026, 10, 20))
    client_of(officer).post(f"/programs/reportingrule/{rule.pk}/change/", rule_form(plan, level="3", due_day="19"))
    rule.refresh_from_db()
    assert (rule.level, rule.due_day) == (2, 19)
    assert (open_due_periods(date(2026, 10, 25)), ReportingPeriod.objects.count()) == (0, 1)


def call_form(**changed):
    return {
        "name": "Sơ kết giữa nhiệm kỳ", "first_day": "01/01/2026", "last_day": "30/06/2026", "due_on": "15/09/2026"
    } | changed  # fmt: skip


@pytest.fixture
def on_call(plan):
    return make_rule(plan, frequency="on_call", due=(None, None), name="Báo cáo sơ kết")


def test_a_period_is_called_and_everyone_bound_owes(on_call, district_a, district_b, officer, client_of):
    page = f"/programs/reportingrule/{on_call.pk}/lam/call/"
    response = client_of(officer).post(page, call_form(), follow=True)
    assert texts(response) == ["Đã mở kỳ báo cáo; các đơn vị thấy ngay trong việc cần làm."]
    period = ReportingPeriod.objects.get()
    assert (period.opens_on, period.due_on, period.locks_on, period.reports.count()) == (
        date(2026, 9, 1), date(2026, 9, 15), date(2026, 10, 15), 2
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"last_day": "31/12/2025"}, "Ngày cuối của kỳ phải từ ngày đầu trở đi."),
        ({"due_on": "31/08/2026"}, "Hạn gửi phải từ hôm nay trở đi."),
        ({"due_on": "31/12/9999"}, "quá xa so với các năm của kế hoạch"),
        ({"last_day": "31/12/9999"}, "quá xa so với các năm của kế hoạch"),
        ({"first_day": "01/01/2062", "last_day": "31/12/2062"}, "nằm ngoài các năm của kế hoạch"),
        ({"first_day": "01/01/0206", "last_day": "30/06/0206"}, "nằm ngoài các năm của kế hoạch"),
        ({"due_on": ""}, "Không được để trống ô này."),
    ],
)
def test_a_called_period_with_days_out_of_order_is_refused(changed, words, on_call, officer, client_of):
    response = client_of(officer).post(f"/programs/reportingrule/{on_call.pk}/lam/call/", call_form(**changed))
    assert words in response.content.decode()
    assert ReportingPeriod.objects.count() == 0


@pytest.mark.parametrize("year", ["0000", "9999", "abcd", "2026"])
def test_odd_years_list_the_periods(year, owed, district_a, officer, client_of):
    owed(district_a)
    assert client_of(officer).get(f"/programs/reportingperiod/?nam={year}").status_code == 200


def test_a_period_is_not_called_twice_nor_of_a_rule_that_opens_by_itself(on_call, rule, officer, client_of):
    client, page = client_of(officer), "/programs/reportingrule/{}/lam/call/"
    client.post(page.format(on_call.pk), call_form())
    assert "trùng tên hoặc trùng ngày" in texts(client.post(page.format(on_call.pk), call_form()))[-1]
    told = texts(client.post(page.format(rule.pk), call_form()))
    assert told[-1:] == ["Chế độ báo cáo này mở kỳ theo lịch, không mở bằng tay."]
    assert ReportingPeriod.objects.count() == 1


def test_periods_are_only_looked_at(owed, district_a, officer, client_of):
    period = owed(district_a).period
    client = client_of(officer)
    assert client.get("/programs/reportingperiod/add/").status_code == 403
    client.post(f"/programs/reportingperiod/{period.pk}/change/", {"name": "Khác"})
    period.refresh_from_db()
    assert period.name == "01/01 - 14/11/2026"
    assert "phải gửi 1, đã gửi 0" in client.get(f"/programs/reportingperiod/{period.pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("rule_name", "name", "words"),
    [
        ("Báo cáo kết quả năm", "Năm 2026", "Báo cáo kết quả năm 2026"),
        ("Báo cáo quý", "Quý II/2026", "Báo cáo quý II/2026"),
        ("Báo cáo 6 tháng", "6 tháng đầu năm 2026", "Báo cáo 6 tháng đầu năm 2026"),
        ("Báo cáo chăm lo", "Tháng 3/2026", "Báo cáo chăm lo tháng 3/2026"),
    ],
)
def test_a_period_is_called_as_one_would_say_it(rule_name, name, words):
    assert str(ReportingPeriod(rule=ReportingRule(name=rule_name), name=name)) == words
