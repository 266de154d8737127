from events.budget import admin as budget
from events.delegates import admin as delegates
from events.gatherings import admin as gatherings
from events.programme import admin as programme

__all__ = ["budget", "delegates", "gatherings", "programme"]
