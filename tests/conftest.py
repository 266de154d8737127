import gc
import logging
import os
import re
import shutil

import pytest
from django.conf import settings
from django.db import transaction
from playwright.sync_api import expect, sync_playwright

from tests import databases
from tests.stack import Stack

pytest_plugins = ["tests.people"]

CHROMIUM_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def pytest_configure():
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that share the running stack share a worker, so that it is started once."""
    for item in items:
        if "running_stack" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_collection_finish():
    """What is imported and collected by now lives to the end: looking for garbage in it took a sixth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """In CI nothing is skipped for want of a component."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """The migrated database, without the demonstration province."""
    url = databases.copy("empty", "main")
    with django_db_blocker.unblock(), databases.connected_to(url):
        yield
    databases.drop(url)


@pytest.fixture(scope="session")
def _demo_database(django_test_environment):
    url = databases.copy("demo", "demo")
    yield url
    databases.drop(url)


@pytest.fixture
def demo_province(_demo_database, django_db_blocker):
    """The small demonstration province; what the test writes is rolled back. Not together with ``db``."""
    with django_db_blocker.unblock(), databases.connected_to(_demo_database), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _no_logged_errors(request, caplog):
    yield
    if not request.node.get_closest_marker("logs_errors"):
        logged = [record for phase in ("setup", "call") for record in caplog.get_records(phase)]
        assert [record.getMessage() for record in logged if record.levelno >= logging.ERROR] == []


@pytest.fixture
def make_stack(tmp_path, django_db_blocker):
    """``stack = make_stack("empty", JOB_LEASE_SECONDS="30")`` starts nothing yet but a broker."""
    stacks = []

    def make(kind="empty", **variables):
        folder = tmp_path / f"stack{len(stacks)}"
        folder.mkdir()
        stacks.append(Stack(folder, kind, **variables))
        return stacks[-1]

    with django_db_blocker.unblock():
        yield make
    for stack in stacks:
        stack.close()


@pytest.fixture(scope="session")
def _session_stack(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp("running"))
    stack.start("web", "worker", "scheduler")
    yield stack
    stack.close()


@pytest.fixture
def running_stack(_session_stack, request, django_db_blocker):
    """Web, worker and scheduler on the demonstration province, shared by all tests that ask for it."""
    before = _session_stack.log.stat().st_size
    with django_db_blocker.unblock():
        yield _session_stack
    if not request.node.get_closest_marker("logs_errors"):
        assert "Traceback" not in _session_stack.log.read_bytes()[before:].decode(), _session_stack.log


@pytest.fixture(scope="session")
def browser():
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    if not executable:
        pytest.skip("needs Chromium: sudo apt-get install chromium")
    # Playwright keeps an event loop in this thread; the tests' own queries are still alone in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, running_stack, request):
    """Each call opens a page as a new visitor. What a page's console complains of fails the test."""
    contexts, complaints = [], []
    expected = re.compile("net::ERR_" if request.node.get_closest_marker("loses_network") else "(?!)")

    def open_one(**options):
        usual = {"base_url": running_stack.url, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
        contexts.append(browser.new_context(**usual | options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [complaint for complaint in complaints if not expected.search(complaint)] == []


@pytest.fixture
def sign_in(open_page):
    """``page = sign_in("canbo")`` opens the start page as one of the demonstration's accounts."""
    from welfare.management.demo.accounts import PASSWORD

    def enter(username, **options):
        page = open_page(**options)
        page.goto("/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page).to_have_title(re.compile("Việc cần làm"))
        return page

    return enter


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def phone(open_page):
    return open_page(**PHONE)
