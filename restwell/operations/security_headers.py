"""Security headers: what browsers are told not to do with the responses."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from flask import Flask

from restwell.response_headers import WSGIHeaders, change_headers, header_names

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_HEADERS = (
    # A response is data: nothing in it is run, nothing is loaded for it, no other page shows it in a frame.
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    # Other sites cannot embed it by <img> or <script>; requests by CORS are not concerned (Fetch, section 3.7).
    ("Cross-Origin-Resource-Policy", "same-origin"),
    # It may be kept, but not used without asking whether it still holds: entity tags make that cheap.
    ("Cache-Control", "no-cache"),
)
_KEYS = header_names(_HEADERS)
_STRICT_TRANSPORT_SECURITY = "max-age=31536000"


def init_security_headers(app: Flask) -> None:
    """Give every response the security headers that it does not have already.

    A view that needs another policy, as a page with scripts does, sets the header itself. ``Strict-Transport-Security``
    is only sent over HTTPS (RFC 6797, section 7.2).

    :param app: the application.
    """
    change_headers(app, _add_missing)


def _add_missing(environ: WSGIEnvironment, headers: WSGIHeaders, names: Set[str]) -> None:
    headers.extend(
        _HEADERS if names.isdisjoint(_KEYS) else [header for header in _HEADERS if header[0].lower() not in names]
    )
    if environ["wsgi.url_scheme"] == "https" and "strict-transport-security" not in names:
        headers.append(("Strict-Transport-Security", _STRICT_TRANSPORT_SECURITY))
