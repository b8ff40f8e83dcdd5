"""Libraries: the HTTP errors that the exceptions of other libraries stand for."""

from __future__ import annotations

import sys

from werkzeug.exceptions import BadRequest, Conflict, HTTPException, ServiceUnavailable, UnprocessableEntity

from restwell import current
from restwell.errors.databases import unavailable, violated_fields, violates_key
from restwell.schemas import validation_failures

RETRY_AFTER = 2
"""Seconds after which a client may ask again when the database did not answer."""


_CONFLICT = "The request conflicts with what is stored: a unique value is taken or a reference is broken."

BROKEN_BODY = "The body was not sent as its headers say: its chunks are broken, or it was cut off."


def http_exception(error: Exception) -> HTTPException | None:
    """The HTTP error that an exception of a library stands for.

    A validation error of marshmallow or pydantic is a 422, a violated unique or foreign key a 409, a database that is
    away or busy past its timeout a 503, and what Werkzeug or the server cannot read of a request a 400.

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
    return _unreadable_request(error) or _database_exception(error)


def breaks_body(error: Exception) -> bool:
    """Whether gunicorn raised an error because the chunks of a request's body are broken, or what follows them.

    :param error: the error, which nobody can have raised where gunicorn was never imported.
    """
    errors = sys.modules.get("gunicorn.http.errors")
    return errors is not None and isinstance(error, (errors.ParseException, errors.NoMoreData))


def _unreadable_request(error: Exception) -> HTTPException | None:
    if breaks_body(error):
        return BadRequest(BROKEN_BODY)
    if isinstance(error, UnicodeDecodeError) and current.has_request_context():
        query = current.request().query_string
        if error.object == query:  # Werkzeug decodes all of it
            return BadRequest(f"The query string is not UTF-8: byte {query[error.start]:#04x} at {error.start}.")
    return None


def _database_exception(error: Exception) -> HTTPException | None:
    if unavailable(error):
        return ServiceUnavailable("The database cannot do this at the moment; try again.", retry_after=RETRY_AFTER)
    if violates_key(error):
        conflict = Conflict(_CONFLICT)
        fields = violated_fields(error)
        if fields:
            # The names stand in the message for people, and beside it for programs.
            conflict.data = {"message": f"{_CONFLICT[:-1]}: {', '.join(fields)}.", "fields": fields}  # type: ignore[attr-defined]
        return conflict
    return None
