"""Tracking codes: whoever holds one reads state and answer, so they are long, random and kept only as a hash."""

import secrets

from django.core import signing

from welfare.crypto import keyed_hash, keyed_hashes

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another; 32 of them
_LENGTH = 12
_SALT, _HOURS = "feedback form", 12


def new_form_token() -> str:
    """Stands hidden in a form. The code comes of it, so the same form sent twice is one feedback with one code."""
    return signing.dumps(secrets.token_urlsafe(24), salt=_SALT)


def code_of_form(token: str) -> str | None:
    """The code as it is shown ("ABCD-EFGH-JKMN"); None for a token that is forged or older than half a day."""
    try:
        seed = signing.loads(token, salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        return None
    return _shown(int(keyed_hash(f"tracking code of {seed}").partition(":")[2], 16))


def new_code() -> str:
    return _shown(secrets.randbits(5 * _LENGTH))


def hash_of(code: str) -> str:
    return keyed_hash(f"tracking {_bare(code)}")


def hashes_of(code: str) -> list[str]:
    return keyed_hashes(f"tracking {_bare(code)}") if len(_bare(code)) == _LENGTH else []


def _bare(code) -> str:
    return "".join(letter for letter in code.upper() if letter in _LETTERS)


def _shown(number) -> str:
    letters = "".join(_LETTERS[number >> 5 * n & 31] for n in range(_LENGTH))
    return "-".join(letters[n : n + 4] for n in range(0, _LENGTH, 4))
