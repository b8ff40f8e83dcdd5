"""Context: the current application and request themselves, rather than Flask's proxies for them.

Each access through a proxy takes longer than most of what is asked of it.
"""

from __future__ import annotations

import flask
from flask import Flask, Request


def current_application() -> Flask:
    """The application that :data:`flask.current_app` stands for.

    :raises RuntimeError: outside of an application context.
    """
    application: Flask = flask.current_app._get_current_object()  # type: ignore[attr-defined]  # of Werkzeug's LocalProxy
    return application


def current_request() -> Request:
    """The request that :data:`flask.request` stands for.

    :raises RuntimeError: outside of a request.
    """
    request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]  # of Werkzeug's LocalProxy
    return request
