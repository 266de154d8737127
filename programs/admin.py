from programs.plans import admin as plans
from programs.reporting import admin as reporting
from programs.targets import admin as targets

__all__ = ["plans", "reporting", "targets"]
