"""Prints one HTML page as PDF: HTML on standard input, PDF on standard output.

Started by rendering.py as a process of its own, by path and without Django, because a document is not to be trusted
with the worker: this process has limits, fetches nothing and can't open a connection. Arguments: seconds of CPU time,
bytes of memory, PDF variant.
"""

import gc
import resource
import sys

# What a page could make the libraries do and must not: talk to anyone, start anything.
FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.", "os.system", "os.exec", "os.posix_")


def main(seconds, memory, variant):
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # the process ends with its one page; looking for cycles takes a fifth of the time and frees nearly nothing
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    sys.addaudithook(_refuse)
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    html = HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=fetcher)
    html.write_pdf(sys.stdout.buffer, pdf_variant=variant or None, presentational_hints=True)


def _refuse(event, _arguments):
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    except MemoryError:
        sys.exit("MemoryError")
