from events.delegates import admin as delegates
from events.gatherings import admin as gatherings
from events.programme import admin as programme

__all__ = ["delegates", "gatherings", "programme"]
