from django import template
from django.http import Http404

from welfare.documents.printing import function_of

register = template.Library()


@register.inclusion_tag("documents/draft_button.html", takes_context=True)
def draft_button(context, kind, subject_id):
    """In a form that prints a document: begins its draft, with what the form adds. Nothing where it is not issued so."""
    is_shown = _is_issued(kind) and context["request"].user.has_perm("welfare.add_paper")
    return {"kind": kind, "subject_id": subject_id, "is_shown": is_shown}


def _is_issued(kind) -> bool:
    try:
        return bool(getattr(function_of(kind), "issued_as", ""))
    except Http404:
        return False
