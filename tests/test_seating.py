"""Halls drawn on a grid, delegates put on their seats by the programme and by hand, and the seating on paper."""

import io
import json
from itertools import groupby

import pdfplumber
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from events.delegates.nominating import Nominee, nominate, substitute
from events.models import Delegate, Event, Hall, QuotaShare, Seat
from events.seating.arranging import Guest, NoRoom, arrange
from events.seating.drawing import copy_hall, save_drawing
from events.seating.grid import FLOOR, SEAT, STAGE, blank_hall, is_seat, need_drawing, row_names, spots_of
from events.seating.places import fix, move, seat_everybody, seat_label, seat_labels, take_away
from events.seating.printing import seating_document
from tests.factories import make_event, make_line
from welfare.documents.rendering import render_pdf
from welfare.documents.tables import render_xlsx
from welfare.states import Refused
from welfare.units.models import today

ROWS = [".====.", "......", "AA.oo.", "oo.oo.", "oo.oo."]


# The drawing, as a function --------------------------------------------------------------------------


def test_seats_are_named_from_the_stage_and_rows_without_seats_have_no_name():
    assert row_names(ROWS) == {2: "A", 3: "B", 4: "C"}
    assert [spot.label for spot in spots_of(ROWS)] == [
        "A1", "A2", "A3", "A4", "B4", "B3", "B2", "B1", "C1", "C2", "C3", "C4",
    ]  # fmt: skip
    assert [spot.label for spot in spots_of(ROWS[::-1])][:4] == ["A1", "A2", "A3", "A4"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "không đọc được"),
        (["oo", "o"], "không đọc được"),
        (["ox"], "không đọc được"),
        (["..", "=="], "chưa có ghế nào"),
        (["o" * 61], "lớn nhất 60 hàng, 60 cột"),
    ],
)
def test_a_drawing_that_is_no_hall_is_refused(rows, sentence):
    with pytest.raises(Refused, match=sentence):
        need_drawing(rows)


@given(st.integers(0, 3000))
@settings(max_examples=40, deadline=None)
def test_the_first_hall_has_room_for_those_expected(seats):
    rows = need_drawing(blank_hall(seats))
    assert sum(map(is_seat, "".join(rows))) >= seats


# Who sits where, as a function ----------------------------------------------------------------------

drawings = st.integers(2, 7).flatmap(
    lambda width: st.lists(
        st.text(FLOOR + STAGE + SEAT * 3 + "AB", min_size=width, max_size=width), min_size=2, max_size=6
    )
)
guests = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 3), st.booleans()).map(lambda t: Guest(0, t[0], t[0], (t[1],), t[2])),
    max_size=14,
)


@given(drawings, guests, st.sets(st.integers(1, 4)), st.sets(st.integers(1, 4)), st.data())
@settings(max_examples=150, deadline=None)
def test_everybody_has_one_seat_of_their_own_or_nobody_is_seated(rows, people, for_a, for_b, data):
    spots = spots_of(rows)
    people = [Guest(n, g.line, g.line_order, g.sender, g.leads) for n, g in enumerate(people)]
    reserved = {letter: frozenset(lines) for letter, lines in (("A", for_a), ("B", for_b)) if lines}
    number = data.draw(st.integers(0, min(2, len(people), len(spots))))
    kept = {guest.id: spot.place for guest, spot in zip(people[:number], spots[::-1], strict=False)}
    try:
        placed = arrange(spots, people, reserved, kept)
    except NoRoom:
        placed = None
    free = [s for s in spots if s.place not in kept.values() and not reserved.get(s.block)]
    if placed is None:
        assert len(free) < len(people) - number
        return
    blocks = {spot.place: spot.block for spot in spots}
    path = {spot.place: n for n, spot in enumerate(spots)}
    assert set(placed) == {guest.id for guest in people}
    assert len(set(placed.values())) == len(people)
    assert set(placed.values()) <= set(blocks)
    assert kept.items() <= placed.items()
    seated = [g for g in people if g.id not in kept]
    assert all(g.line in reserved.get(blocks[placed[g.id]], {g.line}) for g in seated)
    pools: dict = {}
    for guest in sorted(seated, key=lambda g: path[placed[g.id]]):
        block = blocks[placed[guest.id]]
        pools.setdefault(block if block in reserved else "", []).append(guest)
    for pool in pools.values():
        assert [g.leads for g in pool] == sorted((g.leads for g in pool), reverse=True)
        senders = [sender for sender, _ in groupby(g.sender for g in pool if not g.leads)]
        assert len(senders) == len(set(senders))  # each unit in one run of seats
    assert arrange(spots, people[::-1], reserved, kept) == placed


# In the database ------------------------------------------------------------------------------------


@pytest.fixture
def event(province, district_a, district_b, officer, other_officer, unit_officer_a, unit_officer_b):
    """Two guests of the province, three members of each district; all accepted."""
    event = make_event(province, 8, on=today())
    guests = make_line(event, 2, name="Lãnh đạo, khách mời", order=0)
    make_line(event, 6, name="Đoàn viên", order=1, shares={district_b: 3, district_a: 3})
    event.announce(officer)
    nominate(guests, officer, [Nominee(None, "Lê Văn Khách"), Nominee(None, "Võ Thị Mời")])
    for unit, by, names in ((district_a, unit_officer_a, "An Bảo Chi"), (district_b, unit_officer_b, "Dung Én Gấm")):
        share = QuotaShare.objects.get(line__event=event, unit=unit)
        nominate(share, by, [Nominee(None, f"Trần Thị {name}") for name in names.split()])
    for delegate in Delegate.objects.filter(event=event, state="nominated"):
        delegate.accept(other_officer)
    return event


def draw(event, by, rows=None, blocks=None, leading=(), version=0):
    return save_drawing(
        event, by, version=version, rows=rows or ROWS, blocks=blocks or [block(event)], leading=list(leading)
    )


def block(event, letter="A", *lines):
    chosen = event.lines.filter(name__in=lines or ["Lãnh đạo, khách mời"])
    return {"letter": letter, "name": "Lãnh đạo", "lines": [line.pk for line in chosen]}


def seats(event):
    names = dict(event.delegates.values_list("pk", "full_name"))
    return {names[pk].split()[-1]: label for pk, label in seat_labels(event.pk).items()}


def delegate(event, name):
    return event.delegates.get(full_name__endswith=name)


def test_leaders_sit_in_their_block_and_units_together(event, officer):
    assert draw(event, officer) == "Đã lưu sơ đồ 12 ghế."

    done = seat_everybody(event, officer, anew=True)

    assert (done.seated, done.kept) == (8, 0)
    assert seats(event) == {
        "Khách": "A1", "Mời": "A2", "An": "A3", "Bảo": "A4", "Chi": "B4", "Dung": "B3", "Én": "B2", "Gấm": "B1",
    }  # fmt: skip
    assert seat_label(delegate(event, "Khách")) == "A1"


def test_a_hall_smaller_than_the_event_is_refused_and_nothing_changes(event, officer):
    draw(event, officer)
    seat_everybody(event, officer, anew=True)
    before = seats(event)

    with pytest.raises(Refused, match="có 7 ghế, ít hơn 8 đại biểu đã nhận; hãy thêm ghế. Chưa lưu gì"):
        draw(event, officer, rows=["oooAAoo"], version=1)
    Event.objects.filter(pk=event.pk).update(expected=13)
    with pytest.raises(Refused, match="có 12 ghế, ít hơn 13 đại biểu dự kiến"):
        draw(Event.objects.get(pk=event.pk), officer, version=1)
    Event.objects.filter(pk=event.pk).update(expected=8)
    assert (Hall.objects.get().rows, Hall.objects.get().version, seats(event)) == (ROWS, 1, before)

    draw(event, officer, rows=["AAAAAo", "oooo.."], version=1)
    with pytest.raises(
        Refused,
        match="có 10 ghế cho 8 đại biểu đã nhận; còn 1 người không có ghế, nên chưa xếp ai. Ghế còn trống nằm ở khối",
    ):
        seat_everybody(event, officer, anew=True)


def test_whoever_was_put_by_hand_stays_when_all_are_seated_anew(event, officer):
    draw(event, officer)
    seat_everybody(event, officer, anew=True)

    assert move(delegate(event, "An"), officer, (4, 4)) == "Trần Thị An ngồi ghế C4."
    told = move(delegate(event, "Gấm"), officer, (3, 4))
    assert told == "Trần Thị Gấm ngồi ghế B4, đổi chỗ với Trần Thị Chi."
    assert (seats(event)["Gấm"], seats(event)["Chi"]) == ("B4", "B1")
    fix(delegate(event, "Chi"), officer, fixed=False)
    seat_everybody(event, officer, anew=True)

    assert {name: label for name, label in seats(event).items() if name in ("An", "Gấm", "Bảo", "Chi")} == {
        "An": "C4", "Gấm": "B4", "Bảo": "A3", "Chi": "A4",
    }  # fmt: skip


def test_a_late_comer_takes_a_free_seat_and_nobody_else_moves(event, officer, unit_officer_a):
    draw(event, officer)
    seat_everybody(event, officer, anew=True)
    delegate(event, "Bảo").decline(unit_officer_a, reason="Ốm")
    take_away(delegate(event, "Dung"), officer)
    before = seats(event)

    done = seat_everybody(event, officer, anew=False)

    assert (done.seated, done.kept) == (1, 6)
    assert seats(event) == {**before, "Dung": "A4"}


def test_the_seat_waits_for_whoever_comes_instead(event, officer, unit_officer_a):
    draw(event, officer)
    seat_everybody(event, officer, anew=True)
    place = seats(event)["An"]

    instead = substitute(delegate(event, "An"), unit_officer_a, Nominee(None, "Lê Văn Thay"), reason="Trùng ca")

    assert not {"An", "Thay"} & set(seats(event))
    instead.accept(officer)
    assert seats(event)["Thay"] == place


def test_a_move_to_no_seat_or_of_somebody_not_accepted_is_refused(event, officer, unit_officer_a):
    draw(event, officer)
    with pytest.raises(Refused, match="không phải là ghế"):
        move(delegate(event, "An"), officer, (0, 2))
    gone = delegate(event, "Bảo")
    gone.decline(unit_officer_a, reason="Ốm")
    with pytest.raises(Refused, match="đang “Không dự được” nên chưa xếp chỗ được"):
        move(gone, officer, (2, 0))
    with pytest.raises(Refused, match="không có quyền"):
        move(delegate(event, "An"), unit_officer_a, (2, 0))
    assert Seat.objects.count() == 0


def test_no_seat_is_taken_twice(event, officer):
    draw(event, officer)
    hall = Hall.objects.get()
    Seat.objects.create(hall=hall, delegate=delegate(event, "An"), row=2, column=0)

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(hall=hall, delegate=delegate(event, "Dung"), row=2, column=0)


def test_a_drawing_made_from_an_older_page_is_refused(event, officer):
    draw(event, officer)
    with pytest.raises(Refused, match="Người khác vừa lưu sơ đồ này"):
        draw(event, officer, version=0)


def test_seats_that_are_drawn_away_are_told(event, officer):
    draw(event, officer)
    seat_everybody(event, officer, anew=True)

    told = draw(event, officer, rows=[*ROWS[:3], "ooooo.", "ooo.o."], version=1)

    assert told == "Đã lưu sơ đồ 13 ghế."
    told = draw(event, officer, rows=[*ROWS[:3], "......", "oooooo"], version=2)
    assert told == "Đã lưu sơ đồ 10 ghế. 4 đại biểu mất chỗ vì ghế đã bỏ; hãy xếp lại."


def test_a_block_must_have_a_name_and_seats(event, officer):
    with pytest.raises(Refused, match="Khối A chưa có tên"):
        draw(event, officer, blocks=[{**block(event), "name": ""}])
    with pytest.raises(Refused, match="Khối B dành cho thành phần đã chọn nhưng chưa có ghế nào"):
        draw(event, officer, blocks=[block(event), block(event, "B")])
    assert not Hall.objects.exists()


def test_a_hall_is_copied_with_blocks_found_by_the_names_of_their_lines(event, officer, province):
    draw(event, officer, leading=[event.lines.get(name="Đoàn viên").pk])
    other = make_event(province, 4, code="KHAC", name="Hội nghị khác")
    same = make_line(other, 4, name="Lãnh đạo,  khách mời")

    assert copy_hall(event, other, officer) == "Đã lưu sơ đồ 12 ghế."

    assert other.hall.rows == ROWS
    assert [list(block.lines.all()) for block in other.hall.blocks.all()] == [[same]]
    assert list(other.hall.leading.all()) == [same]  # "Đoàn viên" is not there; guessed by the name
    third = make_event(province, 4, code="BA")
    make_line(third, 4, name="Công nhân")
    assert "Khối A chưa có thành phần tương ứng ở đây" in copy_hall(event, third, officer)


def test_nothing_is_moved_once_the_event_was_held(event, officer):
    draw(event, officer)
    Event.objects.update(state="held")
    with pytest.raises(Refused, match="đã tổ chức nên không sửa chỗ ngồi nữa"):
        seat_everybody(Event.objects.get(pk=event.pk), officer, anew=True)


# Pages and paper ------------------------------------------------------------------------------------


def test_the_pages_draw_seat_and_move(event, officer, client_of):
    client = client_of(officer)
    assert "chưa có sơ đồ hội trường" in client.get(reverse("events:seating", args=[event.pk])).content.decode()
    address = reverse("events:hall_draw", args=[event.pk])
    assert client.get(address).context["hall"]["leading"] == [event.lines.get(name="Lãnh đạo, khách mời").pk]
    assert not Hall.objects.exists()
    posted = {"version": 0, "rows": ROWS, "blocks": [block(event)], "leading": []}
    for wrong in ("x", json.dumps({**posted, "rows": 3}), json.dumps({**posted, "leading": [None]})):
        assert "không đọc được" in client.post(address, wrong, content_type="application/json").json()["error"]
    saved = client.post(address, json.dumps(posted), content_type="application/json").json()
    assert saved == {"message": "Đã lưu sơ đồ 12 ghế.", "version": 1}
    assert client.post(reverse("events:seating_arrange", args=[event.pk]), {"cach": "moi"}).status_code == 302

    one = delegate(event, "An")
    moved = client.post(
        reverse("events:seat_move", args=[event.pk]), {"dai-bieu": one.pk, "hang": "4", "cot": "4"}
    ).json()

    assert moved["message"] == "Trần Thị An ngồi ghế C4."
    assert [p["fixed"] for p in moved["people"] if p["id"] == one.pk] == [True]


def test_those_who_only_see_the_seating_change_nothing(event, officer, inspector, unit_officer_a, client_of):
    draw(event, officer)
    statuses = {
        name: [
            client_of(user).get(reverse(f"events:{name}", args=[event.pk])).status_code
            for user in (inspector, unit_officer_a)
        ]
        for name in ("seating", "hall_draw")
    }
    assert statuses == {"seating": [200, 403], "hall_draw": [403, 403]}


def test_the_seating_is_printed_as_a_picture_with_names_and_as_a_table(event, officer):
    draw(event, officer)
    seat_everybody(event, officer, anew=True)

    document = seating_document(officer, event.hall.pk, giay="A4")

    svg = str(document.blocks[0].svg)
    assert all(text in svg for text in ("SÂN KHẤU", "Lê Văn Khách", ">A1<", "A – Lãnh đạo"))
    assert [row[:2] for row in document.tables[0].rows][:3] == [
        ["A1", "Lê Văn Khách"], ["A2", "Võ Thị Mời"], ["A3", "Trần Thị An"],
    ]  # fmt: skip
    assert render_pdf(document).startswith(b"%PDF")
    assert render_xlsx(document).startswith(b"PK")


def test_on_a4_the_head_and_the_first_part_of_a_large_hall_share_a_page(event, officer):
    save_drawing(event, officer, version=0, rows=blank_hall(280), blocks=[], leading=[])
    seat_everybody(event, officer, anew=True)

    with pdfplumber.open(io.BytesIO(render_pdf(seating_document(officer, event.hall.pk, giay="A4")))) as pdf:
        first = pdf.pages[0].extract_text()

    assert ("SƠ ĐỒ CHỖ NGỒI" in first, "SÂN KHẤU" in first) == (True, True)


@pytest.mark.parametrize("body", ["", "[]", "[" * 100_000], ids=range(3))
def test_an_unreadable_drawing_is_refused(body, event, officer, client_of):
    page = reverse("events:hall_draw", args=[event.pk])
    answer = client_of(officer).post(page, body, content_type="application/json").json()
    assert "không đọc được" in answer["error"]


def test_a_blocks_name_holds_no_half_a_sign(event, officer, client_of):
    body = {"version": 0, "rows": ROWS, "blocks": [{**block(event), "name": "Lãnh\ud800 đạo"}], "leading": []}
    page = reverse("events:hall_draw", args=[event.pk])
    client_of(officer).post(page, json.dumps(body), content_type="application/json")
    assert Hall.objects.get().blocks.get().name == "Lãnh đạo"
