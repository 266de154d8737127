import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from events.models import Event, QuotaShare
from events.quotas.table import quota_table
from tests.factories import make_event, make_line
from welfare.states import Refused
from welfare.units.models import today


@pytest.fixture
def event(province, district_a, district_b):
    """Ten delegates: two guests, eight of the districts as three heads of households and five members; one overlay."""
    event = make_event(province, 10)
    make_line(event, 2, name="Khách mời")
    top = make_line(event, 8, name="Đoàn viên các huyện")
    make_line(event, 3, parent=top, name="Chủ hộ", shares={district_a: 1, district_b: 2})
    make_line(event, 5, parent=top, name="Thành viên hộ", shares={district_a: 5})
    make_line(event, 4, parent=top, name="Nhận nhà", is_overlay=True)
    return event


def test_the_demonstrations_quota_reconciles_to_280(demo_province):
    event = Event.objects.get(expected=280)

    assert event.mismatches() == []
    top = event.lines.filter(parent=None, is_overlay=False).values_list("count", flat=True)
    assert sorted(top) == [2, 4, 4, 5, 7, 8, 11, 13, 15, 26, 70, 115]
    assert list(event.lines.filter(is_overlay=True).values_list("count", flat=True)) == [10]
    of_unit = dict.fromkeys(["BATRI", "GIONGTROM", "BINHDAI", "KCN"], 0)
    for share in QuotaShare.objects.filter(line__event=event, unit__code__in=of_unit).select_related("unit"):
        of_unit[share.unit.code] += share.count
    assert of_unit == {"BATRI": 44, "GIONGTROM": 20, "BINHDAI": 2, "KCN": 78}


def test_an_overlay_adds_nothing(event, officer):
    table = quota_table(event, officer)

    assert table.mismatches == []
    assert (table.total, table.totals) == (10, [6, 2])
    assert [(row.line.name, row.depth, row.count, row.cells) for row in table.rows] == [
        ("Khách mời", 0, 2, [None, None]),
        ("Đoàn viên các huyện", 0, 8, [6, 2]),
        ("Chủ hộ", 1, 3, [1, 2]),
        ("Thành viên hộ", 1, 5, [5, None]),
        ("Nhận nhà", 1, 4, [None, None]),
    ]


counts = st.integers(0, 4)


@pytest.mark.django_db
@given(expected=counts, guests=counts, parent=counts, children=st.tuples(counts, counts), share=st.none() | counts)
def test_a_quota_mismatches_exactly_where_its_sums_differ(province_unit, expected, guests, parent, children, share):
    with transaction.atomic():
        event = make_event(province_unit, expected)
        make_line(event, guests, shares={} if share is None else {province_unit: share})
        top = make_line(event, parent)
        for count in children:
            make_line(event, count, parent=top)
        make_line(event, 99, parent=top, is_overlay=True)
        differing = [guests + parent != expected, sum(children) != parent, (share or guests) != guests]

        assert len(event.mismatches()) == sum(differing)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def province_unit(django_db_setup, django_db_blocker):
    """One unit for all of a property's examples, outside of each test's transaction."""
    from tests.factories import make_unit

    with django_db_blocker.unblock():
        unit = make_unit("SK", "Đơn vị tổ chức", kind="province")
        yield unit
        unit.delete()


def test_a_mismatching_quota_is_not_announced(event, officer):
    Event.objects.filter(pk=event.pk).update(expected=11)
    event.refresh_from_db()

    with pytest.raises(
        Refused, match="^Chưa thông báo được vì phân bổ chưa khớp: Các dòng cộng lại 10 đại biểu, dự kiến 11.$"
    ):
        event.announce(officer)
    event.refresh_from_db()
    assert event.state == Event.State.DRAFT


def test_an_event_is_not_held_before_its_day(event, officer):
    event.announce(officer)

    with pytest.raises(Refused, match="^Chỉ ghi là đã tổ chức khi ngày tổ chức đã đến.$"):
        event.hold(officer)


def test_an_event_held_by_mistake_is_opened_again_with_a_reason(event, officer, unit_officer_a, client_of):
    event.announce(officer)
    Event.objects.filter(pk=event.pk).update(on=today())
    event.refresh_from_db()
    browser, page = client_of(officer), f"/events/event/{event.pk}/lam/"
    assert "danh sách trên các máy ở cửa được xóa" in browser.get(f"{page}hold/").content.decode()
    browser.post(f"{page}hold/")
    browser.post(f"{page}resume/", {"reason": ""})
    event.refresh_from_db()
    assert event.state == "held"

    browser.post(f"{page}resume/", {"reason": "Bấm nhầm"})

    event.refresh_from_db()
    assert event.state == "announced"
    with pytest.raises(Refused, match="không có quyền"):
        event.resume(unit_officer_a, reason="x")


def page_of(event):
    return reverse("events:event_quota", args=[event.pk])


def test_a_unit_sees_an_event_only_while_it_is_announced(event, officer, unit_officer_a, client_of):
    browser = client_of(unit_officer_a)
    seen = [browser.get(page_of(event)).status_code]
    event.announce(officer)
    seen.append(browser.get(page_of(event)).status_code)
    event.reopen(officer)
    seen.append(browser.get(page_of(event)).status_code)

    assert seen == [404, 200, 404]


def test_another_units_event_is_not_found(district_b, unit_officer_a, client_of):
    event = make_event(district_b, 0, state=Event.State.ANNOUNCED)

    assert client_of(unit_officer_a).get(page_of(event)).status_code == 404


def test_a_unit_sees_its_own_shares_alone(event, officer, unit_officer_b, client_of):
    event.announce(officer)

    table = client_of(unit_officer_b).get(page_of(event)).context["table"]

    assert [unit.code for unit in table.units] == ["B"]
    assert [(row.line.name, row.count, row.cells) for row in table.rows] == [
        ("Đoàn viên các huyện", 2, [2]),
        ("Chủ hộ", 2, [2]),
    ]
    assert (table.total, table.mismatches) == (2, [])


def test_the_page_asks_as_much_for_many_lines_as_for_one(
    province, district_a, officer, client_of, django_assert_num_queries, django_assert_max_num_queries
):
    event = make_event(province, 3)
    browser = client_of(officer)
    make_line(event, 1, shares={district_a: 1})
    browser.get(page_of(event))
    with django_assert_max_num_queries(20) as first:
        browser.get(page_of(event))
    for _ in range(2):
        make_line(event, 1, shares={district_a: 1})

    with django_assert_num_queries(len(first.captured_queries)):
        browser.get(page_of(event))


def test_the_number_of_delegates_of_an_announced_event_is_not_edited(event, officer, client_of):
    event.announce(officer)

    client_of(officer).post(reverse("admin:events_event_change", args=[event.pk]), {"expected": 9, "name": "Khác"})
    event.refresh_from_db()
    assert event.expected == 10
