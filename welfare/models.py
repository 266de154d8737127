from welfare.audit import AuditEvent
from welfare.documents.models import Document, DocumentKind, PrintPart, StoredFile
from welfare.documents.outer.models import OuterForm
from welfare.documents.papers.models import Paper
from welfare.documents.registers import NumberRegister
from welfare.documents.styles.models import DocumentStyle
from welfare.jobs.models import Job
from welfare.once import SentForm
from welfare.units.models import (
    Appointment,
    Department,
    Letterhead,
    Organization,
    Role,
    Unit,
    UnitKeeper,
    UnitKind,
    UnitYear,
    User,
)

__all__ = [
    "Appointment",
    "AuditEvent",
    "Department",
    "Document",
    "DocumentKind",
    "DocumentStyle",
    "Job",
    "Letterhead",
    "NumberRegister",
    "Organization",
    "OuterForm",
    "Paper",
    "PrintPart",
    "Role",
    "SentForm",
    "StoredFile",
    "Unit",
    "UnitKeeper",
    "UnitKind",
    "UnitYear",
    "User",
]
