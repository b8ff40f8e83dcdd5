"""Request id: the one name under which a request stands in the response, in every log line and with the client."""

from __future__ import annotations

import os
import re
from collections.abc import Set
from typing import TYPE_CHECKING

from flask import Flask

from restwell import current
from restwell.response_headers import WSGIHeaders, change_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HEADER = "X-Request-ID"

_HEADER_KEY = HEADER.lower()
_KEY = "restwell.request_id"
_sane = re.compile(r"[A-Za-z0-9._~+/=-]{1,128}").fullmatch


def init_request_id(app: Flask) -> None:
    """Answer every request with its id in ``X-Request-ID``.

    :param app: the application.
    """
    change_headers(app, _set_header)


def request_id() -> str:
    """The id of the current request: what its ``X-Request-ID`` says, if that is sane, else a new random one.

    Sane are 1 to 128 letters, digits and ``. _ ~ + / = -``: what identifiers, base64 and URLs are made of, and
    nothing that a log or a page could take for something else.

    :raises RuntimeError: outside of a request.
    """
    return _id_of(current.request().environ)


def _id_of(environ: WSGIEnvironment) -> str:
    known: str | None = environ.get(_KEY)
    if known is None:
        given = environ.get("HTTP_X_REQUEST_ID")
        known = environ[_KEY] = given if given and _sane(given) else os.urandom(16).hex()
    return known


def _set_header(environ: WSGIEnvironment, headers: WSGIHeaders, names: Set[str]) -> None:
    if _HEADER_KEY in names:
        headers[:] = [header for header in headers if header[0].lower() != _HEADER_KEY]
    headers.append((HEADER, _id_of(environ)))
