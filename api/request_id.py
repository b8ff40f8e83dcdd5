"""Request id: the one name under which a request stands in the response, in every log line and with the client."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response

from .context import current_request

HEADER = "X-Request-ID"

_KEY = "restwell.request_id"
_sane = re.compile(r"[A-Za-z0-9._~+/=-]{1,128}").fullmatch


def init_request_id(app: Flask) -> None:
    """Answer every request with its id in ``X-Request-ID``.

    :param app: the application.
    """
    app.after_request(_add_header)


def request_id() -> str:
    """The id of the current request: what its ``X-Request-ID`` says, if that is sane, else a new random one.

    Sane are 1 to 128 letters, digits and ``. _ ~ + / = -``: what identifiers, base64 and URLs are made of, and
    nothing that a log or a page could take for something else.

    :raises RuntimeError: outside of a request.
    """
    environ = current_request().environ
    known: str | None = environ.get(_KEY)
    if known is None:
        given = environ.get("HTTP_X_REQUEST_ID")
        known = environ[_KEY] = given if given and _sane(given) else secrets.token_hex(16)
    return known


def _add_header(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    return response
