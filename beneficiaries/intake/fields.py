"""The fields that a list can fill and the wordings by which unions head their columns.

Wordings are header keys: folded, without punctuation and without what stands in brackets (see headers.header_key).
"""

from collections.abc import Callable
from dataclasses import dataclass

from beneficiaries.intake import cells, dates, identity, money, records


@dataclass(frozen=True)
class Field:
    """One column's worth of a list.

    read: reader of cells.py; binds: the keyword it takes beside the cell ("today" or "unit").
    content: what its cells look like ("name", "date", "number", "money", "record", "construction", "any").
    joins: how several columns of it become one ("text" joined, "sum" added); None makes two columns a conflict.
    part_of: this column is a piece of another field (the district of an address).
    kept: False for columns that are recognised only so that nothing else takes them.
    takes_marks_of: crosses that MARKS gives to that field count for this one.
    filled: whether a cell merged over several rows counts for each of them.
    """

    name: str
    label: str
    aliases: tuple[str, ...]
    read: Callable = cells.read_text
    binds: str | None = None
    content: str = "any"
    joins: str | None = None
    part_of: str | None = None
    kept: bool = True
    filled: bool = False
    takes_marks_of: str | None = None


def words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(alias.split()) for alias in text.split(","))


def _ignored(name: str, label: str, aliases: str) -> Field:
    return Field(name, label, words(aliases), kept=False)


NUMBER = _ignored("number", "Số thứ tự", "stt ho, tt ho, so tt ho, stt, tt, so tt, so thu tu, s tt, no")

RECORD = Field(
    "record_number",
    "Mã hồ sơ",
    words("ma ho so, ma so ho so, ma ho so doi tuong"),
    read=records.read_record_number,
    content="record",
)
FULL_NAME = Field(
    "full_name",
    "Họ và tên",
    words(
        "ho va ten, ho ten, ten, ten doan vien, ho ten doan vien, ho va ten doan vien, ho ten dv nld, ho ten doan vien nld,"
        "ho va ten dv nld, ho ten cnvcld, ho va ten cnvcld, ho ten cong nhan, ho ten nguoi lao dong, ho va ten nguoi lao dong,"
        "ho ten nld, doan vien, ten nguoi lao dong, nguoi lao dong, ten cong nhan, ten dai bieu,"
        "ho ten dai bieu, ho va ten dai bieu, dai bieu, ho ten nguoi nhan, ho va ten nguoi nhan, nguoi nhan, ho ten nguoi huong,"
        "nguoi duoc ho tro, ho ten nguoi duoc ho tro, nguoi thu huong, ho ten doi tuong, ten doi tuong, ho ten khai sinh,"
        "ho chu dem va ten, ho va ten khai sinh, ho dem va ten, ho ten ca nhan, quy danh, ho ten nguoi vay, ho ten cbcnv,"
        "ho va ten cbcnv, ho ten thanh vien, ho va ten thanh vien, ho ten thanh vien ho, ho va ten thanh vien ho, ho ten doan vien nguoi lao dong, ho ten chu ho thanh vien,"
        "ho va ten chu ho thanh vien, ho va ten chu ho va thanh vien, ho ten chu ho va thanh vien, ho ten chu ho cac thanh vien"
    ),
    read=cells.read_name,
    content="name",
)
FAMILY_PART = Field(
    "family_part",
    "Họ và chữ đệm",
    words("ho, ho dem, ho va dem, ho lot, ho va ten dem, ho va chu dem, ho chu dem, ho va ten lot, ho ten dem"),
    content="name",
    part_of="full_name",
)
HEAD_NAME = Field(
    "head_name",
    "Họ tên chủ hộ",
    words(
        "chu ho, ho ten chu ho, ho va ten chu ho, ten chu ho, ho ten nguoi chu ho, chu ho ho ten, chu ho ho va ten, chu ho ten, ho ten chu nha, chu nha"
    ),
    read=cells.read_name,
    content="name",
    filled=True,
)
BIRTH = Field(
    "birth",
    "Ngày sinh",
    words(
        "nam sinh, ngay sinh, ngay thang nam sinh, ngay thang sinh, ngay nam sinh, ns, sinh nam, sinh ngay, ntns,"
        "ngay thang nam, nam sinh nam nu, sinh, ngay sinh nam sinh, nam thang nam sinh, ntn sinh"
    ),
    read=dates.read_birth,
    binds="today",
    content="date",
)
BIRTH_PARTS = tuple(
    Field(
        f"birth_part_{name}",
        label,
        tuple(f"{over} {key}" for over in ("ngay sinh", "ngay thang nam sinh", "nam sinh", "sinh ngay")),
        part_of="birth",
    )
    for name, label, key in (
        ("day", "Ngày sinh", "ngay"),
        ("month", "Tháng sinh", "thang"),
        ("year", "Năm sinh", "nam so"),
    )
)
GENDER = Field(
    "gender",
    "Giới tính",
    words("gioi tinh, gioi, phai, nam nu, gt, nu nam, gioi tinh nam nu"),
    read=cells.read_gender,
)
NATIONAL_ID = Field(
    "national_id",
    "Số CCCD",
    words(
        "cccd, cmnd, cccd cmnd, cmnd cccd, so cccd, so cmnd, so cmnd cccd, so cccd cmnd, cmtnd, so cmtnd, cmt, so cmt, cmtnd cccd,"
        "can cuoc, can cuoc cong dan, so can cuoc, so can cuoc cong dan, so dinh danh, so dinh danh ca nhan, ma dinh danh,"
        "ma dinh danh ca nhan, chung minh nhan dan, so chung minh nhan dan, so the can cuoc, the can cuoc, cccd so, so cc,"
        "so giay to tuy than, giay to tuy than, so cccd ma dinh danh, so cc cccd, the cccd, so the cccd, dinh danh, cc cccd,"
        "so can cuoc cccd, so can cuoc ma dinh danh, ddcn, so ddcn, so chung minh thu, so cmnd hoac cccd, so cccd hoac cmnd,"
        "so cccd ngay cap, cccd ngay cap, so cccd ngay cap noi cap, so cmnd cccd ngay cap, cccd ngay cap noi cap"
    ),
    read=identity.read_national_id,
    binds="today",
    content="number",
)
HEAD_NATIONAL_ID = Field(
    "head_national_id",
    "Số CCCD chủ hộ",
    words(
        "so cccd chu ho, cccd chu ho, chu ho cccd, chu ho so cccd, so cccd cua chu ho, so cmnd chu ho, cmnd cccd chu ho, so cccd cmnd chu ho, so cmnd cccd chu ho, can cuoc chu ho, so can cuoc chu ho"
    ),
    read=identity.read_national_id,
    binds="today",
    content="number",
)
PHONE = Field(
    "phone",
    "Số điện thoại",
    words(
        "dien thoai, so dien thoai, sdt, dt, so dt, dien thoai lien he, so dien thoai lien he, sdt lien he, di dong, dtdd, so dtdd,"
        "dien thoai di dong, lien he, lien lac, so lien lac, zalo, sdt zalo, so dien thoai lien lac"
    ),
    read=cells.read_phone,
    content="number",
)
WORKPLACE = Field(
    "workplace",
    "Đơn vị công tác",
    words(
        "don vi, don vi cong tac, cdcs, cong doan co so, noi lam viec, cong ty, noi cong tac, noi dang cong tac, noi dang lam viec, noi lam, cho lam, co quan cong ty,don vi dang cong tac, noi cong tac hien nay, don vi lam viec, co quan don vi,"
        "co quan, doanh nghiep, chuc vu don vi, chuc vu don vi cong tac, chuc vu va don vi, chuc vu noi cong tac, ten don vi,"
        "ten cong ty, ten doanh nghiep, don vi cdcs, truong, co quan cong tac, nghiep doan, don vi nghiep doan, cdcs nghiep doan,"
        "chuc danh don vi, don vi chuc vu, cong doan co so nghiep doan, don vi sinh hoat, cd co so, nha may, xi nghiep, ten cdcs,"
        "don vi bo phan, bo phan don vi, don vi to, don vi phong ban, don vi khoa phong, dn, ten dn, cty, ten cty, cdcs dn, cdcs cty, dv cong tac, don vi ct, dv ct, noi lam viec hien tai, ten cong doan co so, don vi cong doan, don vi quan ly, chuc vu chuc danh don vi cong tac"
    ),
    joins="text",
    filled=True,
)
POSITION = Field(
    "position",
    "Chức vụ, bộ phận",
    words(
        "chuc vu, chuc danh, nghe nghiep, cong viec, bo phan, to, phan xuong, phong ban, phong, khoa, khoa phong, phong khoa, xuong, xuong to, to xuong, doi, to doi, chuyen, to chuyen, bo phan to, to bo phan, to san xuat, bo phan lam viec, vi tri viec lam"
    ),
    joins="text",
    filled=True,
)
ADDRESS = Field(
    "address",
    "Địa chỉ",
    words(
        "dia chi, noi o, thuong tru, hktt, noi o hien nay, dia chi thuong tru, noi thuong tru, ho khau thuong tru, ho khau,"
        "cho o, cho o hien nay, dia chi hien nay, dia chi noi o, dia chi lien he, noi cu tru, cu tru, tam tru, dia chi tam tru,"
        "noi dang ky thuong tru, dia chi nha, noi tam tru, noi o hien tai, dia chi cu tru, que quan cho o, dia chi gia dinh"
    ),
    joins="text",
    filled=True,
)
ADDRESS_PARTS = tuple(
    Field(f"address_{name}", label, words(aliases), part_of="address", filled=True)
    for name, label, aliases in (
        ("house", "Số nhà", "so nha, duong, so nha duong, ten duong"),
        ("village", "Ấp, thôn, khu phố", "thon, ap, khu pho, to dan pho, thon ap, thon ban, ban, thon ap khu pho, ap khu pho, buon, lang, khom ap, khom, khoi pho, thon xom, xom, thon to, khu dan cu"),
        ("commune", "Xã, phường", "xa, phuong, xa phuong, xa phuong thi tran, phuong xa, thi tran, xa thi tran, xa phuong dac khu, ten xa"),
        ("district", "Huyện", "huyen, quan, huyen thanh pho, quan huyen, huyen thi xa thanh pho, huyen tp, thi xa"),
        ("province", "Tỉnh", "tinh, tinh thanh pho, thanh pho, tinh thanh"),
    )
)  # fmt: skip
HARDSHIP = Field(
    "hardship",
    "Hoàn cảnh",
    words(
        "hoan canh, hoan canh gia dinh, hoan canh kho khan, ly do, dien, doi tuong, ghi ro hoan canh, ly do ho tro, ly do de nghi,"
        "thuoc dien, hoan canh cu the, tinh trang, noi dung, tom tat hoan canh, noi dung ho tro, ly do kho khan, dien kho khan,"
        "benh tat, benh, tinh trang benh, mo ta hoan canh, hoan canh ca nhan, dac diem hoan canh, nguyen nhan, ly do de nghi ho tro,"
        "dien doi tuong, hoan canh hien tai, noi dung de nghi, hoan canh gia dinh ban than, dien bien hoan canh, loai doi tuong,"
        "ten benh, loai benh, benh ly, suc khoe, tinh trang suc khoe, benh hiem ngheo, muc do thiet hai, ly do tham hoi, noi dung tham hoi,"
        "kho khan, hoan canh dac biet, truong hop, ly do tro cap, noi dung kho khan, tinh trang kho khan"
    ),
    joins="text",
    filled=True,
)
HOUSEHOLD_STATUS = Field(
    "household_status",
    "Loại hộ",
    words(
        "loai ho, dien ho, ho ngheo can ngheo, ho ngheo ho can ngheo, thuoc ho, ho thuoc dien, phan loai ho, thuoc dien ho,"
        "ho ngheo, ho can ngheo, can ngheo, ngheo, ngheo can ngheo, hn hcn, hn cn, dien ho ngheo can ngheo, xep loai ho,"
        "phan loai, phan loai ho ngheo, loai ho ngheo, tinh trang ho, dien chinh sach ho, ho ngheo hoac can ngheo, thuoc ho ngheo can ngheo, dien ngheo"
    ),
    read=cells.read_household_status,
    filled=True,
)
HOUSEHOLD_ROLE = Field(
    "household_role",
    "Chủ hộ hay thành viên",
    words(
        "chu ho thanh vien, chu ho hay thanh vien, quan he voi chu ho, quan he chu ho, vai tro trong ho, quan he, chu ho thuoc ho,"
        "la chu ho hay thanh vien, chu ho hoac thanh vien, tu cach trong ho, chu ho thanh vien ho, qh voi chu ho, moi quan he voi chu ho,"
        "moi quan he, thanh vien chu ho, chu ho tv, quan he voi doan vien"
    ),
    read=cells.read_household_role,
)
CERTIFICATE = Field(
    "certificate_number",
    "Số giấy chứng nhận hộ nghèo",
    words(
        "so gcn, gcn, so gcn ho ngheo can ngheo, so giay chung nhan, giay chung nhan, so gcn ho ngheo, so so ho ngheo, ma so ho ngheo,"
        "so ho ngheo, ma so ho, so giay chung nhan ho ngheo, so gcn hn hcn, so giay cn ho ngheo, so giay cn ho ngheo can ngheo, so giay chung nhan ho ngheo can ngheo, ma ho, ma ho ngheo,"
        "so ngay gcn, so gcn ngay cap, so ngay thang gcn, so va ngay gcn, so ngay giay chung nhan,"
        "giay chung nhan ho ngheo, gcn ho ngheo, so giay ho ngheo, so giay cn, giay cn ho ngheo, so chung nhan, so giay xac nhan"
    ),
    filled=True,
)
HOUSEHOLD_SIZE = Field(
    "household_size",
    "Số nhân khẩu",
    words(
        "so nhan khau, nhan khau, so khau, khau, so nguoi trong ho, so nguoi, so thanh vien, tong so khau, nk, so nk, so nhan khau trong ho, tong nhan khau, so khau trong ho, so thanh vien trong ho"
    ),
    read=cells.read_count,
)
MEMBERS = Field(
    "members",
    "Các thành viên trong hộ",
    words(
        "thanh vien, cac thanh vien, ho ten cac thanh vien, thanh vien trong ho, ho ten thanh vien trong ho, thanh vien ho,"
        "cac thanh vien trong ho, ho va ten cac thanh vien, ho ten thanh vien gia dinh, thanh vien gia dinh, nhung nguoi trong ho,"
        "ho ten cac thanh vien trong ho, ho va ten cac thanh vien trong ho, danh sach thanh vien, nguoi trong ho, cac thanh vien gia dinh"
    ),
    read=cells.read_members,
    content="name",
)
AMOUNT = Field(
    "amount",
    "Số tiền",
    words(
        "so tien, muc ho tro, kinh phi, thanh tien, tro cap, so tien ho tro, muc de nghi, so tien de nghi, de nghi ho tro, ho tro,"
        "de nghi, so tien de nghi ho tro, muc de nghi ho tro, muc tro cap, so tien tro cap, tien ho tro, kinh phi ho tro, muc chi,"
        "so tien duoc ho tro, so tien nhan, thuc nhan, thuc linh, so tien thuc nhan, tong tien, tong so tien, muc qua, tri gia,"
        "gia tri, so tien duoc nhan, muc ho tro de nghi, tien, muc tien, de xuat ho tro, muc de xuat, so tien de xuat, de xuat muc ho tro,"
        "gia tri suat qua, muc tham hoi, tien tro cap, so tien qua, tong gia tri, so tien ho tro de nghi, kinh phi de nghi, muc ho tro tien,"
        "so tien chi, so tien vay, muc duoc ho tro, duoc ho tro, muc tang, de nghi muc ho tro, tong cong, tong, cong,"
        "st, ht, muc ht, tien thuong, tien thuong tet, tien tet, tien qua, tien ung ho, tien tro cap kho khan, muc ho tro duoc duyet,"
        "muc huong, muc duoc huong, so tien duoc huong, so tien huong, muc ho tro duoc nhan, tong tri gia, tong muc ho tro, tong kinh phi ho tro, tong so tien ho tro, so tien duoc duyet, so tien de nghi duyet"
    ),
    read=money.read_money,
    binds="unit",
    content="money",
)
AMOUNT_CASH = Field(
    "amount_cash", "Tiền mặt", words("tien mat, qua tien mat, phan tien mat, bang tien mat, bang tien, so tien mat"),
    read=money.read_money, binds="unit", content="money",
)  # fmt: skip
AMOUNT_IN_KIND = Field(
    "amount_in_kind",
    "Trị giá hiện vật",
    words("hien vat, qua hien vat, tri gia hien vat, gia tri hien vat, bang hien vat, phan qua, tri gia qua, gia tri qua, qua, tui qua, qua tang, qua tri gia, hien vat tri gia, qua bang hien vat, hien vat quy tien"),
    read=money.read_money, binds="unit", content="money",
)  # fmt: skip
PARTS_OF_AMOUNT = (AMOUNT_CASH.name, AMOUNT_IN_KIND.name)  # they make the amount where no column states it
ETHNICITY = Field("ethnicity", "Dân tộc", words("dan toc, dt, dt thieu so, dan toc thieu so, toc"))
BANK_ACCOUNT = Field(
    "bank_account",
    "Số tài khoản",
    words("so tai khoan, stk, tai khoan, so tknh, tknh, tk, so stk, so tk, so tai khoan ngan hang, tk ngan hang, tai khoan ngan hang, so tk ngan hang"),
    read=cells.read_account,
    content="number",
)  # fmt: skip
BANK_NAME = Field(
    "bank_name",
    "Ngân hàng",
    words(
        "ten nh, nh, tai nh, ngan hang, ten ngan hang, tai ngan hang, mo tai ngan hang, chi nhanh ngan hang, ngan hang chi nhanh"
    ),
)
NOTE = Field("note", "Ghi chú", words("ghi chu, chu thich, ghi chu khac, luu y, y kien"), joins="text")

IGNORED = (
    NUMBER,
    _ignored("signature", "Ký nhận", "ky nhan, ky ten, chu ky, ky, ky nhan tien, nguoi nhan ky, diem chi, ky nhan qua, ky xac nhan, da nhan, xac nhan"),
    _ignored("issued_on", "Ngày cấp", "ngay cap, ngay cap cccd, ngay cap gcn, cap ngay, ngay thang cap, ngay cap noi cap"),
    _ignored("issued_by", "Nơi cấp", "noi cap, co quan cap, noi cap cccd, don vi cap"),
    _ignored("birth_place", "Quê quán", "que quan, noi sinh, nguyen quan, que"),
    _ignored("account_holder", "Chủ tài khoản", "chu tai khoan, ten chu tai khoan, ho ten chu tai khoan, nguoi thu huong tai khoan, ten tai khoan"),
    _ignored("joined_on", "Ngày vào", "ngay vao cong doan, ngay vao lam, nam vao lam, ngay vao dang, ngay ket nap, nam vao cong doan, ngay vao nganh, tham nien, thoi gian cong tac"),
    _ignored("other_class", "Hộ khác", "moi thoat ngheo, thoat ngheo, ho moi thoat ngheo, ho thoat ngheo, ho trung binh, ho khong ngheo, ho khac"),
    _ignored("amount_in_words", "Bằng chữ", "bang chu, so tien bang chu, ghi bang chu, tien bang chu, viet bang chu"),
    _ignored("age", "Tuổi", "tuoi, do tuoi, tuoi doi, so tuoi"),
    _ignored("quantity", "Số suất", "so suat, so luong, sl, so phan, so lan"),
    _ignored("relative", "Người thân", "ho ten cha, ho ten me, ho ten cha me, ho ten vo chong, ho ten con, ho va ten con, ho ten vo, ho ten chong, nguoi than, than nhan, nguoi giam ho, ho ten nguoi nuoi duong, nguoi gioi thieu, nguoi lien he"),
)  # fmt: skip

# A column under one of these headings holds crosses (or, for the first two, birth dates; for building, amounts).
MARKS: dict[str, tuple[str, object]] = {
    "nam": ("gender", "male"),
    "nu": ("gender", "female"),
    "phai nu": ("gender", "female"),
    "gioi nu": ("gender", "female"),
    "la nu": ("gender", "female"),
    "ho ngheo": ("household_status", "poor"),
    "ngheo": ("household_status", "poor"),
    "hn": ("household_status", "poor"),
    "thuoc ho ngheo": ("household_status", "poor"),
    "ho can ngheo": ("household_status", "near_poor"),
    "can ngheo": ("household_status", "near_poor"),
    "hcn": ("household_status", "near_poor"),
    "cn": ("household_status", "near_poor"),
    "thuoc ho can ngheo": ("household_status", "near_poor"),
    "chu ho": ("household_role", "head"),
    "thanh vien": ("household_role", "member"),
    "tv": ("household_role", "member"),
    "thuoc ho": ("household_role", "member"),
    "thanh vien ho": ("household_role", "member"),
    "dai dien gia dinh": ("household_role", "family"),
    "dai dien": ("household_role", "family"),
    "dai dien gd": ("household_role", "family"),
    "dd gia dinh": ("household_role", "family"),
    "bhn": ("hardship", "Bệnh hiểm nghèo"),
    "benh hiem ngheo": ("hardship", "Bệnh hiểm nghèo"),
    "benh nan y": ("hardship", "Bệnh nan y"),
    "tnld": ("hardship", "Tai nạn lao động"),
    "tai nan lao dong": ("hardship", "Tai nạn lao động"),
    "bnn": ("hardship", "Bệnh nghề nghiệp"),
    "tai nan": ("hardship", "Tai nạn"),
    "thien tai": ("hardship", "Thiên tai"),
    "mat viec": ("hardship", "Mất việc làm"),
    "mat viec lam": ("hardship", "Mất việc làm"),
    "kho khan": ("hardship", "Hoàn cảnh khó khăn"),
    "hckk": ("hardship", "Hoàn cảnh khó khăn"),
    "khuyet tat": ("hardship", "Khuyết tật"),
    "xay moi": ("construction", "new"),
    "xay": ("construction", "new"),
    "lam moi": ("construction", "new"),
    "xay dung moi": ("construction", "new"),
    "xm": ("construction", "new"),
    "sua chua": ("construction", "repair"),
    "sua": ("construction", "repair"),
    "sc": ("construction", "repair"),
    "cai tao": ("construction", "repair"),
}

# Crosses under one of these tell a hardship by the heading above them, whatever it is.
CLASS_PARENTS = frozenset(
    words(
        "thuoc dien, doi tuong, hoan canh, dien, hoan canh kho khan, dien kho khan, dien doi tuong, loai doi tuong,"
        "thuoc doi tuong, thuoc dien kho khan, hoan canh gia dinh, dien ho tro, doi tuong ho tro"
    )
)

# Headings that stand over others and say nothing alone.
PARENTS = frozenset(
    words(
        "thuoc dien, gioi tinh, hinh thuc, kinh phi, qua, thong tin ca nhan, thong tin, thong tin doan vien, thong tin nguoi lao dong,"
        "nguon kinh phi, nguon, ngay thang nam sinh, nam sinh, ngay sinh, dia chi, doi tuong, ho tro, muc ho tro, noi dung ho tro,"
        "hinh thuc ho tro, thong tin tai khoan, giay to tuy than, can cuoc cong dan, cccd, nha o, loai ho, dien, chu ho, trong do,"
        "so tien, de nghi ho tro, du kien kinh phi, tong kinh phi, chia ra, thong tin ho gia dinh, hoan canh, cac khoan ho tro, nguon von"
    )
)
