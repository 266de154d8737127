from django.db import migrations

# What beneficiaries/words.py compares.
_WORDS = (
    r"regexp_replace(lower(translate(regexp_replace(normalize({}, NFKD), '[\u0300-\u036f]', '', 'g'), 'ĐđÐð', 'DdDd')), "
    "'[^a-z0-9]+', ' ', 'g')"
)
_INDEXES = {
    "household_by_words": ("beneficiaries_household", "head_name"),
    "entry_by_words": ("beneficiaries_fundentry", "note || ' ' || document_number"),
}


def _index_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (table, text) in _INDEXES.items():
            words = _WORDS.format(text)
            schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin (to_tsvector('simple', {words}))", params=None)


def _drop_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in _INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("beneficiaries", "0016_red_list")]

    operations = [migrations.RunPython(_index_words, _drop_words)]
