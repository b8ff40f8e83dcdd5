"""Sessions: Flask's, without work for requests that have none."""

from __future__ import annotations

from flask import Flask, Request
from flask.ctx import RequestContext
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class _SharedNullSession(NullSession):
    __ior__ = NullSession.update  # which fails: the one way to write to it that Flask has left open


class CookieSessionInterface(SecureCookieSessionInterface):
    """Flask's cookie sessions; without a secret key all requests share the session that refuses to be written."""

    def __init__(self) -> None:
        self._null_session = _SharedNullSession()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request; where no cookie is sent, a new one, and no signer is made to read one.

        :param app: the application.
        :param request: the request.
        :returns: ``None`` without a secret key.
        """
        if "get_signing_serializer" not in vars(self):  # else the application's own decides
            if not app.secret_key:
                return None
            if "HTTP_COOKIE" not in request.environ:
                return self.session_class()
        return super().open_session(app, request)

    def is_null_session(self, obj: object) -> bool:
        """Whether a session need not be saved: the one that stays empty, and an empty one that nobody looked at.

        :param obj: the session.
        """
        if type(obj) is SecureCookieSession:
            return not (obj or obj.accessed or obj.modified)
        return obj is self._null_session or super().is_null_session(obj)

    def make_null_session(self, app: Flask) -> NullSession:
        """The session that stays empty, which needs no lock because nothing changes it.

        :param app: the application.
        """
        return self._null_session


def session_of(context: RequestContext) -> SessionMixin:
    """The session of a request, which counts as looked at only when it is asked for by ``context.session``.

    :param context: the context of the request.
    """
    attributes = vars(context)
    session: SessionMixin = attributes["_session" if "_session" in attributes else "session"]  # until Flask 3.1.2
    return session


def install(app: Flask) -> None:
    """Spare an application's requests the making of sessions that nobody asks for.

    An application that has an interface of its own keeps it.

    :param app: the application.
    """
    if type(app.session_interface) is SecureCookieSessionInterface:
        interface = CookieSessionInterface()
        vars(interface).update(vars(app.session_interface))
        app.session_interface = interface
