"""The kinds of list that can be taken in. settings.LIST_KINDS names each by dotted path."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from beneficiaries.intake import cells, fields, money
from beneficiaries.intake.fields import Field, words


@dataclass(frozen=True)
class Kind:
    """What a list of this kind holds and how it is recognised.

    title: folded wording of the list's title; distinctive: fields that only this kind has; totals: the money
    columns whose sum a total line states, the first one present counts; checks: functions of Rows; into: dotted path
    of f(code, unit), which gives g(batch, user, commit=) that takes a read list into what ``code`` names (an event).
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    title: re.Pattern
    distinctive: frozenset[str] = frozenset()
    totals: tuple[str, ...] = ("amount",)
    checks: tuple[Callable, ...] = ()
    into: str = ""

    @property
    def known(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}


PERSON_FIELDS = (
    fields.RECORD,
    fields.FULL_NAME,
    fields.FAMILY_PART,
    fields.BIRTH,
    *fields.BIRTH_PARTS,
    fields.GENDER,
    fields.NATIONAL_ID,
    fields.PHONE,
    fields.WORKPLACE,
    fields.POSITION,
    fields.ADDRESS,
    *fields.ADDRESS_PARTS,
    fields.ETHNICITY,
    fields.NOTE,
)
HOUSEHOLD_FIELDS = (
    fields.HEAD_NAME,
    fields.HEAD_NATIONAL_ID,
    fields.HARDSHIP,
    fields.HOUSEHOLD_STATUS,
    fields.HOUSEHOLD_ROLE,
    fields.CERTIFICATE,
    fields.HOUSEHOLD_SIZE,
    fields.MEMBERS,
    fields.BANK_ACCOUNT,
    fields.BANK_NAME,
)

PEOPLE = Kind(
    "people",
    "Danh sách đối tượng",
    (*PERSON_FIELDS, *HOUSEHOLD_FIELDS, fields.AMOUNT, fields.AMOUNT_CASH, fields.AMOUNT_IN_KIND),
    title=re.compile("doan vien|nguoi lao dong|ho ngheo|kho khan|nhan qua|ho tro"),
)


def _cost(name: str, label: str, aliases: str) -> Field:
    return Field(name, label, words(aliases), read=money.read_money, binds="unit", content="money", joins="sum")


CONSTRUCTION = Field(
    "construction",
    "Hình thức (xây mới, sửa chữa)",
    words(
        "hinh thuc, xay moi sua chua, xay moi hay sua chua, loai nha, hinh thuc ho tro, xay sua, loai hinh, hinh thuc xay dung,"
        "xay moi hoac sua chua, de nghi xay moi sua chua, noi dung ho tro, xay dung sua chua, loai hinh ho tro, nhu cau, nhu cau ho tro,"
        "xm sc, loai cong trinh, de nghi xay sua, hinh thuc lam nha, noi dung de nghi"
    ),
    read=cells.read_construction,
    content="construction",
)
HOUSE_FIELDS = (
    CONSTRUCTION,
    _cost(
        "cost_total",
        "Tổng kinh phí",
        "tong, tong cong, tong kinh phi, tong so, tong chi phi, tong gia tri, du toan, kinh phi du kien, tong du toan, tri gia,"
        "gia tri, gia tri can nha, tong kinh phi xay dung, tong muc dau tu, tong gia tri can nha, kinh phi xay dung, chi phi xay dung,"
        "kinh phi, du toan kinh phi, tong so tien, kinh phi tong, kinh phi tong cong, tong kinh phi du kien, tri gia nha",
    ),
    _cost(
        "cost_union",
        "Công đoàn hỗ trợ",
        "ldld ho tro, cong doan ho tro, ldld, cong doan, ldld tinh, ldld tinh ho tro, quy mai am, quy mai am cong doan, muc ho tro,"
        "tu quy mai am, de nghi ho tro, so tien de nghi ho tro, so tien ho tro, kinh phi ho tro, ho tro, muc de nghi ho tro, cd ho tro,"
        "quy xa hoi cong doan, quy xa hoi, quy tam long vang, von cong doan, nguon cong doan, cdcs ho tro, cdcs, cong doan co so,"
        "to chuc cong doan, kinh phi cong doan, muc de nghi, so tien de nghi, kinh phi de nghi ho tro, quy cong doan, ldld cap,"
        "ldld huyen, cong doan cap tren, to chuc cong doan ho tro, tien ho tro, de nghi ldld ho tro, kinh phi ldld ho tro",
    ),
    _cost(
        "cost_family",
        "Gia đình",
        "gia dinh, gia dinh dong gop, gia dinh doi ung, doi ung, ban than, ban than gia dinh, von gia dinh, gia dinh tu co, tu co,"
        "von tu co, gia dinh bo ra, doi ung gia dinh, gia dinh ban than, gia dinh tu luc, von doi ung, kinh phi gia dinh, tu gia dinh",
    ),
    _cost(
        "cost_other",
        "Nguồn khác",
        "khac, nguon khac, xa hoi hoa, ho tro khac, dia phuong, doanh nghiep, nha tai tro, von khac, van dong, dong gop khac,"
        "nguon ho tro khac, cac nguon khac, dia phuong ho tro, doanh nghiep ho tro, kinh phi khac, chinh quyen, co quan, ban be,"
        "manh thuong quan, don vi ho tro, cong ty ho tro, nguon xa hoi hoa, ho hang, dong nghiep, vay, von vay",
    ),
    Field(
        "house_condition",
        "Hiện trạng nhà ở",
        words(
            "hien trang nha o, hien trang, tinh trang nha o, hien trang nha, tinh trang nha, dac diem nha o, thuc trang nha o, nha o,"
            "thuc trang nha, mo ta nha o, nha o hien tai, nha o hien nay, tinh trang nha hien tai, thuc trang"
        ),
        joins="text",
    ),
    Field(
        "house_address",
        "Địa điểm xây dựng",
        words("dia diem xay dung, dia chi xay dung, noi xay dung, dia diem"),
    ),
    Field("progress", "Tiến độ", words("tien do, tien do thuc hien, tinh trang thuc hien, thoi gian thuc hien")),
)


def check_houses(rows) -> None:
    """An amount that no column splits is the union's part; a house is new or repaired."""
    if "amount" in rows.values and "cost_union" not in rows.values:
        rows.values["cost_union"] = list(rows.values["amount"])
    for index, construction in enumerate(rows.values.get("construction", ())):
        if construction is None and not rows.is_told(index, "construction"):
            text = "Chưa rõ xây mới hay sửa chữa; hãy đánh dấu một trong hai."
            rows.tell(index, cells.WARNING, "construction", text)


HOUSES = Kind(
    "houses",
    "Danh sách nhà Mái ấm Công đoàn",
    (*HOUSE_FIELDS, *PERSON_FIELDS, *HOUSEHOLD_FIELDS, fields.AMOUNT),
    title=re.compile(r"mai am|nha tinh (thuong|nghia)|(xay|sua)[a-z ]*nha|nha o cong doan|nghia tinh dong nghiep"),
    distinctive=frozenset(("construction", "cost_family", "cost_other", "house_condition")),
    totals=("amount", "cost_union", "cost_total"),
    checks=(check_houses,),
)


def configured_kinds() -> dict[str, Kind]:
    """The kinds of settings.LIST_KINDS by name."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    return {name: import_string(path) for name, path in settings.LIST_KINDS.items()}
