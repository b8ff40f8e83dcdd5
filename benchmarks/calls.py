"""Requests, sent to WSGI applications as a server sends them.

Each request has an environment of its own, and its response is drained and closed. A test client would cost more than
most of what is measured here.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Case:
    """A request, and the answer that every contender owes to it."""

    path: str
    status: int
    expected: Any = None
    body: Any = None
    method: str | None = None

    def environ(self) -> dict[str, Any]:
        """What a server would hand over."""
        path, _, query = self.path.partition("?")
        environ = {
            "REQUEST_METHOD": self.method or ("GET" if self.body is None else "POST"),
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
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
