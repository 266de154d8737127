from programs.plans.models import Assignment, LegalBasis, Plan, Recipient, Section
from programs.plans.word.models import WordReading
from programs.targets.models import Actual, Indicator, Stale, Target, TargetShare

__all__ = [
    "Actual",
    "Assignment",
    "Indicator",
    "LegalBasis",
    "Plan",
    "Recipient",
    "Section",
    "Stale",
    "Target",
    "TargetShare",
    "WordReading",
]
