"""Activities: entered quickly, held once, counted for their season, shown with small and anonymous photographs."""

import io
import struct
import zlib
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from PIL import Image

from programs.activities.fields import WholeNumberField
from programs.activities.models import season_year_of
from programs.activities.photographs import MOST_PHOTOS, add_photos
from programs.activities.todo import waiting
from programs.models import Activity, ActivityKind, ActivityPhoto, Stale
from tests.factories import fresh, make_activity, make_plan, make_unit
from welfare.audit import AuditEvent
from welfare.models import StoredFile
from welfare.photographs import Shrunk, shrunk
from welfare.states import Refused
from welfare.units.models import today

NEW = reverse("programs:activity_new")
LIST = reverse("admin:programs_activity_changelist")
Y = today().year


@pytest.fixture
def planned(district_a, unit_officer_a):
    return make_activity(district_a, unit_officer_a)


def change_url(activity):
    return reverse("admin:programs_activity_change", args=[activity.pk])


def verb_url(activity, name):
    return reverse("admin:programs_activity_verb", args=[activity.pk, name])


def kind(code="workers_month"):
    return ActivityKind.objects.get(code=code)


def typed(**changed):
    """What the short form posts."""
    data = {"kind": kind().pk, "held_on": f"{today():%d/%m/%Y}", "place": "Hội trường huyện", "act": "hold"}
    return data | changed


def picture(name="anh.jpg", *, size=(2400, 1800), format="JPEG", **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "#2563eb").save(stream, format, **options)
    return SimpleUploadedFile(name, stream.getvalue(), f"image/{format.lower()}")


def rotated_with_place():
    """As a phone held upright writes it: turned by EXIF, with the place and a comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "MayAnhBiMat"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(size=(2400, 1200), exif=exif, comment=b"GhiChuBiMat")


def errors_of(response) -> dict:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# Entering ---------------------------------------------------------------------------------------


def test_a_held_activity_is_entered_on_one_short_page(district_a, unit_officer_a, client_of):
    client = client_of(unit_officer_a)

    response = client.post(NEW, typed(participants="1.200", gifts="60", gifts_value="18.000.000", amount="35.000.000",
                                      source="enterprise", payer="Công ty An"))  # fmt: skip

    activity = Activity.objects.get()
    assert response["Location"] == change_url(activity)
    assert (activity.unit, activity.state, activity.created_by) == (district_a, "held", unit_officer_a)
    assert activity.title == f"Tháng Công nhân năm {Y}"
    assert (activity.participants, activity.gifts, activity.gifts_value) == (1_200, 60, 18_000_000)
    assert list(activity.costs.values_list("source", "payer", "amount")) == [("enterprise", "Công ty An", 35_000_000)]


def test_one_for_a_day_to_come_is_saved_as_planned_and_not_as_held(district_a, unit_officer_a, client_of):
    client, later = client_of(unit_officer_a), today() + timedelta(days=9)

    held = client.post(NEW, typed(held_on=f"{later:%d/%m/%Y}", title="Hội thao"))

    assert held.status_code == 400
    assert errors_of(held) == {"__all__": [f"Ngày {later:%d/%m/%Y} chưa tới; hãy ghi ngày hôm nay hoặc trước đó."]}
    assert b'value="H\xe1\xbb\x99i thao"' in held.content
    assert not Activity.objects.exists()
    client.post(NEW, typed(held_on=f"{later:%d/%m/%Y}", act="plan"))
    assert [activity.state for activity in Activity.objects.all()] == ["planned"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"participants": "-5"}, {"participants": ["Số không được âm."]}),
        ({"gifts": "3,5"}, {"gifts": ["Hãy nhập số nguyên, không có phần lẻ sau dấu phẩy."]}),
        ({"gifts": "ba mươi"}, {"gifts": ["Hãy nhập một số, ví dụ 12 hoặc 1.200."]}),
        ({"gifts_value": "5.000.000"}, {"__all__": ["Đã ghi trị giá quà thì phải ghi số suất quà."]}),
        ({"held_to": "01/01/2020"}, {"__all__": ["Ngày kết thúc hoạt động phải từ ngày bắt đầu trở đi."]}),
        ({"payer": "Công ty An"}, {"amount": ["Đã ghi ai chi thì phải ghi số tiền."]}),
        ({"season_year": "2027"}, {"season_year": ["“Tháng Công nhân” không theo mùa nên không ghi năm của mùa."]}),
        ({"amount": "9.900.000.000.000"}, {"amount": ["Số quá lớn; hãy xem lại."]}),
        ({"kind": ""}, {"kind": ["Không được để trống ô này."]}),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_writes_nothing(changed, error, unit_officer_a, client_of):
    response = client_of(unit_officer_a).post(NEW, typed(**changed))

    assert (response.status_code, errors_of(response)) == (400, error)
    assert not Activity.objects.exists()


def test_a_sum_of_money_beyond_all_sense_is_refused(planned):
    with pytest.raises(IntegrityError), transaction.atomic():
        planned.costs.create(source="union", amount=10**13 + 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        planned.costs.create(source="union", amount=0)


def test_a_posted_unit_of_another_is_not_listened_to(district_a, district_b, unit_officer_a, client_of):
    client_of(unit_officer_a).post(NEW, typed(unit=district_b.pk))

    assert [activity.unit for activity in Activity.objects.all()] == [district_a]


def test_the_same_form_sent_twice_writes_one_activity(unit_officer_a, client_of):
    client = client_of(unit_officer_a)
    client.post(NEW, typed())

    again = client.post(NEW, typed())

    assert errors_of(again) == {"__all__": ["Đơn vị đã ghi hoạt động này: cùng loại, tên, ngày và địa điểm."]}
    assert Activity.objects.count() == 1


def test_the_province_enters_for_any_unit(district_b, officer, client_of):
    client_of(officer).post(NEW, typed(unit=district_b.pk))

    assert Activity.objects.get().unit == district_b


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 403), ("inspector", 403), ("officer", 200), ("unit_officer_a", 200)]
)
def test_who_may_enter_activities(who, status, request, client_of):
    assert client_of(request.getfixturevalue(who)).get(NEW).status_code == status


def test_adding_in_the_list_leads_to_the_short_page(unit_officer_a, client_of):
    assert client_of(unit_officer_a).get(reverse("admin:programs_activity_add"))["Location"] == NEW


# Seasons ----------------------------------------------------------------------------------------


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_the_season_of_a_day_is_of_that_year_or_the_next(day):
    year = season_year_of(day)

    assert year == (day.year if day.month <= 6 else day.year + 1)


def test_what_is_held_before_new_year_counts_for_the_coming_season(district_a, unit_officer_a, client_of):
    client_of(unit_officer_a).post(NEW, typed(kind=kind("tet_sum_vay").pk, held_on="20/12/2025"))

    activity = Activity.objects.get()
    assert (activity.season_year, activity.season_name, activity.title) == (2026, "Tết 2026", "Tết Sum vầy 2026")


def test_a_season_far_from_the_day_is_refused(unit_officer_a, client_of):
    response = client_of(unit_officer_a).post(
        NEW, typed(kind=kind("tet_sum_vay").pk, held_on="20/01/2026", season_year="2023")
    )

    assert errors_of(response) == {"season_year": ["Tết 2023 quá xa ngày tổ chức 20/01/2026."]}


def test_the_list_is_filtered_by_season(district_a, unit_officer_a, client_of):
    for year in (2025, 2026):
        make_activity(district_a, unit_officer_a, kind="tet_sum_vay", title=f"Sum vầy {year}", season_year=year,
                      held_on=date(year, 1, 15))  # fmt: skip

    response = client_of(unit_officer_a).get(LIST, {"mua": "Tết 2026"})

    assert [activity.title for activity in response.context["cl"].result_list] == ["Sum vầy 2026"]


# Held, taken back, cancelled --------------------------------------------------------------------


def test_holding_takes_what_is_known_better_now(planned, unit_officer_a, client_of):
    data = {"on": "05/03/2026", "participants": "150", "gifts": "30", "gifts_value": "9.000.000"}

    assert client_of(unit_officer_a).post(verb_url(planned, "hold"), data)["Location"] == change_url(planned)

    planned.refresh_from_db()
    assert (planned.state, planned.held_on, planned.participants, planned.gifts) == ("held", date(2026, 3, 5), 150, 30)
    assert AuditEvent.objects.filter(subject_kind="programs.activity", detail__to="held").count() == 1


def test_nothing_is_held_on_a_day_to_come(planned, unit_officer_a):
    with pytest.raises(Refused, match="chưa tới"):
        planned.hold(unit_officer_a, on=today() + timedelta(days=1))

    planned.refresh_from_db()
    assert planned.state == "planned"


def test_a_held_one_is_not_moved_to_a_day_to_come(planned, unit_officer_a, client_of):
    planned.hold(unit_officer_a)
    later = today() + timedelta(days=3)

    response = client_of(unit_officer_a).post(change_url(planned), form_data(planned, held_on=f"{later:%d/%m/%Y}"))

    assert "Hoạt động đã tổ chức không thể có ngày ở tương lai." in response.content.decode()
    planned.refresh_from_db()
    assert planned.held_on == date(2026, 3, 1)


def test_cancelling_needs_a_reason_and_closes_the_form(planned, unit_officer_a, client_of):
    with pytest.raises(Refused, match="Phải ghi lý do"):
        planned.cancel(unit_officer_a, reason=" ")

    planned.cancel(unit_officer_a, reason="Mưa bão")

    planned.refresh_from_db()
    assert (planned.state, planned.cancelled_reason) == ("cancelled", "Mưa bão")
    page = client_of(unit_officer_a).get(change_url(planned)).content.decode()
    assert 'name="_save"' not in page
    assert "Đã hủy: Mưa bão" in page


@pytest.mark.parametrize(
    ("state", "possible"), [("planned", {"hold", "cancel"}), ("held", {"take_back"}), ("cancelled", set())]
)
def test_each_state_allows_its_verbs_only(planned, unit_officer_a, state, possible):
    done = set()
    for name, given_fields in {"hold": {}, "take_back": {}, "cancel": {"reason": "x"}}.items():
        Activity.objects.filter(pk=planned.pk).update(state=state, cancelled_reason="x")
        try:
            getattr(Activity.objects.get(pk=planned.pk), name)(unit_officer_a, **given_fields)
        except Refused as refusal:
            assert "nên không làm được việc này" in str(refusal)  # noqa: PT017
        else:
            done.add(name)

    assert done == possible


@pytest.mark.parametrize("who", ["leader", "inspector", "finance", "administrator"])
def test_those_who_only_read_move_nothing(who, request, planned):
    with pytest.raises(Refused, match="không có quyền"):
        planned.hold(request.getfixturevalue(who))


def test_a_unit_reads_what_is_under_it_and_writes_only_its_own(district_a, unit_officer_a, officer, client_of):
    company = make_unit("A1", "CĐCS Công ty An", kind="grassroots", parent=district_a)
    below = make_activity(company, officer)
    client = client_of(fresh(unit_officer_a))

    page = client.get(change_url(below))

    assert (page.status_code, page.context["verbs"], page.context["photos_form"]) == (200, [], None)
    for name, data in (("hold", {"on": "01/03/2026"}), ("cancel", {"reason": "x"})):
        client.post(verb_url(below, name), data)
    client.post(reverse("programs:activity_photos", args=[below.pk]), {"photos": [picture()]})
    below.refresh_from_db()
    assert (below.state, below.photos.count()) == ("planned", 0)


def form_data(activity, **changed):
    names = ("title", "place", "participants", "gifts", "gifts_value", "note")
    data = {name: getattr(activity, name) for name in names}
    data |= {"kind": activity.kind_id, "held_on": f"{activity.held_on:%d/%m/%Y}", "season_year": ""}
    return data | {"costs-TOTAL_FORMS": 0, "costs-INITIAL_FORMS": 0} | changed


def test_costs_of_several_payers_are_written_on_its_page(planned, unit_officer_a, client_of):
    lines = {
        "costs-TOTAL_FORMS": 2, "costs-0-source": "union", "costs-0-amount": "12.000.000",
        "costs-1-source": "donor", "costs-1-payer": "Hội doanh nghiệp", "costs-1-amount": "8000000",
    }  # fmt: skip

    client_of(unit_officer_a).post(change_url(planned), form_data(planned, **lines))

    assert sorted(planned.costs.values_list("source", "amount")) == [("donor", 8_000_000), ("union", 12_000_000)]
    assert Activity.objects.with_cost().get().cost == 20_000_000


def test_only_plans_that_are_out_may_stand_behind_it(province, officer, leader, unit_officer_a, client_of):
    draft, issued = make_plan(province, officer), make_plan(province, officer, title="Đã ban hành")
    issued.issue(leader, number="9")

    refused = client_of(unit_officer_a).post(NEW, typed(plan=draft.pk))
    client_of(unit_officer_a).post(NEW, typed(plan=issued.pk))

    assert "plan" in errors_of(refused)
    assert Activity.objects.get().plan == issued


# Lists ------------------------------------------------------------------------------------------


def test_the_list_sums_what_is_filtered_and_held(district_a, unit_officer_a, client_of):
    for n in range(3):
        activity = make_activity(district_a, unit_officer_a, title=f"Bữa cơm {n}", participants=100, gifts=10)
        activity.costs.create(source="union", amount=1_000_000)
        if n:
            activity.hold(unit_officer_a)

    response = client_of(unit_officer_a).get(LIST, {"q": "bua com"})

    assert response.context["cl"].summary == [
        ("3", "hoạt động"), ("2", "đã tổ chức, với"), ("200", "lượt người tham gia"), ("20", "suất quà"),
        ("0 đồng", "trị giá quà"), ("2.000.000 đồng", "kinh phí"),
    ]  # fmt: skip


def test_the_list_asks_the_same_number_of_queries_for_more_rows(
    district_a, unit_officer_a, client_of, django_assert_num_queries
):
    client, counts = client_of(unit_officer_a), []
    for wanted in (1, 3):
        while Activity.objects.count() < wanted:
            make_activity(district_a, unit_officer_a, title=f"Số {Activity.objects.count()}").costs.create(
                source="union", amount=1
            )
        client.get(LIST)
        with django_assert_num_queries(10_000, exact=False) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("words", ["sum vay", "SUM VẦY", "huyen an", "hoi truong"])
def test_search_ignores_accents(words, district_a, unit_officer_a, client_of):
    make_activity(
        district_a, unit_officer_a, kind="tet_sum_vay", title="Tết Sum vầy", place="Hội trường", season_year=2026
    )
    make_activity(district_a, unit_officer_a, kind="dialogue", title="Đối thoại", place="Xưởng may")

    response = client_of(unit_officer_a).get(LIST, {"q": words})

    found = {activity.title for activity in response.context["cl"].result_list}
    assert found == ({"Tết Sum vầy", "Đối thoại"} if words == "huyen an" else {"Tết Sum vầy"})


def test_the_export_holds_the_filtered_rows_in_vietnamese(planned, district_b, officer, unit_officer_a, client_of):
    make_activity(district_b, officer, title="Của huyện Bình")
    planned.costs.create(source="union", amount=5_000_000)

    response = client_of(unit_officer_a).post(reverse("admin:programs_activity_export"), {"format": "0"})

    head, *rows = load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    assert [(head[0], head[10]), *((row[0], int(row[10])) for row in rows)] == [
        ("Hoạt động", "Kinh phí"), ("Tháng Công nhân", 5_000_000),
    ]  # fmt: skip


def test_an_activity_whose_day_passed_waits_on_the_to_do_list(planned, district_b, officer, unit_officer_a):
    make_activity(district_b, officer)
    make_activity(planned.unit, officer, held_on=today() + timedelta(days=1))

    (item,) = waiting(fresh(unit_officer_a))

    assert (item.count, item.url, item.is_late) == (1, change_url(planned), True)
    planned.hold(unit_officer_a)
    assert [item.count for item in waiting(fresh(unit_officer_a))] == [0]


# What measures count ----------------------------------------------------------------------------


def test_every_write_says_which_months_to_count_anew(planned, unit_officer_a):
    Stale.objects.all().delete()

    planned.hold(unit_officer_a, on=date(2026, 4, 2))

    assert set(Stale.objects.values_list("source", "unit", "month")) == {
        ("activities", planned.unit_id, date(2026, 3, 1)), ("activities", planned.unit_id, date(2026, 4, 1)),
    }  # fmt: skip
    assert list(Activity.objects.held()) == [planned]
    planned.take_back(unit_officer_a)
    assert list(Activity.objects.held()) == []


# Photographs ------------------------------------------------------------------------------------


def test_a_photograph_is_kept_small_and_without_what_the_phone_wrote():
    photo = shrunk(rotated_with_place())

    image, thumbnail = (Image.open(io.BytesIO(data)) for data in (photo.image, photo.thumbnail))
    assert (photo.name, image.format, image.size, thumbnail.size) == ("anh.jpg", "JPEG", (800, 1600), (160, 320))
    assert (dict(image.getexif()), image.info.get("comment")) == ({}, None)
    assert (b"BiMat" in photo.image, b"BiMat" in photo.thumbnail) == (False, False)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "JPEG"])
def test_the_usual_formats_are_read(format):
    photo = shrunk(picture(f"anh.{format.lower()}", size=(640, 480), format=format))

    assert Image.open(io.BytesIO(photo.image)).size == (640, 480)


def bomb() -> bytes:
    """A PNG that says it has 20,000 x 20,000 pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10**6))) + chunk(b"IEND", b"")


NO_PHOTO = "Tệp “anh.jpg” không phải ảnh JPG, PNG hoặc WebP đọc được; hãy chọn ảnh khác."
TOO_LARGE = "Ảnh “anh.jpg” có kích thước quá lớn nên không đọc được; hãy chụp lại hoặc chọn ảnh khác."
BAD_PHOTOS = {
    "a pdf": (lambda: b"%PDF-1.7 khong phai anh", NO_PHOTO),
    "an svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", NO_PHOTO),
    "cut off": (lambda: picture().read()[:900], NO_PHOTO),
    "a bomb": (bomb, TOO_LARGE),
}


@pytest.mark.parametrize("bad", BAD_PHOTOS)
def test_what_is_no_photograph_is_refused_and_the_activity_is_not_written(bad, unit_officer_a, client_of):
    make, error = BAD_PHOTOS[bad]
    upload = SimpleUploadedFile("anh.jpg", make(), "image/jpeg")

    response = client_of(unit_officer_a).post(NEW, typed(photos=[upload]))

    assert errors_of(response) == {"photos": [error]}
    assert (Activity.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_hundred_megabytes_are_refused_before_they_are_read(unit_officer_a, client_of):
    big = SimpleUploadedFile("anh.jpg", b"\xff\xd8" + b"0" * (11 * 1024 * 1024), "image/jpeg")

    response = client_of(unit_officer_a).post(NEW, typed(title="Giữ lại chữ đã gõ", photos=[big]))

    assert response.status_code == 413
    assert errors_of(response) == {
        "photos": ["Các ảnh gửi cùng lúc lớn hơn 10 MB; hãy chọn ít ảnh hơn rồi gửi thêm lần nữa."]
    }
    assert "Giữ lại chữ đã gõ" in response.content.decode()
    assert not Activity.objects.exists()


def test_photographs_are_added_shown_and_removed(
    planned, unit_officer_a, leader, client_of, django_capture_on_commit_callbacks
):
    client = client_of(unit_officer_a)

    client.post(
        reverse("programs:activity_photos", args=[planned.pk]), {"photos": [picture("a.jpg"), picture("b.jpg")]}
    )

    first, second = planned.photos.all()
    assert (
        f'src="{reverse("programs:photo_thumbnail", args=[first.pk])}"'
        in client.get(change_url(planned)).content.decode()
    )
    shown = client_of(leader).get(reverse("programs:photo_image", args=[first.pk]))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(shown.content)).size == (1600, 1200)
    path = first.image.file.path
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("programs:photo_remove", args=[first.pk]))
    assert list(planned.photos.all()) == [second]
    assert not first.image.file.storage.exists(path)


def test_a_stranger_sees_no_photograph_by_any_address(planned, unit_officer_a, unit_officer_b, client_of):
    add_photos(planned, unit_officer_a, [shrunk(picture(size=(40, 30)))])
    photo = ActivityPhoto.objects.get()
    client = client_of(unit_officer_b)

    statuses = [
        client.get(reverse("programs:photo_image", args=[photo.pk])).status_code,
        client.get(reverse("programs:photo_thumbnail", args=[photo.pk])).status_code,
        client.post(reverse("programs:photo_remove", args=[photo.pk])).status_code,
        client.get(reverse("welfare:file", args=[photo.image_id])).status_code,
    ]

    assert statuses == [404] * 4
    assert ActivityPhoto.objects.count() == 1


def test_an_activity_holds_only_so_many_photographs(planned, unit_officer_a):
    small = Shrunk("anh.jpg", b"a", b"b")
    add_photos(planned, unit_officer_a, [small] * (MOST_PHOTOS - 1))

    with pytest.raises(Refused, match=f"nhiều nhất {MOST_PHOTOS} ảnh"):
        add_photos(planned, unit_officer_a, [small] * 2)

    assert planned.photos.count() == MOST_PHOTOS - 1


def test_photographs_do_not_bury_the_printed_papers(planned, unit_officer_a, client_of):
    add_photos(planned, unit_officer_a, [Shrunk("anh.jpg", b"a", b"b")])

    response = client_of(unit_officer_a).get(reverse("admin:welfare_storedfile_changelist"))

    assert list(response.context["cl"].result_list) == []


# Numbers ----------------------------------------------------------------------------------------


@given(st.integers(0, 10**13 - 1))
def test_a_number_is_read_as_it_is_shown(number):
    field = WholeNumberField(required=False)

    assert field.clean(field.prepare_value(number)) == number
    assert field.clean(str(number)) == number
