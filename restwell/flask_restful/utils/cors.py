"""The twin of ``flask_restful.utils.cors``: headers for pages of other origins, by a decorator."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from typing import Any

import flask
from flask import Response

from restwell import current
from restwell.upstream.names import complete


def crossdomain(
    origin: str | Iterable[str] = (),
    methods: Iterable[str] | None = None,
    headers: str | Iterable[str] | None = None,
    expose_headers: str | Iterable[str] | None = None,
    max_age: float | timedelta = 21600,
    attach_to_all: bool = True,
    automatic_options: bool = True,
    credentials: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let pages of other origins read what a method returns, as Flask-RESTful's decorator does.

    Errors do not get the headers; the option ``CORS_ORIGINS`` of :func:`restwell.setup` covers them as well.

    :param origin: the origin, or several.
    :param methods: the methods that are allowed; by default those that the URL has.
    :param headers: the headers that a page may send.
    :param expose_headers: the headers that a page may read.
    :param max_age: for how many seconds a browser may keep the answer to its preflight.
    :param attach_to_all: whether other requests than OPTIONS get the headers as well.
    :param automatic_options: whether OPTIONS is answered without the method.
    :param credentials: whether a page may send cookies.
    :returns: the decorator.

    ::

        class Todo(Resource):
            @cors.crossdomain(origin="*")
            def get(self):
                return {"task": "open to every page"}
    """
    fixed = {"Access-Control-Allow-Origin": origin if isinstance(origin, str) else ", ".join(origin)}
    allowed = None if methods is None else ", ".join(sorted(method.upper() for method in methods))
    seconds = max_age.total_seconds() if isinstance(max_age, timedelta) else max_age
    further = {"Access-Control-Max-Age": str(seconds)}
    if credentials:
        further["Access-Control-Allow-Credentials"] = "true"
    for name, value in (("Access-Control-Allow-Headers", headers), ("Access-Control-Expose-Headers", expose_headers)):
        if value is not None:
            further[name] = value if isinstance(value, str) else ", ".join(each.upper() for each in value)

    def default_options() -> Response:
        make: Callable[..., Response] = current.app().make_default_options_response
        return make(*current.context())

    def decorator(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            is_options = current.request().method == "OPTIONS"
            if automatic_options and is_options:
                response = default_options()
            else:
                response = flask.make_response(method(*args, **kwargs))
            if attach_to_all or is_options:
                methods_header = default_options().headers["Allow"] if allowed is None else allowed
                for headers_to_set in (fixed, {"Access-Control-Allow-Methods": methods_header}, further):
                    for name, value in headers_to_set.items():
                        response.headers[name] = value
            return response

        method.provide_automatic_options = False  # type: ignore[attr-defined]  # an attribute that Flask reads
        wrapper.provide_automatic_options = False  # type: ignore[attr-defined]
        return wrapper

    return decorator


complete(globals(), "flask_restful.utils.cors")
