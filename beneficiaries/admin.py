"""The admin classes live with their nouns."""

from beneficiaries.campaigns import admin as campaigns_admin
from beneficiaries.duplicates import admin as duplicates_admin
from beneficiaries.erasure import admin as erasure_admin
from beneficiaries.feedback import admin as feedback_admin
from beneficiaries.funds import admin as funds_admin
from beneficiaries.grants import admin as grants_admin
from beneficiaries.houses import admin as houses_admin
from beneficiaries.inspections import admin as inspections_admin
from beneficiaries.intake import admin as intake_admin
from beneficiaries.loans import admin as loans_admin
from beneficiaries.people import admin as people_admin
from beneficiaries.transfers import admin as transfers_admin
from beneficiaries.visits import admin as visits_admin

__all__ = [
    "campaigns_admin",
    "feedback_admin",
    "duplicates_admin",
    "erasure_admin",
    "funds_admin",
    "grants_admin",
    "houses_admin",
    "inspections_admin",
    "intake_admin",
    "loans_admin",
    "people_admin",
    "transfers_admin",
    "visits_admin",
]
