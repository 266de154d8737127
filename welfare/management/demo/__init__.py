"""The demonstration province: it follows Bến Tre in its units, and every person in it is invented.

Each module makes one kind of thing. What happens in time is returned as ``Act``s, which ``seed_demo`` performs in the
order of their dates up to today, so that each state on screen is what the calendar has come to.
"""
