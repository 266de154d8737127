from events.notices.tasks import remind_nominations

__all__ = ["remind_nominations"]
