from events.quotas import admin  # noqa: F401
