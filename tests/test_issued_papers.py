"""Papers drafted from the ledger: words edited around figures, frozen when submitted, issued by another, kept as they were."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404
from docx import Document as Word
from hypothesis import given, settings
from hypothesis import strategies as st

from beneficiaries.models import Donor, GiftInKind
from programs.models import Actual
from tests.factories import fresh, make_plan, make_target, make_user
from tests.papers import plan as sample
from tests.test_printing import text_of_pdf
from welfare.documents.blocks import Bullet, Heading, Paragraph, Table
from welfare.documents.layout import OfficialDocument
from welfare.documents.papers.frozen import freeze, thaw
from welfare.documents.papers.models import EditedMeanwhile, start_paper
from welfare.documents.papers.passages import Passage, passages_of, pieces_of, rewritten
from welfare.documents.rendering import render_html
from welfare.jobs import queue
from welfare.jobs.models import Job
from welfare.models import Document, Paper, Role, StoredFile
from welfare.states import Refused

OPENING = "mo-dau/dau"


@pytest.fixture
def plan(province, officer, leader):
    plan = make_plan(province, officer, first_year=2026)
    make_target(plan)
    plan.submit(officer)
    plan.issue(leader, number="07")
    return plan


@pytest.fixture
def paper(plan, officer):
    return start_paper(officer, "progress", plan.pk, year="2026")


@pytest.fixture
def issued(paper, officer, leader):
    paper.write(officer, {OPENING: "Lời mở đầu đã sửa."}, edition=0)
    paper.submit(officer)
    paper.issue(leader, number="15", on=date(2026, 11, 20))
    return paper


@pytest.fixture(autouse=True)
def _late_in_the_year(time_machine):
    time_machine.move_to("2026-11-25 09:00:00+07:00")


# --- words -------------------------------------------------------------------------------------------


def test_a_section_begins_and_ends_with_words_and_keeps_its_figures():
    table = Table([], [])
    document = OfficialDocument(
        blocks=[Paragraph("Mở."), Heading("Chỉ tiêu"), table, Heading("Khó khăn"), Bullet("Một"), Paragraph("Hai", "Điều 1.")]
    )  # fmt: skip
    pieces = [(p.key, p.given) if isinstance(p, Passage) else p.type for p in pieces_of(document)]
    assert pieces == [
        ("mo-dau/dau", "Mở."), "heading", ("chi-tieu/dau", ""), "table", ("chi-tieu/cuoi", ""), "heading",
        ("kho-khan/dau", "- Một"), ("kho-khan/dieu-1.", "Hai"),
    ]  # fmt: skip


def test_what_is_written_takes_its_place_and_all_else_stays():
    document = sample()
    written = rewritten(document, {"chi-tieu-cu-the/dau": "Chung.\n- Riêng.", "khung/signer": "Trần Văn Ký"})
    place = written.blocks.index(next(b for b in written.blocks if b == Bullet("Riêng.")))
    assert (written.blocks[place - 1], type(written.blocks[place + 1])) == (Paragraph("Chung."), Table)
    assert (written.signatures[0].name, written.signatures[0].capacity) == (
        "Trần Văn Ký",
        document.signatures[0].capacity,
    )
    assert written.tables == document.tables


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.sampled_from([Heading("A"), Paragraph("x."), Bullet("y"), Paragraph("z", "Điều 1."), Table([], [])]),
        max_size=9,
    )
)
def test_every_passage_has_a_key_of_its_own_and_unchanged_words_change_nothing(blocks):
    document = OfficialDocument(blocks=blocks)
    passages = passages_of(document)
    assert len({p.key for p in passages}) == len(passages)
    assert rewritten(document, {p.key: p.given for p in passages}).blocks == document.blocks


def test_a_frozen_document_thaws_to_the_same_page():
    document = sample()
    assert render_html(thaw(freeze(document))) == render_html(document)


# --- the way of a paper --------------------------------------------------------------------------------


def test_a_draft_is_begun_once_and_follows_the_ledger(paper, plan, officer, province):
    assert start_paper(officer, "progress", plan.pk, year="2026") == paper
    target = plan.targets.get()
    assert "mới đạt 4 nhà" not in render_html(paper.as_read_by(officer))
    Actual.objects.create(indicator=target.indicator, unit=province, month=date(2026, 3, 1), value=Decimal(4))
    assert "mới đạt 4 nhà" in render_html(paper.as_read_by(officer))


def test_only_changed_words_are_kept(paper, officer):
    given_words = {p.key: p.given for p in passages_of(paper.original(officer))}
    paper.write(officer, {**given_words, OPENING: "Khác."}, edition=0)
    assert (paper.texts, paper.edition) == ({OPENING: "Khác."}, 1)
    paper.write(officer, {OPENING: given_words[OPENING]}, edition=1)
    assert paper.texts == {}


def test_who_saves_on_an_older_edition_is_told_and_loses_nothing(paper, officer, other_officer, client_of):
    Paper.objects.get(pk=paper.pk).write(other_officer, {OPENING: "Của người khác."}, edition=0)
    with pytest.raises(EditedMeanwhile):
        paper.write(officer, {OPENING: "Của tôi."}, edition=0)
    page = client_of(officer).post(f"/van-ban/{paper.pk}/", {"edition": "0", f"p:{OPENING}": "Của tôi."})
    assert "Của tôi." in page.content.decode()
    assert "Người khác đã lưu: Của người khác." in " ".join(page.content.decode().split())
    assert Paper.objects.get().texts == {OPENING: "Của người khác."}


def test_saving_again_after_somebody_else_keeps_what_each_of_the_two_changed(paper, officer, other_officer, client_of):
    given_words = {p.key: p.given for p in passages_of(paper.original(officer))}
    opening, another, both = OPENING, *[key for key in given_words if key.startswith("khung/")][:2]
    Paper.objects.get(pk=paper.pk).write(other_officer, {**given_words, both: "Từ trước."}, edition=0)
    theirs = {**given_words, both: "Từ trước.", opening: "Của người khác."}
    Paper.objects.get(pk=paper.pk).write(other_officer, theirs, edition=1)
    mine = {**given_words, both: "Từ trước.", another: "Của tôi."}
    client, address = client_of(officer), f"/van-ban/{paper.pk}/"
    page = client.post(address, {"edition": "1", **{f"p:{key}": text for key, text in mine.items()}})
    rows = [row for row in (*page.context["frame"], *page.context["body"]) if "passage" in row]
    shown = {f"p:{row['passage'].key}": row["text"] for row in rows}
    client.post(address, {"edition": page.context["paper"].edition, **shown})
    assert Paper.objects.get().texts == {opening: "Của người khác.", another: "Của tôi.", both: "Từ trước."}


def test_words_that_no_database_or_paper_can_hold_are_mended_or_refused(paper, officer, client_of, monkeypatch):
    client = client_of(officer)
    client.post(f"/van-ban/{paper.pk}/", {"edition": "0", f"p:{OPENING}": "Mở\0 đầu\x0b mới."})
    assert Paper.objects.get().texts == {OPENING: "Mở đầu mới."}
    monkeypatch.setattr("welfare.documents.papers.models.MOST_LETTERS", 20)
    page = client.post(
        f"/van-ban/{paper.pk}/", {"edition": "1", f"p:{OPENING}": "Dài hơn hai mươi chữ."}
    ).content.decode()
    assert ("dài quá 20 chữ" in page, "Dài hơn hai mươi chữ." in page) == (True, True)
    assert Paper.objects.get().texts == {OPENING: "Mở đầu mới."}


def test_what_is_submitted_keeps_its_figures(paper, plan, officer, leader, province):
    paper.submit(officer)
    before = render_html(paper.as_read_by(leader))
    Actual.objects.create(indicator=plan.targets.get().indicator, unit=province, month=date(2026, 3, 1), value=4)
    assert render_html(paper.as_read_by(leader)) == before
    with pytest.raises(Refused):
        paper.write(officer, {OPENING: "Muộn rồi."}, edition=0)
    paper.send_back(leader, "Bổ sung số liệu.")
    assert "mới đạt 4 nhà" in render_html(paper.as_read_by(leader))


def test_it_is_issued_with_the_next_number_by_another(paper, officer, other_officer, leader):
    Paper.objects.get(pk=paper.pk).submit(other_officer)
    paper.refresh_from_db()
    for maker in (officer, other_officer):
        with pytest.raises(Refused, match="người khác"):
            paper.issue(maker, number="15", on=date(2026, 11, 20))
    assert (Paper.objects.get().state, Document.objects.filter(number="15").count()) == ("submitted", 0)
    paper.issue(leader, number="15", on=date(2026, 11, 20))
    document = paper.document
    assert (document.number_and_symbol, document.register_year, document.unit) == ("15/BC-LĐLĐ", 2026, paper.unit)
    assert "Số: 15/BC-LĐLĐ" in render_html(paper.as_read_by(officer)).replace("\xa0", " ")
    assert (
        Document(
            unit=paper.unit, issuer_unit=paper.unit, kind=document.kind, number="15", year=2026
        ).holder_of_its_number()
        == document
    )


def test_a_number_that_was_given_is_refused_and_nothing_moves(issued, plan, officer, leader):
    second = start_paper(officer, "progress", plan.pk, year="2026")
    second.submit(officer)
    assert second.suggested_number() == "16"
    with pytest.raises(Refused, match="đã cấp"):
        second.issue(leader, number="15", on=date(2026, 11, 21))
    second.refresh_from_db()
    assert (second.state, second.document) == ("submitted", None)


def test_its_files_are_made_once_with_their_checksums(issued, leader):
    job = Job.objects.get(kind="render_paper")
    for _ in range(2):
        Job.objects.filter(pk=job.pk).update(state="queued")
        queue.run(job.pk)
    issued.refresh_from_db()
    with issued.pdf.file.open() as file:
        text = text_of_pdf(file.read())
    assert "Lời mở đầu đã sửa" in text
    assert "Số: 15/BC-LĐLĐ" in text
    assert thaw(issued.content).date == date(2026, 11, 20)
    with issued.docx.file.open() as file:
        assert any("Lời mở đầu đã sửa" in p.text for p in Word(io.BytesIO(file.read())).paragraphs)
    assert (StoredFile.objects.count(), len(issued.pdf.sha256), issued.pdf.expires_at) == (2, 64, None)


@pytest.mark.parametrize("number", ["<b>", "15/BC-LĐLĐ", "mười lăm", "15 16"])
def test_what_is_no_number_is_refused(number, paper, officer, leader):
    paper.submit(officer)
    with pytest.raises(Refused, match="không phải số văn bản"):
        paper.issue(leader, number=number, on=date(2026, 11, 20))
    assert (Paper.objects.get().state, Document.objects.filter(plan=None).count()) == ("submitted", 0)
    paper.issue(leader, number=" 15a ", on=date(2026, 11, 20))
    assert paper.document.number_and_symbol == "15a/BC-LĐLĐ"


def test_an_issued_paper_never_changes(issued, officer, leader):
    for act in (
        lambda: issued.write(officer, {OPENING: "Sửa."}, edition=1),
        lambda: issued.send_back(leader, "Sửa lại"),
        lambda: issued.drop(officer),
        lambda: issued.issue(leader, number="99"),
    ):
        with pytest.raises(Refused):
            act()


def test_the_database_lets_no_maker_issue(paper, officer):
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(issued_by=officer)


@pytest.mark.parametrize("changes", [{"content": {}}, {"texts": {"a": "b"}}, {"state": "draft"}, {"title": "Khác"}])
def test_the_database_itself_keeps_an_issued_paper(issued, changes):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL's triggers")
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=issued.pk).update(**changes)
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=issued.pk)._raw_delete("default")


def test_the_signed_scan_is_added_once(issued, officer):
    scan = SimpleUploadedFile("da-ky.pdf", b"%PDF-1.7 da ky")
    issued.attach_scan(officer, scan)
    with pytest.raises(Refused, match="không thay"):
        issued.attach_scan(officer, scan)
    assert (issued.scan.name, issued.scan.subject) == ("da-ky.pdf", issued)


# --- who ------------------------------------------------------------------------------------------------


def test_only_the_right_people_read_an_issued_paper_and_its_files(
    issued, officer, leader, inspector, unit_officer_a, administrator, client_of
):
    queue.run(Job.objects.get(kind="render_paper").pk)
    issued.refresh_from_db()
    pages = [f"/van-ban/{issued.pk}/xem/", f"/tep/{issued.pdf_id}/", f"/welfare/paper/{issued.pk}/change/"]

    def statuses(user):
        client = client_of(fresh(user))
        responses = [client.get(page) for page in pages]
        for response in responses:
            if response.streaming:
                list(response.streaming_content)
        return [response.status_code for response in responses]

    assert [statuses(user) for user in (officer, leader, inspector)] == [[200] * 3] * 3
    assert statuses(unit_officer_a) == [404] * 3
    assert statuses(administrator) == [403, 404, 403]


@pytest.mark.django_db
def test_whoever_reads_papers_may_read_what_they_tell():
    """An issued paper is opened by the right to papers alone."""
    told = {"view_plan", "view_actual", "view_unitreport", "view_grant", "view_house", "view_donor", "view_fundentry",
            "view_campaign", "view_event"}  # fmt: skip
    for role in Role.objects.filter(permissions__codename="view_paper"):
        assert told - set(role.permissions.values_list("codename", flat=True)) == set(), role


def test_a_draft_with_nothing_left_to_say_is_told_so_and_can_be_dropped(province, officer, client_of):
    donor = Donor.objects.create(unit=province, kind="person", name="Bà Tám")
    gift = GiftInKind.objects.create(donor=donor, by=officer, what="Gạo", value=1_000_000, given_on=date(2026, 3, 1))
    paper = start_paper(officer, "thanks", donor.pk, year="2026")
    gift.delete()
    client = client_of(officer)
    page = client.get(f"/van-ban/{paper.pk}/", follow=True).content.decode()
    assert "Không còn số liệu" in page
    client.post(f"/welfare/paper/{paper.pk}/lam/drop/")
    assert Paper.objects.get().state == "dropped"


def test_a_unit_drafts_its_own_report_and_no_other(plan, district_a, unit_officer_a, officer, province, client_of):
    own = start_paper(unit_officer_a, "progress", plan.pk, year="2026")
    assert own.unit == district_a
    with pytest.raises(Http404):
        start_paper(unit_officer_a, "progress", plan.pk, year="2026", unit=str(province.pk))
    with pytest.raises(Http404):
        start_paper(officer, "plan", plan.pk)
    assert (
        client_of(unit_officer_a).post(f"/van-ban/soan/progress/{plan.pk}/", {"year": "2026"})["Location"]
        == f"/van-ban/{own.pk}/"
    )


def test_a_leader_of_a_unit_issues_what_its_officer_submitted(plan, unit_officer_a, unit_leader_a, client_of):
    own = start_paper(unit_officer_a, "progress", plan.pk, year="2026")
    own.submit(unit_officer_a)
    client = client_of(unit_leader_a)
    assert "văn bản đã trình, chờ ban hành" in client.get("/").content.decode()
    client.post(f"/welfare/paper/{own.pk}/lam/issue/", {"number": "3"})
    own.refresh_from_db()
    assert (own.state, own.document.number) == ("issued", "3")


def test_whoever_only_reads_is_led_from_the_words_to_the_paper(paper, inspector, client_of):
    assert client_of(inspector).get(f"/van-ban/{paper.pk}/")["Location"] == f"/welfare/paper/{paper.pk}/change/"
    assert client_of(inspector).post(f"/van-ban/{paper.pk}/", {"edition": "0"}).status_code == 302
    assert Paper.objects.get().edition == 0


def test_words_of_a_part_that_is_gone_are_shown_not_lost(paper, officer, client_of):
    Paper.objects.filter(pk=paper.pk).update(texts={"thu-chi/dau": "Nhận xét về quỹ."})
    page = client_of(officer).get(f"/van-ban/{paper.pk}/").content.decode()
    assert "Nhận xét về quỹ." in page
    Paper.objects.get().write(officer, {OPENING: "Khác."}, edition=0)
    assert Paper.objects.get().texts["thu-chi/dau"] == "Nhận xét về quỹ."


def test_a_reader_of_papers_needs_the_right_to_its_figures(paper, province, client_of):
    """The draft is worded anew for whoever opens it."""
    user = make_user("taichinh2", "finance_officer", province)
    assert client_of(user).get(f"/van-ban/{paper.pk}/xem/").status_code == 200


def test_an_older_version_of_a_paper_opens(issued, officer, client_of):
    version = issued.history.earliest().history_id
    assert client_of(officer).get(f"/welfare/paper/{issued.pk}/history/{version}/").status_code == 200
