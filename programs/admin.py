from programs.plans import admin as plans
from programs.targets import admin as targets

__all__ = ["plans", "targets"]
