"""Proxy: who the client is and which URL it asked for, when the application stands behind reverse proxies."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from restwell.configuration import Option, integer

OPTIONS = (
    Option(
        "TRUSTED_PROXIES",
        0,
        integer(0, 100),
        "Proxies in front of the server whose `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix` are believed",
    ),
)


def init_proxy(app: Flask) -> None:
    """Take the client's address, the scheme, the host and the script root from the headers of trusted proxies.

    :param app: an application whose configuration holds :data:`OPTIONS`.
    """
    count = app.config["TRUSTED_PROXIES"]
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # how Flask documents it
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count
        )
