"""The kinds of list that can be taken in. settings.LIST_KINDS names each by dotted path."""

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass

from beneficiaries.intake import cells, fields, money, records
from beneficiaries.intake.fields import Field, words


@dataclass(frozen=True)
class Kind:
    """What a list of this kind holds and how it is recognised.

    title: folded wording of the list's title; distinctive: fields that only this kind has; totals: the money
    columns whose sum a total line states, the first one present counts; checks: functions of Rows; into: dotted path
    of f(code, unit), which gives g(batch, user, commit=) that takes a read list into what ``code`` names (an event).

    of_units: its rows are units, not people; is_told: read so only when the sender says so; needs: what else the
    sender must name ("round", "campaign", "project"); page: address name of where such lists are taken; review: dotted path of f(batch, rows) -> Match, where the ledger
    of people says nothing; write: of f(batch, by) -> counts, in the commit's transaction.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    title: re.Pattern
    distinctive: frozenset[str] = frozenset()
    totals: tuple[str, ...] = ("amount",)
    checks: tuple[Callable, ...] = ()
    into: str = ""
    of_units: bool = False
    is_told: bool = False
    needs: str = ""
    page: str = ""
    review: str = ""
    write: str = "beneficiaries.intake.committing.write_rows"

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
        "tong, tong cong, tong kinh phi, tong so, tong chi phi, tong gia tri, tong tri gia, du toan, kinh phi du kien, tong du toan, tri gia,"
        "gia tri, gia tri can nha, tong kinh phi xay dung, tong muc dau tu, tong gia tri can nha, kinh phi xay dung, chi phi xay dung,"
        "kinh phi, du toan kinh phi, tong so tien, kinh phi tong, kinh phi tong cong, tong kinh phi du kien, tri gia nha",
    ),
    _cost(
        "cost_union",
        "Công đoàn hỗ trợ",
        "ldld ho tro, cong doan ho tro, ldld, cong doan, cd, ldld tinh, ldld tinh ho tro, quy mai am, quy mai am cong doan, muc ho tro,"
        "tu quy mai am, de nghi ho tro, so tien de nghi ho tro, so tien ho tro, kinh phi ho tro, ho tro, muc de nghi ho tro, cd ho tro,"
        "quy xa hoi cong doan, quy xa hoi, quy tam long vang, von cong doan, nguon cong doan, cdcs ho tro, cdcs, cong doan co so,"
        "to chuc cong doan, kinh phi cong doan, muc de nghi, so tien de nghi, kinh phi de nghi ho tro, quy cong doan, ldld cap,"
        "ldld huyen, cong doan cap tren, to chuc cong doan ho tro, tien ho tro, de nghi ldld ho tro, kinh phi ldld ho tro",
    ),
    _cost(
        "cost_family",
        "Gia đình",
        "gia dinh, gd, gia dinh dong gop, gia dinh doi ung, doi ung, ban than, ban than gia dinh, von gia dinh, gia dinh tu co, tu co,"
        "von tu co, gia dinh bo ra, doi ung gia dinh, gia dinh ban than, gia dinh tu luc, von doi ung, kinh phi gia dinh, tu gia dinh, gia dinh nguoi than,"
        "gia dinh va nguoi than, gia dinh ban be, gia dinh ho toc, gia dinh dong ho, gia dinh tu lo, chu ho dong gop",
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


UNIT = Field(
    "full_name",
    "Đơn vị",
    words(
        "don vi, ten don vi, don vi cong doan, cong doan, cdcs, ten cdcs, cong doan co so, ten cong doan co so, ldld, ldld huyen,"
        "don vi ho tro, don vi ung ho, don vi dong gop, cong doan cap tren, don vi truc thuoc, cong doan cap tren co so, huyen,"
        "ldld huyen thanh pho, cong doan nganh, don vi nhan, ten doanh nghiep, doanh nghiep, cong ty, ten cong ty, co quan don vi,"
        "don vi cong tac, truong, nghiep doan, ten nghiep doan, cdcs nghiep doan, cong doan co so truc thuoc, xa phuong"
    ),
    read=records.read_unit_name,
)


def _whole(name: str, label: str, aliases: str) -> Field:
    return Field(name, label, words(aliases), read=records.read_whole, content="money")


SUMMARY = Kind(
    "summary",
    "Tổng hợp theo đơn vị (số suất, số tiền)",
    (
        UNIT,
        _whole(
            "people_count", "Số suất",
            "so suat, suat, so nguoi, so luong, tong so suat, so suat qua, so doi tuong, tong so nguoi, so doan vien, so ho, sl,"
            "so luong suat, so nguoi duoc ho tro, so suat ho tro, so cnld duoc ho tro, so doan vien duoc ho tro, so nguoi nhan,"
            "so doan vien duoc nhan qua, so nguoi duoc nhan qua, so luong qua, so phan qua, so luot nguoi, so duoc cham lo,"
            "so nguoi duoc cham lo, so doan vien duoc cham lo, so duoc ho tro, so duoc nhan qua, so luot duoc cham lo",
        ),
        fields.AMOUNT, fields.AMOUNT_CASH, fields.AMOUNT_IN_KIND, fields.NOTE,
    ),
    title=re.compile("tong hop"), of_units=True, is_told=True, needs="round",
    review="beneficiaries.intake.unit_rows.review_summary", write="beneficiaries.intake.unit_rows.write_summary",
)  # fmt: skip
CAMPAIGN = Kind(
    "campaign",
    "Kết quả vận động quỹ theo đơn vị",
    (
        UNIT,
        _whole("members", "Số đoàn viên", "so doan vien, tong so doan vien, doan vien, tong doan vien, so dv, tong so cnvcld, so doan vien hien co"),
        _whole(
            "contributors", "Số đoàn viên ủng hộ",
            "so doan vien ung ho, so nguoi ung ho, doan vien ung ho, so doan vien dong gop, so nguoi dong gop, so nguoi tham gia,"
            "so tham gia, so tham gia dong gop, so tham gia ung ho, so nguoi tham gia dong gop, so nguoi tham gia ung ho,"
            "so doan vien tham gia, so nguoi, doan vien dong gop, so luot ung ho, so doan vien tham gia ung ho",
        ),
        dataclasses.replace(fields.AMOUNT, aliases=(*fields.AMOUNT.aliases, *words(
            "so tien ung ho, so tien dong gop, so tien van dong, so tien da nop, tien ung ho, so tien da dong gop, so tien nop"
        ))),
        fields.NOTE,
    ),
    title=re.compile("ung ho|van dong|dong gop"), of_units=True, is_told=True, needs="campaign",
    review="beneficiaries.intake.unit_rows.review_campaign", write="beneficiaries.intake.unit_rows.write_campaign",
)  # fmt: skip
LOANS = Kind(
    "loans",
    "Danh sách đề nghị vay vốn",
    (
        *PERSON_FIELDS,
        *HOUSEHOLD_FIELDS,
        dataclasses.replace(fields.AMOUNT, aliases=(*fields.AMOUNT.aliases, *words(
            "so tien de nghi vay, so tien xin vay, muc vay, so tien duoc vay, vay, so tien vay von, muc vay de nghi, von vay"
        ))),
        Field("purpose", "Mục đích vay", words("muc dich vay, muc dich, muc dich vay von, muc dich su dung von, su dung von, noi dung vay, phuong an vay, vay de lam gi, muc dich su dung")),
        Field("term_months", "Thời hạn (tháng)", words("thoi han, thoi han vay, thoi gian vay, so thang, so thang vay, ky han, thoi han vay thang, thoi han thang"), read=records.read_term, content="money"),
        Field("rate", "Lãi suất (%/năm)", words("lai suat, lai suat nam, lai suat vay, muc lai, lai suat cho vay"), read=records.read_rate),
    ),
    title=re.compile("vay von|vay"), is_told=True, needs="project",
)  # fmt: skip
RECEIPTS = Kind(
    "receipts",
    "Danh sách đã ký nhận của một đợt",
    (
        *PERSON_FIELDS,
        fields.HARDSHIP, fields.AMOUNT, fields.AMOUNT_CASH, fields.AMOUNT_IN_KIND,
        Field("received", "Ký nhận", words("ky nhan, ky nhan nguoi nhan thay, da nhan, da ky nhan, ky ten, ky nhan tien, ky nhan qua, xac nhan da nhan, da nhan tien, da nhan qua, chu ky, nhan"), read=cells.read_text),
        Field("receiver_name", "Người nhận thay", words("nguoi nhan thay, nhan thay, nguoi nhan thay quan he, ho ten nguoi nhan thay, nguoi ky thay")),
    ),
    title=re.compile("ky nhan"), is_told=True, needs="round",
    review="beneficiaries.intake.receipts.review", write="beneficiaries.intake.receipts.write",
)  # fmt: skip


def configured_kinds() -> dict[str, Kind]:
    """The kinds of settings.LIST_KINDS by name."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    return {name: import_string(path) for name, path in settings.LIST_KINDS.items()}
