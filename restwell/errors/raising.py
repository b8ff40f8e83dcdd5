"""Raising: how a resource leaves its request with an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar

import flask
from werkzeug.exceptions import HTTPException

_Thing = TypeVar("_Thing")


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
