"""Context: the current application and request themselves, rather than Flask's proxies for them.

Each access through a proxy takes longer than most of what is asked of it.
"""

from __future__ import annotations

import flask
from flask import Flask, Request
from flask.globals import _cv_app, _cv_request


def current_application() -> Flask:
    """The application that :data:`flask.current_app` stands for.

    :raises RuntimeError: outside of an application context.
    """
    try:
        return _cv_app.get().app
    except LookupError:
        application: Flask = flask.current_app._get_current_object()  # type: ignore[attr-defined]  # fails with Flask's advice
        return application


def current_request() -> Request:
    """The request that :data:`flask.request` stands for.

    :raises RuntimeError: outside of a request.
    """
    try:
        return _cv_request.get().request
    except LookupError:
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]  # fails with Flask's advice
        return request
