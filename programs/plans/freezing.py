"""Issued text is frozen: the models refuse to write it, and so does PostgreSQL, whoever asks.

SQLite, which serves one machine alone, relies on the models. What lives on after issue (a state, a task's evidence) is
named by each model in ``LIVES_ON``.
"""

from django.db import models
from django.db.migrations import RunPython

from welfare.states import Refused

_SENTENCE = "Kế hoạch đã ban hành nên nội dung được giữ nguyên; muốn sửa, hãy lập bản thay thế."
_OUT = "('issued', 'in_force', 'closed')"
_PARTS_OF_PARTS = {
    "Assignment_coordinator_departments": "assignment",
    "Assignment_coordinator_units": "assignment",
    "TargetMilestone": "target",
}
_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION programs_frozen_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lives_on text[] := string_to_array(TG_ARGV[0], ',');
BEGIN
  IF OLD.state IN {_OUT} AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - lives_on <> to_jsonb(OLD) - lives_on) THEN
    RAISE EXCEPTION 'plan % is issued: its text is frozen', OLD.id;
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE FUNCTION programs_frozen_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lives_on text[] := string_to_array(TG_ARGV[0], ',');
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - lives_on = to_jsonb(OLD) - lives_on THEN RETURN NEW; END IF;
  IF EXISTS (SELECT FROM programs_plan WHERE id IN (OLD.plan_id, NEW.plan_id) AND state IN {_OUT}) THEN
    RAISE EXCEPTION '% of an issued plan is frozen', TG_TABLE_NAME;
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
_OF_PART = f"""
CREATE OR REPLACE FUNCTION programs_frozen_of_{{part}}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM programs_plan p JOIN programs_{{part}} part ON part.plan_id = p.id
             WHERE part.id IN (OLD.{{part}}_id, NEW.{{part}}_id) AND p.state IN {_OUT}) THEN
    RAISE EXCEPTION '% of an issued plan is frozen', TG_TABLE_NAME;
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


def refuse_changed_text(row: models.Model, plan: models.Model):
    """Raises ``Refused`` when saving ``row``, the plan itself or a part of it, would change text that is out."""
    if row.pk is None:
        refuse_frozen(plan)
        return
    fields = [f for f in row._meta.concrete_fields if f.name not in row.LIVES_ON]
    is_out = {"state__in": plan.OUT} if row is plan else {"plan__state__in": plan.OUT}
    stored = type(row)._base_manager.filter(pk=row.pk, **is_out).values_list(*[f.attname for f in fields]).first()
    if stored is not None and stored != tuple(f.to_python(getattr(row, f.attname)) for f in fields):
        raise Refused(_SENTENCE)


def refuse_frozen(plan: models.Model):
    if type(plan)._base_manager.filter(pk=plan.pk, state__in=plan.OUT).exists():
        raise Refused(_SENTENCE)


def frozen(model_name: str, lives_on: tuple[str, ...] = ()) -> RunPython:
    """A migration operation that freezes a model's rows with their plan. ``lives_on``: the columns left free."""
    part = _PARTS_OF_PARTS.get(model_name)
    function = f"programs_frozen_of_{part}" if part else f"programs_frozen_{'plan' if model_name == 'Plan' else 'part'}"
    events = "UPDATE OR DELETE" if model_name == "Plan" else "INSERT OR UPDATE OR DELETE"

    def hold(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_OF_PART.format(part=part) if part else _FUNCTIONS, params=None)
            schema_editor.execute(
                f"CREATE TRIGGER frozen BEFORE {events} ON {_table(apps, schema_editor, model_name)} "
                f"FOR EACH ROW EXECUTE FUNCTION {function}('{','.join(lives_on)}')",
                params=None,
            )

    def release(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            table = _table(apps, schema_editor, model_name)
            schema_editor.execute(f"DROP TRIGGER frozen ON {table}", params=None)

    return RunPython(hold, release)


def _table(apps, schema_editor, model_name):
    return schema_editor.quote_name(apps.get_model("programs", model_name)._meta.db_table)
