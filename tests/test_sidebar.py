"""The sidebar: what each may open, and where one is."""

import re

import pytest

from tests.factories import make_user


def entries(client, path) -> dict[str, bool]:
    """{address: whether it is marked as the page one is on}"""
    html = client.get(path).content.decode()
    sidebar = html[html.index('id="nav-sidebar-apps"') :]
    links = re.findall(r'<a href="([^"]+)"\s+class="flex h-\[38px\][^"]*"([^>]*)>', sidebar)
    return {link: "aria-current" in rest for link, rest in links}


def test_it_shows_what_each_may_open(province, district_a, client_of):
    """Also by turns: one's sidebar is kept for nobody else."""
    officer, keeper = (make_user(role, role, province) for role in ("province_officer", "door_keeper"))
    unit_officer = make_user("district", "unit_officer", district_a)
    shown = {user: set(entries(client_of(user), "/")) for user in (officer, keeper, unit_officer, officer)}
    assert {"/", "/tong-quan/", "/beneficiaries/person/"} <= shown[officer]
    assert "/programs/plan/" in shown[unit_officer]
    assert shown[keeper] == {"/", "/viec/", "/su-kien/don-dai-bieu/"}


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/", "/"),
        ("/tong-quan/", "/tong-quan/"),
        ("/tong-quan/can-chu-y/quy-thap/", "/tong-quan/"),
        ("/beneficiaries/person/add/", "/beneficiaries/person/"),
    ],
)
def test_it_marks_the_page_one_is_on_or_the_nearest_above(path, here, province, client_of):
    client = client_of(make_user("canbo", "province_officer", province))
    client.get("/")
    assert [link for link, is_here in entries(client, path).items() if is_here] == [here]
