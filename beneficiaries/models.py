from beneficiaries.campaigns.models import Campaign, CampaignResult
from beneficiaries.funds.models import Donor, Fund, FundEntry
from beneficiaries.grants.models import Advance, Grant, GrantRound, Occasion, RoundFund, RoundPaper, SupportKind
from beneficiaries.houses.models import (
    DossierFile,
    DossierItem,
    House,
    HouseFunding,
    HouseKind,
    HouseOccupant,
    HousePayment,
    HousePhoto,
    HouseSurvey,
    StageDeadline,
    SupportNorm,
)
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
    "Advance",
    "Campaign",
    "CampaignResult",
    "ColumnAlias",
    "ColumnMemory",
    "Donor",
    "DossierFile",
    "DossierItem",
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
    "HouseOccupant",
    "HousePayment",
    "HousePhoto",
    "HouseSurvey",
    "Household",
    "ListBatch",
    "Loan",
    "LoanProject",
    "LoanReview",
    "Occasion",
    "Person",
    "PovertyRecord",
    "RoundFund",
    "RoundPaper",
    "StageDeadline",
    "StagedRow",
    "SupportKind",
    "SupportNorm",
    "Visit",
]
