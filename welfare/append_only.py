"""Tables that only grow, held by the database itself: PostgreSQL refuses to change or delete a row of theirs.

SQLite, which serves one machine alone, relies on the model's own refusal (``audit.AppendOnly``).
"""

from django.db.migrations import RunPython

_FUNCTION = """
CREATE OR REPLACE FUNCTION welfare_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME; END $$
"""


def append_only(app_label: str, model_name: str) -> RunPython:
    """A migration operation that makes a model's table append-only."""

    def hold(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_FUNCTION, params=None)
            table = schema_editor.quote_name(apps.get_model(app_label, model_name)._meta.db_table)
            schema_editor.execute(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION welfare_append_only()"
            )

    def release(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            table = schema_editor.quote_name(apps.get_model(app_label, model_name)._meta.db_table)
            schema_editor.execute(f"DROP TRIGGER append_only ON {table}")

    return RunPython(hold, release)
