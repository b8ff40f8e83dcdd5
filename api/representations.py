"""Representations: how the data of a Resource becomes the bytes of a response."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, current_app

from .encoding import FlaskJSONProvider

Headers = Mapping[str, Any] | Iterable[tuple[str, Any]] | None


def output_json(data: Any, code: int | None, headers: Headers = None) -> Response:
    """The JSON representation: a compact document, its keys in the order of the data.

    ``RESTFUL_JSON`` (keywords of :func:`json.dumps`) and debug mode, which indents, take effect as in Flask-RESTful.

    :param data: what the Resource returned.
    :param code: the status of the response.
    :param headers: further headers of the response.
    :returns: the response.
    """
    provider = current_app.json
    if not current_app.config.get("RESTFUL_JSON") and not current_app.debug and isinstance(provider, FlaskJSONProvider):
        return _response(provider.encode(data, sort_keys=False) + b"\n", code, headers)
    return output_restful_json(data, code, headers)


def output_restful_json(data: Any, code: int | None, headers: Headers = None) -> Response:
    """The JSON representation to the byte as Flask-RESTful writes it: with a space behind each comma and colon."""
    settings = dict(current_app.config.get("RESTFUL_JSON") or {})
    if current_app.debug:
        settings.setdefault("indent", 4)
    settings.setdefault("sort_keys", False)
    # An encoder class brings its own `default`, which the provider's would replace.
    dumps = json.dumps if "cls" in settings else current_app.json.dumps
    return _response(f"{dumps(data, **settings)}\n", code, headers)


def _response(body: str | bytes, code: int | None, headers: Headers) -> Response:
    response = current_app.response_class(body, code, mimetype="application/json")
    if headers:
        response.headers.extend(headers)
        response.headers["Content-Type"] = "application/json"  # once, and the one that Accept chose
    return response
