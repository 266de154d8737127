"""What the pages of an inspection and of a finding show above their forms."""

from django.db.models import Count, Q, Sum
from django.urls import reverse

from beneficiaries.inspections.findings import Finding
from beneficiaries.inspections.steps import DATE_OF, WAY, State
from welfare.verbs import counts_on

_PAPERS = [
    ("inspection_decision", "Quyết định", "description"),
    ("inspection_sample", "Danh sách gọi điện", "call"),
    ("inspection_minutes", "Biên bản", "description"),
    ("inspection_conclusion", "Kết luận", "assignment_turned_in"),
]


def progress_of(inspection) -> dict:
    """How far the calls are: {"all", "called", "percent", "short" (did not get all), "unreached"}."""
    counts = inspection.sample.aggregate(
        all=Count("pk"), called=Count("pk", filter=~Q(reached="")), unreached=Count("pk", filter=Q(reached="no")),
        short=Count("pk", filter=Q(received__in=["part", "none"])),
    )  # fmt: skip
    return counts | {"percent": round(100 * counts["called"] / counts["all"]) if counts["all"] else 0}


def inspection_file(inspection, user) -> dict:
    findings = Finding.objects.for_user(user).filter(inspection=inspection).select_related("kind", "unit")
    may_conduct = inspection.may_conduct(user)
    return {
        "inspection": inspection,
        "steps_done": [(state.label, getattr(inspection, DATE_OF[state])) for state in WAY],
        "progress": progress_of(inspection),
        "findings": findings,
        "money": findings.exclude(state="withdrawn").aggregate(
            due=Sum("to_recover"), back=Sum("recovered"), waived=Sum("waived")
        ),
        "papers": [paper for paper in _PAPERS if _is_there(inspection, paper[0])],
        "may_draw": may_conduct and inspection.state == State.RUNNING and not inspection.sample_drawn_on,
        "may_call": may_conduct and inspection.state == State.RUNNING and inspection.sample_drawn_on,
        "may_find": user.has_perm("beneficiaries.add_finding")
        and inspection.state in (State.DECIDED, State.RUNNING, State.CONCLUDED),
        "find_url": f"{reverse('admin:beneficiaries_finding_add')}?inspection={inspection.pk}",
    }


def _is_there(inspection, paper) -> bool:
    """Whether there is something to print."""
    return {
        "inspection_decision": inspection.state not in (State.CANCELLED,),
        "inspection_sample": bool(inspection.sample_drawn_on),
        "inspection_minutes": bool(inspection.minutes_on),
        "inspection_conclusion": bool(inspection.concluded_on),
    }[paper]


def finding_file(finding, user) -> dict:
    reach = user.reach_for("beneficiaries.answer_finding")
    is_inspector = counts_on(finding, user, "beneficiaries.conduct_inspection")
    sees_inspection = counts_on(finding, user, "beneficiaries.view_inspection")
    return {
        "finding": finding,
        "sample_rows": finding.rows.with_recipient(),
        "recoveries": finding.recoveries.select_related("entry__fund", "by"),
        "may_answer": finding.is_with_unit and reach.may_write(finding.unit_id),
        "may_prove": is_inspector and finding.state not in ("settled", "withdrawn"),
        "sees_inspection": sees_inspection,
    }
