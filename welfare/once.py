"""A form that is sent twice, by a double click or a replayed request, is done once.

Every opening of a page carries a CSRF token of its own, so the token together with what was sent names one sending. What
the first led to answers the second. Requests without the token in the form (scripts of a page, ``htmx``, tests) are no
forms and repeat as they please.
"""

import time
from datetime import timedelta
from hashlib import sha256

from celery import shared_task
from django.contrib import messages
from django.db import models
from django.http import HttpResponseRedirect
from django.utils import timezone

_WAIT_SECONDS = 5  # for the first sending of two, which is still at work
_KEPT = timedelta(days=1)
_SIGNING = ("login", "logout")


class SentForm(models.Model):
    """One sending. ``led_to``: the page it led to; "" while it is at work, or where the process died of it."""

    key = models.CharField("khóa", max_length=64, primary_key=True)
    at = models.DateTimeField("gửi lúc", default=timezone.now, db_index=True)
    led_to = models.CharField("dẫn đến", max_length=500, blank=True)

    class Meta:
        verbose_name = "biểu mẫu đã gửi"
        verbose_name_plural = "biểu mẫu đã gửi"
        default_permissions = ()

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M}"


class SendOnceMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.sent_form = ""
        response = self.get_response(request)
        if request.sent_form:
            _keep_or_forget(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        key = _key(request)
        if not key:
            return None
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            sent, is_first = SentForm.objects.get_or_create(key=key)
            if is_first:
                request.sent_form = key
                return None
            if sent.led_to or time.monotonic() > deadline:
                return _answer_again(request, sent)
            time.sleep(0.1)


def _key(request) -> str:
    token = request.POST.get("csrfmiddlewaretoken") if request.method == "POST" else None
    if not token or request.headers.get("HX-Request") or request.resolver_match.url_name in _SIGNING:
        return ""
    files = [(name, [(each.name, each.size) for each in sent]) for name, sent in request.FILES.lists()]
    return sha256(repr((request.get_full_path(), sorted(request.POST.lists()), sorted(files))).encode()).hexdigest()


def _answer_again(request, sent):
    if sent.led_to:
        messages.info(
            request, "Biểu mẫu này đã được gửi rồi nên không ghi lần nữa; muốn ghi thêm, hãy mở lại biểu mẫu."
        )
        return HttpResponseRedirect(sent.led_to)
    messages.warning(
        request, "Biểu mẫu này đã được gửi mà chưa biết kết quả; hãy xem đã ghi chưa, rồi mới gửi lại từ trang này."
    )
    return HttpResponseRedirect(request.get_full_path())


def _keep_or_forget(request, response):
    """What was done leads elsewhere; a form shown again, a refusal and an error may be sent again as they are."""
    rows, location = SentForm.objects.filter(key=request.sent_form), response.get("Location", "")
    if response.status_code in (302, 303) and len(location) <= 500 and not _was_refused(request):
        rows.update(led_to=location)
    else:
        rows.delete()


def _was_refused(request) -> bool:
    told = messages.get_messages(request)
    levels = [message.level for message in told]
    told.used = False  # they are still to be shown
    return messages.ERROR in levels


@shared_task(name="welfare.forget_sent_forms", expires=600)
def forget_sent_forms():
    SentForm.objects.filter(at__lt=timezone.now() - _KEPT).delete()
