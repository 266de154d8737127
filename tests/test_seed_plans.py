"""Three papers of real federations, each entered through the screens and printed whole.

Their structure and numbers are those of the papers; the sentences and names are not.
"""

import pytest

from programs.models import Plan
from programs.plans.printing import plan_document
from tests.factories import make_unit
from tests.plans import ben_tre, ha_tinh, lai_chau
from tests.plans.desk import Desk
from tests.test_printing import text_of_docx, text_of_pdf
from welfare.documents.docx import render_docx
from welfare.documents.rendering import render_pdf
from welfare.models import Department

PAPERS = {"lai_chau": lai_chau.PAPER, "ha_tinh": ha_tinh.PAPER, "ben_tre": ben_tre.PAPER}


@pytest.fixture
def enter(province, officer, client_of):
    def enter(paper):
        for code, name in paper.departments.items():
            Department.objects.create(unit=province, code=code, name=name)
        for code, name in paper.units.items():
            make_unit(code, name, kind="sector", parent=province)
        desk = Desk(client_of(officer), province)
        desk.enter(paper)
        desk.verb("submit")
        if paper.number:
            desk.verb("issue", number=paper.number, on=paper.issued_on)
        return desk.plan

    return enter


def flat(text) -> str:
    return " ".join(text.split())


def words_of(paper) -> list[str]:
    """Everything a reader of the paper would look for."""
    names = paper.departments | paper.units | {2: "Công đoàn cấp trên trực tiếp cơ sở", 3: "Công đoàn cơ sở"}
    found = [paper.header["signer_name"], paper.header["title"], paper.header.get("summary", "")]
    for cited in paper.bases:
        found += [f"{cited.verb} ", cited.printed_number, cited.title]
    for part in paper.all_parts():
        found += [part.heading, *(line.lstrip("-+ ") for line in part.body.splitlines())]
        found += [goal.text.removeprefix("- ") for goal in part.goals]
        for task in part.tasks:
            joins = [names[code] for code in (*task.joins, *filter(None, [task.joins_level]))]
            found += [task.text, task.time, names.get(task.lead, ""), *joins, task.others]
    return [flat(words) for words in [*found, *(f"{n} ({p})" if p else n for n, p in paper.recipients)] if words]


@pytest.mark.parametrize("name", PAPERS)
def test_everything_is_entered_and_printed(name, enter, officer):
    paper = PAPERS[name]
    plan, parts = enter(paper), list(paper.all_parts())
    assert [
        plan.bases.count(), plan.sections.count(), plan.targets.count(), plan.assignments.count(), plan.recipients.count(),
    ] == [
        len(paper.bases), len(parts), sum(len(p.goals) for p in parts), sum(len(p.tasks) for p in parts), len(paper.recipients),
    ]  # fmt: skip
    document = plan_document(officer, plan.pk)
    for text in (text_of_pdf(render_pdf(document)), text_of_docx(render_docx(document))):
        upper = text.upper()
        assert [words for words in words_of(paper) if words.upper().rstrip(".") not in upper] == []


def test_numbers_and_figures_are_those_of_the_paper(enter, officer):
    plan = enter(lai_chau.PAPER)
    text = text_of_pdf(render_pdf(plan_document(officer, plan.pk)))
    assert (plan.number, plan.state, plan.document.register.name) == ("309", "in_force", "Kế hoạch")
    assert [text.count(words) for words in ("III. NHIỆM VỤ", "III. TỔ CHỨC", "IV.", "2. Công đoàn cấp trên", "2. -")] == [
        1, 1, 0, 1, 0,
    ]  # fmt: skip
    top = [section.number for section in plan.sections.filter(parent=None)]
    assert top == ["I.", "II.", "III.", "III."]
    last = plan.sections.filter(parent=None).last()
    assert [section.number for section in last.children.all()] == ["1.", "2.", "2."]
    assert [target.wanted() for target in plan.targets.all()] == [
        "100%", "100%", "từ 10 nhà trở lên", "1 nhà", "trên 90%", "5 bản", "1 - 2 bản", "100%", "từ 3 đơn vị trở lên", "100%",
    ]  # fmt: skip
    assert "ngày 08 tháng 02 năm 2022" in text
    assert ("LĐLĐ TỈNH" in text, "TM. BAN THƯỜNG VỤ" in text) == (False, False)


def test_a_number_and_a_day_still_blank_print_as_room_for_them(enter, officer):
    plan = enter(ben_tre.PAPER)
    document = plan_document(officer, plan.pk)
    text = text_of_pdf(render_pdf(document))
    assert (plan.state, plan.number, document.letterhead) == ("submitted", "", [[], []])
    assert "Số: /KH-LĐLĐ" in text
    assert "Bến Tre, ngày tháng 10 năm 2022" in text


def test_a_programme_says_what_it_carries_out_and_how_far_it_looks(enter, officer, client_of):
    plan = enter(ha_tinh.PAPER)
    assert plan.implements_document.citation() == (
        "Nghị quyết số 07/NQ-BCH ngày 29 tháng 8 năm 2024 của Ban Chấp hành Tổng Liên đoàn"
        " về tập trung nguồn lực chăm lo đoàn viên, người lao động"
    )
    assert (plan.number, plan.period) == ("04", "2024, mục tiêu đến năm 2030, tầm nhìn đến năm 2045")
    assert list(Plan.objects.search("4/CTr - LĐLĐ")) == [plan]
