"""Fills a unit's own Word template in a process of its own, as neither the file nor what is written in it is trusted.

Run by template.py through ``welfare.children`` with paths; imports no Django. Fields are Jinja in a sandbox: they see the
document's texts and nothing of the programme; a wrong field is told in one Vietnamese sentence.
"""

import io
import json
import resource
import sys
import zipfile

SECONDS, MEMORY = 30, 1 << 30
FILE_BYTES, UNPACKED_BYTES, ENTRIES = 10 << 20, 60 << 20, 500
FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.", "os.system", "os.exec", "os.posix_")
BODY = "noi_dung"
_BROKEN = "Mẫu Word bị hỏng hoặc không phải tệp .docx; hãy mở bằng Word, lưu lại thành .docx rồi tải lên."
_TOO_LARGE = "Mẫu Word quá lớn; hãy bỏ bớt ảnh rồi tải lên."
_FORBIDDEN = "Mẫu Word có trường không được phép; chỉ dùng các trường trong bảng hướng dẫn."
_UNKNOWN = "Mẫu Word có trường không có trong bảng hướng dẫn: {}."
_SYNTAX = "Mẫu Word có trường viết sai, thiếu hoặc thừa dấu ngoặc; hãy viết đúng như {{ so_ky_hieu }}."
_NO_BODY = "Mẫu Word chưa có chỗ cho nội dung; hãy đặt {{p noi_dung }} ở một dòng riêng."


def main(template: str, body: str, texts: str, target: str) -> None:
    for limit, value in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (value, value))
    sys.stdout.write(json.dumps({"refused": _refusal(template, body, texts, target)}, ensure_ascii=False))
    sys.stdout.flush()


def _refusal(template, body, texts, target) -> str:
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
        _fill(data, body, texts, target, environment)
    except MemoryError:
        raise
    except jinja2.UndefinedError as error:
        return _UNKNOWN.format(_name_in(str(error)))
    except SecurityError:
        return _FORBIDDEN
    except jinja2.TemplateError:
        return _SYNTAX
    except _NoBody:
        return _NO_BODY
    except Exception:  # a broken file breaks a reader in any way
        return _BROKEN
    return ""


class _NoBody(Exception):
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


def _fill(data, body, texts, target, environment):
    from docxtpl import DocxTemplate

    with open(texts, encoding="utf-8") as file:  # noqa: PTH123
        known = json.load(file)
    template = DocxTemplate(io.BytesIO(data))
    template.init_docx()
    names = template.get_undeclared_template_variables(environment)
    if BODY not in names:
        raise _NoBody
    sys.addaudithook(_refuse)
    template.render({**known, BODY: template.new_subdoc(body)}, environment)
    template.save(target)


def _name_in(error) -> str:
    """Jinja's sentence quotes the name first: "'so' is undefined"."""
    parts = error.split("'")
    return parts[1][:60] if len(parts) > 2 else "…"


def _refuse(event, _arguments):
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)
