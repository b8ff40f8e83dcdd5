"""The types of columns, which keep values exactly."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from flask import Flask
from hypothesis import assume, example, given
from sqlalchemy import Column, DateTime, Integer, exc, insert, select
from sqlalchemy.dialects import sqlite

from restwell.data.column_types import FixedPoint, UTCDateTime
from restwell.data.database import Database

UTC = datetime.timezone.utc


def application(url: object) -> tuple[Flask, Database]:
    db = Database()
    db.Table(
        "books",
        Column("id", Integer, primary_key=True),
        Column("price", FixedPoint(2)),
        Column("printed_at", UTCDateTime),
    )
    app = Flask(__name__)
    app.config["DATABASE_URL"] = url
    db.init_app(app)
    return app, db


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    app, db = application(database_url)
    with app.app_context():
        db.create_all()
        yield db
        db.engine.dispose()


def test_fixed_point_is_stored_as_an_integer_of_its_smallest_unit(db: Database) -> None:
    books = db.metadata.tables["books"]
    with db.connection() as connection:
        connection.execute(insert(books), [{"price": 9.99}, {"price": Decimal("0.10")}, {"price": 3}, {"price": None}])
        stored = connection.exec_driver_sql("SELECT price FROM books ORDER BY id").scalars().all()
        read = connection.execute(select(books.c.price).order_by(books.c.id)).scalars().all()
    assert stored == [999, 10, 300, None]
    assert read == [9.99, 0.1, 3.0, None]


@pytest.mark.parametrize("value", [0.001, Decimal("9.999"), "9.99x", float("nan"), float("inf")])
def test_number_that_fixed_point_cannot_hold_exactly_is_refused(db: Database, value: object) -> None:
    with pytest.raises((exc.StatementError, ArithmeticError)), db.connection() as connection:
        connection.execute(insert(db.metadata.tables["books"]), {"price": value})


def test_moment_comes_back_in_utc(db: Database) -> None:
    books = db.metadata.tables["books"]
    east = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    moment = datetime.datetime(2024, 1, 1, 3, 0, 0, 123456, tzinfo=east)
    with db.connection() as connection:
        connection.execute(insert(books), [{"printed_at": moment}, {"printed_at": None}])
        read = connection.execute(select(books.c.printed_at).order_by(books.c.id)).scalars().all()
    assert read == [moment, None]
    assert read[0].isoformat() == "2023-12-31T21:30:00.123456+00:00"


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("2024-01-01 00:00:00", datetime.datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01T12:30:00.5", datetime.datetime(2024, 1, 1, 12, 30, 0, 500_000, UTC)),
        ("2024-01-01", datetime.datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01 05:30:00+05:30", datetime.datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_moment_that_another_program_has_stored_is_read(tmp_path: Path, stored: str, read: datetime.datetime) -> None:
    app, db = application(f"sqlite:///{tmp_path}/books.db")
    with app.app_context():
        db.create_all()
        with db.connection() as connection:
            connection.exec_driver_sql("INSERT INTO books (printed_at) VALUES (?)", (stored,))
            assert connection.scalar(select(db.metadata.tables["books"].c.printed_at)) == read


@given(
    moment=st.datetimes(datetime.datetime(2, 1, 1), datetime.datetime(9998, 12, 31)),
    offset=st.timedeltas(datetime.timedelta(hours=-23), datetime.timedelta(hours=23)),
)
def test_moment_is_stored_in_sqlite_as_sqlalchemy_stores_it(
    moment: datetime.datetime, offset: datetime.timedelta
) -> None:
    dialect = sqlite.dialect()
    stored, expected = (kind.dialect_impl(dialect).bind_processor(dialect) for kind in (UTCDateTime(), DateTime()))
    for zone in (UTC, datetime.timezone(offset)):
        aware = moment.replace(tzinfo=zone)
        assert stored(aware) == expected(aware.astimezone(UTC))


class Spelled(datetime.datetime):
    """A moment that people read in another form."""

    def isoformat(self, *args: Any, **kwargs: Any) -> str:
        return "the second of January"


class Whole(UTCDateTime):
    """Moments in whole seconds."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(sqlite.DATETIME(truncate_microseconds=True))

    def process_bind_param(self, value: Any, _: Any) -> Any:
        return super().process_bind_param(value, _)


class Cents(FixedPoint):
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(2)

    def process_bind_param(self, value: Any, _: Any) -> Any:
        return super().process_bind_param(value, _)


def test_moment_is_stored_whatever_its_class_writes_for_people() -> None:
    dialect = sqlite.dialect()
    stored = UTCDateTime().dialect_impl(dialect).bind_processor(dialect)
    assert stored(Spelled(2024, 1, 2, tzinfo=UTC)) == "2024-01-02 00:00:00.000000"


@given(st.datetimes(timezones=st.just(UTC)) | st.datetimes(timezones=st.timezones()))
def test_moment_is_stored_as_sqlalchemy_writes_it(moment: datetime.datetime) -> None:
    assume(1 < moment.year < 9999)  # no zone takes it out of what Python can tell
    dialect = sqlite.dialect()
    stored = UTCDateTime().dialect_impl(dialect).bind_processor(dialect)
    assert stored(moment) == DateTime().dialect_impl(dialect).bind_processor(dialect)(moment.astimezone(UTC))


def test_types_made_of_these_keep_their_own_ways() -> None:
    dialect = sqlite.dialect()
    moments = Whole().dialect_impl(dialect)
    stored = moments.bind_processor(dialect)(datetime.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=UTC))
    assert stored == "2024-01-02 03:04:05"
    assert moments.result_processor(dialect, None)(stored) == datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert Cents().dialect_impl(dialect).bind_processor(dialect)(9.99) == 999


FINE = st.builds(lambda units, decimals: units / 10**decimals, st.integers(-(10**18), 10**18), st.integers(0, 6))


@given(st.floats() | FINE)
@example(0.30000000000000004)
@example(99999999999.9999)
@example(-0.0)
@example(1e300)
def test_number_is_stored_in_the_units_that_its_digits_say(number: float) -> None:
    dialect = sqlite.dialect()
    write = FixedPoint(4).dialect_impl(dialect).bind_processor(dialect)
    exact = Decimal(str(number)).scaleb(4)
    if exact.is_finite() and exact == exact.to_integral_value():
        assert write(number) == exact
    else:
        with pytest.raises((ValueError, OverflowError)):
            write(number)


def test_moment_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(exc.StatementError, match="without a time zone"), db.connection() as connection:
        connection.execute(insert(db.metadata.tables["books"]), {"printed_at": datetime.datetime(2024, 1, 1)})
