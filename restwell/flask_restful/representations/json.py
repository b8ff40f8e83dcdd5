"""The twin of ``flask_restful.representations.json``: JSON by the standard library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from json import dumps
from typing import Any

import flask
from flask import Response

from restwell import current
from restwell.json.provider import FlaskJSONProvider, provider_of
from restwell.upstream.names import complete


def output_json(data: Any, code: Any, headers: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> Response:
    """The JSON representation to the byte as Flask-RESTful writes it.

    ``RESTFUL_JSON`` holds keywords of :func:`json.dumps`; in debug mode the document is indented. Types on which
    Flask-RESTful fails, such as dates and decimals, are written as everywhere in Restwell.

    :param data: what the Resource returned.
    :param code: the status of the response.
    :param headers: further headers of the response.
    :returns: the response.
    """
    app = current.app()
    settings = dict(app.config.get("RESTFUL_JSON", {}))
    if app.debug:
        settings.setdefault("indent", 4)
        settings.setdefault("sort_keys", False)
    if "cls" not in settings:  # an encoder class brings a way of its own
        settings.setdefault("default", getattr(provider_of(app), "default", FlaskJSONProvider.default))
    response = flask.make_response(dumps(data, **settings) + "\n", code)
    response.headers.extend(headers or {})
    return response


complete(globals(), "flask_restful.representations.json")
