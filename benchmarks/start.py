"""Part 6: import and start: how long it is from ``python run.py`` to the first answer, beside bare Flask."""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from .progress import Progress
from .table import Table
from .wire import free_port, wait_for

ROOT = Path(__file__).parents[1]
BARE_FLASK = """
import sys
from flask import Flask, jsonify
app = Flask(__name__)
app.get("/")(lambda: jsonify([]))
app.run(port=int(sys.argv[-1]))
"""
RESTWELL, FLASK = "Restwell, run.py", "Flask, one view"


def run(rounds: int, progress: Progress) -> list[Table]:
    """Start both in turns, for as many turns as there are rounds, at most 5."""
    rounds = min(rounds, 5)
    times: dict[str, dict[str, list[float]]] = {case: {RESTWELL: [], FLASK: []} for case in ("import", "first answer")}
    with TemporaryDirectory() as folder:
        script = Path(folder, "bare_flask.py")
        script.write_text(BARE_FLASK)
        database = f"sqlite:///{folder}/items.db"
        first_answer([str(ROOT / "run.py")], database)  # migrates, and compiles what was never imported
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds}")
            times["import"][RESTWELL].append(seconds_to_import("run"))
            times["import"][FLASK].append(seconds_to_import("flask"))
            times["first answer"][RESTWELL].append(first_answer([str(ROOT / "run.py")], database))
            times["first answer"][FLASK].append(first_answer([str(script)], database))
    progress.done()
    medians = {case: {name: 1000 * median(taken) for name, taken in both.items()} for case, both in times.items()}
    return [Table("Start", "milliseconds", medians, FLASK)]


def seconds_to_import(module: str) -> float:
    """The seconds from the command to the end of the import, without the interpreter's cleaning up after it."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", f"import os, {module}; os._exit(0)"], cwd=ROOT, check=True)
    return perf_counter() - start


def first_answer(command: list[str], database: str) -> float:
    """The seconds from the command to the first byte of its first answer."""
    port, start = free_port(), perf_counter()
    command = [sys.executable, *command, "--port", str(port)]
    environment = {**os.environ, "DATABASE_URL": database}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **quiet) as server:
        try:
            wait_for(port, "/")
            return perf_counter() - start
        finally:
            server.terminate()
