"""What anybody sees without signing in: the page that takes feedback, and the one that tells what became of it."""

import io
import re

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from beneficiaries.feedback.codes import hash_of
from beneficiaries.feedback.printed import feedback_address, feedback_notes
from beneficiaries.funds.disclosure import disclosure_document
from beneficiaries.grants import dossier
from beneficiaries.models import Feedback, FeedbackKind
from tests.factories import make_feedback, make_grant, make_person, make_round
from tests.pages import Page, english_in
from tests.services import free_port
from welfare.models import AuditEvent, StoredFile

FORM, TRACK = "/phan-anh/", "/phan-anh/tra-cuu/"


@pytest.fixture(autouse=True)
def _room(settings, tmp_path, province, request):
    """Files of its own, and tries counted apart from those of other tests."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": storage}
    options = {"global_keyprefix": f"{tmp_path}-"}
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = settings.CELERY_BROKER_TRANSPORT_OPTIONS | options


def text(response) -> str:
    return response.content.decode()


def token_of(page) -> str:
    return re.search(r'name="token" value="([^"]+)"', text(page))[1]


def send(client=None, **fields):
    client = client or Client()
    kind = FeedbackKind.objects.get(code=fields.pop("kind", "suggestion"))
    given = {"token": token_of(client.get(FORM)), "kind": kind.pk, "text": "Đề nghị phát quà ca đêm", **fields}
    return client.post(FORM, given)


def code_on(page) -> str:
    return re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", text(page))[0]


def track(code, client=None):
    return (client or Client()).post(TRACK, {"code": code})


def photo_with_place(name="anh-cua-Lan.jpg"):
    stream, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "MAY-ANH-CUA-LAN"
    Image.new("RGB", (2000, 1000), "red").save(stream, "JPEG", exif=exif)
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")


# Writing ---------------------------------------------------------------------------------------


def test_anybody_writes_without_a_name_and_gets_a_code(district_a):
    page = send(about="lđlđ HUYỆN an")
    row = Feedback.objects.get()
    assert (page.status_code, row.unit, row.text, row.state) == (200, district_a, "Đề nghị phát quà ca đêm", "received")
    assert (row.has_sender, row.received_by, row.channel) == (False, None, "web")
    assert row.code_hash == hash_of(code_on(page))
    assert code_on(page) not in row.code_hash


def test_a_name_is_kept_encrypted_and_only_with_consent():
    refused = send(name="Lê Thị Gửi", phone="0912345678")
    assert (refused.status_code, Feedback.objects.count()) == (400, 0)
    assert "Hãy đánh dấu đồng ý" in text(refused)
    assert 'value="Lê Thị Gửi"' in text(refused)
    send(name="Lê Thị Gửi", phone="0912345678", consent="on")
    row = Feedback.objects.get()
    assert (row.sender_name, row.sender_phone) == ("Lê Thị Gửi", "0912345678")
    (kept,) = Feedback.objects.extra(select={"raw": "sender_name"}).values_list("raw", flat=True)
    assert "Gửi" not in kept


def test_nothing_tells_who_wrote_not_even_of_somebody_signed_in(officer, client_of):
    client = client_of(officer)
    send(client)
    row = Feedback.objects.get()
    assert not AuditEvent.objects.exclude(action__startswith="sign_in").exists()
    assert row.history.get().history_user is None
    assert (row.received_by, [step.by for step in row.steps.all()]) == (None, [None])


def test_no_log_holds_the_address_of_who_wrote(caplog):
    with caplog.at_level("INFO"):
        send(Client(REMOTE_ADDR="10.9.8.7"))
        Client(REMOTE_ADDR="10.9.8.6").get("/login/")
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert ("10.9.8.7" in logged, "10.9.8.6" in logged) == (False, True)


def test_a_unit_nobody_knows_stays_in_the_senders_words():
    send(about="Xưởng may bà Tư")
    assert Feedback.objects.values_list("unit", "unit_words").get() == (None, "Xưởng may bà Tư")


def test_a_photograph_is_made_small_loses_what_the_phone_wrote_and_its_name():
    page = send(files=[photo_with_place(), SimpleUploadedFile("don-cua-Lan.pdf", b"%PDF-1.4 x")])
    assert page.status_code == 200
    photo, paper = StoredFile.objects.order_by("name")
    assert [photo.name, paper.name] == ["kem-phan-anh-1.jpg", "kem-phan-anh-2.pdf"]
    with photo.file.open() as file:
        kept = file.read()
    assert Image.open(io.BytesIO(kept)).size == (1600, 800)
    assert b"MAY-ANH-CUA-LAN" not in kept


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"text": ""}, "Nội dung"),
        ({"text": "dài " * 1300}, "5000"),
        ({"text": "một\0hai"}, "ký tự"),
        ({"kind": 0}, "chọn"),
        ({"email": "khong-phai", "consent": "on"}, "hợp lệ"),
        ({"website": "http://x"}, "phải để trống"),
        ({"files": [SimpleUploadedFile("a.jpg", b"GIF89a")]}, "không phải ảnh"),
        ({"files": [SimpleUploadedFile("a.pdf", b"MZ")]}, "không phải ảnh hoặc PDF"),
        ({"files": [SimpleUploadedFile("a.exe", b"MZ")]}, "không phải ảnh hoặc PDF"),
        ({"files": [SimpleUploadedFile(f"{n}.pdf", b"%PDF-") for n in range(6)]}, "nhiều nhất 5 tệp"),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(wrong, told):
    client = Client()
    kind = FeedbackKind.objects.get(code="question").pk
    given = {"token": token_of(client.get(FORM)), "kind": kind, "text": "Hỏi về quà Tết", **wrong}
    page = client.post(FORM, given)
    assert page.status_code == 400
    assert told in " ".join(Page(FORM, text(page)).texts)
    assert (Feedback.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_files_that_are_too_big_are_told_and_the_text_stays(settings):
    settings.UPLOAD_MAX_BYTES = 1000
    page = send(text="Chữ còn lại", files=[SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * 90_000)])
    assert (page.status_code, "lớn hơn 10 MB" in text(page), "Chữ còn lại" in text(page)) == (413, True, True)
    assert Feedback.objects.count() == 0


def test_a_script_tag_is_only_ever_text(officer, client_of):
    send(text="<script>alert(1)</script>")
    row = Feedback.objects.get()
    for address in (f"/beneficiaries/feedback/{row.pk}/change/", "/phan-anh/bang/"):
        shown = text(client_of(officer).get(address))
        assert ("&lt;script&gt;alert(1)" in shown, "<script>alert" in shown) == (True, False)


def test_the_same_form_sent_twice_is_one_feedback_with_one_code():
    client = Client()
    token = token_of(client.get(FORM))
    first, second = send(client, token=token), send(client, token=token)
    assert code_on(first) == code_on(second)
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize(
    "token", ["", "abc", signing.dumps("x", salt="other")], ids=["none", "no token", "of another form"]
)
def test_a_forged_form_is_shown_again_with_what_was_typed(token):
    page = send(token=token, text="Nội dung đã viết")
    assert (page.status_code, Feedback.objects.count()) == (400, 0)
    assert "Nội dung đã viết" in text(page)
    assert token_of(page) != token


# Reading the answer ----------------------------------------------------------------------------


def test_the_code_tells_state_and_answer_and_no_more(officer, province):
    code = code_on(send(name="Lê Thị Gửi", consent="on", about=province.name))
    assert "Đã tiếp nhận" in text(track(code))
    row = Feedback.objects.get()
    row.assign(officer, handler="unit", unit=province, note="Nội bộ thôi")
    assert "Đang xem xét" in text(track(code.lower().replace("-", " ")))
    row.reply(officer, answer="Sẽ phát quà hai ca.")
    page = text(track(code))
    assert "Sẽ phát quà hai ca." in page
    assert [word in page for word in ("Nội bộ", "Lê Thị Gửi", officer.full_name, "Đề nghị phát")] == [False] * 4


@pytest.mark.parametrize("code", ["ABCD-EFGH-JKMN", "1", "' OR 1=1", "A" * 12, "\0"])
def test_a_wrong_code_finds_nothing(code):
    make_feedback()
    page = track(code)
    assert page.status_code == 404
    assert "góp ý" not in text(page).lower().split("<main")[1]


def test_guessing_codes_ends_in_a_pause_for_that_address_alone(settings):
    settings.TRACKINGS_PER_HOUR = 3
    statuses = [track("ABCD-EFGH-JKMN").status_code for _ in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert "Xin thử lại sau một giờ" in text(track("ABCD-EFGH-JKMN"))
    other = Client(REMOTE_ADDR="10.1.2.3")
    assert track("ABCD-EFGH-JKMN", other).status_code == 404


def test_too_many_letters_of_one_address_are_told_to_wait_and_lose_no_word(settings):
    settings.FEEDBACKS_PER_HOUR = 2
    statuses = [send().status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert "Chữ tôi đã viết" in text(send(text="Chữ tôi đã viết"))
    assert Feedback.objects.count() == 2


@pytest.mark.logs_errors
def test_without_redis_the_pages_open_and_ask_to_come_again(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    page = send(text="Chữ tôi đã viết")
    assert (page.status_code, "thử lại sau ít phút" in text(page), "Chữ tôi đã viết" in text(page)) == (503, True, True)
    assert (track("ABCD-EFGH-JKMN").status_code, Feedback.objects.count()) == (503, 0)


# The pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [FORM, TRACK])
def test_public_pages_run_no_script_and_speak_vietnamese(address):
    response = Client().get(address)
    policy = response["Content-Security-Policy"]
    assert ("default-src 'none'" in policy, "unsafe" in policy, "script-src" in policy) == (True, False, False)
    assert ("<script" in text(response), " style=" in text(response), " onclick" in text(response)) == (False,) * 3
    assert response["Cache-Control"].startswith("max-age=0")
    assert [words for each in Page(address, text(response)).texts if (words := english_in(each))] == []


def test_the_pages_take_no_other_method():
    assert [Client().delete(address).status_code for address in (FORM, TRACK)] == [405, 405]


def test_papers_name_the_page_only_where_its_address_is_known(settings):
    assert (feedback_address(), feedback_notes()) == ("", [])
    settings.PUBLIC_ADDRESS = "https://phucloi.example.vn"
    assert feedback_address() == "https://phucloi.example.vn/phan-anh/"
    assert feedback_notes()[0].endswith("xin gửi tại: https://phucloi.example.vn/phan-anh/")


def test_papers_that_reach_people_tell_where_to_write(settings, province, district_a, officer):
    settings.PUBLIC_ADDRESS = "https://phucloi.example.vn"
    round_ = make_round(province)
    make_grant(round_, district_a, officer, make_person(district_a))
    reaching = [
        paper(officer, round_.pk) for paper in (dossier.decision_document, dossier.approved_list, dossier.signing_list)
    ]
    reaching.append(disclosure_document(officer, province.pk))
    assert [paper.notes for paper in reaching] == [feedback_notes()] * 4
    assert dossier.submission(officer, round_.pk).notes == ()
