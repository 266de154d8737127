from celery import shared_task

from welfare.jobs import mail, queue


@shared_task(name="welfare.run_job")
def run_job(job_id):
    queue.run(job_id)


@shared_task(name="welfare.sweep_jobs", expires=60)
def sweep_jobs():
    queue.sweep()


@shared_task(name="welfare.mail_again", expires=3600)
def mail_again():
    mail.mail_again()
