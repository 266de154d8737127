from simple_history.models import HistoricalRecords


class History(HistoricalRecords):
    """What every version of a row said; one saved without a reason has an empty one, which pages show as nothing."""

    def get_change_reason_for_object(self, instance, history_type, using):
        return super().get_change_reason_for_object(instance, history_type, using) or ""
