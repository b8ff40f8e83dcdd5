"""Part 5: over the wire: gunicorn with two workers, and a load generator in a process of its own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from .contenders import OURS, PLAIN, SWITCH
from .items_api import ROWS, fill, sqlite_urls
from .parts import in_a_process_of_its_own
from .progress import Progress
from .table import Table

PEERS = {
    OURS: "restwell",
    PLAIN: "restwell",
    "Flask-RESTful, ORM": "flask_restful",
    "Flask-smorest, ORM": "flask_smorest",
}
BASELINE = "Flask-RESTful, ORM"
REQUESTS = {"GET one": "/5000", "first page of 20": "?limit=20"}
CONNECTIONS = 8
SECONDS = 0.5


def run(rounds: int, progress: Progress) -> list[Table]:
    """Load each contender in turns, for as many turns as there are rounds, at most 10."""
    rounds = min(rounds, 10)
    with sqlite_urls() as url_of, TemporaryDirectory() as folder:
        latencies: dict[str, dict[str, list[float]]] = {name: {peer: [] for peer in PEERS} for name in REQUESTS}
        for contender, peer in PEERS.items():
            progress(f"filling the table of {contender}")
            in_a_process_of_its_own(prepare, peer, url_of(contender))
        for number in range(rounds):
            for contender in PEERS:
                progress(f"round {number + 1} of {rounds}, {contender}")
                with served(contender, url_of(contender), Path(folder)) as port:
                    for name, request in REQUESTS.items():
                        latencies[name][contender] += load(port, f"/api/items{request}", SECONDS)
    progress.done()
    return [table(name, rounds, taken) for name, taken in latencies.items()]


def prepare(peer: str, url: str) -> None:
    module = import_module(f".items_peers.{peer}", __package__)
    module.application(url)
    fill(url, module.TABLE, module.PRICE, ROWS)


def table(name: str, rounds: int, latencies: dict[str, list[float]]) -> Table:
    milliseconds = {contender: [1000 * latency for latency in taken] for contender, taken in latencies.items()}
    figures = {
        "requests per second": {peer: len(taken) / (rounds * SECONDS) for peer, taken in milliseconds.items()},
        "median, ms": {peer: median(taken) for peer, taken in milliseconds.items()},
        "99th percentile, ms": {peer: quantiles(taken, n=100)[98] for peer, taken in milliseconds.items()},
    }
    return Table(f"{name} by gunicorn, two workers, {CONNECTIONS} connections", "SQLite", figures, BASELINE)


@contextmanager
def served(contender: str, url: str, folder: Path) -> Iterator[int]:
    """A server with the same settings for everybody; its port."""
    port, settings = free_port(), folder / "gunicorn.conf.py"
    settings.write_text(
        "workers = 2\nthreads = 8\nkeepalive = 75\nloglevel = 'warning'\ncontrol_socket_disable = True\n"
    )
    application = f"benchmarks.items_peers.{PEERS[contender]}:application({url!r})"
    command = [sys.executable, "-m", "gunicorn", "--config", str(settings), "--bind", f"127.0.0.1:{port}", application]
    with subprocess.Popen(command, env={**os.environ, **(SWITCH if contender == PLAIN else {})}) as server:
        try:
            wait_for(port, f"/api/items{REQUESTS['GET one']}")
            load(port, f"/api/items{REQUESTS['GET one']}", 0.2)  # both workers have imported and connected
            yield port
        finally:
            server.terminate()


def load(port: int, path: str, seconds: float) -> list[float]:
    """The seconds that each request took."""
    command = [sys.executable, "-m", "benchmarks.load", str(port), path, str(seconds), str(CONNECTIONS)]
    latencies: list[float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return latencies


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for(port: int, path: str, patience: float = 30) -> None:
    """Ask until there is an answer.

    :raises TimeoutError: when there is none in time.
    """
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
                connection.sendall(request)
                if connection.recv(1):
                    return
        except OSError:
            time.sleep(0.005)
    raise TimeoutError(f"nothing answers on port {port}")
