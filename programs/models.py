from programs.plans.models import Assignment, LegalBasis, Plan, Recipient, Section
from programs.reporting.models import Extension, ReportComment, ReportFigure, ReportVersion, UnitReport
from programs.reporting.proposals import Proposal
from programs.reporting.reminders import Reminder
from programs.reporting.rules import ReportingPeriod, ReportingRule
from programs.targets.models import Actual, Indicator, Stale, Target, TargetShare

__all__ = [
    "Actual",
    "Assignment",
    "Extension",
    "Indicator",
    "LegalBasis",
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
    "Stale",
    "Target",
    "TargetShare",
    "UnitReport",
]
