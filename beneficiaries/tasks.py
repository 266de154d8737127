from beneficiaries.duplicates.tasks import search_for_duplicates
from beneficiaries.intake.tasks import purge_staging

__all__ = ["purge_staging", "search_for_duplicates"]
