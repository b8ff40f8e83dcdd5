"""Many clients at once, for a while."""

import itertools
import json
import threading
import time
from http.client import HTTPConnection, HTTPException

CLIENTS = 50
ITEMS = 1000
SECONDS = 30
JSON = {"Content-Type": "application/json"}


def ask(connection, method, path, body=None):
    """Send a request.

    :returns: the status of the answer.
    """
    connection.request(method, path, body and json.dumps(body), JSON)
    response = connection.getresponse()
    response.read()
    return response.status


def test_fifty_clients_get_what_they_ask_for_without_an_error(serve, database_url, capsys):
    server = serve(database_url, DATABASE_BUSY_TIMEOUT="15000")  # SQLite lets writers wait in no order
    setup = HTTPConnection("127.0.0.1", server.port, timeout=30)
    items = [{"name": f"Item {number}", "price": number} for number in range(ITEMS)]
    assert ask(setup, "POST", "/api/items", items) == 201
    setup.close()
    durations, failures = [], []
    end = time.monotonic() + SECONDS

    def use(number):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        for count in itertools.count(number):
            path = f"/api/items/{count * 7919 % ITEMS + 1}"
            method, path, body, expected = (
                *[("GET", path, None, 200)] * 6,
                *[("GET", "/api/items?limit=20", None, 200)] * 2,
                ("PATCH", path, {"price": 1}, 200),
                ("POST", "/api/items", {"name": "Another", "price": 1}, 201),
            )[count % 10]
            begun = time.monotonic()
            try:
                status = ask(connection, method, path, body)
            except (OSError, HTTPException) as error:
                status = error
            durations.append(time.monotonic() - begun)
            if status != expected:
                failures.append((method, path, status))
            if time.monotonic() > end or isinstance(status, Exception):
                break
        connection.close()

    clients = [threading.Thread(target=use, args=[number]) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    durations.sort()
    median, slowest_percent = (1000 * durations[int(len(durations) * share)] for share in (0.5, 0.99))
    with capsys.disabled():
        print(
            f"\n{database_url.partition(':')[0]}: {len(durations) / SECONDS:.0f} requests/s, median {median:.0f} ms, "
            f"slowest percent {slowest_percent:.0f} to {1000 * durations[-1]:.0f} ms"
        )
    assert failures == []
