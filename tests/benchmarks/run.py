"""Runs tests/benchmarks/bench_<name>.py, all or those named: each has a main() that prints its table."""

import os
import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "welfare.settings")


def main(wanted):
    for path in sorted(HERE.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if not wanted or name in wanted:
            print(f"\n== {name}\n", flush=True)
            import_module(path.stem).main()


if __name__ == "__main__":
    main(sys.argv[1:])
