"""What happens to people's files: marks, consents, twins, transfers, deaths, requests. All by the verbs of the rooms."""

import io
from datetime import timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from beneficiaries.duplicates.models import case_of
from beneficiaries.models import (
    Consent,
    DataRequest,
    Hardship,
    Household,
    Person,
    SavedFilter,
    Transfer,
    VulnerabilityKind,
    VulnerabilityMark,
)
from beneficiaries.people.evidence import attach
from beneficiaries.transfers.models import ask_transfer
from welfare.bulk import update_rows
from welfare.management.demo.people import national_id
from welfare.management.demo.province import Province, insert

_SEED = 87  # of its own, so that what the other modules draw stays as it is


def keep_files(province: Province):
    random = Random(_SEED)
    people = list(
        Person.objects.active().filter(unit__valid_to=None).select_related("unit", "household").order_by("pk")
    )
    insert(VulnerabilityMark, list(_marks(province, people, random)))
    insert(Consent, list(_consents(province, people, random)))
    _link_heads(people)
    batri, canbo = province.users["batri"], province.users["canbo"]
    own, others = (_of_unit(people, code) for code in ("BATRI", "GIONGTROM"))
    _twins(province, own[1:4], batri)
    _relative(own[4], own[15], batri)
    _old_number(people)
    _who_left(province, own, others, batri)
    _transfers(province, own, others)
    _requests(province, own)
    for user, name, query in (
        (batri, "Hộ nghèo năm nay", "poverty=poor"), (batri, "Đang ở trọ", "lives_in_boarding__exact=1"),
        (canbo, "Người từ 50 tuổi", "age_from=50"),
    ):  # fmt: skip
        SavedFilter.objects.create(user=user, name=name, query=query)


def _of_unit(people, code) -> list[Person]:
    """Those for whom least was done first."""
    found = [person for person in people if person.unit.code == code and not person.houses.exists()]
    return sorted(found, key=lambda person: (person.grants.count(), person.pk))


def _marks(province, people, random):
    kinds = {kind.code: kind for kind in VulnerabilityKind.objects.all()}
    for person in people:
        codes = []
        if person.ethnicity in ("Khmer", "Hoa"):
            codes.append("ethnic_minority")
        if person.gender == "female" and random.random() < 0.04:
            codes.append("pregnant")
        if random.random() < 0.05:
            codes.append(random.choice(["disabled", "single_parent", "lone_elderly"]))
        for code in codes:
            until = province.today + timedelta(days=random.randint(20, 200)) if code == "pregnant" else None
            yield VulnerabilityMark(person=person, kind=kinds[code], until=until)


def _consents(province, people, random):
    for person in people:
        if random.random() < 0.35:
            given = province.today - timedelta(days=random.randint(5, 500))
            basis = random.choices(["form", "sheet", "law"], [70, 20, 10])[0]
            yield Consent(person=person, basis=basis, given_on=given, by=province.officer(person.unit))


def _link_heads(people):
    heads = {person.household_id: person.pk for person in people if person.household_role == "head"}
    update_rows(Household, ["head_id"], [(household, head) for household, head in heads.items() if household])


def _twins(province, people, by):
    """Somebody entered twice in a unit: one pair waits, one was told apart, one was merged."""
    for person, what in zip(people, ("wait", "different", "merge"), strict=True):
        twin = Person.objects.create(
            unit=person.unit, full_name=person.full_name, birth_year=person.birth_year, gender=person.gender,
            workplace=person.workplace,
        )  # fmt: skip
        case = case_of(person, twin, by)
        if what == "different":
            case.judge_different(by)
        elif what == "merge":
            case.merge(by, kept=person)


def _relative(person, relative, by):
    relative.relative_of, relative.relation, relative.is_member = person, "em ruột", False
    relative.save()


def _old_number(people):
    """A CMND that a CCCD took the place of stays searchable."""
    bare = [person for person in people if not person.id_hash]
    person = next((person for person in bare if person.unit.code == "BATRI"), bare[0])
    person.national_id = "320500777"
    person.save()
    person = Person.objects.get(pk=person.pk)
    person.national_id = national_id(person.gender, person.birth_year, 990_777)
    person.save()


def _who_left(province, own, others, by):
    days = [province.today - timedelta(days=back) for back in (40, 25, 12)]
    own[6].die(by, on=days[0], reason="Bệnh nặng")
    own[7].leave(by, on=days[1], reason="Đã thoát khó khăn, có việc làm ổn định")
    others[0].leave(province.officer(others[0].unit), on=days[2], reason="Chuyển đi nơi khác ngoài tỉnh")


def _transfers(province, own, others):
    batri, giongtrom, canbo = (province.users[name] for name in ("batri", "giongtrom", "canbo"))
    day = province.today - timedelta(days=9)
    ask_transfer(own[8], batri, to_unit=giongtrom.unit, reason="Chuyển công tác về Giồng Trôm", on=day)
    asked = ask_transfer(others[1], giongtrom, to_unit=batri.unit, reason="Theo chồng về Ba Tri", on=day)
    asked.accept(batri, on=day + timedelta(days=3))
    ask_transfer(others[2], giongtrom, to_unit=batri.unit, reason="Chuyển sang làm ở Ba Tri", on=day)
    refused = ask_transfer(own[9], batri, to_unit=giongtrom.unit, reason="Đổi nơi ở", on=day)
    refused.refuse(giongtrom, reason="Chưa có giấy xác nhận của nơi làm việc mới")
    ask_transfer(own[10], canbo, to_unit=province.units["THANHPHO"], reason="Chuyển công tác", on=day)
    assert Transfer.objects.filter(state=Transfer.State.DONE).count() >= 2


def _requests(province, own):
    batri, canbo, canbo2 = (province.users[name] for name in ("batri", "canbo", "canbo2"))

    def ask(person, kind, days_ago, by=batri):
        received = province.today - timedelta(days=days_ago)
        return DataRequest.objects.create(
            person=person, kind=kind, received_on=received, way="Đơn giấy", recorded_by=by
        )

    ask(own[11], DataRequest.Kind.ERASE, 17).acknowledge(batri, on=province.today - timedelta(days=16))
    ask(own[12], DataRequest.Kind.CORRECT, 1)
    withdrawn = ask(own[13], DataRequest.Kind.WITHDRAW, 20)
    withdrawn.acknowledge(batri, on=province.today - timedelta(days=19))
    withdrawn.grant(canbo, on=province.today - timedelta(days=14))
    withdrawn.carry_out(canbo, on=province.today - timedelta(days=13))
    refused = ask(own[14], DataRequest.Kind.ERASE, 40)
    refused.refuse(
        canbo2, reason="Còn chứng từ chi tiền phải lưu theo luật kế toán", on=province.today - timedelta(days=30)
    )
    erased = ask(own[0], DataRequest.Kind.ERASE, 60)
    erased.grant(canbo, on=province.today - timedelta(days=50))
    erased.carry_out(canbo, on=province.today - timedelta(days=45))


def attach_evidence(province: Province):
    """Drawn sheets in place of scans, on some hardships and consents of one unit."""
    batri = province.users["batri"]
    grave = Hardship.objects.filter(person__unit=batri.unit, person__state="active", severity__gte=3)
    for hardship in grave.select_related("person__unit")[:4]:
        attach(hardship, hardship.person, batri, [_sheet("giay-xac-nhan.jpg")])
    for consent in Consent.objects.filter(person__unit=batri.unit, basis="sheet").select_related("person__unit")[:3]:
        attach(consent, consent.person, batri, [_sheet("phieu-dong-y.jpg")])


def _sheet(name) -> SimpleUploadedFile:
    """A page of grey lines with a red stamp."""
    page = Image.new("RGB", (700, 990), "#ffffff")
    pen = ImageDraw.Draw(page)
    for line in range(22):
        pen.rectangle((80, 120 + line * 30, 620 - (line * 37) % 160, 130 + line * 30), fill="#94a3b8")
    pen.ellipse((420, 800, 560, 940), outline="#dc2626", width=8)
    stream = io.BytesIO()
    page.save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")
