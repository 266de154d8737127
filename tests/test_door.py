"""The door: whose badge it is, let in once however often it is sent, and put right afterwards."""

import hashlib
import json
import re
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from events.delegates.nominating import Nominee, nominate
from events.door.admitting import Arrival, admit, admit_from_paper, sentence
from events.door.tokens import badge_code, delegate_of
from events.models import Admission, Delegate, Event
from tests.factories import make_event, make_line, make_user
from welfare.states import Refused
from welfare.units.models import today


@pytest.fixture
def keeper(province):
    return make_user("truccua", "door_keeper", province)


@pytest.fixture
def event(province, officer):
    event = make_event(province, 3, on=today())
    make_line(event, 3, name="Khách mời")
    event.announce(officer)
    names = [Nominee(None, name) for name in ("Lê Văn Một", "Lê Văn Hai", "Lê Thị Ba")]
    nominate(event.lines.get(), officer, names)
    return event


@pytest.fixture
def one(event):
    return event.delegates.get(full_name="Lê Văn Một")


def fresh(delegate):
    return Delegate.objects.get(pk=delegate.pk)


def arrival(delegate, minutes_ago=0, **given):
    return Arrival(uuid.uuid4(), delegate.pk, timezone.now() - timedelta(minutes=minutes_ago), **given)


def outcomes(delegate):
    return sorted(delegate.admissions.values_list("outcome", flat=True))


# Badges ---------------------------------------------------------------------------------------------


def test_a_badge_is_short_the_same_each_time_and_says_nothing(one):
    code = badge_code(one)

    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", code)
    assert badge_code(one) == code
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert delegate_of(one.event, typed) == one


def test_a_forged_and_a_foreign_badge_are_refused(one, event, province, officer):
    code = badge_code(one)
    last = "2" if code[-1] != "2" else "3"
    other = make_event(province, 1, code="KHAC", name="Hội nghị khác", on=today())

    for forged in (code[:-1] + last, "0000-0000-0000", "", "https://example.org", "Ω" * 50):
        with pytest.raises(Refused, match="không phải thẻ đại biểu do hệ thống cấp"):
            delegate_of(event, forged)
    with pytest.raises(Refused, match="của sự kiện khác"):
        delegate_of(other, code)


def test_a_badge_outlives_a_change_of_keys(one, event, settings):
    code = badge_code(one)
    settings.HMAC_KEYS = {**settings.HMAC_KEYS, "9": settings.ENCRYPTION_KEYS[max(settings.ENCRYPTION_KEYS)]}

    assert delegate_of(event, code) == one
    assert badge_code(one)[:10] == code[:10]


# Letting in -----------------------------------------------------------------------------------------


def test_sent_twice_an_arrival_is_recorded_once(event, one, keeper):
    came = arrival(one, 10, door="Cửa chính")

    first, second = admit(event, keeper, came), admit(event, keeper, came)

    assert (first.pk, Admission.objects.count()) == (second.pk, 1)
    assert (fresh(one).state, fresh(one).attended_at) == ("attended", came.at)


def test_a_second_entry_is_refused_and_told_when_the_first_was(event, one, keeper):
    came = arrival(one, 10)
    admit(event, keeper, came)

    again = admit(event, keeper, arrival(one))

    assert sentence(again) == f"Lê Văn Một đã vào trước đó. Lượt đầu lúc {timezone.localtime(came.at):%H:%M %d/%m}."
    assert (outcomes(one), fresh(one).attended_at) == (["admitted", "repeated"], came.at)


def test_of_two_doors_without_a_network_the_earlier_stays_whichever_sends_first(event, one, keeper):
    late, early = arrival(one, 3, door="Cửa phụ"), arrival(one, 8, door="Cửa chính")
    admit(event, keeper, late)

    done = admit(event, keeper, early)

    assert (done.outcome, fresh(one).attended_at) == ("admitted", early.at)
    repeated = Admission.objects.get(key=late.key)
    assert repeated.outcome == "repeated"
    assert repeated.note == f"Lượt đầu lúc {timezone.localtime(early.at):%H:%M %d/%m} ở Cửa chính."
    assert admit(event, keeper, late).pk == repeated.pk


def test_the_database_holds_one_entry_of_a_delegate(event, one, keeper):
    admit(event, keeper, arrival(one))
    with pytest.raises(IntegrityError), transaction.atomic():
        Admission.objects.create(key=uuid.uuid4(), event=event, delegate=one, outcome="admitted", way="code", by=keeper)


def test_what_cannot_be_recorded_is_kept_with_its_reason(event, one, officer, keeper):
    one.decline(officer, reason="Ốm")

    done = admit(event, keeper, arrival(one))

    assert (done.outcome, fresh(one).state) == ("refused", "declined")
    assert sentence(done) == "Lê Văn Một chưa được ghi có mặt. Đang “Không dự được” nên không ghi có mặt được."


def test_nobody_is_let_in_before_the_day_or_by_strangers(event, one, keeper, unit_officer_a):
    with pytest.raises(Refused, match="không có quyền"):
        admit(event, unit_officer_a, arrival(one))
    Event.objects.update(on=today() + timedelta(days=1))
    done = admit(Event.objects.get(pk=event.pk), keeper, arrival(one))
    assert (done.outcome, "trước ngày tổ chức" in done.note) == ("refused", True)


def test_an_entry_made_by_mistake_is_undone_with_a_reason_and_may_be_made_again(event, one, officer, keeper):
    one.confirm(officer)
    admit(event, keeper, arrival(one))
    with pytest.raises(Refused, match="Phải ghi lý do"):
        fresh(one).unattend(officer, reason=" ")

    fresh(one).unattend(officer, reason="Trùng tên")

    assert (fresh(one).state, fresh(one).attended_at) == ("confirmed", None)
    assert Admission.objects.get().note == "Trùng tên"
    admit(event, keeper, arrival(one))
    assert outcomes(one) == ["admitted", "undone"]


def test_a_paper_list_tells_who_came_but_not_when(event, one, keeper):
    two = event.delegates.get(full_name="Lê Văn Hai")
    came = admit(event, keeper, arrival(one))

    recorded, told = admit_from_paper(event, keeper, [one.pk, two.pk])

    assert (recorded, len(told)) == (1, 1)
    assert (fresh(two).state, fresh(two).attended_at, fresh(one).attended_at) == ("attended", None, came.at)
    with pytest.raises(Refused, match=r"Lê Văn Hai đã được ghi có mặt\."):
        fresh(two).attend(keeper)


# What the phone asks --------------------------------------------------------------------------------


def post(client, name, event, body):
    return client.post(reverse(f"events:{name}", args=[event.pk]), json.dumps(body), content_type="application/json")


def test_the_phone_is_given_names_seats_and_hashes_and_nothing_more(event, one, keeper, client_of):
    Delegate.objects.filter(pk=one.pk).update(phone="0909123456", birth_year=1970)
    answer = client_of(keeper).get(reverse("events:door_list", args=[event.pk])).json()

    assert [sorted(person) for person in answer["people"]] == [
        ["at", "came", "codes", "gift", "id", "name", "seat"]
    ] * 3
    mine = next(person for person in answer["people"] if person["id"] == one.pk)
    plain = badge_code(one).replace("-", "")
    assert mine["codes"] == [hashlib.sha256(plain.encode()).hexdigest()]
    assert (badge_code(one) in str(answer), "0909123456" in str(answer)) == (False, False)


def test_the_phone_is_given_nobody_once_the_event_is_over(event, keeper, client_of):
    Event.objects.update(on=today() - timedelta(days=1))

    answer = client_of(keeper).get(reverse("events:door_list", args=[event.pk])).json()

    assert (answer["people"], "đã kết thúc" in answer["closed"]) == ([], True)


def test_what_a_phone_kept_is_sent_with_its_own_wrong_clock(event, one, keeper, client_of):
    wrong = 3 * 3600 * 1000  # the phone's clock is in 1970
    rows = [
        {"key": str(uuid.uuid4()), "delegate": one.pk, "at": wrong - 600_000, "way": "typed", "door": "Cửa chính"},
        {"key": str(uuid.uuid4()), "delegate": one.pk, "at": wrong, "way": "code"},
        {"key": str(uuid.uuid4()), "delegate": 10**9, "at": wrong, "way": "code"},
    ]
    client = client_of(keeper)

    answers = [post(client, "door_send", event, {"now": wrong, "arrivals": rows}).json()["results"] for _ in range(2)]

    assert [[result["outcome"] for result in results] for results in answers] == [
        ["admitted", "repeated", "unknown"]
    ] * 2
    assert timedelta(minutes=9) < timezone.now() - fresh(one).attended_at < timedelta(minutes=11)
    assert Admission.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        "x",
        "[]",
        '{"now": 1}',
        '{"now": 1, "arrivals": [{"key": "x", "delegate": 1, "at": 1}]}',
        '{"now": 1e999}',
        "[" * 100_000,
    ],
    ids=range(6),
)
def test_unreadable_arrivals_are_refused_in_a_sentence(body, event, keeper, client_of):
    address = reverse("events:door_send", args=[event.pk])
    answer = client_of(keeper).post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"error": "Dữ liệu gửi lên không đọc được; hãy tải lại trang."})


@pytest.mark.parametrize("sign", ["\0", "\ud800"], ids=["nul", "half-a-sign"])
def test_no_sign_that_a_database_refuses_stops_a_door(sign, event, one, keeper, client_of):
    key, client = str(uuid.uuid4()), client_of(keeper)
    row = {"key": key, "delegate": one.pk, "at": 0, "door": f"Cửa{sign} chính"}

    post(client, "door_send", event, {"now": 0, "arrivals": [row]})
    post(client, "door_undo", event, {"key": key, "reason": f"Nhầm{sign} người"})

    assert list(Admission.objects.values_list("door", "outcome", "note")) == [("Cửa chính", "undone", "Nhầm người")]


def test_a_badge_the_phone_does_not_know_is_asked_for(event, one, officer, keeper, client_of):
    client = client_of(keeper)
    assert post(client, "door_code", event, {"code": badge_code(one)}).json()["person"]["name"] == "Lê Văn Một"
    assert "không phải thẻ" in post(client, "door_code", event, {"code": "1234"}).json()["error"]
    one.decline(officer, reason="Ốm")
    assert (
        "đang “Không dự được” nên không vào được"
        in post(client, "door_code", event, {"code": badge_code(one)}).json()["error"]
    )


def test_the_keeper_of_a_door_undoes_only_the_own_entry(event, one, keeper, officer, client_of):
    mine, others = arrival(one), arrival(event.delegates.get(full_name="Lê Văn Hai"))
    admit(event, keeper, mine)
    admit(event, officer, others)
    client = client_of(keeper)

    done = post(client, "door_undo", event, {"key": str(mine.key)}).json()

    assert done == {"message": "Đã hủy lượt vào của Lê Văn Một."}
    for key in (str(others.key), str(mine.key), "x", None):
        assert "không còn để hủy" in post(client, "door_undo", event, {"key": key}).json()["error"]


def test_the_door_is_open_to_its_keepers_alone_and_under_a_strict_policy(
    event, keeper, officer, inspector, unit_officer_a, client_of
):
    address = reverse("events:door", args=[event.pk])
    assert [client_of(user).get(address).status_code for user in (keeper, officer, inspector, unit_officer_a)] == [
        200,
        200,
        403,
        403,
    ]
    policy = client_of(keeper).get(address).headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy
    assert client_of(keeper).get(reverse("events:event_attendance", args=[event.pk])).status_code == 403


def test_attendance_is_counted_against_the_quota_and_doubts_are_shown(
    event, one, officer, keeper, client_of, query_count
):
    client = client_of(officer)
    address = reverse("events:attendance_live", args=[event.pk])
    before = query_count(lambda: client.get(address))
    admit(event, keeper, arrival(one, 5))
    admit(event, keeper, arrival(one, door="Cửa phụ"))
    admit(event, keeper, arrival(event.delegates.get(full_name="Lê Văn Hai")))

    page = client.get(address)

    total = page.context["total"]
    assert (total.attended, total.missing, page.context["percent"]) == (2, 1, 67)
    assert "vào lần nữa" in page.content.decode()
    assert query_count(lambda: client.get(address)) <= before + 2


def test_a_paper_list_is_entered_for_one_sender_at_once(event, keeper, client_of):
    client = client_of(keeper)
    address = f"{reverse('events:attendance_paper', args=[event.pk])}?noi=u{event.unit_id}"
    people = client.get(address).context["delegates"]
    assert len(people) == 3

    kept = client.post(address, {"delegate": [p.pk for p in people][:2], "at": "25:00"})
    assert (kept.context["ticked"], Admission.objects.count()) == ({p.pk for p in people[:2]}, 0)
    client.post(address, {"delegate": [p.pk for p in people][:2], "at": ""})

    assert Delegate.objects.filter(state="attended", attended_at=None).count() == 2
