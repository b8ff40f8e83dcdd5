"""Dispatch: Flask's steps before, at and after a view, asking the request itself where Flask asks a proxy for it."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

from flask import Flask, Response, request_tearing_down
from flask.ctx import RequestContext
from flask.globals import request_ctx

from .context import current_request
from .sessions import session_of


def install(app: Flask) -> None:
    """Take the steps of an application's requests by the shorter way; a step that it has overridden stays its own.

    :param app: the application.
    """
    for name, step in _STEPS.items():
        if getattr(getattr(app, name), "__func__", None) is getattr(Flask, name):
            setattr(app, name, partial(step, app))


def _preprocess_request(app: Flask, *args: Any) -> Any:
    """Call what comes before the view, as :meth:`flask.Flask.preprocess_request` does."""
    request = current_request()
    names = (None, *reversed(request.blueprints))
    for name in names:
        for preprocess in app.url_value_preprocessors.get(name, ()):
            preprocess(request.endpoint, request.view_args)
    for name in names:
        for before in app.before_request_funcs.get(name, ()):
            answer = app.ensure_sync(before)()
            if answer is not None:
                return answer
    return None


def _dispatch_request(app: Flask, *args: Any) -> Any:
    """Call the view, as :meth:`flask.Flask.dispatch_request` does."""
    request = current_request()
    rule, variables = request.url_rule, request.view_args
    if rule is None or variables is None or request.routing_exception is not None or request.method == "OPTIONS":
        return Flask.dispatch_request(app, *args)
    return app.ensure_sync(app.view_functions[rule.endpoint])(**variables)


def _process_response(app: Flask, *args: Any, **kwargs: Any) -> Response:
    """Call what comes after the view, as :meth:`flask.Flask.process_response` does."""
    response: Response = kwargs["response"] if kwargs else args[-1]
    context: RequestContext = request_ctx._get_current_object()  # type: ignore[attr-defined]  # of Werkzeug's LocalProxy
    for function in context._after_request_functions:
        response = app.ensure_sync(function)(response)
    for name in (*context.request.blueprints, None):
        for function in reversed(app.after_request_funcs.get(name, ())):
            response = app.ensure_sync(function)(response)
    session = session_of(context)
    if not app.session_interface.is_null_session(session):
        app.session_interface.save_session(app, session, response)
    return response


def _do_teardown_request(app: Flask, *args: Any, **kwargs: Any) -> None:
    """Call what comes after the response, as :meth:`flask.Flask.do_teardown_request` does."""
    error = kwargs["exc"] if kwargs else args[-1] if args else sys.exc_info()[1]
    for name in (*current_request().blueprints, None):
        for teardown in reversed(app.teardown_request_funcs.get(name, ())):
            app.ensure_sync(teardown)(error)
    request_tearing_down.send(app, _async_wrapper=app.ensure_sync, exc=error)


_STEPS = {
    "preprocess_request": _preprocess_request,
    "dispatch_request": _dispatch_request,
    "process_response": _process_response,
    "do_teardown_request": _do_teardown_request,
}
