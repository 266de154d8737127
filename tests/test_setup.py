"""The two commands: what they say when they can't, and that nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests import databases
from tests.services import free_port
from tests.stack import wait_until

PRODUCTION = {
    "DJANGO_ENV": "production",
    "ALLOWED_HOSTS": "example.org",
    "CSRF_TRUSTED_ORIGINS": "https://example.org",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}
REQUIRED = ["SECRET_KEY", "ENCRYPTION_KEYS", "HMAC_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"]


def run_local(folder, **variables):
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_local"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"VAR_DIR": str(folder), "REDIS_URL": ""} | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def processes_of(folder):
    """Ids of the processes that were given this VAR_DIR."""
    marker = f"VAR_DIR={folder}\0".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if marker in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("missing", REQUIRED)
def test_production_names_the_missing_secret(missing, tmp_path):
    environment = os.environ | PRODUCTION | {"VAR_DIR": str(tmp_path)} | {missing: ""}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert f"Thiếu biến môi trường {missing}:" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_taken_port_is_named(tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        process = run_local(tmp_path, PORT=str(port))
        said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert said.strip().splitlines()[-1] == (
        f"CommandError: Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: PORT={port + 1} make run"
    )


@pytest.mark.parametrize("port", ["abc", "0", "80000", "-1"])
def test_what_is_no_port_is_refused(port, tmp_path):
    process = run_local(tmp_path, PORT=port)
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert said.strip().splitlines()[-1] == (
        f"CommandError: PORT phải là số từ 1 đến 65535, không phải “{port}”. Ví dụ: PORT=8001 make run"
    )


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_leaves_no_process(stop, tmp_path):
    url = databases.copy("demo", f"local_{stop}")
    process = run_local(tmp_path, PORT=str(free_port()), DATABASE_URL=url)
    said = iter(process.stdout.readline, "")
    wait_until(lambda: "Đang chạy tại" in next(said), "the address is printed", 60)
    running = processes_of(tmp_path)

    os.killpg(process.pid, stop)
    process.communicate(timeout=60)

    assert len(running) > 5
    assert process.returncode == 0
    wait_until(lambda: processes_of(tmp_path) == [], "every process is gone")
    databases.drop(url)


@pytest.mark.engine
@pytest.mark.django_db
def test_database_is_set_up_for_many_writers():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
            assert connection.transaction_mode == "IMMEDIATE"
        else:
            cursor.execute("SHOW server_encoding")
            assert cursor.fetchone() == ("UTF8",)
