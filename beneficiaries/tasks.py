from beneficiaries.intake.tasks import purge_staging

__all__ = ["purge_staging"]
