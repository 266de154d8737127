"""The list of delegates that a unit sends to an event: what it holds and how it is recognised."""

import re

from beneficiaries.intake import cells, fields
from beneficiaries.intake.fields import Field, words
from beneficiaries.intake.kinds import PERSON_FIELDS, Kind

ROLE = Field(
    "role",
    "Thành phần",
    words(
        "thanh phan, thanh phan dai bieu, thanh phan tham du, tu cach, tu cach dai bieu, vai tro, thuoc thanh phan, chu ho thanh vien,"
        "dien, doi tuong, doi tuong dai bieu, quan he, quan he voi chu ho, dien dai bieu, tham du voi tu cach, thanh phan moi, chu ho"
    ),
    read=cells.read_household_role,
    takes_marks_of="household_role",
)
DELEGATES = Kind(
    "delegates",
    "Danh sách đại biểu",
    (
        *PERSON_FIELDS,
        ROLE,
        Field(
            "companion",
            "Người đi cùng",
            words("nguoi di cung, nguoi di kem, di cung, nguoi dan, nguoi than di cung, ho ten nguoi di cung"),
        ),
        fields.HOUSEHOLD_STATUS,
    ),
    title=re.compile(r"dai bieu|tham du|khach moi|\bdu (hoi nghi|chuong trinh|le|hop mat)"),
    distinctive=frozenset(("companion",)),
    totals=(),
    into="events.delegates.uploads.take_into",
    page="events:unit_events",
)
