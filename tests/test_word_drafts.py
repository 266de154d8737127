"""A Word text becomes one draft with all its parts: through the screens and the job, once, marked where it was guessed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from programs.models import Plan, Section, WordReading
from programs.plans.printing import plan_document
from programs.plans.word.receiving import receive
from tests import word_papers
from tests.factories import make_plan
from tests.words import Paper
from welfare.documents.rendering import render_html
from welfare.jobs.models import Job
from welfare.jobs.queue import run
from welfare.models import Department, Document, DocumentKind, Organization
from welfare.states import Refused

SEND = reverse("programs:plan_from_word")


@pytest.fixture
def bans(province):
    for code, name in (("CSPL", "Ban Chính sách - Pháp luật"), ("TC", "Ban Tài chính")):
        Department.objects.create(unit=province, code=code, name=name)


def upload(data: bytes, name="ke-hoach.docx"):
    return SimpleUploadedFile(name, data)


def read_all():
    for job in Job.objects.filter(state=Job.State.QUEUED):
        run(job.pk)


def draft_of(user, unit, data=None, **given) -> Plan:
    receive(user, unit, upload=upload(data) if data else None, **given)
    read_all()
    return WordReading.objects.get().plan


def described(plan: Plan) -> list[str]:
    """The rows of a draft, a line each, in their order."""
    lines = [f"{basis.verb} {basis.document.citation()}" for basis in plan.bases.select_related("document")]
    for section in plan.sections.all():
        above = f" < {section.parent.number}" if section.parent else ""
        lines.append(f"{section.number}{above} {section.heading}".strip())
        lines += [f"  = {target.wanted()} {target.indicator}" for target in section.targets.all()]
        tasks = plan.assignments.filter(section=section)
        lines += [f"  > {task.leads or '?'}: {task.time_text or task.joins or '–'}" for task in tasks]
    return lines + [f"{row.name} ({row.purpose})" for row in plan.recipients.all()]


# The draft ----------------------------------------------------------------------------------------


def test_a_file_becomes_the_exact_draft(province, officer, bans):
    plan = draft_of(officer, province, word_papers.care_plan())
    assert described(plan) == [
        "Căn cứ Chương trình số 06/CTr-LĐLĐ ngày 14 tháng 9 năm 2018 của LĐLĐ tỉnh về phúc lợi đoàn viên giai đoạn 2018 – 2023",
        "Căn cứ Kế hoạch số 132/KH-LĐLĐ ngày 06 tháng 12 năm 2019 của LĐLĐ tỉnh về nâng cao lợi ích cho người lao động",
        "Thực hiện Nghị quyết số 02-NQ/TW của Bộ Chính trị về đổi mới hoạt động công đoàn",
        "I. MỤC ĐÍCH",
        "1. < I.",
        "2. < I.",
        "II. CHỈ TIÊU CỤ THỂ",
        "1. < II.",
        "  = 100% Tỷ lệ người khó khăn được thăm hỏi, hỗ trợ",
        "2. < II.",
        "  = từ 10 Mái ấm trở lên Nhà Mái ấm đã bàn giao",
        "  = 1 nhà Nhà ở công vụ được khảo sát",
        "3. < II.",
        "  = trên 90% Tỷ lệ đoàn viên ủng hộ Quỹ Xã hội Công đoàn",
        "4. < II.",
        "  = 5 bản Thỏa ước lao động tập thể ký mới",
        "  = 1 - 2 thỏa thuận Thỏa thuận hợp tác phúc lợi đoàn viên",
        "III. NHIỆM VỤ, GIẢI PHÁP",
        "1. < III.",
        "  > ?: Thường xuyên",
        "2. < III.",
        "  > ?: Hoàn thành trước ngày 20/11/2022",
        "III. TỔ CHỨC THỰC HIỆN",
        "1. < III. Liên đoàn Lao động tỉnh",
        "  > LĐLĐ tỉnh: –",
        "  > Ban Chính sách - Pháp luật: Ban Tài chính",
        "2. < III. Công đoàn cấp trên trực tiếp cơ sở",
        "  > Công đoàn cấp trên trực tiếp cơ sở: –",
        "Đoàn Chủ tịch TLĐ (để b/c)",
        "Các ban LĐLĐ tỉnh (để t/h)",
        "Lưu: VT ()",
    ]
    assert (plan.state, plan.unit, plan.created_by) == ("draft", province, officer)
    assert (plan.number, plan.symbol, plan.first_year, f"{plan.issued_on}") == ("309", "KH-LĐLĐ", 2022, "2022-02-08")
    assert (plan.capacity, plan.signer_title, plan.signer_name) == ("", "", "Trần Thị Ký")


def test_what_was_guessed_is_marked_and_nothing_else(province, officer, bans):
    plan = draft_of(officer, province, word_papers.care_plan())
    unsure = plan.word_reading.unsure()
    assert {key.rpartition("-")[0] for key in unsure} == {"can-cu", "chi-tieu", "nhiem-vu"}
    target = plan.targets.get(indicator__code="houses_handed_over")
    assert unsure[f"chi-tieu-{target.pk}"] == "Chỉ số “Nhà Mái ấm đã bàn giao” được đoán theo câu chữ."
    origin = plan.word_reading.origins[f"chi-tieu-{target.pk}"]
    assert [plan.word_reading.lines[n] for n in origin["lines"]] == [word_papers.CARE_TARGETS[1]]


def test_a_sentence_prints_once_though_rows_point_at_it(province, officer, bans):
    plan = draft_of(officer, province, word_papers.care_plan())
    text = render_html(plan_document(officer, plan.pk))
    sentences = [
        "từ 10 Mái ấm Công đoàn trở lên",
        "Rà soát người khó khăn",
        "Chỉ đạo các đơn vị triển khai",
        "Thường xuyên",
    ]
    assert [text.count(words) for words in sentences] == [1, 1, 1, 1]


def test_missing_lines_are_said_not_made_up(province, officer):
    plan = draft_of(officer, province, word_papers.event_plan())
    assert (plan.number, plan.issued_on, plan.place) == ("", None, "Vĩnh An")
    assert plan.word_reading.unsure()[f"dau-{plan.pk}"] == "Văn bản chỉ ghi tháng 10 năm 2022, chưa có ngày."


def test_a_text_without_kind_or_title_takes_the_files_name(province, officer):
    plan = draft_of(officer, province, Paper().lines("I. VIỆC CẦN LÀM", "Một việc.").bytes())
    assert (str(plan.kind), plan.title, plan.signer_name, plan.capacity) == ("Kế hoạch", "ke-hoach", "", "")
    assert plan.word_reading.unsure()[f"dau-{plan.pk}"] == (
        "Văn bản không ghi loại; tạm ghi là Kế hoạch. Văn bản không có trích yếu."
    )


def test_a_figure_of_no_known_indicator_stays_in_its_sentence(province, officer):
    plan = draft_of(officer, province, pasted="II. CHỈ TIÊU\n1. Trồng 500 cây xanh ở khu nhà trọ.")
    section = plan.sections.get(number="1.")
    assert (plan.targets.count(), section.body) == (0, "Trồng 500 cây xanh ở khu nhà trọ.")
    assert plan.word_reading.unsure()[f"muc-{section.pk}"] == (
        "Chưa rõ “500 cây” thuộc chỉ số nào nên chưa ghi thành chỉ tiêu."
    )


# The register -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "symbol"), [("6", "CTr-LĐLĐ"), ("06", "CTr - LĐLĐ"), ("06-CTr", "LĐLĐ")]
)  # fmt: skip
def test_a_cited_document_is_found_however_it_is_written(province, officer, number, symbol):
    kind = DocumentKind.objects.get(code="CTr")
    title = "Phúc lợi đoàn viên giai đoạn 2018 - 2023"
    known = Document.objects.create(unit=province, kind=kind, number=number, symbol=symbol, year=2018, title=title)
    plan = draft_of(officer, province, word_papers.care_plan())
    assert plan.bases.first().document == known
    assert f"can-cu-{plan.bases.first().pk}" not in plan.word_reading.unsure()


def test_another_title_in_the_register_is_said(province, officer):
    kind = DocumentKind.objects.get(code="CTr")
    known = Document.objects.create(unit=province, kind=kind, number="06", symbol="CTr-LĐLĐ", year=2018, title="khác")
    plan = draft_of(officer, province, word_papers.care_plan())
    assert plan.bases.first().document == known
    assert plan.word_reading.unsure()[f"can-cu-{plan.bases.first().pk}"] == (
        "Sổ văn bản ghi trích yếu của văn bản này là “khác”, khác với chữ trong tệp."
    )


def test_another_years_document_of_the_same_number_is_another(province, officer):
    kind = DocumentKind.objects.get(code="CTr")
    other = Document.objects.create(unit=province, kind=kind, number="06", symbol="CTr-LĐLĐ", year=2017, title="cũ")
    plan = draft_of(officer, province, word_papers.care_plan())
    assert plan.bases.first().document != other


def test_a_document_cited_twice_is_entered_once(province, officer):
    text = "KẾ HOẠCH\nChăm lo năm 2026\nCăn cứ Kế hoạch số 5/KH-LĐLĐ năm 2025; Kế hoạch số 05/KH - LĐLĐ về phúc lợi;\nI. VIỆC"
    plan = draft_of(officer, province, pasted=text)
    assert (plan.bases.count(), Document.objects.count()) == (2, 1)


def test_a_document_of_a_stranger_is_not_found(province, district_b, unit_officer_a, officer):
    """Another district's register is not asked, so that it can't be guessed at."""
    kind = DocumentKind.objects.get(code="CTr")
    theirs = Document.objects.create(
        unit=district_b, kind=kind, number="06", symbol="CTr-LĐLĐ", year=2018, title="riêng"
    )
    from programs.plans.word.found import Citation
    from programs.plans.word.names import Names
    from programs.plans.word.register import Register

    citation = Citation("Chương trình", "06", "CTr-LĐLĐ", year=2018)
    unit = unit_officer_a.unit
    assert Register(unit_officer_a, unit, Names(unit), [citation]).document(citation)[0] != theirs
    assert Register(officer, province, Names(province), [citation]).document(citation)[0] == theirs


def test_an_issuers_own_organ_is_its_own(province, officer):
    body = Organization.objects.create(
        name="Tổng Liên đoàn Lao động Việt Nam", short_name="Tổng LĐLĐ Việt Nam", kind="union"
    )
    text = "KẾ HOẠCH\nA\nCăn cứ Nghị quyết số 7/NQ-BCH của Ban Chấp hành Tổng LĐLĐ Việt Nam về chăm lo;\nI. VIỆC"
    plan = draft_of(officer, province, pasted=text)
    document = plan.bases.get().document
    assert (document.issuer, document.issuer_words) == (body, "Ban Chấp hành Tổng LĐLĐ Việt Nam")


def test_a_number_given_to_another_own_paper_is_said(province, officer):
    kind = DocumentKind.objects.get(code="KH")
    own = Document.objects.create(
        unit=province, issuer_unit=province, kind=kind, number="5", symbol="KH-LĐLĐ", year=2025, title="A"
    )
    plan = draft_of(
        officer, province, pasted="KẾ HOẠCH\nB\nCăn cứ Kế hoạch số 5/KH-CĐ năm 2025 của LĐLĐ tỉnh về B;\nI. VIỆC"
    )
    assert plan.bases.get().document == own
    assert "đã cấp cho “A”" in plan.word_reading.unsure()[f"can-cu-{plan.bases.get().pk}"]


# Once ---------------------------------------------------------------------------------------------


def test_the_same_file_twice_is_one_draft(province, officer, other_officer):
    data = word_papers.care_plan()
    first = draft_of(officer, province, data)
    again, is_new = receive(other_officer, province, upload=upload(data, "tên khác.docx"))
    read_all()
    assert (again.plan, is_new, Plan.objects.count(), Job.objects.count()) == (first, False, 1, 1)


def test_a_job_that_runs_twice_writes_once(province, officer):
    plan = draft_of(officer, province, word_papers.care_plan())
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    run(job.pk)
    assert (Plan.objects.get(), Section.objects.filter(plan=plan).count()) == (plan, plan.sections.count())


def test_a_refused_file_may_be_sent_again(province, officer, client_of):
    data = b"%PDF-1.7 x"
    client = client_of(officer)
    page = client.post(SEND, {"file": upload(data)})["Location"]
    read_all()
    assert "Nội dung tệp không phải văn bản Word" in client.get(page).content.decode()
    assert (Plan.objects.count(), Job.objects.get().state) == (0, "failed")
    assert client.post(SEND, {"file": upload(data)})["Location"] == page
    assert (WordReading.objects.count(), Job.objects.count()) == (1, 2)


# The screen ---------------------------------------------------------------------------------------


def test_sending_on_screen_leads_to_the_writing_page(province, officer, client_of):
    client = client_of(officer)
    waiting = client.post(SEND, {"file": upload(word_papers.care_plan())})["Location"]
    assert "Đang đọc ke-hoach.docx" in client.get(waiting).content.decode()
    polled = client.get(waiting, headers={"HX-Request": "true"})
    assert (polled.status_code, "HX-Refresh" in polled.headers) == (204, False)
    read_all()
    assert client.get(waiting, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    plan = Plan.objects.get()
    assert client.get(waiting)["Location"] == reverse("programs:plan_write", args=[plan.pk])
    assert Job.objects.get().result_url == reverse("programs:plan_write", args=[plan.pk])
    assert "Chưa chắc" in client.get(reverse("programs:plan_write", args=[plan.pk])).content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Hãy chọn tệp Word (.docx) hoặc dán nội dung văn bản."),
        ({"pasted": "  \n "}, "Hãy chọn tệp Word (.docx) hoặc dán nội dung văn bản."),
        ({"file": upload(b"x"), "pasted": "I. Việc"}, "Chỉ chọn một: tệp Word hoặc nội dung dán; hãy bỏ bớt một bên."),
    ],
)
def test_a_form_without_one_text_says_so(officer, client_of, given, sentence):
    response = client_of(officer).post(SEND, given)
    assert (response.status_code, sentence in response.content.decode()) == (400, True)


def test_a_file_over_ten_megabytes_is_not_kept(officer, client_of, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    response = client_of(officer).post(SEND, {"file": upload(b"x" * 200_000)})
    assert (response.status_code, WordReading.objects.count()) == (413, 0)
    assert "Tệp lớn hơn 10 MB; hãy bỏ bớt ảnh trong văn bản rồi tải lại." in response.content.decode()


def test_only_who_may_add_a_plan_sends_one(province, district_a, inspector, finance, client_of, unit_officer_a):
    for user in (inspector, finance):
        assert client_of(user).get(SEND).status_code == 403
        with pytest.raises(Refused, match="không có quyền soạn"):
            receive(user, province, pasted="I. Việc")
    with pytest.raises(Refused, match="không có quyền soạn"):
        receive(unit_officer_a, province, pasted="I. Việc")


def test_another_units_reading_is_not_there(province, district_a, unit_officer_b, officer, client_of):
    reading = WordReading.objects.create(unit=district_a, owner=officer, sha256="x", pasted="I. Việc")
    assert client_of(unit_officer_b).get(reverse("programs:word_reading", args=[reading.pk])).status_code == 404


def test_a_draft_read_from_word_may_be_thrown_away_and_sent_again(province, officer, client_of):
    plan, data = draft_of(officer, province, pasted="I. VIỆC\nMột."), {"pasted": "I. VIỆC\nMột."}
    client = client_of(officer)
    assert client.post(reverse("programs:plan_discard", args=[plan.pk])).status_code == 302
    assert (Plan.objects.count(), WordReading.objects.count()) == (0, 0)
    client.post(SEND, data)
    read_all()
    assert Plan.objects.get().sections.get().heading == "VIỆC"


def test_a_plan_written_here_is_not_thrown_away(province, officer, client_of):
    plan = make_plan(province, officer)
    client_of(officer).post(reverse("programs:plan_discard", args=[plan.pk]))
    assert Plan.objects.get() == plan
