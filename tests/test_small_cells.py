"""No count of a sensitive kind under five can be read off what is shown, by itself or by subtracting."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.small_cells import FEW, Cells
from welfare.units.models import Unit

ROOT = "1" * Unit.steplen
MOST = 6


def path(*places) -> str:
    return ROOT + "".join(f"{place:0{Unit.steplen}d}" for place in places)


def tree(own, districts) -> dict[str, int]:
    """People directly of the province, then of each district directly and by its grassroots units."""
    counts, whole = {}, own
    for place, (directly, grassroots) in enumerate(districts):
        counts[path(place)] = directly + sum(grassroots)
        counts |= {path(place, n): people for n, people in enumerate(grassroots)}
        whole += counts[path(place)]
    return counts | {ROOT: whole}


@pytest.mark.parametrize(
    ("districts", "hidden"),
    [
        ([(9, []), (8, [])], []),
        ([(3, []), (9, []), (20, [])], [path(0), path(1)]),  # the smallest of the others goes with it
        ([(2, []), (3, []), (20, [])], [path(0), path(1)]),
        ([(1, []), (1, []), (20, [])], [path(0), path(1), path(2)]),  # their sum would tell that each is one
        ([(1, []), (1, [])], [ROOT, path(0), path(1)]),
        ([(0, [6, 2])], [path(0, 0), path(0, 1)]),
        ([(7, []), (0, [])], []),
    ],
)
def test_what_is_hidden(districts, hidden):
    assert sorted(Cells(tree(0, districts)).hidden) == sorted(hidden)


def test_who_a_unit_has_directly_is_a_part_too():
    """Seven in all, four of the one unit under it: three are left, which one could subtract."""
    assert Cells(tree(3, [(4, [])])).hidden == {path(0)}
    assert Cells(tree(3, [(14, [])])).hidden == {path(0)}


def test_what_an_earlier_month_showed_does_not_tell_a_new_small_cell():
    """Six were shown of the second district in March; of seven in the two hidden ones one is left for the third."""
    april = tree(0, [(20, []), (6, []), (1, [])])
    assert Cells(april).hidden == {path(1), path(2)}
    march = tree(0, [(20, []), (6, [])])
    assert Cells(april, march).hidden == {ROOT, path(0), path(1), path(2)}
    of_root = Cells(tree(6, [(20, [])])).told
    assert Cells(tree(6, [(20, []), (1, [])]), of_root).hidden == {ROOT, path(0), path(1)}
    grown = tree(0, [(22, []), (6, []), (1, [])])
    assert Cells(grown, march).hidden == {path(0), path(1), path(2)}


@pytest.mark.parametrize(
    ("all_of_kind", "for_tet", "hidden"),
    [
        ([(20, []), (30, [])], [(12, []), (25, [])], []),
        ([(20, []), (30, [])], [(20, []), (30, [])], []),  # all of them
        ([(20, []), (30, [])], [(18, []), (25, [])], [path(0), path(1)]),  # two were helped otherwise
        ([(3, []), (30, [])], [(0, []), (28, [])], [ROOT, path(1)]),  # the second is hidden beside the first
    ],
)
def test_some_of_a_kind_are_judged_beside_all_of_it(all_of_kind, for_tet, hidden):
    assert sorted(Cells(tree(0, for_tet), of=Cells(tree(0, all_of_kind))).hidden) == hidden


PEOPLE = st.integers(0, MOST)


@settings(max_examples=30, deadline=None)
@given(own=PEOPLE, first=st.tuples(PEOPLE, st.lists(PEOPLE, max_size=1)), second=PEOPLE)
def test_no_hidden_cell_can_be_computed(own, first, second):
    districts = [first, (second, [])]
    counts = tree(own, districts)
    hidden = Cells(counts).hidden
    shown = {each: count for each, count in counts.items() if each not in hidden}
    assert {each: count for each, count in shown.items() if 0 < count < FEW} == {}
    possible = {each: set() for each in hidden}
    for told in _tables(shown, districts):
        for each in hidden:
            possible[each].add(told[each])
    assert {each: values for each, values in possible.items() if len(values) < 2} == {}


def _tables(shown, districts):
    """Every table of people that agrees with what is shown; whom nobody counts is nobody."""
    shapes = [range(MOST + 1)]
    for _, grassroots in districts:
        shapes += [range(MOST + 1)] * (1 + len(grassroots))
    for numbers in product(*shapes):
        own, *rest = numbers
        told = []
        for _, grassroots in districts:
            told.append((rest.pop(0), [rest.pop(0) for _ in grassroots]))
        counts = tree(own, told)
        if all(counts[each] == count for each, count in shown.items()):
            yield counts
