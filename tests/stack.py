"""The whole system as separate processes, for tests that drive it from outside or take parts of it away."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

from django.conf import settings

from tests import databases
from tests.services import free_port, start_broker
from welfare.management.commands.run_local import answers, environment, processes

# A twentieth of what production waits.
QUICK = {"JOB_LEASE_SECONDS": "1.5", "JOB_SWEEP_SECONDS": "0.75"}


class Stack:
    """The Procfile's processes on a database and a broker of their own.

    ``folder`` becomes their VAR_DIR; ``log`` is what they all print.
    """

    def __init__(self, folder, kind="demo", **variables):
        self.broker = start_broker()
        self.database_url = databases.copy(kind, folder.name)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        self._running = {}
        own = {"DATABASE_URL": self.database_url, "VAR_DIR": str(folder), "BROKER_PREFIX": ""}
        broker_url = f"{self.broker.connection_url}/0"
        self.environment = environment(self.port, broker_url) | QUICK | own | variables

    def start(self, *names):
        """Starts processes by their Procfile name (web, worker, scheduler); web is waited for."""
        for name in names:
            with self.log.open("ab") as log:
                self._running[name] = subprocess.Popen(
                    processes()[name],
                    shell=True,
                    cwd=settings.BASE_DIR,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        if "web" in names:
            wait_until(lambda: answers(self.port), "web answers", 60)

    def stop(self, name, with_signal=signal.SIGTERM):
        """Stops a process and its children; SIGKILL gives them no chance to tidy up."""
        process = self._running.pop(name)
        os.killpg(process.pid, with_signal)
        process.wait(timeout=30)

    def pid(self, name) -> int:
        return self._running[name].pid

    def manage(self, *arguments) -> str:
        """What a management command of this stack prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def database(self):
        """The test's own queries go to the stack's database meanwhile, each committed at once."""
        with databases.connected_to(self.database_url):
            yield

    def close(self):
        for name in list(self._running):
            self.stop(name)
        if self.broker.is_running():
            self.broker.stop()
        databases.drop(self.database_url)


def wait_until(condition, what, seconds=20, *, pause=0.05):
    """The first true value of ``condition()``."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(pause)
    return value
