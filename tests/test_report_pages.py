"""The page of a report: who writes it, what it asks, how each place is saved, sent, mended and printed."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programs.models import Actual, Indicator, Plan, Proposal, ReportFigure, UnitReport
from programs.reporting.attachments import MOST_FILES, attachments
from programs.reporting.contents import ask
from programs.reporting.printing import unit_report_document
from programs.reporting.saving import figure_mark, proposal_mark, text_mark
from tests.factories import fresh, make_plan, make_report, make_rule, make_target, make_unit, make_user
from welfare.documents.rendering import render_html
from welfare.models import Department, Organization, StoredFile

YEAR = {"first": date(2026, 1, 1), "last": date(2026, 11, 14)}
EDITED = "Người khác vừa sửa phần này của báo cáo"


@pytest.fixture(autouse=True)
def at(time_machine):
    """Accounts are made while the period runs; at("2026-12-20") moves on."""
    time_machine.move_to("2026-09-01 09:00:00+07:00", tick=False)
    return lambda day: time_machine.move_to(f"{day} 14:03:00+07:00", tick=False)


@pytest.fixture
def plan(province, officer):
    plan = make_plan(province, officer, state=Plan.State.IN_FORCE, number="12", issued_on=date(2026, 1, 5))
    make_target(plan)
    make_target(plan, indicator="collective_agreements", value=5, unit_of_measure="bản", text="Ký mới 05 bản")
    make_target(plan, indicator="members_informed_share", value=90, unit_of_measure="%", text="Trên 90% đoàn viên")
    return plan


@pytest.fixture
def rule(plan):
    return make_rule(plan)


@pytest.fixture
def report(rule, district_a, unit_officer_a, unit_officer_b, officer, leader, at):
    at("2026-11-01")
    report = make_report(rule, district_a, **YEAR, opens=date(2026, 10, 15))
    ask(report.period, [report.pk])
    return report


@pytest.fixture
def policy(province):
    return Department.objects.create(unit=province, code="CSPL", name="Ban Chính sách - Pháp luật")


@pytest.fixture
def client(client_of, unit_officer_a, report):
    """The unit's own officer at work."""
    return client_of(fresh(unit_officer_a))


def url(name, row, *more):
    return reverse(f"programs:{name}", args=[row.pk, *more])


def page_of(client, report) -> str:
    return client.get(url("report", report)).content.decode()


def words_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def figure_of(report, code) -> ReportFigure:
    return ReportFigure.objects.select_related("indicator").get(report=report, indicator__code=code)


def post_figure(client, report, code, *, seen=None, **given):
    figure = figure_of(report, code)
    data = {"seen": figure_mark(figure) if seen is None else seen, "revision": _revision(report), **given}
    return client.post(url("report_figure", figure), data)


def post_text(client, report, text, *, name="results", seen=None, **given):
    seen = text_mark(UnitReport.objects.get(pk=report.pk), name) if seen is None else seen
    return client.post(
        url("report_text", report), {"name": name, "text": text, "seen": seen, "revision": _revision(report), **given}
    )


def _revision(report):
    return UnitReport.objects.get(pk=report.pk).revision


def write_all(client, report):
    answers = [
        post_figure(client, report, "collective_agreements", value="3"),
        post_figure(client, report, "members_informed_share", numerator="80", denominator="100"),
        post_text(client, report, "Đã thăm hỏi mọi đoàn viên ốm đau."),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]


def content(report):
    """Everything that a refused act must leave as it was."""
    row = UnitReport.objects.get(pk=report.pk)
    figures = list(row.figures.values_list("value", "numerator", "denominator", "note", "is_typed"))
    return row.state, row.results, row.revision, figures, row.proposals.count(), attachments(row).count()


# --- the page ---------------------------------------------------------------------------------------


def test_the_page_asks_first_what_the_ledger_does_not_know(client, report, district_a):
    houses = Indicator.objects.get(code="houses_handed_over")
    Actual.objects.create(indicator=houses, unit=district_a, month=date(2026, 3, 1), value=4)
    page = page_of(client, report)
    asked, known = page.index("Cần ghi"), page.index("Đã có trong sổ")
    places = [page.index(f'id="figure-{code}"') for code in ("collective_agreements", "houses_handed_over")]
    assert asked < places[0] < known < places[1]
    assert (
        f'{reverse("reports:figure_rows", args=[houses.pk])}?unit={district_a.pk}&amp;from=2026-01&amp;to=2026-11"'
        in page
    )
    assert "Còn 13 ngày" in page


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-14", "Hạn gửi là hôm nay"),
        ("2026-11-20", "Quá hạn 6 ngày"),
        ("2026-12-20", "Kỳ báo cáo đã khóa sau ngày 14/12/2026"),
        ("2026-10-01", "Kỳ báo cáo mở từ ngày 15/10/2026, chưa ghi được."),
    ],
)
def test_the_page_says_how_the_deadline_stands(report, unit_officer_a, client_of, at, day, words):
    at(day)
    assert words in page_of(client_of(unit_officer_a), report)


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_units_report_is_unknown(report, unit_officer_b, client_of, client, policy, method):
    client.post(url("report_proposal_add", report), {"kind": "difficulty", "text": "Thiếu kinh phí"})
    client.post(url("report_file_add", report), {"files": SimpleUploadedFile("a.pdf", b"%PDF")})
    stranger, before = client_of(fresh(unit_officer_b)), content(report)
    urls = [url(name, report) for name in (
        "report", "report_text", "report_proposal_add", "report_file_add", "report_submit", "report_withdraw",
        "report_versions",
    )]  # fmt: skip
    urls += [url("report_figure", figure) for figure in report.figures.all()]
    proposal = Proposal.objects.get()
    urls += [url("report_proposal", proposal), url("report_proposal_remove", proposal)]
    urls += [url("report_file_remove", report, attachments(report).get().pk)]
    statuses = {getattr(stranger, method)(each).status_code for each in urls}
    assert statuses - {405} == {404}
    assert stranger.post(reverse("welfare:print_document", args=["unit_report", report.pk, "pdf"])).status_code == 404
    assert content(report) == before


def test_the_unit_above_reads_and_may_write_for_the_unit(report, officer, client_of):
    client = client_of(fresh(officer))
    read, written = (client.get(url("report", report) + query).content.decode() for query in ("", "?ghi-thay=1"))
    assert ("data-autosave" in read, "Ghi thay đơn vị" in read, "data-autosave" in written) == (False, True, True)


def test_inspection_reads_and_writes_nothing(report, inspector, client_of):
    client = client_of(fresh(inspector))
    assert "data-autosave" not in client.get(url("report", report) + "?ghi-thay=1").content.decode()
    assert client.post(url("report_submit", report)).status_code == 403


@pytest.mark.parametrize("who", ["unit_officer_a", "officer"])
def test_the_page_takes_as_many_queries_for_3_indicators_as_for_30(
    who, request, report, client_of, rule, django_assert_max_num_queries
):
    client, counts = client_of(fresh(request.getfixturevalue(who))), []
    page_of(client, report)
    for wanted in (3, 30):
        for n in range(wanted - report.figures.count()):
            source, measure = (("reported", None), ("counted", "gifts"))[n % 2]
            indicator = Indicator.objects.create(
                name=f"Chỉ số {n}", source=source, measure=measure, unit_of_measure="lượt", roll_up="sum"
            )
            ReportFigure.objects.create(report=report, indicator=indicator, order=10 + n)
        with django_assert_max_num_queries(60) as queries:
            assert page_of(client, report).count('class="rt-line"') == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_last_periods_figures_open_their_report(client, report, rule, district_a, unit_officer_a):
    before = make_report(rule, district_a, first=date(2025, 1, 1), last=date(2025, 11, 14))
    figure = ReportFigure.objects.create(
        report=before, indicator=Indicator.objects.get(code="collective_agreements"), value=2
    )
    UnitReport.objects.filter(pk=before.pk).update(
        state="submitted", submitted_by=unit_officer_a, submitted_on=date(2025, 11, 1)
    )
    assert re.search(rf'href="{url("report", before)}"[^>]*>{figure.stated_text}<', page_of(client, report))


def test_the_ledgers_spending_stands_beside_the_share_the_unit_reports(client, report):
    ReportFigure.objects.create(report=report, indicator=Indicator.objects.get(code="welfare_spending_share"), order=9)
    assert "Sổ đã ghi chi chăm lo: tử số 0" in page_of(client, report)


# --- saved as one types -----------------------------------------------------------------------------


def test_each_place_is_saved_by_itself_and_says_when(client, report):
    answer = post_figure(client, report, "collective_agreements", value="1.200")
    assert (answer.status_code, answer["X-Saved"]) == (200, "1")
    assert words_of(answer).startswith("check Đã lưu 14:03")
    figure = figure_of(report, "collective_agreements")
    assert (figure.value, figure.is_typed, _revision(report)) == (1200, True, 1)
    assert f'name="seen" value="{figure_mark(figure)}"' in answer.content.decode()
    post_text(client, report, "Đã làm", name="next_steps")
    assert UnitReport.objects.get().next_steps == "Đã làm"


def test_the_answer_lists_what_is_still_missing(client, report):
    answer = words_of(post_figure(client, report, "collective_agreements", value="3"))
    assert "Còn thiếu 2 mục" in answer
    write_all(client, report)
    assert "Đã đủ các mục" in words_of(post_text(client, report, "Đã thăm hỏi."))


def test_the_same_again_is_no_change(client, report):
    seen = figure_mark(figure_of(report, "collective_agreements"))
    answers = [post_figure(client, report, "collective_agreements", value="3", seen=seen) for _ in range(2)]
    assert ([answer.status_code for answer in answers], _revision(report)) == ([200, 200], 1)


def test_a_figure_that_repeats_the_ledger_goes_on_following_it(client, report, district_a):
    houses = Indicator.objects.get(code="houses_handed_over")
    counted = Actual.objects.create(indicator=houses, unit=district_a, month=date(2026, 3, 1), value=4)
    assert "Khác số đã có: +1 nhà" in words_of(post_figure(client, report, "houses_handed_over", value="5"))
    post_figure(client, report, "houses_handed_over", value="4")
    assert figure_of(report, "houses_handed_over").is_typed is False
    Actual.objects.filter(pk=counted.pk).update(value=6)
    assert 'value="6"' in page_of(client, report)


@pytest.mark.parametrize(
    ("code", "given", "sentence"),
    [
        ("collective_agreements", {"value": "-1"}, "Số liệu không được âm."),
        ("collective_agreements", {"value": "ba bản"}, "Hãy nhập một số, ví dụ 12 hoặc 1.200."),
        ("members_informed_share", {"numerator": "3"}, "tỷ lệ cần cả tử số và mẫu số."),
        ("members_informed_share", {"numerator": "5", "denominator": "4"}, "tử số không được lớn hơn mẫu số."),
        ("collective_agreements", {"value": "3", "note": "x" * 501}, "500"),
    ],
)
def test_a_wrong_figure_gets_one_sentence_and_changes_nothing(client, report, code, given, sentence):
    before = content(report)
    answer = post_figure(client, report, code, **given)
    assert (answer.status_code, answer.content.decode().count("wf-error"), content(report)) == (422, 1, before)
    assert sentence in words_of(answer)


def test_the_second_of_two_officers_is_told_and_sees_the_others_words(client, report, client_of, district_a):
    second = client_of(make_user("donvia2", "unit_officer", district_a))
    seen, revision = text_mark(report, "results"), report.revision
    post_text(client, report, "Bản của người thứ nhất")
    answer = post_text(second, report, "Bản của người thứ hai", seen=seen, revision=revision)
    assert (answer.status_code, EDITED in words_of(answer)) == (409, True)
    assert "Bản của người thứ nhất" in words_of(answer)
    assert UnitReport.objects.get().results == "Bản của người thứ nhất"
    (theirs,) = re.findall(r'<button[^>]*name="over"\s+value="(\w+)"', answer.content.decode())
    assert post_text(second, report, "Bản của người thứ hai", seen=seen, over=theirs).status_code == 200
    assert UnitReport.objects.get().results == "Bản của người thứ hai"


def test_two_officers_at_one_figure(client, report, client_of, district_a):
    second = client_of(make_user("donvia2", "unit_officer", district_a))
    seen = figure_mark(figure_of(report, "collective_agreements"))
    post_figure(client, report, "collective_agreements", value="3")
    answer = post_figure(second, report, "collective_agreements", value="4", seen=seen)
    assert (answer.status_code, "3 bản" in words_of(answer)) == (409, True)
    assert figure_of(report, "collective_agreements").value == 3


def test_two_officers_at_different_places_lose_nothing_and_are_told_before_sending(
    client, report, client_of, district_a
):
    second = client_of(make_user("donvia2", "unit_officer", district_a))
    write_all(client, report)
    revision = _revision(report)
    post_figure(second, report, "collective_agreements", value="4")
    answer = post_text(client, report, "Kết quả", revision=revision)
    assert (answer.status_code, "Người khác cũng vừa sửa báo cáo này" in words_of(answer)) == (200, True)
    assert f'id="rt-revision" name="revision" value="{revision}"' in " ".join(answer.content.decode().split())
    sent = client.post(url("report_submit", report), {"revision": revision}, follow=True)
    assert (EDITED in words_of(sent), UnitReport.objects.get().state) == (True, "draft")


@pytest.mark.parametrize(
    ("day", "words"), [("2026-12-20", "đã khóa sau ngày"), ("2026-10-01", "mở từ ngày 15/10/2026")]
)
def test_out_of_its_period_nothing_is_saved(report, unit_officer_a, client_of, at, day, words):
    at(day)
    client, before = client_of(unit_officer_a), content(report)
    answers = [post_text(client, report, "Muộn"), post_figure(client, report, "collective_agreements", value="3")]
    assert [(answer.status_code, words in words_of(answer)) for answer in answers] == [(409, True)] * 2
    assert content(report) == before


# --- difficulties and proposals in the report --------------------------------------------------------


def test_a_proposal_is_added_edited_and_removed(client, report, policy, province):
    given = {"kind": "proposal", "text": "Bổ sung kinh phí", "to": f"ban-{policy.pk}", "revision": _revision(report)}
    assert client.post(url("report_proposal_add", report), given).status_code == 200
    proposal = Proposal.objects.get()
    assert (proposal.report, proposal.to_department, proposal.plan) == (report, policy, report.period.rule.plan)
    body = Organization.objects.create(name="Sở Nội vụ", kind="authority")
    changed = {
        "kind": "proposal",
        "text": "Sớm có hướng dẫn",
        "to": f"ngoai-{body.pk}",
        "seen": proposal_mark(proposal),
    }
    assert client.post(url("report_proposal", proposal), changed).status_code == 200
    proposal.refresh_from_db()
    assert (proposal.text, proposal.to_department, proposal.to_organization) == ("Sớm có hướng dẫn", None, body)
    assert client.post(url("report_proposal", proposal), changed | {"text": "Khác"}).status_code == 409
    client.post(url("report_proposal_remove", proposal))
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": ""}, "Chưa ghi nội dung"),
        ({"text": "Khó", "to": "ban-999999"}, "Nơi trả lời này không có trong danh sách"),
    ],
)
def test_a_wrong_proposal_changes_nothing_and_keeps_what_was_typed(client, report, given, sentence):
    answer = client.post(url("report_proposal_add", report), {"kind": "difficulty", **given})
    assert (answer.status_code, sentence in words_of(answer), Proposal.objects.count()) == (422, True, 0)
    assert given["text"] in answer.content.decode()


# --- attachments ------------------------------------------------------------------------------------


def test_files_are_joined_opened_and_removed(client, report, client_of, officer, unit_officer_b):
    files = [SimpleUploadedFile("Phụ lục.pdf", b"%PDF-1"), SimpleUploadedFile("Ảnh.jpg", b"jpg")]
    assert client.post(url("report_file_add", report), {"files": files}).status_code == 302
    stored = attachments(report).first()
    page = reverse("welfare:file", args=[stored.pk])
    opened = client_of(fresh(officer)).get(page)
    assert (stored.name, stored.content_type, b"".join(opened.streaming_content)) == (
        "Phụ lục.pdf", "application/pdf", b"%PDF-1"
    )  # fmt: skip
    assert client_of(fresh(unit_officer_b)).get(page).status_code == 404
    client.post(url("report_file_remove", report, stored.pk))
    assert [each.name for each in attachments(report)] == ["Ảnh.jpg"]


def test_wrong_files_are_refused_with_a_sentence(client, report, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    tries = [
        (SimpleUploadedFile("x.exe", b"MZ"), "Không nhận tệp “x.exe”"),
        (SimpleUploadedFile("x.pdf", b"x" * 200_000), "lớn hơn 10 MB"),
    ]
    for file, sentence in tries:
        answer = client.post(url("report_file_add", report), {"files": file}, follow=True)
        assert (sentence in words_of(answer), StoredFile.objects.count()) == (True, 0)


def test_a_report_takes_so_many_files_and_no_more(client, report):
    files = [SimpleUploadedFile(f"{n}.pdf", b"%PDF") for n in range(MOST_FILES + 1)]
    answer = client.post(url("report_file_add", report), {"files": files}, follow=True)
    assert (f"nhiều nhất {MOST_FILES} tệp" in words_of(answer), attachments(report).count()) == (True, MOST_FILES)


# --- sending and mending ----------------------------------------------------------------------------


def send(client, report):
    return client.post(url("report_submit", report), {"revision": _revision(report)}, follow=True)


def test_an_unfinished_report_is_not_sent_and_says_what_is_missing(client, report):
    before = content(report)
    told = words_of(send(client, report))
    assert "Chưa gửi được: còn thiếu số liệu “Thỏa ước lao động tập thể ký mới”" in told
    assert content(report) == before


def test_a_difference_from_the_ledger_must_be_explained(client, report):
    write_all(client, report)
    post_figure(client, report, "houses_handed_over", value="2")
    assert "giải trình vì sao “Nhà Mái ấm đã bàn giao” khác số đã có" in words_of(send(client, report))
    post_figure(client, report, "houses_handed_over", value="2", note="Hai nhà chưa nhập sổ")
    send(client, report)
    assert UnitReport.objects.get().state == "submitted"


def test_sent_twice_and_withdrawn(client, report):
    write_all(client, report)
    send(client, report)
    assert "đã gửi, đang chờ duyệt" in words_of(send(client, report))
    page = page_of(client, report)
    assert ("data-autosave" in page, "Rút lại để sửa" in page) == (False, True)
    client.post(url("report_withdraw", report))
    assert (UnitReport.objects.get().state, report.versions.count()) == ("draft", 1)


def test_once_locked_a_sent_report_is_not_withdrawn_into_a_locked_draft(client, report, unit_officer_a, client_of, at):
    write_all(client, report)
    client.post(url("report_submit", report))
    at("2026-12-20")
    client = client_of(fresh(unit_officer_a))
    page = page_of(client, report)
    assert (url("report_withdraw", report) in page, "hãy đề nghị nơi nhận trả lại nếu cần sửa" in page) == (False, True)
    response = client.post(url("report_withdraw", report), follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "Kỳ báo cáo đã khóa sau ngày 14/12/2026, rút lại thì không gửi lại được; hãy đề nghị nơi nhận trả lại báo cáo để sửa."
    ]
    report.refresh_from_db()
    assert report.state == "submitted"


def test_comments_of_the_last_return_stand_at_their_places(client, report, officer):
    write_all(client, report)
    send(client, report)
    comments = {
        "figure-collective_agreements": "Thiếu một bản",
        "results": "Nêu rõ kinh phí",
        "proposals": "Ghi nơi trả lời",
    }
    UnitReport.objects.get().send_back(fresh(officer), reason="Xem lại số liệu", comments=comments)
    page = page_of(client, report)
    places = [
        page.index(f'id="{place}"') for place in ("figure-collective_agreements", "results", "next_steps", "proposals")
    ]
    said = [page.index(f"Cần sửa: {words}") for words in comments.values()]
    assert places[0] < said[0] < places[1] < said[1] < places[2] < places[3] < said[2]
    assert "trả lại ngày 01/11/2026: Xem lại số liệu" in page


def test_versions_show_what_was_mended(client, report, officer):
    write_all(client, report)
    send(client, report)
    UnitReport.objects.get().send_back(fresh(officer), reason="Xem lại", comments={"results": "Nêu rõ kinh phí"})
    post_figure(client, report, "collective_agreements", value="4")
    send(client, report)
    words = words_of(client.get(url("report_versions", report)))
    assert ("3 bản 4 bản" in words, "Kết quả nổi bật: Nêu rõ kinh phí" in words) == (True, True)
    same = client.get(url("report_versions", report) + "?cu=1&moi=1")
    assert "Hai lần gửi này giống nhau." in words_of(same)


def test_an_accepted_report_is_fixed(client, report, officer):
    write_all(client, report)
    send(client, report)
    UnitReport.objects.get().accept(fresh(officer))
    before = content(report)
    answers = [post_text(client, report, "Sửa sau"), send(client, report)]
    assert [("đã được duyệt ngày 01/11/2026" in words_of(answer)) for answer in answers] == [True, True]
    assert content(report) == before


# --- my reports -------------------------------------------------------------------------------------


def test_my_reports_come_in_the_order_of_what_is_to_be_done(
    client, report, rule, district_a, district_b, unit_officer_a
):
    sent = {"state": "submitted", "submitted_by": unit_officer_a, "submitted_on": date(2026, 1, 1)}
    late = make_report(rule, district_a, first=date(2025, 1, 1), last=date(2025, 10, 14))
    done = make_report(rule, district_a, first=date(2024, 1, 1), last=date(2024, 11, 14), **sent)
    others = make_report(rule, district_b, **YEAR)
    page = client.get(reverse("programs:my_reports")).content.decode()
    shown = [page.find(url("report", row)) for row in (late, report, done)]
    assert (shown == sorted(shown), -1 in shown, url("report", others) in page) == (True, False, False)
    for query, wanted in (("nam=2024", done), ("trang-thai=late", late), ("trang-thai=draft&nam=2026", report)):
        narrowed = client.get(reverse("programs:my_reports") + f"?{query}").content.decode()
        assert [url("report", row) in narrowed for row in (late, report, done)] == [
            row == wanted for row in (late, report, done)
        ]


@pytest.mark.parametrize(
    "query", ["?nam=x", "?nam=0000", "?p=zz", "?ke-hoach=99999999999999999999", "?q=%00", "?trang-thai=x"]
)
def test_odd_filters_open_the_page(client, query):
    assert client.get(reverse("programs:my_reports") + query).status_code == 200


def test_no_report_yet_says_so(unit_officer_b, client_of):
    page = words_of(client_of(unit_officer_b).get(reverse("programs:my_reports")))
    assert "Chưa có kỳ báo cáo nào mở cho đơn vị." in page


def test_my_reports_take_as_many_queries_for_1_as_for_20(
    client, report, rule, district_a, django_assert_max_num_queries
):
    counts = []
    client.get(reverse("programs:my_reports"))
    for year in (2025, *range(2005, 2024)):
        if year in (2025, 2023):
            with django_assert_max_num_queries(40) as queries:
                client.get(reverse("programs:my_reports"))
            counts.append(len(queries))
        make_report(rule, district_a, first=date(year, 1, 1), last=date(year, 11, 14))
    assert counts[0] == counts[1]


# --- on paper ---------------------------------------------------------------------------------------


def test_the_print_holds_figures_explanations_and_proposals(client, report, policy, unit_officer_a):
    write_all(client, report)
    post_figure(client, report, "houses_handed_over", value="2", note="Hai nhà chưa nhập sổ")
    post_text(client, report, "Mở rộng thăm hỏi", name="next_steps")
    client.post(
        url("report_proposal_add", report), {"kind": "proposal", "text": "Bổ sung kinh phí", "to": f"ban-{policy.pk}"}
    )
    document = unit_report_document(fresh(unit_officer_a), report.pk)
    paper = re.sub(r"<[^>]+>", " ", render_html(document))
    for words in (
        "BÁO CÁO", "(80/100)", "3 bản", "2 nhà", "+2 nhà. Hai nhà chưa nhập sổ", "Đã thăm hỏi mọi đoàn viên ốm đau.",
        "Bổ sung kinh phí (đề nghị Ban Chính sách - Pháp luật trả lời)", "Mở rộng thăm hỏi./.", "LĐLĐ tỉnh",
    ):  # fmt: skip
        assert words in paper, words


def test_departments_and_heirs_write_their_own(report, rule, province, district_a, policy, client_of, at):
    at("2026-09-01")
    user = make_user("bancs", "province_officer", province)
    user.appointments.update(department=policy)
    closed = make_unit("CU", "Đơn vị cũ", parent=province, valid_to=date(2026, 10, 20))
    closed.successors.add(district_a)
    heir = make_user("kethua", "unit_officer", district_a)
    at("2026-11-05")
    of_department = make_report(
        make_rule(rule.plan, level=None), province, **YEAR, receiver=province, department=policy
    )
    of_closed = make_report(rule, closed, **YEAR)
    for who, row in ((user, of_department), (heir, of_closed)):
        client = client_of(fresh(who))
        assert "Gửi báo cáo" in page_of(client, row)
        assert url("report", row) in client.get(reverse("programs:my_reports")).content.decode()
