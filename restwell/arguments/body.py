"""Requests: the request class of Flask-JSON, and the JSON in the body of a request."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import werkzeug
from flask import Request, current_app
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import LimitedStream

from restwell.current import app_context
from restwell.errors.raising import JsonError
from restwell.output.responses import option


class JsonRequest(Request):
    """A request whose ``get_json()`` raises :class:`JsonError` where the body is not JSON."""

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Ask the ``invalid_json_error`` handler, and raise a 400 with ``JSON_DECODE_ERROR_MESSAGE`` otherwise.

        :param e: what is wrong with the body; ``None`` where its content type is not JSON's.
        :returns: what the handler returned: ``get_json()`` returns it.
        :raises JsonError: when there is no handler or it returned ``None``.
        """
        extension = current_app.extensions.get("json")
        if extension and extension.invalid_json_handler:
            value = extension.invalid_json_handler(e)
            if value is not None:
                return value
        message = option("JSON_DECODE_ERROR_MESSAGE")
        raise (JsonError(description=message) if message else JsonError()) from e


FlaskJSONRequest = JsonRequest
"""The name of :class:`JsonRequest` in Flask-JSON 0.4.0."""


_DIGITS = 5
"""Those of a length for which memory may be taken before the body comes: about as much as Werkzeug reads at once."""

_FLASKS = {
    name: getattr(Request, name, None)
    for name in ("get_data", "get_json", "is_json", "max_content_length", "_max_content_length", "mimetype", "stream")
}
"""What reads a body in :class:`flask.Request`."""


def has_json(request: werkzeug.Request) -> bool:
    """Whether the body of a request is JSON: ``request.is_json``.

    :param request: the request.
    """
    kind: type = type(request)
    return (request.environ.get("CONTENT_TYPE") == "application/json" and _reads_as_flask(kind)) or request.is_json


def json_document(request: werkzeug.Request, default: Any) -> Any:
    """The JSON in the body of a request: ``request.get_json()``.

    :param request: the request.
    :param default: what to return when the body is empty or not JSON.
    :raises BadRequest: when it cannot be read.
    """
    if not has_json(request):
        return default
    document = request._cached_json[0]
    if document is ... and not (body := _body(request)):
        return default
    kind: Any = type(request)
    if kind.get_json is not _FLASKS["get_json"] or "get_json" in vars(request):  # tests replace it
        return request.get_json(force=True)
    if document is ...:
        try:
            document = request.json_module.loads(body)
        except ValueError:
            return request.get_json(force=True)  # which fails as Flask does
        request._cached_json = (document, document)
    return document


def _body(request: werkzeug.Request) -> bytes:
    """The body of a request: ``request.get_data()``, of whose steps one of known length needs few."""
    state, environ = request.__dict__, request.environ
    kind: Any = type(request)
    given = environ.get("CONTENT_LENGTH", "")
    if (
        "stream" in state
        or "_cached_data" in state
        or "HTTP_TRANSFER_ENCODING" in environ
        or not (given.isascii() and given.isdecimal() and len(given) <= _DIGITS)
        or request.shallow
        or kind.max_content_length is not _FLASKS["max_content_length"]  # which may be set at any time, by tests
        or not _reads_as_flask(kind)
    ):
        return request.get_data()
    length = int(given)
    limit: int | None = request._max_content_length  # type: ignore[attr-defined]  # which is Flask's
    if limit is None:
        try:
            limit = app_context().app.config["MAX_CONTENT_LENGTH"]
        except RuntimeError:
            return request.get_data()  # outside of an application
    if limit is not None and length > limit:
        return request.get_data()  # which refuses it
    source = environ["wsgi.input"]
    if "wsgi.input_terminated" in environ:
        state["stream"] = source if limit is None else LimitedStream(source, limit, is_max=True)
        body: bytes = state["stream"].read()
    else:
        state["stream"] = stream = LimitedStream(source, length)
        try:
            body = source.read(length) if length else b""  # without the copies that the stream makes
        except (OSError, ValueError) as error:
            raise ClientDisconnected from error
        stream._pos = len(body)
        if len(body) < length:
            body += stream.read()
    state["_cached_data"] = body
    return body


@lru_cache
def _reads_as_flask(kind: type) -> bool:
    """Whether a request class leaves it to Flask how a body is read."""
    return all(getattr(kind, name, kind) is reader for name, reader in _FLASKS.items())
