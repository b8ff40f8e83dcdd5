"""Security headers: what browsers are told not to do with the responses."""

from __future__ import annotations

from flask import Flask, Response

from .context import current_request

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
_ADDED = tuple((name.lower(), name, value) for name, value in _HEADERS)
_STRICT_TRANSPORT_SECURITY = "max-age=31536000"


def init_security_headers(app: Flask) -> None:
    """Give every response the security headers that it does not have already.

    A view that needs another policy, as a page with scripts does, sets the header itself. ``Strict-Transport-Security``
    is only sent over HTTPS (RFC 6797, section 7.2).

    :param app: the application.
    """
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    present = {name.lower() for name, _ in headers}
    for key, name, value in _ADDED:
        if key not in present:
            headers.add(name, value)
    if current_request().environ["wsgi.url_scheme"] == "https":
        headers.setdefault("Strict-Transport-Security", _STRICT_TRANSPORT_SECURITY)
    return response
