"""Requests, sent to WSGI applications as a server sends them.

Each request has an environment of its own, and its response is drained and closed. A test client would cost more than
most of what is measured here.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Case:
    """A request, and the answer that every contender owes to it.

    :param bodies: what is sent, in turn: an ORM writes nothing where it is told what it has stored already.
    """

    path: str
    status: int
    expected: Any = None
    bodies: Sequence[Any] = ()
    method: str | None = None

    def environs(self) -> list[tuple[dict[str, Any], bytes]]:
        """What a server would hand over for each body, and the body."""
        path, _, query = self.path.partition("?")
        environ = {
            "REQUEST_METHOD": self.method or ("POST" if self.bodies else "GET"),
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
        if not self.bodies:
            return [(environ, b"")]
        environ["CONTENT_TYPE"] = "application/json"
        contents = [json.dumps(body).encode() for body in self.bodies]
        return [({**environ, "CONTENT_LENGTH": str(len(content))}, content) for content in contents]


def caller(application: Application, case: Case) -> Callable[[], tuple[str, bytes]]:
    """A function that sends the case's request once and returns the status line and the body."""
    environs = cycle(case.environs())
    statuses: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        statuses.append(status)

    def call() -> tuple[str, bytes]:
        environ, content = next(environs)
        response = application({**environ, "wsgi.input": BytesIO(content)}, start_response)
        body = b"".join(response)
        if hasattr(response, "close"):
            response.close()
        return statuses.pop(), body

    return call


def check(contender: str, name: str, case: Case, call: Callable[[], tuple[str, bytes]]) -> None:
    """Time nobody who answers something else.

    :raises ValueError: when the status or the JSON is not what the case expects, or lacks something that was sent.
    """
    for sent in case.bodies or [{}]:
        status, body = call()
        if int(status.split()[0]) != case.status:
            raise ValueError(f"{contender} answers {name} with {status}: {body[:200]!r}")
        if case.expected is not None and json.loads(body) != case.expected:
            raise ValueError(f"{contender} answers {name} with {body[:200]!r}")
        if sent and not sent.items() <= json.loads(body).items():
            raise ValueError(f"{contender} answers {name} with other values than it was sent: {body[:200]!r}")
