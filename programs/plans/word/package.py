"""Takes the parts of a .docx that hold its text out of the zip, without trusting what that says about itself."""

import io
import re
import struct
import zipfile
import zlib
from xml.etree import ElementTree

from programs.plans.word import limits
from programs.plans.word.limits import WordRefused

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 1
_CHUNK = 1 << 18
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE_ENCODING = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_DOCUMENT = re.compile(r"word/document\d*\.xml")
_EMPTY = "Tệp rỗng, không có nội dung; hãy kiểm tra lại tệp đã chọn."
_OLD = "Tệp .doc đời cũ chưa đọc được; hãy mở bằng Word, chọn Lưu thành .docx rồi tải lại."
_PASSWORD = "Tệp có mật khẩu; hãy mở bằng Word, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ) rồi tải lại."
_MACRO = "Tệp có macro nên không được nhận; hãy lưu thành .docx rồi tải lại."
_NOT_WORD = "Nội dung tệp không phải văn bản Word; hãy mở bằng Word, chọn Lưu thành .docx rồi tải lại."
_BROKEN = "Tệp bị hỏng hoặc tải lên chưa trọn; hãy mở bằng Word, lưu lại rồi tải lên lần nữa."
_TOO_LARGE = "Tệp giải nén ra quá lớn; hãy chép riêng phần chữ của kế hoạch sang tệp mới rồi tải lại."
_MARKUP = "Tệp có khai báo XML lạ (DOCTYPE) nên không được nhận; hãy mở bằng Word, lưu lại rồi tải lên."


def read_parts(data: bytes) -> dict[str, ElementTree.Element]:
    """The trees of "document", "styles" and "numbering"; the last two only where the file has them."""
    archive = _open(data)
    names = {entry.filename.lower().replace("\\", "/"): entry for entry in archive.infolist()}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise WordRefused(_MACRO)
    document = next((entry for name, entry in names.items() if _DOCUMENT.fullmatch(name)), None)
    if document is None:
        raise WordRefused(_PASSWORD if "encryptedpackage" in names else _NOT_WORD)
    entries = {"document": document}
    entries |= {part: names[f"word/{part}.xml"] for part in ("styles", "numbering") if f"word/{part}.xml" in names}
    return {part: _tree(_inflated(archive, entry)) for part, entry in entries.items()}


def _open(data: bytes) -> zipfile.ZipFile:
    if not data.strip(b"\0 \r\n\t"):
        raise WordRefused(_EMPTY)
    if data.startswith(_OLE):
        raise WordRefused(_PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else _OLD)
    if not data.startswith(b"PK"):
        raise WordRefused(_NOT_WORD)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
        raise WordRefused(_BROKEN) from error
    if len(archive.infolist()) > limits.ENTRIES:
        raise WordRefused(_TOO_LARGE)
    return archive


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Counted while inflating: the declared size may lie."""
    if entry.flag_bits & _ENCRYPTED:
        raise WordRefused(_PASSWORD)
    kept = bytearray()
    try:
        with archive.open(entry) as source:
            while chunk := source.read(_CHUNK):
                kept += chunk
                _check_size(len(kept), entry.compress_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError, struct.error) as error:
        raise WordRefused(_BROKEN) from error
    return bytes(kept)


def _check_size(size: int, packed: int) -> None:
    if size > limits.PART_BYTES or (size > limits.RATIO_FROM_BYTES and size > limits.RATIO * packed):
        raise WordRefused(_TOO_LARGE)


def _tree(xml: bytes) -> ElementTree.Element:
    if _FORBIDDEN.search(xml) or xml[:2] in _WIDE_ENCODING:
        raise WordRefused(_MARKUP)
    try:
        return ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise WordRefused(_BROKEN) from error
