"""Limits: how much a request may bring along."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any, cast

from flask import Flask
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestURITooLarge
from werkzeug.wsgi import LimitedStream

from restwell import current
from restwell.configuration import Option, integer
from restwell.errors.libraries import BROKEN_BODY, breaks_body

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LARGEST = 2**31 - 1
_BLANKS = re.compile("[ \\t]+")

OPTIONS = (
    Option("MAX_CONTENT_LENGTH", 1024 * 1024, integer(1, _LARGEST), "Bytes of a request's body; 413 for more"),
    Option("MAX_FORM_PARTS", 1000, integer(1, _LARGEST), "Parts of a multipart form; 413 for more"),
    Option("JSON_MAX_DEPTH", 100, integer(1, 500), "Levels of arrays and objects in a JSON body; 400 for more"),
    Option("MAX_QUERY_LENGTH", 4096, integer(1, _LARGEST), "Characters of a query string; 414 for more"),
    Option("MAX_QUERY_ARGUMENTS", 100, integer(1, _LARGEST), "Arguments in a query string; 400 for more"),
)


def init_limits(app: Flask) -> None:
    """Refuse requests whose query string is too long or has too many arguments, and chunked bodies that are too large.

    Blanks in cookies are made short, before Flask reads the session. The other limits are kept by Flask and by the JSON
    provider.

    :param app: an application whose configuration holds :data:`OPTIONS`.
    """
    app.wsgi_app = _ShortBlanks(app.wsgi_app)  # type: ignore[method-assign]  # how Flask documents it
    max_length: int = app.config["MAX_QUERY_LENGTH"]
    max_arguments: int = app.config["MAX_QUERY_ARGUMENTS"]

    @app.before_request
    def limit_request() -> None:
        request = current.request()
        environ = request.environ
        if "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated"):
            limit = request.max_content_length
            if limit is not None:
                request.stream = cast("IO[bytes]", _ChunkedBody(environ["wsgi.input"], limit, is_max=True))
        query: str = environ.get("QUERY_STRING", "")
        if len(query) > max_length:
            raise RequestURITooLarge(f"The query string has {len(query)} characters, at most {max_length} are read.")
        if query.count("&") >= max_arguments:
            raise BadRequest(
                f"The query string has {query.count('&') + 1} arguments, at most {max_arguments} are read."
            )


class _ShortBlanks:
    """Makes one blank of several in a row in ``Cookie``, where they mean nothing.

    What Werkzeug takes to parse cookies grows with the square of them, and Flask does it before anybody is asked.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        cookie = environ.get("HTTP_COOKIE")
        if cookie is not None and ("  " in cookie or "\t" in cookie):
            environ["HTTP_COOKIE"] = _BLANKS.sub(" ", cookie)
        return self.application(environ, start_response)


class _ChunkedBody(LimitedStream):
    """A body of unknown length that is refused past its limit, and where its chunks are broken.

    Werkzeug's own, read as a whole, just ends there, and knows no server's errors but those of the operating system.
    """

    def on_exhausted(self) -> None:
        """Say which limit it is."""
        raise RequestEntityTooLarge(f"The body must not be larger than {self.limit} bytes.")

    def readinto(self, buffer: Any) -> int | None:
        try:
            return super().readinto(buffer)
        except Exception as error:
            if breaks_body(error):
                raise BadRequest(BROKEN_BODY) from None  # the error quotes what was sent
            raise

    def readall(self) -> bytes:
        data = super().readall()
        if self.is_exhausted and self._stream.read(1):
            self.on_exhausted()
        return data
