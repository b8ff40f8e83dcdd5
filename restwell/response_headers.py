"""Response headers: those of a response as pairs, and what every response gets on its way to the server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NO_CONTENT = 204

_Response = TypeVar("_Response", bound=Response)

WSGIHeaders: TypeAlias = list[tuple[str, str]]
Change: TypeAlias = "Callable[[WSGIEnvironment, WSGIHeaders, Set[str]], None]"
"""What changes the headers of the response to a request, told the names in lower case of those that it came with."""

VARY = ("Vary", "Accept")


def header_pairs(headers: Mapping[str, Any] | Iterable[tuple[str, Any]] | None) -> list[tuple[str, Any]]:
    """The names and values of headers, however they are given.

    :param headers: a mapping, whose values may be lists, or pairs.
    """
    if isinstance(headers, list):
        return headers
    if type(headers) is dict and all(type(value) is str for value in headers.values()):
        return [*headers.items()]
    return [*Headers(headers)]


def varying(headers: Mapping[str, Any] | Iterable[tuple[str, Any]] | None) -> list[tuple[str, Any]]:
    """The names and values of headers, and that the response depends on Accept, which is said once."""
    if not headers:
        return [VARY]
    pairs = header_pairs(headers)
    return pairs if any(value == "Accept" and name.lower() == "vary" for name, value in pairs) else [*pairs, VARY]


def header_names(headers: Iterable[tuple[str, str]]) -> set[str]:
    """The names of headers in lower case.

    :param headers: names and values.
    """
    return {name.lower() for name, _ in headers}


def typed_as_sent(response: _Response) -> _Response:
    """A response without a ``Content-Type`` where its status says that it has no content (RFC 9110, section 8.3).

    ``wsgiref.validate`` stops at one.

    :param response: the response; it is changed.
    """
    if response.status_code == NO_CONTENT:
        response.headers.pop("Content-Type", None)
    return response


def change_headers(app: Flask, change: Change) -> None:
    """Have the headers of every response changed behind all hooks, also of those that no view has made.

    It costs a third of what an ``after_request`` function does, which has to go by way of Werkzeug's ``Headers``.

    :param app: the application.
    :param change: called with the WSGI environment, the headers, which it changes, and their names in lower case.
    """
    if not isinstance(app.wsgi_app, _HeadersMiddleware):
        app.wsgi_app = _HeadersMiddleware(app.wsgi_app)  # type: ignore[method-assign]  # how Flask documents it
    app.wsgi_app.changes.append(change)


class _HeadersMiddleware:
    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.changes: list[Change] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: WSGIHeaders, exc_info: Any = None) -> Callable[[bytes], object]:
            headers = [*headers]  # the list may be one that its application keeps
            names = header_names(headers)
            for change in self.changes:
                change(environ, headers, names)
            return start_response(status, headers, exc_info)

        return self.application(environ, start)
