"""What becomes of the data and of the clients when processes die, the database goes away or the disk is full."""

import contextlib
import itertools
import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg
import pytest
import redis
import requests

PATIENCE = 5
"""Seconds in which every request is answered, whatever happens."""


class Client(threading.Thread):
    """A client that creates items one after another, each under a name of its own.

    :param persistent: whether it repeats a request, under its Idempotency-Key, until it is answered with success.
    """

    def __init__(self, server, number, *, persistent=False):
        super().__init__(daemon=True)
        self.server = server
        self.names = (f"{number}-{count}" for count in itertools.count())
        self.persistent = persistent
        self.asked, self.acknowledged, self.answers = [], [], []
        self.stopping = threading.Event()
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)

    def run(self):
        while not self.stopping.is_set():
            name, key = next(self.names), str(uuid.uuid4())
            self.asked.append(name)
            while not self.create(name, key) and (self.persistent or not self.stopping.is_set()):
                time.sleep(0.02)
                if not self.persistent:
                    break

    def create(self, name, key):
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        begun = time.monotonic()
        try:
            self.connection.request("POST", "/api/items", json.dumps({"name": name, "price": 1}), headers)
            response = self.connection.getresponse()
            response.read()
        except TimeoutError:
            self.answers.append((begun, "no answer", None))
        except (OSError, HTTPException):
            pass  # the server was killed
        else:
            self.answers.append((begun, response.status, response.headers["Retry-After"]))
            if response.status == 201:
                self.acknowledged.append(name)
                return True
            return False
        self.connection.close()
        return False


@contextlib.contextmanager
def load(server, count=8, **options):
    """Clients that write to a server until the end of the block."""
    clients = [Client(server, number, **options) for number in range(count)]
    for client in clients:
        client.start()
    yield clients
    for client in clients:
        client.stopping.set()
    for client in clients:
        client.join(60)
        assert not client.is_alive()


def stored(database_url):
    """How often each name is stored."""
    path = database_url.removeprefix("sqlite:///")
    connect = psycopg.connect if path == database_url else sqlite3.connect
    with contextlib.closing(connect(path)) as connection:
        return Counter(name for (name,) in connection.execute("SELECT name FROM items"))


def acknowledged(clients):
    return [name for client in clients for name in client.acknowledged]


def kill_again_and_again(server, clients, wait_until):
    """Kill workers, then the whole server and start it again, three times, with writes in between."""

    def wait_for_writes():
        enough = len(acknowledged(clients)) + 20
        wait_until(lambda: len(acknowledged(clients)) >= enough)

    for _ in range(3):
        for _ in range(3):
            wait_for_writes()
            wait_until(lambda: len(server.workers) == 2)
            os.kill(server.workers[0], signal.SIGKILL)
        wait_for_writes()
        server.kill()
        server.start()
    wait_for_writes()


def test_acknowledged_writes_survive_killed_workers_and_servers(serve, database_url, wait_until):
    server = serve(database_url)
    with load(server) as clients:
        kill_again_and_again(server, clients, wait_until)
    items = stored(database_url)
    assert set(acknowledged(clients)) <= set(items)
    assert set(items.values()) == {1}


def test_clients_that_repeat_what_was_not_acknowledged_get_exactly_what_they_asked_for(serve, database_url, wait_until):
    server = serve(database_url)
    with load(server, persistent=True) as clients:
        kill_again_and_again(server, clients, wait_until)
    assert stored(database_url) == Counter(name for client in clients for name in client.asked)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Cluster:
    """A PostgreSQL server of its own, that may be stopped."""

    def __init__(self, binaries, folder):
        self.binaries = binaries
        self.folder = folder
        self.prefix = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
            self.prefix = ["runuser", "-u", "postgres", "--"]
        self.port = free_port()
        self.run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8")
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, program, *arguments):
        command = [*self.prefix, self.binaries / program, f"--pgdata={self.folder}/data", *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL)

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "start", "--wait", f"--log={self.folder}/log", f"--options={options}")

    def stop(self, mode):
        self.run("pg_ctl", "stop", "--wait", f"--mode={mode}")


def missing(program):
    """Skip the test for want of a program, but fail in CI."""
    end = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    end(f"{program} is not installed")


@pytest.fixture
def cluster():
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not versions:
        missing("the server of PostgreSQL")
    folder = Path(tempfile.mkdtemp())
    cluster = Cluster(versions[-1].parent, folder)
    cluster.start()
    yield cluster
    with contextlib.suppress(subprocess.CalledProcessError):
        cluster.stop("immediate")
    shutil.rmtree(folder)


@pytest.mark.postgres
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_service_pauses_while_postgresql_is_away_and_returns_with_it(serve, cluster, mode):
    server = serve(cluster.url)
    workers = server.workers
    with load(server) as clients:
        time.sleep(1)
        cluster.stop(mode)
        stopped = time.monotonic()
        time.sleep(2)
        assert requests.get(f"{server.url}/health", timeout=PATIENCE).status_code == 200
        assert requests.get(f"{server.url}/ready", timeout=PATIENCE).status_code == 503
        starting = time.monotonic()
        cluster.start()
        time.sleep(5)
        returned = time.monotonic()
        time.sleep(1)
        assert requests.get(f"{server.url}/ready", timeout=PATIENCE).status_code == 200
    answers = [answer for client in clients for answer in client.answers]
    assert {(status, retry_after) for _, status, retry_after in answers} == {(201, None), (503, "2")}
    assert {status for begun, status, _ in answers if stopped < begun < starting - PATIENCE / 5} == {503}
    assert {status for begun, status, _ in answers if begun > returned} == {201}
    assert set(acknowledged(clients)) <= set(stored(cluster.url))
    assert server.workers == workers


@pytest.fixture
def sqlite_file(tmp_path):
    return tmp_path / "items.db"


def create(server, name="Widget"):
    return requests.post(f"{server.url}/api/items", json={"name": name, "price": 1}, timeout=PATIENCE)


LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


def test_write_is_503_after_the_busy_timeout_while_another_process_locks_the_file(serve, sqlite_file):
    server = serve(f"sqlite:///{sqlite_file}", DATABASE_BUSY_TIMEOUT="500")
    command = [sys.executable, "-c", LOCK, sqlite_file]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"locked\n"
        refused = create(server)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
        assert refused.json()["error"] == "Service Unavailable"
        assert refused.elapsed.total_seconds() >= 0.5
        assert requests.get(f"{server.url}/api/items", timeout=PATIENCE).status_code == 200
        other.stdin.close()
    assert create(server).status_code == 201


def test_full_disk_refuses_writes_and_loses_nothing(serve, sqlite_file):
    server = serve(f"sqlite:///{sqlite_file}")
    names = (f"{count} {'x' * 190}" for count in itertools.count())
    kept = [create(server, next(names)).json()["name"] for _ in range(5)]
    _limit_files_of(server, 512 * 1024)
    while (response := create(server, next(names))).status_code == 201:
        kept.append(response.json()["name"])
    for _ in range(10):
        assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
        assert response.json()["error"] == "Service Unavailable"
        response = create(server, next(names))
    listed = requests.get(f"{server.url}/api/items?limit=1000", timeout=PATIENCE).json()
    assert [item["name"] for item in listed] == kept
    _limit_files_of(server, resource.RLIM_INFINITY)
    kept.append(create(server, next(names)).json()["name"])
    assert stored(f"sqlite:///{sqlite_file}") == Counter(kept)


def _limit_files_of(server, size):
    for process in (server.process.pid, *server.workers):
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.fixture
def redis_server(wait_until):
    if shutil.which("redis-server") is None:
        missing("the server of Redis")
    port = free_port()

    def answers():
        with contextlib.suppress(redis.ConnectionError):
            return redis.Redis(port=port).ping()

    command = ["redis-server", "--port", str(port), "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        wait_until(answers)
        yield process, f"redis://127.0.0.1:{port}"
        process.kill()


@pytest.mark.redis
def test_workers_count_requests_together_and_go_on_without_redis(serve, sqlite_file, redis_server):
    process, url = redis_server
    server = serve(f"sqlite:///{sqlite_file}", RATELIMIT_DEFAULT="20 per hour", RATELIMIT_STORAGE_URI=url)

    def statuses(count):
        return Counter(requests.get(f"{server.url}/api/items", timeout=PATIENCE).status_code for _ in range(count))

    assert statuses(30) == {200: 20, 429: 10}
    process.kill()
    process.wait()
    assert statuses(10) == {200: 10}
    assert 1 <= server.log.count("Rate limit storage unreachable") <= len(server.workers)
