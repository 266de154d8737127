from welfare.documents.tasks import purge_expired, purge_unnamed_files
from welfare.jobs.tasks import mail_again, run_job, sweep_jobs
from welfare.once import forget_sent_forms

__all__ = ["forget_sent_forms", "mail_again", "purge_expired", "purge_unnamed_files", "run_job", "sweep_jobs"]
