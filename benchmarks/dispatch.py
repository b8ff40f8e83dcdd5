"""Part 1: what a request costs before any database, in process, for the same five requests.

The WSGI applications are called as a server calls them, with an environment of its own for each request and the
response drained and closed. A test client would cost more than most of what is measured here.

The 404 of bare Flask is that of ``flask.abort(404)``, an HTML page; every other answer is compared as JSON before the
clock starts.
"""

import importlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from .items import ITEMS, NEW_ITEM, items
from .progress import Progress
from .table import Table
from .timing import medians

OURS = "Restwell"
BASELINE = "Flask"
PEERS = {
    OURS: "restwell",
    BASELINE: "bare_flask",
    "Flask-RESTful": "flask_restful",
    "Flask-RESTX": "flask_restx",
    "Flask-smorest": "flask_smorest",
    "APIFlask": "apiflask",
    "Django REST framework": "django_rest_framework",
    "Falcon": "falcon",
}
"""The contenders, and the module in ``peers`` that builds each one's application."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Case:
    """A request, and the answer that every contender owes to it."""

    path: str
    status: int
    expected: Any
    body: Any = None

    def environ(self) -> dict[str, Any]:
        """What a server would hand over."""
        environ = {
            "REQUEST_METHOD": "GET" if self.body is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_USER_AGENT": "benchmark",
            "HTTP_ACCEPT": "*/*",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if self.body is not None:
            environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(self.content))}
        return environ

    @property
    def content(self) -> bytes:
        return b"" if self.body is None else json.dumps(self.body).encode()


CASES = {
    "one item": Case("/items/7", 200, ITEMS[7]),
    "20 items": Case("/lists/20", 200, items(20)),
    "1000 items": Case("/lists/1000", 200, items(1000)),
    "POST": Case("/items", 201, NEW_ITEM, {"name": NEW_ITEM["name"], "price": NEW_ITEM["price"]}),
    "404": Case("/items/0", 404, None),
}


def caller(application: Application, case: Case) -> Callable[[], tuple[str, bytes]]:
    """A function that sends the case's request once and returns the status line and the body."""
    environ, content = case.environ(), case.content
    statuses: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        statuses.append(status)

    def call() -> tuple[str, bytes]:
        response = application({**environ, "wsgi.input": BytesIO(content)}, start_response)
        body = b"".join(response)
        if hasattr(response, "close"):
            response.close()
        return statuses.pop(), body

    return call


def check(contender: str, name: str, case: Case, call: Callable[[], tuple[str, bytes]]) -> None:
    """Time nobody who answers something else.

    :raises ValueError: when the status or the JSON is not what the case expects.
    """
    status, body = call()
    if int(status.split()[0]) != case.status:
        raise ValueError(f"{contender} answers {name} with {status}: {body[:200]!r}")
    if case.expected is not None and json.loads(body) != case.expected:
        raise ValueError(f"{contender} answers {name} with {body[:200]!r}")


def contenders(progress: Progress) -> dict[str, Application]:
    """The applications of all peers that are installed."""
    applications = {}
    for name, module in PEERS.items():
        try:
            applications[name] = importlib.import_module(f".peers.{module}", __package__).application()
        except ModuleNotFoundError as error:
            if name in (OURS, BASELINE):
                raise
            progress.note(f"{name} is left out: {error}")
    return applications


def run(rounds: int, progress: Progress) -> Table:
    """Time every case for every contender.

    :param rounds: how many turns each contender has in each case.
    :param progress: told about every round.
    """
    applications = contenders(progress)
    times = {}
    for name, case in CASES.items():
        calls = {contender: caller(application, case) for contender, application in applications.items()}
        for contender, call in calls.items():
            check(contender, name, case, call)
        times[name] = medians(calls, rounds, lambda message, name=name: progress(f"{name}, {message}"))
    progress.done()
    return Table("Dispatch, in process", "microseconds per request", BASELINE, times)
