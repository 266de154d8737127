import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from beneficiaries.models import Household
from tests.factories import make_household
from welfare.bulk import add_history, add_rows, insert_rows, of_ids, reserve_ids

pytestmark = pytest.mark.engine


def test_reserved_ids_are_never_given_again(district_a):
    first, second = reserve_ids(Household, 3), reserve_ids(Household, 2)
    made = make_household(district_a)
    assert len({*first, *second, made.pk}) == 6


def test_no_ids_are_reserved_for_no_rows(db):
    assert reserve_ids(Household, 0) == []


def _insert(unit, names):
    ids = reserve_ids(Household, len(names))
    columns = ["id", "unit_id", "head_name", "address", "size", "note", "created_at"]
    rows = [
        (pk, unit.pk, name, "", None, name, "2026-01-01 00:00:00+00:00") for pk, name in zip(ids, names, strict=True)
    ]
    insert_rows(Household, columns, rows)
    return ids


@hypothesis_settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    names=st.lists(
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60), max_size=5
    )
)
def test_any_text_arrives_as_it_left(district_a, names):
    with transaction.atomic():
        ids = _insert(district_a, names)
        assert list(Household.objects.filter(pk__in=ids).order_by("pk").values_list("head_name", "note")) == [
            (name, name) for name in names
        ]
        transaction.set_rollback(True)


def test_columns_of_more_rows_than_are_sent_at_once_arrive_in_order(district_a):
    names = [f"Hộ\t{place}" for place in range(1_201)]
    with transaction.atomic():
        ids = add_rows(Household, len(names), unit_id=district_a.pk, head_name=iter(names), note=names, size=4)
    kept = Household.objects.filter(of_ids(ids)).order_by("pk").values_list("pk", "head_name", "note", "size")
    assert list(kept) == [(pk, name, name, 4) for pk, name in zip(ids, names, strict=True)]


def test_rows_of_ids_with_a_gap_are_no_others(district_a):
    ids = [make_household(district_a).pk for _ in range(4)]
    for asked in (ids, ids[:1], [ids[0], ids[3]], [ids[3], ids[1], ids[1]]):
        assert set(Household.objects.filter(of_ids(asked)).values_list("pk", flat=True)) == set(asked)


def test_history_is_one_row_for_each_as_it_stands(district_a, unit_officer_a):
    ids = _insert(district_a, ["Hộ Một", "Hộ Hai"])
    add_history(Household, Household.objects.filter(pk__in=ids), change="+", by=unit_officer_a, reason="danh sách")
    kept = Household.history.order_by("id").values_list(
        "id", "head_name", "history_type", "history_user", "history_change_reason"
    )
    expected = [
        (pk, name, "+", unit_officer_a.pk, "danh sách") for pk, name in zip(ids, ["Hộ Một", "Hộ Hai"], strict=True)
    ]
    assert list(kept) == expected
