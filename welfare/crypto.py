"""Encryption of single fields, keyed hashes to look them up by, and masks to show them by.

Keys are base64 of 32 bytes by version in settings.ENCRYPTION_KEYS and settings.HMAC_KEYS. The highest version
writes; every version listed still reads.
"""

import hmac
import os
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

_NONCE_BYTES = 12


class DecryptionError(ValueError):
    """The stored value was altered, or its key is no longer configured. Never holds the value itself."""


def encrypt(text: str) -> str:
    """AES-256-GCM with a random nonce, as "<version>:<base64url of nonce and ciphertext>"; "" stays ""."""
    return next(encrypt_all([text]))


def encrypt_all(texts) -> Iterator[str]:
    """Each text encrypted by itself; what is empty, None too, as ""."""
    version, key = _newest("ENCRYPTION_KEYS")
    seal, bound = _cipher(key).encrypt, version.encode()
    for text in texts:
        nonce = os.urandom(_NONCE_BYTES)
        yield f"{version}:{urlsafe_b64encode(nonce + seal(nonce, text.encode(), bound)).decode()}" if text else ""


def decrypt(token: str) -> str:
    if not token:
        return ""
    version, _, body = token.partition(":")
    key = settings.ENCRYPTION_KEYS.get(version)
    if key is None:
        raise DecryptionError("Không có khóa giải mã cho dữ liệu này; hãy báo quản trị hệ thống.")
    try:
        sealed = urlsafe_b64decode(body)
        return _cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], version.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise DecryptionError("Dữ liệu mã hóa đã bị hỏng; hãy báo quản trị hệ thống.") from error


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 as "<version>:<64 hex digits>", for equality look-ups and constraints; "" stays ""."""
    return keyed_hash_all([text])[0] or ""


def keyed_hash_all(texts) -> list[str | None]:
    """Each text's hash; None for what is empty."""
    version, key = _newest("HMAC_KEYS")
    return [_hash(version, key, text) if text else None for text in texts]


def keyed_hashes(text: str) -> list[str]:
    """The hash under every configured key, newest first, to look up rows written before a key change."""
    keys = _keys("HMAC_KEYS") if text else {}
    return [_hash(version, keys[version], text) for version in sorted(keys, key=int, reverse=True)]


def mask_id(text: str) -> str:
    """ "083070000999" as "083*****0999"; short numbers show only their end, at most a third of them."""
    if len(text) >= 9:
        return f"{text[:3]}*****{text[-4:]}" if len(text) >= 12 else f"*****{text[-3:]}"
    shown = len(text) // 3
    return "*****" + text[len(text) - shown :] if text else ""


class EncryptedTextField(models.TextField):
    """Encrypted in the database, plain on the model. It can't be filtered on: keep a keyed_hash column."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return value if value is None else encrypt(value)

    def from_db_value(self, value, expression, connection):
        return value if value is None else decrypt(value)

    def get_lookup(self, lookup_name):
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


def _newest(setting: str) -> tuple[str, str]:
    keys = _keys(setting)
    version = max(keys, key=int)
    return version, keys[version]


def _keys(setting: str) -> dict[str, str]:
    keys = getattr(settings, setting, None)
    if not keys:
        raise ImproperlyConfigured(f"{setting} holds no key.")
    return keys


@lru_cache(maxsize=16)
def _cipher(key: str) -> AESGCM:
    return AESGCM(_raw(key))


@lru_cache(maxsize=16)
def _raw(key: str) -> bytes:
    raw = b64decode(key)
    if len(raw) != 32:
        raise ImproperlyConfigured("A key must be base64 of exactly 32 bytes.")
    return raw


def _hash(version: str, key: str, text: str) -> str:
    return f"{version}:{hmac.digest(_raw(key), text.encode(), 'sha256').hex()}"
