"""The statements that read a list by key."""

from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select

from restwell.data import keyset

books = Table(
    "books",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("title", String, nullable=False),
    Column("year", Integer),
)
ROWS = [(1, "b", None), (2, "a", 2000), (3, "b", 2000), (4, "c", None)]
STATEMENT = select(books)


def ids(statement: Any, **parameters: Any) -> list[int]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        books.create(connection)
        connection.execute(insert(books), [dict(zip(books.c.keys(), row, strict=True)) for row in ROWS])
        return list(connection.execute(statement, parameters).scalars())


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((("id", False),), [1, 2, 3, 4]),
        ((("title", True), ("id", True)), [4, 3, 1, 2]),
        ((("year", False), ("id", False)), [2, 3, 1, 4]),  # null is the greatest
        ((("year", True), ("id", True)), [4, 1, 3, 2]),
    ],
)
def test_page_goes_on_behind_each_row(order: keyset.Order, expected: list[int]) -> None:
    assert ids(keyset.sorted_statement(STATEMENT, order)) == expected
    assert ids(keyset.page_statement(STATEMENT, order, None), page_limit=3) == expected[:3]
    rows = {row[0]: dict(zip(books.c.keys(), row, strict=True)) for row in ROWS}
    for position, book_id in enumerate(expected):
        values = [rows[book_id][name] for name, _ in order]
        statement = keyset.page_statement(STATEMENT, order, tuple(value is None for value in values))
        parameters = {keyset.VALUE.format(number): value for number, value in enumerate(values)}
        assert ids(statement, **parameters, page_limit=9) == expected[position + 1 :]


def test_all_rows_are_counted() -> None:
    assert ids(keyset.count_statement(STATEMENT)) == [4]


def test_statement_for_a_statement_and_an_order_is_made_once() -> None:
    order = (("id", False),)
    assert keyset.page_statement(STATEMENT, order, None) is keyset.page_statement(STATEMENT, order, None)
    assert keyset.count_statement(STATEMENT) is keyset.count_statement(STATEMENT)
