from django.http import HttpResponseNotAllowed


class OlderVersionsAreRead:
    """simple_history's page of an older version saves that version when posted to, even by those who may only look."""

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return super().history_form_view(request, object_id, version_id, extra_context)
