"""Many clients at once who want the same, on several processes and both databases."""

import contextlib
import json
import socket
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import requests

CLIENTS = 32
KEY = {"Idempotency-Key": "the-same-key"}
LAMP = {"name": "Lamp", "price": 9.99}
WAITING = """
    SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE datname = current_database() AND NOT granted
"""


@pytest.fixture
def servers(serve, database_url):
    """The URLs of two servers, with two workers each, on one database."""
    return [serve(database_url, DATABASE_BUSY_TIMEOUT="20000").url for _ in range(2)]


def at_once(servers, send):
    """What ``send`` gives to each client, who all begin at the same time."""
    barrier = threading.Barrier(CLIENTS)

    def begin(number):
        barrier.wait()
        return send(servers[number % len(servers)], number)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(begin, range(CLIENTS)))


def items(servers):
    return requests.get(f"{servers[0]}/api/items", timeout=30).json()


@contextlib.contextmanager
def writes_locked(database_url):
    """Keep everybody from writing items until the end of the block."""
    if database_url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(database_url) as lock:
            lock.execute("LOCK TABLE items IN EXCLUSIVE MODE")
            yield


def test_of_many_writers_with_one_tag_one_wins(servers):
    requests.post(f"{servers[0]}/api/items", json=LAMP, timeout=30)
    tag = requests.get(f"{servers[0]}/api/items/1", timeout=30).headers["ETag"]

    def write(server, number):
        changes = {"name": "x", "price": number}
        return requests.put(f"{server}/api/items/1", json=changes, headers={"If-Match": tag}, timeout=30)

    answers = at_once(servers, write)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: CLIENTS - 1}
    [winner] = [answer for answer in answers if answer.status_code == 200]
    assert items(servers) == [winner.json()]
    assert winner.json()["version"] == 2


def test_many_requests_with_one_key_create_one_item(servers):
    def create(server, _):
        while True:
            answer = requests.post(f"{server}/api/items", json=LAMP, headers=KEY, timeout=30)
            if answer.status_code != 409:
                return answer
            time.sleep(float(answer.headers["Retry-After"]) / 10)

    answers = at_once(servers, create)
    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.content, answer.headers["Location"]) for answer in answers}) == 1
    replayed = Counter("Idempotency-Replayed" in answer.headers for answer in answers)
    assert replayed == {False: 1, True: CLIENTS - 1}
    assert items(servers) == [answers[0].json()]


def test_request_whose_key_another_process_is_at_has_one_effect(servers, database_url, wait_until):
    def create(server):
        return requests.post(f"{server}/api/items", json=LAMP, headers=KEY, timeout=30)

    def first_waits():
        with psycopg.connect(database_url) as connection:
            return connection.execute(WAITING).fetchone()

    is_postgresql = database_url.startswith("postgresql")
    with ThreadPoolExecutor() as pool:
        with writes_locked(database_url):
            first = pool.submit(create, servers[0])
            if is_postgresql:
                wait_until(first_waits)
            second = pool.submit(create, servers[1])
            if is_postgresql:  # which can tell; on SQLite the second waits as well
                assert second.result().status_code == 409
        assert first.result().status_code == 201
        assert second.result().status_code == (409 if is_postgresql else 201)
    again = create(servers[1])
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert [item["name"] for item in items(servers)] == ["Lamp"]


def test_clients_that_leave_a_stream_free_their_connections(serve, database_url):
    server = serve(database_url, DATABASE_POOL_SIZE="1", DATABASE_BUSY_TIMEOUT="5000")
    for _ in range(20):
        lamps = [{"name": "x" * 200, "price": 1}] * 1000
        requests.post(f"{server.url}/api/items", json=lamps, timeout=30).raise_for_status()
    for _ in range(8):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(b"GET /api/items HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
    for _ in range(8):
        assert requests.get(f"{server.url}/api/items/1", timeout=30).status_code == 200
    with requests.get(
        f"{server.url}/api/items", headers={"Accept": "application/x-ndjson"}, stream=True, timeout=30
    ) as response:
        assert sum(json.loads(line)["price"] for line in response.iter_lines()) == 20_000
