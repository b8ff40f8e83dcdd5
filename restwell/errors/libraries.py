"""Libraries: the HTTP errors that the exceptions of other libraries stand for."""

from __future__ import annotations

from werkzeug.exceptions import Conflict, HTTPException, ServiceUnavailable, UnprocessableEntity

from restwell.errors.databases import unavailable, violates_key
from restwell.schemas import validation_failures

RETRY_AFTER = 2
"""Seconds after which a client may ask again when the database did not answer."""


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
