"""The application as it runs in production: gunicorn with two workers, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKERS = 2
PATIENCE = 30
"""Seconds that a start or a stop may take before something is wrong."""


class Server:
    """A gunicorn that serves ``run:app``.

    :param log: the file that collects what it prints.
    :param environment: its environment variables.
    """

    def __init__(self, log: Path, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._environment = environment
        self.start()

    def start(self) -> None:
        """Start it, also again, and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "run:app"]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        _wait_until(lambda: self._answers() and len(self.workers) == WORKERS)

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"gunicorn did not start:\n{self.log}"
        with contextlib.suppress(OSError):
            connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        return False

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return self._log.read_text()

    @property
    def workers(self) -> list[int]:
        """The ids of its worker processes."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self) -> None:
        """Kill the server with all of its workers, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """Ask the server to stop, and wait until it has.

        :returns: its exit status.
        """
        self.process.terminate()
        return self.process.wait(PATIENCE)


def _wait_until(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"waited {patience} seconds in vain"
        time.sleep(0.02)


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Waits until a condition holds; fails after ``patience`` seconds."""
    return _wait_until


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers on migrated databases, with environment variables as keywords; they end with the test."""
    servers: list[Server] = []
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("API_", "FLASK_"))}

    def start(database_url: str, **environment: str) -> Server:
        variables = {**inherited, "DATABASE_URL": database_url, "WEB_CONCURRENCY": str(WORKERS), **environment}
        migration = [sys.executable, "-m", "flask", "--app", "run", "db", "upgrade"]
        migrated = subprocess.run(migration, cwd=ROOT, env=variables, capture_output=True, text=True)
        assert migrated.returncode == 0, migrated.stderr
        servers.append(Server(tmp_path / f"server{len(servers)}.log", variables))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture
def development_server(tmp_path: Path) -> Iterator[str]:
    """The URL of a ``python run.py`` on a fresh database, which ends with the test."""
    foreign = ("API_", "CORS_", "FLASK_", "RATELIMIT_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    output = tmp_path / "run.log"
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, ROOT / "run.py", "--port", "0"],
            env={**inherited, "DATABASE_URL": f"sqlite:///{tmp_path}/items.db"},
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until(lambda: "Running on" in output.read_text() or process.poll() is not None)
        running = re.search(r"Running on (http://\S+)", output.read_text())
        assert running, f"the server did not start:\n{output.read_text()}"
        yield running[1]
    finally:
        process.kill()
        process.wait(PATIENCE)
