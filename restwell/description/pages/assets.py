"""Assets: the files that the pages are made of."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from flask import Flask, Response

from restwell import current

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
