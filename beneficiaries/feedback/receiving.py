"""How a feedback comes in: by the public page, or written down by an officer who took a call or a letter."""

from typing import NamedTuple

from django.db import IntegrityError, transaction

from beneficiaries.feedback.codes import hash_of, new_code
from beneficiaries.feedback.models import Feedback
from beneficiaries.rules import business_day, need
from welfare.audit import AuditEvent, record
from welfare.documents.models import store_file
from welfare.units.models import Unit, User, today
from welfare.vietnamese import clean, fold


class Evidence(NamedTuple):
    """A file that came with it, as it will be kept. Never under the sender's name for it, which may tell of somebody."""

    ending: str
    content_type: str
    content: bytes


class Sender(NamedTuple):
    name: str = ""
    phone: str = ""
    email: str = ""


NOBODY = Sender()


def receive(code: str, *, kind, text: str, about: str = "", sender=NOBODY, evidence=(), channel="web", by=None,
            on=None) -> bool:  # fmt: skip
    """Keeps one. False when one of this code is there already: the form was sent twice.

    ``by``: the officer who writes down what they heard; None for the public page.
    """
    unit = unit_called(about)
    row = Feedback(
        kind=kind, is_confidential=kind.is_confidential, unit=unit, unit_words="" if unit else clean(about)[:200],
        text=text.strip(), channel=channel, received_on=business_day(on), received_by=by, code_hash=hash_of(code),
        sender_name=clean(sender.name), sender_phone=clean(sender.phone), sender_email=clean(sender.email),
    )  # fmt: skip
    row.count_days()
    try:
        with transaction.atomic():
            row.save()
            _keep(row, by, evidence)
            row.add_step(by, f"Nhận qua {row.get_channel_display().lower()}", "", row.received_on)
            if by:  # of the public page the audit would keep the sender's address
                record(AuditEvent.Action.CHANGE, actor=by, subject=row, unit=unit, detail={"to": row.state})
    except IntegrityError:
        if Feedback.objects.filter(code_hash=row.code_hash).exists():
            return False
        raise
    return True


def write_down(by, *, code: str = "", **given) -> str:
    """By an officer. Returns the code, which is told to the sender and kept nowhere.

    ``code``: of the form that was sent, so that sent twice it is one feedback; by default a new one.
    """
    need(by, "add_feedback", "ghi nhận phản ánh")
    code = code or new_code()
    receive(code, by=by, **given)
    return code


def _keep(row, by, evidence):
    owner = by or User.objects.system()
    for n, file in enumerate(evidence, 1):
        store_file(
            file.content, name=f"kem-phan-anh-{n}.{file.ending}", content_type=file.content_type, owner=owner,
            unit=Unit.objects.get_first_root_node(), subject=row,
        )  # fmt: skip
    row.place_files()


def unit_called(words: str) -> Unit | None:
    """The open unit of this name, however it is typed; None where there is none or several."""
    wanted = fold(words)
    if not wanted:
        return None
    found = [unit for unit in Unit.objects.in_force(today()) if wanted in (fold(unit.name), fold(unit.short_name))]
    return found[0] if len(found) == 1 else None


def unit_names() -> list[str]:
    """Offered as one types, upper units first. Names of units are public."""
    return list(Unit.objects.in_force(today()).order_by("depth", "name").values_list("name", flat=True)[:500])
