"""Databases copied from a template, "empty" (migrated) or "demo" (the small demonstration province).

A template is built once and kept on the server until what it is made from changes.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from functools import cache
from itertools import product
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import connections
from environ import Env

ROOMS = ("welfare", "programs", "beneficiaries", "events", "reports")
BASE = {"empty": None, "demo": "empty"}
MAKE = {"empty": ["migrate", "--verbosity=0"], "demo": ["seed_demo", "--small"]}
# What its content depends on: migrations and the rows that are written after them; all code.
SOURCES = {"empty": ("migrations/*.py", "catalogue.py"), "demo": ("*.py",)}


def copy(kind: str, purpose: str) -> str:
    """The URL of a fresh copy of a template, named for this process and purpose; drop() it when done."""
    server = _server()
    name = f"{_prefix()}{os.environ['TEST_RUN']}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{purpose}"
    with server.lock():
        _drop_left_behind(server)
        server.copy(_template(server, kind), name)
    return server.url(name)


def keep(kind: str, purpose: str, fill) -> str:
    """The URL of a copy that ``fill()`` filled once: kept on the server until the template changes."""
    server = _server()
    with server.lock():
        name = f"{_prefix()}{purpose}_{_fingerprint(kind)}"
        if name not in server.names():
            for older in server.names():
                if older.startswith(f"{_prefix()}{purpose}_"):
                    server.drop(older)
            server.copy(_template(server, kind), f"{_prefix()}{purpose}_draft")
            with connected_to(server.url(f"{_prefix()}{purpose}_draft")):
                fill()
            server.rename(f"{_prefix()}{purpose}_draft", name)
    return server.url(name)


def drop(url):
    server = _server()
    with server.lock():
        server.drop(url.rsplit("/", 1)[1])


@contextmanager
def connected_to(url):
    """Points the default connection of this process and of its threads at another database of the server."""
    connection = connections["default"]
    connection.close()
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = Env.db_url_config(url)["NAME"]
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


class Postgres:
    def __init__(self, url):
        self._base = url.rsplit("/", 1)[0]

    def url(self, name):
        return f"{self._base}/{name}"

    @contextmanager
    def lock(self):
        """Held over several steps, since a template can't be copied while it is being made or dropped."""
        with closing(psycopg2.connect(self.url("postgres"))) as connection:
            connection.autocommit = True
            self._cursor = connection.cursor()
            self._cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [_prefix()])
            yield

    def names(self):
        self._cursor.execute("SELECT datname FROM pg_database")
        return [name for (name,) in self._cursor.fetchall()]

    def copy(self, source, name):
        self._cursor.execute(f"CREATE DATABASE {name} TEMPLATE {source or 'template0'} ENCODING 'UTF8'")
        self._cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")

    def rename(self, name, new_name):
        self._cursor.execute(f"ALTER DATABASE {name} RENAME TO {new_name}")

    def drop(self, name):
        self._cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class Sqlite:
    def __init__(self, url):
        self._folder = Path(url.removeprefix("sqlite:///")).parent

    def url(self, name):
        return f"sqlite:///{self._folder / name}"

    @contextmanager
    def lock(self):
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def names(self):
        return [path.name for path in self._folder.iterdir()]

    def copy(self, source, name):
        if source:
            shutil.copyfile(self._folder / source, self._folder / name)

    def rename(self, name, new_name):
        (self._folder / name).rename(self._folder / new_name)

    def drop(self, name):
        for suffix in ("", "-wal", "-shm"):
            (self._folder / f"{name}{suffix}").unlink(missing_ok=True)


def _server():
    url = settings.DATABASE_URL
    return Sqlite(url) if url.startswith("sqlite") else Postgres(url)


def _template(server, kind):
    name = f"{_prefix()}{kind}_{_fingerprint(kind)}"
    if name not in server.names():
        for older in server.names():
            if older.startswith(f"{_prefix()}{kind}_"):
                server.drop(older)
        draft = f"{_prefix()}{kind}_draft"
        server.copy(BASE[kind] and _template(server, BASE[kind]), draft)
        subprocess.run(
            [sys.executable, settings.BASE_DIR / "manage.py", *MAKE[kind]],
            env=os.environ | {"DATABASE_URL": server.url(draft)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        server.rename(draft, name)
    return name


def _drop_left_behind(server):
    """Those of runs that were killed: the number in a name is the process that the run was."""
    for name in server.names():
        run = name.removeprefix(_prefix()).split("_")[0]
        if name.startswith(_prefix()) and run.isdigit() and not Path(f"/proc/{run}").exists():
            server.drop(name)


def _prefix() -> str:
    checkout = hashlib.sha256(str(settings.BASE_DIR).encode()).hexdigest()[:6]
    return f"test_{checkout}_"


@cache
def _fingerprint(kind) -> str:
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for room, pattern in product(ROOMS, SOURCES[kind]):
        for path in sorted((settings.BASE_DIR / room).rglob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
