"""Unpacks the zip around .xlsx and .ods without trusting what it says about itself."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from beneficiaries.intake import limits
from beneficiaries.intake.limits import IntakeRefused

_LOCAL_HEADER = struct.Struct("<26xHH")
_ENCRYPTED = 1
_CHUNK = 1 << 18
PASSWORD = "Tệp có mật khẩu. Bỏ mật khẩu (Excel: Tệp > Thông tin > Bảo vệ) rồi tải lại."
_BROKEN = "Tệp bị hỏng hoặc tải lên chưa trọn; hãy mở bằng Excel, lưu lại rồi tải lên lần nữa."
_TOO_LARGE = "Tệp giải nén ra quá lớn (hơn 100 MB hoặc gấp hơn 100 lần); hãy chép riêng bảng danh sách sang tệp mới."


def open_archive(data: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise IntakeRefused(_BROKEN) from error
    names = [part_name(entry.filename) for entry in archive.infolist()]
    if len(set(names)) < len(names):  # which of two the reader would take is anybody's guess
        raise IntakeRefused(_BROKEN)
    if len(archive.infolist()) > limits.ENTRIES:
        raise IntakeRefused(
            f"Tệp chứa quá nhiều phần ({len(archive.infolist())}, tối đa {limits.ENTRIES}); "
            "hãy chép riêng bảng danh sách sang tệp mới."
        )
    return archive


def part_name(written: str) -> str:
    """The name by which a part is looked up: writers differ in capitals and slashes."""
    return written.replace("\\", "/").lower()


def parts(archive: zipfile.ZipFile, data: bytes) -> Iterator[tuple[str, bytes]]:
    """(part_name, content) of every entry. Sizes are counted while inflating; the declared ones may lie."""
    total = 0
    for entry in archive.infolist():
        content = _inflate(entry, data, limits.UNPACKED_BYTES - total)
        total += len(content)
        if content.startswith(b"PK\x03\x04"):
            raise IntakeRefused("Tệp có tệp khác nhúng bên trong; hãy xóa phần nhúng rồi tải lại.")
        yield part_name(entry.filename), content


def _inflate(entry: zipfile.ZipInfo, data: bytes, room: int) -> bytes:
    if entry.flag_bits & _ENCRYPTED:
        raise IntakeRefused(PASSWORD)
    try:
        name_length, extra_length = _LOCAL_HEADER.unpack_from(data, entry.header_offset)
    except struct.error as error:
        raise IntakeRefused(_BROKEN) from error
    start = entry.header_offset + 30 + name_length + extra_length
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return _counted([bytes(packed)], len(packed), room)
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        return _counted(_inflated_chunks(packed), len(packed), room)
    raise IntakeRefused(_BROKEN)


def _counted(chunks, packed_size: int, room: int) -> bytes:
    kept, size = [], 0
    for chunk in chunks:
        size += len(chunk)
        if size > room or (size > limits.RATIO_FROM_BYTES and size > limits.RATIO * packed_size):
            raise IntakeRefused(_TOO_LARGE)
        kept.append(chunk)
    return b"".join(kept)


def _inflated_chunks(packed: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _CHUNK):
            waiting = packed[start : start + _CHUNK]
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, _CHUNK)
                waiting = inflater.unconsumed_tail
        while not inflater.eof and (chunk := inflater.decompress(b"", _CHUNK)):
            yield chunk
    except zlib.error as error:
        raise IntakeRefused(_BROKEN) from error
    if not inflater.eof:
        raise IntakeRefused(_BROKEN)
