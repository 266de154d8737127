"""The two public pages: anybody writes to the union, and reads its answer with the code that writing gave.

They tell nothing of who is known here, and nothing but state and answer of what was sent.
"""

from functools import wraps

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from beneficiaries.feedback.codes import code_of_form, hashes_of, new_form_token
from beneficiaries.feedback.forms import STALE, TOO_BIG, PublicForm, TrackForm, refresh_token
from beneficiaries.feedback.models import Feedback
from beneficiaries.feedback.receiving import receive, unit_names
from welfare.rate_limits import CannotCount, TooOften, count
from welfare.uploads import was_too_big

_POLICY = {
    "default-src": [NONE], "style-src": [SELF], "img-src": [SELF], "font-src": [SELF], "form-action": [SELF],
    "base-uri": [NONE], "frame-ancestors": [NONE],
}  # fmt: skip


def _public(view):
    """Open to all, with the strictest policy: no script, nothing from elsewhere, not in a frame.

    Who happens to be signed in is nobody here: neither history nor audit shall tell who wrote.
    """

    @wraps(view)
    @never_cache
    @csp(_POLICY)
    @require_http_methods(["GET", "HEAD", "POST"])
    def shown(request):
        request.user = AnonymousUser()
        return view(request)

    return shown


@_public
def feedback_new(request):
    if request.method != "POST":
        return _form(request, PublicForm(initial={"token": new_form_token()}))
    form = PublicForm(request.POST, request.FILES)
    try:
        count(request, "feedback", most=settings.FEEDBACKS_PER_HOUR)
    except TooOften:
        return _refused(request, form, 429)
    except CannotCount:
        return _refused(request, form, 503)
    return _received(request, form)


def _received(request, form):
    code = code_of_form(request.POST.get("token", ""))
    if was_too_big(request):
        form.add_error("files", TOO_BIG)
    if code is None:
        form.add_error(None, STALE)
    if not form.is_valid():
        return _form(request, form, status=413 if was_too_big(request) else 400)
    receive(code, **form.said)  # sent twice it is there already, and has the same code
    return render(request, "public/feedback_sent.html", {"code": code})


def _form(request, form, status=200):
    refresh_token(form)
    return render(request, "public/feedback_new.html", {"form": form, "units": unit_names()}, status=status)


def _refused(request, form, status):
    """What was typed stands on the page, so that nothing is lost by waiting."""
    written = form.data.get("text", "")[:5000].replace("\0", "")
    return render(request, "public/feedback_later.html", {"status": status, "written": written}, status=status)


@_public
def feedback_track(request):
    form = TrackForm(request.POST or None)
    if request.method != "POST":
        return render(request, "public/feedback_track.html", {"form": form})
    try:
        count(request, "tracking", most=settings.TRACKINGS_PER_HOUR)
    except TooOften:
        return _refused(request, form, 429)
    except CannotCount:
        return _refused(request, form, 503)
    found = _found(form) if form.is_valid() else None
    context = {"form": form, "found": found, "asked": True}
    return render(request, "public/feedback_track.html", context, status=200 if found else 404)


def _found(form) -> Feedback | None:
    hashes = hashes_of(form.cleaned_data["code"])
    return Feedback.objects.filter(code_hash__in=hashes).select_related("kind").first() if hashes else None
