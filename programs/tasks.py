from programs.plans.tasks import bring_plans_into_force

__all__ = ["bring_plans_into_force"]
