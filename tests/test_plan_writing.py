"""The writing page: each part saved on its own, nothing overwritten unseen, moved, taken away and put back."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import Assignment, LegalBasis, Plan, Recipient, Section, Target, TargetShare, WordReading
from programs.plans.text import outline
from programs.targets.milestones import milestones_text, set_milestones
from tests.factories import make_plan, make_target
from welfare.models import Document, DocumentKind


@pytest.fixture
def plan(province, officer):
    """I. (1., 2.) II., with a target and a task in "2."."""
    plan = make_plan(province, officer)
    first = Section.objects.create(plan=plan, number="I.", heading="MỤC ĐÍCH", order=0)
    for order, number in enumerate(("1.", "2."), 1):
        Section.objects.create(plan=plan, parent=first, number=number, body=f"Ý {number}", order=order)
    Section.objects.create(plan=plan, number="II.", heading="TỔ CHỨC", order=3)
    return plan


@pytest.fixture
def client(client_of, officer):
    return client_of(officer)


def section(plan, number) -> Section:
    return plan.sections.get(number=number)


def url(plan, slug, row=None, act=""):
    if row is None:
        return reverse("programs:plan_part_add", args=[plan.pk, slug])
    if act:
        return reverse("programs:plan_part_act", args=[plan.pk, slug, row.pk, act])
    return reverse("programs:plan_part", args=[plan.pk, slug, row.pk])


def page(plan):
    return reverse("programs:plan_write", args=[plan.pk])


HTMX = {"HX-Request": "true"}


def opened(client, address) -> dict:
    """What a form's fields say when it is opened."""
    text = client.get(address, headers=HTMX).content.decode()
    return {"version": re.search(r'name="version" value="(\w[\w-]*)"', text)[1]}


def shape(plan) -> list[str]:
    return ["  " * (part.level - 1) + part.section.number for part in outline(plan) if part.section]


# Saving -------------------------------------------------------------------------------------------


def test_a_section_is_saved_in_place(plan, client):
    row = section(plan, "1.")
    address = url(plan, "muc", row)
    given = opened(client, address) | {"number": "1.", "heading": "Mục đích", "body": "Một đoạn mới."}
    answer = client.post(address, given, headers=HTMX).content.decode()
    row.refresh_from_db()
    assert (row.heading, row.body) == ("Mục đích", "Một đoạn mới.")
    assert (f'id="pw-muc-{row.pk}"' in answer, "Một đoạn mới." in answer, "<form" in answer) == (True, True, False)


@pytest.mark.parametrize(
    ("slug", "given", "field", "value"),
    [
        ("dau", {"number": "7", "symbol": "KH-LĐLĐ", "place": "An", "issued_on": "08/02/2026", "title": "Tên mới"}, "title", "Tên mới"),
        ("thoi-ky", {"first_year": "2026", "last_year": "2028", "issuing_body": "BTV"}, "last_year", 2028),
        ("loi-dan", {"summary": "Như sau:"}, "summary", "Như sau:"),
        ("loi-ket", {"closing": "Hết."}, "closing", "Hết."),
        ("ky", {"capacity": "", "signer_title": "CHỦ TỊCH", "signer_name": "Lê Mẫu"}, "signer_name", "Lê Mẫu"),
    ],
)  # fmt: skip
def test_the_plans_own_lines_are_saved_in_groups(plan, client, slug, given, field, value):
    address = url(plan, slug, plan)
    given |= {"kind": plan.kind_id} if slug == "dau" else {}
    assert client.post(address, opened(client, address) | given, headers=HTMX).status_code == 200
    plan.refresh_from_db()
    assert getattr(plan, field) == value


def test_what_is_wrong_is_said_and_what_was_typed_stays(plan, client):
    address = url(plan, "thoi-ky", plan)
    given = opened(client, address) | {"first_year": "2026", "last_year": "2020", "issuing_body": "Ban Thường vụ gõ dở"}
    answer = client.post(address, given, headers=HTMX).content.decode()
    assert ("Năm kết thúc phải từ năm bắt đầu trở đi." in answer, "Ban Thường vụ gõ dở" in answer) == (True, True)
    plan.refresh_from_db()
    assert plan.last_year is None


def test_a_basis_is_typed_as_it_reads_and_found_in_the_register(plan, client, province):
    kind = DocumentKind.objects.get(code="NQ")
    known = Document.objects.create(unit=province, kind=kind, number="07", symbol="NQ-BCH", year=2024, title="chăm lo")
    given = {"verb": "Thực hiện", "citation": "Nghị quyết 7-NQ/BCH ngày 29/8/2024 về chăm lo"}
    client.post(url(plan, "can-cu"), given, headers=HTMX)
    basis = LegalBasis.objects.get(plan=plan)
    assert (basis.verb, basis.document) == ("Thực hiện", known)
    wrong = client.post(url(plan, "can-cu"), {"verb": "Căn cứ", "citation": "tình hình thực tế"}, headers=HTMX)
    assert ("Chưa nhận ra văn bản" in wrong.content.decode(), plan.bases.count()) == (True, 1)


def test_a_basis_left_as_it_reads_keeps_its_document(plan, client, province):
    document = Document.objects.create(
        unit=province, kind=DocumentKind.objects.get(code="L"), title="Công đoàn năm 2024"
    )
    basis = LegalBasis.objects.create(plan=plan, document=document)
    address = url(plan, "can-cu", basis)
    given = opened(client, address) | {"verb": "Thực hiện", "citation": document.citation()}
    client.post(address, given, headers=HTMX)
    basis.refresh_from_db()
    assert (basis.verb, basis.document, Document.objects.count()) == ("Thực hiện", document, 1)


def target_data(target, **changed):
    return {
        "text": target.text, "indicator": target.indicator_id, "comparator": target.comparator, "value": "10",
        "unit_of_measure": "nhà", "binds_level": target.binds_level, "combine": "anew", **changed,
    }  # fmt: skip


def test_a_targets_sentence_changes_in_its_sections_text_too(plan, client):
    row = section(plan, "1.")
    row.body = "Trước. Xây 10 nhà. Sau."
    row.save()
    target = make_target(plan, section=row, text="Xây 10 nhà.")
    address = url(plan, "chi-tieu", target)
    given = opened(client, address) | target_data(target, text="Xây từ 12 nhà trở lên.", value="12")
    answer = client.post(address, given, headers=HTMX).content.decode()
    row.refresh_from_db()
    target.refresh_from_db()
    assert (row.body, target.value) == ("Trước. Xây từ 12 nhà trở lên. Sau.", 12)
    assert answer.count("hx-swap-oob") == 1


def test_a_targets_years_and_milestones_are_written_in_place(plan, client):
    plan.last_year = plan.first_year + 4
    plan.save()
    target = make_target(plan, year=None)
    address = url(plan, "chi-tieu", target)
    years = {
        "combine": "cumulative",
        "year": str(plan.last_year),
        "season": "",
        "milestone_line": f"{plan.first_year}: 2",
    }
    client.post(address, opened(client, address) | target_data(target, **years), headers=HTMX)
    target.refresh_from_db()
    assert (target.combine, target.year, milestones_text(target)) == (
        "cumulative",
        plan.last_year,
        f"{plan.first_year}: 2",
    )
    wrong = opened(client, address) | target_data(target, **years | {"milestone_line": f"{plan.last_year}: 3"})
    answer = client.post(address, wrong, headers=HTMX).content.decode()
    assert f"Mốc của năm cuối ({plan.last_year}) phải bằng chính chỉ tiêu" in answer
    assert milestones_text(target) == f"{plan.first_year}: 2"


def test_milestones_that_another_officer_changed_are_not_overwritten(plan, client):
    target = make_target(plan)
    address = url(plan, "chi-tieu", target)
    mine = opened(client, address)
    set_milestones(target, {plan.first_year: 10})
    answer = client.post(address, mine | target_data(target), headers=HTMX).content.decode()
    assert ("Người khác vừa sửa phần này" in answer, f"{plan.first_year}: 10" in answer) == (True, True)
    assert milestones_text(target) == f"{plan.first_year}: 10"


def test_a_range_upside_down_is_refused_in_its_place(plan, client):
    target = make_target(plan)
    address = url(plan, "chi-tieu", target)
    given = opened(client, address) | target_data(target, comparator="range", value="5", value_max="2")
    answer = client.post(address, given, headers=HTMX).content.decode()
    assert "Khoảng giá trị phải ghi từ số nhỏ đến số lớn." in answer


# Two officers -------------------------------------------------------------------------------------


def test_the_second_is_told_and_nothing_is_overwritten(plan, client, client_of, other_officer):
    row = section(plan, "1.")
    address, other = url(plan, "muc", row), client_of(other_officer)
    mine, theirs = opened(client, address), opened(other, address)
    other.post(address, theirs | {"number": "1.", "body": "Bản của người kia"}, headers=HTMX)
    answer = client.post(address, mine | {"number": "1.", "body": "Bản của tôi"}, headers=HTMX).content.decode()
    row.refresh_from_db()
    assert row.body == "Bản của người kia"
    told = ("Người khác vừa sửa phần này", "Bản của người kia", "Bản của tôi", "Vẫn lưu")
    assert [words in answer for words in told] == [True] * 4
    again = {"version": re.search(r'name="version" value="(\w+)"', answer)[1], "number": "1.", "body": "Bản của tôi"}
    client.post(address, again, headers=HTMX)
    row.refresh_from_db()
    assert row.body == "Bản của tôi"


def test_two_parts_do_not_stand_in_each_others_way(plan, client, client_of, other_officer):
    one, two = section(plan, "1."), section(plan, "2.")
    other = client_of(other_officer)
    first, second = opened(client, url(plan, "muc", one)), opened(other, url(plan, "muc", two))
    client.post(url(plan, "muc", one), first | {"number": "1.", "body": "Một"}, headers=HTMX)
    other.post(url(plan, "muc", two), second | {"number": "2.", "body": "Hai"}, headers=HTMX)
    assert [section(plan, number).body for number in ("1.", "2.")] == ["Một", "Hai"]


def test_a_part_that_is_gone_keeps_what_was_typed_on_screen(plan, client):
    row = section(plan, "1.")
    address = url(plan, "muc", row)
    given = opened(client, address) | {"number": "1.", "body": "Gõ dở"}
    row.delete()
    answer = client.post(address, given, headers=HTMX).content.decode()
    assert ("vừa bị người khác xóa" in answer, "Gõ dở" in answer) == (True, True)


def test_a_plan_that_was_submitted_meanwhile_is_not_changed(plan, client, officer):
    row = section(plan, "1.")
    address = url(plan, "muc", row)
    given = opened(client, address) | {"number": "1.", "body": "Muộn"}
    plan.submit(officer)
    answer = client.post(address, given, headers=HTMX).content.decode()
    row.refresh_from_db()
    assert ("không còn là dự thảo" in answer, "Muộn" in answer, row.body) == (True, True, "Ý 1.")
    for act in ("xuong", "xoa", "vao"):
        assert "không còn là dự thảo" in client.post(url(plan, "muc", row, act), headers=HTMX).content.decode()
    assert "không còn là dự thảo" in client.post(url(plan, "muc"), {"number": "9."}, headers=HTMX).content.decode()
    assert plan.sections.count() == 4
    assert client.get(page(plan))["Location"] == reverse("programs:plan_view", args=[plan.pk])


# Order --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "act", "after"),
    [
        ("2.", "len", ["I.", "  2.", "  1.", "II."]),
        ("I.", "xuong", ["II.", "I.", "  1.", "  2."]),
        ("2.", "ra", ["I.", "  1.", "2.", "II."]),
        ("2.", "vao", ["I.", "  1.", "    2.", "II."]),
        ("II.", "vao", ["I.", "  1.", "  2.", "  II."]),
        ("1.", "len", ["I.", "  1.", "  2.", "II."]),
        ("II.", "ra", ["I.", "  1.", "  2.", "II."]),
        ("I.", "vao", ["I.", "  1.", "  2.", "II."]),
    ],
)
def test_sections_move_up_down_in_and_out(plan, client, number, act, after):
    answer = client.post(url(plan, "muc", section(plan, number), act), headers=HTMX)
    assert (answer.status_code, shape(plan)) == (200, after)
    moved = after != ["I.", "  1.", "  2.", "II."]
    assert answer.headers.get("HX-Retarget") == (None if moved else "#pw-notice")


def test_a_new_section_stands_after_the_one_it_was_asked_for(plan, client):
    after = section(plan, "1.")
    client.post(f"{url(plan, 'muc')}?sau=muc-{after.pk}", {"number": "1b.", "body": "Chen"}, headers=HTMX)
    client.post(
        f"{url(plan, 'muc')}?sau=muc-{section(plan, 'I.').pk}", {"number": "Ib.", "heading": "Sau I"}, headers=HTMX
    )
    client.post(url(plan, "muc"), {"number": "0.", "heading": "Đầu"}, headers=HTMX)
    assert shape(plan) == ["0.", "I.", "  1.", "  1b.", "  2.", "Ib.", "II."]


def test_targets_move_within_their_section_and_into_the_next(plan, client):
    one, two = section(plan, "1."), section(plan, "2.")
    first, second = (make_target(plan, section=one, order=n, text=f"Câu {n}") for n in (1, 2))
    client.post(url(plan, "chi-tieu", first, "xuong"), headers=HTMX)
    assert list(one.targets.all()) == [second, first]
    client.post(url(plan, "chi-tieu", first, "xuong"), headers=HTMX)
    assert (list(one.targets.all()), list(two.targets.all())) == ([second], [first])
    client.post(url(plan, "chi-tieu", first, "len"), headers=HTMX)
    assert list(one.targets.all()) == [second, first]


def test_new_rows_stand_where_they_were_asked_for(plan, client):
    row = section(plan, "1.")
    client.post(f"{url(plan, 'nhiem-vu')}?sau=muc-{row.pk}", {"text": "Việc hai"}, headers=HTMX)
    client.post(f"{url(plan, 'nhiem-vu')}?sau=muc-{row.pk}", {"text": "Việc một"}, headers=HTMX)
    for name in ("B", "A"):
        client.post(url(plan, "noi-nhan"), {"name": name}, headers=HTMX)
    last = Recipient.objects.get(name="B")
    client.post(f"{url(plan, 'noi-nhan')}?sau=noi-nhan-{last.pk}", {"name": "C", "purpose": "để b/c"}, headers=HTMX)
    assert [(task.text, task.section) for task in plan.assignments.all()] == [("Việc một", row), ("Việc hai", row)]
    assert [one.name for one in plan.recipients.all()] == ["A", "B", "C"]


def test_an_unknown_place_or_part_is_a_404(plan, client, province, officer):
    stranger = section(make_plan_with_section(province, officer), "X.")
    assert client.get(url(plan, "muc", stranger)).status_code == 404
    assert client.post(url(plan, "muc", stranger, "xoa")).status_code == 404
    assert client.post(url(plan, "dau", plan, "xoa")).status_code == 404
    assert client.get(reverse("programs:plan_part", args=[plan.pk, "gi-do", 1])).status_code == 404
    assert client.post(url(plan, "muc", section(plan, "1."), "bay")).status_code == 404


def make_plan_with_section(unit, officer):
    other = make_plan(unit, officer, title="Kế hoạch khác")
    Section.objects.create(plan=other, number="X.")
    return other


# Taken away and put back --------------------------------------------------------------------------


def token_of(answer) -> str:
    return re.search(r'name="token" value="([^"]+)"', answer.content.decode())[1]


def test_a_section_goes_with_all_under_it_and_comes_back(plan, client, district_a):
    top, row = section(plan, "I."), section(plan, "2.")
    target = make_target(plan, section=row)
    TargetShare.objects.create(target=target, unit=district_a, value=3)
    Assignment.objects.create(plan=plan, section=row, text="Việc", coordinators="Các ban")
    before = [list(model.objects.order_by("pk").values()) for model in (Section, Target, TargetShare, Assignment)]
    answer = client.post(url(plan, "muc", top, "xoa"), headers=HTMX)
    assert "Đã xóa mục “I. MỤC ĐÍCH” cùng 4 phần bên trong." in answer.content.decode()
    assert (shape(plan), Target.objects.count(), Assignment.objects.count()) == (["II."], 0, 0)
    undo, token = reverse("programs:plan_undo", args=[plan.pk]), token_of(answer)
    assert "Đã đưa lại phần vừa xóa." in client.post(undo, {"token": token}, headers=HTMX).content.decode()
    assert before == [
        list(model.objects.order_by("pk").values()) for model in (Section, Target, TargetShare, Assignment)
    ]
    assert "đã được hoàn tác" in client.post(undo, {"token": token}, headers=HTMX).content.decode()


def test_a_token_of_another_plan_or_of_nobody_puts_nothing_back(plan, client, province, officer):
    other = make_plan_with_section(province, officer)
    token = token_of(client.post(url(other, "muc", section(other, "X."), "xoa"), headers=HTMX))
    undo = reverse("programs:plan_undo", args=[plan.pk])
    for given in (token, "x:y:z", ""):
        client.post(undo, {"token": given}, headers=HTMX)
    assert (Section.objects.filter(number="X.").count(), plan.sections.count()) == (0, 4)


@pytest.mark.parametrize("slug", ["can-cu", "chi-tieu", "nhiem-vu", "noi-nhan"])
def test_every_kind_of_row_goes_and_comes_back(plan, client, province, slug):
    document = Document.objects.create(unit=province, kind=DocumentKind.objects.get(code="KH"), title="x")
    row = {
        "can-cu": lambda: LegalBasis.objects.create(plan=plan, document=document),
        "chi-tieu": lambda: make_target(plan),
        "nhiem-vu": lambda: Assignment.objects.create(plan=plan, text="Việc"),
        "noi-nhan": lambda: Recipient.objects.create(plan=plan, name="Các ban"),
    }[slug]()
    answer = client.post(url(plan, slug, row, "xoa"), headers=HTMX)
    assert not type(row).objects.filter(pk=row.pk).exists()
    client.post(reverse("programs:plan_undo", args=[plan.pk]), {"token": token_of(answer)}, headers=HTMX)
    assert type(row).objects.get() == row


# Marks --------------------------------------------------------------------------------------------


def test_a_mark_goes_when_the_part_is_saved_or_looked_at(plan, client, province, officer):
    one, two = section(plan, "1."), section(plan, "2.")
    marks = {f"muc-{row.pk}": {"lines": [0], "unsure": "Xem lại."} for row in (one, two)}
    reading = WordReading.objects.create(
        plan=plan, unit=province, owner=officer, state="read", origins=marks, lines=["Ý"]
    )
    client.post(url(plan, "muc", one, "da-xem"), headers=HTMX)
    address = url(plan, "muc", two)
    client.post(address, opened(client, address) | {"number": "2.", "body": "Sửa"}, headers=HTMX)
    reading.refresh_from_db()
    assert (reading.unsure(), reading.origins[f"muc-{one.pk}"]["lines"]) == ({}, [0])


# Who ----------------------------------------------------------------------------------------------


def test_only_who_may_change_the_plan_writes_it(plan, client_of, inspector, leader, finance, unit_officer_a):
    row = section(plan, "1.")
    for user in (inspector, leader, finance):
        client = client_of(user)
        pages = [client.get(page(plan)), client.get(url(plan, "muc", row)), client.post(url(plan, "muc", row, "xoa"))]
        assert [answer.status_code for answer in pages] == [403, 403, 403]
    assert client_of(unit_officer_a).get(page(plan)).status_code in (403, 404)
    assert plan.sections.count() == 4


def test_the_page_is_offered_to_who_may_write_and_only_for_drafts(plan, client, officer, client_of, inspector):
    places = [reverse("programs:plan_view", args=[plan.pk]), reverse("admin:programs_plan_change", args=[plan.pk])]
    offered = lambda who: [page(plan) in who.get(place).content.decode() for place in places]  # noqa: E731
    assert (offered(client), offered(client_of(inspector))) == ([True, True], [False, False])
    plan.submit(officer)
    assert offered(client) == [False, False]


def test_the_page_takes_as_many_queries_for_few_parts_as_for_many(plan, client, province):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(plan)).status_code == 200
        return len(captured)

    def grow(count):
        document = Document.objects.create(unit=province, kind=DocumentKind.objects.get(code="KH"), title="x")
        for n in range(count):
            LegalBasis.objects.create(plan=plan, document=document)
            row = Section.objects.create(plan=plan, number=f"{n}.", parent=section(plan, "I."))
            make_target(plan, section=row)
            Assignment.objects.create(plan=plan, section=row, text="Việc", lead_unit=province)
            Recipient.objects.create(plan=plan, name="Các ban")

    queries()  # what is read once a process
    grow(1)
    few = queries()
    grow(12)
    assert queries() == few
    assert few <= 20


def test_a_part_opened_without_the_page_leads_to_it(plan, client):
    assert client.get(url(plan, "muc", section(plan, "1.")))["Location"] == page(plan)


def test_the_writing_page_of_an_empty_plan_says_where_to_begin(province, officer, client):
    text = client.get(page(make_plan(province, officer))).content.decode()
    assert ["Chưa có căn cứ nào." in text, "Chưa có mục nào." in text, "Chưa có nơi nhận nào." in text] == [True] * 3
    assert Plan.objects.count() == 1
