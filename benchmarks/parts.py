"""The parts of the benchmark, each in a process of its own."""

import multiprocessing
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from typing import Any

from .progress import Progress
from .table import Table

PARTS = {
    "dispatch": ("dispatch", "run"),
    "sqlite": ("items_api", "run_sqlite"),
    "postgresql": ("items_api", "run_postgresql"),
    "growth": ("growth", "run"),
    "marshal": ("marshalling", "run"),
    "wire": ("wire", "run"),
    "start": ("start", "run"),
}
"""The parts, and the module and function that run each."""


def run_part(name: str, rounds: int) -> list[Table]:
    """Run a part in this process, which keeps Django's settings and whatever else the part leaves behind."""
    module, function = PARTS[name]
    tables: list[Table] = getattr(import_module(f".{module}", __package__), function)(
        rounds, Progress(name, sys.stderr)
    )
    return tables


def in_a_process_of_its_own(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function in a new process.

    :raises Exception: what the function raised.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        return executor.submit(function, *arguments).result()
