"""How a new database gets its tables at once, instead of by the hundreds of steps in which they grew."""

from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation


class CreateModels(Operation):
    """Creates the models of an app together, as they stand after all of ``operations``.

    ``operations`` are what ``makemigrations`` writes for new models: ``CreateModel`` and what it adds to them. Run one
    by one, each would build all models of the project anew, most of a minute for a few hundred; here they are built
    once. The tables come out the same, foreign keys in a circle included: these follow the tables.
    """

    def __init__(self, operations: list[CreateModel | AddField | AddConstraint | AddIndex]):
        self.operations = operations

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for model in self._models(app_label, to_state):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for model in reversed(self._models(app_label, from_state)):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def describe(self):
        return "Create the models of the app together"

    def _models(self, app_label, state):
        created = [each for each in self.operations if isinstance(each, CreateModel)]
        return [state.apps.get_model(app_label, each.name) for each in created]
