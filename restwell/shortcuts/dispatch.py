"""Dispatch: a request's way through Flask's contexts, steps and signals, without what nobody has asked for.

Each method does what Flask's of the same name does. Signals are sent where somebody receives them, the request is
passed on where Flask asks a proxy for it, an adapter for URLs outside of requests is made when one is built, and the
session of a request without cookies is opened when somebody looks at it. The steps from the start of a request to its
response are one function, as long as an application has none of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property, lru_cache, partial
from typing import Any

from flask import (
    Flask,
    Request,
    Response,
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    request_finished,
    request_started,
    request_tearing_down,
)
from flask.ctx import AppContext, RequestContext, _sentinel
from flask.globals import _cv_app, _cv_request, request_ctx
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.routing import MapAdapter

from restwell.output.representations import BytesResponse
from restwell.shortcuts.overrides import is_flasks


def install(app: Flask) -> None:
    """Take the requests of an application by the shorter way; a method that it has overridden stays its own.

    :param app: the application.
    """
    for name, method in _SHORTER.items():
        replaced = (name, *_STEPS) if method is _full_dispatch_request else (name,)
        if all(is_flasks(app, each) for each in replaced):
            setattr(app, name, partial(method, app))


request_context: Callable[[], RequestContext] = partial(_cv_request.get, request_ctx)

_HANDLED: Any = _sentinel
"""Stands for the exception that is being handled at the moment, if there is one."""


class _ApplicationContext(AppContext):
    def __init__(self, app: Flask) -> None:
        self.app = app
        self.g = app.app_ctx_globals_class()
        self._cv_tokens = []

    @cached_property
    def url_adapter(self) -> MapAdapter | None:  # type: ignore[override]  # only asked for outside of requests
        return self.app.create_url_adapter(None)

    def push(self) -> None:
        self._cv_tokens.append(_cv_app.set(self))
        if appcontext_pushed.receivers:
            appcontext_pushed.send(self.app, _async_wrapper=self.app.ensure_sync)

    def pop(self, exc: BaseException | None = _HANDLED) -> None:
        try:
            if len(self._cv_tokens) == 1:
                self.app.do_teardown_appcontext(sys.exc_info()[1] if exc is _HANDLED else exc)
        finally:
            current = _cv_app.get()
            _cv_app.reset(self._cv_tokens.pop())
        if current is not self:
            raise AssertionError(f"Popped wrong app context. ({current!r} instead of {self!r})")
        if appcontext_popped.receivers:
            appcontext_popped.send(self.app, _async_wrapper=self.app.ensure_sync)


class _RequestContext(RequestContext):
    @cached_property
    def _session(self) -> SessionMixin:  # type: ignore[override]  # only asked for where push() has left it open
        session: SessionMixin = vars(self).setdefault("_session", self._opened_session())
        return session  # that of the first thread that looked

    def push(self) -> None:
        application_context: AppContext | None = _cv_app.get(None)
        if application_context is not None and application_context.app is self.app:
            application_context = None
        else:
            application_context = self.app.app_context()
            application_context.push()
        self._cv_tokens.append((_cv_request.set(self), application_context))
        if "_session" in vars(self) and self._session is None:
            interface = self.app.session_interface
            kind: type = type(self.request)
            if (
                "HTTP_COOKIE" not in self.request.environ
                and type(interface) is SecureCookieSessionInterface
                and not vars(interface)
                and _tells_as_flask(kind)
            ):
                del self._session  # which would be empty, and not saved unless somebody looks at it
            else:
                self._session = self._opened_session()
        if self.url_adapter is not None:
            self.match_request()

    def _opened_session(self) -> SessionMixin:
        interface = self.app.session_interface
        session = interface.open_session(self.app, self.request)
        return interface.make_null_session(self.app) if session is None else session

    def pop(self, exc: BaseException | None = _HANDLED) -> None:
        request, is_last = self.request, len(self._cv_tokens) == 1
        if exc is _HANDLED:
            exc = sys.exc_info()[1]
        try:
            if is_last:
                self.app.do_teardown_request(exc)
                state = vars(request)
                if "files" in state or "close" in state or type(request).close is not Request.close:
                    request.close()
        finally:
            current = _cv_request.get()
            token, application_context = self._cv_tokens.pop()
            _cv_request.reset(token)
            if is_last:  # a reference cycle that would wait for the garbage collector
                current.request.environ["werkzeug.request"] = None
            if application_context is not None:
                application_context.pop(exc)
            if current is not self:
                raise AssertionError(f"Popped wrong request context. ({current!r} instead of {self!r})")


def _full_dispatch_request(app: Flask) -> Response:
    """The steps of a request, from the signal of its start to that of its response."""
    if not vars(app).keys().isdisjoint(_STEPS):  # one has been replaced
        return Flask.full_dispatch_request(app)
    app._got_first_request = True
    context = request_context()
    request = context.request
    try:
        if request_started.receivers:
            request_started.send(app, _async_wrapper=app.ensure_sync)
        answer = _preprocess_request(app, request)
        if answer is None:
            rule = request.url_rule
            if rule is None or request.routing_exception is not None or request.method == "OPTIONS":
                answer = app.dispatch_request()
            else:
                answer = app.ensure_sync(app.view_functions[rule.endpoint])(**request.view_args)  # type: ignore[arg-type]  # it has a rule
    except Exception as error:
        answer = app.handle_user_exception(error)

    is_finished = type(answer) is BytesResponse and app.response_class is Response
    response: Response = answer if is_finished else app.make_response(answer)
    for function in context._after_request_functions:
        response = app.ensure_sync(function)(response)
    for scope in _scopes(request):  # a hook may have sent the request elsewhere
        for function in reversed(app.after_request_funcs.get(scope, ())):
            response = app.ensure_sync(function)(response)
    if "_session" in vars(context) and not app.session_interface.is_null_session(context._session):
        app.session_interface.save_session(app, context._session, response)  # type: ignore[arg-type]  # it has been opened
    if request_finished.receivers:
        request_finished.send(app, _async_wrapper=app.ensure_sync, response=response)
    return response


def _preprocess_request(app: Flask, request: Request) -> Any:
    scopes = _scopes(request)
    for scope in reversed(scopes):
        for preprocess in app.url_value_preprocessors.get(scope, ()):
            preprocess(request.endpoint, request.view_args)
    for scope in reversed(scopes):
        for before in app.before_request_funcs.get(scope, ()):
            answer = app.ensure_sync(before)()
            if answer is not None:
                return answer
    return None


def _do_teardown_request(app: Flask, exc: BaseException | None = _HANDLED) -> None:
    if exc is _HANDLED:
        exc = sys.exc_info()[1]
    for scope in _scopes(request_context().request):
        for teardown in reversed(app.teardown_request_funcs.get(scope, ())):
            app.ensure_sync(teardown)(exc)
    if request_tearing_down.receivers:
        request_tearing_down.send(app, _async_wrapper=app.ensure_sync, exc=exc)


def _do_teardown_appcontext(app: Flask, exc: BaseException | None = _HANDLED) -> None:
    if exc is _HANDLED:
        exc = sys.exc_info()[1]
    for teardown in reversed(app.teardown_appcontext_funcs):
        app.ensure_sync(teardown)(exc)
    if appcontext_tearing_down.receivers:
        appcontext_tearing_down.send(app, _async_wrapper=app.ensure_sync, exc=exc)


_ANYWHERE = (None,)


def _scopes(request: Request) -> tuple[str | None, ...]:
    """Where Flask keeps what is registered for a request: the names of its blueprints from inside out, and ``None``."""
    rule = request.url_rule
    kind: type = type(request)
    if (rule is None or "." not in rule.endpoint) and _tells_as_flask(kind):
        return _ANYWHERE
    return (*request.blueprints, None)


@lru_cache
def _tells_as_flask(kind: type) -> bool:
    """Whether a class of requests leaves it to Flask to tell their blueprints and cookies."""
    names = ("blueprints", "blueprint", "endpoint", "cookies")
    return all(getattr(kind, name) is getattr(Request, name) for name in names)


_SHORTER: dict[str, Callable[..., Any]] = {
    "app_context": _ApplicationContext,
    "request_context": _RequestContext,
    "full_dispatch_request": _full_dispatch_request,
    "do_teardown_request": _do_teardown_request,
    "do_teardown_appcontext": _do_teardown_appcontext,
}
_STEPS = frozenset({"preprocess_request", "dispatch_request", "finalize_request", "make_response", "process_response"})
"""Those that the shorter ``full_dispatch_request`` takes itself, where none of them is the application's own."""
