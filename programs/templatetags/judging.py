from django import template

from programs.reporting.board import Judging

register = template.Library()


@register.simple_tag(takes_context=True)
def judging_of(context, report) -> Judging:
    """What the signed-in user may do about a report now; false where that is nothing."""
    return Judging(context["request"].user, report)
