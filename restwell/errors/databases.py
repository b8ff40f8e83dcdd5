"""Databases: what an error that SQLAlchemy raised says of the statement that it comes from."""

from __future__ import annotations

import re
import sys
from typing import Any

_ERRORS = "sqlalchemy.exc"
"""The module of SQLAlchemy's errors: none was raised where it was never imported, and nothing here imports it."""

_UNAVAILABLE_SQLITE = (
    "attempt to write a readonly database",
    "database is locked",
    "database or disk is full",
    "database table is locked",
    "disk I/O error",
    "unable to open database file",
)
_UNAVAILABLE_SQLSTATES = (
    "08",  # connection exception
    "25006",  # read-only transaction: the server is a standby
    "40",  # serialization failure, deadlock
    "53",  # too many connections, disk full, out of memory
    "55P03",  # lock not available in time
    "57",  # shut down, starting up, statement timeout
)
_KEY_VIOLATIONS_SQLITE = ("UNIQUE constraint failed", "FOREIGN KEY constraint failed")
_KEY_VIOLATIONS_SQLSTATES = ("23503", "23505", "23P01")


_PSYCOPG_KEY = re.compile(r"\(([^=]*)\)=\(")
_NAME = re.compile(r"\w+")
_QUOTED = re.compile('"[^"]*"')
_DATA_EXCEPTION = "22"
"""The class of PostgreSQL's errors that say which value could not be read or stored."""


def withhold_values(error: BaseException | None) -> None:
    """Leave out what was sent to a database of the errors that a log line is about to tell.

    The driver's complaint alone stays: PostgreSQL goes on with details that quote the row, and the parameters.

    :param error: what was raised; it is changed, and so is what it came from.
    """
    seen: set[int] = set()
    errors = [error]
    while errors:
        error = errors.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        errors += [error.__cause__, error.__context__]
        if hasattr(error, "hide_parameters"):  # SQLAlchemy's, of an engine that was not told to
            error.hide_parameters = True
        sqlstate = getattr(getattr(error, "orig", error), "sqlstate", None)  # SQLAlchemy's error, or the driver's own
        if isinstance(sqlstate, str) and error.args and isinstance(error.args[0], str):
            complaint = error.args[0].partition("\n")[0]
            if sqlstate.startswith(_DATA_EXCEPTION):
                complaint = _QUOTED.sub('"..."', complaint)
            error.args = (complaint, *error.args[1:])


def unavailable(error: BaseException) -> bool:
    """Whether the same statement may succeed later: the database is away, full, or busy past its timeout.

    :param error: what was raised.
    :returns: ``False`` for mistakes of the program such as a missing table, and for errors that are not SQLAlchemy's.

    ::

        try:
            db.rows(one_book, {"book_id": 7})
        except SQLAlchemyError as error:
            if not unavailable(error):
                raise
    """
    exc = sys.modules.get(_ERRORS)
    if exc is None:
        return False
    if isinstance(error, (exc.TimeoutError, exc.DisconnectionError)):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if getattr(error.orig, "sqlstate", "") is None:  # psycopg has none from a server that it could not reach
        return isinstance(error, exc.OperationalError)
    return _matches(error, _UNAVAILABLE_SQLITE, _UNAVAILABLE_SQLSTATES)


def violates_key(error: BaseException) -> bool:
    """Whether a statement was refused for what is stored: its unique value is taken or its reference leads nowhere.

    :param error: what was raised.
    :returns: ``False`` for other errors, such as a violated ``NOT NULL`` or ``CHECK``.

    ::

        try:
            db.rows(add_shelf, {"name": "poetry"})
        except SQLAlchemyError as error:
            if violates_key(error):
                abort(409, message="There is a shelf of this name.")
            raise
    """
    exc = sys.modules.get(_ERRORS)
    if exc is None or not isinstance(error, exc.IntegrityError):
        return False
    return _matches(error, _KEY_VIOLATIONS_SQLITE, _KEY_VIOLATIONS_SQLSTATES)


def violated_fields(error: Any) -> list[str]:
    """The columns of the unique or foreign key that an error says is violated.

    :param error: one for which :func:`violates_key` holds.
    :returns: their names; none where the database does not say them, as SQLite does not of a foreign key, or where the
        key is of an expression.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:  # psycopg's; the words around it depend on the server's language
        match = _PSYCOPG_KEY.search(diagnosis.message_detail or "")
        names = match[1] if match else ""
    else:
        names = str(error.orig).partition("UNIQUE constraint failed: ")[2]
    columns = [name.rpartition(".")[2].strip('" ') for name in names.split(",")]
    return columns if all(map(_NAME.fullmatch, columns)) else []


def _matches(error: Any, messages: tuple[str, ...], sqlstates: tuple[str, ...]) -> bool:
    sqlstate = getattr(error.orig, "sqlstate", None)
    return sqlstate.startswith(sqlstates) if sqlstate else str(error.orig).startswith(messages)
