import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.factories import PASSWORD
from welfare.models import Unit, User


@pytest.fixture
def typed(monkeypatch):
    def answer(password):
        monkeypatch.setattr("welfare.management.commands.create_account.getpass", lambda prompt: password)

    return answer


@pytest.mark.parametrize("role", ["administrator", "leader"])
def test_the_first_account_works_on_an_empty_database(role, typed, db):
    typed(PASSWORD)
    call_command("create_account", "dautien", role=role, verbosity=0)
    assert Client().post("/login/", {"username": "dautien", "password": PASSWORD})["Location"] == "/"
    assert (Unit.objects.count(), User.objects.get().holds(role)) == (1, True)


def test_a_weak_password_makes_no_account(typed, db):
    typed("ngan")
    with pytest.raises(CommandError, match="12"):
        call_command("create_account", "dautien")
    assert (User.objects.count(), Unit.objects.count()) == (0, 0)


def test_a_taken_name_is_refused(typed, officer):
    with pytest.raises(CommandError, match="Đã có tài khoản"):
        call_command("create_account", officer.username)
