from beneficiaries.campaigns.models import Campaign, CampaignResult
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
from beneficiaries.loans.models import Loan, LoanExtension, LoanInstalment, LoanLimit, LoanRepayment
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
    "LoanExtension",
    "LoanInstalment",
    "LoanLimit",
    "LoanProject",
    "LoanRepayment",
    "LoanReview",
    "Occasion",
    "Person",
    "PovertyRecord",
    "StageDeadline",
    "StagedRow",
    "SupportNorm",
    "Visit",
]
