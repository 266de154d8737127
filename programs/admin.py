from programs.activities import admin as activities
from programs.agreements import admin as agreements
from programs.awards import admin as awards
from programs.caremodels import admin as caremodels
from programs.plans import admin as plans
from programs.plans import task_admin as tasks
from programs.reporting import admin as reporting
from programs.reporting import proposal_admin as proposals
from programs.targets import admin as targets

__all__ = ["activities", "agreements", "awards", "caremodels", "plans", "proposals", "reporting", "targets", "tasks"]
