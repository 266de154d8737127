from programs.reporting.tasks import keep_deadlines

__all__ = ["keep_deadlines"]
