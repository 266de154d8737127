"""Addresses as they are compared: "Ấp 03, xã An Thủy" and "ap 3 xa An Thuy, h. Ba Tri" may be one place."""

import re

from django.db.models import Q

from welfare.vietnamese import fold

_SHORT = {"kp": "khu pho", "d": "duong", "sn": "so nha"}
_KINDS = re.compile(r"\b(?:thanh pho|thi tran|thi xa|xa|phuong|huyen|quan|tinh|tp|tt|tx|x|p|h|t)\b")
_LEAST_WORDS = 4  # of the shorter one, where the other goes on


def address_key(text: str) -> str:
    """Its words without accents, marks, leading zeros and the kinds of places, which are written or left out at will."""
    words = re.findall(r"[a-z]+|\d+", fold(text))
    spelled = " ".join(_SHORT.get(word, word.lstrip("0") or "0") for word in words)
    return " ".join(_KINDS.sub(" ", spelled).split())[:300]


def same_place(key: str) -> Q:
    """Houses whose ``folded_address`` is ``key``, or where one of the two goes on after the other's end."""
    same = Q(folded_address__in=_beginnings(key))
    return same | Q(folded_address__startswith=f"{key} ") if len(key.split()) >= _LEAST_WORDS else same


def is_same(one: str, other: str) -> bool:
    """``same_place`` of two keys, neither of them empty."""
    return bool(one and other) and (one in _beginnings(other) or other in _beginnings(one))


def _beginnings(key: str) -> list[str]:
    words = key.split()
    return [" ".join(words[:n]) for n in range(_LEAST_WORDS, len(words))] + [key]
