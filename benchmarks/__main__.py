"""The command line: which parts to run, how long, and where the figures go."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from . import dispatch
from .progress import Progress
from .table import Table

PARTS: dict[str, Callable[[int, Progress], Table]] = {"dispatch": dispatch.run}


def machine() -> dict[str, str | int | None]:
    """Where the figures come from."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        **{package: version(package) for package in ("flask", "werkzeug", "restwell")},
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="the parts to run (default: all)")
    parser.add_argument("--rounds", type=int, default=30, help="how often each figure is taken (default: 30)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the figures as JSON to this file")
    arguments = parser.parse_args()

    results = {"machine": machine(), "rounds": arguments.rounds, "parts": {}}
    for name in arguments.only:
        table = PARTS[name](arguments.rounds, Progress(name, sys.stderr))
        print(f"\n{table}\n")
        results["parts"][name] = table.figures()
    if arguments.output:
        arguments.output.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
