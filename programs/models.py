from programs.activities.models import Activity, ActivityCost, ActivityKind, ActivityPhoto
from programs.agreements.models import AgreementReview, PartnerAgreement
from programs.awards.models import Award, AwardForm
from programs.caremodels.models import CareModel, CareModelKind, Evaluation
from programs.plans.models import Assignment, LegalBasis, Plan, Recipient, Section
from programs.targets.models import Actual, Indicator, Stale, Target, TargetShare

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
    "Indicator",
    "LegalBasis",
    "PartnerAgreement",
    "Plan",
    "Recipient",
    "Section",
    "Stale",
    "Target",
    "TargetShare",
]
