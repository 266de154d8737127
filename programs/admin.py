from programs.plans import admin as plans
from programs.reporting import proposal_admin as proposals
from programs.targets import admin as targets

__all__ = ["plans", "proposals", "targets"]
