"""Prints one HTML page as PDF: HTML on standard input, PDF on standard output.

Started by rendering.py as a process of its own, by path and without Django, because a document is not to be trusted
with the worker: this process has limits, fetches nothing and can't open a connection. Arguments: seconds of CPU time,
bytes of memory, PDF variant.
"""

import gc
import os
import resource
import sys
from functools import cached_property

# What a page could make the libraries do and must not: talk to anyone, start anything.
FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.", "os.system", "os.exec", "os.posix_")


def main(seconds, memory, variant):
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Before WeasyPrint looks for its libraries: it would ask ldconfig and gcc for every name another system gives them.
    sys.addaudithook(_refuse)
    gc.disable()  # the process ends with its one page; looking for cycles takes a fifth of the time and frees nearly nothing
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    _spare_work()
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    html = HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=fetcher)
    html.write_pdf(sys.stdout.buffer, pdf_variant=variant or None, presentational_hints=True)
    sys.stdout.flush()
    os._exit(0)  # to give back every object of a page one by one takes a tenth of the time


def _spare_work():
    """What the libraries (WeasyPrint 70, pydyf 0.13) do for every page and none of ours needs: a tenth of the time."""
    from pydyf import Stream
    from weasyprint.html import UA_STYLESHEET

    # Notes, which no page of ours has, are styled five times for every element.
    matcher = UA_STYLESHEET.matcher
    matcher.other_selectors = [selector for selector in matcher.other_selectors if "note" not in (selector[3] or "")]
    # Streams are compressed for the file and again for its identifier.
    Stream.data = cached_property(Stream.data.fget)
    Stream.data.__set_name__(Stream, "data")


def _refuse(event, _arguments):
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    except MemoryError:
        sys.exit("MemoryError")
