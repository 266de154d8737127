"""How long a sign-in lasts: one hour without doing anything, twelve hours in all."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import render

_LAST, _SINCE = "last_seen", "signed_in_at"


class SessionLimitsMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            _keep_or_end(request)
        return self.get_response(request)


def _keep_or_end(request):
    now, session = time.time(), request.session
    since, last = session.setdefault(_SINCE, now), session.setdefault(_LAST, now)
    if now - last > settings.SESSION_IDLE_SECONDS or now - since > settings.SESSION_COOKIE_AGE:
        logout(request)
    elif now - last > 60 and not _is_poll(request):
        session[_LAST] = now


def _is_poll(request) -> bool:
    """A page that refreshes itself is not somebody at work: it must not keep the session alive."""
    return request.headers.get("X-Poll") == "1"


def locked_out(request, credentials, *args, **kwargs):
    return render(request, "registration/locked_out.html", status=429)
