"""The people and places most tests speak of. District B's people are the strangers to district A."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_fund, make_unit, make_user


@pytest.fixture
def province(db):
    return make_unit("LDT", "LĐLĐ tỉnh", kind="province")


@pytest.fixture
def district_a(province):
    return make_unit("A", "LĐLĐ huyện An", parent=province)


@pytest.fixture
def district_b(province):
    return make_unit("B", "LĐLĐ huyện Bình", parent=province)


@pytest.fixture
def leader(province):
    return make_user("lanhdao", "leader", province)


@pytest.fixture
def officer(province):
    return make_user("canbo", "province_officer", province)


@pytest.fixture
def other_officer(province):
    return make_user("canbo2", "province_officer", province)


@pytest.fixture
def finance(province):
    return make_user("taichinh", "finance_officer", province)


@pytest.fixture
def inspector(province):
    return make_user("kiemtra", "inspector", province)


@pytest.fixture
def administrator(province):
    return make_user("quantri", "administrator", province)


@pytest.fixture
def unit_officer_a(district_a):
    return make_user("donvia", "unit_officer", district_a)


@pytest.fixture
def unit_leader_a(district_a):
    return make_user("lanhdaoa", "unit_leader", district_a)


@pytest.fixture
def workplace(district_a):
    """A union of a workplace under district A."""
    return make_unit("A1", "CĐCS An", kind="grassroots", parent=district_a)


@pytest.fixture
def workplace_officer(workplace):
    return make_user("cosoa", "unit_officer", workplace)


@pytest.fixture
def unit_officer_b(district_b):
    return make_user("donvib", "unit_officer", district_b)


@pytest.fixture
def client_of():
    """``client_of(user)``: a browser signed in as that user."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="welfare.units.roles.AppointmentBackend")
        return client

    return sign_in


@pytest.fixture
def query_count():
    """``query_count(act)``: how many queries ``act`` takes."""

    def count(act) -> int:
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    return count


@pytest.fixture
def people(province, district_a, district_b, leader, officer, finance, unit_officer_a, unit_officer_b):
    """Whoever the verbs need, by name."""
    make_fund(province, balance=10**12, by=finance)
    return {
        "leader": leader,
        "officer": officer,
        "finance": finance,
        district_a: unit_officer_a,
        district_b: unit_officer_b,
    }
