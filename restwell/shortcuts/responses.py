"""Responses: a response whose body is one piece of bytes, made and sent without finding out what it was given."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import werkzeug.sansio.response
import werkzeug.wrappers.response
from flask import Flask, Response
from werkzeug.datastructures import Headers

from restwell.shortcuts.overrides import is_own

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_URLS = ("location", "content-location")


def response_of(app: Flask, body: bytes, status: int | None, headers: list[tuple[str, str]]) -> Response:
    """A response of an application, as ``app.response_class(body, status, headers)`` makes it.

    :param app: the application; where it has a class of responses of its own, that makes it.
    :param body: the body.
    :param status: the status; ``None`` is 200.
    :param headers: its headers, the content type among them.
    """
    if app.response_class is not Response:
        return app.response_class(body, status, headers)
    return _BytesResponse(body, status, headers)


def is_copied() -> bool:
    """Whether nobody has replaced what :class:`_BytesResponse` copies."""
    wrapper, sansio = werkzeug.wrappers.response, werkzeug.sansio.response
    return all(
        is_own(Response, name, wrapper) for name in ("__init__", "__call__", "get_wsgi_response", "get_wsgi_headers")
    ) and is_own(sansio.Response, "__init__", sansio)


@lru_cache
def _status(status: int | str) -> tuple[str, int]:
    """What Werkzeug makes of a status."""
    response = Response(status=status)
    return response.status, response.status_code


class _BytesResponse(Response):
    """From Werkzeug 3.1.9, Response."""

    def __init__(self, body: bytes, status: int | None, headers: list[tuple[str, str]]) -> None:
        """From Werkzeug 3.1.9, Response.__init__ and Headers.extend."""
        self.headers = Headers.__new__(Headers)
        self.headers._list = kept = []
        for name, value in headers:
            if type(value) is not str or "\n" in value or "\r" in value:  # which is converted, or refused
                self.headers.add(name, value)
            else:
                kept.append((name, value))
        kept.append(("Content-Length", str(len(body))))
        self._status, self._status_code = _status(self.default_status if status is None else status)
        self.response = [body]
        self.direct_passthrough = False
        self._on_close = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """From Werkzeug 3.1.9, Response.__call__ and Response.get_wsgi_headers."""
        body, status = self.response, self._status_code
        if (
            type(body) is list
            and len(body) == 1
            and (200 <= status < 300 or status >= 400)
            and status != 204
            and environ["REQUEST_METHOD"] != "HEAD"
            and not self._on_close
        ):
            headers = [*self.headers._list]
            names = {name.lower() for name, _ in headers}
            if "content-length" in names and names.isdisjoint(_URLS):  # of which Werkzeug makes URIs
                start_response(self._status, headers)
                return body
        return super().__call__(environ, start_response)
