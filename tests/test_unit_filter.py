"""Lists narrowed to a unit: few units are a tree to choose from, many are looked for by name."""

import pytest

from tests.factories import make_unit, make_user
from welfare.filters import OFFERED, unit_choices
from welfare.models import Unit, UnitKeeper

LIST = "/beneficiaries/person/"


@pytest.fixture
def many_units(district_a):
    """Under district A, as a province has them under its districts."""
    for n in range(OFFERED):
        make_unit(f"M{n}", f"CĐCS Mẫu {n}", kind="grassroots", parent=district_a)


def find(client, term) -> list[str]:
    answer = client.get(
        "/autocomplete/", {"app_label": "welfare", "model_name": "user", "field_name": "unit", "term": term}
    )
    return [found["text"] for found in answer.json()["results"]]


def test_few_units_are_a_tree(province, district_a, client_of):
    html = client_of(make_user("canbo", "province_officer", province)).get(LIST).content.decode()
    assert f'<option value="{district_a.pk}">– {district_a.short_name}</option>' in html


def test_many_units_are_looked_for_by_name(province, many_units, client_of):
    client = client_of(make_user("canbo", "province_officer", province))
    html = client.get(LIST).content.decode()
    assert "CĐCS Mẫu 1<" not in html
    assert 'data-ajax--url="/autocomplete/"' in html
    assert find(client, "mẫu 99") == ["CĐCS Mẫu 99"]


def test_the_unit_asked_for_is_shown_chosen(province, many_units, client_of):
    unit = Unit.objects.get(code="M7")
    html = client_of(make_user("canbo", "province_officer", province)).get(f"{LIST}?unit={unit.pk}").content.decode()
    assert f'<option value="{unit.pk}" selected>CĐCS Mẫu 7</option>' in html


@pytest.mark.parametrize("asked", ["0", "abc", "-1", "phu-trach"])
def test_a_made_up_unit_is_no_fault(asked, province, many_units, client_of):
    assert client_of(make_user("canbo", "province_officer", province)).get(f"{LIST}?unit={asked}").status_code == 200


def test_nobody_finds_or_is_told_a_unit_of_others(district_a, district_b, many_units, client_of):
    client = client_of(make_user("a", "unit_officer", district_a))
    assert find(client, district_b.short_name) == []
    html = client.get(f"{LIST}?unit={district_b.pk}").content.decode()
    assert district_b.short_name not in html


def test_units_one_keeps_stay_the_start_among_many(province, district_a, many_units, client_of):
    officer = make_user("canbo", "province_officer", province)
    UnitKeeper.objects.create(unit=district_a, user=officer)
    client = client_of(officer)
    chosen = '<option value="phu-trach" selected>Đơn vị tôi phụ trách</option>'
    assert chosen in client.get(LIST).content.decode()
    assert chosen not in client.get(f"{LIST}?unit=").content.decode()


def test_a_tree_cut_short_keeps_its_upper_levels(province, district_a, district_b, many_units):
    """By its place in the tree district B would come after all under A."""
    offered = [name for _, name in unit_choices(make_user("canbo", "province_officer", province), most=5)]
    assert f"– {district_b.short_name}" in offered
    assert len(offered) == 5


def test_an_upload_refused_keeps_the_unit_that_was_chosen(province, many_units, client_of):
    unit = Unit.objects.get(code="M7")
    client = client_of(make_user("canbo", "province_officer", province))
    html = client.post("/danh-sach/tai-len/", {"unit": unit.pk, "year": 2026}).content.decode()
    form = html[html.index('id="id_unit"') :]
    assert f'<option value="{unit.pk}" selected>CĐCS Mẫu 7</option>' in form[: form.index("</select>")]
    assert form[: form.index("</select>")].count(" selected") == 1
