"""Statements: those that are made once and run often, and the rows that a statement gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import CursorResult, Executable, Insert

Rows: TypeAlias = list[dict[str, Any]]

_Executable = TypeVar("_Executable", bound=Executable)


class Statement(Generic[_Executable]):
    """A statement that is made once and run often, by :meth:`restwell.Database.rows`.

    It is compiled when it is first run, and then handed to the driver as it is, where that is known to be safe;
    elsewhere it is run as any other. Keep it under a name, and give what changes by bind parameters: one that is made
    for a single run costs more than it saves. The server is told nothing of it.

    :param executable: a select; an insert, update or delete with ``returning()``; or an insert of one row without.

    ::

        one_book = Statement(select(books).where(books.c.id == bindparam("book_id")))

        db.rows(one_book, {"book_id": 7})
    """

    __slots__ = ("__weakref__", "executable")

    def __init__(self, executable: _Executable) -> None:
        self.executable = executable

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.executable}>"


def gives_key(statement: Executable) -> bool:
    """Whether a statement is an insert that can give its primary key, because it is told to give nothing else.

    Those of the dialects are none: with ``ON CONFLICT`` they may insert no row, and SQLite tells the key of another.
    """
    return type(statement) is Insert and not statement.exported_columns


def rows_of(statement: Executable, result: CursorResult[Any]) -> Rows:
    """What a statement gave.

    :param statement: the statement; where :func:`gives_key`, it was run with the option ``preserve_rowcount``.
    :param result: its result, of which nothing was read yet.
    :returns: the rows as dicts; of an insert of one row the primary key.
    :raises sqlalchemy.exc.ResourceClosedError: when it gives neither.
    """
    if gives_key(statement) and result.rowcount == 1:
        key = result.inserted_primary_key
        if key is not None and None not in tuple(key):  # it is unknown of one row of several, or of a select
            return [key._asdict()]
    return as_dicts(tuple(result.keys()), result.all())


def as_dicts(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Rows:
    """The rows as dicts, in a quarter of the time that SQLAlchemy's mappings take."""
    return [dict(zip(names, row)) for row in rows]  # noqa: B905 - as long as the names, and being strict takes a third
