"""Representations: how the data of a Resource becomes the bytes of a response."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import flask
from flask import Flask, Response
from werkzeug.datastructures import Headers

from restwell import current
from restwell.json.provider import FlaskJSONProvider, provider_of
from restwell.response_headers import header_list

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_Headers = Mapping[str, Any] | Iterable[tuple[str, Any]] | None

_PLAIN_PATH = re.compile(r"(/[\w.~-]+)+/?", re.ASCII)


@lru_cache
def _status(status: int | str) -> tuple[str, int]:
    """What Werkzeug makes of a status."""
    response = Response(status=status)
    return response.status, response.status_code


class BytesResponse(Response):
    """A response whose body is one piece of bytes, which is handed to the server without copies.

    :param body: the body.
    :param status: the status; ``None`` is 200.
    :param content_type: the media type.
    """

    def __init__(self, body: bytes, status: int | None = None, *, content_type: str) -> None:
        # What Response.__init__ sets, without finding out what it was given: that takes six times as long.
        self.headers = Headers.__new__(Headers)
        self.headers._list = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
        self._status, self._status_code = _status(self.default_status if status is None else status)
        self.response = [body]
        self.direct_passthrough = False
        self._on_close = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as :meth:`werkzeug.wrappers.Response.__call__` does."""
        body, status = self.response, self._status_code
        if (
            type(body) is list
            and len(body) == 1
            and (200 <= status < 300 or status >= 400)
            and status != 204
            and environ["REQUEST_METHOD"] != "HEAD"
            and not self._on_close
        ):
            headers = [*header_list(self.headers)]
            names: set[str] = set()
            for name, value in headers:
                lower = name.lower()
                if lower == "location" and (name != "Location" or lower in names or not self._is_final(value)):
                    break
                names.add(lower)
            else:
                if "content-length" in names and "content-location" not in names:
                    start_response(self._status, headers)
                    return body
        return super().__call__(environ, start_response)

    def _is_final(self, location: str) -> bool:
        """Whether Werkzeug, which makes a URI of the ``Location``, would leave its value as it is."""
        return not self.autocorrect_location_header and _PLAIN_PATH.fullmatch(location) is not None


def output_json(data: Any, code: int | None, headers: _Headers = None) -> Response:
    """The JSON representation: a compact document, its keys in the order of the data.

    ``RESTFUL_JSON`` (keywords of :func:`json.dumps`) and debug mode, which indents, take effect as in Flask-RESTful.

    :param data: what the Resource returned.
    :param code: the status of the response.
    :param headers: further headers of the response.
    :returns: the response.
    """
    app = current.app()
    provider = provider_of(app)
    if isinstance(provider, FlaskJSONProvider) and not app.config.get("RESTFUL_JSON") and not app.debug:
        settings = vars(app.json)
        if settings.get("compact") is not False:
            sort_keys = settings.get("sort_keys", False)
            return _response(app, provider.encode(data, sort_keys=sort_keys) + b"\n", code, headers)
    return output_restful_json(data, code, headers)


def output_restful_json(data: Any, code: int | None, headers: _Headers = None) -> Response:
    """The JSON representation to the byte as Flask-RESTful writes it: with a space behind each comma and colon."""
    app = current.app()
    provider = provider_of(app)
    chosen = vars(app.json)
    settings = dict(app.config.get("RESTFUL_JSON") or {})
    compact = chosen.get("compact")
    if compact is False or (compact is None and app.debug):
        settings.setdefault("indent", 4 if compact is None else 2)  # as Flask-RESTful does, as Flask does
    if settings.get("indent") is None:
        settings.setdefault("separators", (", ", ": "))
    settings.setdefault("sort_keys", chosen.get("sort_keys", False))
    # An encoder class brings its own `default`, which that of Flask's provider would replace.
    flasks = not isinstance(provider, FlaskJSONProvider)
    dumps = json.dumps if flasks and "cls" in settings else provider.dumps
    return _response(app, f"{dumps(data, **settings)}\n".encode(), code, headers)


def _response(app: Flask, body: bytes, code: int | None, headers: _Headers) -> Response:
    response_class = BytesResponse if app.response_class is flask.Response else app.response_class
    response = response_class(body, code, content_type="application/json")
    if headers:
        if type(headers) is dict:
            for name, value in headers.items():
                if type(value) is str and "\n" not in value and "\r" not in value:
                    header_list(response.headers).append((name, value))
                else:  # several values, or one that is refused
                    response.headers.extend({name: value})
        else:
            response.headers.extend(headers)
        if type(headers) is not dict or "content-type" in map(str.lower, headers):
            response.headers["Content-Type"] = "application/json"  # once, and the one that Accept chose
    return response
