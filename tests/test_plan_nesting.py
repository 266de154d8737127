"""Plans of units below the province's, and tasks with all who have a part in them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programs.models import Plan
from programs.plans.nesting import owed_by
from programs.plans.todo import waiting
from tests.factories import fresh, make_plan, make_task, make_unit, make_user
from tests.test_plans import form_data, page_url, queries_of, verb_url
from welfare.models import StoredFile
from welfare.states import Refused
from welfare.units.models import Department


@pytest.fixture
def asking(province, officer, leader):
    plan = make_plan(province, officer, asks_unit_plans=True, unit_plans_due_on=date(2026, 3, 31))
    plan.issue(leader, number="12", on=date(2026, 2, 8))
    return plan


def make_unit_plan(unit, by, above, number="3", **fields) -> Plan:
    plan = make_plan(unit, by, title=f"Triển khai của {unit}", implements_plan=above, **fields)
    plan.issue(by, number=number, on=date(2026, 3, 1))
    return plan


def waits(user):
    return {item.text: (item.count, item.is_late) for item in waiting(fresh(user)) if item.count}


# Units' own plans ----------------------------------------------------------------------------------


def test_a_unit_writes_and_issues_its_own_plan_on_screen(asking, province, district_a, unit_officer_a, client_of):
    client, add = client_of(unit_officer_a), reverse("admin:programs_plan_add")
    shown = client.get(page_url(asking)).content.decode()
    link = f"{add}?implements_plan={asking.pk}"
    assert link in shown
    form = client.get(link).content.decode()
    assert ("Ban Thường vụ LĐLĐ huyện An" in form, f"Triển khai {asking}" in form) == (True, True)
    data = form_data(
        asking, title="Kế hoạch của huyện", implements_plan=asking.pk, number="", place="An", unit=province.pk
    )
    assert client.post(add, data).status_code == 302
    plan = Plan.objects.get(title="Kế hoạch của huyện")
    assert (plan.unit, plan.state) == (district_a, "draft")
    assert client.post(verb_url(plan, "issue"), {"number": "3", "on": "01/03/2026"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.document.register.unit, plan.implements_plan) == ("in_force", district_a, asking)


@pytest.mark.parametrize("verb", ["issue", "submit", "close", "make_new_version", "copy_for_year", "return_to_draft"])
def test_a_unit_does_nothing_to_the_provinces_plan(asking, unit_officer_a, client_of, verb):
    client = client_of(unit_officer_a)
    assert [client.get(verb_url(asking, verb)).status_code, client.post(verb_url(asking, verb)).status_code] == [
        403,
        403,
    ]
    assert client.get(reverse("admin:programs_plan_change", args=[asking.pk])).content.count(b"/lam/") == 0
    asking.refresh_from_db()
    assert asking.state == "in_force"


def test_a_unit_does_nothing_to_a_plan_of_those_below_it(district_a, unit_officer_a, client_of):
    company = make_unit("A1", "CĐCS An", kind="grassroots", parent=district_a)
    plan = make_plan(company, make_user("coso", "unit_officer", company))
    assert client_of(unit_officer_a).post(verb_url(plan, "issue"), {"number": "1"}).status_code == 403


def test_who_sees_a_units_plan(asking, district_a, unit_officer_a, unit_officer_b, officer, client_of):
    company = make_unit("A1", "CĐCS An", kind="grassroots", parent=district_a)
    below = make_user("coso", "unit_officer", company)
    plan = make_plan(district_a, unit_officer_a)
    readers = (officer, unit_officer_a, below, unit_officer_b)
    before = [client_of(user).get(page_url(plan)).status_code for user in readers]
    plan.issue(fresh(unit_officer_a), number="3")
    assert before == [200, 200, 404, 404]
    assert [client_of(user).get(page_url(plan)).status_code for user in readers] == [200, 200, 200, 404]


def test_the_plan_lists_every_unit_with_its_plan_or_without(
    asking, district_a, district_b, unit_officer_a, officer, client_of
):
    make_unit_plan(district_a, unit_officer_a, asking)
    make_plan(district_b, officer, implements_plan=asking)  # a draft does not count
    shown = client_of(officer).get(page_url(asking)).content.decode()
    assert [text in shown for text in ("1/2", "Triển khai của LĐLĐ huyện An", "3/KH-LĐLĐ", "01/03/2026")] == [True] * 4
    assert shown.count("chưa ban hành") == 1


def test_a_unit_sees_its_own_line_alone(asking, district_b, unit_officer_a, unit_officer_b, client_of):
    make_unit_plan(district_b, unit_officer_b, asking)
    shown = client_of(unit_officer_a).get(page_url(asking)).content.decode()
    assert ("chưa ban hành" in shown, district_b.short_name in shown) == (True, False)


def test_a_unit_is_reminded_until_its_plan_is_out(asking, province, district_a, unit_officer_a, officer, client_of):
    text = "kế hoạch cấp trên chờ đơn vị ban hành kế hoạch triển khai"
    assert waits(unit_officer_a) == {text: (1, True)}
    assert text not in waits(officer)
    shown = client_of(unit_officer_a).get(reverse("admin:programs_plan_changelist"), {"cua": "trien-khai"})
    assert asking.title in shown.content.decode()
    make_unit_plan(district_a, unit_officer_a, asking)
    assert waits(unit_officer_a) == {}
    assert (
        asking.title
        not in client_of(unit_officer_a)
        .get(reverse("admin:programs_plan_changelist"), {"cua": "trien-khai"})
        .content.decode()
    )


def test_a_plan_for_an_older_version_counts_for_the_newer(
    asking, district_a, unit_officer_a, officer, leader, client_of
):
    make_unit_plan(district_a, unit_officer_a, asking)
    newer = asking.make_new_version(officer)
    newer.issue(leader, number="20", on=date(2026, 4, 1))
    assert owed_by(fresh(unit_officer_a)) == []
    assert "Triển khai của LĐLĐ huyện An" in client_of(officer).get(page_url(newer)).content.decode()


def test_the_plan_says_what_carries_it_out_and_what_it_carries_out(province, officer, leader, client_of):
    above = make_plan(province, officer, title="Chương trình")
    above.issue(leader, number="4")
    below = make_plan(province, officer, title="Kế hoạch năm", implements_plan=above)
    below.issue(leader, number="5")
    client = client_of(officer)
    assert f'href="{page_url(below)}"' in client.get(page_url(above)).content.decode()
    assert f'href="{page_url(above)}"' in client.get(page_url(below)).content.decode()


def test_the_list_of_units_takes_as_many_queries_for_more(
    asking, province, district_a, unit_officer_a, officer, client_of
):
    client = client_of(officer)
    make_unit_plan(district_a, unit_officer_a, asking)
    count = queries_of(client, page_url(asking))
    for code in ("X", "Y"):
        unit = make_unit(code, f"Huyện {code}", parent=province)
        make_unit_plan(unit, make_user(f"donvi{code}", "unit_officer", unit), asking)
    assert queries_of(client, page_url(asking)) == count


# Tasks ---------------------------------------------------------------------------------------------


@pytest.fixture
def task(asking, province, district_a, district_b):
    department = Department.objects.create(unit=province, code="TC", name="Ban Tài chính")
    return make_task(
        asking, lead_unit=district_a, due_on=date(2026, 1, 31), coordinator_units=[district_b],
        coordinator_departments=[department], coordinators="Sở Xây dựng",
    )  # fmt: skip


def test_all_who_have_a_part_are_named(task, officer, client_of):
    assert (task.leads, task.joins) == ("LĐLĐ huyện An", "Ban Tài chính, LĐLĐ huyện Bình, Sở Xây dựng")
    for page in (page_url(task.plan), reverse("admin:programs_assignment_change", args=[task.pk])):
        assert task.joins in client_of(officer).get(page).content.decode()


def test_leads_and_coordinators_each_have_it_on_their_list(task, officer, unit_officer_a, unit_officer_b):
    officer.appointments.update(department=Department.objects.get(code="TC"))
    own = {text: found for user in (unit_officer_a, unit_officer_b, officer) for text, found in waits(user).items()}
    assert own["nhiệm vụ trong kế hoạch đến hạn"] == (1, True)
    assert "nhiệm vụ phối hợp đến hạn" not in waits(unit_officer_a)
    assert [waits(user)["nhiệm vụ phối hợp đến hạn"] for user in (unit_officer_b, officer)] == [(1, True)] * 2
    task.plan.close(officer)
    assert [waits(user) for user in (unit_officer_a, unit_officer_b)] == [{}, {}]


def test_a_task_ends_with_evidence_and_files_and_is_opened_again(
    task, unit_officer_a, unit_officer_b, officer, client_of
):
    page = reverse("admin:programs_assignment_verb", args=[task.pk, "finish"])
    files = [SimpleUploadedFile("Biên bản.pdf", b"%PDF-1.4"), SimpleUploadedFile("anh.JPG", b"\xff\xd8")]
    client = client_of(unit_officer_a)
    assert client.post(page, {"evidence": "Đã khảo sát 12 nhà", "files": files}).status_code == 302
    kept = list(StoredFile.objects.order_by("name"))
    assert [(file.name, file.content_type, file.subject, file.unit) for file in kept] == [
        ("Biên bản.pdf", "application/pdf", task, task.lead_unit), ("anh.JPG", "image/jpeg", task, task.lead_unit),
    ]  # fmt: skip
    change, download = (
        reverse("admin:programs_assignment_change", args=[task.pk]),
        reverse("welfare:file", args=[kept[0].pk]),
    )
    answers = [client_of(user).get(download) for user in (unit_officer_a, officer, unit_officer_b)]
    assert [(answer.status_code, b"".join(answer)[:4]) for answer in answers[:2]] == [(200, b"%PDF")] * 2
    assert answers[2].status_code == 404
    assert [download in client_of(user).get(change).content.decode() for user in (officer, unit_officer_b)] == [
        True,
        False,
    ]
    client_of(officer).post(
        reverse("admin:programs_assignment_verb", args=[task.pk, "reopen"]), {"reason": "Thiếu chữ ký"}
    )
    task.refresh_from_db()
    assert (task.state, task.done_on, task.reopen_reason) == ("open", None, "Thiếu chữ ký")
    assert "Thiếu chữ ký" in client.get(change).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("virus.exe", b"MZ", "Tệp “virus.exe” không nhận được; hãy chọn tệp PDF, Word, Excel hoặc ảnh JPG, PNG."),
        ("trong.pdf", b"", "Có tệp trống; hãy chọn lại tệp."),
    ],
)
def test_other_files_are_refused_and_what_was_typed_stays(task, unit_officer_a, client_of, name, content, sentence):
    page = reverse("admin:programs_assignment_verb", args=[task.pk, "finish"])
    data = {"evidence": "Đã khảo sát", "files": [SimpleUploadedFile(name, content)]}
    shown = client_of(unit_officer_a).post(page, data).content.decode()
    assert (sentence in shown, 'value="Đã khảo sát"' in shown, StoredFile.objects.count()) == (True, True, 0)


def test_only_the_lead_and_the_issuer_end_or_reopen_a_task(task, unit_officer_a, unit_officer_b):
    for act in (lambda: task.finish(unit_officer_b, evidence="Xong"), lambda: task.reopen(unit_officer_b, reason="x")):
        with pytest.raises(Refused, match="Chỉ đơn vị chủ trì hoặc đơn vị ban hành"):
            act()
    with pytest.raises(Refused, match="không được sau hôm nay"):
        task.finish(unit_officer_a, evidence="Xong", on=date(2999, 1, 1))
