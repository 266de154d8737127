from base64 import b64encode

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from welfare.crypto import (
    DecryptionError,
    EncryptedTextField,
    decrypt,
    encrypt,
    keyed_hash,
    keyed_hashes,
    mask_id,
)


def _key(byte):
    return b64encode(bytes([byte]) * 32).decode()


@pytest.fixture(autouse=True)
def keys(settings):
    settings.ENCRYPTION_KEYS = {"1": _key(1)}
    settings.HMAC_KEYS = {"1": _key(2)}


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_decrypt_reads_back_what_encrypt_wrote(text):
    assert decrypt(encrypt(text)) == text


def test_encrypt_hides_repetition():
    assert encrypt("083070501010") != encrypt("083070501010")
    assert encrypt("083070501010").startswith("1:")
    assert "0501010" not in encrypt("083070501010")


def test_new_keys_write_and_old_keys_still_read(settings):
    old = encrypt("083070501010")
    settings.ENCRYPTION_KEYS = {"1": _key(1), "2": _key(3), "10": _key(4)}
    assert encrypt("083070501010").startswith("10:")
    assert decrypt(old) == "083070501010"


@pytest.mark.parametrize(
    "damage", [lambda t: t[:-2] + "AA", lambda t: "9" + t[1:], lambda t: "1:x", lambda t: "083070501010"]
)
def test_altered_values_are_refused(damage):
    with pytest.raises(DecryptionError):
        decrypt(damage(encrypt("083070501010")))


def test_value_can_not_move_to_another_key_version(settings):
    settings.ENCRYPTION_KEYS = {"1": _key(1), "2": _key(1)}
    with pytest.raises(DecryptionError):
        decrypt("1" + encrypt("083070501010")[1:])


def test_keyed_hash_is_stable_and_depends_on_its_own_key(settings):
    first = keyed_hash("083070501010")
    assert first == keyed_hash("083070501010") != keyed_hash("083070501011")
    assert len(first) == 66
    settings.ENCRYPTION_KEYS = {"1": _key(9)}
    assert keyed_hash("083070501010") == first
    settings.HMAC_KEYS = {"1": _key(2), "2": _key(5)}
    assert keyed_hashes("083070501010") == [keyed_hash("083070501010"), first]


def test_empty_stays_empty():
    assert (encrypt(""), decrypt(""), keyed_hash(""), keyed_hashes(""), mask_id("")) == ("", "", "", [], "")


@pytest.mark.parametrize("keys", [{}, {"1": b64encode(b"short").decode()}])
def test_missing_or_short_keys_are_refused(settings, keys):
    settings.ENCRYPTION_KEYS = settings.HMAC_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        encrypt("083070501010")
    with pytest.raises(ImproperlyConfigured):
        keyed_hash("083070501010")


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("083070500999", "083*****0999"),
        ("320500123", "*****123"),
        ("123456", "*****56"),
        ("1", "*****"),
        ("", ""),
    ],
)
def test_mask_id(number, masked):
    assert mask_id(number) == masked


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
@isolate_apps()
def test_field_is_cipher_in_the_database_and_plain_on_the_model():
    class Secret(models.Model):
        number = EncryptedTextField(null=True)

        class Meta:
            app_label = "tests"

        def __str__(self):
            return "secret"

    with connection.schema_editor() as editor:
        editor.create_model(Secret)
    try:
        Secret.objects.bulk_create([Secret(number="083070501010"), Secret(number=""), Secret(number=None)])
        assert list(Secret.objects.order_by("pk").values_list("number", flat=True)) == [
            "083070501010",
            "",
            None,
        ]
        assert Secret.objects.filter(number__isnull=True).count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM tests_secret ORDER BY id")
            stored = [row[0] for row in cursor.fetchall()]
        assert decrypt(stored[0]) == "083070501010" != stored[0]
        with pytest.raises(FieldError):
            Secret.objects.filter(number="083070501010").exists()
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Secret)
