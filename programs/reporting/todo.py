from datetime import timedelta

from django.urls import reverse

from programs.reporting.models import UnitReport
from programs.reporting.proposals import Proposal
from welfare.site import TodoItem
from welfare.units.models import today

SOON = timedelta(days=14)


def waiting_to_write(user):
    """Reports to send or to mend, fresh answers to one's proposals, proposals one's department must answer."""
    if user.has_perm("programs.change_unitreport"):
        yield from _reports(user)
    if user.has_perm("programs.add_proposal"):
        yield _answers(user)
    if user.has_perm("programs.answer_proposal"):
        yield _to_answer(user)


def _reports(user):
    mine = UnitReport.objects.for_user(user).written_by(user)
    returned, drafts = mine.filter(state=UnitReport.State.RETURNED), mine.filter(state=UnitReport.State.DRAFT)
    is_late = returned.filter(due_on__lt=today()).exists()
    soon = drafts.filter(due_on__range=(today(), today() + SOON))
    yield _item(drafts.filter(due_on__lt=today()), "báo cáo quá hạn chưa gửi", "trang-thai=late", is_late=True)
    yield _item(returned, "báo cáo bị trả lại, cần sửa và gửi lại", "trang-thai=returned", is_late=is_late)
    yield _item(soon, "báo cáo phải gửi trong 14 ngày tới", "trang-thai=draft")


def _item(reports, text, query, *, is_late=False):
    keys = list(reports.values_list("pk", flat=True))
    page = f"{reverse('programs:my_reports')}?{query}"
    if len(keys) == 1:
        page = reverse("programs:report", args=keys)
    return TodoItem(len(keys), text, page, "edit_note", is_late)


def _answers(user):
    fresh = Proposal.objects.for_user(user).of(user).filter(
        state=Proposal.State.ANSWERED, answered_on__gte=today() - SOON
    )  # fmt: skip
    page = reverse("admin:programs_proposal_changelist") + "?cua=toi&state__exact=answered"
    return TodoItem(fresh.count(), "khó khăn, kiến nghị của đơn vị vừa được trả lời", page, "mark_chat_read")


def _to_answer(user):
    waiting = Proposal.objects.for_user(user).for_departments_of(user).unanswered()
    keys = list(waiting.values_list("pk", flat=True))
    page = reverse("admin:programs_proposal_changelist") + "?cua=ban&state__exact=open"
    if len(keys) == 1:
        page = reverse("admin:programs_proposal_change", args=keys)
    return TodoItem(len(keys), "kiến nghị chờ ban tôi trả lời", page, "campaign")
