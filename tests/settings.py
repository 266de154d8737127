"""The project's settings with a job that does nothing but take its time, for tests that kill a worker in the middle."""

from welfare.settings import *  # noqa: F403
from welfare.settings import JOBS

JOBS = {**JOBS, "count": "tests.counting.count"}
