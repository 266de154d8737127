from programs.activities.models import Activity, ActivityCost, ActivityKind, ActivityPhoto
from programs.agreements.models import AgreementReview, PartnerAgreement
from programs.awards.models import Award, AwardForm
from programs.caremodels.models import CareModel, CareModelKind, Evaluation
from programs.plans.models import Assignment, LegalBasis, Plan, Recipient, Section
from programs.plans.word.models import WordReading
from programs.reporting.models import UnitReport
from programs.reporting.parts import Extension, ReportComment, ReportFigure, ReportVersion
from programs.reporting.proposals import Proposal
from programs.reporting.reminders import Reminder
from programs.reporting.rules import ReportingPeriod, ReportingRule
from programs.targets.models import Actual, Indicator, Stale, Target, TargetMilestone, TargetShare
from programs.targets.shares import ShareChange, ShareDecision

__all__ = [
    "Activity",
    "ActivityCost",
    "ActivityKind",
    "ActivityPhoto",
    "Actual",
    "AgreementReview",
    "Assignment",
    "Award",
    "AwardForm",
    "CareModel",
    "CareModelKind",
    "Evaluation",
    "Extension",
    "Indicator",
    "LegalBasis",
    "PartnerAgreement",
    "Plan",
    "Proposal",
    "Recipient",
    "Reminder",
    "ReportComment",
    "ReportFigure",
    "ReportVersion",
    "ReportingPeriod",
    "ReportingRule",
    "Section",
    "ShareChange",
    "ShareDecision",
    "Stale",
    "Target",
    "TargetMilestone",
    "TargetShare",
    "UnitReport",
    "WordReading",
]
