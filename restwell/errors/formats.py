"""Formats: the one shape in which errors reach the client, and the others that an Api can be given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any, Literal

from flask import Request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

from restwell import current
from restwell.json.provider import provider_of
from restwell.schemas import validation_failures
from restwell.upstream.utils import http_status_message

ErrorFormat = Literal["standard", "problem", "restful"] | Callable[[HTTPException, dict[str, Any]], dict[str, Any]]
"""How an Api writes its errors: one of the three names, or a function of the error and its data."""

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

PROBLEM_MEDIATYPE = "application/problem+json"


def error_data(error: HTTPException) -> dict[str, Any]:
    """What an error says: the keywords of its ``abort``, or its description as ``message``."""
    data = getattr(error, "data", None)
    failures = validation_failures(getattr(error, "exc", None))
    if failures is not None and isinstance(data, dict):  # webargs', whose data is the schema as well
        return {"message": {path.partition(".")[2] or path: message for path, message in failures.items()}}
    if isinstance(data, dict):
        return data
    return {"message": error.description if data is None else data}


def writable(value: Any, status: int) -> Any:
    """What JSON can write of the body of an error: the rest becomes text, and is left out of an error of the server.

    :param value: the body, or a part of it.
    :param status: the status of the response.
    :returns: the body, or ``None`` for a value that is left out as a whole.
    """
    written = _writable(value, status, ())
    return None if written is _LEFT_OUT else written


_LEFT_OUT = object()


def _writable(value: Any, status: int, within: tuple[Any, ...]) -> Any:
    is_circle = any(value is outer for outer in within)
    within = (*within, value)
    if isinstance(value, Mapping) and not is_circle:
        parts = {_key(key): _writable(part, status, within) for key, part in value.items()}
        return {key: part for key, part in parts.items() if part is not _LEFT_OUT}
    if isinstance(value, list | tuple | Set) and not is_circle:
        elements = [_writable(element, status, within) for element in value]
        return [element for element in elements if element is not _LEFT_OUT]
    try:
        provider_of(current.app()).dumps(value)
    except (TypeError, ValueError):
        return _text(value) if status < 500 else _LEFT_OUT
    return value


def _key(key: Any) -> Any:
    """A key of a JSON object, which may be a number or nothing as well, as JSON writes those."""
    return _text(key) if isinstance(key, str) or not isinstance(key, int | float | None) else key


def _text(value: Any) -> str:
    """What people can read of a value, without what is no valid text."""
    try:
        text = value.decode(errors="backslashreplace") if isinstance(value, bytes | bytearray) else str(value)
    except Exception:  # it has a __str__ of its own, or contains itself too often
        text = type(value).__name__
    return text.encode(errors="backslashreplace").decode()


def _explanation(error: HTTPException) -> str | None:
    """What the client can do about an error of Flask's own that says too little."""
    if isinstance(error, RequestEntityTooLarge) and error.description == RequestEntityTooLarge.description:
        return _too_large(current.request())
    # Outside of debug mode Flask raises another error from the one that tells the complaint of the JSON parser.
    told = error.__cause__ if type(error) is BadRequest and error.description == BadRequest.description else None
    reason = told.__context__ if type(told) is BadRequest else None
    return f"The body is not valid JSON: {reason}" if isinstance(reason, ValueError) else None


def _too_large(request: Request) -> str | None:
    """Which limit a body is over: Werkzeug has one error for all of them."""
    limit, length = request.max_content_length, request.content_length
    of_body = None if limit is None else f"The body must not be larger than {limit} bytes."
    if request.mimetype not in _FORMS or (limit is not None and length is not None and length > limit):
        return of_body
    of_form = (
        f"A form must not have more than {request.max_form_parts} parts, nor more than "
        f"{request.max_form_memory_size} bytes in a part that is no file."
    )
    # Of a body that comes in chunks it is not known how much there would have been.
    return of_form if length is not None or of_body is None else f"{of_body} {of_form}"


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
    name = http_status_message(status) or "Unknown Error"
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
