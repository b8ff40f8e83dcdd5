"""The development server as a process of its own: what it serves, how it starts, stops and fails to start."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import sqlalchemy

ROOT = Path(__file__).parents[2]
RUN = (sys.executable, str(ROOT / "run.py"), "--port", "0")
FLASK_RUN = (sys.executable, "-m", "flask", "--app", str(ROOT / "run.py"), "run", "--port", "0")
UPGRADE = (sys.executable, "-m", "flask", "--app", str(ROOT / "run.py"), "db", "upgrade")
PATIENCE = 30
"""Seconds that a process may take to start, answer or stop before something is wrong."""


class Server:
    """A running development server.

    :param process: its process.
    :param output: the file with what it prints.
    """

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self.output = output

    @property
    def items(self) -> str:
        """The URL of its items."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            base_url = re.search(r"Running on (http://127\.0\.0\.1:\d+)", self.output.read_text())
            if base_url:
                return f"{base_url.group(1)}/api/items"
            time.sleep(0.02)
        raise AssertionError(f"the server did not start:\n{self.output.read_text()}")

    def names(self) -> list[str]:
        """The names of its items."""
        return [item["name"] for item in requests.get(self.items, timeout=PATIENCE).json()]

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        """Send a signal, and give back the exit status."""
        self.process.send_signal(signal_number)
        return self.process.wait(PATIENCE)


def environment(**variables: str) -> dict[str, str]:
    foreign = ("API_", "CORS_", "DATABASE_", "FLASK_", "PORT")
    return {**{name: text for name, text in os.environ.items() if not name.startswith(foreign)}, **variables}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers; they end with the test."""
    servers: list[Server] = []

    def start(*command: str, **variables: str) -> Server:
        output = tmp_path / f"output{len(servers)}.txt"
        with output.open("wb") as stream:
            process = subprocess.Popen(
                command, cwd=tmp_path, env=environment(**variables), stdout=stream, stderr=subprocess.STDOUT
            )
        servers.append(Server(process, output))
        return servers[-1]

    yield start
    for server in servers:
        server.process.kill()
        server.process.wait(PATIENCE)


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT.anchor, env=environment(**variables), capture_output=True, text=True, timeout=PATIENCE
    )


# -- serving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [RUN, FLASK_RUN], ids=["python run.py", "flask run"])
def test_item_lives_its_life(start: Callable[..., Server], command: tuple[str, ...], database_url: str) -> None:
    items = start(*command, DATABASE_URL=database_url).items
    created = requests.post(items, json={"name": "Lamp", "price": 9.99}, timeout=PATIENCE)
    assert created.status_code == 201
    assert created.json()["price"] == 9.99
    item = requests.compat.urljoin(items, created.headers["Location"])
    assert requests.get(item, timeout=PATIENCE).json() == created.json()
    replaced = requests.put(item, json={"name": "Lantern", "price": 0.1}, timeout=PATIENCE)
    assert (replaced.status_code, replaced.json()["version"]) == (200, 2)
    patched = requests.patch(item, json={"price": 24.99}, timeout=PATIENCE)
    assert (patched.json()["name"], patched.json()["price"]) == ("Lantern", 24.99)
    assert requests.get(items, timeout=PATIENCE).json()[-1] == patched.json()
    deleted = requests.delete(item, timeout=PATIENCE)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert requests.get(item, timeout=PATIENCE).status_code == 404


def test_new_database_holds_the_samples_and_an_old_one_what_it_held(
    start: Callable[..., Server], database_url: str
) -> None:
    server = start(*RUN, DATABASE_URL=database_url)
    assert [(item["name"], item["price"]) for item in requests.get(server.items, timeout=PATIENCE).json()] == [
        ("Widget", 9.99),
        ("Gadget", 24.99),
    ]
    requests.post(server.items, json={"name": "Lamp", "price": 1}, timeout=PATIENCE)
    requests.delete(f"{server.items}/1", timeout=PATIENCE)
    server.stop()
    assert start(*RUN, DATABASE_URL=database_url).names() == ["Gadget", "Lamp"]


def test_deleted_samples_do_not_come_back(start: Callable[..., Server], database_url: str) -> None:
    server = start(*RUN, DATABASE_URL=database_url)
    for item_id in (1, 2):
        requests.delete(f"{server.items}/{item_id}", timeout=PATIENCE)
    server.stop()
    assert start(*RUN, DATABASE_URL=database_url).names() == []


def test_acknowledged_items_outlive_a_kill(start: Callable[..., Server], database_url: str) -> None:
    server = start(*RUN, DATABASE_URL=database_url)
    for number in range(20):
        requests.post(server.items, json={"name": f"Lamp {number}", "price": 1}, timeout=PATIENCE).raise_for_status()
    server.stop(signal.SIGKILL)
    assert len(start(*RUN, DATABASE_URL=database_url).names()) == 22


def test_servers_that_start_at_once_share_one_new_database(start: Callable[..., Server], database_url: str) -> None:
    servers = [start(*RUN, DATABASE_URL=database_url) for _ in range(4)]
    assert [server.names() for server in servers] == [["Widget", "Gadget"]] * 4


def test_database_of_a_migration_by_hand_is_empty(start: Callable[..., Server], database_url: str) -> None:
    assert run(*UPGRADE, DATABASE_URL=database_url).returncode == 0
    assert start(*RUN, DATABASE_URL=database_url).names() == []


def test_pages_on_localhost_may_use_it(start: Callable[..., Server], tmp_path: Path) -> None:
    items = start(*RUN, DATABASE_URL=f"sqlite:///{tmp_path}/items.db").items
    for origin, allowed in [
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://localhost.evil.example", None),
    ]:
        response = requests.get(items, headers={"Origin": origin}, timeout=PATIENCE)
        assert response.headers.get("Access-Control-Allow-Origin") == allowed


# -- starting and stopping ---------------------------------------------------------------------------------------------


def test_it_says_where_everything_is(start: Callable[..., Server], tmp_path: Path) -> None:
    server = start(*RUN, DATABASE_URL=f"sqlite:///{tmp_path}/items.db")
    root = server.items.removesuffix("api/items")
    lines = [line.split() for line in server.output.read_text().splitlines()]
    assert ["API", root] in lines
    assert ["Database", f"sqlite:///{tmp_path}/items.db"] in lines


@pytest.mark.parametrize("option", ["argument", "PORT", "FLASK_PORT"])
def test_it_serves_on_the_port_that_it_is_told(start: Callable[..., Server], tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments, variables = (["--port", str(port)], {}) if option == "argument" else ([], {option: str(port)})
    server = start(*RUN[:2], *arguments, DATABASE_URL=f"sqlite:///{tmp_path}/items.db", **variables)
    assert server.items == f"http://127.0.0.1:{port}/api/items"


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("arguments", [[], ["--debug"]], ids=["plain", "debug"])
def test_it_stops_cleanly(
    start: Callable[..., Server], tmp_path: Path, arguments: list[str], signal_number: int
) -> None:
    server = start(*RUN, *arguments, DATABASE_URL=f"sqlite:///{tmp_path}/items.db")
    server.names()
    assert server.stop(signal_number) == 0
    assert "Traceback" not in server.output.read_text()


def test_help_names_every_argument() -> None:
    result = run(*RUN[:2], "--help")
    assert result.returncode == 0
    for argument in ("--host", "--port", "--debug", "--help"):
        assert argument in result.stdout


# -- failing to start --------------------------------------------------------------------------------------------------


def assert_refused(result: subprocess.CompletedProcess[str], message: str) -> None:
    assert result.returncode == 1
    assert re.fullmatch(f"(run.py|Error): .*{message}.*\n", result.stderr), result.stderr


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL is not a URL such as"),
        ({"DATABASE_URL": "mysql://host/items"}, "DATABASE_URL must begin with sqlite:// or postgresql://"),
        ({"DATABASE_URL": "sqlite:////proc/items.db"}, "unable to open database file"),
        ({"DATABASE_URL": f"sqlite:///{__file__}"}, "file is not a database"),
        (
            {"DATABASE_URL": "postgresql://user:secret@127.0.0.1:1/items"},
            r"user:\*\*\*@127.0.0.1:1/items cannot be used",
        ),
        ({"PORT": "70000"}, "PORT must be a whole number from 0 to 65535, not '70000'"),
        ({"API_ERROR_FORMAT": "xml"}, "API_ERROR_FORMAT must be one of standard, problem, restful, not 'xml'"),
        ({"API_EROR_FORMAT": "problem"}, r"API_EROR_FORMAT is not an option; did you mean API_ERROR_FORMAT\?"),
        ({"CORS_ORIGINS": "*", "CORS_SUPPORTS_CREDENTIALS": "true"}, "CORS_SUPPORTS_CREDENTIALS cannot be true"),
    ],
)
def test_what_cannot_start_says_why_in_one_line(variables: dict[str, str], message: str) -> None:
    assert_refused(run(*RUN, **{"DATABASE_URL": "sqlite://", **variables}), message)


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////proc/items.db"])
def test_flask_run_says_the_same(url: str) -> None:
    assert run(*FLASK_RUN, DATABASE_URL=url).stderr == run(*RUN, DATABASE_URL=url).stderr.replace("run.py", "Error")


def test_relative_database_is_in_the_instance_folder_wherever_it_is_started() -> None:
    assert_refused(run(*RUN, DATABASE_URL="sqlite:///missing/items.db"), f"{ROOT}/instance/missing/items.db")


def test_port_in_use_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(*RUN[:2], "--port", str(port), DATABASE_URL="sqlite://")
    assert_refused(result, f"Cannot listen: Address already in use .*{port}")


def test_host_that_is_not_this_machine_is_refused() -> None:
    assert_refused(run(*RUN, "--host", "192.0.2.1", DATABASE_URL="sqlite://"), "Cannot listen: Cannot assign")


@pytest.mark.parametrize("command", [RUN, FLASK_RUN, UPGRADE], ids=["python run.py", "flask run", "flask db upgrade"])
def test_database_of_a_newer_version_is_refused_and_left_alone(command: tuple[str, ...], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/items.db"
    run(*UPGRADE, DATABASE_URL=url)
    with sqlalchemy.create_engine(url).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    result = run(*command, DATABASE_URL=url)
    assert result.returncode == 1
    assert "The database is newer than the application, which does not know its revision later" in result.stderr
    assert result.stderr.count("\n") == 1
    with sqlalchemy.create_engine(url).connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == ["later"]
