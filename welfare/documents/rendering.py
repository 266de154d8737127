"""An official document as HTML for the browser and as PDF, from the same template and style sheet."""

import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from welfare.documents import fonts
from welfare.documents.layout import OfficialDocument, printable

PDF_VARIANT = "pdf/a-3a"  # archival, with tags and language for screen readers
# Of what will be merged: without tags, which take a fifth of the time; joining those of 10,000 rows takes 350 MB.
PART_VARIANT = "pdf/a-3b"
MEMORY = 1024**3
SECONDS = 120
_PROCESS = Path(__file__).with_name("pdf_process.py")
_TICK_SECONDS = 1
_TOO_LARGE = "Không tạo được tệp PDF: tài liệu quá lớn. Hãy chia danh sách thành nhiều phần hoặc tải bản Excel."
_FAILED = (
    "Không tạo được tệp PDF do lỗi khi dàn trang. Hãy thử lại; nếu vẫn lỗi, hãy tải bản Word và báo quản trị viên."
)
_NO_FONT = (
    f"Máy chủ chưa có phông chữ {fonts.FAMILY} nên không in được PDF đúng thể thức. Hãy tải bản Word, và báo quản trị "
    f"hệ thống cài gói {fonts.PACKAGE}."
)

logger = logging.getLogger(__name__)


class RenderingError(Exception):
    """Holds one Vietnamese sentence for the user."""


def official_css() -> str:
    return style_sheet("documents/official.css")


def style_sheet(path: str) -> str:
    """A static file, for a page that is printed and fetches nothing."""
    return Path(finders.find(path)).read_text(encoding="utf-8")


def render_html(document: OfficialDocument, *, template="documents/official.html", **context) -> str:
    """A whole page for the browser; its style sheet is linked."""
    return render_to_string(template, {"document": printable(document), **context})


def render_pdf(
    document: OfficialDocument,
    *,
    template="documents/official.html",
    tick: Callable[[], object] | None = None,
    variant: str = PDF_VARIANT,
    **context,
) -> bytes:
    """Raises RenderingError as ``html_to_pdf`` does, and where the font of official documents is missing."""
    need_font()
    html = render_html(document, template=template, print_css=official_css(), **context)
    return html_to_pdf(html, tick=tick, variant=variant)


def need_font():
    """Raises RenderingError where the font of official documents is missing."""
    if not fonts.has_font(fonts.FAMILY):
        raise RenderingError(_NO_FONT)


def html_to_pdf(html: str, *, tick=None, variant=PDF_VARIANT, seconds=SECONDS, memory=MEMORY) -> bytes:
    """Prints a page in a limited child process that fetches nothing but `data:` addresses.

    `tick` is called about once a second while waiting (a job's heartbeat); what it raises ends the child.
    Raises RenderingError when the page is beyond the limits of time (CPU and wall clock) or memory, or can't be set.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target, tempfile.TemporaryFile() as errors:
        source.write(html.encode("utf-8", "replace"))
        source.seek(0)
        command = [sys.executable, "-I", str(_PROCESS), str(seconds), str(memory), variant or ""]
        with subprocess.Popen(command, stdin=source, stdout=target, stderr=errors, env=_ENVIRONMENT) as process:
            try:
                in_time = _wait(process, seconds, tick or (lambda: None))
            finally:
                process.kill()
        if process.returncode:
            errors.seek(0)
            _refuse(in_time, process.returncode, errors.read().decode("utf-8", "replace"))
        target.seek(0)
        return target.read()


# The child needs neither the settings' secrets nor anything else of the worker's environment.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


def _wait(process, seconds, tick):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            process.wait(timeout=_TICK_SECONDS)
            return True
        except subprocess.TimeoutExpired:
            tick()
    return False


def _refuse(in_time, returncode, errors):
    too_large = not in_time or returncode < 0 or "MemoryError" in errors
    logger.error("PDF process ended with %s: %s", returncode, errors[-2000:])
    raise RenderingError(_TOO_LARGE if too_large else _FAILED)
