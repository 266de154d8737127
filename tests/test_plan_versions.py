"""Issued text is frozen; a change is a new version, and a new year's plan begins as a copy of the last."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from programs.models import Assignment, LegalBasis, Plan, Recipient, Section, Target, TargetShare
from programs.plans.differences import compare, differences
from programs.plans.tasks import bring_plans_into_force
from programs.targets.milestones import set_milestones
from programs.targets.shares import Decision, share_out
from tests.factories import fresh, make_plan, make_target, make_task, make_user
from welfare.models import Document, DocumentKind, NumberRegister
from welfare.states import Refused
from welfare.units.models import Department, today


@pytest.fixture
def plan(province, officer):
    return make_plan(province, officer)


@pytest.fixture
def whole(plan, province, district_a, officer):
    """A draft with one of every part."""
    base = Document.objects.create(unit=province, kind=plan.kind, title="nền", year=2022)
    LegalBasis.objects.create(plan=plan, document=base)
    top = Section.objects.create(plan=plan, number="II", heading="NHIỆM VỤ")
    section = Section.objects.create(plan=plan, number="1", heading="Nhà ở", body="Khảo sát nhà tạm.", parent=top)
    target = make_target(
        plan, section=section, own_part=2, deadline=date(2026, 11, 30), season="Tết 2027", text="Bàn giao 10 nhà"
    )
    set_milestones(target, {2026: 10})
    TargetShare.objects.create(target=target, unit=district_a, value=8)
    department = Department.objects.create(unit=province, code="TGNC", name="Ban Tuyên giáo - Nữ công")
    make_task(
        plan, "Khảo sát", section=section, due_on=date(2026, 3, 31), lead_level=2, time_text="Quý I",
        coordinator_units=[district_a], coordinator_departments=[department], coordinators="Sở Xây dựng",
    )  # fmt: skip
    Recipient.objects.create(plan=plan, name="Thường trực", purpose="để b/c")
    return plan


def issue(plan, by, number="12", on=date(2026, 2, 8), **given) -> Plan:
    plan.issue(by, number=number, on=on, **given)
    return plan


def verb_url(plan, verb):
    return reverse("admin:programs_plan_verb", args=[plan.pk, verb])


# Issue ---------------------------------------------------------------------------------------------


def test_an_issued_plan_stands_in_the_register_of_documents(plan, leader):
    paper = issue(plan, leader).document
    assert paper.citation() == (
        "Kế hoạch số 12/KH-LĐLĐ ngày 08 tháng 02 năm 2026 của Ban Thường vụ Liên đoàn Lao động tỉnh"
        " về Chăm lo đoàn viên, người lao động năm 2026"
    )
    assert (paper.register.name, paper.register_year, paper.issuer_unit) == ("Kế hoạch", 2026, plan.unit)


@pytest.mark.parametrize("typed", ["012/KH - LĐLĐ", " 12", "Số: 12/KH-LĐLĐ"])
def test_the_number_is_read_leniently_and_given_once(plan, province, officer, leader, typed):
    issue(plan, leader)
    other = make_plan(province, officer, title="Tháng Công nhân")
    with pytest.raises(
        Refused, match=r"^Số 0?12 của Kế hoạch năm 2026 đã cấp cho “Chăm lo .* năm 2026”; hãy lấy số khác\.$"
    ):
        issue(other, leader, typed)
    other.refresh_from_db()
    assert (other.state, other.document) == ("draft", None)


@pytest.mark.parametrize("number", ["", "  ", "KH-LĐLĐ", "…"])
def test_a_number_has_a_figure(plan, leader, number):
    with pytest.raises(Refused, match="phải có số, ký hiệu và người ký"):
        issue(plan, leader, number)


def test_a_row_written_to_cite_the_plan_becomes_its_row(plan, province, leader):
    cited = Document.objects.create(
        unit=province, issuer_unit=province, kind=plan.kind, number="12", symbol="KH - LĐLĐ", year=2026, title="Chăm lo"
    )
    assert issue(plan, leader).document == cited
    assert Document.objects.get().day == 8


def test_a_row_of_another_date_does_not(plan, province, leader):
    Document.objects.create(
        unit=province,
        issuer_unit=province,
        kind=plan.kind,
        number="12",
        symbol="KH-LĐLĐ",
        year=2026,
        month=1,
        title="Khác",
    )
    with pytest.raises(Refused, match="đã cấp cho “Khác”"):
        issue(plan, leader)


def test_a_day_no_register_is_kept_for_is_refused(plan, province, leader):
    NumberRegister.objects.create(unit=province, name="Nhiệm kỳ trước", period="term", starts_on=date(2018, 1, 1),
                                  ends_on=date(2023, 12, 31))  # fmt: skip
    with pytest.raises(Refused, match="Không có sổ số nào của đơn vị nhận Kế hoạch ngày 08/02/2026"):
        issue(plan, leader)


def test_the_form_proposes_the_next_number(plan, province, officer, leader, client_of):
    shown = client_of(leader).get(verb_url(plan, "issue")).content.decode()
    assert ('value="01"' in shown, "Số tiếp theo trong sổ Kế hoạch năm 2026 là 01." in shown) == (True, True)
    assert NumberRegister.objects.count() == 0
    issue(plan, leader, "41", on=today())
    other = make_plan(province, officer)
    assert 'value="42"' in client_of(leader).get(verb_url(other, "issue")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_issue_at_once_one_is_refused(plan, province, officer, other_officer):
    other, outcomes, start = make_plan(province, officer, title="Kế hoạch khác"), [], threading.Barrier(2)

    def run(row, by):
        start.wait()
        try:
            issue(row, by)
            outcomes.append("issued")
        except Refused as refusal:
            outcomes.append("đã cấp cho" in str(refusal) and "refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=pair) for pair in ((plan, fresh(officer)), (other, fresh(other_officer)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(outcomes), Document.objects.count()) == (["issued", "refused"], 1)


def test_a_plan_is_in_force_from_its_day(plan, leader):
    later = today() + timedelta(days=3)
    issue(plan, leader, on=today(), in_force_on=later)
    bring_plans_into_force()
    plan.refresh_from_db()
    assert plan.state == "issued"
    Plan.objects.filter(pk=plan.pk).update(state="draft")
    Plan.objects.filter(pk=plan.pk).update(in_force_on=today(), state="issued")
    for _ in range(2):
        bring_plans_into_force()
    plan.refresh_from_db()
    assert plan.state == "in_force"


def test_no_plan_is_in_force_before_its_issue(plan, leader):
    with pytest.raises(Refused, match="Ngày có hiệu lực không được trước ngày ban hành"):
        issue(plan, leader, in_force_on=date(2026, 2, 7))


# Who may -------------------------------------------------------------------------------------------


def test_the_authors_department_writes_and_submits(province, officer, other_officer, client_of):
    own, other = (Department.objects.create(unit=province, code=code, name=f"Ban {code}") for code in ("CS", "TG"))
    other_officer.appointments.update(department=other)
    colleague, stranger = make_user("canbo3", "province_officer", province), fresh(other_officer)
    plan = make_plan(province, officer, department=own)
    assert [plan.may_be_written_by(user) for user in (officer, colleague, stranger)] == [True, True, False]
    assert client_of(stranger).post(reverse("admin:programs_plan_change", args=[plan.pk]), {}).status_code == 403
    assert client_of(stranger).post(verb_url(plan, "make_new_version"), {}).status_code == 403
    officer.appointments.update(department=other)
    assert plan.may_be_written_by(fresh(officer))


def test_a_returned_plan_says_why_until_it_is_submitted_again(plan, officer, leader, client_of):
    plan.submit(officer)
    reason = "Chưa ghi hạn của chỉ tiêu 3"
    assert client_of(leader).post(verb_url(plan, "return_to_draft"), {"reason": reason}).status_code == 302
    pages = [reverse("admin:programs_plan_change", args=[plan.pk]), reverse("programs:plan_view", args=[plan.pk])]
    assert [reason in client_of(officer).get(page).content.decode() for page in pages] == [True, True]
    plan.refresh_from_db()
    plan.submit(officer)
    assert [reason in client_of(officer).get(page).content.decode() for page in pages] == [False, False]


# Frozen --------------------------------------------------------------------------------------------


def changes_of(plan):
    section, base, target = plan.sections.first(), plan.bases.get(), plan.targets.get()
    task, recipient = plan.assignments.get(), plan.recipients.get()
    yield from [
        (plan, "title", "Khác"), (plan, "signer_name", "Khác"), (section, "body", "Khác"), (base, "verb", "Khác"),
        (target, "value", 99), (target, "deadline", date(2027, 1, 1)), (task, "text", "Khác"), (recipient, "name", "Khác"),
    ]  # fmt: skip


def test_the_models_refuse_to_change_issued_text(whole, leader):
    issue(whole, leader)
    for row, field, value in changes_of(whole):
        setattr(row, field, value)
        with pytest.raises(Refused, match="Kế hoạch đã ban hành nên nội dung được giữ nguyên"):
            row.save()
    for row in (whole.sections.first(), whole.bases.get(), whole.targets.get(), whole.recipients.get()):
        with pytest.raises(Refused, match="giữ nguyên"):
            row.delete()
    for model in (Section, Recipient, Assignment):
        with pytest.raises(Refused, match="giữ nguyên"):
            model.objects.create(plan=whole)
    target = whole.targets.get()
    for act in (
        target.milestones.get().save,
        target.milestones.get().delete,
        lambda: set_milestones(target, {2027: 9}),
    ):
        with pytest.raises(Refused, match="giữ nguyên"):
            act()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite relies on the models")
def test_the_database_refuses_it_too(whole, leader, district_b):
    issue(whole, leader)
    attempts = [
        *[
            lambda row=row, field=field, value=value: type(row)._base_manager.filter(pk=row.pk).update(**{field: value})
            for row, field, value in changes_of(whole)
        ],
        *[lambda rows=rows: rows._raw_delete("default") for rows in (whole.bases.all(), whole.recipients.all())],
        lambda: Recipient.objects.bulk_create([Recipient(plan=whole, name="Thêm")]),
        lambda: whole.assignments.get().coordinator_units.add(district_b),
        lambda: whole.targets.get().milestones.update(value=9),
        lambda: whole.targets.get().milestones.all()._raw_delete("default"),
        lambda: Plan.objects.filter(pk=whole.pk)._raw_delete("default"),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match=r"frozen"), transaction.atomic():
            attempt()


def test_what_lives_on_after_issue_is_free(whole, officer, leader, district_a):
    issue(whole, leader)
    target, task = whole.targets.get(), whole.assignments.get()
    decision = Decision(number="15/QĐ-LĐLĐ", on=date(2026, 3, 1))
    share_out(whole, officer, {target.pk: {district_a.pk: Decimal(10), whole.unit_id: Decimal(0)}}, decision=decision)
    target.refresh_from_db()
    task.finish(officer, evidence="Báo cáo số 5", on=date(2026, 3, 1))
    task.reopen(officer, reason="Thiếu ảnh")
    whole.close(officer)
    assert (whole.state, task.state, target.own_part) == ("closed", "open", 0)


# New versions --------------------------------------------------------------------------------------


def parts_of(plan):
    return {
        "bases": [str(base) for base in plan.bases.all()],
        "sections": [(s.number, s.heading, s.body, s.parent and s.parent.heading) for s in plan.sections.all()],
        "targets": [(t.text, t.value, t.section.heading, t.own_part, t.shares.count()) for t in plan.targets.all()],
        "tasks": [(t.text, t.time_text, t.leads, t.joins, t.section.heading) for t in plan.assignments.all()],
        "recipients": [(r.name, r.purpose) for r in plan.recipients.all()],
    }


def test_a_new_version_holds_everything_and_closes_the_old_one_when_issued(whole, officer, leader):
    newer = issue(whole, leader).make_new_version(officer)
    assert parts_of(newer) == parts_of(whole)
    assert (newer.state, newer.number, newer.issued_on, newer.document, newer.supersedes) == (
        "draft",
        "",
        None,
        None,
        whole,
    )
    issue(newer, leader, "15", on=date(2026, 6, 1))
    whole.refresh_from_db()
    assert (whole.state, newer.state, newer.document.supersedes) == ("closed", "in_force", whole.document)
    assert list(Plan.objects.standing()) == [newer]


def test_what_was_done_meanwhile_is_done_in_the_new_version(whole, officer, leader):
    newer = issue(whole, leader).make_new_version(officer)
    whole.assignments.get().finish(officer, evidence="Báo cáo số 5", on=date(2026, 3, 1))
    issue(newer, leader, "15")
    task = newer.assignments.get()
    assert (task.state, task.evidence, task.done_on) == ("done", "Báo cáo số 5", date(2026, 3, 1))


def test_one_new_version_at_a_time(whole, officer, leader):
    issue(whole, leader).make_new_version(officer)
    with pytest.raises(Refused, match="đã có bản thay thế"):
        whole.make_new_version(officer)


def test_a_draft_has_no_versions(whole, officer):
    with pytest.raises(Refused, match="đã ban hành và chưa kết thúc"):
        whole.make_new_version(officer)


def test_the_verb_leads_to_the_new_draft(whole, officer, leader, client_of):
    issue(whole, leader)
    response = client_of(officer).post(verb_url(whole, "make_new_version"), {})
    newer = Plan.objects.get(supersedes=whole)
    assert response["Location"] == reverse("admin:programs_plan_change", args=[newer.pk])
    assert newer.targets.get().shares.count() == 0


def test_no_unit_replaces_a_plan_of_another(whole, district_a, unit_officer_a, leader, client_of):
    issue(whole, leader)
    own = make_plan(district_a, unit_officer_a, supersedes=whole)
    with pytest.raises(Refused, match="do chính đơn vị mình ban hành"):
        issue(own, unit_officer_a, "1")
    whole.refresh_from_db()
    assert whole.state == "in_force"


# Differences ---------------------------------------------------------------------------------------


def test_the_page_shows_what_changed_part_by_part(whole, officer, leader, client_of):
    newer = issue(whole, leader).make_new_version(officer)
    newer.title = "Chăm lo đoàn viên, người lao động năm 2026 (sửa đổi)"
    newer.save()
    newer.sections.filter(number="1").update(body="Khảo sát nhà tạm, nhà dột.")
    newer.targets.update(value=12)
    newer.bases.get().delete()
    Recipient.objects.create(plan=newer, name="Các ban", purpose="để t/h", order=1)
    found = {group.title: [change.kind for change in group.changes] for group in differences(whole, newer)}
    assert found == {
        "Thông tin chung": ["changed", "changed"], "Căn cứ": ["removed"], "Mục": ["changed"], "Chỉ tiêu": ["changed"],
        "Nơi nhận": ["added"],
    }  # fmt: skip
    shown = client_of(officer).get(reverse("programs:plan_changes", args=[newer.pk])).content.decode()
    for text in ("<ins> tạm, nhà dột.</ins>", "<del> tạm.</del>", "<ins> (sửa đổi)</ins>", "Các ban (để t/h)"):
        assert text in shown


def test_two_equal_versions_say_so(whole, officer, leader, client_of):
    newer = issue(whole, leader).make_new_version(officer)
    newer.number = whole.number
    newer.save()
    shown = client_of(officer).get(reverse("programs:plan_changes", args=[newer.pk])).content.decode()
    assert "Hai bản giống hệt nhau" in shown


def test_a_plan_without_an_older_version_has_no_changes_page(whole, officer, client_of):
    assert client_of(officer).get(reverse("programs:plan_changes", args=[whole.pk])).status_code == 404


def test_a_unit_compares_versions_once_both_are_issued(whole, officer, leader, unit_officer_a, client_of):
    newer = issue(whole, leader).make_new_version(officer)
    page = reverse("programs:plan_changes", args=[newer.pk])
    assert client_of(unit_officer_a).get(page).status_code == 404
    issue(newer, leader, "15")
    assert client_of(unit_officer_a).get(page).status_code == 200
    old_page = client_of(unit_officer_a).get(reverse("programs:plan_view", args=[whole.pk])).content.decode()
    assert "Đã được thay bằng" in old_page


lines = st.lists(st.text("abc ", min_size=1, max_size=12).map(str.strip).filter(bool), max_size=6, unique=True)


@given(lines, lines)
def test_every_line_is_kept_moved_or_told(old, new):
    changes = compare(old, new)
    gone = {"".join(piece.text for piece in change.before) for change in changes if change.before}
    came = {"".join(piece.text for piece in change.after) for change in changes if change.after}
    assert set(old) - set(new) <= gone <= set(old)
    assert set(new) - set(old) <= came <= set(new)
    assert compare(old, old) == []


# Copies for another year ---------------------------------------------------------------------------


def test_a_copy_moves_the_years_of_its_fields_not_of_its_texts(whole, officer, leader):
    issue(whole, leader)
    whole.assignments.get().finish(officer, evidence="Xong", on=date(2026, 3, 1))
    copy = whole.copy_for_year(officer, year=2027)
    target, task = copy.targets.get(), copy.assignments.get()
    assert (copy.state, copy.number, copy.issued_on, copy.supersedes, copy.first_year) == (
        "draft",
        "",
        None,
        None,
        2027,
    )
    assert copy.title == whole.title
    assert (target.year, target.deadline, target.season, target.own_part) == (2027, date(2027, 11, 30), "Tết 2028", 0)
    assert (task.due_on, task.state, task.joins) == (date(2027, 3, 31), "open", whole.assignments.get().joins)
    assert target.shares.count() == 0
    assert [parts_of(copy)[name] for name in ("bases", "sections", "recipients")] == [
        parts_of(whole)[name] for name in ("bases", "sections", "recipients")
    ]


def test_shares_are_copied_when_asked_for(whole, officer, client_of):
    response = client_of(officer).post(verb_url(whole, "copy_for_year"), {"year": 2027, "with_shares": "on"})
    copy = Plan.objects.get(first_year=2027)
    assert response["Location"] == reverse("admin:programs_plan_change", args=[copy.pk])
    assert (copy.targets.get().own_part, copy.targets.get().shares.get().value) == (2, 8)
    assert Target.objects.mismatched() == []


def test_a_leap_day_moves_to_the_end_of_february(plan, officer):
    make_task(plan, due_on=date(2028, 2, 29))
    assert plan.copy_for_year(officer, year=2027).assignments.get().due_on == date(2029, 2, 28)


def test_no_unit_copies_a_plan_of_the_province(whole, leader, unit_officer_a, client_of):
    issue(whole, leader)
    assert client_of(unit_officer_a).post(verb_url(whole, "copy_for_year"), {"year": 2027}).status_code == 403


def test_kinds_of_documents_are_those_the_catalogue_names(db):
    assert {"NQ", "KH", "CTr", "L", "NĐ", "TT", "CT", "KL"} <= set(DocumentKind.objects.values_list("code", flat=True))
