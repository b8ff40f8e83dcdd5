"""Representations: how the data of a Resource becomes the bytes of a response."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Response

from restwell import current
from restwell.json.provider import FlaskJSONProvider, provider_of
from restwell.registry import state_of
from restwell.response_headers import header_pairs

_Headers = Mapping[str, Any] | Iterable[tuple[str, Any]] | None

_JSON = ("Content-Type", "application/json")
_OURS = ("content-type", "content-length")
"""Headers that say what the body is, which nobody knows better than who writes it."""


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
    pairs = [_JSON]
    if headers:
        pairs += [header for header in header_pairs(headers) if header[0].lower() not in _OURS]
    return state_of(app).respond(app, body, code, pairs)
