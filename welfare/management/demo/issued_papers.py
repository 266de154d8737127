"""Papers of the province drafted from its ledger: last year's report issued, this year's laid before the signer, one begun."""

from django.db import transaction

from programs.models import Plan, ReportingPeriod
from welfare.documents.papers.models import Paper, start_paper
from welfare.jobs import queue
from welfare.jobs.models import Job
from welfare.management.demo.province import Province

_OPENING = "mo-dau/dau"


def draft_papers(province: Province, plans: dict[str, Plan], *, with_files: bool):
    """``with_files`` has the issued paper's files made at once, as no worker runs while the province is loaded."""
    officer, leader = province.users["canbo"], province.users["lanhdao"]
    last, this = plans[f"CARE{province.year - 1}"], plans[f"CARE{province.year}"]
    _issued(start_paper(officer, "progress", last.pk, year=str(province.year - 1)), officer, leader)
    start_paper(officer, "progress", this.pk, year=str(province.year))
    period = ReportingPeriod.objects.filter(rule__plan=last).order_by("-last_day").first()
    if period:
        start_paper(officer, "consolidated_report", period.pk).submit(officer)
    if with_files:
        for job in Job.objects.filter(kind="render_paper", state=Job.State.QUEUED):
            queue.run(job.pk)


def _issued(paper: Paper, officer, leader):
    first = next(iter(paper.original(officer).blocks)).text
    paper.write(officer, {_OPENING: f"{first}\nCác cấp công đoàn đã bám sát kế hoạch ngay từ đầu năm."}, edition=0)
    paper.submit(officer)
    with transaction.atomic():
        paper.issue(leader, number=paper.suggested_number())
