"""People in need, their households, poverty classes and hardships, over two years."""

from datetime import date, timedelta
from itertools import count
from random import Random

from beneficiaries.models import (
    DuplicateCase,
    EmploymentKind,
    Hardship,
    HardshipKind,
    Household,
    Person,
    PovertyRecord,
)
from welfare.crypto import keyed_hash
from welfare.management.demo.names import invent
from welfare.management.demo.places import COMMUNES, DISTRICTS, workplaces
from welfare.management.demo.province import Province, insert
from welfare.models import Unit
from welfare.vietnamese import fold, sort_key

# How many of a hundred people belong to each unit.
_SHARES = {
    "THANHPHO": 9, "BATRI": 11, "BINHDAI": 5, "CHAUTHANH": 7, "CHOLACH": 4, "GIONGTROM": 10, "MOCAYBAC": 6,
    "MOCAYNAM": 6, "THANHPHU": 5, "KCN": 8, "GIAODUC": 5, "YTE": 4, "VIENCHUC": 4, "NONGNGHIEP": 1,
    "GIAYPHUTHUAN": 6, "MAYANHIEP": 3, "THUYSANBENXANH": 2, "DUASAOKHUE": 1, "MAYVAMNUOC": 2, "THUCONGRACHMIEU": 1,
}  # fmt: skip
_HARDSHIPS = {
    "poverty": 30, "serious_illness": 14, "illness": 12, "work_accident": 8, "single_parent": 9, "job_loss": 10,
    "housing": 8, "disability": 3, "disabled_child": 3, "accident": 2, "disaster": 1,
}  # fmt: skip
_NOTES = {
    "poverty": ["Thu nhập thấp, nuôi mẹ già", "Kinh tế gia đình khó khăn", "Đông con, thu nhập không ổn định"],
    "serious_illness": ["Ung thư, đang điều trị", "Suy thận, chạy thận định kỳ", "Bệnh tim, chờ phẫu thuật"],
    "illness": ["Nằm viện dài ngày", "Mới phẫu thuật, nghỉ việc không lương"],
    "work_accident": ["Tai nạn lao động, mất sức", "Bị thương khi đang sản xuất"],
    "job_loss": ["Công ty giảm giờ làm", "Mất việc do thiếu đơn hàng"],
    "housing": ["Nhà lá xuống cấp", "Đang ở nhờ nhà người thân"],
}
_SEED = 86  # of its own, so that what the other modules draw stays as it is
SERIALS_FROM = 500_000  # real numbers of the province stay below; every invented one is above


def make_people(province: Province):
    people = _invent_people(province)
    _give_work(province, people)
    households = [person.household for person in people if person.household]
    insert(Household, households)
    for person in people:
        person.household = person.household  # the household has its id by now
    insert(Person, people)
    insert(PovertyRecord, _poverty_records(province, households))
    insert(Hardship, _hardships(province, people))
    _suspect_duplicates(province, people)


def _give_work(province, people):
    """How they work and where they live, of a random of its own."""
    random, kinds = Random(_SEED), {kind.code: kind for kind in EmploymentKind.objects.all()}
    for person in people:
        is_worker = person.unit.depth > 2
        if is_worker:
            person.workplace_unit = person.unit
        code = random.choices(["formal", "informal", "reduced", "lost", "self_employed"], [50, 20, 12, 10, 8])[0]
        person.employment = kinds["formal" if is_worker and random.random() < 0.7 else code]
        person.lives_in_boarding = random.random() < (0.3 if is_worker else 0.05)
        if person.is_member and random.random() < 0.5:
            joined = max(province.year - random.randint(1, 12), person.birth_year + 18)
            person.member_since = date(min(joined, province.year), 1, 1)


def _invent_people(province) -> list[Person]:
    serials = count(SERIALS_FROM)
    codes = province.random.choices(list(_SHARES), _SHARES.values(), k=province.size)
    codes[: len(_SHARES)] = _SHARES  # somebody in each, however small the province
    return [_invent_person(province, province.units[code], next(serials)) for code in codes]


def _invent_person(province, unit: Unit, serial: int) -> Person:
    random, upper = province.random, unit if unit.depth == 2 else Unit.objects.get_parent(unit)
    gender = random.choices(["male", "female"], [42, 58])[0]
    born = date(province.year - random.randint(20, 58), 1, 1) + timedelta(days=random.randrange(365))
    district, address = _address(province, upper.code)
    is_relative = random.random() < 0.06
    person = Person(
        unit=unit, full_name=invent(random, gender), gender=gender, birth_year=born.year,
        birth_date=None if random.random() < 0.08 else born, ethnicity=random.choices(["Kinh", "Hoa", "Khmer"], [96, 2, 2])[0],
        phone=f"0999{serial}" if random.random() < 0.6 else "", address=address, is_member=not is_relative,
        workplace=_workplace(province, unit, district), national_id="",
    )  # fmt: skip
    if random.random() < 0.96:
        _identify(person, national_id(gender, born.year, serial))
    if random.random() < 0.15:
        person.bank_account, person.bank_name = f"9999000{serial}", "Ngân hàng Nông nghiệp và Phát triển nông thôn"
    person.folded_name, person.sort_name = fold(person.full_name), sort_key(person.full_name)
    if random.random() < 0.55:
        _give_household(province, person, is_relative)
    return person


def national_id(gender: str, birth_year: int, serial: int) -> str:
    """Province, gender with century, two digits of the year, serial (TT 07/2016/TT-BCA)."""
    century = (2 if birth_year >= 2000 else 0) + (gender == "female")
    return f"083{century}{birth_year % 100:02d}{serial % 1_000_000:06d}"


def _identify(person, number):
    person.national_id, person.id_hash = number, keyed_hash(number)


def _address(province, code) -> tuple[str, str]:
    district = code if code in COMMUNES else province.random.choice(list(COMMUNES))
    commune = province.random.choice(COMMUNES[district])
    part = "Khu phố" if commune.startswith(("phường", "thị trấn")) else "Ấp"
    return district, f"{part} {province.random.randint(1, 8)}, {commune}, {DISTRICTS[district]}"


def _workplace(province, unit, district) -> str:
    if unit.depth > 2:
        return unit.short_name
    place = DISTRICTS[district].split(" ", 1)[1]
    return province.random.choice(workplaces(unit.code, place))


def _give_household(province, person, is_relative):
    random = province.random
    role = "family" if is_relative else random.choices(["head", "member"], [45, 55])[0]
    family = person.full_name.split()[0]
    head = person.full_name if role == "head" else invent(random, random.choice(["male", "female"]), family)
    person.household_role = role
    person.household = Household(unit=person.unit, head_name=head, address=person.address, size=random.randint(2, 7))


def _poverty_records(province, households) -> list[PovertyRecord]:
    """Last year's classes; most were renewed this year, some not yet, and some households are new to them."""
    records, numbers = [], count(11)
    for household in households:
        random, last_day = province.random, household.unit.valid_to or province.today
        status = random.choices(["poor", "near_poor"], [45, 55])[0]
        known = random.choices([(-1, 0), (-1,), (0,)], [74, 16, 10])[0]
        for year in (province.year + back for back in known):
            issued_on = min(date(year, 1, 2) + timedelta(days=random.randrange(75)), province.today)
            if issued_on > last_day:
                continue
            commune = household.address.split(", ")[1]
            records.append(PovertyRecord(
                household=household, unit=household.unit, year=year, status=status, commune=commune, issued_on=issued_on,
                certificate_number=f"{next(numbers):03d}/GCN-HN.HCN",
            ))  # fmt: skip
    return records


def _hardships(province, people) -> list[Hardship]:
    kinds, found, random = {kind.code: kind for kind in HardshipKind.objects.all()}, [], province.random
    first_day = date(province.year - 1, 1, 1)
    marks = Random(_SEED)
    for person in people:
        days = ((person.unit.valid_to or province.today) - first_day).days
        for code in dict.fromkeys(
            random.choices(list(_HARDSHIPS), _HARDSHIPS.values(), k=random.choice([0, 1, 1, 1, 2]))
        ):
            known_on = first_day + timedelta(days=random.randrange(days + 1))
            note = random.choice(_NOTES.get(code, [""]))
            severity = marks.choice([None, 1, 2, 2, 3, 3, 4])
            found.append(Hardship(person=person, unit=person.unit, kind=kinds[code], year=known_on.year, known_on=known_on, severity=severity, note=note))  # fmt: skip
    return found


def _suspect_duplicates(province, people):
    """The same human in the lists of two units, for the province to look into."""
    of_zone = [
        person for person in people if person.unit.code in ("GIAYPHUTHUAN", "MAYANHIEP", "KCN") and person.id_hash
    ]
    copies = []
    for person in of_zone[:: max(1, len(of_zone) // 5)][:5]:
        copy = Person(
            unit=province.units["BATRI"], full_name=person.full_name, gender=person.gender, is_member=True,
            birth_year=person.birth_year, birth_date=person.birth_date, folded_name=person.folded_name,
            sort_name=person.sort_name, address=person.address, workplace="CĐCS Công ty TNHH May Ba Tri",
        )  # fmt: skip
        _identify(copy, person.national_id)
        copies.append((person, copy))
    insert(Person, [copy for _, copy in copies])
    DuplicateCase.objects.bulk_create(
        DuplicateCase(first=person, second=copy, reason=DuplicateCase.Reason.ID, score=100) for person, copy in copies
    )
