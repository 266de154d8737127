from programs.plans import admin as plans
from programs.plans import task_admin as tasks
from programs.targets import admin as targets

__all__ = ["plans", "targets", "tasks"]
