"""Pages: what a browser gets instead of JSON; what renders them is imported when one asks for them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from flask import Flask, Response
from werkzeug.wrappers import Response as ResponseBase

from restwell import current
from restwell.output.negotiation import prefers

ENDPOINT = "restwell_page"
"""The endpoint of the files that the pages are made of, which need no protection."""

_ASSETS = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
_YEAR = 365 * 24 * 60 * 60


def install(app: Flask) -> None:
    """Serve the style, the script and the icon of the pages under ``/_restwell/``.

    :param app: the application.
    """
    if ENDPOINT not in app.view_functions:
        app.add_url_rule(f"/_restwell/<any({', '.join(map(repr, _ASSETS))}):name>", ENDPOINT, _asset)


def is_preferred() -> bool:
    """Whether the current request's Accept puts HTML before JSON, as that of a browser does when it opens a URL."""
    return prefers("text/html")


def page(api: Any, response: ResponseBase) -> ResponseBase:
    """Put a JSON response on the page of its resource.

    :param api: the Api that answers the request.
    :param response: the response; it is changed.
    :returns: the same response.
    """
    from restwell.description.pages.rendering import put_on_page  # programs never need it

    return put_on_page(api, response)


@cache
def content(name: str) -> bytes:
    """The bytes of one of the files that the pages are made of."""
    return (files(__package__) / "static" / name).read_bytes()


def _asset(name: str) -> Response:
    response = current.app().response_class(content(name), mimetype=_ASSETS[name])
    response.cache_control.public = True
    response.cache_control.max_age = _YEAR
    response.cache_control.immutable = True  # a new content has a new URL
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
