from beneficiaries.campaigns.models import Campaign, CampaignResult
from beneficiaries.feedback.models import Feedback, FeedbackKind, FeedbackStep
from beneficiaries.funds.models import Donor, Fund, FundEntry, FundKind, GiftInKind, Pledge
from beneficiaries.funds.receipts import Receipt
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
from beneficiaries.inspections.models import (
    Finding,
    FindingKind,
    Inspection,
    InspectionMember,
    InspectionPlan,
    Recovery,
    SampleRow,
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
    "Feedback",
    "FeedbackKind",
    "FeedbackStep",
    "Finding",
    "FindingKind",
    "Fund",
    "FundEntry",
    "FundKind",
    "GiftInKind",
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
    "Inspection",
    "InspectionMember",
    "InspectionPlan",
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
    "Pledge",
    "PovertyRecord",
    "Receipt",
    "Recovery",
    "SampleRow",
    "StageDeadline",
    "StagedRow",
    "SupportNorm",
    "Visit",
]
