from welfare.audit import AuditEvent
from welfare.documents.models import Document, DocumentKind, StoredFile
from welfare.jobs.models import Job
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
    "Job",
    "Letterhead",
    "Organization",
    "Role",
    "StoredFile",
    "Unit",
    "UnitKeeper",
    "UnitKind",
    "UnitYear",
    "User",
]
