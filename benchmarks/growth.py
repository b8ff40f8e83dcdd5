"""Part 3: what does not grow: the last page of a long list, the memory of an export, the cost of many resources."""

import re
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from flask import Flask

from restwell import Api, Resource

from .calls import Case, caller
from .items_api import fill, sqlite_urls
from .items_peers import restwell
from .parts import in_a_process_of_its_own
from .progress import Progress
from .table import Table
from .timing import medians

SIZES = (1_000, 100_000, 1_000_000)
RESOURCES = {"1 resource": 1, "100 resources": 100, "1,000 resources": 1000}


def run(rounds: int, progress: Progress) -> list[Table]:
    """Time the last page of lists of all sizes, export the longest one, and register resources."""
    pages: dict[str, Callable[[], object]] = {}
    with sqlite_urls() as url_of:
        for size in SIZES:
            progress(f"{size:,} rows")
            url = url_of(str(size))
            application = restwell.application(url)
            fill(url, restwell.TABLE, restwell.PRICE, size)
            pages[f"{size:,} rows"] = caller(application, Case(restwell.last_page(application, size), 200))
        [last] = medians(pages, rounds, lambda message: progress(f"last page, {message}"), [perf_counter])
        progress(f"exporting {SIZES[-1]:,} rows")
        exported = in_a_process_of_its_own(export, url_of(str(SIZES[-1])))
    registered = {
        name: min(seconds_per_resource(count) for _ in range(rounds)) * 1e6 for name, count in RESOURCES.items()
    }
    progress.done()
    return [
        Table("The last page of 20", "microseconds", {"GET": last}, f"{SIZES[0]:,} rows"),
        Table(
            f"NDJSON export of {SIZES[-1]:,} rows",
            "SQLite",
            {name: {"Restwell": value} for name, value in exported.items()},
        ),
        Table("Registration", "microseconds per resource", {"add_resource": registered}, "1 resource"),
    ]


def seconds_per_resource(count: int) -> float:
    """The time of one ``add_resource`` among so many."""
    api = Api(Flask("registration"))
    resources = [type(f"Resource{number}", (Resource,), {"get": lambda self: {}}) for number in range(count)]
    start = process_time()
    for number, resource in enumerate(resources):
        api.add_resource(resource, f"/resources/{number}")
    return (process_time() - start) / count


def export(url: str) -> dict[str, float]:
    """Read all items as NDJSON.

    :returns: the rows in a second, and the megabytes that the process grew by at most.
    """
    client = restwell.application(url).test_client()
    client.get(restwell.PATH)
    before, start = memory("VmRSS"), perf_counter()
    response = client.get(restwell.PATH, headers={"Accept": "application/x-ndjson"})
    rows = sum(chunk.count(b"\n") for chunk in response.iter_encoded())
    seconds = perf_counter() - start
    return {"rows per second": rows / seconds, "peak memory, MB above the start": (memory("VmHWM") - before) / 1024}


def memory(name: str) -> int:
    """What the Linux kernel says about the memory of this process, in kilobytes."""
    match = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(match[1]) if match else 0
