"""What each kind of request does once it was granted."""

from beneficiaries.erasure.erasing import erase_human
from beneficiaries.erasure.models import DataRequest
from beneficiaries.people.models import Person
from welfare.states import Refused

_LEAVES = "Theo yêu cầu của người có dữ liệu"


def carry_out(request: DataRequest, by, on):
    """In the caller's transaction. Copies sent and data corrected are recorded alone: the officer did them."""
    kind, person = DataRequest.Kind(request.kind), request.person
    if kind == DataRequest.Kind.ERASE:
        erase_human(person, by, on)
    elif kind == DataRequest.Kind.WITHDRAW:
        for consent in person.consents.filter(withdrawn_on__isnull=True):
            consent.withdraw(by, reason=_LEAVES, on=max(on, consent.given_on))
    elif kind in (DataRequest.Kind.RESTRICT, DataRequest.Kind.OBJECT) and person.state == Person.State.ACTIVE:
        person.leave(by, reason=_LEAVES, on=on)
    elif not request.outcome:
        raise Refused("Hãy ghi kết quả: đã gửi bản sao gì, đã sửa những gì.")
