"""The command line: which parts to run, how long, and where the figures go."""

import argparse
import json
import os
import platform
from importlib.metadata import version
from pathlib import Path

from .parts import PARTS, in_a_process_of_its_own, run_part
from .plot import plot


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
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw parts 1 and 2 to this file, .svg or .png")
    parser.add_argument(
        "--input", type=Path, metavar="FILE", help="draw the figures of an earlier --output, run nothing"
    )
    arguments = parser.parse_args()

    if arguments.input:
        results = json.loads(arguments.input.read_text())
    else:
        results = {"machine": machine(), "rounds": arguments.rounds, "parts": {}}
        for name in arguments.only:
            tables = in_a_process_of_its_own(run_part, name, arguments.rounds)
            for table in tables:
                print(f"\n{table}\n", flush=True)
            results["parts"][name] = [table.figures() for table in tables]
    if arguments.output:
        arguments.output.write_text(json.dumps(results, indent=2) + "\n")
    if arguments.plot:
        plot(results, arguments.plot)


if __name__ == "__main__":
    main()
