"""Opens a form of others (.xlsx, .docx) in a process of its own: reads its cells, or fills some in a copy.

Run by asking.py through ``welfare.children`` with paths; neither this module nor those it calls import Django.
"""

import io
import json
import resource
import sys
import zipfile

from welfare.documents.outer.places import FormRefused

SECONDS, MEMORY = 20, 1 << 30
FILE_BYTES, UNPACKED_BYTES, ENTRIES, CELLS = 10 << 20, 80 << 20, 1_000, 8_000
_OLD_FORMAT = b"\xd0\xcf\x11\xe0"
_BROKEN = "Tệp bị hỏng hoặc không phải biểu mẫu .xlsx, .docx; hãy mở bằng Excel hoặc Word, lưu lại rồi tải lên."
_LOCKED = "Tệp có mật khẩu hoặc ở dạng cũ (.xls, .doc); hãy mở bằng Excel hoặc Word, bỏ mật khẩu, lưu lại thành .xlsx hoặc .docx rồi tải lên."
_TOO_LARGE = "Biểu mẫu quá lớn; hãy bỏ bớt trang tính, ảnh và dòng trống rồi tải lên."
_MACROS = "Biểu mẫu có macro; hãy lưu lại thành .xlsx hoặc .docx không macro rồi tải lên."
_NOTHING = "Biểu mẫu không có ô nào để điền: không thấy ô trống hay chỗ chấm chấm nào."


def main(action: str, path: str, values_path: str = "", target_path: str = "") -> None:
    for limit, value in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(
            limit, (value, value + 5 * (limit == resource.RLIMIT_CPU))
        )  # at the softer one SIGXCPU ends it
    try:
        answer = _read(path) if action == "read" else _fill(path, values_path, target_path)
    except FormRefused as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        raise
    except Exception:  # a broken file breaks a reader in any way
        answer = {"refused": _BROKEN}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _read(path) -> dict:
    data, kind = _checked(path)
    sheets = _module(kind).sheets_of(data)
    cells = [cell for sheet in sheets for row in sheet["rows"] for cell in row]
    if sum(1 + len(cell.get("blanks", ())) for cell in cells) > CELLS:
        raise FormRefused(_TOO_LARGE)
    if not any(cell["fill"] or cell.get("blanks") for cell in cells):
        raise FormRefused(_NOTHING)
    return {"kind": kind, "sheets": sheets}


def _fill(path, values_path, target_path) -> dict:
    data, kind = _checked(path)
    with open(values_path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs the child time
        values = json.load(file)
    filled = _module(kind).filled(data, values)
    with open(target_path, "wb") as file:  # noqa: PTH123
        file.write(filled)
    return {"filled": len(values)}


def _module(kind):
    from welfare.documents.outer import word, workbook

    return workbook if kind == "xlsx" else word


def _checked(path) -> tuple[bytes, str]:
    """The file and its kind, after a look at the archive that unpacks no more of an entry than its beginning."""
    with open(path, "rb") as file:  # noqa: PTH123
        data = file.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        raise FormRefused(_TOO_LARGE)
    if data.startswith(_OLD_FORMAT):
        raise FormRefused(_LOCKED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED_BYTES:
            raise FormRefused(_TOO_LARGE)
        names = {entry.filename for entry in entries}
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise FormRefused(_MACROS)
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in _beginning(archive, entry):
                raise FormRefused(_BROKEN)
    if "xl/workbook.xml" in names:
        return data, "xlsx"
    if "word/document.xml" in names:
        return data, "docx"
    raise FormRefused(_BROKEN)


def _beginning(archive, entry) -> bytes:
    with archive.open(entry) as file:
        return file.read(4096)
