"""The federation of the province, its thirteen upper units, one that was dissolved, and some unions of workplaces."""

from datetime import date

from welfare.management.demo.province import Province
from welfare.models import Department, Letterhead, Unit, UnitKeeper, UnitKind, UnitYear

_ROOT = ("LDLD", "province", "Liên đoàn Lao động tỉnh Bến Tre", "LĐLĐ tỉnh", "Bến Tre", 62_400, 71_900)
# code, kind, name, short name, place, members and workers two years ago.
_UPPER = [
    ("THANHPHO", "district", "Liên đoàn Lao động Thành phố Bến Tre", "LĐLĐ Thành phố", "Thành phố Bến Tre", 5_870, 7_020),
    ("BATRI", "district", "Liên đoàn Lao động huyện Ba Tri", "LĐLĐ huyện Ba Tri", "Ba Tri", 4_310, 5_190),
    ("BINHDAI", "district", "Liên đoàn Lao động huyện Bình Đại", "LĐLĐ huyện Bình Đại", "Bình Đại", 3_140, 3_760),
    ("CHAUTHANH", "district", "Liên đoàn Lao động huyện Châu Thành", "LĐLĐ huyện Châu Thành", "Châu Thành", 4_020, 4_880),
    ("CHOLACH", "district", "Liên đoàn Lao động huyện Chợ Lách", "LĐLĐ huyện Chợ Lách", "Chợ Lách", 2_050, 2_310),
    ("GIONGTROM", "district", "Liên đoàn Lao động huyện Giồng Trôm", "LĐLĐ huyện Giồng Trôm", "Giồng Trôm", 4_480, 5_620),
    ("MOCAYBAC", "district", "Liên đoàn Lao động huyện Mỏ Cày Bắc", "LĐLĐ huyện Mỏ Cày Bắc", "Mỏ Cày Bắc", 2_360, 2_790),
    ("MOCAYNAM", "district", "Liên đoàn Lao động huyện Mỏ Cày Nam", "LĐLĐ huyện Mỏ Cày Nam", "Mỏ Cày Nam", 3_270, 3_890),
    ("THANHPHU", "district", "Liên đoàn Lao động huyện Thạnh Phú", "LĐLĐ huyện Thạnh Phú", "Thạnh Phú", 2_480, 2_850),
    ("KCN", "zone", "Công đoàn Các khu công nghiệp tỉnh", "Công đoàn Các KCN", "Châu Thành", 18_900, 22_150),
    ("GIAODUC", "sector", "Công đoàn ngành Giáo dục tỉnh", "CĐ ngành Giáo dục", "Thành phố Bến Tre", 3_640, 3_730),
    ("YTE", "sector", "Công đoàn ngành Y tế tỉnh", "CĐ ngành Y tế", "Thành phố Bến Tre", 2_590, 2_650),
    ("VIENCHUC", "sector", "Công đoàn Viên chức tỉnh", "CĐ Viên chức", "Thành phố Bến Tre", 4_330, 4_410),
]  # fmt: skip
_DISSOLVED = (
    "NONGNGHIEP", "sector", "Công đoàn ngành Nông nghiệp và Phát triển nông thôn tỉnh", "CĐ ngành Nông nghiệp",
    "Thành phố Bến Tre", 960, 650,
)  # fmt: skip
# code, upper unit, name, members and workers two years ago; the enterprises are invented.
_WORKPLACES = [
    ("GIAYPHUTHUAN", "KCN", "Công ty TNHH Giày Phú Thuận", 6_120, 7_240),
    ("MAYANHIEP", "KCN", "Công ty TNHH May An Hiệp", 3_480, 4_150),
    ("THUYSANBENXANH", "KCN", "Công ty CP Thủy sản Bến Xanh", 1_960, 2_310),
    ("DUASAOKHUE", "CHAUTHANH", "Công ty CP Chế biến dừa Sao Khuê", 640, 790),
    ("MAYVAMNUOC", "BATRI", "Công ty TNHH May Vàm Nước", 1_180, 1_420),
    ("THUCONGRACHMIEU", "GIONGTROM", "Hợp tác xã Thủ công Rạch Miễu Xanh", 210, 260),
]
_DEPARTMENTS = [
    ("CSPL", "Ban Chính sách - Pháp luật", "Ban CSPL"),
    ("TC", "Ban Tài chính", "Ban TC"),
    ("VP", "Văn phòng", "VP"),
    ("TGNC", "Ban Tuyên giáo - Nữ công", "Ban TGNC"),
    ("TOCHUC", "Ban Tổ chức", "Ban TCh"),
    ("UBKT", "Ủy ban Kiểm tra", "UBKT"),
]
UPPER_CODES = [code for code, *_ in _UPPER]
DISSOLVED_CODE = _DISSOLVED[0]
_KEEPERS = ("canbo", "canbo2")


def make_units(province: Province):
    kinds = {kind.code: kind for kind in UnitKind.objects.all()}
    _add(province, None, kinds, _ROOT)
    for row in _UPPER:
        _add(province, province.root, kinds, row)
    closed = _add(province, province.root, kinds, _DISSOLVED, valid_to=date(province.year - 1, 6, 30))
    closed.successors.add(province.units["VIENCHUC"])
    for code, above, name, members, workers in _WORKPLACES:
        row = (code, "grassroots", f"Công đoàn cơ sở {name}", f"CĐCS {name}", "", members, workers)
        _add(province, province.units[above], kinds, row)
    for code, name, short_name in _DEPARTMENTS:
        province.departments[code] = Department.objects.create(
            unit=province.root, code=code, name=name, short_name=short_name
        )


def _add(province, above, kinds, row, **dates) -> Unit:
    code, kind, name, short_name, place, members, workers = row
    fields = {"code": code, "kind": kinds[kind], "name": name, "short_name": short_name, **dates}
    if above is None:
        unit = Unit.objects.add_root(create_kwargs=fields)
    else:
        above.refresh_from_db()
        unit = Unit.objects.add_child(above, create_kwargs=fields)
    province.units[code] = unit
    years = range(province.year - 2, province.year + 1)
    UnitYear.objects.bulk_create(
        UnitYear(unit=unit, year=year, members=_grown(members, n), workers=_grown(workers, n))
        for n, year in enumerate(years)
        if not unit.valid_to or year <= unit.valid_to.year
    )
    if place:
        Letterhead.objects.create(unit=unit, superior=_superior(above), issuer=name, place=place,
                                  abbreviation=_abbreviation(code, kind), valid_to=unit.valid_to)  # fmt: skip
    return unit


def _grown(count: int, years: int) -> int:
    return round(count * 1.02**years / 10) * 10


def _superior(above) -> str:
    return "Liên đoàn Lao động tỉnh Bến Tre" if above else "Tổng Liên đoàn Lao động Việt Nam"


def _abbreviation(code: str, kind: str) -> str:
    return {"KCN": "CĐKCN", "GIAODUC": "CĐGD", "YTE": "CĐYT", "VIENCHUC": "CĐVC"}.get(
        code, "CĐN" if kind == "sector" else "LĐLĐ"
    )


def appoint_keepers(province: Province):
    """The upper units in charge of each province officer; two changed hands at the start of this year."""
    new_year = date(province.year, 1, 1)
    last_day = date(province.year - 1, 12, 31)
    for n, code in enumerate(UPPER_CODES):
        unit, keeper = province.units[code], province.users[_KEEPERS[n % 2]]
        changed = code in ("YTE", "THANHPHU")
        if changed:
            other = province.users[_KEEPERS[1 - n % 2]]
            UnitKeeper.objects.create(unit=unit, user=other, valid_to=last_day)
        UnitKeeper.objects.create(unit=unit, user=keeper, valid_from=new_year if changed else None)
