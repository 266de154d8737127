from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from beneficiaries.inspections.findings import State as FindingState
from beneficiaries.inspections.models import Finding, Inspection, InspectionPlan
from beneficiaries.inspections.steps import State
from welfare.site import TodoItem
from welfare.units.models import today

SOON = timedelta(days=7)


def waiting(user):
    """What an inspection waits for: of those who conduct it, of the units, of the leaders, of the finance officers."""
    if user.has_perm("beneficiaries.conduct_inspection"):
        yield from _of_inspectors(user)
    if user.has_perm("beneficiaries.answer_finding"):
        yield from _of_units(user)
    if user.has_perm("beneficiaries.approve_inspectionplan"):
        plans = (
            InspectionPlan.objects.for_user(user)
            .filter(state="draft", inspections__isnull=False)
            .exclude(created_by=user)
        )
        yield TodoItem(
            plans.distinct().count(), "kế hoạch kiểm tra chờ duyệt", _list("inspectionplan", ""), "event_note"
        )
    if user.has_perm("beneficiaries.settle_finding"):
        answered = Finding.objects.for_user(user).filter(state=FindingState.ANSWERED).exclude(written_by=user)
        yield TodoItem(
            answered.count(),
            "kết quả kiểm tra đơn vị đã giải trình",
            _list("finding", "state__exact=answered"),
            "gavel",
        )
    if user.has_perm("beneficiaries.close_inspection"):
        closable = Inspection.objects.for_user(user).filter(state=State.CONCLUDED).exclude(concluded_by=user)
        closable = closable.exclude(findings__in=Finding.objects.unsettled().order_by())
        yield TodoItem(
            closable.count(), "cuộc kiểm tra chờ kết thúc", _list("inspection", "state__exact=concluded"), "policy"
        )
    if user.has_perm("beneficiaries.record_recovery"):
        owing = Finding.objects.for_user(user).owing()
        yield TodoItem(
            owing.count(), "kết quả kiểm tra còn phải thu hồi tiền", _list("finding", "thu-hoi=con"), "savings"
        )


def _of_inspectors(user):
    inspections = Inspection.objects.for_user(user)
    calling = inspections.filter(Q(sample__reached="") & Q(sample__isnull=False), state=State.RUNNING).distinct()
    keys = list(calling.order_by("pk").values_list("pk", flat=True))
    page = (
        reverse("beneficiaries:call_list", args=keys) if len(keys) == 1 else reverse("beneficiaries:inspection_board")
    )
    yield TodoItem(len(keys), "cuộc kiểm tra còn người chưa gọi xác minh", page, "call")
    yield TodoItem(
        inspections.overdue().count(),
        "cuộc kiểm tra quá thời gian dự kiến",
        _list("inspection", "han=qua"),
        "policy",
        is_late=True,
    )
    late = Finding.objects.for_user(user).overdue()
    yield TodoItem(
        late.count(),
        "kết quả kiểm tra quá hạn đơn vị chưa giải trình",
        _list("finding", "han=qua"),
        "gavel",
        is_late=True,
    )


def _of_units(user):
    own = user.reach_for("beneficiaries.answer_finding").own
    mine = Finding.objects.for_user(user).filter(unit__in=own).waiting_for_unit()
    yield TodoItem(
        mine.filter(answer_by__lt=today()).count(),
        "kết quả kiểm tra quá hạn giải trình",
        _list("finding", "han=qua"),
        "gavel",
        is_late=True,
    )
    coming = mine.filter(answer_by__gte=today())
    soon = coming.filter(answer_by__lte=today() + SOON).count()
    words = f"kết quả kiểm tra chờ đơn vị giải trình{f', {soon} sắp đến hạn' if soon else ''}"
    yield TodoItem(coming.count(), words, _list("finding", "xu-ly=chua"), "gavel")


def _list(model, query) -> str:
    return f"{reverse(f'admin:beneficiaries_{model}_changelist')}?{query}".rstrip("?")
