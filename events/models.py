from events.quotas.models import Event, QuotaLine, QuotaShare

__all__ = ["Event", "QuotaLine", "QuotaShare"]
