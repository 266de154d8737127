"""The admin classes live with their nouns."""

from beneficiaries.funds import admin as funds_admin
from beneficiaries.grants import admin as grants_admin
from beneficiaries.houses import admin as houses_admin
from beneficiaries.intake import admin as intake_admin
from beneficiaries.people import admin as people_admin

__all__ = ["funds_admin", "grants_admin", "houses_admin", "intake_admin", "people_admin"]
