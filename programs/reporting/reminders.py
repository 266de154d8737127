"""Reminders before and after a deadline: each exactly once, also with two schedulers running."""

from datetime import timedelta

from django.db import models, transaction

from programs.reporting.models import UnitReport
from programs.reporting.parts import ReportPart
from welfare.jobs.mail import mail_once
from welfare.jobs.queue import submit
from welfare.units.models import Appointment, User, today

# Days from the deadline, and what is said then.
SCHEDULE = {-7: "còn 7 ngày", -1: "còn 1 ngày", 1: "đã quá hạn 1 ngày", 7: "đã quá hạn 7 ngày"}


class Reminder(ReportPart):
    """One reminder of one report for one deadline; its mail goes out once."""

    report = models.ForeignKey(UnitReport, models.CASCADE, verbose_name="báo cáo", related_name="reminders")
    due_on = models.DateField("hạn")
    days = models.SmallIntegerField("so với hạn (ngày)")
    made_at = models.DateTimeField("lúc", auto_now_add=True)
    sent_at = models.DateTimeField("gửi thư lúc", null=True)

    class Meta:
        verbose_name = "lời nhắc"
        verbose_name_plural = "lời nhắc"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["report", "due_on", "days"], name="reminder_once")]

    def __str__(self):
        return f"{self.report}: {SCHEDULE[self.days]}"


def remind(on=None) -> int:
    """Write the reminders whose day is ``on`` (of a missed day too, the newest one only). Returns how many were new."""
    on = on or today()
    made = 0
    nearest = max(SCHEDULE)
    reports = UnitReport.objects.owed().filter(
        period__opens_on__lte=on,
        due_on__gte=on - timedelta(days=nearest + 7),
        due_on__lte=on - timedelta(days=min(SCHEDULE)),
    )
    for report in reports.select_related("unit", "department", "period__rule"):
        days = max(day for day in SCHEDULE if report.due_on + timedelta(days=day) <= on)
        made += _remind_once(report, days)
    return made


def _remind_once(report, days) -> bool:
    """The reminder and the job of its mail are written together or not at all."""
    with transaction.atomic():
        reminder, is_new = Reminder.objects.get_or_create(report=report, due_on=report.due_on, days=days)
        if is_new:
            _submit_mail(reminder)
    return is_new


def _submit_mail(reminder):
    if addresses(reminder.report):
        submit(
            "mail_reminder", title=f"Nhắc báo cáo: {reminder.report}", owner=User.objects.system(), unit=reminder.report.unit,
            params={"reminder": reminder.pk}, key=f"reminder-{reminder.pk}",
        )  # fmt: skip


def mail_reminder(job) -> None:
    """None for a report that was sent meanwhile. The to-do list says it too, whether or not there is mail."""
    reminder = Reminder.objects.select_related("report__unit", "report__period__rule").get(pk=job.params["reminder"])
    report, to = reminder.report, addresses(reminder.report)
    if to and UnitReport.objects.owed().filter(pk=report.pk).exists():
        unsent = Reminder.objects.filter(pk=reminder.pk)
        mail_once(unsent, "sent_at", f"Nhắc gửi báo cáo: {report}", text_of(report), to)


def addresses(report: UnitReport) -> list[str]:
    """Of those who write the report and gave an address; what a closed unit owes, its successors' people write."""
    effective = Appointment.objects.effective()
    if report.department_id:
        writing = effective.filter(department=report.department_id)
    else:
        units = [report.unit_id]
        if not report.unit.is_open():
            units += report.unit.successors.values_list("pk", flat=True)
        writing = effective.filter(unit__in=units, role__code__in=["unit_officer", "province_officer"])
    writers = User.objects.filter(is_active=True, appointments__in=writing).exclude(email="")
    return sorted(set(writers.values_list("email", flat=True)))


def text_of(report: UnitReport) -> str:
    """Short enough to be sent by phone."""
    days = (report.due_on - today()).days
    standing = f"còn {days} ngày" if days >= 0 else f"đã quá hạn {-days} ngày"
    return (
        f"Kính gửi {report.writer}: {report.period} hạn gửi "
        f"{report.due_on:%d/%m/%Y}, {standing}. Đề nghị gửi báo cáo trên phần mềm; nếu có vướng mắc xin báo lại. Trân trọng."
    )
