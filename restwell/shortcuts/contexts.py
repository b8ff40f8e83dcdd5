"""Contexts: Flask's request context, whose session is opened when somebody looks at it.

To open a session means to make its signer anew and to read the cookies. A request without cookies has an empty session,
which is not saved unless somebody looks at it, to read or to write.
"""

from __future__ import annotations

from functools import cached_property, partial
from itertools import chain

import flask.app
from flask import Flask, Request, Response
from flask.ctx import AppContext, RequestContext
from flask.globals import _cv_app, _cv_request, request_ctx
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from restwell.shortcuts.overrides import is_own


def install(app: Flask) -> None:
    """Give an application such contexts, unless the methods that make or finish them are its own.

    :param app: the application.
    """
    if is_own(app, "request_context", flask.app) and is_own(app, "process_response", flask.app):
        app.request_context = partial(_RequestContext, app)  # type: ignore[method-assign]
        app.process_response = partial(_process_response, app)  # type: ignore[method-assign]


class _RequestContext(RequestContext):
    """From Flask 3.1.3, RequestContext."""

    @cached_property
    def _session(self) -> SessionMixin:  # type: ignore[override]  # only asked for where push() has left it open
        session: SessionMixin = vars(self).setdefault("_session", self._opened_session())
        return session  # that of the first thread that looked

    def push(self) -> None:
        """From Flask 3.1.3, RequestContext.push."""
        application_context: AppContext | None = _cv_app.get(None)
        if application_context is not None and application_context.app is self.app:
            application_context = None
        else:
            application_context = self.app.app_context()
            application_context.push()
        self._cv_tokens.append((_cv_request.set(self), application_context))
        if "_session" in vars(self) and self._session is None:
            interface = self.app.session_interface
            if (
                "HTTP_COOKIE" not in self.request.environ
                and type(interface) is SecureCookieSessionInterface
                and not vars(interface)
                and type(self.request).cookies is Request.cookies
            ):
                del self._session  # it is opened when it is asked for
            else:
                self._session = self._opened_session()
        if self.url_adapter is not None:
            self.match_request()

    def _opened_session(self) -> SessionMixin:
        interface = self.app.session_interface
        session = interface.open_session(self.app, self.request)
        return interface.make_null_session(self.app) if session is None else session


def _process_response(app: Flask, response: Response) -> Response:
    """From Flask 3.1.3, Flask.process_response: a session that nobody has opened is not saved."""
    context = _cv_request.get(request_ctx)
    for function in context._after_request_functions:
        response = app.ensure_sync(function)(response)
    for name in chain(context.request.blueprints, (None,)):
        for function in reversed(app.after_request_funcs.get(name, ())):
            response = app.ensure_sync(function)(response)
    if "_session" in vars(context) and not app.session_interface.is_null_session(context._session):
        app.session_interface.save_session(app, context._session, response)  # type: ignore[arg-type]  # it has been opened
    return response
