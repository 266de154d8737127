"""What a badge carries: a random code with a signature, no personal data; short enough to be typed.

Twelve signs of Crockford's alphabet, "7K2M-9QXH-4TFZ": eight random ones (40 bits) and four of their HMAC under the
server's key and the event. Typed in any case, with O for 0, I and L for 1, with or without dashes.
"""

import hashlib
import hmac
import secrets

from django.db import IntegrityError, transaction

from events.delegates.models import Delegate
from events.door.models import DoorToken
from welfare.crypto import keyed_hash, keyed_hashes
from welfare.states import Refused

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_NONCE, _SIGNATURE = 8, 4
_FORGED = "Mã này không phải thẻ đại biểu do hệ thống cấp; hãy xem lại thẻ hoặc tìm theo tên. Chưa ghi ai."


def badge_code(delegate: Delegate) -> str:
    """The same for a delegate always; made when first asked for."""
    return badge_codes([delegate])[delegate.pk]


def badge_codes(delegates) -> dict[int, str]:
    """{delegate id: code} of delegates of any events, in two queries once they all have one."""
    events = {delegate.pk: delegate.event_id for delegate in delegates}
    nonces = dict(DoorToken.objects.filter(delegate__in=events).values_list("delegate", "nonce"))
    for pk in events.keys() - nonces.keys():
        nonces[pk] = _nonce_of(pk)
    return {
        pk: _written(nonces[pk] + _signature(keyed_hash(_signed(event, nonces[pk])))) for pk, event in events.items()
    }


def code_hashes(delegates) -> dict[int, list[str]]:
    """{delegate id: what a door's phone keeps instead of the code}, one for each key that still counts."""
    found = {}
    codes = badge_codes(delegates)
    for delegate in delegates:
        nonce = _plain(codes[delegate.pk])[:_NONCE]
        signatures = map(_signature, keyed_hashes(_signed(delegate.event_id, nonce)))
        found[delegate.pk] = [hashlib.sha256((nonce + each).encode()).hexdigest() for each in signatures]
    return found


def delegate_of(event, code: str) -> Delegate:
    """Whose badge this is. Raises ``Refused`` for a code that is not one, of another event, or of nobody."""
    plain = _plain(code)
    nonce, signature = plain[:_NONCE], plain[_NONCE:]
    token = DoorToken.objects.select_related("delegate__event").filter(nonce=nonce).first()
    if token is None or not _is_signed(token.delegate.event_id, nonce, signature):
        raise Refused(_FORGED)
    if token.delegate.event_id != event.pk:
        raise Refused("Thẻ này của sự kiện khác nên không dùng ở cửa này. Chưa ghi ai.")
    return token.delegate


def _plain(code: str) -> str:
    signs = code.upper().translate(_READ_AS)
    return "".join(sign for sign in signs if sign in _ALPHABET)[:40]


def _written(plain: str) -> str:
    return "-".join(plain[n : n + 4] for n in range(0, len(plain), 4))


def _signed(event_id, nonce) -> str:
    return f"door:{event_id}:{nonce}"


def _signature(keyed: str) -> str:
    number = int(keyed.partition(":")[2][:8], 16)
    return "".join(_ALPHABET[number >> 5 * n & 31] for n in range(_SIGNATURE))


def _is_signed(event_id, nonce, signature) -> bool:
    """By any key still configured, so that badges printed before a change of keys open the door."""
    valid = [_signature(keyed) for keyed in keyed_hashes(_signed(event_id, nonce))]
    return any(hmac.compare_digest(signature.encode(), each.encode()) for each in valid)


def _nonce_of(delegate_id: int) -> str:
    while True:
        nonce = "".join(secrets.choice(_ALPHABET) for _ in range(_NONCE))
        try:
            with transaction.atomic():
                return DoorToken.objects.get_or_create(delegate_id=delegate_id, defaults={"nonce": nonce})[0].nonce
        except IntegrityError:  # another delegate has it; as good as never
            continue
