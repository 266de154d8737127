"""A form that is sent twice, by a double click or a replayed request, is done once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_fund
from tests.test_funds import at_once, entry_data, ledger
from welfare.models import SentForm
from welfare.once import forget_sent_forms


@pytest.fixture
def fund(province, finance):
    return make_fund(province, balance=10_000_000, by=finance)


@pytest.fixture
def browser(finance):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(finance, backend="welfare.units.roles.AppointmentBackend")
    return browser


@pytest.fixture
def page(fund):
    return f"/quy/{fund.pk}/ghi/"


def opened(browser, page) -> dict:
    """The form as it comes to somebody who opens the page: with a token of its own."""
    html = browser.get(page).content.decode()
    form = html[html.rindex("<form", 0, html.index('name="document_number"')) :]
    return entry_data(csrfmiddlewaretoken=re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1])


def told(browser, response) -> str:
    return browser.get(response["Location"]).content.decode()


def test_the_second_sending_of_a_form_leads_where_the_first_led(fund, browser, page):
    form = opened(browser, page)

    first, second = browser.post(page, form), browser.post(page, form)

    assert (first.status_code, second.status_code, second["Location"]) == (302, 302, first["Location"])
    assert "đã được gửi rồi nên không ghi lần nữa" in told(browser, second)
    assert ledger(fund) == (12_000_000, 12_000_000)


def test_other_words_or_a_page_opened_anew_are_another_form(fund, browser, page):
    form = opened(browser, page)

    for each in (form, form | {"amount": "3000000"}, opened(browser, page) | {"document_number": "PT02"}):
        assert browser.post(page, each).status_code == 302

    assert ledger(fund) == (17_000_000, 17_000_000)


def test_what_was_refused_may_be_sent_again_as_it_is(fund, finance, browser, page):
    form = opened(browser, page) | {"kind": "spend", "amount": "11000000"}
    assert browser.post(page, form).status_code == 200
    fund.post("contribution", 5_000_000, by=finance, document_number="PT02")

    assert browser.post(page, form).status_code == 302
    assert ledger(fund) == (4_000_000, 4_000_000)


def test_a_sending_that_broke_off_is_not_done_again_unseen(fund, browser, page, monkeypatch):
    monkeypatch.setattr("welfare.once._WAIT_SECONDS", 0)
    form = opened(browser, page)
    browser.post(page, form)
    SentForm.objects.update(led_to="")  # as a process leaves it that dies before it answers

    again = browser.post(page, form)

    assert "đã được gửi mà chưa biết kết quả" in told(browser, again)
    assert ledger(fund) == (12_000_000, 12_000_000)


def test_sent_forms_are_forgotten_after_a_day(browser, page):
    browser.post(page, opened(browser, page))
    forget_sent_forms()
    assert SentForm.objects.count() == 1
    SentForm.objects.update(at=timezone.now() - timedelta(days=2))
    forget_sent_forms()
    assert SentForm.objects.count() == 0


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_a_double_click_books_once(fund, browser, page):
    form, cookies = opened(browser, page), browser.cookies

    def send():
        window = Client(enforce_csrf_checks=True)
        window.cookies = cookies
        return window.post(page, form).status_code

    assert at_once(send, send, send, send) == [302] * 4
    assert ledger(fund) == (12_000_000, 12_000_000)
