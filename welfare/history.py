from django.db import models
from simple_history.models import HistoricalRecords


class History(HistoricalRecords):
    """What every version of a row said; one saved without a reason has an empty one, which pages show as nothing.

    Versions are looked up by row and by date alone: indexes and checks of the keys they carry would double the cost
    of writing many rows.
    """

    def __init__(self, *args, **options):
        super().__init__(*args, **{"user_db_constraint": False, **options})

    def get_change_reason_for_object(self, instance, history_type, using):
        return super().get_change_reason_for_object(instance, history_type, using) or ""

    def copy_fields(self, model):
        return _without_indexes(super().copy_fields(model))

    def _get_history_user_fields(self):
        return _without_indexes(super()._get_history_user_fields())


def _without_indexes(fields: dict) -> dict:
    for field in fields.values():
        if isinstance(field, models.ForeignKey):
            field.db_index = False
    return fields
