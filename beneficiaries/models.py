from beneficiaries.funds.models import Donor, Fund, FundEntry
from beneficiaries.grants.models import Grant, GrantRound, Occasion
from beneficiaries.houses.models import House, HouseFunding, HouseKind
from beneficiaries.intake.models import ColumnAlias, ColumnMemory, ListBatch, StagedRow
from beneficiaries.people.models import (
    DuplicateCase,
    Hardship,
    HardshipKind,
    Household,
    Person,
    PovertyRecord,
)

__all__ = [
    "ColumnAlias",
    "ColumnMemory",
    "Donor",
    "DuplicateCase",
    "Fund",
    "FundEntry",
    "Grant",
    "GrantRound",
    "Hardship",
    "HardshipKind",
    "House",
    "HouseFunding",
    "HouseKind",
    "Household",
    "ListBatch",
    "Occasion",
    "Person",
    "PovertyRecord",
    "StagedRow",
]
