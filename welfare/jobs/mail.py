"""Mails that jobs send: each at most once, and again some hours later when the mail server did not take it.

A mail is claimed before it is sent: a crash in between loses it, never doubles it. What it says stands on the to-do list
too, so that a lost one costs less than people who learn to pass over what comes twice. The kinds of these jobs begin with
``mail_``; their effect is the mail alone, and they ask anew whether it is still due.
"""

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from welfare.jobs.models import Job, JobFailed

_AGAIN_AFTER, _UNTIL = timedelta(hours=3), timedelta(days=10)


def mail_once(unsent, claim: str, subject: str, text: str, addresses: list[str]) -> None:
    """Mail for the row of ``unsent`` whose ``claim`` (the field of when it was sent) is empty."""
    if unsent.filter(**{claim: None}).update(**{claim: timezone.now()}):
        try:
            _mail(subject, text, addresses)
        except JobFailed:
            unsent.update(**{claim: None})
            raise


def mail_of_job(job: Job, subject: str, text: str, addresses: list[str]) -> None:
    """Mail that no row tells of: the job's own progress claims it, which ``retry`` gives back."""
    if not job.done:
        job.progress(1, 1, "Đang gửi thư.")
        _mail(subject, text, addresses)


def _mail(subject, text, addresses):
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, addresses)
    except OSError as error:  # an SMTP error is one too
        raise JobFailed("Máy chủ thư không nhận thư báo; hệ thống sẽ gửi lại sau vài giờ.") from error


def mail_again() -> None:
    """Queue anew the mails that the server did not take some hours ago."""
    now = timezone.now()
    failed = Job.objects.filter(kind__startswith="mail_", state=Job.State.FAILED, created_at__gt=now - _UNTIL)
    for job in failed.filter(finished_at__lt=now - _AGAIN_AFTER):
        job.retry()
