"""Who is sent to an event: within the quota, once each, by the unit; accepted, invited and put right by the province."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from beneficiaries.erasure.models import DataRequest
from beneficiaries.models import Grant, HardshipKind, House, PovertyRecord
from events.delegates.board import board_of, lacking_of
from events.delegates.nominating import Nominee, nominate, substitute
from events.models import Delegate, Event, EventGift, EventNotice, InvitedBody, QuotaShare
from events.notices.telling import remind_due
from tests.deeds import in_need
from tests.factories import (
    an_id,
    fresh,
    make_event,
    make_grant,
    make_household,
    make_line,
    make_person,
    make_round,
    make_unit,
)
from welfare.states import Refused
from welfare.units.models import today


@pytest.fixture
def event(province, district_a, district_b, officer):
    """Seven: two guests of the province, three heads and two ill of the districts; announced."""
    event = make_event(province, 7, nominate_by=today() + timedelta(days=5), on=today())
    make_line(event, 2, name="Khách mời", order=0)
    heads = make_line(event, 3, name="Chủ hộ nghèo", order=1, fits="head", shares={district_a: 2, district_b: 1})
    make_line(event, 2, name="Bệnh hiểm nghèo", order=2, fits="ill", shares={district_a: 1, district_b: 1})
    make_line(event, 1, parent=heads, name="Nhận nhà", order=3, is_overlay=True)
    event.announce(officer)
    return event


@pytest.fixture
def share(event, district_a):
    return QuotaShare.objects.get(line__name="Chủ hộ nghèo", unit=district_a)


@pytest.fixture
def ill(event, district_a):
    return QuotaShare.objects.get(line__name="Bệnh hiểm nghèo", unit=district_a)


def named(*names, **fields):
    return [Nominee(None, name, **fields) for name in names]


def held():
    return sorted(Delegate.objects.holding().values_list("full_name", flat=True))


# Within the quota -----------------------------------------------------------------------------------


def test_a_unit_nominates_until_its_share_is_full(share, unit_officer_a):
    nominate(share, unit_officer_a, named("Lê Văn Một"))
    with pytest.raises(
        Refused, match=r"^“Chủ hộ nghèo” được 2 đại biểu: chỉ còn 1 chỗ, đang đề cử 2 người; chưa ghi ai\.$"
    ):
        nominate(share, unit_officer_a, named("Lê Văn Hai", "Lê Văn Ba"))
    nominate(share, unit_officer_a, named("Lê Văn Hai"))
    with pytest.raises(Refused, match="đã đề cử đủ, không còn chỗ"):
        nominate(share, unit_officer_a, named("Lê Văn Ba"))

    assert held() == ["Lê Văn Hai", "Lê Văn Một"]


def test_the_province_may_go_beyond_the_quota_with_a_reason(share, unit_officer_a, officer):
    nominate(share, unit_officer_a, named("Lê Văn Một", "Lê Văn Hai"))
    with pytest.raises(Refused, match="không có quyền cho đề cử vượt phân bổ"):
        nominate(share, unit_officer_a, named("Lê Văn Ba"), over_quota_reason="Xin thêm")

    beyond = nominate(share, officer, named("Lê Văn Ba"), over_quota_reason="Gia đình có công")[0]

    assert (beyond.is_over_quota, beyond.over_quota_reason) == (True, "Gia đình có công")
    assert lacking_of(share.line.event) == {
        share.unit_id: 1,
        QuotaShare.objects.exclude(unit=share.unit).first().unit_id: 2,
    }


def test_a_returned_or_declined_delegate_frees_the_place(share, unit_officer_a, officer):
    first, second = nominate(share, unit_officer_a, named("Lê Văn Một", "Lê Văn Hai"))
    first.return_to_unit(officer, reason="Không phải chủ hộ.")
    second.accept(officer)
    second.decline(unit_officer_a, reason="Ốm")

    nominate(share, unit_officer_a, named("Lê Văn Ba", "Lê Văn Một"))

    assert held() == ["Lê Văn Ba", "Lê Văn Một"]


@pytest.mark.parametrize(("state", "sentence"), [("draft", "chưa thông báo"), ("held", "đã tổ chức")])
def test_nobody_is_nominated_before_the_announcement_or_after_the_event(state, sentence, share, unit_officer_a):
    Event.objects.update(state=state)

    with pytest.raises(Refused, match=sentence):
        nominate(QuotaShare.objects.get(pk=share.pk), unit_officer_a, named("Lê Văn Một"))


def test_an_overlay_takes_no_nomination_of_its_own(event, officer):
    line = event.lines.get(is_overlay=True)

    with pytest.raises(Refused, match="Phần “trong đó” không nhận đề cử riêng"):
        nominate(line, officer, named("Lê Văn Một"))


def test_a_share_taken_away_meanwhile_is_told(share, unit_officer_a):
    QuotaShare.objects.filter(pk=share.pk).delete()

    with pytest.raises(Refused, match="vừa được bỏ"):
        nominate(share, unit_officer_a, named("Lê Văn Một"))


def test_the_organiser_names_guests_up_to_their_number(event, officer):
    line = event.lines.get(name="Khách mời")
    body = InvitedBody.objects.create(event=event, line=line, name="Ngân hàng", count=1)
    guest = nominate(body, officer, named("Trần Thị Khách"))[0]
    with pytest.raises(Refused, match="đã đề cử đủ"):
        nominate(body, officer, named("Trần Thị Thừa"))
    own = nominate(line, officer, named("Trần Thị Chủ"))[0]
    with pytest.raises(Refused, match="đã đề cử đủ"):
        nominate(line, officer, named("Trần Thị Thừa"))

    assert [(d.state, d.sender) for d in (guest, own)] == [("accepted", "Ngân hàng"), ("accepted", "LĐLĐ tỉnh")]


# Once each, and only one's own ----------------------------------------------------------------------


def test_the_same_person_twice_by_any_route_is_refused(share, ill, district_a, unit_officer_a):
    person = make_person(district_a, "Nguyễn Thị Lan", birth_date=date(1980, 5, 2))
    nominate(share, unit_officer_a, [Nominee(person)])

    for again in (
        Nominee(person),
        *named("nguyen thi  lan", birth_year=1980),
        *named("Lan Nguyễn Thị", birth_year=1980),
    ):
        with pytest.raises(Refused, match="đã có trong danh sách đại biểu của sự kiện"):
            nominate(ill, unit_officer_a, [again])
    nominate(ill, unit_officer_a, named("Nguyễn Thị Lan", birth_year=1991))
    assert Delegate.objects.count() == 2


def test_the_database_itself_holds_a_person_once(share, ill, district_a, unit_officer_a):
    person = make_person(district_a, "Nguyễn Thị Lan")
    first = nominate(share, unit_officer_a, [Nominee(person)])[0]

    with pytest.raises(IntegrityError, match="delegate_person_once"), transaction.atomic():
        Delegate.objects.create(
            event=first.event, line=ill.line, share=ill, unit=district_a, person=person, full_name="Tên Khác"
        )


def test_one_human_of_two_units_is_found_when_the_second_is_accepted(
    event, share, district_a, district_b, unit_officer_a, unit_officer_b, officer
):
    number = an_id(1980)
    other = QuotaShare.objects.get(line=share.line, unit=district_b)
    first = nominate(share, unit_officer_a, [Nominee(make_person(district_a, "Lê Văn Đôi", national_id=number))])[0]
    second = nominate(other, unit_officer_b, [Nominee(make_person(district_b, "Lê Văn Đôi", national_id=number))])[0]
    first.accept(officer)

    with pytest.raises(Refused, match="người đã được nhận vào sự kiện từ đơn vị khác"):
        second.accept(officer)
    second.refresh_from_db()
    assert second.state == "nominated"


def test_a_person_of_another_unit_is_refused(share, district_b, unit_officer_a, officer):
    stranger = make_person(district_b, "Người Đơn Vị Khác")

    for by in (unit_officer_a, officer):
        with pytest.raises(Refused, match="không thuộc LĐLĐ huyện An"):
            nominate(share, by, [Nominee(stranger)])


def test_another_units_share_and_delegates_are_not_found(event, share, unit_officer_a, unit_officer_b, client_of):
    delegate = nominate(share, unit_officer_a, named("Lê Văn Một"))[0]
    browser = client_of(unit_officer_b)

    pages = [
        reverse("events:share_nominate", args=[share.pk]),
        reverse("events:delegate_substitute", args=[delegate.pk]),
        reverse("admin:events_delegate_change", args=[delegate.pk]),
    ]

    assert [browser.get(page).status_code for page in pages] == [404, 404, 404]
    assert "Lê Văn Một" not in browser.get("/events/delegate/").content.decode()
    assert "Lê Văn Một" not in browser.get(reverse("events:unit_event", args=[event.pk])).content.decode()
    with pytest.raises(Refused, match="đơn vị mình"):
        nominate(share, unit_officer_b, named("Lê Văn Hai"))


def test_a_unit_without_a_part_has_nothing_to_nominate(event, province, client_of):
    from tests.factories import make_user

    other = make_unit("C", "LĐLĐ huyện Cù", parent=province)
    browser = client_of(make_user("donvic", "unit_officer", other))

    page = browser.get(reverse("events:unit_event", args=[event.pk])).content.decode()

    assert "Sự kiện này không phân bổ đại biểu cho đơn vị của bạn." in page


# The way of a delegate ------------------------------------------------------------------------------


def test_a_delegate_goes_from_nomination_to_the_hall(share, unit_officer_a, officer):
    delegate = nominate(share, unit_officer_a, named("Lê Văn Một"))[0]
    seen = [delegate.state]
    for act, by in (("accept", officer), ("invite", officer), ("confirm", unit_officer_a), ("attend", officer)):
        getattr(delegate, act)(by)
        seen.append(delegate.state)

    assert seen == ["nominated", "accepted", "invited", "confirmed", "attended"]
    with pytest.raises(Refused, match="đã được ghi có mặt lúc"):
        delegate.attend(officer)


def test_whoever_nominated_never_accepts(share, officer, other_officer):
    delegate = nominate(share, officer, named("Lê Văn Một"))[0]

    with pytest.raises(Refused, match="người khác phải nhận"):
        delegate.accept(officer)
    delegate.accept(other_officer)
    assert delegate.accepted_by == other_officer


def test_nobody_is_accepted_beyond_a_quota_made_smaller(share, unit_officer_a, officer):
    first, second = nominate(share, unit_officer_a, named("Lê Văn Một", "Lê Văn Hai"))
    QuotaShare.objects.filter(pk=share.pk).update(count=1)
    first.accept(officer)

    with pytest.raises(Refused, match="chỉ có 1 đại biểu, đã nhận đủ"):
        second.accept(officer)


def test_once_the_event_was_held_nobody_is_taken_off_its_list(event, share, unit_officer_a, officer):
    sent, accepted = nominate(share, unit_officer_a, named("Lê Văn Một", "Lê Văn Hai"))
    accepted.accept(officer)
    Event.objects.filter(pk=event.pk).update(state="held")
    sent, accepted = (Delegate.objects.get(pk=delegate.pk) for delegate in (sent, accepted))

    for act, by in (("confirm", unit_officer_a), ("invite", officer)):
        with pytest.raises(Refused, match="Sự kiện đã tổ chức nên không ghi"):
            getattr(accepted, act)(by)
    for delegate, act, by in (
        (accepted, "decline", unit_officer_a), (accepted, "return_to_unit", officer), (sent, "withdraw", unit_officer_a),
    ):  # fmt: skip
        with pytest.raises(Refused, match="Sự kiện đã tổ chức nên không"):
            getattr(delegate, act)(by, reason="Ốm")
    accepted.attend(officer)  # a paper list is entered afterwards


@pytest.mark.parametrize("act", ["accept", "invite"])
def test_a_unit_neither_accepts_nor_invites(act, share, unit_officer_a, officer):
    delegate = nominate(share, officer, named("Lê Văn Một"))[0]

    with pytest.raises(Refused, match="không có quyền"):
        getattr(delegate, act)(unit_officer_a)


def test_somebody_else_comes_instead(share, unit_officer_a, officer):
    first, _ = nominate(share, unit_officer_a, named("Lê Văn Một", "Lê Văn Hai"))
    first.accept(officer)

    instead = substitute(first, unit_officer_a, named("Lê Văn Thay")[0], reason="Trùng ca")

    first.refresh_from_db()
    assert (first.state, first.state_reason, instead.substitute_of, instead.state) == (
        "substituted",
        "Trùng ca",
        first,
        "nominated",
    )
    assert held() == ["Lê Văn Hai", "Lê Văn Thay"]


def test_a_substitute_who_is_on_the_list_changes_nothing(share, unit_officer_a):
    first, _ = nominate(share, unit_officer_a, named("Lê Văn Một", "Lê Văn Hai"))

    with pytest.raises(Refused, match="đã có trong danh sách"):
        substitute(first, unit_officer_a, named("Lê Văn Hai")[0], reason="Trùng ca")
    first.refresh_from_db()
    assert first.state == "nominated"


# On screen ------------------------------------------------------------------------------------------


def test_the_picker_offers_those_who_fit(share, ill, district_a, unit_officer_a, client_of):
    household = make_household(district_a)
    PovertyRecord.objects.create(household=household, year=today().year, status="poor")
    make_person(district_a, "Phan Văn Chủ", household=household, household_role="head")
    make_person(district_a, "Phan Văn Con", household=household, household_role="member")
    sick = make_person(district_a, "Phan Văn Bệnh")
    in_need(sick, "serious_illness")
    assert HardshipKind.objects.get(code="serious_illness").is_health
    browser = client_of(unit_officer_a)

    def offered(place, **query):
        people = browser.get(reverse("events:share_nominate", args=[place.pk]), query).context["people"]
        return [person.full_name for person in people]

    assert (offered(share), offered(ill)) == (["Phan Văn Chủ"], ["Phan Văn Bệnh"])
    assert offered(share, **{"tat-ca": "1", "q": "phan con"}) == ["Phan Văn Con"]


def test_people_are_picked_and_typed_on_the_page(share, district_a, unit_officer_a, client_of):
    person = make_person(district_a, "Phan Văn Chủ", birth_year=1970)
    browser, page = client_of(unit_officer_a), reverse("events:share_nominate", args=[share.pk])

    browser.post(page, {"person": [person.pk], f"companion_{person.pk}": "Phan Thị Vợ"})
    browser.post(page, {"full_name": "Lê Thị Tên", "birth": "05/03/1985", "title": "Công nhân"})
    refused = browser.post(page, {"full_name": "Lê Thị Thừa", "birth": "1985"})

    rows = Delegate.objects.order_by("pk").values_list("full_name", "birth_year", "companion", "title", "person")
    assert list(rows) == [
        ("Phan Văn Chủ", 1970, "Phan Thị Vợ", "", person.pk),
        ("Lê Thị Tên", 1985, "", "Công nhân", None),
    ]
    told = refused.content.decode()
    assert refused.status_code == 200
    assert "không còn chỗ" in told


def test_somebody_of_the_ledger_comes_instead(share, ill, district_a, district_b, unit_officer_a, client_of):
    person, foreign = make_person(district_a, "Phan Văn Thay"), make_person(district_b, "Phan Văn Xa")
    first = nominate(share, unit_officer_a, named("Lê Văn Một"))[0]
    browser, page = client_of(unit_officer_a), reverse("events:delegate_substitute", args=[first.pk]) + "?tat-ca=1"
    form = {"picked": 1, "pick-reason": "Trùng ca", "pick-companion": "Phan Thị Vợ"}

    assert [each.full_name for each in browser.get(page).context["people"]] == ["Phan Văn Thay"]
    unreasoned = browser.post(page, {**form, "person": person.pk, "pick-reason": ""}).content.decode()
    assert ('value="Phan Thị Vợ"' in unreasoned, "checked" in unreasoned) == (True, True)
    for nobody in ({}, {"person": foreign.pk}):
        assert "Chưa chọn ai; hãy chọn một người trong sổ." in browser.post(page, form | nobody).content.decode()
    browser.post(page, {**form, "person": person.pk})

    instead = Delegate.objects.get(substitute_of=first)
    assert (instead.person, instead.companion, instead.share) == (person, "Phan Thị Vợ", share)


def test_too_many_picked_stay_picked_with_who_comes_along(share, district_a, unit_officer_a, client_of):
    people = [make_person(district_a, f"Phan Văn {name}") for name in ("Một", "Hai", "Ba")]
    page = reverse("events:share_nominate", args=[share.pk]) + "?tat-ca=1"
    form = {"person": [person.pk for person in people], f"companion_{people[2].pk}": "Phan Thị Vợ"}

    refused = client_of(unit_officer_a).post(page, form).content.decode()

    assert ("chỉ còn 2 chỗ, đang đề cử 3 người" in refused, 'value="Phan Thị Vợ"' in refused) == (True, True)
    assert Delegate.objects.count() == 0


def test_ticks_stay_while_one_looks_further(share, district_a, unit_officer_a, client_of, monkeypatch):
    monkeypatch.setattr("events.delegates.pages.PEOPLE_A_PAGE", 2)
    people = [make_person(district_a, f"Phan Văn {name}") for name in ("An", "Bình", "Chi", "Dũng", "Em")]
    browser, page = client_of(unit_officer_a), reverse("events:share_nominate", args=[share.pk]) + "?tat-ca=1"
    first, second = browser.get(page).context["people"]
    ticks = {"person": [first.pk], f"companion_{first.pk}": "Phan Thị Vợ", "tat-ca": "1"}

    turned = browser.post(page, ticks | {"xem": "2", "q": ""})
    found = browser.post(page, ticks | {"xem": "1", "q": "phan van em"})

    assert [(p.full_name, p.companion) for p in turned.context["ticked"]] == [(first.full_name, "Phan Thị Vợ")]
    assert not {first, second} & set(turned.context["people"])
    assert [p.full_name for p in found.context["people"]] == ["Phan Văn Em"]
    assert (found.content.decode().count("checked"), found.context["words"]) == (2, "phan van em")  # the tick, "tat-ca"
    assert not Delegate.objects.exists()
    browser.post(page, ticks | {"person": [first.pk, people[4].pk]})
    assert {d.full_name for d in Delegate.objects.all()} == {first.full_name, "Phan Văn Em"}


def test_a_wrong_birth_keeps_what_was_typed(share, unit_officer_a, client_of):
    page = reverse("events:share_nominate", args=[share.pk])

    shown = client_of(unit_officer_a).post(page, {"full_name": "Lê Thị Tên", "birth": "31/02/1985"}).content.decode()

    assert "Hãy ghi ngày sinh như 05/03/1985" in shown
    assert 'value="Lê Thị Tên"' in shown
    assert not Delegate.objects.exists()


def test_an_officer_accepts_many_at_once(share, ill, unit_officer_a, officer, client_of):
    rows = [
        *nominate(share, unit_officer_a, named("Lê Văn Một", "Lê Văn Hai")),
        *nominate(ill, officer, named("Lê Văn Ba")),
    ]
    data = {"action": "accept_all", "_selected_action": [row.pk for row in rows]}

    answer = client_of(officer).post("/events/delegate/", data, follow=True).content.decode()

    assert "Đã nhận 2 đại biểu." in answer
    assert "1 đại biểu chưa làm được: Bạn đã đề cử Lê Văn Ba nên người khác phải nhận." in answer


def test_the_list_asks_as_much_for_many_delegates_as_for_one(
    share, ill, unit_officer_a, officer, client_of, django_assert_num_queries, django_assert_max_num_queries
):
    browser = client_of(officer)
    nominate(share, unit_officer_a, named("Lê Văn Một"))
    browser.get("/events/delegate/")
    with django_assert_max_num_queries(30) as first:
        browser.get("/events/delegate/")
    nominate(share, unit_officer_a, named("Lê Văn Hai"))
    nominate(ill, unit_officer_a, named("Lê Văn Ba"))

    with django_assert_num_queries(len(first.captured_queries)):
        browser.get("/events/delegate/")


# The board, reminders -------------------------------------------------------------------------------


def test_the_board_counts_by_line_and_unit(event, share, ill, unit_officer_a, officer):
    first, _ = nominate(share, unit_officer_a, named("Lê Văn Một", "Lê Văn Hai"))
    for act in ("accept", "confirm"):
        getattr(first, act)(officer)
    nominate(ill, unit_officer_a, named("Lê Văn Ba"))[0].return_to_unit(officer, reason="Thiếu giấy")

    board = board_of(event)

    assert [(r.name, r.allocated, r.sent, r.accepted, r.confirmed) for r in board.lines] == [
        ("Khách mời", 2, 0, 0, 0),
        ("Chủ hộ nghèo", 3, 2, 1, 1),
        ("Nhận nhà", 1, 0, 0, 0),
        ("Bệnh hiểm nghèo", 2, 0, 0, 0),
    ]
    assert [(t.unit.code, t.allocated, t.sent, t.status_text) for t in board.units] == [
        ("A", 3, 2, "Còn thiếu 1"), ("B", 2, 0, "Chưa gửi"),
    ]  # fmt: skip
    assert (board.total.allocated, board.total.sent) == (7, 2)


def test_the_board_asks_as_much_for_many_delegates_as_for_one(
    event, share, ill, unit_officer_a, officer, client_of, django_assert_num_queries, django_assert_max_num_queries
):
    browser, page = client_of(officer), reverse("events:event_board", args=[event.pk])
    nominate(share, unit_officer_a, named("Lê Văn Một"))
    browser.get(page)
    with django_assert_max_num_queries(25) as first:
        browser.get(page)
    nominate(share, unit_officer_a, named("Lê Văn Hai"))
    nominate(ill, unit_officer_a, named("Lê Văn Ba"))

    with django_assert_num_queries(len(first.captured_queries)):
        browser.get(page)


def test_the_board_is_the_organisers(event, unit_officer_a, inspector, client_of):
    page = reverse("events:event_board", args=[event.pk])

    assert [client_of(user).get(page).status_code for user in (inspector, unit_officer_a)] == [200, 403]


def test_units_that_lack_delegates_are_reminded_once_a_day(event, share, officer, unit_officer_a, client_of):
    page = reverse("events:event_remind", args=[event.pk])
    nominate(share, unit_officer_a, named("Lê Văn Một", "Lê Văn Hai"))
    for _ in range(2):
        client_of(officer).post(page)

    assert sorted(EventNotice.objects.values_list("unit__code", "text")) == [
        (
            code,
            f"Đề nghị gửi danh sách đại biểu dự “Họp mặt”, hạn {event.nominate_by:%d/%m/%Y}: còn {left} đại biểu chưa đề cử.",
        )
        for code, left in (("A", 1), ("B", 2))
    ]
    assert "đại biểu còn phải đề cử: Họp mặt" in client_of(unit_officer_a).get("/").content.decode()


def test_reminders_go_out_by_themselves_near_the_deadline(event):
    assert remind_due() == 0
    Event.objects.update(nominate_by=today() + timedelta(days=3))

    assert [remind_due(), remind_due()] == [2, 0]


# What is handed over --------------------------------------------------------------------------------


@pytest.fixture
def house(district_a, unit_officer_a):
    from beneficiaries.models import HouseKind

    person = make_person(district_a, "Lê Văn Nhà")
    made = House.objects.create(
        unit=district_a, kind=HouseKind.objects.get(code="mai_am"), construction="new", year=today().year, person=person,
        proposed_by=unit_officer_a, cost=1, state="completed",
    )  # fmt: skip
    House.objects.filter(pk=made.pk).update(completed_on=today() - timedelta(days=3))
    return House.objects.get(pk=made.pk)


def test_a_house_is_handed_over_at_the_event_by_one_click(event, house, officer, client_of):
    from tests.deeds import bring_papers

    bring_papers(house, officer)
    gift = EventGift.objects.create(event=event, house=house, line=event.lines.get(is_overlay=True))
    client_of(officer).post(f"/events/eventgift/{gift.pk}/lam/hand_over/")

    house.refresh_from_db()
    gift.refresh_from_db()
    assert (house.state, house.handed_over_on, house.hand_over_note) == ("handed_over", today(), "Trao tại “Họp mặt”")
    assert (gift.given_on, gift.given_by) == (today(), officer)
    assert board_of(event).lines[2].attended == 1
    with pytest.raises(Refused, match="đã ghi trao"):
        gift.hand_over(officer)


def test_a_house_not_ready_is_not_handed_over_at_the_event(event, house, officer):
    House.objects.filter(pk=house.pk).update(state="decided")
    gift = EventGift.objects.create(event=event, house=House.objects.get(pk=house.pk))

    with pytest.raises(Refused, match="đang ở trạng thái"):
        gift.hand_over(officer)
    gift.refresh_from_db()
    assert gift.given_on is None


def test_a_grant_is_paid_by_whoever_pays_when_handed_over(
    event, province, district_a, unit_officer_a, leader, officer, finance
):
    grant = make_grant(make_round(province), district_a, unit_officer_a, cash=0, in_kind_value=300_000)
    gift = EventGift.objects.create(event=event, grant=grant)
    with pytest.raises(Refused, match="chưa được duyệt"):
        gift.hand_over(officer)
    grant.approve(leader, decision_number="01/QĐ")
    gift = EventGift.objects.get(pk=gift.pk)
    with pytest.raises(Refused, match="Ban Tài chính"):
        gift.hand_over(officer)

    EventGift.objects.get(pk=gift.pk).hand_over(fresh(finance))

    assert Grant.objects.get(pk=grant.pk).state == "paid"


def test_the_same_house_is_given_at_one_event_only(event, house):
    EventGift.objects.create(event=event, house=house)

    with pytest.raises(IntegrityError, match="event_gift_house_once"), transaction.atomic():
        EventGift.objects.create(event=event, house=house)


def test_what_is_handed_over_stays_within_its_event(event, house, province, officer):
    other = make_event(province, 1, code="SK2")
    line, guest = make_line(other, 0, is_overlay=True), make_line(other, 1)
    other.announce(officer)
    delegate = nominate(guest, officer, named("Trần Thị Khách"))[0]

    with pytest.raises(ValidationError) as refused:
        EventGift(event=event, house=house, line=line, delegate=delegate).full_clean()

    assert sorted(refused.value.message_dict) == ["delegate", "line"]


def test_two_delegates_of_one_unit_are_erased_one_after_the_other(share, district_a, unit_officer_a, officer):
    people = [
        make_person(district_a, f"Phan Văn {name}", birth_date=date(1970, 3, 4), national_id=an_id())
        for name in ("Một", "Hai")
    ]
    for delegate in nominate(share, unit_officer_a, [Nominee(person) for person in people]):
        delegate.accept(officer)

    for person in people:
        request = DataRequest.objects.create(
            person=person, kind=DataRequest.Kind.ERASE, received_on=today(), recorded_by=unit_officer_a
        )
        request.grant(officer)
        request.carry_out(officer)

    names = list(Delegate.objects.values_list("full_name", "birth_date", "birth_year", "known_id"))
    assert names == [("Đã ẩn danh", None, None, None)] * 2
    assert not any("phan" in key.lower() for key in Delegate.objects.values_list("twin_key", flat=True))
