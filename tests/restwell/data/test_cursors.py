"""Cursors as texts, without the lists that they belong to."""

import datetime
import enum
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from itsdangerous import Signer
from werkzeug.exceptions import BadRequest

from restwell.data import cursors
from restwell.data.cursors import Place
from restwell.data.database import Database

ORDER = (("title", False), ("id", False))


class Colour(str, enum.Enum):
    RED = "red"


@pytest.fixture
def signer() -> Iterator[Signer]:
    db, app = Database(), Flask(__name__)
    app.config["DATABASE_URL"] = "sqlite://"
    db.init_app(app)
    with app.test_request_context("/books"):
        yield cursors.signer_of_list(ORDER, db)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -7,
        0.1,
        "ä\0/+=",
        "東京" * 300,
        datetime.datetime(2024, 12, 31, 23, 59, 59, 999_999, datetime.timezone.utc),
        datetime.date(2024, 2, 29),
        datetime.time(1, 2, 3, 4),
        Decimal("1.10"),
        uuid.uuid4(),
    ],
)
@pytest.mark.parametrize("backward", [False, True])
def test_place_comes_back_as_it_was(signer: Signer, value: Any, backward: bool) -> None:
    place = Place(backward, (value, 7))
    cursor = cursors.write(place, signer)
    assert cursors.read(cursor, signer) == place
    assert len(cursor) < 300


def test_end_of_the_list_is_a_place(signer: Signer) -> None:
    assert cursors.read(cursors.write(Place(True), signer), signer) == Place(True, None)


@pytest.mark.parametrize("value", [b"red", Colour.RED, datetime.timedelta(1), ["red"]])
def test_value_of_another_type_has_no_cursor(signer: Signer, value: Any) -> None:
    with pytest.raises(TypeError, match="a page cannot be sorted by a "):
        cursors.write(Place(False, (value,)), signer)


@pytest.mark.parametrize("wrong", ["", "x", ".", "é", "A" * 9000])
def test_cursor_that_was_not_made_here_is_a_bad_request(signer: Signer, wrong: str) -> None:
    with pytest.raises(BadRequest):
        cursors.read(wrong, signer)
