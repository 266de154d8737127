from programs.plans.models import Assignment, LegalBasis, Plan, Recipient, Section
from programs.targets.models import Actual, Indicator, Stale, Target, TargetMilestone, TargetShare
from programs.targets.shares import ShareChange, ShareDecision

__all__ = [
    "Actual",
    "Assignment",
    "Indicator",
    "LegalBasis",
    "Plan",
    "Recipient",
    "Section",
    "ShareChange",
    "ShareDecision",
    "Stale",
    "Target",
    "TargetMilestone",
    "TargetShare",
]
