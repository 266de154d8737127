"""Plans: who may do what in which state, what is found, what a unit sees, and what is printed."""

import re
from datetime import date

import pytest
from django.urls import reverse

from programs.models import Assignment, LegalBasis, Plan, Recipient, Section, TargetShare
from programs.plans.printing import plan_document
from programs.plans.todo import waiting
from tests.factories import fresh, make_plan, make_target, make_task, make_unit
from welfare.audit import AuditEvent
from welfare.documents.rendering import render_html
from welfare.jobs.models import Job
from welfare.jobs.queue import run
from welfare.models import Document, DocumentKind
from welfare.states import Refused


@pytest.fixture
def plan(province, officer):
    return make_plan(province, officer)


@pytest.fixture
def issued(plan, leader):
    plan.issue(leader, number="12", on=date(2026, 2, 8))
    return plan


def change_url(plan):
    return reverse("admin:programs_plan_change", args=[plan.pk])


def verb_url(plan, verb):
    return reverse("admin:programs_plan_verb", args=[plan.pk, verb])


def page_url(plan):
    return reverse("programs:plan_view", args=[plan.pk])


def form_data(plan, **changed):
    """What the plan's form posts, without any part of its text."""
    names = (
        "number",
        "symbol",
        "title",
        "place",
        "first_year",
        "issuing_body",
        "capacity",
        "signer_title",
        "signer_name",
    )
    data = {name: getattr(plan, name) for name in names} | {"kind": plan.kind_id}
    for prefix in ("bases", "sections", "targets", "assignments", "recipients"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return data | changed


# States -------------------------------------------------------------------------------------------


def test_a_plan_goes_from_draft_to_closed(plan, officer, leader):
    states = []
    plan.submit(officer)
    states.append(plan.state)
    plan.return_to_draft(leader, reason="Thiếu hạn")
    states.append(plan.state)
    plan.issue(leader, number=" 12 ", on=date(2026, 2, 8))
    states.append(plan.state)
    plan.close(officer)
    assert [*states, plan.state] == ["submitted", "draft", "in_force", "closed"]
    assert (plan.number, plan.issued_on) == ("12", date(2026, 2, 8))
    assert AuditEvent.objects.filter(subject_kind="programs.plan", subject_id=str(plan.pk)).count() == 4


@pytest.mark.parametrize("verb", ["submit", "return_to_draft", "issue"])
def test_an_issued_plan_goes_nowhere_back(issued, leader, verb):
    given = {"issue": {"number": "13"}, "return_to_draft": {"reason": "Thiếu hạn"}}.get(verb, {})
    with pytest.raises(Refused, match="đang ở trạng thái “Đang thực hiện”"):
        getattr(issued, verb)(leader, **given)
    issued.refresh_from_db()
    assert (issued.state, issued.number) == ("in_force", "12")


def test_issuing_needs_number_symbol_and_signer(province, officer, leader):
    plan = make_plan(province, officer, signer_name="")
    with pytest.raises(Refused, match="phải có số, ký hiệu và người ký"):
        plan.issue(leader, number="12")
    plan.refresh_from_db()
    assert (plan.state, plan.number) == ("draft", "")


def test_who_may_issue(plan, finance, inspector, unit_officer_a):
    for user in (finance, inspector, unit_officer_a):
        with pytest.raises(Refused, match="Chỉ lãnh đạo hoặc cán bộ được giao"):
            plan.issue(user, number="12")


def test_issuing_on_screen(plan, officer, leader, client_of):
    assert client_of(officer).post(verb_url(plan, "submit"), {"csrfmiddlewaretoken": ""}).status_code == 302
    response = client_of(leader).post(verb_url(plan, "issue"), {"number": "12", "on": "08/02/2026"})
    assert response.status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.number, plan.issued_on) == ("in_force", "12", date(2026, 2, 8))


def test_looking_at_a_verb_changes_nothing(plan, officer, client_of):
    assert client_of(officer).get(verb_url(plan, "submit")).status_code == 200
    plan.refresh_from_db()
    assert plan.state == "draft"


# Forms --------------------------------------------------------------------------------------------


def test_server_sets_unit_and_author(province, district_a, officer, client_of, plan):
    data = form_data(plan, title="Chăm lo Tết", unit=district_a.pk, created_by=1, state="in_force")
    assert client_of(officer).post(reverse("admin:programs_plan_add"), data).status_code == 302
    made = Plan.objects.get(title="Chăm lo Tết")
    assert (made.unit, made.created_by, made.state) == (province, officer, "draft")


def test_parts_are_entered_with_their_plan(plan, officer, client_of, province):
    document = Document.objects.create(unit=province, kind=DocumentKind.objects.get(code="CTr"), title="phúc lợi")
    indicator = make_target(make_plan(province, officer)).indicator
    data = form_data(plan, **{
        "bases-TOTAL_FORMS": 1, "bases-0-verb": "Căn cứ", "bases-0-document": document.pk, "bases-0-order": 0,
        "sections-TOTAL_FORMS": 1, "sections-0-number": "III", "sections-0-heading": "Tổ chức", "sections-0-order": 0,
        "targets-TOTAL_FORMS": 1, "targets-0-text": "Ký 01 - 02 thỏa thuận", "targets-0-indicator": indicator.pk,
        "targets-0-comparator": "range", "targets-0-value": 1, "targets-0-value_max": 2, "targets-0-combine": "anew",
        "targets-0-binds_level": 1, "targets-0-own_part": 0, "targets-0-order": 0,
        "assignments-TOTAL_FORMS": 1, "assignments-0-text": "Khảo sát", "assignments-0-time_text": "Quý I",
        "assignments-0-order": 0,
        "recipients-TOTAL_FORMS": 1, "recipients-0-name": "Các ban", "recipients-0-purpose": "để t/h",
        "recipients-0-order": 0,
    })  # fmt: skip
    response = client_of(officer).post(change_url(plan), data)
    assert response.status_code == 302, response.content.decode()
    assert [plan.bases.get().document, plan.sections.get().number] == [document, "III"]
    assert plan.targets.get().wanted() == "1 - 2 nhà"
    assert (plan.assignments.get().time_text, plan.recipients.get().purpose) == ("Quý I", "để t/h")


def test_new_parts_come_after_those_there_are(plan, officer, client_of):
    for order, name in enumerate(("Đoàn Chủ tịch", "Thường trực")):
        Recipient.objects.create(plan=plan, name=name, order=order)
    rows = {}
    for n, row in enumerate(plan.recipients.all()):
        rows |= {f"recipients-{n}-id": row.pk, f"recipients-{n}-name": row.name, f"recipients-{n}-order": 1 - n}
    for n, name in ((2, "Các ban"), (3, "Lưu: VT")):
        rows |= {f"recipients-{n}-name": name, f"recipients-{n}-order": 0}
    data = form_data(plan, **rows, **{"recipients-TOTAL_FORMS": 4, "recipients-INITIAL_FORMS": 2})
    assert client_of(officer).post(change_url(plan), data).status_code == 302
    assert [row.name for row in plan.recipients.all()] == ["Thường trực", "Đoàn Chủ tịch", "Các ban", "Lưu: VT"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"value": 101, "unit_of_measure": "%"}, "Tỷ lệ phần trăm không quá 100."),
        ({"comparator": "range", "value": 5, "value_max": 2}, "Khoảng giá trị phải ghi từ số nhỏ đến số lớn."),
        ({"comparator": "range", "value": 5}, "Khoảng giá trị cần cả hai số."),
        ({"value": 5, "value_max": 8}, "Chỉ ghi “đến giá trị” khi so sánh là “trong khoảng”."),
        ({"value": -1}, "Giá trị chỉ tiêu và phần của tỉnh không được âm."),
        ({"value": 5, "deadline": "31/12/2025"}, "Hạn của chỉ tiêu không được trước năm bắt đầu kế hoạch (2026)."),
        ({"value": 5, "year": 2025}, "Năm của chỉ tiêu không được trước năm bắt đầu kế hoạch (2026)."),
    ],
)
def test_a_wrong_target_gets_one_sentence_and_changes_nothing(plan, officer, client_of, province, fields, sentence):
    indicator = make_target(make_plan(province, officer)).indicator
    target = {"text": "Chỉ tiêu", "indicator": indicator.pk, "comparator": ">=", "combine": "anew", "binds_level": 2}
    target |= {"own_part": 0, "order": 0, **fields}
    data = form_data(plan, title="Đã đổi", **{f"targets-0-{name}": value for name, value in target.items()})
    response = client_of(officer).post(change_url(plan), data | {"targets-TOTAL_FORMS": 1})
    assert response.content.decode().count(sentence) >= 1
    plan.refresh_from_db()
    assert (plan.title == "Đã đổi", plan.targets.count()) == (False, 0)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"last_year": 2025}, "Năm kết thúc phải từ năm bắt đầu trở đi."),
        ({"horizon_year": 2025}, "Năm đích phải từ năm bắt đầu của kế hoạch trở đi."),
        ({"horizon_year": 2030, "vision_year": 2029}, "Năm tầm nhìn phải từ năm đích trở đi."),
    ],
)
def test_years_upside_down_are_refused(plan, officer, client_of, fields, sentence):
    response = client_of(officer).post(change_url(plan), form_data(plan, **fields))
    assert (response.status_code, sentence in response.content.decode()) == (200, True)


def test_issued_text_is_frozen(issued, officer, client_of):
    target = make_target(issued)
    client = client_of(officer)
    assert client.get(change_url(issued)).status_code == 200
    data = form_data(issued, title="Sửa sau khi ban hành", **{
        "targets-TOTAL_FORMS": 1, "targets-INITIAL_FORMS": 1, "targets-0-id": target.pk, "targets-0-plan": issued.pk,
        "targets-0-text": "Sửa chỉ tiêu", "targets-0-value": 1,
    })  # fmt: skip
    assert client.post(change_url(issued), data).status_code == 403
    issued.refresh_from_db()
    target.refresh_from_db()
    assert (issued.title, target.value) == ("Chăm lo đoàn viên, người lao động năm 2026", 10)


def test_a_submitted_plan_is_read_as_it_stands(plan, officer, client_of):
    plan.submit(officer)
    assert client_of(officer).post(change_url(plan), form_data(plan, title="Sửa")).status_code == 403


def test_a_targets_section_is_one_of_its_own_plan(plan, officer, province, client_of):
    Section.objects.create(plan=plan, heading="Mục của kế hoạch này")
    Section.objects.create(plan=make_plan(province, officer), heading="Mục của kế hoạch khác")
    shown = client_of(officer).get(change_url(plan)).content.decode()
    assert ("Mục của kế hoạch này" in shown, "Mục của kế hoạch khác" in shown) == (True, False)


# Who sees what ------------------------------------------------------------------------------------


def test_a_unit_sees_issued_plans_of_the_province_and_never_its_drafts(plan, leader, unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    urls = [change_url(plan), page_url(plan), reverse("admin:programs_plan_history", args=[plan.pk])]
    changelist = reverse("admin:programs_plan_changelist")
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]
    assert plan.title not in client.get(changelist).content.decode()
    plan.submit(leader)
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]
    plan.issue(leader, number="12")
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]
    assert plan.title in client.get(changelist).content.decode()
    assert client.post(change_url(plan), form_data(plan, title="Sửa")).status_code == 403
    assert client.get(verb_url(plan, "close")).status_code == 403


def test_another_units_own_plan_is_unknown(district_a, officer, leader, unit_officer_a, unit_officer_b, client_of):
    plan = make_plan(district_a, officer, title="Kế hoạch của huyện An")
    plan.issue(leader, number="3")
    urls = [change_url(plan), page_url(plan)]
    assert [client_of(unit_officer_a).get(url).status_code for url in urls] == [200, 200]
    assert [client_of(unit_officer_b).get(url).status_code for url in urls] == [404, 404]
    printing = reverse("welfare:print_document", args=["plan", plan.pk, "pdf"])
    assert client_of(unit_officer_b).post(printing).status_code == 404


def test_a_unit_reads_its_own_share_alone(issued, district_a, district_b, unit_officer_a, officer, client_of):
    target = make_target(issued, value=47)
    TargetShare.objects.create(target=target, unit=district_a, value=21)
    TargetShare.objects.create(target=target, unit=district_b, value=26)
    own = client_of(unit_officer_a).get(page_url(issued)).content.decode()
    assert ("21 nhà" in own, "26 nhà" in own, district_b.short_name in own) == (True, False, False)
    whole = client_of(officer).get(page_url(issued)).content.decode()
    assert ("21 nhà" in whole, "26 nhà" in whole, district_b.short_name in whole) == (True, True, True)


def test_a_counted_figure_opens_its_rows_of_the_users_place(issued, district_a, unit_officer_a, officer, client_of):
    indicator = make_target(issued).indicator
    make_target(issued, indicator="collective_agreements", text="Do đơn vị báo cáo")
    rows = reverse("reports:figure_rows", args=[indicator.pk])
    for user, unit in ((officer, issued.unit), (unit_officer_a, district_a)):
        client = client_of(user)
        links = re.findall(rf'href="({rows}[^"]*)"', client.get(page_url(issued)).content.decode())
        assert [f"unit={unit.pk}&amp;from=2026-01&amp;" in link for link in links] == [True]
        assert client.get(page_url(issued)).content.decode().count("?unit=") == 1
        assert client.get(links[0].replace("&amp;", "&")).status_code == 200


def test_years_have_no_thousands_dots(province, officer, client_of):
    plan = make_plan(province, officer, first_year=2024, horizon_year=2030, vision_year=2045)
    plan.issue(officer, number="4")
    for url in (page_url(plan), change_url(plan), reverse("admin:programs_plan_changelist")):
        assert re.findall(r"\b2\.0[234]\d\b", client_of(officer).get(url).content.decode()) == []


def test_the_administrator_reads_no_plan(issued, administrator, client_of):
    client = client_of(administrator)
    assert [client.get(url).status_code for url in (page_url(issued), change_url(issued))] == [403, 403]


# Searching and lists ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("309/KH - LĐLĐ", True),
        ("309/KH-LĐLĐ", True),
        ("0309 / kh–ldld", True),
        ("Số: 309", True),
        ("KH-LDLD", True),
        ("cham lo doan vien", True),
        ("CHĂM LO", True),
        ("310", False),
        ("09", False),
        ("309/CTr", False),
    ],
)
def test_search_is_lenient(province, officer, client_of, words, found):
    plan = make_plan(province, officer, number="309", symbol="KH - LĐLĐ")
    assert [p.pk for p in Plan.objects.search(words)] == [plan.pk] * found
    shown = client_of(officer).get(reverse("admin:programs_plan_changelist"), {"q": words}).content.decode()
    assert (change_url(plan) in shown) == found


def test_party_order_finds_the_same_number(province, officer):
    plan = make_plan(province, officer, number="07", symbol="NQ/BCH")
    assert [p.pk for p in Plan.objects.search("07-NQ/BCH")] == [plan.pk]


def test_filters_by_state_year_and_kind(province, officer, client_of):
    long = make_plan(province, officer, title="Giai đoạn dài", first_year=2022, last_year=2025)
    make_plan(province, officer, title="Năm sau", first_year=2026)
    client = client_of(officer)
    for query in (
        {"nam": "2023"},
        {"nam": "2023", "_facets": "True"},
        {"nam": "2023", "state__exact": "draft", "kind__id__exact": long.kind_id},
    ):
        shown = client.get(reverse("admin:programs_plan_changelist"), query).content.decode()
        assert ("Giai đoạn dài" in shown, "Năm sau" in shown) == (True, False)


def test_lists_and_pages_take_as_many_queries_for_one_row_as_for_three(
    province, officer, client_of, django_assert_num_queries, district_a, district_b
):
    plan = make_plan(province, officer)
    fill(plan, province, district_a)
    client = client_of(officer)
    urls = [reverse("admin:programs_plan_changelist"), reverse("admin:programs_assignment_changelist"), page_url(plan)]
    counts = [queries_of(client, url) for url in urls]
    for unit in (district_b, make_unit("C", "Huyện Cao", parent=province)):
        fill(plan, province, unit)
        make_plan(province, officer)
    assert [queries_of(client, url) for url in urls] == counts


def queries_of(client, url) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def fill(plan, province, unit):
    document = Document.objects.create(unit=province, kind=plan.kind, title=f"căn cứ {unit}", year=2022)
    LegalBasis.objects.create(plan=plan, document=document)
    section = Section.objects.create(plan=plan, number="III", heading=f"MỤC {unit}", body="- Một việc\nHai việc")
    target = make_target(plan, section=section, text=f"Chỉ tiêu của mục {unit}")
    TargetShare.objects.create(target=target, unit=unit, value=3)
    Assignment.objects.create(plan=plan, text=f"Việc của {unit}", lead_unit=unit, time_text="Quý I")
    Recipient.objects.create(plan=plan, name=f"Nơi nhận {unit}", purpose="để b/c")


# Tasks --------------------------------------------------------------------------------------------


def test_the_leading_unit_says_its_task_is_done(issued, district_a, unit_officer_a, unit_officer_b, officer):
    task = make_task(issued, lead_unit=district_a)
    with pytest.raises(Refused, match="Chỉ đơn vị chủ trì"):
        task.finish(unit_officer_b, evidence="Xong")
    task.finish(unit_officer_a, evidence="Báo cáo số 5", on=date(2026, 3, 1))
    assert (task.state, task.evidence, task.done_on) == ("done", "Báo cáo số 5", date(2026, 3, 1))
    with pytest.raises(Refused):
        task.finish(officer, evidence="Lần nữa")


def test_a_task_is_finished_on_screen_by_its_unit_only(issued, district_a, unit_officer_a, unit_officer_b, client_of):
    task = make_task(issued, lead_unit=district_a)
    url = reverse("admin:programs_assignment_verb", args=[task.pk, "finish"])
    client_of(unit_officer_b).post(url, {"evidence": "Xong"})
    task.refresh_from_db()
    assert task.state == "open"
    client_of(unit_officer_a).post(url, {"evidence": "Xong"})
    task.refresh_from_db()
    assert task.state == "done"


# What waits ---------------------------------------------------------------------------------------


def waits(user):
    return {item.text: (item.count, item.is_late) for item in waiting(fresh(user)) if item.count}


def test_todo_lists_name_what_waits_for_each(plan, leader, officer, district_a, unit_officer_a, unit_officer_b):
    Assignment.objects.create(plan=plan, text="Khảo sát", lead_unit=district_a, due_on=date(2026, 1, 31))
    target = make_target(plan)
    TargetShare.objects.create(target=target, unit=district_a, value=4)
    assert waits(unit_officer_a) == {}
    plan.submit(officer)
    to_issue, mismatch = "kế hoạch đã trình, chờ ban hành", "chỉ tiêu giao đơn vị chưa khớp tổng"
    assert waits(leader) == {to_issue: (1, False)}
    assert waits(officer) == {to_issue: (1, False), mismatch: (1, False)}
    target.shares.update(value=10)
    plan.issue(leader, number="12")
    assert waits(unit_officer_a) == {"nhiệm vụ trong kế hoạch đến hạn": (1, True)}
    assert (waits(unit_officer_b), waits(leader)) == ({}, {})


def test_every_todo_link_opens(plan, officer, leader, district_a, client_of):
    TargetShare.objects.create(target=make_target(plan), unit=district_a, value=4)
    Assignment.objects.create(plan=plan, text="Khảo sát", lead_level=1, due_on=date(2026, 1, 31))
    plan.submit(officer)
    links = [item.url for item in waiting(fresh(officer)) if item.count]
    assert [client_of(officer).get(link).status_code for link in links] == [200, 200]
    TargetShare.objects.update(value=10)
    plan.issue(leader, number="12")
    links = [item.url for item in waiting(fresh(officer)) if item.count]
    assert [client_of(officer).get(link).status_code for link in links] == [200]


# Paper --------------------------------------------------------------------------------------------


def test_the_print_shows_every_part(plan, province, officer, district_a, district_b):
    for unit in (district_a, district_b):
        fill(plan, province, unit)
    make_target(plan, text="Chỉ tiêu ngoài mục")
    text = render_html(plan_document(officer, str(plan.pk)))
    for unit in (district_a, district_b):
        for words in (f"căn cứ {unit}", f"Chỉ tiêu của mục {unit}", f"Việc của {unit}", f"Nơi nhận {unit} (để b/c)"):
            assert text.count(words) >= 1, words
        assert text.count(f"III. MỤC {str(unit).upper()}") == 1
    assert [text.count(words) for words in ("Chỉ tiêu ngoài mục", "Hai việc", "Quý I", plan.signer_name)] == [
        1,
        2,
        2,
        1,
    ]


def test_a_sentence_of_several_figures_prints_once(plan, officer):
    sentence = "Ký mới 05 bản thỏa ước và 01 - 02 thỏa thuận hợp tác"
    make_target(plan, text=sentence, value=5)
    make_target(plan, text=sentence, comparator="range", value=1, value_max=2)
    assert render_html(plan_document(officer, plan.pk)).count(sentence) == 1


def test_a_unit_prints_its_own_share_alone(issued, district_a, district_b, unit_officer_a):
    target = make_target(issued)
    for unit in (district_a, district_b):
        TargetShare.objects.create(target=target, unit=unit, value=5)
    text = render_html(plan_document(unit_officer_a, issued.pk))
    assert (text.count(district_a.name), text.count(district_b.name)) == (1, 0)


@pytest.mark.parametrize("format", ["pdf", "docx"])
def test_printing_is_a_job_that_keeps_the_plan_as_a_file(issued, officer, client_of, format):
    make_target(issued)
    url = reverse("welfare:print_document", args=["plan", issued.pk, format])
    assert client_of(officer).post(url).status_code == 302
    job = Job.objects.get()
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result.subject, job.result.name.endswith(f".{format}")) == ("done", issued, True)


def test_a_draft_is_printed_by_its_issuer_only(plan, unit_officer_a, client_of):
    url = reverse("welfare:print_document", args=["plan", plan.pk, "pdf"])
    assert (client_of(unit_officer_a).post(url).status_code, Job.objects.count()) == (404, 0)
