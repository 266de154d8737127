"""The quota's sheet as its page posts it: the whole tree, all or nothing, and what it refuses."""

import io
import json
from datetime import date

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from events.delegates.nominating import Nominee, nominate
from events.models import Event, EventNotice, InvitedBody, QuotaLine, QuotaShare
from events.quotas.saving import save_quota
from events.quotas.sheet import Line, as_json, sheet_of
from events.quotas.sums import mismatches_of, rows_of
from events.quotas.workbook import read_quota
from tests.factories import fresh, make_event, make_line, make_unit, make_user
from tests.sheets import workbook
from welfare.jobs import queue
from welfare.models import Job
from welfare.states import Refused

REVISION = {"number": "12/TB-LĐLĐ", "on": "01/01/2026", "reason": "Thêm đại biểu huyện An"}


@pytest.fixture
def event(province, district_a, district_b):
    """Ten: two guests, eight of the districts as three heads and five members, of whom four receive a house."""
    event = make_event(province, 10)
    make_line(event, 2, name="Khách mời", order=0)
    top = make_line(event, 8, name="Đoàn viên các huyện", order=1)
    make_line(event, 3, parent=top, name="Chủ hộ", order=2, shares={district_a: 1, district_b: 2})
    make_line(event, 5, parent=top, name="Thành viên hộ", order=3, shares={district_a: 5})
    make_line(event, 4, parent=top, name="Nhận nhà", order=4, is_overlay=True)
    return event


def page_of(event):
    return reverse("events:quota_sheet", args=[event.pk])


def posted(event, change=lambda lines: None, **more):
    sheet = as_json(event)
    change(sheet["lines"])
    return json.dumps({"version": sheet["version"], "lines": sheet["lines"], **more})


def post(browser, event, body):
    answer = browser.post(page_of(event), body, content_type="application/json")
    event.refresh_from_db()
    return answer.json()


def said(event):
    """(depth, name, people, people by unit) of every line."""
    rows = sheet_of(event)
    return [(r.depth, r.name, r.count, sorted(r.cells.values())) for r in rows]


def test_lines_are_added_moved_renamed_and_removed_at_once(event, officer, client_of, district_a):
    def change(lines):
        lines[0]["name"], lines[0]["count"] = "Khách mời của tỉnh", 1
        lines.insert(1, {"id": None, "depth": 0, "name": "Báo, đài", "count": "1", "cells": {}})
        lines[3]["depth"] = 0  # the heads become a line of their own
        lines[3], lines[2] = lines[2], lines[3]
        lines[3]["count"] = 5
        del lines[5]

    answer = post(client_of(officer), event, posted(event, change))

    assert answer["message"] == "Đã lưu phân bổ."
    assert said(event) == [
        (0, "Khách mời của tỉnh", 1, []),
        (0, "Báo, đài", 1, []),
        (0, "Chủ hộ", 3, [1, 2]),
        (0, "Đoàn viên các huyện", 5, []),
        (1, "Thành viên hộ", 5, [5]),
    ]
    assert (event.quota_version, event.quota_saved_by) == (1, officer)


def test_every_mismatch_is_counted_and_saved_while_the_event_is_a_draft(event, officer, client_of):
    def change(lines):
        lines[0]["count"], lines[2]["count"] = 7, 4

    answer = post(client_of(officer), event, posted(event, change))

    assert (answer["mismatches"], event.mismatches()) == (
        3,
        [
            "Các dòng cộng lại 15 đại biểu, dự kiến 10.",
            "“Đoàn viên các huyện”: các dòng con cộng lại 9, dòng này 8.",
            "“Chủ hộ”: phân bổ cho đơn vị 3, dòng này 4.",
        ],
    )


def _cell(value):
    def change(lines):
        lines[3]["cells"] = dict.fromkeys(lines[3]["cells"], value)

    return change


def _overlay(lines):
    lines[4]["count"] = 9


def _overlay_in_unit(lines):
    lines[4]["cells"] = dict.fromkeys(lines[3]["cells"], 7)


def _nameless(lines):
    lines[0]["name"] = "  "


def _too_deep(lines):
    lines[0]["depth"] = 3


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_cell("-1"), "“-1” ở dòng “Thành viên hộ” không phải số đại biểu"),
        (_cell("1,5"), "“1,5” ở dòng “Thành viên hộ” không phải số đại biểu"),
        (_cell(2.5), "“2.5” ở dòng “Thành viên hộ” không phải số đại biểu"),
        (_cell(1.125), "“1.125” ở dòng “Thành viên hộ” không phải số đại biểu"),
        (_cell("999999"), "“999999” ở dòng “Thành viên hộ” không phải số đại biểu"),
        (_overlay, "“Nhận nhà” là phần trong đó nên không quá 8 của “Đoàn viên các huyện”."),
        (_overlay_in_unit, "“Nhận nhà” ghi 7 cho một đơn vị chỉ có 6 ở “Đoàn viên các huyện”."),
        (_nameless, "Có dòng chưa ghi tên thành phần"),
        (_too_deep, "“Khách mời” thụt vào quá một bậc"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_changes(change, sentence, event, officer, client_of):
    before = said(event)

    answer = post(client_of(officer), event, posted(event, change))

    assert sentence in answer["error"]
    assert (said(event), event.quota_version) == (before, 0)


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{}", '{"lines": 1, "version": 0}', '{"lines": [{}], "version": 0}', '{"lines": [], "version": 1e999}',
    ],
)  # fmt: skip
def test_an_unreadable_sheet_is_refused(body, event, officer, client_of):
    assert "không đọc được" in post(client_of(officer), event, body)["error"]


def test_a_sheet_opened_before_another_was_saved_is_refused(event, officer, other_officer, client_of):
    old = posted(event)
    post(client_of(other_officer), event, posted(event, _cell(4)))

    answer = post(client_of(officer), event, old)

    assert answer["error"].startswith(f"{other_officer} vừa lưu phân bổ này.")
    assert sorted(QuotaShare.objects.filter(line__name="Thành viên hộ").values_list("count", flat=True)) == [4]


def test_a_unit_of_elsewhere_gets_no_share(event, officer, client_of):
    stranger = make_unit("XA", "LĐLĐ tỉnh khác", kind="province")

    def change(lines):
        lines[0]["cells"] = {str(stranger.pk): 2}

    assert "các đơn vị cấp dưới" in post(client_of(officer), event, posted(event, change))["error"]


def test_only_the_organiser_opens_the_sheet(event, officer, unit_officer_a, leader, client_of):
    event.announce(officer)

    statuses = [client_of(user).get(page_of(event)).status_code for user in (officer, leader, unit_officer_a)]

    assert statuses == [200, 403, 403]


def test_the_sheet_asks_as_much_for_many_lines_as_for_one(
    event, officer, client_of, district_a, django_assert_num_queries, django_assert_max_num_queries
):
    browser = client_of(officer)
    browser.get(page_of(event))
    with django_assert_max_num_queries(20) as first:
        browser.get(page_of(event))
    for _ in range(3):
        make_line(event, 1, shares={district_a: 1})

    with django_assert_num_queries(len(first.captured_queries)):
        browser.get(page_of(event))


# A change once the event is announced ---------------------------------------------------------------


def _swap(lines):
    """One member of district A becomes a head of household."""
    lines[2]["count"], lines[3]["count"] = 4, 4
    one = next(unit for unit, number in lines[2]["cells"].items() if number == 1)
    lines[2]["cells"][one], lines[3]["cells"][one] = 2, 4


def test_an_announced_quota_changes_by_a_paper_and_the_units_are_told(
    event, officer, client_of, unit_officer_a, unit_officer_b, django_capture_on_commit_callbacks
):
    unit_officer_a.email = "an@example.vn"
    unit_officer_a.save()
    event.announce(officer)
    without = post(client_of(officer), event, posted(event, _swap))
    done = post(client_of(officer), event, posted(event, _swap, revision=REVISION))

    assert "Số văn bản điều chỉnh" in without["error"]
    assert done["message"] == "Đã lưu phân bổ và báo các đơn vị có thay đổi."
    notice = EventNotice.objects.get()
    assert (notice.unit, notice.text) == (
        unit_officer_a.unit,
        "Điều chỉnh số 12/TB-LĐLĐ ngày 01/01/2026 (Thêm đại biểu huyện An). Chủ hộ: 1 → 2; Thành viên hộ: 5 → 4.",
    )
    queue.run(Job.objects.get(kind="mail_event_notice").pk)
    assert [(m.to, "Chủ hộ: 1 → 2" in m.body) for m in mail.outbox] == [(["an@example.vn"], True)]
    start = client_of(unit_officer_a).get("/").content.decode()
    assert "thông báo về sự kiện chưa xem" in start
    client_of(unit_officer_a).post(reverse("events:notice_see", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.seen_by == unit_officer_a


def test_an_announced_quota_must_reconcile(event, officer, client_of):
    event.announce(officer)
    before = said(event)

    answer = post(client_of(officer), event, posted(event, _cell(4), revision=REVISION))

    assert "phân bổ phải khớp; chưa lưu thay đổi nào" in answer["error"]
    assert said(event) == before


def test_a_revision_may_change_the_whole(event, officer, client_of):
    event.announce(officer)

    def change(lines):
        lines[0]["count"] = 5

    without = post(client_of(officer), event, posted(event, change, revision=REVISION))
    done = post(client_of(officer), event, posted(event, change, revision={**REVISION, "expected": "13"}))

    assert "Các dòng cộng lại 13 đại biểu, dự kiến 10." in without["error"]
    assert (done["expected"], event.expected, event.mismatches()) == (13, 13, [])


def test_a_share_never_goes_below_the_delegates_accepted(event, officer, other_officer, unit_officer_a, client_of):
    event.announce(officer)
    share = QuotaShare.objects.get(line__name="Thành viên hộ")
    for name in ("Nguyễn Văn Một", "Nguyễn Văn Hai", "Nguyễn Văn Ba", "Nguyễn Văn Bốn", "Nguyễn Văn Năm"):
        nominate(share, unit_officer_a, [Nominee(None, name)])[0].accept(other_officer)

    answer = post(client_of(officer), event, posted(event, _swap, revision=REVISION))

    assert answer["error"] == (
        "LĐLĐ huyện An đã có 5 đại biểu “Thành viên hộ” được nhận nên không giảm xuống 4 được; chưa lưu thay đổi nào."
    )
    share.refresh_from_db()
    assert (share.count, EventNotice.objects.count()) == (5, 0)


def test_a_line_with_delegates_is_not_removed(event, officer, unit_officer_a, client_of):
    event.announce(officer)
    nominate(QuotaShare.objects.get(line__name="Thành viên hộ"), unit_officer_a, [Nominee(None, "Nguyễn Văn Một")])

    def change(lines):
        lines[2]["count"], del_count = 8, lines[3]["count"]
        one, other = sorted(lines[2]["cells"], key=lambda unit: lines[2]["cells"][unit])
        lines[2]["cells"] = {one: 1 + del_count, other: 2}
        del lines[3]

    answer = post(client_of(officer), event, posted(event, change, revision=REVISION))

    assert "“Thành viên hộ” đã có đại biểu nên không xóa được" in answer["error"]
    assert QuotaLine.objects.filter(name="Thành viên hộ").exists()


def _fewer(lines):
    lines[0]["count"], lines[1]["count"], lines[2]["count"] = 1, 9, 4
    lines[2]["cells"] = dict.fromkeys(lines[2]["cells"], 2)


def _own_as_overlay(lines):
    _fewer(lines)
    lines[0]["count"], lines[0]["overlay"], lines[1]["count"], lines[3]["count"] = 0, True, 10, 6
    lines[3]["cells"] = dict.fromkeys(lines[3]["cells"], 6)


def _own_with_lines_under_it(lines):
    lines.insert(1, {"id": None, "depth": 1, "name": "Báo, đài", "count": 2, "cells": {}})


def _own_given_to_a_unit(lines):
    lines[0]["cells"] = dict.fromkeys(lines[3]["cells"], 2)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_fewer, "đã có 2 đại biểu do đơn vị tổ chức ghi tên, bảng chỉ còn chừa 1 chỗ"),
        (_own_as_overlay, "đã có đại biểu nên không chuyển thành phần trong đó được"),
        (_own_with_lines_under_it, "đã có 2 đại biểu do đơn vị tổ chức ghi tên, bảng chỉ còn chừa 0 chỗ"),
        (_own_given_to_a_unit, "đã có 2 đại biểu do đơn vị tổ chức ghi tên, bảng chỉ còn chừa 0 chỗ"),
    ],
)
def test_the_delegates_the_organiser_named_keep_their_places(change, sentence, event, officer, client_of):
    event.announce(officer)
    nominate(event.lines.get(name="Khách mời"), officer, [Nominee(None, "Lê Văn Một"), Nominee(None, "Lê Văn Hai")])
    before = said(event)

    answer = post(client_of(officer), event, posted(event, change, revision=REVISION))

    assert (f"“Khách mời” {sentence}" in answer["error"], said(event)) == (True, before)


def test_an_announcement_with_delegates_is_not_taken_back(event, officer, unit_officer_a):
    event.announce(officer)
    nominate(QuotaShare.objects.get(line__name="Thành viên hộ"), unit_officer_a, [Nominee(None, "Nguyễn Văn Một")])

    with pytest.raises(Refused, match="đã đề cử đại biểu nên không thu hồi"):
        event.reopen(officer)


# Organisations, the workbook ------------------------------------------------------------------------


def test_invited_organisations_count_into_their_line(event):
    line = QuotaLine.objects.get(name="Khách mời")
    InvitedBody.objects.create(event=event, line=line, name="Ngân hàng", count=3)

    assert event.mismatches() == ["“Khách mời”: phân bổ cho đơn vị và tổ chức được mời 3, dòng này 2."]


def _write_bodies(browser, event, rows) -> str:
    """The event's page with these organisations, as its answer's text."""
    page = f"/events/event/{event.pk}/change/"
    form = {"code": "SK", "name": "Họp mặt", "expected": 10}
    for part in browser.get(page).context["inline_admin_formsets"]:
        form |= {f"{part.formset.prefix}-TOTAL_FORMS": 0, f"{part.formset.prefix}-INITIAL_FORMS": 0}
    form |= {"bodies-TOTAL_FORMS": len(rows), "bodies-INITIAL_FORMS": sum("id" in row for row in rows)}
    for number, row in enumerate(rows):
        form |= {f"bodies-{number}-{name}": value for name, value in row.items()}
    return browser.post(page, form).content.decode()


def test_organisations_take_no_more_than_their_line_has(event, officer, client_of):
    line = QuotaLine.objects.get(name="Khách mời")
    two = [{"line": line.pk, "name": f"Cơ quan {count}", "count": count} for count in (1, 2)]

    refused = _write_bodies(client_of(officer), event, two)
    _write_bodies(client_of(officer), event, [{**row, "count": 1} for row in two])

    assert "“Khách mời” còn 2 người cho tổ chức được mời, đang ghi 3." in refused
    assert list(event.bodies.values_list("count", flat=True)) == [1, 1]


def test_organisations_take_no_place_of_a_delegate_the_organiser_named(event, officer, client_of):
    line = QuotaLine.objects.get(name="Khách mời")
    event.announce(officer)
    nominate(line, officer, [Nominee(None, "Lê Văn Một")])

    refused = _write_bodies(client_of(officer), event, [{"line": line.pk, "name": "Ngân hàng", "count": 2}])

    assert "“Khách mời” còn 1 người cho tổ chức được mời, đang ghi 2." in refused
    assert not event.bodies.exists()


def test_an_organisation_with_delegates_keeps_its_line_and_their_number(event, officer, client_of):
    line = QuotaLine.objects.get(name="Khách mời")
    body = InvitedBody.objects.create(event=event, line=line, name="Ngân hàng", count=2)
    event.announce(officer)
    nominate(body, officer, [Nominee(None, "Lê Văn Một"), Nominee(None, "Lê Văn Hai")])
    nominate(body, officer, [Nominee(None, "Lê Văn Ba")], over_quota_reason="Đoàn đi cùng")
    kept = {"id": body.pk, "line": line.pk, "name": "Ngân hàng", "count": 2}

    moved = _write_bodies(client_of(officer), event, [{**kept, "line": QuotaLine.objects.get(name="Chủ hộ").pk}])
    fewer = _write_bodies(client_of(officer), event, [{**kept, "count": 1}])
    _write_bodies(client_of(officer), event, [{**kept, "name": "Ngân hàng tỉnh"}])

    assert "Ngân hàng đã có đại biểu được ghi tên nên không chuyển sang thành phần khác." in moved
    assert "Ngân hàng đã có 2 đại biểu được ghi tên nên không giảm xuống dưới số đó." in fewer
    body.refresh_from_db()
    assert (body.name, body.line, body.count) == ("Ngân hàng tỉnh", line, 2)


def test_an_announced_quota_still_reconciles_whatever_organisations_are_written(event, officer, client_of):
    heads, top = QuotaLine.objects.get(name="Chủ hộ"), QuotaLine.objects.get(name="Đoàn viên các huyện")
    QuotaShare.objects.filter(line=heads, count=2).update(count=1)
    body = InvitedBody.objects.create(event=event, line=heads, name="Ngân hàng", count=1)
    event.announce(officer)
    kept = {"id": body.pk, "line": heads.pk, "name": "Ngân hàng", "count": 1}

    on_a_parent = _write_bodies(client_of(officer), event, [kept, {"line": top.pk, "name": "Báo", "count": 1}])
    taken_away = _write_bodies(client_of(officer), event, [{**kept, "DELETE": "on"}])

    assert "“Đoàn viên các huyện” có dòng con" in on_a_parent
    assert "phân bổ cho đơn vị 2, dòng này 3. Sự kiện đã thông báo nên phân bổ phải khớp." in taken_away
    assert (event.mismatches(), list(event.bodies.all())) == ([], [body])


def test_the_workbook_comes_back_as_it_went(event, officer, client_of):
    before = as_json(event)["lines"]
    file = client_of(officer).get(reverse("events:quota_download", args=[event.pk])).content

    answer = client_of(officer).post(reverse("events:quota_read", args=[event.pk]), {"file": _named(file)}).json()

    assert [{**line, "guests": 0} for line in answer["lines"]] == json.loads(json.dumps(before))
    assert answer["told"] == "Đã đọc 5 dòng từ tệp, chưa lưu."


def _named(content, name="phan-bo.xlsx"):
    file = io.BytesIO(content)
    file.name = name
    return file


def test_a_sheet_of_their_own_is_read_by_its_numbering(event, district_a, district_b):
    rows = [
        ["PHÂN BỔ ĐẠI BIỂU"],
        ["STT", "Thành phần", "Tổng cộng", "Huyện An", "huyen binh", "Ghi chú"],
        [1, "Khách mời", 2, None, None, "4 tổ chức"],
        [2, "Đoàn viên các huyện", 8],
        ["-", "Chủ hộ", 3, 1, 2],
        ["2.2", "Người đi cùng", 5, 5, None],
        ["", "Trong đó: nhận nhà", 4],
    ]

    answer = read_quota(workbook(rows), "x.xlsx", event)

    assert [
        (ln["depth"], ln["name"], ln["count"], list(ln["cells"].values()), ln["overlay"]) for ln in answer["lines"]
    ] == [
        (0, "Khách mời", 2, [], False),
        (0, "Đoàn viên các huyện", 8, [], False),
        (1, "Chủ hộ", 3, [1, 2], False),
        (1, "Người đi cùng", 5, [5], False),
        (2, "nhận nhà", 4, [], True),
    ]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["Không", "có", "gì"]], "Không thấy dòng tiêu đề"),
        ([["TT", "Thành phần", "Số đại biểu", "Huyện Lạ"], [1, "Khách", 2]], "Cột “Huyện Lạ” không phải tên đơn vị"),
        ([["TT", "Thành phần", "Số đại biểu"], [1, "Khách", -2]], "“-2” ở dòng “Khách” không phải số đại biểu"),
        ([["TT", "Thành phần", "Số đại biểu"], [1, "Khách", 2.5]], "“2.5” ở dòng “Khách” không phải số đại biểu"),
        ([["TT", "Thành phần", "Số đại biểu"], [1, "Khách", 12.125]], "“12.125” ở dòng “Khách” không phải số đại biểu"),
        (
            [["TT", "Thành phần", "Số đại biểu", "Huyện An", "huyen an"], [1, "Khách", 3, 1, 2]],
            "“huyen an” lặp lại một đơn vị",
        ),
        ([["TT", "Thành phần", "Số đại biểu"]], "từ 1 đến 500 dòng"),
    ],
)
def test_a_wrong_workbook_is_refused_in_one_sentence(rows, sentence, event, officer, client_of):
    address = reverse("events:quota_read", args=[event.pk])

    answer = client_of(officer).post(address, {"file": _named(workbook(rows).getvalue())}).json()

    assert sentence in answer["error"]


def test_a_hostile_file_is_refused(event, officer, client_of):
    address = reverse("events:quota_read", args=[event.pk])

    answer = client_of(officer).post(address, {"file": _named(b"PK\x03\x04 khong phai bang tinh")}).json()

    assert answer["error"].startswith("Tệp bị hỏng")


def test_a_name_that_looks_like_a_formula_stays_text(event, officer, client_of):
    QuotaLine.objects.filter(name="Khách mời").update(name='=HYPERLINK("x")')
    file = client_of(officer).get(reverse("events:quota_download", args=[event.pk])).content

    import openpyxl

    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(file)).active for cell in row if cell.value is not None]
    assert [cell.data_type for cell in cells if str(cell.value).startswith("=")] == ["s"]


# Whatever is done to it -----------------------------------------------------------------------------

numbers = st.integers(0, 5)
edits = st.lists(
    st.one_of(
        st.tuples(st.just("count"), numbers, numbers),
        st.tuples(st.just("cell"), numbers, numbers, st.integers(0, 1)),
        st.tuples(st.just("add"), numbers, st.integers(0, 2)),
        st.tuples(st.just("remove"), numbers),
        st.tuples(st.just("overlay"), numbers),
        st.tuples(st.just("depth"), numbers, st.integers(0, 2)),
        st.tuples(st.just("settle"),),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@pytest.fixture(scope="module")
def organiser(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        root = make_unit("SK", "Đơn vị tổ chức", kind="province")
        units = [make_unit(f"SK{n}", f"Huyện {n}", parent=root) for n in range(2)]
        user = make_user("tochuc", "province_officer", root)
        yield root, units, user
        user.appointments.all().delete()
        user.delete()
        for unit in units:
            unit.delete()
        root.refresh_from_db()
        root.delete()


def _edit(lines, edit, units):
    what, *rest = edit
    at = rest[0] % len(lines) if rest and lines else 0
    if what == "add":
        lines.insert(at + 1, Line(None, rest[1], "Dòng", 0))
    elif not lines:
        return
    elif what == "count":
        lines[at].count = rest[1]
    elif what == "cell":
        cells = {**lines[at].cells, units[rest[2]].pk: rest[1]}
        lines[at].cells = {unit: number for unit, number in cells.items() if number}  # as a sheet is read
    elif what == "remove":
        del lines[at]
    elif what == "overlay":
        lines[at].is_overlay = not lines[at].is_overlay
    elif what == "depth":
        lines[at].depth = rest[1]
    else:
        for line in reversed(lines):
            line.count = sum(line.cells.values()) or line.count


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(steps=st.lists(edits, min_size=1, max_size=3))
def test_whatever_is_edited_the_sheet_says_what_is_stored(organiser, steps):
    root, units, user = organiser
    with transaction.atomic():
        event = make_event(root, 6)
        for batch in steps:
            lines = sheet_of(event)
            for edit in batch:
                _edit(lines, edit, units)
            _try_to_save(event, user, lines)
        transaction.set_rollback(True)


def _try_to_save(event, user, lines):
    from events.quotas.sheet import check_shape

    before = sheet_of(event)
    try:
        check_shape(lines)
        found = save_quota(event, fresh(user), lines, version=event.quota_version)
    except Refused:
        assert sheet_of(event) == before
        return
    stored = sheet_of(event)
    assert [(x.depth, x.name, x.count, {k: v for k, v in x.cells.items() if v}) for x in lines] == [
        (x.depth, x.name, x.count, x.cells) for x in stored
    ]
    assert (
        sum(map(len, found.values())) == len(event.mismatches()) == len(mismatches_of(rows_of(event), event.expected))
    )
    if not found:
        event.announce(fresh(user))
        top = event.lines.filter(parent=None, is_overlay=False).values_list("count", flat=True)
        assert sum(top) == event.expected
        Event.objects.filter(pk=event.pk).update(state=Event.State.DRAFT)
        event.refresh_from_db()


def test_a_revision_of_the_future_is_refused(event, officer, client_of):
    event.announce(officer)
    revision = {**REVISION, "on": f"01/01/{date.today().year + 1}"}  # noqa: DTZ011

    assert "Ngày chưa tới" in post(client_of(officer), event, posted(event, _swap, revision=revision))["error"]
