"""The twin of ``flask_json``, Flask-JSON 0.4.0: the same names, and the same bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from datetime import date, datetime, time
from functools import partial, wraps
from typing import Any, TypeVar

from flask import Flask, Request, Response, current_app, jsonify, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, HTTPException, default_exceptions

from restwell import current
from restwell.errors.raising import JsonError
from restwell.json import provider as encoding
from restwell.json.provider import JSONEncoderEx
from restwell.output.responses import (
    OPTIONS,
    as_json,
    as_json_p,
    json_error_response,
    json_p_response,
    json_response,
    option,
    unpacked_content,
)

__version__ = "0.4.0"
"""The release of Flask-JSON whose names these are."""

__all__ = [
    "BadRequest",
    "DefaultJSONProvider",
    "Flask",
    "FlaskJSON",
    "FlaskJSONProvider",
    "FlaskJSONRequest",
    "HTTPException",
    "Iterable",
    "JSONEncoderEx",
    "JsonError",
    "JsonRequest",
    "JsonTestResponse",
    "Request",
    "Response",
    "as_json",
    "as_json_p",
    "current_app",
    "date",
    "datetime",
    "default_exceptions",
    "json_response",
    "jsonify",
    "partial",
    "request",
    "time",
    "wraps",
]

_Handler = TypeVar("_Handler", bound=Callable[[Any], Any])


class FlaskJSONProvider(encoding.FlaskJSONProvider):
    """Flask's ``app.json`` with the types and options of Flask-JSON, and with nothing else changed.

    It is what :class:`FlaskJSON` sets. Views keep Flask's spaces, NaN and reading of documents; for resources, and for
    whoever wants it for all of an application, there is :class:`restwell.FlaskJSONProvider`.
    """

    dumps = DefaultJSONProvider.dumps
    response = DefaultJSONProvider.response  # type: ignore[assignment]  # Flask's class of responses

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read a document as Flask does.

        :param s: the document.
        :param kwargs: passed to :func:`json.loads`.
        :raises ValueError: when it is no JSON, or is nested too deep to be read.
        """
        try:
            return DefaultJSONProvider.loads(self, s, **kwargs)
        except RecursionError:
            raise ValueError("the JSON document is nested too deep to be read") from None

    def _prepare_response_obj(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        content = super()._prepare_response_obj(args, kwargs)
        return {} if content is None else content


encoding.PROVIDERS_OF_VIEWS.add(FlaskJSONProvider)


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

    ``JSON_ADD_STATUS`` counts as set by it, so that an Api that is not told otherwise adds the status to its bodies.
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
            app.config.setdefault(name, copy(default))
        app.extensions["json"] = self
        if type(app.json) is DefaultJSONProvider:
            provider = FlaskJSONProvider(app)
            vars(provider).update(vars(app.json))  # what has been set on it
            app.json = provider
            app.json_provider_class = FlaskJSONProvider
            if "jinja_env" in vars(app):  # it was made with the dumps of the former provider for its tojson filter
                app.jinja_env.policies["json.dumps_function"] = provider.dumps
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
            handle_http_exception: Callable[..., ResponseReturnValue] = current.app().handle_http_exception
            return handle_http_exception(*current.context(), raised)
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
    description = error.description or type(error).description
    return json_response(error.code or 500, headers, reason=error.name, description=description)


def _register_error_handler(app: Flask, kind: type[Exception], handler: Callable[[Any], ResponseReturnValue]) -> None:
    if kind not in app.error_handler_spec[None][None]:
        app.register_error_handler(kind, handler)


# Names of Flask-JSON's that are not public, which its own tests and perhaps somebody's code import.
_json_p_handler = json_p_response


def _normalize_view_tuple(value: tuple[Any, ...]) -> tuple[Any, int | None, Any]:
    content, status, headers = unpacked_content(value)
    return content, status if any(isinstance(part, int) for part in value[1:]) else None, headers


def _encoder(o: Any) -> Any:
    return encoding.FlaskJSONProvider.default(o)
