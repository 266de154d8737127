"""Every page each role can reach by its links: it opens, speaks Vietnamese, and shows nothing of a stranger."""

import re

import pytest
from django.test import Client

from tests.pages import Page, english_in
from tests.strangers import CANARY, make_strangers_rows, without_unit_names
from welfare.management.commands.seed_demo import ACCOUNTS
from welfare.models import Unit, User

# Of a URL that differs only in its numbers, so many are opened: two rows by those who do most of the work, one by the others.
PAGES_OF_A_KIND = {"province_officer": 2, "unit_officer": 2}
# Of these one is enough for all: every row's history is the same page, and a URL with nothing to differ in is one page.
ALIKE = re.compile(r"/history/|^[^#?]*$")
END_THE_SESSION = ("/logout/",)
FEWEST = {"door_keeper": 5}  # pages a role has at least, else the crawl would prove nothing
ROLES = [
    "leader",
    "province_officer",
    "finance_officer",
    "inspector",
    "unit_officer",
    "unit_leader",
    "administrator",
    "door_keeper",
]


@pytest.fixture
def stranger(demo_province):
    return make_strangers_rows(Unit.objects.get_first_root_node())


def account_of(role) -> User:
    names = [username for username, *_ in ACCOUNTS]
    return User.objects.filter(username__in=names, appointments__role__code=role).order_by("pk").first()


def crawl(client, pages_of_a_kind, start="/"):
    """Each page once: (path, status, Page), breadth first."""
    waiting, seen, opened = [start], {start}, {}
    while waiting:
        path = waiting.pop(0)
        kind = _kind(path)
        if opened.get(kind, 0) >= (1 if ALIKE.search(kind) else pages_of_a_kind) or path.startswith(END_THE_SESSION):
            continue
        opened[kind] = opened.get(kind, 0) + 1
        response = client.get(path)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        html = response.content.decode() if is_page and not response.streaming else ""
        if response.streaming:
            list(response.streaming_content)  # read to its end a file is closed
        page = Page(path, html)
        yield path, response.status_code, page, html
        for link in sorted(page.links | _redirect(response)):
            if link not in seen:
                seen.add(link)
                waiting.append(link)


def _kind(path) -> str:
    """A URL without its numbers; whatever is asked of a list after the question mark is one kind.

    A row's page that remembers the list it was opened from is the same page.
    """
    path, question, asked = path.partition("?")
    if asked.startswith("_changelist_filters="):
        question = ""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", path) + question


def _redirect(response) -> set[str]:
    return (
        {response["Location"]} if response.status_code in (301, 302) and response["Location"].startswith("/") else set()
    )


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_in_vietnamese_and_hides_strangers(role, stranger):
    client = Client()
    client.force_login(account_of(role), backend="welfare.units.roles.AppointmentBackend")
    broken, english, leaks, count = [], [], [], 0
    for path, status, page, html in crawl(client, PAGES_OF_A_KIND.get(role, 1)):
        count += 1
        if status not in (200, 302):
            broken.append(f"{path}: {status}")
        english += [f"{path}: {words} in {text[:80]!r}" for text in page.texts if (words := english_in(text))]
        if role == "unit_officer" and CANARY in without_unit_names(html):
            leaks.append(path)
    assert (broken, english, leaks) == ([], [], [])
    assert count > FEWEST.get(role, 15)


def test_the_sign_in_page_speaks_vietnamese(db):
    page = Page("/login/", Client().get("/login/").content.decode())
    assert [(text, words) for text in page.texts if (words := english_in(text))] == []


def test_the_check_knows_english_and_not_vietnamese():
    assert english_in("Select all items") == ["Select", "all", "items"]
    assert english_in("Danh sách đoàn viên, to, an, me, no, tin, on, do, son") == []
