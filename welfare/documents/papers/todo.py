from django.db.models import Q
from django.urls import reverse

from welfare.documents.papers.models import Paper
from welfare.site import TodoItem


def waiting(user):
    """Papers laid before the signer by others; papers of one's own that came back."""
    papers = Paper.objects.for_user(user)
    if user.has_perm("welfare.issue_paper"):
        own = papers.filter(unit__in=user.reach.own, state=Paper.State.SUBMITTED)
        others = own.exclude(Q(created_by=user) | Q(submitted_by=user))
        yield _item(others, "văn bản đã trình, chờ ban hành", "submitted", "approval")
    returned = papers.filter(created_by=user, state=Paper.State.DRAFT).exclude(return_reason="")
    yield _item(returned, "văn bản bị trả lại, chờ sửa", "draft", "undo", is_late=True)


def _item(papers, words, state, icon, is_late=False):
    found = list(papers.values_list("pk", flat=True))
    page = reverse("admin:welfare_paper_changelist") + f"?state__exact={state}"
    if len(found) == 1:
        page = reverse("admin:welfare_paper_change", args=found)
    return TodoItem(len(found), words, page, icon, is_late)
