"""The process that opens an uploaded Word file, under limits of memory and time, and prints its paragraphs as JSON.

Run by reading.py with a path; imports no Django. Whatever the file does to it, the parent only sees an exit code.
"""

import json
import resource
import sys

from programs.plans.word import limits
from programs.plans.word.blocks import Blocks
from programs.plans.word.limits import WordRefused
from programs.plans.word.package import read_parts


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.CHILD_MEMORY_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CHILD_CPU_SECONDS, limits.CHILD_CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs the child 10 ms
            answer = {"blocks": read(file.read(limits.FILE_BYTES + 1))}
    except WordRefused as refusal:
        answer = {"refused": str(refusal)}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def read(data: bytes) -> list:
    """Paragraphs as objects and tables as rows of cells of paragraphs, in the document's order."""
    if len(data) > limits.FILE_BYTES:
        raise WordRefused(limits.TOO_BIG)
    return Blocks(read_parts(data)).read()
