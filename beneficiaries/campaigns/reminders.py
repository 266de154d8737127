"""Units that said nothing of a campaign are reminded by mail, at most once a day."""

from beneficiaries.campaigns.models import Campaign, CampaignResult
from beneficiaries.rules import need
from welfare.audit import AuditEvent, record
from welfare.jobs.mail import mail_of_job
from welfare.jobs.queue import submit
from welfare.states import Refused
from welfare.units.models import Appointment, User, today


def remind(campaign: Campaign, by: User) -> int:
    """Submit the mail to every silent unit. Returns how many units; a second click of the day is the same job.

    Raises ``Refused`` where every unit has answered. The units' to-do lists say it whether or not there is mail.
    """
    need(by, "change_campaign", "nhắc các đơn vị")
    if not by.reach_for("beneficiaries.change_campaign").may_write(campaign.unit_id):
        raise Refused(f"Chỉ {campaign.unit} được nhắc các đơn vị của đợt này.")
    silent = campaign.results.silent().count()
    if not silent:
        raise Refused("Mọi đơn vị đã báo kết quả, hoặc đợt vận động chưa bắt đầu; không cần nhắc.")
    submit(
        "remind_campaign", title=f"Nhắc báo kết quả: {campaign}", owner=by, unit=by.unit, params={"campaign": campaign.pk},
        key=f"campaign-{campaign.pk}-{today():%Y%m%d}",
    )  # fmt: skip
    record(AuditEvent.Action.CHANGE, actor=by, subject=campaign, unit=campaign.unit, detail={"reminded": silent})
    return silent


def mail_reminders(job) -> None:
    """Each unit's mail is a job of its own, so that one the server does not take is sent again and no other twice."""
    campaign = Campaign.objects.select_related("unit", "fund").get(pk=job.params["campaign"])
    results = list(campaign.results.silent().select_related("unit"))
    reached = [result for result in results if _addresses(result)]
    without = len(results) - len(reached)
    told = f"; {without} đơn vị chưa có địa chỉ thư, chỉ thấy ở mục Việc cần làm." if without else "."
    with job.completing(f"Đang gửi thư nhắc {len(reached)} đơn vị{told}"):
        for result in reached:
            submit(
                "mail_campaign_reminder", title=f"Nhắc báo kết quả: {result}", owner=User.objects.system(),
                unit=result.unit, params={"result": result.pk}, key=f"campaign-mail-{job.pk}-{result.pk}",
            )  # fmt: skip


def mail_reminder(job) -> None:
    """None to a unit that has answered meanwhile."""
    result = CampaignResult.objects.silent().filter(pk=job.params["result"]).select_related("campaign", "unit").first()
    if result and (addresses := _addresses(result)):
        mail_of_job(job, f"Nhắc báo kết quả: {result.campaign}", _text(result), addresses)


def _addresses(result: CampaignResult) -> list[str]:
    writing = Appointment.objects.effective().filter(unit=result.unit_id, role__code="unit_officer")
    users = User.objects.filter(is_active=True, appointments__in=writing).exclude(email="")
    return sorted(set(users.values_list("email", flat=True)))


def _text(result) -> str:
    campaign = result.campaign
    return (
        f"Kính gửi {result.unit}: đợt “{campaign}” kết thúc ngày {campaign.ends_on:%d/%m/%Y}, đến nay đơn vị chưa báo kết "
        "quả. Đề nghị ghi số đoàn viên ủng hộ và số tiền trên phần mềm; nếu có vướng mắc xin báo lại. Trân trọng."
    )
