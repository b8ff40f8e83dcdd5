"""Column types: values that both databases keep exactly."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import orjson
from sqlalchemy import BigInteger, DateTime, Dialect, TypeDecorator

_UTC = datetime.timezone.utc
_DATE_LENGTH = len("2024-01-01")
_WITHOUT_ZONE = len("2024-01-01 00:00:00.000000")


class UTCDateTime(TypeDecorator[datetime.datetime]):
    """A moment as an aware :class:`~datetime.datetime` in UTC, with microseconds; SQLite stores it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """The moment in UTC.

        :raises ValueError: for a value without a time zone.
        """
        return None if value is None else self._in_utc(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime.datetime | None], Any]:
        """What makes the stored form of a moment; SQLite's text in half of the time of SQLAlchemy's two steps."""
        if type(self) is not UTCDateTime or dialect.name != "sqlite":
            return super().bind_processor(dialect)  # type: ignore[return-value]  # it binds something
        as_text = datetime.datetime.isoformat  # which a subclass of datetime may have for people

        def write(value: datetime.datetime | None) -> str | None:
            if value is None:
                return None
            moment = value if value.tzinfo is _UTC else self._in_utc(value)
            if type(moment) is datetime.datetime and moment.microsecond:
                iso8601 = orjson.dumps(moment).decode()  # in a third of the time of isoformat()
                return f"{iso8601[1:11]} {iso8601[12:27]}"
            return as_text(moment, " ", "microseconds")[:_WITHOUT_ZONE]

        return write

    def _in_utc(self, value: datetime.datetime) -> datetime.datetime:
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(_UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime.datetime | None]:
        """What makes the moment of a stored one; of SQLite's text in a tenth of the time of SQLAlchemy's two steps."""
        process: Callable[[Any], datetime.datetime | None] = super().result_processor(dialect, coltype)  # type: ignore[assignment]  # because of the method below
        if type(self) is not UTCDateTime:
            return process
        if dialect.name != "sqlite":
            return partial(self.process_result_value, dialect=dialect)
        from_text = datetime.datetime.fromisoformat

        def read(value: str | None) -> datetime.datetime | None:
            if value is None or not value[_DATE_LENGTH:]:
                return process(value)
            try:
                return from_text(f"{value}+00:00")
            except ValueError:  # it has a zone, written by somebody else
                return process(value)

        return read

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime.datetime | None:
        """The stored moment, aware."""
        if value is None:
            return None
        moment: datetime.datetime = value
        if moment.tzinfo is None:
            return moment.replace(tzinfo=_UTC)
        return moment.astimezone(_UTC)


_EXACT = 10**15
"""Two decimal numbers below it in size, counted in units of their last digit, never share a float."""


class FixedPoint(TypeDecorator[float]):
    """A number with a fixed count of decimals, exact: 9.99 in, 9.99 out.

    Stored as a 64-bit integer of its smallest unit (9.99 with 4 decimals is 99900), so that both databases compare,
    sort and index it exactly. What is read is the float nearest to it, which Python and JSON write with those digits.

    :param decimals: how many decimals there are.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self.decimals = decimals

    @property
    def python_type(self) -> type[float]:
        """The class of the numbers, which is not that of the stored ones."""
        return float

    def process_bind_param(self, value: float | Decimal | None, dialect: Dialect) -> int | None:
        """The number in units.

        :raises ValueError: for a number with more decimals.
        """
        return None if value is None else self._units(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[float | Decimal | None], int | None]:
        """What makes the units of a number, in a third of the time that decimals take for most floats."""
        if type(self) is not FixedPoint:
            return super().bind_processor(dialect)  # type: ignore[return-value]  # it binds something
        one: int = 10**self.decimals

        def write(value: float | Decimal | None) -> int | None:
            if type(value) is float and -_EXACT < (scaled := value * one) < _EXACT:
                units = round(scaled)
                if units / one == value:
                    return units
            return None if value is None else self._units(value)

        return write

    def _units(self, value: float | Decimal) -> int:
        exact = Decimal(str(value)).scaleb(self.decimals)
        units = int(exact)
        if units != exact:
            raise ValueError(f"more than {self.decimals} decimals")
        return units

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], float | None]:
        """What makes the number of its units; dividing integers rounds once, to the nearest float."""
        one: int = 10**self.decimals
        return lambda units: None if units is None else float(units / one)
