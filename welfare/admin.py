from welfare import audit_admin  # noqa: F401
from welfare.documents import admin as documents_admin  # noqa: F401
from welfare.documents.outer import admin as outer_admin  # noqa: F401
from welfare.documents.papers import admin as papers_admin  # noqa: F401
from welfare.documents.styles import admin as styles_admin  # noqa: F401
from welfare.jobs import admin as jobs_admin  # noqa: F401
from welfare.units import admin as units_admin  # noqa: F401
