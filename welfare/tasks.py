from welfare.documents.tasks import purge_expired
from welfare.jobs.tasks import run_job, sweep_jobs

__all__ = ["purge_expired", "run_job", "sweep_jobs"]
