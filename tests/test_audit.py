import pytest
from django.db import DatabaseError, connection

from tests.factories import an_id, make_person
from welfare.audit import record, record_search
from welfare.models import AuditEvent


def test_the_log_can_only_grow(officer):
    event = record(AuditEvent.Action.VIEW, actor=officer)
    for act in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(TypeError):
            act()
    with pytest.raises(TypeError):
        AuditEvent.objects.update(action="export")
    assert AuditEvent.objects.count() == 1


def test_a_search_leaves_only_a_keyed_hash(officer, rf):
    request = rf.get("/")
    request.user = officer
    words = an_id()
    record_search(request, words, "beneficiaries.person")
    event = AuditEvent.objects.get()
    assert (event.actor, words in str(event.detail), len(event.detail["hash"])) == (officer, False, 66)


def test_no_identity_number_or_illness_reaches_the_logs(officer, district_a, client_of, caplog, capfd):
    number = an_id()
    person = make_person(district_a, "Nguyễn Thị Ghi", national_id=number)
    client = client_of(officer)
    with caplog.at_level("DEBUG", logger="welfare"):
        client.get(f"/beneficiaries/person/?q={number}")
        client.get(f"/beneficiaries/person/{person.pk}/change/")
    written = caplog.text + "".join(capfd.readouterr())
    assert number not in written


def test_the_inspection_reads_the_trail_and_a_unit_does_not(inspector, unit_officer_a, client_of):
    record(AuditEvent.Action.VIEW, actor=unit_officer_a)
    assert client_of(inspector).get("/welfare/auditevent/").status_code == 200
    assert client_of(unit_officer_a).get("/welfare/auditevent/").status_code == 403


@pytest.mark.parametrize(
    "statement", ["UPDATE welfare_auditevent SET action = 'view'", "DELETE FROM welfare_auditevent"]
)
def test_the_database_itself_keeps_the_log(statement, officer):
    record(AuditEvent.Action.VIEW, actor=officer)
    if connection.vendor != "postgresql":
        return
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)
