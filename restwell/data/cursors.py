"""Cursors: where a page begins, as a text that goes into a link and comes back with it."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

import sqlalchemy
from sqlalchemy import Dialect, TypeDecorator
from sqlalchemy.types import TypeEngine

from restwell.arguments.inputs import storable_text
from restwell.data.keyset import Order, Selected, SortColumn, sort_columns
from restwell.errors.raising import abort

_LONGEST = 8190
"""Characters of a cursor: it goes into a request line, of which servers read no more."""

_LONG = 200
"""Bytes of a cursor's content from which on it is compressed: a query string has a limit."""

_LARGEST = 64 * 1024
"""Bytes of a cursor's content: a compressed one could be a thousand times as large as what was sent."""

_LONGEST_NUMBER = 1000
"""Digits before and behind the point of a decimal number; PostgreSQL refuses some more."""

_to_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


class Place(NamedTuple):
    """Where a page begins: beside the row with these values in the columns of the order, or at an end of the list."""

    backward: bool = False
    values: tuple[Any, ...] | None = None


class Cursors:
    """Writes and reads the cursors of a list in one order.

    Everybody can write one: a cursor says no more than a filter of the query string could, and what is read of it is
    checked as an argument is. Each value has to be of its column's type, and the order has to be the requested one.

    :param order: the order.
    :param columns: its columns.
    :param dialect: that of the database, which knows what a column can be compared with.
    """

    def __init__(self, order: Order, columns: tuple[SortColumn, ...], dialect: Dialect) -> None:
        self._order = ",".join(f"-{name}" if descending else name for name, descending in order)
        self._columns = columns
        self._dialect = dialect

    def write(self, place: Place) -> str:
        """The cursor that leads to a place.

        :param place: the place.
        :returns: a text of characters that URLs may contain.
        :raises TypeError: when a value is of a type that no cursor can hold.
        """
        values = None
        if place.values is not None:
            values = [_written(value, column) for value, column in zip(place.values, self._columns, strict=True)]
        content = _to_json([self._order, place.backward, values]).encode()
        if len(content) > _LONG:
            content = zlib.compress(content)
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    def read(self, cursor: str) -> Place:
        """The place that a cursor leads to.

        :param cursor: what a client sent.
        :raises BadRequest: when it was made for another order, or is none.
        """
        try:
            order, backward, values = _content(cursor)
            if order != self._order or not isinstance(backward, bool):
                _refuse()
            if values is None:
                return Place(backward)
            pairs = zip(values, self._columns, strict=True)
            return Place(backward, tuple([_read(value, column, self._dialect) for value, column in pairs]))
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, zlib.error):
            _refuse()


@lru_cache(maxsize=512)
def of_list(statement: Selected, order: Order, dialect: Dialect) -> Cursors:
    """What writes and reads the cursors of a list.

    :param statement: what selects the list.
    :param order: the order.
    :param dialect: that of the database.
    """
    return Cursors(order, sort_columns(statement, order), dialect)


def _refuse() -> NoReturn:
    abort(400, message={"cursor": "must be that of a link of this list in this order"})


def _content(cursor: str) -> Any:
    """The JSON document in a cursor, which may be anything."""
    if len(cursor) > _LONGEST:
        raise ValueError("longer than any that was written")
    content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    if not content.startswith(b"["):
        expansion = zlib.decompressobj()
        content = expansion.decompress(content, _LARGEST)
        if not expansion.eof or expansion.unused_data:
            raise ValueError("not compressed, or too large")
    return json.loads(content.decode(), parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


# -- values ----------------------------------------------------------------------------------------------------------


def _written(value: Any, column: SortColumn) -> Any:
    """A value as JSON has it."""
    if value is None:
        return None
    kind = _python_type(column.type)
    if kind is int and isinstance(value, Decimal) and value == int(value):  # PostgreSQL's sum of BIGINT
        value = int(value)
    if kind is Decimal and type(value) in (int, float):  # what SQLite computes
        value = Decimal(str(value))
    if kind is float and type(value) in (int, Decimal):
        value = float(value)  # what PostgreSQL computes
    if kind not in _READERS or type(value) is not kind:
        raise TypeError(
            f"a page cannot be sorted by {column.name}, a {type(value).__name__} in a column of type {column.type!r}, "
            "only by text, numbers, booleans, dates, times and UUIDs in a column whose type says so"
        )
    is_json = math.isfinite(value) if isinstance(value, float) else kind in (str, bool, int)
    return value if is_json else str(value)


def _read(value: Any, column: SortColumn, dialect: Dialect) -> Any:
    """The value of a column that JSON stands for.

    :raises Exception: one of several, for anything else.
    """
    if value is None:
        if not column.nullable:
            raise ValueError("null is not in this column")
        return None
    read = _READERS[_python_type(column.type)](value)
    # The column's type may refuse more, and what it makes of the value has to be what the database can compare.
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    stored = read if process is None else process(read)
    innermost = _innermost(column.type)
    if isinstance(innermost, sqlalchemy.Enum) and stored not in innermost.enums:
        raise ValueError("none of the values")
    if isinstance(innermost, sqlalchemy.Uuid) and isinstance(stored, str):
        UUID(stored)
    if type(stored) is int:
        limit = _limit(innermost, dialect)
        if not -limit <= stored < limit:
            raise ValueError("too large for this column")
    return read


def _python_type(column_type: TypeEngine[Any]) -> type | None:
    """The class of a column's values; ``None`` where its type does not say it.

    A type of the application's own that does not say it is taken for one that gives what it is made of.
    """
    try:
        python_type = column_type.python_type
    except NotImplementedError:  # SQLAlchemy 2.0; later releases say that it is an object
        python_type = object
    if python_type is object:
        return _python_type(column_type.impl_instance) if isinstance(column_type, TypeDecorator) else None
    return python_type


def _innermost(column_type: TypeEngine[Any]) -> TypeEngine[Any]:
    """What a type of the application's own is made of."""
    while isinstance(column_type, TypeDecorator):
        column_type = column_type.impl_instance
    return column_type


def _limit(column_type: TypeEngine[Any], dialect: Dialect) -> int:
    """How large the integers of a column can be; SQLite has one size for all."""
    if dialect.name == "postgresql" and isinstance(column_type, sqlalchemy.Integer):
        if isinstance(column_type, sqlalchemy.SmallInteger):
            return 2**15
        if not isinstance(column_type, sqlalchemy.BigInteger):
            return 2**31
    return 2**63


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not a boolean")
    return value


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("not an integer")
    return value


def _float(value: Any) -> float:
    if value in ("nan", "inf", "-inf"):  # JSON has no numbers for them, but PostgreSQL sorts them
        return float(value)
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError("not a number")
    return float(value)


def _decimal(value: Any) -> Decimal:
    number = Decimal(storable_text(value))
    digits = number.as_tuple().digits
    if number.is_finite() and max(abs(number.adjusted()), len(digits)) > _LONGEST_NUMBER:
        raise ValueError("too long")
    if not number.is_finite() and value not in ("NaN", "Infinity", "-Infinity"):
        raise ValueError("not a number")
    return number


def _by(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: read(storable_text(value))


_READERS: Mapping[type | None, Callable[[Any], Any]] = {
    bool: _boolean,
    int: _integer,
    float: _float,
    str: storable_text,
    Decimal: _decimal,
    datetime: _by(datetime.fromisoformat),
    date: _by(date.fromisoformat),
    time: _by(time.fromisoformat),
    UUID: _by(UUID),
}
"""How a value of each class is read from what is written of it; those that JSON lacks are texts."""
