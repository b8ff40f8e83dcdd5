"""What a client and an operator see of the production server."""

import contextlib
import json
import socket
import sqlite3
import subprocess
import sys
import threading
from http.client import HTTPConnection

import pytest
import requests

REQUEST = b"POST /api/items HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path}/items.db"


def test_server_is_alive_and_ready_with_two_workers_and_warns_once_that_it_is_open(serve, sqlite_url):
    server = serve(sqlite_url)
    assert requests.get(f"{server.url}/health", timeout=10).json() == {"status": "alive"}
    assert requests.get(f"{server.url}/ready", timeout=10).json() == {"status": "ready"}
    assert len(server.workers) == 2
    assert server.log.count("API_TOKENS is not set") == 1


def test_log_is_json_and_names_each_request(serve, sqlite_url):
    server = serve(sqlite_url, LOG_FORMAT="json")
    headers = {"X-Request-ID": "from-the-client", "Authorization": "Bearer secret-token"}
    response = requests.get(f"{server.url}/api/items?secret=query", headers=headers, timeout=10)
    server.stop()
    lines = [json.loads(line) for line in server.log.splitlines()]
    accesses = [line for line in lines if line.get("request_id") == "from-the-client"]
    assert len(accesses) == 1
    duration, moment = accesses[0].pop("duration"), accesses[0].pop("time")
    assert duration > 0
    assert moment.endswith("Z")
    assert accesses[0] == {
        "level": "INFO",
        "logger": "gunicorn.access",
        "message": f"GET /api/items 200 {duration} ms {len(response.content)} bytes",
        "request_id": "from-the-client",
        "client": "127.0.0.1",
        "method": "GET",
        "path": "/api/items",
        "status": 200,
        "bytes": len(response.content),
    }
    assert "secret" not in server.log


def test_only_warnings_and_errors_are_logged_at_that_level(serve, sqlite_url):
    server = serve(sqlite_url, LOG_LEVEL="WARNING")
    lines = server.log.splitlines()
    assert len(lines) == 1
    assert "API_TOKENS is not set" in lines[0]


def test_server_with_tokens_asks_for_them_and_never_logs_them(serve, sqlite_url):
    server = serve(sqlite_url, API_TOKENS="secret-token,other-token", LOG_LEVEL="DEBUG")
    item = {"name": "Widget", "price": 9.99}
    refused = requests.post(f"{server.url}/api/items", json=item, timeout=10)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Bearer realm="the API"')
    headers = {"Authorization": "Bearer secret-token"}
    assert requests.post(f"{server.url}/api/items", json=item, headers=headers, timeout=10).status_code == 201
    server.stop()
    assert "API_TOKENS is not set" not in server.log
    assert "-token" not in server.log


def test_headers_of_a_proxy_are_believed_only_when_it_is_trusted(serve, sqlite_url):
    item = {"name": "Widget", "price": 9.99}
    forged = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "Script-Name": "/x",
        "SCRIPT_NAME": "/x",
    }
    direct = serve(sqlite_url)
    location = requests.post(f"{direct.url}/api/items", json=item, headers=forged, timeout=10).headers["Location"]
    assert location == "/api/items/1"
    response = requests.get(f"{direct.url}/health", headers=forged, timeout=10)
    assert "Strict-Transport-Security" not in response.headers
    proxied = serve(sqlite_url, TRUSTED_PROXIES="1")
    response = requests.get(f"{proxied.url}/health", headers=forged, timeout=10)
    assert "Strict-Transport-Security" in response.headers


def test_mistake_in_the_configuration_ends_the_start_in_one_clear_line(tmp_path):
    environment = {"DATABASE_URL": "mongodb://nowhere", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "run:app"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1
    assert "DATABASE_URL must begin with sqlite:// or postgresql://, not mongodb://" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_no_request_in_flight_fails_when_the_server_is_asked_to_stop(serve, tmp_path, wait_until):
    server = serve(f"sqlite:///{tmp_path}/items.db")
    failures, answered = [], []
    begun = threading.Barrier(11)

    def write_until_the_server_is_gone(number):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        begun.wait()
        while True:
            try:
                connection.connect()
            except ConnectionRefusedError:
                return
            kept = True
            while kept:
                body = json.dumps({"name": f"Item {number}", "price": 1})
                try:
                    connection.request("POST", "/api/items", body, {"Content-Type": "application/json"})
                    response = connection.getresponse()
                    response.read()
                except OSError as error:
                    failures.append(error)
                    return
                answered.append(response.status)
                kept = response.getheader("Connection") != "close"
            connection.close()

    writers = [threading.Thread(target=write_until_the_server_is_gone, args=[number]) for number in range(10)]
    for writer in writers:
        writer.start()
    begun.wait()
    wait_until(lambda: len(answered) >= 200 or failures)
    assert server.stop() == 0
    for writer in writers:
        writer.join()
    assert failures == []
    assert set(answered) == {201}
    with contextlib.closing(sqlite3.connect(tmp_path / "items.db")) as database:
        assert database.execute("SELECT count(*) FROM items").fetchone() == (len(answered),)


@pytest.mark.parametrize(
    "begun",
    [
        REQUEST + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        REQUEST + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{",
        REQUEST + b"Content-Ty",
        b"",
    ],
    ids=["half a body", "half a chunk", "half a header", "nothing"],
)
def test_clients_that_stop_halfway_do_not_hold_up_others(serve, sqlite_url, begun):
    server = serve(sqlite_url, GUNICORN_CLIENT_TIMEOUT="1", GUNICORN_THREADS="4")
    stopped = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(10)]
    for client in stopped:
        client.sendall(begun)
    response = requests.post(f"{server.url}/api/items", json={"name": "Widget", "price": 9.99}, timeout=30)
    assert response.status_code == 201
    for client in stopped:
        answer = client.recv(100) if begun else b""
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
        client.close()
    assert "Traceback" not in server.log
