"""Finding rows by the words of a text, their order, case and accents aside; on PostgreSQL by an index on those words."""

import re

from django.db import connection
from django.db.models import BooleanField, CharField, Func, Q, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Contains

from welfare.vietnamese import fold


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text))[:8]


class FoldedWords(Func):
    """The words of some columns' texts together, as ``words_of`` has them, for rows that keep no folded text beside.

    An index is on exactly this expression, household_by_words and entry_by_words.
    """

    function = "folded_words"
    arg_joiner = " || ' ' || "
    output_field = CharField()

    def as_postgresql(self, compiler, connection):
        template = (
            r"regexp_replace(lower(translate(regexp_replace(normalize(%(expressions)s, NFKD), '[\u0300-\u036f]', '', 'g'), "
            "'ĐđÐð', 'DdDd')), '[^a-z0-9]+', ' ', 'g')"
        )
        return self.as_sql(compiler, connection, template=template)

    def as_sqlite(self, compiler, connection):
        connection.ensure_connection()
        connection.connection.create_function(self.function, 1, _all_words, deterministic=True)
        return self.as_sql(compiler, connection)


def _all_words(text: str | None) -> str | None:
    return None if text is None else re.sub(r"[^a-z0-9]+", " ", fold(text))


class _HasWords(Func):
    """Whether folded text has the words asked for. The indexes person_by_words and so on are on exactly this tsvector."""

    template = "to_tsvector('simple', %(expressions)s)"
    arg_joiner = ") @@ to_tsquery('simple', "
    output_field = BooleanField()


def named(text, whole: list[str], begun: list[str]) -> list:
    """Conditions: each of ``whole`` is a word of the folded ``text`` (an expression), each of ``begun`` begins one."""
    if not whole and not begun:
        return [Q(pk__in=[])]
    if connection.vendor == "postgresql":
        return [_HasWords(text, Value(" & ".join([*whole, *(f"{word}:*" for word in begun)])))]
    spaced = Concat(Value(" "), text, Value(" "))
    return [Contains(spaced, f" {word} ") for word in whole] + [Contains(spaced, f" {word}") for word in begun]
