"""The extension class of Flask-JSON."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, TypeVar

from flask import Flask, Request, Response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from restwell import current
from restwell.errors.raising import JsonError
from restwell.json import provider as encoding
from restwell.output.responses import OPTIONS, json_error_response, json_response, option

_Handler = TypeVar("_Handler", bound=Callable[[Any], Any])


class JsonRequest(Request):
    """A request whose ``get_json()`` raises :class:`JsonError` where the body is not JSON."""

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Ask the ``invalid_json_error`` handler, and raise a 400 with ``JSON_DECODE_ERROR_MESSAGE`` otherwise.

        :param e: what is wrong with the body; ``None`` where its content type is not JSON's.
        :returns: what the handler returned: ``get_json()`` returns it.
        :raises JsonError: when there is no handler or it returned ``None``.
        """
        extension = current.app().extensions.get("json")
        if extension and extension.invalid_json_handler:
            value = extension.invalid_json_handler(e)
            if value is not None:
                return value
        message = option("JSON_DECODE_ERROR_MESSAGE")
        raise (JsonError(description=message) if message else JsonError()) from e


FlaskJSONRequest = JsonRequest
"""The name of :class:`JsonRequest` in Flask-JSON 0.4.0."""


class JsonTestResponse(Response):
    """The response class that ``FlaskJSON`` sets where ``TESTING`` is on: its ``json`` is the content.

    Flask's own class has that property since 1.0; this one stays as the name that Flask-JSON's users know.
    """


class FlaskJSON:
    """Flask-JSON for an application: its provider, request class, options and error handlers.

    An application's own JSON provider, request class, response class and error handlers are left alone.

    :param app: the application; may also be given to :meth:`init_app`.

    ::

        app = Flask(__name__)
        json = FlaskJSON(app)
    """

    def __init__(self, app: Flask | None = None) -> None:
        self.encoders: list[Callable[[Any], Any]] = []
        self.json_error_handler: Callable[[JsonError], Any] | None = None
        self.invalid_json_handler: Callable[[ValueError | None], Any] | None = None
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Install the extension; the decorators work before and after that.

        ``JSON_JSONIFY_HTTP_ERRORS`` has to be set by then; the other options count whenever they are set.

        :param app: the application.
        """
        for name, default in OPTIONS.items():
            if name != "JSON_ADD_STATUS":  # an Api follows it only where the application set it
                app.config.setdefault(name, copy(default))
        app.extensions["json"] = self
        encoding.install(app)
        if app.request_class is Request:
            app.request_class = JsonRequest
        if app.testing and app.response_class is Response:
            app.response_class = JsonTestResponse
        _register_error_handler(app, JsonError, handle_json_error)
        if app.config["JSON_JSONIFY_HTTP_ERRORS"]:
            _register_error_handler(app, HTTPException, handle_http_error)

    def encoder(self, func: _Handler) -> _Handler:
        """Register a function that is asked first how to write an object that JSON does not know.

        The one registered last is asked first. Where all return ``None`` the provider's own conversions follow.

        :param func: takes the object, returns a value that can be written, or ``None``.
        :returns: ``func``.

        ::

            @json.encoder
            def encode_color(o):
                if isinstance(o, Color):
                    return o.name
        """
        self.encoders.insert(0, func)
        return func

    def error_handler(self, func: _Handler) -> _Handler:
        """Set the handler for :class:`JsonError`.

        :param func: takes the error and returns a response, or ``None`` for the usual one; it may also raise
            :class:`JsonError` or an HTTP exception, which then are the answer.
        :returns: ``func``.

        ::

            @json.error_handler
            def handle(error):
                return json_response(401, text="Something wrong.")
        """
        self.json_error_handler = func
        return func

    def invalid_json_error(self, func: _Handler) -> _Handler:
        """Set the handler for request bodies that are not JSON.

        :param func: takes the exception (``None`` where the content type is not JSON's), and raises, or returns what
            ``request.get_json()`` shall return, or returns ``None`` for the usual :class:`JsonError`.
        :returns: ``func``.

        ::

            @json.invalid_json_error
            def handle(error):
                raise JsonError(status_=418, hint="RTFM")
        """
        self.invalid_json_handler = func
        return func


def handle_json_error(error: JsonError) -> ResponseReturnValue:
    """Answer with the status, headers and keys of the error, unless the ``error_handler`` has its own answer.

    :param error: the error that was raised.
    :returns: the response.
    """
    handler = current.app().extensions["json"].json_error_handler
    if handler is not None:
        try:
            answer: ResponseReturnValue | None = handler(error)
        except JsonError as raised:
            error = raised
        except HTTPException as raised:
            return current.app().handle_http_exception(raised)
        else:
            if answer is not None:
                return answer
    return json_error_response(error)


def handle_http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer an HTTP error with its ``reason`` and ``description`` as JSON, and with its headers.

    :param error: the error; Flask makes a 500 of exceptions that nobody handled.
    :returns: the response; one that the error brought along stays as it is.
    """
    if error.response is not None:
        return error.get_response(current.request().environ)
    headers = [header for header in error.get_headers(current.request().environ) if header[0] != "Content-Type"]
    return json_response(error.code or 500, headers, reason=error.name, description=error.description)


def _register_error_handler(app: Flask, kind: type[Exception], handler: Callable[[Any], ResponseReturnValue]) -> None:
    if kind not in app.error_handler_spec[None][None]:
        app.register_error_handler(kind, handler)
