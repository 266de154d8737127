from django.conf import settings
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """Logs each request without its query string: a search holds names and identity numbers."""

    @staticmethod
    def format_request(request):
        return f"{request.method} {request.path}"

    @classmethod
    def bind_ip(cls, request):
        """Who writes without a name is promised not to be traced."""
        if not request.path.startswith(settings.ANONYMOUS_PATHS):
            super().bind_ip(request)
