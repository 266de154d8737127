from beneficiaries.campaigns.models import Campaign, CampaignResult
from beneficiaries.funds.models import Donor, Fund, FundEntry
from beneficiaries.grants.models import Grant, GrantRound, Occasion
from beneficiaries.houses.models import House, HouseFunding, HouseKind
from beneficiaries.intake.models import ColumnAlias, ColumnMemory, ListBatch, StagedRow
from beneficiaries.loans.models import Loan
from beneficiaries.loans.projects import LoanProject, LoanReview
from beneficiaries.people.models import (
    DuplicateCase,
    Hardship,
    HardshipKind,
    Household,
    Person,
    PovertyRecord,
)
from beneficiaries.visits.models import Visit

__all__ = [
    "Campaign",
    "CampaignResult",
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
    "Loan",
    "LoanProject",
    "LoanReview",
    "Occasion",
    "Person",
    "PovertyRecord",
    "StagedRow",
    "Visit",
]
