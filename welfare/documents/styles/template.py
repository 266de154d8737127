"""A document in a unit's own Word template: which fields a template may name, and the filled file."""

import json
import tempfile
from pathlib import Path

from welfare.children import ChildDied, ask_child
from welfare.documents.docx import render_body
from welfare.documents.layout import OfficialDocument, printable
from welfare.states import Refused

_PROCESS, _SECONDS = "welfare.documents.styles.process", 60
_DIED = "Mẫu Word này vượt quá giới hạn bộ nhớ hoặc thời gian khi điền; hãy dùng mẫu đơn giản hơn."
FIELDS = {
    "co_quan_chu_quan": "Cơ quan chủ quản (dòng trên)",
    "co_quan": "Cơ quan ban hành",
    "so": "Số",
    "ky_hieu": "Ký hiệu",
    "so_ky_hieu": "Số và ký hiệu, như “Số: 05/KH-LĐLĐ”",
    "dia_danh_thoi_gian": "Địa danh, ngày tháng năm",
    "ten_loai": "Tên loại văn bản",
    "trich_yeu": "Trích yếu",
    "tham_quyen": "Thẩm quyền ban hành, dòng trên các căn cứ của quyết định",
    "kinh_gui": "Kính gửi (danh sách)",
    "can_cu": "Căn cứ (danh sách)",
    "noi_nhan": "Nơi nhận (danh sách)",
    "chuc_vu": "Quyền hạn, chức vụ người ký (danh sách)",
    "nguoi_ky": "Họ tên người ký; văn bản nhiều người ký thì chữ ký nằm cuối nội dung",
    "noi_dung": "Toàn bộ nội dung, viết {{p noi_dung }} ở một dòng riêng",
}


def try_template(template: bytes) -> None:
    """Raises ``Refused`` as ``fill_template`` does, and where a mistyped field would be printed as it is."""
    fill_template(template, sample(), is_new=True)


def fill_template(template: bytes, document: OfficialDocument, tick=None, *, is_new=False) -> bytes:
    """Raises ``Refused`` with a sentence when the template is broken, hostile or names an unknown field."""
    document = printable(document)
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / name for name in ("template", "body", "texts", "target")}
        paths["template"].write_bytes(template)
        paths["body"].write_bytes(render_body(document))
        paths["texts"].write_text(json.dumps(_texts(document)), encoding="utf-8")
        try:
            answer = ask_child(_PROCESS, "new" * is_new, *map(str, paths.values()), seconds=_SECONDS, tick=tick)
        except ChildDied:
            raise Refused(_DIED) from None
        if answer["refused"]:
            raise Refused(answer["refused"])
        return paths["target"].read_bytes()


def _texts(document) -> dict:
    superior, issuer = document.letterhead
    signature = document.signatures[0] if len(document.signatures) == 1 else None
    return {
        "co_quan_chu_quan": " ".join(superior), "co_quan": " ".join(issuer), "so": document.number,
        "ky_hieu": document.symbol, "so_ky_hieu": document.number_line, "dia_danh_thoi_gian": document.place_line,
        "ten_loai": document.kind.upper(), "trich_yeu": document.summary, "kinh_gui": document.addressees,
        "can_cu": document.base_lines, "tham_quyen": document.authority.upper(), "noi_nhan": document.recipient_lines,
        "chuc_vu": [line.upper() for line in signature.capacity] if signature else [], "nguoi_ky": signature.name if signature else "",
    }  # fmt: skip


def sample() -> OfficialDocument:
    """What a template is tried with before it is kept."""
    from welfare.documents.blocks import Column, Heading, Paragraph, Table
    from welfare.documents.layout import Recipient, Signature

    return OfficialDocument(
        superior="Cơ quan chủ quản", issuer="Cơ quan ban hành", number="01", symbol="BC-LĐLĐ", place="Địa danh",
        kind="Báo cáo", summary="Nội dung thử mẫu", addressees=["Nơi gửi"], bases=["Căn cứ thử"],
        blocks=[Heading("Thử mẫu", "I"), Paragraph("Nội dung."), Table([Column("Cột")], [["Ô"]])],
        signatures=[Signature(["CHỦ TỊCH"], "Người Ký Thử")], recipients=[Recipient("Lưu: VT")],
    )  # fmt: skip
