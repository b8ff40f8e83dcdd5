"""Cursors as texts, without the lists that they belong to."""

import base64
import contextlib
import datetime
import enum
import json
import uuid
import zlib
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine
from werkzeug.exceptions import BadRequest

from restwell import FixedPoint, UTCDateTime
from restwell.data.cursors import Cursors, Place
from restwell.data.keyset import SortColumn

ORDER = (("value", False), ("id", True))
DIALECTS = [sqlite.dialect(), postgresql.dialect()]


class Colour(str, enum.Enum):
    RED = "red"


class Shouted(sqlalchemy.TypeDecorator[str]):
    impl = sqlalchemy.String
    cache_ok = True


def cursors(column_type: TypeEngine[Any], dialect: Dialect = DIALECTS[0]) -> Cursors:
    columns = (SortColumn("value", column_type, True), SortColumn("id", sqlalchemy.Integer(), False))
    return Cursors(ORDER, columns, dialect)


def encoded(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


MOMENT = datetime.datetime(2024, 12, 31, 23, 59, 59, 999_999, datetime.timezone.utc)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("column_type", "value"),
    [
        (sqlalchemy.String(), None),
        (sqlalchemy.Boolean(), True),
        (sqlalchemy.Integer(), -7),
        (sqlalchemy.BigInteger(), 2**63 - 1),
        (sqlalchemy.Float(), 0.1),
        (sqlalchemy.Float(), float("inf")),
        (FixedPoint(2), -0.25),
        (sqlalchemy.String(), "ä/+="),
        (Shouted(), "ä"),
        (sqlalchemy.Text(), "東京" * 300),
        (UTCDateTime(), MOMENT),
        (sqlalchemy.DateTime(), MOMENT.replace(tzinfo=None)),
        (sqlalchemy.Date(), datetime.date(2024, 2, 29)),
        (sqlalchemy.Time(), datetime.time(1, 2, 3, 4)),
        (sqlalchemy.Numeric(10, 2), Decimal("1.10")),
        (sqlalchemy.Uuid(), uuid.uuid4()),
    ],
)
@pytest.mark.parametrize("backward", [False, True])
def test_place_comes_back_as_it_was(column_type: TypeEngine[Any], value: Any, backward: bool, dialect: Dialect) -> None:
    of_list = cursors(column_type, dialect)
    place = Place(backward, (value, 7))
    cursor = of_list.write(place)
    assert of_list.read(cursor) == place
    assert len(cursor) < 300


def test_what_a_database_computes_comes_back_as_the_column_has_it() -> None:
    for column_type, computed, value in (
        (sqlalchemy.BigInteger(), Decimal(7), 7),
        (sqlalchemy.Numeric(10, 2), 1.5, Decimal("1.5")),
        (sqlalchemy.Float(), Decimal("1.5"), 1.5),
        (sqlalchemy.Float(), 1, 1.0),
    ):
        of_list = cursors(column_type)
        read = of_list.read(of_list.write(Place(False, (computed, 7))))
        assert read == Place(False, (value, 7))
        assert read.values is not None
        assert type(read.values[0]) is type(value)


def test_end_of_the_list_is_a_place() -> None:
    of_list = cursors(sqlalchemy.String())
    assert of_list.read(of_list.write(Place(True))) == Place(True, None)


@pytest.mark.parametrize(
    ("column_type", "value"),
    [
        (sqlalchemy.LargeBinary(), b"red"),
        (sqlalchemy.Enum(Colour), Colour.RED),
        (sqlalchemy.Interval(), datetime.timedelta(1)),
        (sqlalchemy.JSON(), ["red"]),
        (sqlalchemy.types.NullType(), 1.5),
        (Shouted(), uuid.uuid4()),
    ],
)
def test_value_of_another_type_has_no_cursor(column_type: TypeEngine[Any], value: Any) -> None:
    with pytest.raises(TypeError, match="a page cannot be sorted by value, a "):
        cursors(column_type).write(Place(False, (value, 7)))


@pytest.mark.parametrize(
    ("column_type", "value"),
    [
        (sqlalchemy.String(), 1),
        (sqlalchemy.String(), "a\0b"),
        (sqlalchemy.String(), "\ud800"),
        (sqlalchemy.String(), {}),
        (sqlalchemy.Integer(), 2**31),
        (sqlalchemy.SmallInteger(), -(2**15) - 1),
        (sqlalchemy.BigInteger(), 10**23),
        (sqlalchemy.Integer(), True),
        (sqlalchemy.Integer(), 1.5),
        (sqlalchemy.Integer(), "1"),
        (sqlalchemy.Boolean(), 1),
        (sqlalchemy.Float(), True),
        (sqlalchemy.Float(), float("nan")),
        (sqlalchemy.Float(), 10**400),
        (FixedPoint(2), 0.001),
        (FixedPoint(2), 1e300),
        (FixedPoint(2), "inf"),
        (sqlalchemy.Numeric(10, 2), 1.5),
        (sqlalchemy.Numeric(10, 2), "sNaN"),
        (sqlalchemy.Numeric(10, 2), "1e999999"),
        (sqlalchemy.Date(), "2024-02-30"),
        (UTCDateTime(), "2024-02-29T00:00:00"),
        (UTCDateTime(), "0001-01-01T00:00:00+14:00"),
        (sqlalchemy.Uuid(), "x"),
        (sqlalchemy.Enum("a", "b"), "c"),
        (sqlalchemy.types.NullType(), 1),
        (sqlalchemy.LargeBinary(), "x"),
    ],
)
def test_value_that_is_none_of_its_column_is_a_bad_request(column_type: TypeEngine[Any], value: Any) -> None:
    with pytest.raises(BadRequest):
        cursors(column_type, DIALECTS[1]).read(encoded(["value,-id", False, [value, 7]]))


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "x",
        ".",
        "é",
        "A" * 9000,
        encoded(None),
        encoded([]),
        encoded({}),
        encoded([False, ["x", 7]]),
        encoded(["value,id", False, ["x", 7]]),
        encoded(["value,-id", 0, ["x", 7]]),
        encoded(["value,-id", False, ["x"]]),
        encoded(["value,-id", False, ["x", 7, 7]]),
        encoded(["value,-id", False, ["x", None]]),
        encoded(["value,-id", False, {"x": 7}]),
        encoded(["value,-id", False, "x7"]),
        encoded(["value,-id", False, ["x", 7], 1]),
        encoded(["value,-id", False, [["datetime", "2024-01-01"], 7]]),
        base64.urlsafe_b64encode(b"[" * 6000).decode(),
        base64.urlsafe_b64encode(b'["value,-id",false,["\xff",7]]').decode(),
        base64.urlsafe_b64encode(b'["value,-id",false,["x",' + b"9" * 5000 + b"]]").decode(),
        base64.urlsafe_b64encode(b"x\x9c nothing of the kind").decode(),
        base64.urlsafe_b64encode(zlib.compress(json.dumps(["value,-id", False, ["x", 7]]).encode())[:-3]).decode(),
        base64.urlsafe_b64encode(zlib.compress(b'["value,-id",false,["' + b" " * 4_000_000 + b'",7]]', 9)).decode(),
    ],
)
def test_anything_else_is_a_bad_request(wrong: str) -> None:
    with pytest.raises(BadRequest):
        cursors(sqlalchemy.String()).read(wrong)


@given(st.text() | st.binary().map(lambda content: base64.urlsafe_b64encode(content).decode().rstrip("=")))
def test_any_text_is_a_place_or_a_bad_request(text: str) -> None:
    with contextlib.suppress(BadRequest):
        cursors(sqlalchemy.String()).read(text)
