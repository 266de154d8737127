from django.urls import reverse

from beneficiaries.feedback.models import Feedback
from beneficiaries.feedback.work import State
from welfare.site import TodoItem


def waiting(user):
    """Feedback to give to somebody, to answer, to close; late ones apart."""
    if not user.has_perm("beneficiaries.view_feedback"):
        return
    seen = Feedback.objects.for_user(user).order_by()
    late = seen.overdue()
    if user.has_perm("beneficiaries.assign_feedback"):
        yield TodoItem(
            seen.filter(state=State.RECEIVED).count(),
            "phản ánh mới chờ phân công",
            _list("state__exact=received"),
            "feedback",
        )
        yield TodoItem(late.count(), "phản ánh quá hạn xử lý", _list("han=qua"), "feedback", is_late=True)
        answered = seen.filter(state=State.ANSWERED)
        closable = answered.exclude(is_confidential=True, answered_by=user)
        yield TodoItem(
            closable.count(), "phản ánh đã trả lời chờ kết thúc", _list("state__exact=answered"), "mark_chat_read"
        )
    mine = seen.given_to(user)
    yield TodoItem(mine.count(), "phản ánh giao tôi trả lời", _list("cua=toi"), "reply")
    if not user.has_perm("beneficiaries.assign_feedback"):
        overdue = mine.overdue()
        yield TodoItem(
            overdue.count(), "phản ánh giao tôi đã quá hạn trả lời", _list("cua=toi&han=qua"), "reply", is_late=True
        )


def _list(query) -> str:
    return f"{reverse('admin:beneficiaries_feedback_changelist')}?{query}"
