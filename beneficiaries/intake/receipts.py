"""The list that people signed when they took their support, given back: whoever signed has received it."""

from django.core.files import File

from beneficiaries.grants.models import Grant
from beneficiaries.intake.cells import ERROR, NOTE, read_cross
from beneficiaries.intake.matching import Match, hash_ids, match_rows
from beneficiaries.intake.rows import Rows
from beneficiaries.intake.staging import load
from welfare.states import Refused


def review(batch, rows: Rows) -> Match:
    """Rows must be people of the round whose signed list is missing; those without a sign on a signed list stay out."""
    match = match_rows(batch, rows, hash_ids(rows))
    match.changes, match.needs = {}, [()] * len(rows)
    received, stand_ins = rows.column("received"), rows.column("receiver_name")
    waiting, any_signed = _waiting(batch, match), any(map(_is_signed, received))
    for index, person in enumerate(match.known):
        if person is None:
            rows.tell(
                index, ERROR, "full_name", "Không có người này trong sổ của đơn vị; hãy đối chiếu họ tên và số CCCD."
            )
        elif person.id not in waiting:
            text = f"Không có khoản nào của đợt “{batch.round}” đang chờ ký nhận cho người này; có thể đã nộp rồi."
            rows.tell(index, ERROR, "full_name", text)
        elif any_signed and not _is_signed(received[index]):
            rows.tell(index, ERROR, "received", "Chưa ký nhận nên không ghi; hãy bổ sung chữ ký ở lần nộp sau.")
        elif stand_in := stand_ins[index]:
            rows.tell(index, NOTE, "receiver_name", f"{stand_in} nhận thay.")
    return match


def write(batch, by) -> dict[str, int]:
    """Hands the signed sheet in for everybody on the list."""
    _, rows, hashes, _ = load(batch)
    match = match_rows(batch, rows, hashes)
    waiting, names = _waiting(batch, match), rows.column("receiver_name")
    stand_ins = {}
    for index, person in enumerate(match.known):
        if person is None or person.id not in waiting:
            raise Refused("Có khoản vừa được nộp ký nhận hoặc trả lại; hãy tải lại danh sách.")
        if name := names[index]:
            stand_ins[waiting[person.id]] = (name, "")
    ids = [waiting[person.id] for person in match.known]
    with batch.letter.file.open() as scan:
        received = Grant.objects.filter(pk__in=ids).receive(
            by, scan=File(scan, name=batch.letter.name), on=batch.letter_on, stand_ins=stand_ins
        )
    return {"received": received}


def _waiting(batch, match: Match) -> dict[int, int]:
    """Person to the grant that waits for its signed list."""
    people = [person.id for person in match.known if person]
    rows = Grant.objects.filter(round=batch.round_id, unit__in=set(match.units), person__in=people).to_receive()
    return dict(rows.order_by().values_list("person", "pk"))


def _is_signed(text) -> bool:
    """A cross, or any word that doesn't say no."""
    if not text:
        return False
    crossed, _ = read_cross(text)
    return crossed if crossed is not None else not str(text).strip().lower().startswith(("chưa", "không", "vắng"))
