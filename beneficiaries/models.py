from beneficiaries.campaigns.models import Campaign, CampaignResult
from beneficiaries.duplicates.models import DuplicateCase, Merge
from beneficiaries.erasure.models import DataRequest
from beneficiaries.funds.models import Donor, Fund, FundEntry
from beneficiaries.grants.models import Grant, GrantRound, Occasion
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
    Consent,
    EmploymentKind,
    FormerId,
    Hardship,
    HardshipKind,
    Household,
    Person,
    PovertyRecord,
    SavedFilter,
    VulnerabilityKind,
    VulnerabilityMark,
)
from beneficiaries.transfers.models import Transfer, UnitClosing
from beneficiaries.visits.models import Visit

__all__ = [
    "Campaign",
    "CampaignResult",
    "ColumnAlias",
    "ColumnMemory",
    "Consent",
    "DataRequest",
    "Donor",
    "DossierFile",
    "DossierItem",
    "DuplicateCase",
    "EmploymentKind",
    "FormerId",
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
    "Merge",
    "Occasion",
    "Person",
    "PovertyRecord",
    "SavedFilter",
    "StageDeadline",
    "StagedRow",
    "SupportNorm",
    "Transfer",
    "UnitClosing",
    "Visit",
    "VulnerabilityKind",
    "VulnerabilityMark",
]
