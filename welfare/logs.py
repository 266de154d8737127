from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """Logs each request without its query string: a search holds names and identity numbers."""

    @staticmethod
    def format_request(request):
        return f"{request.method} {request.path}"
