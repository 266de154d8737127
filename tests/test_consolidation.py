"""A period's reports put together: figures, narratives, proposals with answers, on screen and on paper; the letter."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from openpyxl import load_workbook

from programs.models import Indicator, Plan, Proposal, ReportFigure, UnitReport
from programs.reporting import consolidated_printing as printing
from programs.reporting.consolidated import Consolidated
from programs.reporting.consolidated_printing import consolidated_document
from programs.reporting.consolidation import Line, over_periods
from programs.reporting.contents import ask, current_figures
from programs.reporting.letters import reminder_letter
from programs.reporting.opening import open_period
from tests.factories import fresh, make_plan, make_report, make_rule, make_target, make_unit, make_user
from welfare.documents.blocks import Bullet, Heading, Paragraph, Table
from welfare.documents.printing import rendered
from welfare.models import Department, Organization

QUARTERS = [(date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))]


@pytest.fixture(autouse=True)
def at(time_machine):
    time_machine.move_to("2026-04-20 09:00:00+07:00")
    return lambda day: time_machine.move_to(f"{day} 09:00:00+07:00")


@pytest.fixture
def plan(province, officer):
    plan = make_plan(province, officer, state=Plan.State.IN_FORCE, number="12", issued_on=date(2026, 1, 5))
    for code in ("houses_handed_over", "collective_agreements", "members_informed_share"):
        make_target(plan, indicator=code, value=5)
    return plan


@pytest.fixture
def rule(plan):
    return make_rule(plan, frequency="quarter", due=(None, None), name="Báo cáo quý")


@pytest.fixture
def accepted(rule, officer, other_officer):
    """accepted(unit, days, code=value or (part, whole)): an accepted report that states these figures."""

    def make(unit, days=QUARTERS[0], state="accepted", results="Đã làm tốt.", known=None, **figures):
        report = make_report(
            rule, unit, first=days[0], last=days[1], state=state, submitted_by=officer, results=results,
            submitted_on=days[1], first_submitted_on=days[1], decided_by=other_officer, decided_on=days[1],
        )  # fmt: skip
        ask(report.period, [report.pk])
        for code, parts in figures.items():
            _state(report, code, parts, known)
        return report

    return make


def _state(report, code, parts, known):
    part, whole = parts if isinstance(parts, tuple) else (None, None)
    value = Decimal(100) * part / whole if whole else parts
    ReportFigure.objects.filter(report=report, indicator__code=code).update(
        value=value, numerator=part, denominator=whole, known_value=known
    )


def rows(user, period, **options) -> dict[str, tuple]:
    found = Consolidated(user, period, **options)
    return {
        row.indicator.code: (row.line and row.line.text, row.before and row.before.text, row.line and row.line.units)
        for row in found.rows
    }


# --- figures ----------------------------------------------------------------------------------------


def test_figures_are_sums_and_rates_of_sums_beside_the_last_period(accepted, district_a, district_b, officer):
    accepted(district_a, houses_handed_over=2, members_informed_share=(30, 40))
    accepted(district_b, houses_handed_over=1)
    report = accepted(district_a, QUARTERS[1], houses_handed_over=4, members_informed_share=(10, 10))
    accepted(district_b, QUARTERS[1], members_informed_share=(5, 10))
    assert rows(officer, report.period) == {
        "houses_handed_over": ("4 nhà", "3 nhà", 1),
        "collective_agreements": ("–", "–", 0),
        "members_informed_share": ("75% (15/20)", "75% (30/40)", 2),
    }


def test_only_accepted_reports_count_and_the_missing_are_named(accepted, district_a, district_b, officer):
    period = accepted(district_a, houses_handed_over=2).period
    accepted(district_b, state="submitted", houses_handed_over=9)
    found = Consolidated(officer, period)
    assert (rows(officer, period)["houses_handed_over"][0], [report.unit for report in found.missing]) == (
        "2 nhà", [district_b]
    )  # fmt: skip


def test_the_ledger_of_the_same_reports_stands_beside(accepted, district_a, district_b, officer):
    period = accepted(district_a, houses_handed_over=2, known=2).period
    accepted(district_b, houses_handed_over=3, known=1)
    line = Consolidated(officer, period).rows[0].line
    assert (line.text, line.known_text, line.difference) == ("5 nhà", "3 nhà", 2)


def test_a_year_adds_its_periods_by_the_indicators_kind(accepted, district_a, officer):
    accepted(district_a, houses_handed_over=2, members_informed_share=(30, 40))
    period = accepted(district_a, QUARTERS[1], houses_handed_over=4, members_informed_share=(10, 60)).period
    found = Consolidated(officer, period, whole_year=True)
    year = {row.indicator.code: row.year and row.year.text for row in found.rows}
    assert year == {
        "houses_handed_over": "6 nhà",
        "collective_agreements": None,
        "members_informed_share": "40% (40/100)",
    }
    assert [line and line.text for _, line in found.rows[0].by_period] == ["2 nhà", "4 nhà"]


def test_a_rate_the_ledger_counts_since_january_is_not_added_over_a_year():
    counted = Indicator(roll_up="ratio", unit_of_measure="%", source="counted")
    parts = [(Decimal(10), Decimal(40)), (Decimal(30), Decimal(40))]
    lines = [Line(counted, 100 * part / whole, part, whole, 1, (None, None, None)) for part, whole in parts]
    assert over_periods(lines).text == "75% (30/40)"


def test_what_is_a_state_is_not_added_over_a_year():
    indicator = Indicator(roll_up="latest", unit_of_measure="người")
    lines = [Line(indicator, Decimal(value), None, None, 1, (None, None, None)) for value in (7, 5)]
    assert over_periods([*lines, None]).text == "5 người"
    assert over_periods([None]) is None


def test_an_upper_unit_puts_together_what_came_to_it_alone(
    plan, district_a, district_b, officer, other_officer, unit_officer_a
):
    rule, periods = make_rule(plan, level=3), set()
    for district, value in ((district_a, 2), (district_b, 7)):
        unit = make_unit(f"{district.code}1", f"CĐCS của {district.code}", kind="grassroots", parent=district)
        report = make_report(rule, unit, first=QUARTERS[0][0], last=QUARTERS[0][1], state="accepted", submitted_by=officer,
                             submitted_on=QUARTERS[0][1], decided_by=other_officer)  # fmt: skip
        ask(report.period, [report.pk])
        _state(report, "collective_agreements", value, None)
        periods.add(report.period)
    [period] = periods
    texts = [rows(user, period)["collective_agreements"][0] for user in (unit_officer_a, officer)]
    assert texts == ["2 bản", "9 bản"]


def test_quarters_and_the_year_of_one_unit_are_not_added_below_ones_own_report(
    plan, accepted, district_a, district_b, province, officer, other_officer
):
    for days, value in zip(QUARTERS, (2, 3), strict=True):
        accepted(district_a, days, collective_agreements=value)
        accepted(district_b, days, collective_agreements=value)
    last = date(2026, 11, 14)
    yearly = make_report(make_rule(plan), district_a, first=date(2026, 1, 1), last=last, state="accepted",
                         submitted_by=officer, submitted_on=last, decided_by=other_officer)  # fmt: skip
    ask(yearly.period, [yearly.pk])
    _state(yearly, "collective_agreements", 9, None)
    upward = make_rule(plan, level=1, to_organization=Organization.objects.create(name="Cấp trên", kind="union"))
    own = UnitReport.objects.create(
        period=open_period(upward, next(upward.spans())), unit=province, first_day=date(2026, 1, 1), last_day=last,
        due_on=last,
    )  # fmt: skip
    ask(own.period, [own.pk])
    figure = next(each for each in current_figures(own) if each.indicator.code == "collective_agreements")
    assert figure.stated_text == "14 bản"  # 9 of the year of A, 2 and 3 of the quarters of B


def test_ones_own_report_upward_starts_from_it(
    plan, accepted, district_a, district_b, province, officer, unit_officer_a
):
    period = accepted(district_a, members_informed_share=(30, 40)).period
    accepted(district_b, members_informed_share=(10, 60))
    organization = Organization.objects.create(name="Cấp trên", kind="union")
    upward = make_rule(plan, level=1, to_organization=organization)
    own = UnitReport.objects.create(
        period=open_period(upward, next(upward.spans())), unit=province, first_day=date(2026, 1, 1),
        last_day=date(2026, 11, 14), due_on=date(2026, 11, 14),
    )  # fmt: skip
    ask(own.period, [own.pk])
    figure = next(each for each in current_figures(own) if each.indicator.code == "members_informed_share")
    line = next(row.line for row in Consolidated(officer, period).rows if row.indicator == figure.indicator)
    assert (figure.stated_text, line.text) == ("40% (40/100)", "40% (40/100)")
    assert [Consolidated(user, period).upward for user in (officer, unit_officer_a)] == [own, None]


# --- the page ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("units", [3, 30])
def test_the_page_takes_as_many_queries_however_many_units(
    units, accepted, province, officer, client_of, django_assert_num_queries
):
    for n in range(units):
        unit = make_unit(f"U{n}", f"Huyện {n}", parent=province)
        period = accepted(unit, state="accepted" if n % 2 else "submitted", houses_handed_over=n).period
    page, client = reverse("programs:report_consolidated", args=[period.pk]), client_of(officer)
    client.get(page)
    with django_assert_num_queries(14):
        client.get(page)


def test_an_indicator_opens_the_units_figures(accepted, district_a, district_b, officer, unit_officer_a, client_of):
    period = accepted(district_a, houses_handed_over=2, known=1).period
    accepted(district_b, state="submitted", houses_handed_over=3)
    page = reverse(
        "programs:consolidated_figure", args=[period.pk, Indicator.objects.get(code="houses_handed_over").pk]
    )
    figures = client_of(officer).get(page).context["page"].object_list
    assert [(f.report.unit, f.stated_text, f.difference) for f in figures] == [
        (district_a, "2 nhà", 1),
        (district_b, "3 nhà", None),
    ]
    assert list(client_of(unit_officer_a).get(page).context["page"]) == []


def test_a_stranger_to_the_plan_finds_no_period(plan, accepted, district_a, client_of):
    period = accepted(district_a).period
    elsewhere = make_plan(district_a, plan.created_by, state=Plan.State.DRAFT)
    period.rule.plan = elsewhere
    period.rule.save()
    stranger = make_user("la", "unit_officer", make_unit("C", "Huyện Châu", parent=plan.unit))
    assert client_of(stranger).get(reverse("programs:report_consolidated", args=[period.pk])).status_code == 404


# --- answers ----------------------------------------------------------------------------------------


@pytest.fixture
def proposal(accepted, district_a, province, officer):
    department = Department.objects.create(unit=province, code="TC", name="Ban Tài chính")
    return Proposal.objects.create(
        unit=district_a, report=accepted(district_a), text="Thiếu kinh phí", to_department=department, raised_by=officer
    )


def test_proposals_stand_by_who_must_answer_and_are_answered_on_the_page(proposal, district_a, officer, client_of):
    client = client_of(officer)
    page = reverse("programs:report_consolidated", args=[proposal.report.period_id])
    [(addressee, proposals)] = client.get(page).context["found"].proposals
    assert (addressee, [each.text for each in proposals]) == ("Ban Tài chính", ["Thiếu kinh phí"])
    answer = reverse("programs:report_answer", args=[proposal.pk])
    body = client.post(answer, {"answer": "Đã cấp bổ sung."}, headers={"HX-Request": "true"}).content.decode()
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer, proposal.answered_by) == ("answered", "Đã cấp bổ sung.", officer)
    assert ("Đã cấp bổ sung." in body, "<form" in body) == (True, False)


def test_a_second_answer_and_an_empty_one_are_told_beside_it(proposal, officer, other_officer, client_of):
    answer, client = reverse("programs:report_answer", args=[proposal.pk]), client_of(other_officer)
    assert (
        "Không được để trống ô này."
        in client.post(answer, {"answer": " "}, headers={"HX-Request": "true"}).content.decode()
    )
    proposal.reply(officer, answer="Đã trả lời")
    body = client.post(answer, {"answer": "Trả lời khác"}, headers={"HX-Request": "true"}).content.decode()
    assert "đang ở trạng thái “Đã trả lời”" in body
    assert "chưa lưu: Trả lời khác" in body
    proposal.refresh_from_db()
    assert proposal.answer == "Đã trả lời"


def test_units_answer_no_proposals(proposal, unit_officer_a, unit_officer_b, client_of):
    answer = reverse("programs:report_answer", args=[proposal.pk])
    assert [client_of(user).post(answer, {"answer": "x"}).status_code for user in (unit_officer_a, unit_officer_b)] == [
        403
    ] * 2


# --- on paper ---------------------------------------------------------------------------------------


def test_the_printed_consolidation_holds_all_of_it(proposal, accepted, district_b, officer):
    period = proposal.report.period
    _state(proposal.report, "houses_handed_over", 2, 1)
    accepted(district_b, state="submitted")
    document = consolidated_document(officer, period.pk)
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert headings == [
        "I. TÌNH HÌNH GỬI BÁO CÁO", "II. SỐ LIỆU TỔNG HỢP", "III. KẾT QUẢ NỔI BẬT CỦA CÁC ĐƠN VỊ", "IV. KHÓ KHĂN, KIẾN NGHỊ"
    ]  # fmt: skip
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert list(table.rows[0]) == ["Nhà Mái ấm đã bàn giao", "nhà", 2, None, 1, 1]
    assert [block.text for block in document.blocks if isinstance(block, Bullet)] == ["LĐLĐ huyện An: Thiếu kinh phí"]
    assert [appendix.title for appendix in document.appendices] == [
        "Số liệu từng chỉ số theo đơn vị", "Báo cáo chưa có trong bản tổng hợp"
    ]  # fmt: skip
    assert rendered(document, "docx")[:2] == b"PK"


def test_the_workbook_has_figures_as_numbers_and_no_formula(accepted, district_a, officer):
    report = accepted(district_a, houses_handed_over=2)
    report.figures.filter(indicator__code="houses_handed_over").update(note="=1+1")
    book = load_workbook(io.BytesIO(rendered(consolidated_document(officer, report.period_id), "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert 2 in [cell.value for cell in cells]
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]


def test_very_many_figures_of_units_are_printed_when_asked_for_alone(accepted, district_a, officer, monkeypatch):
    monkeypatch.setattr(printing, "_MOST_ROWS_ON_PAPER", 2)
    period = accepted(district_a, houses_handed_over=2).period
    asked = [consolidated_document(officer, period.pk, by_unit=by_unit).appendices for by_unit in (None, "1")]
    assert [[appendix.title for appendix in appendices] for appendices in asked] == [
        [], ["Số liệu từng chỉ số theo đơn vị"]
    ]  # fmt: skip


def test_who_reads_no_reports_prints_none(accepted, district_a, administrator):
    with pytest.raises(PermissionDenied):
        consolidated_document(administrator, accepted(district_a).period_id)


def test_the_letter_names_late_units_with_their_days(rule, district_a, district_b, province, officer, at):
    at("2026-03-01")
    report = make_report(rule, district_a, first=QUARTERS[0][0], last=QUARTERS[0][1])
    make_report(rule, district_b, first=QUARTERS[0][0], last=QUARTERS[0][1])
    make_report(rule, make_unit("C", "Huyện Châu", parent=province), first=QUARTERS[0][0], last=QUARTERS[0][1],
                state="submitted", submitted_by=officer, submitted_on=date(2026, 4, 5))  # fmt: skip
    at("2026-04-20")
    officer = fresh(officer)
    report.extend(officer, until=date(2026, 4, 25), reason="Bão")
    at("2026-04-28")
    letter = reminder_letter(fresh(officer), report.period_id)
    table = next(block for block in letter.blocks if isinstance(block, Table))
    assert [list(row) for row in table.rows] == [
        ["LĐLĐ huyện Bình", date(2026, 3, 31), 28, "Chưa gửi"],
        ["LĐLĐ huyện An", date(2026, 4, 25), 3, "Chưa gửi"],
    ]
    assert (letter.subject_line, letter.kind) == ("V/v đôn đốc gửi báo cáo quý 01/01 - 31/03/2026", "")
    assert letter.addressee_lines == ["- LĐLĐ huyện Bình;", "- LĐLĐ huyện An."]
    assert "chậm nhất ngày 30/04/2026" in [block for block in letter.blocks if isinstance(block, Paragraph)][-1].text
    assert rendered(letter, "docx")[:2] == b"PK"


def test_the_letter_says_that_grassroots_units_report_to_the_unit_above_them(
    plan, district_a, officer, unit_officer_a, at
):
    at("2026-04-20")
    grassroots = make_unit("A1", "CĐCS Một", kind="grassroots", parent=district_a)
    report = make_report(make_rule(plan, level=3), grassroots, first=QUARTERS[0][0], last=QUARTERS[0][1])
    wheres = []
    for user in (officer, unit_officer_a):
        first = reminder_letter(fresh(user), str(report.period_id)).blocks[0].text
        wheres.append(first.split(" về ")[-1])
    by_when = "chậm nhất ngày 31/03/2026."
    assert wheres == [f"công đoàn cấp trên trực tiếp {by_when}", f"{district_a.name} {by_when}"]


def test_a_letter_to_nobody_or_from_who_does_not_judge_is_not_written(accepted, district_a, officer, finance):
    period = accepted(district_a).period
    with pytest.raises(Http404):
        reminder_letter(officer, period.pk)
    with pytest.raises(PermissionDenied):
        reminder_letter(finance, period.pk)
