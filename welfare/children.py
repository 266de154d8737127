"""Asks a process of its own to open what is not to be trusted: it may die in any way, and the caller only hears so."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_ATTEMPTS = 3
_START = "import sys; sys.path.insert(0, sys.argv[1]); from {module} import main; main(*sys.argv[2:])"


class ChildDied(Exception):
    """The process went over its limits of memory or time, or broke."""


def ask_child(module: str, *arguments: str, seconds: int, tick: Callable[[], None] | None = None) -> dict:
    """What ``main(*arguments)`` of ``module`` prints as one JSON object, within ``seconds`` of the wall clock.

    The child gets no environment and no open file; it sets its own limits of memory and CPU time, and its module
    imports no Django. tick is called about once a second while it works.

    A child that goes over its own limits would do so again; one that SIGKILL ends (from an operator, or the kernel of a
    machine short of memory) is asked three times in all. So its own limit of CPU time has to be the softer SIGXCPU.
    """
    command = [sys.executable, "-I", "-X", "utf8", "-c", _START.format(module=module), str(_ROOT), *arguments]
    for _ in range(_ATTEMPTS):
        returncode, output = _run(command, seconds, tick)
        if returncode != -signal.SIGKILL:
            break
    if returncode != 0:
        raise ChildDied
    try:
        return json.loads(output)
    except ValueError as error:
        raise ChildDied from error


def _run(command: list[str], seconds: int, tick: Callable[[], None] | None) -> tuple[int, bytes]:
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
    )
    try:
        output = _output(child, seconds, tick)
    finally:
        child.kill()
        child.communicate()
    return child.returncode, output


def _output(child: subprocess.Popen, seconds: int, tick: Callable[[], None] | None) -> bytes:
    for _ in range(seconds):
        try:
            return child.communicate(timeout=1)[0]
        except subprocess.TimeoutExpired:
            if tick:
                tick()
    raise ChildDied
