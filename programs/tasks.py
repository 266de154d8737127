from programs.plans.tasks import bring_plans_into_force
from programs.reporting.tasks import keep_deadlines

__all__ = ["bring_plans_into_force", "keep_deadlines"]
