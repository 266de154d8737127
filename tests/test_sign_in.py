import time

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.factories import PASSWORD
from welfare.models import AuditEvent, User

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng"


def sign_in(client, username, password=PASSWORD, follow=False, **extra):
    return client.post("/login/", {"username": username, "password": password}, follow=follow, **extra)


def test_a_right_password_leads_to_the_start_page(officer):
    response = sign_in(Client(), officer.username)
    assert (response.status_code, response["Location"]) == (302, "/")


def test_wrong_password_unknown_name_and_closed_account_read_the_same(officer):
    User.objects.create_user("khoa", PASSWORD, full_name="Đã Khóa", unit=officer.unit, is_active=False)
    tries = [
        (officer.username, "sai-mat-khau-roi"),
        ("khong-co-ai", PASSWORD),
        ("khoa", PASSWORD),
        ("a" * 300, PASSWORD),
    ]
    messages = [_error(sign_in(Client(), name, password)) for name, password in tries]
    assert len(set(messages)) == 1
    assert messages[0]


def test_an_account_without_an_appointment_stays_outside(province):
    User.objects.create_user("chuaphancong", PASSWORD, full_name="Chưa Phân Công", unit=province)
    client = Client()
    sign_in(client, "chuaphancong")
    assert client.get("/")["Location"].startswith("/login/")


def test_the_fifth_failure_locks_for_a_quarter_of_an_hour(officer):
    client = Client()
    statuses = [sign_in(client, officer.username, "sai-mat-khau-roi").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert sign_in(client, officer.username).status_code == 429
    with time_machine.travel(time.time() + 16 * 60, tick=True):
        assert sign_in(client, officer.username).status_code == 302


@pytest.mark.parametrize("password", ["ngan", "motmotmotmo", "password12345", "123456789012"])
def test_short_common_and_numeric_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


def test_the_session_key_changes_at_sign_in(officer):
    client = Client()
    client.get("/login/")
    client.session["x"] = 1
    client.session.save()
    before = client.session.session_key
    sign_in(client, officer.username)
    assert client.session.session_key != before


def test_an_hour_without_work_ends_the_session(officer, client_of):
    client = client_of(officer)
    assert client.get("/").status_code == 200
    with time_machine.travel(time.time() + settings.SESSION_IDLE_SECONDS + 1, tick=True):
        assert client.get("/").status_code == 302


def test_a_page_that_refreshes_itself_does_not_keep_the_session(officer, client_of):
    client, start = client_of(officer), time.time()
    client.get("/")
    for minutes in (20, 40, 59):
        with time_machine.travel(start + minutes * 60, tick=True):
            assert client.get("/viec/", headers={"X-Poll": "1"}).status_code == 200
    with time_machine.travel(start + 61 * 60, tick=True):
        assert client.get("/").status_code == 302


def test_work_keeps_the_session_but_no_longer_than_twelve_hours(officer, client_of):
    client, start = client_of(officer), time.time()
    statuses = []
    for half_hours in range(26):
        with time_machine.travel(start + half_hours * (30 * 60 + 1), tick=True):
            statuses.append(client.get("/").status_code)
    assert statuses == [200] * 24 + [302] * 2


def test_every_sign_in_and_failure_is_in_the_audit_trail(officer):
    client = Client()
    sign_in(client, officer.username, "sai-mat-khau-roi")
    sign_in(client, officer.username)
    events = AuditEvent.objects.order_by("pk").values_list("action", "actor__username")
    assert list(events) == [("sign_in_failed", None), ("sign_in", officer.username)]
    assert officer.username not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_sign_in_never_leads_away_from_the_site(address, officer):
    response = Client().post("/login/", {"username": officer.username, "password": PASSWORD, "next": address})
    assert response["Location"] == "/"


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/"])
def test_the_usual_address_of_an_admin_site_leads_to_the_start_page(address, officer):
    client = Client()
    page = client.get(address, follow=True)
    assert page.redirect_chain[-1][0] == f"/login/?next={address}"
    page = client.post(f"/login/?next={address}", {"username": officer.username, "password": PASSWORD}, follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, "/")


def test_a_form_without_its_token_is_refused_in_vietnamese(officer):
    client = Client(enforce_csrf_checks=True)
    response = sign_in(client, officer.username)
    assert (response.status_code, "Phiên làm việc đã hết hạn" in response.content.decode()) == (403, True)


def test_pages_carry_their_security_headers(officer, client_of):
    headers = client_of(officer).get("/").headers
    assert "script-src 'self' 'unsafe-eval'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def _error(response) -> str:
    """What the sign-in form says, without the name that was typed."""
    form = response.context["form"]
    return " ".join(map(str, form.non_field_errors()))
