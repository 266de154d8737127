"""Two people side by side: merged, told apart, or put back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from beneficiaries.duplicates.admin import may_search
from beneficiaries.duplicates.finding import ask_for_search
from beneficiaries.duplicates.models import DuplicateCase, case_of
from beneficiaries.duplicates.scoring import compare
from beneficiaries.people.models import Person
from welfare.asked import whole_number
from welfare.audit import AuditEvent, record, record_search
from welfare.site import page, render_page
from welfare.states import Refused

FOUND = 20
_DONE = {
    "merge": "Đã gộp hai hồ sơ; mọi việc đã làm nay đứng ở hồ sơ được giữ.",
    "different": "Đã ghi là hai người khác nhau; cặp này không được nêu lại.",
    "reopen": "Đã đưa cặp này trở lại danh sách chờ xem xét.",
    "undo": "Đã hoàn tác: hai hồ sơ trở lại như trước khi gộp.",
}


@page(permission="beneficiaries.view_duplicatecase", methods=("GET", "HEAD", "POST"))
def duplicate(request, case_id):
    rows = DuplicateCase.objects.for_user(request.user)
    case = get_object_or_404(rows.select_related("first__unit", "second__unit", "decided_by"), pk=case_id)
    if request.method == "POST":
        return _judge(request, case)
    people = [_described(person) for person in _both(case)]
    for person in people:
        record(AuditEvent.Action.VIEW, request=request, subject=person, unit=person.unit)
    likeness = compare(case.first, case.second)
    may_judge = request.user.has_perm("beneficiaries.change_duplicatecase") and case.may_be_judged_by(request.user)
    context = {
        "title": "Hai hồ sơ có phải một người?",
        "subtitle": f"{case.get_reason_display()} · độ giống {case.score}%",
        "case": case,
        "people": people,
        "rows": _compared(*people),
        "agree": ", ".join(likeness.agree),
        "differ": ", ".join(likeness.differ),
        "may_judge": may_judge,
        "merge": case.merges.filter(undone_at__isnull=True).select_related("kept", "merged", "by").first(),
        "suggested": max(people, key=lambda person: (person.deeds, bool(person.id_hash), -person.pk)).pk,
        "back": reverse("admin:beneficiaries_duplicatecase_changelist") + "?state__exact=open",
    }
    return render_page(request, "beneficiaries/duplicate.html", context)


def _judge(request, case):
    act = request.POST.get("act")
    acts = {
        "merge": lambda: case.merge(request.user, kept=_kept(request, case)),
        "different": lambda: case.judge_different(request.user),
        "reopen": lambda: case.reopen(request.user),
        "undo": lambda: case.take_apart(request.user),
    }
    if act in acts:
        try:
            acts[act]()
            messages.success(request, _DONE[act])
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("beneficiaries:duplicate", case.pk)


def _kept(request, case) -> Person:
    chosen = {str(case.first_id): case.first, str(case.second_id): case.second}.get(request.POST.get("kept", ""))
    if chosen is None:
        raise Refused("Hãy chọn hồ sơ được giữ.")
    return chosen


def _both(case):
    related = ("unit", "household", "employment", "workplace_unit")
    people = Person.objects.with_need().select_related(*related).in_bulk([case.first_id, case.second_id])
    return people[case.first_id], people[case.second_id]


def _described(person):
    person.deeds = person.grants.count() + person.visits.count() + person.houses.count() + person.loans.count()
    return person


_FACTS = (
    ("Họ và tên", lambda person: person.full_name),
    ("Ngày, năm sinh", lambda person: person.born),
    ("Giới tính", lambda person: person.get_gender_display()),
    ("Số CCCD/CMND", lambda person: person.masked_id),
    ("Dân tộc", lambda person: person.ethnicity),
    ("Điện thoại", lambda person: person.phone),
    ("Địa chỉ", lambda person: person.address),
    ("Đơn vị", lambda person: str(person.unit)),
    ("Nơi làm việc", lambda person: person.workplace),
    ("Hộ", lambda person: person.household.head_name if person.household else ""),
    ("Diện hộ năm nay", lambda person: person.poverty_class()),
    ("Hoàn cảnh", lambda person: person.needs()),
    ("Tài khoản", lambda person: person.masked_account),
    ("Đã làm", lambda person: f"{person.deeds} lần hỗ trợ, thăm hỏi, nhà ở, vay vốn"),
    ("Ghi nhận ngày", lambda person: f"{person.created_at:%d/%m/%Y}"),
    ("Tình trạng", lambda person: person.get_state_display()),
)


def _compared(first, second) -> list[tuple[str, str, str, bool]]:
    """(label, of the first, of the second, whether they differ) of what either has."""
    rows = [(label, value(first) or "–", value(second) or "–") for label, value in _FACTS]
    return [(*row, row[1] != row[2] and "–" not in row[1:]) for row in rows if row[1:] != ("–", "–")]


@page(permission="beneficiaries.change_duplicatecase", methods=("GET", "HEAD", "POST"))
def person_merge(request, person_id):
    """Which other row means the same human: looked up by name or number, then compared."""
    people = Person.objects.for_user(request.user, "beneficiaries.change_duplicatecase").standing()
    person = get_object_or_404(people.select_related("unit"), pk=person_id)
    if request.method == "POST":
        return _open_pair(request, person, people)
    words, found = request.GET.get("q", "").replace("\0", "").strip(), []
    if words:
        record_search(request, words, "beneficiaries.person")
        found = list(people.exclude(pk=person.pk).with_need().found(words, FOUND + 1))
    context = {
        "title": f"Gộp {person.full_name} với hồ sơ khác",
        "subtitle": f"{person.born or 'Chưa rõ năm sinh'} · {person.unit}",
        "person": person,
        "words": words,
        "people": found[:FOUND],
        "has_more": len(found) > FOUND,
    }
    return render_page(request, "beneficiaries/person_merge.html", context)


def _open_pair(request, person, people):
    other = people.filter(pk=whole_number(request.POST.get("other"))).first()
    try:
        if other is None:
            raise Refused("Không tìm thấy hồ sơ kia trong phạm vi của bạn.")
        case = case_of(person, other, request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("beneficiaries:person_merge", person.pk)
    return redirect("beneficiaries:duplicate", case.pk)


@page(permission="beneficiaries.change_duplicatecase", methods=("POST",))
def duplicates_find(request):
    """Look through everybody now; otherwise it happens every night."""
    if not may_search(request.user):
        raise PermissionDenied
    ask_for_search(by=request.user)
    messages.info(request, "Đang soát toàn bộ danh sách; các cặp nghi trùng hiện ở mục Nghi trùng khi xong.")
    return redirect("welfare:job_list")
