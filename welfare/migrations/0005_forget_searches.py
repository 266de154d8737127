"""The audit log may forget one thing: the hash of a search, when the data of the person sought was erased."""

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION welfare_audit_only_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.action = 'search' THEN
    OLD.detail := OLD.detail - 'hash';
    IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME;
END $$
"""
_TABLE = "welfare_auditevent"


def _trigger(schema_editor, function):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER append_only ON {_TABLE}")
        schema_editor.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {_TABLE} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )


def _let_forget(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_FUNCTION, params=None)
    _trigger(schema_editor, "welfare_audit_only_forgets")


def _hold_all(apps, schema_editor):
    _trigger(schema_editor, "welfare_append_only")


class Migration(migrations.Migration):
    dependencies = [("welfare", "0004_long_documents")]

    operations = [migrations.RunPython(_let_forget, _hold_all)]
