"""Errors: how they are raised, and the one shape in which they reach the client."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NoReturn, TypeVar

import flask
from werkzeug.exceptions import (
    BadRequest,
    Conflict,
    HTTPException,
    RequestEntityTooLarge,
    ServiceUnavailable,
    UnprocessableEntity,
)
from werkzeug.http import HTTP_STATUS_CODES

from restwell.errors.databases import unavailable, violates_key
from restwell.schemas import validation_failures

_Thing = TypeVar("_Thing")

ErrorFormat = Literal["standard", "problem", "restful"] | Callable[[HTTPException, dict[str, Any]], dict[str, Any]]
"""How an Api writes its errors: one of the three names, or a function of the error and its data."""

PROBLEM_MEDIATYPE = "application/problem+json"
RETRY_AFTER = 2
"""Seconds after which a client may ask again when the database did not answer."""


def abort(http_status_code: int, **kwargs: Any) -> NoReturn:
    """Leave the request with an HTTP error, as Flask-RESTful's ``abort`` does.

    :param http_status_code: the status of the response.
    :param kwargs: what the body says: ``message``, and any further keys that are added to it.
    :raises HTTPException: always; ``kwargs`` stand in its attribute ``data``.

    ::

        abort(404, message="Item 7 not found", item_id=7)
    """
    try:
        flask.abort(http_status_code)
    except HTTPException as error:
        if kwargs:
            error.data = kwargs  # type: ignore[attr-defined]  # the attribute that Flask-RESTful's users read
        raise


def abort_if_missing(thing: _Thing | None, message: str) -> _Thing:
    """Answer 404 when a look-up found nothing, and give back what it found otherwise.

    :param thing: what was looked up; only ``None`` counts as missing.
    :param message: what the body says.
    :returns: ``thing``.
    :raises NotFound: when ``thing`` is ``None``.
    """
    if thing is None:
        abort(404, message=message)
    return thing


class APIError(HTTPException):
    """An error of the application with a message for the client.

    :param message: what went wrong, in words for the client.
    :param status_code: the status of the response.
    :param payload: anything that helps the client; goes out as ``details``.
    """

    def __init__(self, message: str, status_code: int = 400, payload: Any = None) -> None:
        super().__init__(message)
        self.code = status_code
        self.message = message
        self.status_code = status_code
        self.payload = payload
        self.data: dict[str, Any] = {"message": message}
        if payload is not None:
            self.data["details"] = payload


class JsonError(Exception):
    """An error whose body is given as keywords, as in Flask-JSON.

    :param status_: the status of the response. Where it is left at 400, a ``status`` among the keywords that is an
        HTTP error is the status instead: Flask-JSON's documentation writes both.
    :param headers_: a mapping or an iterable of pairs with headers of the response.
    :param kwargs: the keys of the body.

    ::

        raise JsonError(status_=401, description="Log in first.")
    """

    def __init__(
        self,
        status_: int = 400,
        headers_: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(status_, kwargs)
        status = kwargs.get("status")
        if status_ == 400 and isinstance(status, int) and 400 <= status < 600:
            status_ = kwargs.pop("status")
        self.status = status_
        self.headers = headers_
        self.data = kwargs


def http_exception(error: Exception) -> HTTPException | None:
    """The HTTP error that an exception of a library stands for.

    A validation error of marshmallow or pydantic is a 422, a violated unique or foreign key a 409, and a
    database that is away or busy past its timeout a 503.

    :param error: the exception that was raised.
    :returns: the HTTP error; ``None`` for what nobody expected.
    """
    if isinstance(error, HTTPException):
        return error
    failures = validation_failures(error)
    if failures is not None:
        unprocessable = UnprocessableEntity()
        unprocessable.data = {"message": failures}  # type: ignore[attr-defined]  # read by error_data
        return unprocessable
    return _database_exception(error)


def _database_exception(error: Exception) -> HTTPException | None:
    if unavailable(error):
        return ServiceUnavailable("The database cannot do this at the moment; try again.", retry_after=RETRY_AFTER)
    if violates_key(error):
        return Conflict("The request conflicts with what is stored: a unique value is taken or a reference is broken.")
    return None


def error_data(error: HTTPException) -> dict[str, Any]:
    """What an error says: the keywords of its ``abort``, or its description as ``message``."""
    data = getattr(error, "data", None)
    if isinstance(data, dict):
        return data
    message = error.description if data is None else data
    if not isinstance(message, (str, type(None))):  # whatever an extension gives to abort()
        try:
            flask.json.dumps(message)
        except (TypeError, ValueError):
            message = str(message)
    return {"message": message}


def _explanation(error: HTTPException) -> str | None:
    """What the client can do about an error of Flask's own that says too little."""
    if isinstance(error, RequestEntityTooLarge) and error.description == RequestEntityTooLarge.description:
        limit = flask.request.max_content_length
        return None if limit is None else f"The body must not be larger than {limit} bytes."
    # Outside of debug mode Flask raises another error from the one that tells the complaint of the JSON parser.
    told = error.__cause__ if type(error) is BadRequest and error.description == BadRequest.description else None
    reason = told.__context__ if type(told) is BadRequest else None
    return f"The body is not valid JSON: {reason}" if isinstance(reason, ValueError) else None


def error_body(error: HTTPException, status: int, data: dict[str, Any], error_format: ErrorFormat) -> dict[str, Any]:
    """The body of an error response, without the status that ``status_in_body`` may add.

    :param error: the error.
    :param status: the status of the response.
    :param data: what the error says, from :func:`error_data`.
    :param error_format: how to write it.
    :returns: a new dict.
    """
    if callable(error_format):
        return error_format(error, data)
    if error_format == "restful":
        return dict(data)
    name = HTTP_STATUS_CODES.get(status, "Unknown Error")
    message = data.get("message", error.description)
    if not hasattr(error, "data"):
        message = _explanation(error) or message
    if error_format == "standard":
        return {"error": name, **data, "message": message}
    extra = {key: value for key, value in data.items() if key != "message"}
    if isinstance(message, str):
        return {"type": "about:blank", "title": name, "detail": message, **extra}
    detail = "The request has invalid arguments." if status in (400, 422) else error.description
    return {"type": "about:blank", "title": name, "detail": detail, "errors": message, **extra}
