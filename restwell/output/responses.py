"""Flask-JSON's ways to a JSON response: ``json_response``, ``as_json`` and, for JSONP, ``as_json_p``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial, wraps
from typing import Any, overload

from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from restwell import current
from restwell.asynchronous import synchronous
from restwell.errors.formats import writable
from restwell.errors.raising import JsonError
from restwell.json.provider import escape_non_ascii, provider_of
from restwell.response_headers import typed_as_sent

OPTIONS: Mapping[str, Any] = {
    "JSON_ADD_STATUS": True,
    "JSON_STATUS_FIELD_NAME": "status",
    "JSON_DECODE_ERROR_MESSAGE": "Not a JSON.",
    "JSON_JSONIFY_HTTP_ERRORS": False,
    "JSON_JSONP_STRING_QUOTES": True,
    "JSON_JSONP_OPTIONAL": True,
    "JSON_JSONP_QUERY_CALLBACKS": ["callback", "jsonp"],
}
"""The options of Flask-JSON around requests and responses, with their defaults."""

_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*", re.ASCII)
_SCRIPT_ESCAPES = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"})  # no </script>, no <!--


def option(name: str) -> Any:
    """The value that an option of :data:`OPTIONS` has in the current application at this moment."""
    return current.app().config.get(name, OPTIONS[name])


def json_response(
    status_: int = 200,
    headers_: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
    add_status_: bool | None = None,
    data_: Any = None,
    **kwargs: Any,
) -> Response:
    """Make a JSON response out of keywords or a value, as in Flask-JSON.

    :param status_: the HTTP status.
    :param headers_: headers of the response; they replace those of the same name.
    :param add_status_: whether the body gets a key with the status; ``None`` follows ``JSON_ADD_STATUS``. A key of that
        name (``JSON_STATUS_FIELD_NAME``) that is there already stays, and only objects get one.
    :param data_: the content where it is not given as keywords; may be written ``_data``. It is not changed.
    :param kwargs: the keys of the body; they are added to ``data_`` where that is a dict.
    :returns: the response.
    :raises AssertionError: for keywords beside a ``data_`` that is not a dict.

    ::

        json_response(server_name="norris", available=True)
        json_response(401, {"WWW-Authenticate": "Bearer"}, description="Log in first.")
        json_response(data_=[1, 2, 3])
    """
    if data_ is None:
        data_ = kwargs.pop("_data", None)
    if data_ is None or isinstance(data_, dict):
        data_ = {**(data_ or {}), **kwargs}
        if option("JSON_ADD_STATUS") if add_status_ is None else add_status_:
            data_.setdefault(option("JSON_STATUS_FIELD_NAME"), status_)
    elif kwargs:
        raise AssertionError("json_response takes keywords beside data_ only where that is a dict")
    app = current.app()
    provider = app.json if "json" in app.extensions else provider_of(app)  # FlaskJSON has chosen one
    response: Response = provider.response(data_)  # type: ignore[assignment]  # Flask's class
    response.status_code = status_
    if headers_ is not None:
        response.headers.update(Headers(headers_))
    return typed_as_sent(response)


def json_error_response(error: JsonError) -> Response:
    """The response for a :class:`JsonError`, whatever its keywords are.

    :param error: the error that was raised.
    """
    try:
        return json_response(error.status, error.headers, **error.data)
    except (TypeError, ValueError):  # what JSON cannot write
        return json_response(error.status, error.headers, **writable(error.data, error.status))


def as_json(f: Callable[..., Any]) -> Callable[..., Response]:
    """Make a JSON response of what a view returns, by :func:`json_response`.

    The view returns content (``None`` counts as ``{}``), ``(content, status)``, ``(content, headers)``, both in either
    order behind the content, or a response, which has to be JSON and is passed on as it is.

    :param f: the view, which may be ``async``.
    :returns: the view that gives a response.
    :raises ValueError: in the view, for a tuple of another form.
    :raises TypeError: in the view, for content that JSON cannot write.
    :raises AssertionError: in the view, for a response that is not JSON.

    ::

        @app.get("/server")
        @as_json
        def server():
            return {"server_name": "norris"}, 202, {"X-Status": "ok"}
    """

    function = synchronous(f)

    @wraps(f)
    def view(*args: Any, **kwargs: Any) -> Response:
        return _answer(function(*args, **kwargs))

    return view


@overload
def as_json_p(f: Callable[..., Any]) -> Callable[..., Response]: ...


@overload
def as_json_p(
    f: None = None,
    callbacks: Iterable[str] | None = None,
    optional: bool | None = None,
    add_quotes: bool | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Response]]: ...


def as_json_p(
    f: Callable[..., Any] | None = None,
    callbacks: Iterable[str] | None = None,
    optional: bool | None = None,
    add_quotes: bool | None = None,
) -> Callable[..., Any]:
    """Make a JSONP response, a script that calls the function which the client names in its query.

    The view returns a string or anything that :func:`as_json` takes; its status and headers are dropped, and no status
    is put into the content. The callback has to be a JavaScript identifier or a path of them (``app.show``).

    :param f: the view, which may be ``async``; left out where the decorator gets arguments.
    :param callbacks: names of the query parameters that may name the function; ``None`` follows
        ``JSON_JSONP_QUERY_CALLBACKS``.
    :param optional: whether a request without callback gets plain JSON; ``None`` follows ``JSON_JSONP_OPTIONAL``.
    :param add_quotes: whether a string is passed as a JavaScript string, or, unquoted, is JavaScript of the view's own;
        ``None`` follows ``JSON_JSONP_STRING_QUOTES``.
    :returns: the view that gives a response.
    :raises BadRequest: in the view, for a callback that is missing or no identifier path.
    :raises ValueError: in the view, for a tuple of another form.

    ::

        @app.get("/message/<text>")
        @as_json_p
        def message(text):
            return text  # GET /message/hello?callback=alert gives alert("hello");
    """
    if f is None:
        return partial(as_json_p, callbacks=callbacks, optional=optional, add_quotes=add_quotes)

    function = synchronous(f)

    @wraps(f)
    def view(*args: Any, **kwargs: Any) -> Response:
        callback = _callback(callbacks, optional)
        value = function(*args, **kwargs)
        return _answer(value) if callback is None else _called(callback, value, add_quotes)

    return view


def json_p_response(
    value: Any,
    callbacks: Iterable[str] | None = None,
    optional: bool | None = None,
    add_quotes: bool | None = None,
) -> Response:
    """The response of a view in :func:`as_json_p`, out of what it has returned.

    :param value: what the view has returned.
    :param callbacks: as for :func:`as_json_p`, as the others.
    """
    callback = _callback(callbacks, optional)
    return _answer(value) if callback is None else _called(callback, value, add_quotes)


def _called(callback: str, value: Any, add_quotes: bool | None) -> Response:
    if not isinstance(value, str):
        script = _script(_answer(value, add_status=False).get_data(as_text=True).rstrip("\n"))
    elif option("JSON_JSONP_STRING_QUOTES") if add_quotes is None else add_quotes:
        script = _script(json.dumps(value))
    else:
        script = value
    response = current.app().response_class(f"{callback}({script});", content_type="application/javascript")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # pages of others are whom JSONP is for
    return response


def _answer(value: Any, add_status: bool | None = None) -> Response:
    """The response for a view's return value in any of the forms of :func:`as_json`."""
    if isinstance(value, Response):
        if not value.is_json and value.mimetype != getattr(current.app().json, "mimetype", None):
            raise AssertionError(f"a view that answers in JSON returned a response of type {value.mimetype}")
        return value
    content, status, headers = unpacked_content(value)
    return json_response(status, headers, add_status, content)


def unpacked_content(value: Any) -> tuple[Any, int, Any]:
    """Content, status and headers out of a return value that may be a tuple of them."""
    match value:
        case tuple((content,)):
            return content, 200, None
        case tuple((content, int(status))):
            return content, status, None
        case tuple((content, headers)):
            return content, 200, headers
        case tuple((content, int(status), headers)) | tuple((content, headers, int(status))):
            return content, status, headers
        case tuple():
            raise ValueError(f"a view returned {value!r} where content, status and headers are expected")
    return value, 200, None


def _callback(callbacks: Iterable[str] | None, optional: bool | None) -> str | None:
    """The function that the client names; ``None`` where it names none and need not."""
    for parameter in option("JSON_JSONP_QUERY_CALLBACKS") if callbacks is None else callbacks:
        name = current.request().args.get(parameter)
        if name is not None:
            if not _CALLBACK.fullmatch(name):
                raise BadRequest(f"The JSONP callback in {parameter} is not a JavaScript identifier.")
            return name
    if option("JSON_JSONP_OPTIONAL") if optional is None else optional:
        return None
    raise BadRequest("Missing JSONP callback parameter.")


def _script(document: str) -> str:
    """JSON that is safe inside of any script: only ASCII, and no HTML."""
    return escape_non_ascii(document).translate(_SCRIPT_ESCAPES)
