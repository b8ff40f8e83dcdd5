"""Sessions: Flask's, without a new empty one for every request of an application that has none."""

from __future__ import annotations

from flask import Flask
from flask.sessions import NullSession, SecureCookieSessionInterface


class SharedNullSessionInterface(SecureCookieSessionInterface):
    """Flask's cookie sessions; without a secret key all requests share the session that refuses to be written."""

    def __init__(self) -> None:
        self._null_session = self.null_session_class()

    def make_null_session(self, app: Flask) -> NullSession:
        """The session that stays empty, which needs no lock because nothing changes it.

        :param app: the application.
        """
        return self._null_session


def install(app: Flask) -> None:
    """Let the requests of an application without a secret key share a session.

    An application that has an interface of its own keeps it.

    :param app: the application.
    """
    if type(app.session_interface) is SecureCookieSessionInterface:
        interface = SharedNullSessionInterface()
        vars(interface).update(vars(app.session_interface))
        app.session_interface = interface
