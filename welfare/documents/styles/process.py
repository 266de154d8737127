"""Fills a unit's own Word template in a process of its own, as neither the file nor what is written in it is trusted.

Run by template.py through ``welfare.children`` with paths; imports no Django. Fields are Jinja in a sandbox: they see the
document's texts and nothing of the programme; a wrong field is told in one Vietnamese sentence.
"""

import io
import json
import os
import re
import resource
import sys
import zipfile

SECONDS, MEMORY = 30, 1 << 30
FILE_BYTES, UNPACKED_BYTES, ENTRIES = 10 << 20, 60 << 20, 500
FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.", "os.system", "os.exec", "os.posix_")
BODY = "noi_dung"
_PRINTED = re.compile(r"/word/(document|header\d*|footer\d*|footnotes)\.xml")
_TAG = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#.*?#\}")
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LINK = "/hyperlink"
_BROKEN = "Mẫu Word bị hỏng hoặc không phải tệp .docx; hãy mở bằng Word, lưu lại thành .docx rồi tải lên."
_TOO_LARGE = "Mẫu Word quá lớn; hãy bỏ bớt ảnh rồi tải lên."
_FORBIDDEN = "Mẫu Word có trường không được phép; chỉ dùng các trường trong bảng hướng dẫn."
_LINKED = (
    "Mẫu Word nối tới tệp ở ngoài (ảnh hoặc mẫu liên kết), máy của người mở sẽ tự tải tệp đó; hãy chèn hẳn vào mẫu hoặc bỏ "
    "liên kết rồi tải lên."
)
_UNKNOWN = "Mẫu Word có trường không có trong bảng hướng dẫn: {}."
_SYNTAX = "Mẫu Word có trường viết sai, thiếu hoặc thừa dấu ngoặc; hãy viết đúng như {{ so_ky_hieu }}."
_MISTYPED = "Mẫu Word có chỗ thiếu hoặc thừa dấu ngoặc, không được thay bằng nội dung: “{}”; hãy viết đúng như {{{{ so_ky_hieu }}}}."
_NO_BODY = "Mẫu Word chưa có chỗ cho nội dung; hãy đặt {{p noi_dung }} ở một dòng riêng."


def main(is_new: str, template: str, body: str, texts: str, target: str) -> None:
    """``is_new``, unless empty: the template is not in use yet and has to be without mistyped fields too."""
    for limit, value in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (value, value))
    sys.stdout.write(json.dumps({"refused": _refusal(is_new, template, body, texts, target)}, ensure_ascii=False))
    sys.stdout.flush()


def _refusal(is_new, template, body, texts, target) -> str:
    """Empty when the filled document was written."""
    import jinja2
    from jinja2.sandbox import SandboxedEnvironment, SecurityError

    with open(template, "rb") as file:  # noqa: PTH123 - pathlib costs the child time
        data = file.read(FILE_BYTES + 1)
    if problem := _archive_problem(data):
        return problem
    environment = SandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=True)
    environment.globals.clear()
    try:
        _fill(is_new, data, body, texts, target, environment)
    except MemoryError:
        raise
    except jinja2.UndefinedError as error:
        return _UNKNOWN.format(_name_in(str(error)))
    except SecurityError:
        return _FORBIDDEN
    except jinja2.TemplateError:
        return _SYNTAX
    except _Mistyped as mistyped:
        return _MISTYPED.format(mistyped)
    except _NoBody:
        return _NO_BODY
    except _LinksOut:
        return _LINKED
    except Exception:  # a broken file breaks a reader in any way
        return _BROKEN
    return ""


class _Mistyped(Exception):
    pass


class _NoBody(Exception):
    pass


class _LinksOut(Exception):
    pass


def _archive_problem(data) -> str:
    if len(data) > FILE_BYTES:
        return _TOO_LARGE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED_BYTES:
                return _TOO_LARGE
            xml = [entry for entry in entries if entry.filename.endswith((".xml", ".rels"))]
            has_doctype = any(b"<!DOCTYPE" in archive.read(entry)[:4096] for entry in xml)
            is_word = any(entry.filename == "word/document.xml" for entry in entries)
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return _BROKEN
    return "" if is_word and not has_doctype else _BROKEN


def _links_out(package) -> bool:
    """To what Word fetches by itself when the document is opened; a hyperlink is fetched by a click alone."""
    parts = [package, *package.iter_parts()]
    return any(each.is_external and not each.reltype.endswith(_LINK) for part in parts for each in part.rels.values())


def _mistyped(package) -> str:
    """The first piece with a brace that no field has: it would be printed as it is, or swallow what comes after it."""
    from lxml import etree

    printed = [part for part in package.iter_parts() if _PRINTED.fullmatch(part.partname)]
    for paragraph in (each for part in printed for each in etree.fromstring(part.blob).iter(f"{_WORDS}p")):
        text = _TAG.sub("\n", "".join(piece.text or "" for piece in paragraph.iter(f"{_WORDS}t")))
        if found := re.search(r".*[{}].*", text):
            return found[0].strip()[:60]
    return ""


def _fill(is_new, data, body, texts, target, environment):
    """The template sees texts alone: an object of docxtpl's opens and writes files, and the sandbox lets it."""
    from docxtpl import DocxTemplate
    from markupsafe import Markup

    with open(texts, encoding="utf-8") as file:  # noqa: PTH123
        known = json.load(file)
    template = DocxTemplate(io.BytesIO(data))
    template.init_docx()
    if _links_out(template.docx.part.package):
        raise _LinksOut
    if is_new and (text := _mistyped(template.docx.part.package)):
        raise _Mistyped(text)
    names = template.get_undeclared_template_variables(environment)
    if BODY not in names:
        raise _NoBody
    sys.addaudithook(_refuse)
    template.render({**known, BODY: Markup(template.new_subdoc(body))}, environment)
    template.save(target)


def _name_in(error) -> str:
    """Jinja's sentence quotes the name last: "'so' is undefined", "'str object' has no attribute 'so'"."""
    names = re.findall("'([^']+)'", error)
    return names[-1][:60] if names else "…"


def _refuse(event, arguments):
    if event.startswith(FORBIDDEN) or event == "open" and _writes(*arguments):
        raise PermissionError(event)


def _writes(path, _mode, flags) -> bool:
    """Another file than the one asked for."""
    return bool(flags & (os.O_WRONLY | os.O_RDWR)) and str(path) != sys.argv[-1]
