"""Invitations under one number, each for whom it concerns; badges, lists and the report of an event."""

import io
from datetime import time as hour
from datetime import timedelta

import pdfplumber
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from beneficiaries.models import House, HouseKind
from events.delegates.nominating import Nominee, nominate
from events.models import AgendaItem, CommitteeMember, Delegate, EventGift, Invitation, InvitationIssue, InvitedBody
from events.papers.issuing import issue_invitations
from tests.factories import make_event, make_line
from welfare.documents.bundles import Bundle, Paper, cut_out
from welfare.documents.layout import OfficialDocument
from welfare.documents.printing import FORMATS, make_document
from welfare.documents.rendering import render_html
from welfare.jobs import queue
from welfare.models import Job, StoredFile
from welfare.states import Refused
from welfare.units.models import today


@pytest.fixture
def event(province, district_a, district_b, officer):
    """Five of two districts and a bank, announced, in ten days at half past seven."""
    event = make_event(
        province, 6, name="Tết Sum vầy", on=today() + timedelta(days=10), starts_at=hour(7, 30), venue="Nhà Văn hóa"
    )
    make_line(event, 5, name="Đoàn viên", order=0, shares={district_a: 3, district_b: 2})
    guests = make_line(event, 1, name="Khách mời", order=1)
    InvitedBody.objects.create(event=event, line=guests, name="Ngân hàng Chính sách")
    event.announce(officer)
    return event


@pytest.fixture
def delegates(event, unit_officer_a, unit_officer_b, officer) -> dict[str, Delegate]:
    """Accepted: two of A (Bình before Cường by name), one of B; nominated only: one of A."""
    shares = {share.unit.code: share for share in event.lines.first().shares.all()}
    for code, by, names in (
        ("B", unit_officer_b, ["Trần Văn Xa"]),
        ("A", unit_officer_a, ["Lê Thị Cường", "Lê Văn Bình"]),
    ):
        for delegate in nominate(shares[code], by, [Nominee(None, name) for name in names]):
            delegate.accept(officer)
    nominate(shares["A"], unit_officer_a, [Nominee(None, "Lê Văn Chờ")])
    return {delegate.full_name: delegate for delegate in Delegate.objects.all()}


def issue_all(event, by) -> InvitationIssue:
    accepted = event.delegates.filter(state="accepted").values_list("pk", flat=True)
    return issue_invitations(event, by, delegates=accepted, bodies=event.bodies.values_list("pk", flat=True))


def run_jobs():
    for job in Job.objects.filter(state="queued", parent=None):
        queue.run(job.pk)


def text_of(content) -> list[str]:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return [page.extract_text() or "" for page in pdf.pages]


# Issuing ------------------------------------------------------------------------------------------


def test_invitations_go_out_under_one_number_in_the_order_of_units(event, delegates, officer):
    issue = issue_all(event, officer)

    assert [str(row) for row in issue.invitations.all()] == [
        "Ngân hàng Chính sách", "Lê Văn Bình", "Lê Thị Cường", "Trần Văn Xa",
    ]  # fmt: skip
    assert issue.document.number_and_symbol.startswith("01/GM-")
    states = {d.full_name: d.state for d in Delegate.objects.all()}
    assert states == {
        "Lê Văn Bình": "invited", "Lê Thị Cường": "invited", "Trần Văn Xa": "invited", "Lê Văn Chờ": "nominated",
    }  # fmt: skip
    assert delegates["Lê Văn Bình"].history.first().state == "invited"


def test_nobody_else_is_invited_and_nothing_half(event, delegates, officer):
    keys = [delegates["Lê Văn Bình"].pk, delegates["Lê Văn Chờ"].pk]
    with pytest.raises(Refused, match="vừa thay đổi nên không mời được nữa"):
        issue_invitations(event, officer, delegates=keys)
    with pytest.raises(Refused, match="Chưa chọn ai để mời"):
        issue_invitations(event, officer)

    assert (Invitation.objects.count(), Delegate.objects.filter(state="invited").count()) == (0, 0)


def test_an_event_without_hour_or_place_invites_nobody(event, delegates, officer):
    event.starts_at, event.venue = None, ""
    event.save()
    with pytest.raises(Refused, match="chưa có giờ, địa điểm"):
        issue_all(event, officer)


def test_only_who_writes_the_event_sends_invitations(event, delegates, unit_officer_a, leader):
    for by in (unit_officer_a, leader):
        with pytest.raises(Refused, match="không có quyền phát hành giấy mời"):
            issue_all(event, by)


def test_a_second_time_takes_the_next_number_and_leaves_the_first_as_it_was(event, delegates, officer):
    first = issue_all(event, officer)
    event.venue = "Hội trường lớn"
    event.save()
    second = issue_invitations(event, officer, delegates=[delegates["Lê Văn Bình"].pk])

    assert second.document.number == "02"
    old, new = (render_html(make_document(officer, "invitation", row.pk)) for row in (
        first.invitations.get(delegate=delegates["Lê Văn Bình"]), second.invitations.get()
    ))  # fmt: skip
    assert ("Nhà Văn hóa" in old, "Hội trường lớn" in old, "Hội trường lớn" in new) == (True, False, True)


# The file and each one's own ------------------------------------------------------------------------


def test_one_file_holds_all_and_a_unit_gets_its_own_alone(event, delegates, officer, unit_officer_a, client_of):
    issue = issue_all(event, officer)
    run_jobs()

    whole = StoredFile.objects.get(content_type="application/pdf")
    with whole.file.open() as file:
        pages = text_of(file.read())
    assert len(pages) == 4
    assert all("GIẤY MỜI" in page and "07 giờ 30" in page for page in pages)
    assert ["Ngân hàng" in pages[0], "Bình" in pages[1], "Cường" in pages[2], "Xa" in pages[3]] == [True] * 4

    client = client_of(unit_officer_a)
    mine = issue.invitations.get(delegate=delegates["Lê Thị Cường"])
    own = text_of(client.get(reverse("events:invitation_file", args=[mine.pk])).content)
    assert (len(own), "Lê Thị Cường" in own[0]) == (1, True)
    of_unit = text_of(client.get(reverse("events:unit_invitations", args=[event.pk])).content)
    assert [name in page for name, page in zip(["Bình", "Cường"], of_unit, strict=True)] == [True, True]
    strangers = issue.invitations.get(delegate=delegates["Trần Văn Xa"])
    assert client.get(reverse("events:invitation_file", args=[strangers.pk])).status_code == 404
    assert client.get(reverse("welfare:file", args=[whole.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        make_document(unit_officer_a, "invitations", issue.pk)


def test_an_invitation_whose_file_is_gone_is_printed_anew(event, delegates, officer, client_of):
    row = issue_all(event, officer).invitations.first()
    answer = client_of(officer).get(reverse("events:invitation_file", args=[row.pk]))

    assert answer["Location"] == reverse("welfare:job_list")
    assert Job.objects.filter(params__kind="invitation", params__subject_id=str(row.pk)).count() == 1


def test_a_bundle_in_parts_is_one_file_and_word_is_the_same(settings):
    papers = [
        Paper(f"Khách {n}", OfficialDocument(kind="GIẤY MỜI", summary=f"Mời khách số {n}", issuer="LĐLĐ tỉnh"))
        for n in range(3)
    ]
    bundle = Bundle("Giấy mời", papers, part_size=2, formats=("pdf", "docx"))
    assert len(bundle.parts()) == 2

    whole = FORMATS["pdf"].render(bundle, lambda: None)
    assert [f"khách số {n}" in page for n, page in enumerate(text_of(whole))] == [True] * 3
    assert [f"khách số {n}" in page for n, page in zip([2, 0], text_of(cut_out(io.BytesIO(whole), [2, 0])), strict=True)] == [
        True, True,
    ]  # fmt: skip
    word = FORMATS["docx"].render(bundle, lambda: None)
    from docx import Document

    found = Document(io.BytesIO(word))
    assert len(found.sections) == 3
    assert [p.text for p in found.paragraphs if p.style.name == "Trích yếu"] == [f"Mời khách số {n}" for n in range(3)]


# The page -----------------------------------------------------------------------------------------


def test_the_page_issues_for_ticked_rows_and_for_all_of_a_filter(event, delegates, officer, client_of, district_b):
    client, page = client_of(officer), reverse("events:event_invitations", args=[event.pk])
    client.post(page, {"whom": "ticked", "delegate": [delegates["Lê Văn Bình"].pk]})
    client.post(f"{page}?don-vi={district_b.pk}", {"whom": "all"})

    issued = [[str(row) for row in issue.invitations.all()] for issue in InvitationIssue.objects.order_by("pk")]
    assert issued == [["Lê Văn Bình"], ["Trần Văn Xa"]]


def test_an_announcement_is_not_taken_back_once_anybody_is_invited(event, delegates, officer):
    issue_all(event, officer)
    for delegate in Delegate.objects.filter(event=event):
        delegate.invitations.all().delete()
        delegate.delete()

    with pytest.raises(Refused, match="Giấy mời đã phát hành"):
        event.reopen(officer)


def test_the_same_form_sent_twice_invites_once_and_those_without_a_paper_are_invited_alone(
    event, delegates, officer, client_of
):
    client, page = client_of(officer), reverse("events:event_invitations", args=[event.pk])
    form = {"whom": "ticked", "delegate": [delegates["Lê Văn Bình"].pk], "after": 0}
    client.post(page, form)
    told = client.post(page, form).content.decode()
    assert ("vừa được phát hành sau khi bạn mở trang này" in told, InvitationIssue.objects.count()) == (True, 1)

    newest = InvitationIssue.objects.get().pk
    assert f'value="{newest}"' in client.get(page).content.decode()
    client.post(page, {"whom": "without", "after": newest})
    second = [str(row) for row in InvitationIssue.objects.latest("pk").invitations.all()]
    assert ("Lê Văn Bình" in second, "Trần Văn Xa" in second) == (False, True)


def test_words_are_kept_and_stand_on_the_paper(event, delegates, officer, client_of):
    client, page = client_of(officer), reverse("events:event_invitations", args=[event.pk])
    words = {
        "words": 1,
        "opening": "kính mời:",
        "signer_title": "TL. BAN THƯỜNG VỤ; CHÁNH VĂN PHÒNG",
        "dress": "Áo công đoàn",
    }
    refused = client.post(page, {**words, "opening": ""}).content.decode()
    assert ("Áo công đoàn" in refused, event.invitation_issues.count()) == (True, 0)
    client.post(page, words)

    draft = make_document(officer, "invitation_draft", event.pk)
    assert draft.signatures[0].capacity == ["TL. BAN THƯỜNG VỤ", "CHÁNH VĂN PHÒNG"]
    assert "Trang phục:</span> Áo công đoàn" in " ".join(render_html(draft).split())


def test_units_neither_word_nor_send_invitations(event, delegates, unit_officer_a, leader, client_of):
    page = reverse("events:event_invitations", args=[event.pk])
    assert client_of(unit_officer_a).get(page).status_code == 403
    assert (client_of(leader).get(page).status_code, client_of(leader).post(page, {"whom": "all"}).status_code) == (
        200,
        403,
    )


# Badges, lists, report ------------------------------------------------------------------------------


def test_badges_stand_four_on_a_sheet_with_a_code_each(event, delegates, officer):
    bundle = make_document(officer, "event_badges", event.pk)
    badges = [badge for paper in bundle.papers for badge in paper.content.badges]

    assert [badge.full_name for badge in badges] == ["Lê Văn Bình", "Lê Thị Cường", "Trần Văn Xa"]
    assert (len(bundle.papers), len({badge.code for badge in badges})) == (1, 3)
    with pdfplumber.open(io.BytesIO(FORMATS["pdf"].render(bundle, lambda: None))) as pdf:
        text = pdf.pages[0].extract_text()
    assert len(pdf.pages) == 1
    assert all(badge.code in text for badge in badges)


def test_lists_to_sign_are_one_a_unit_and_a_units_own_for_a_unit(event, delegates, officer, unit_officer_a, district_b):
    whole = make_document(officer, "event_attendance", event.pk)
    assert [paper.label for paper in whole.papers] == ["LĐLĐ huyện An", "LĐLĐ huyện Bình"]
    assert [row[0] for row in whole.tables[0].rows] == ["Lê Văn Bình", "Lê Thị Cường"]
    own = make_document(unit_officer_a, "event_attendance", event.pk)
    assert [paper.label for paper in own.papers] == ["LĐLĐ huyện An"]
    for unit in (str(district_b.pk), "9" * 40, "x"):
        with pytest.raises(Http404):
            make_document(unit_officer_a, "event_attendance", event.pk, unit=unit)
    for kind in ("event_badges", "event_report", "event_tasks", "event_committee"):
        with pytest.raises(PermissionDenied):
            make_document(unit_officer_a, kind, event.pk)


def test_the_agenda_tells_the_hour_as_far_as_it_is_known(event, officer):
    for order, (text, minutes) in enumerate([("Đón khách", 30), ("Khai mạc", None), ("Bế mạc", 5)]):
        AgendaItem.objects.create(event=event, order=order, text=text, minutes=minutes, responsible="Văn phòng")
    table = make_document(officer, "event_agenda", event.pk).tables[0]

    assert [row[:3] for row in table.rows] == [
        ["07:30", "Đón khách", "30 phút"], ["08:00", "Khai mạc", ""], ["", "Bế mạc", "5 phút"],
    ]  # fmt: skip


def test_the_committees_members_stand_in_the_decisions_annex(event, officer):
    CommitteeMember.objects.create(event=event, full_name="Trần Văn Trưởng", role="Trưởng ban")
    CommitteeMember.objects.create(event=event, full_name="Lê Thị Giúp", body="support")
    paper = make_document(officer, "event_committee", event.pk)

    assert "Ban Tổ chức gồm 01 thành viên, Tổ giúp việc gồm 01 thành viên" in paper.blocks[1].text
    names = [row[0] for row in paper.appendices[0].blocks[0].rows if isinstance(row, list)]
    assert names == ["Trần Văn Trưởng", "Lê Thị Giúp"]


def test_the_report_counts_who_came_by_category_and_unit(
    event, delegates, officer, finance, unit_officer_a, district_a
):
    event.on = today()
    event.save()
    event.refresh_from_db()
    delegates["Lê Văn Bình"].attend(officer)
    delegates["Trần Văn Xa"].attend(officer)
    kind = HouseKind.objects.first()
    house = House.objects.create(
        unit=district_a, kind=kind, construction="new", year=today().year, cost=60_000_000, proposed_by=officer,
        state="handed_over",
    )  # fmt: skip
    EventGift.objects.create(event=event, house=house).hand_over(finance)
    event.hold(officer)
    report = make_document(officer, "event_report", event.pk)
    lines, units, absent, given, *_ = report.tables

    assert [list(map(str, row)) for row in units.rows] == [
        ["LĐLĐ huyện An", "3", "3", "1", "1", "33.3"], ["LĐLĐ huyện Bình", "2", "1", "1", "1", "50.0"],
    ]  # fmt: skip
    assert lines.rows[0][:5] == ["Đoàn viên", 5, 4, 2, 2]
    assert [row[0] for row in absent.rows if isinstance(row, list)] == ["Lê Thị Cường"]
    assert (given.total[3], given.rows[0][4]) == (60_000_000, today())


def test_papers_page_offers_what_there_is(event, officer, unit_officer_a, client_of, delegates):
    page = reverse("events:event_papers", args=[event.pk])
    of_province, of_unit = (client_of(user).get(page).content.decode() for user in (officer, unit_officer_a))

    assert ("Thẻ đại biểu" in of_province, "Thẻ đại biểu" in of_unit) == (True, False)
    assert "Sự kiện chưa có chương trình." in of_unit
    assert reverse("welfare:print_document", args=["event_attendance", event.pk, "xlsx"]) in of_unit
