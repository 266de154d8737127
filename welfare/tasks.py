from welfare.documents.tasks import purge_expired
from welfare.jobs.tasks import run_job, sweep_jobs
from welfare.once import forget_sent_forms

__all__ = ["forget_sent_forms", "purge_expired", "run_job", "sweep_jobs"]
