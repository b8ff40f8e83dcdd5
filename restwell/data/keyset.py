"""Keysets: the statements that read a list by key, a page at a time or all of it in an order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy
from sqlalchemy import ColumnElement, Select, SelectBase, Table, bindparam, func, select, union_all
from sqlalchemy.types import TypeEngine

from restwell.data.statements import Statement

LIMIT = "page_limit"
"""The name of the parameter that limits a page."""

VALUE = "page_value_{}"
"""The names of the parameters behind whose values a page begins, by their position in the order."""

Order: TypeAlias = tuple[tuple[str, bool], ...]
"""The columns of a sort order, each with whether it descends."""

Selected: TypeAlias = SelectBase | Statement[Any]
"""What selects a list."""

Made: TypeAlias = Select[Any] | Statement[Any]
"""What is made of it."""


class SortColumn(NamedTuple):
    """A column of an order: its name, its type, and whether a row may have null in it."""

    name: str
    type: TypeEngine[Any]
    nullable: bool


class _Term(NamedTuple):
    """One column of an order, with the conditions for the rows that are behind, or equal to, a value in it."""

    ordering: ColumnElement[Any]
    behind: ColumnElement[bool]
    equal: ColumnElement[bool]


def _reads_tables_only(statement: SelectBase) -> bool:
    """Whether nulls are only where the tables have them: a join may put some into a column that has none."""
    return isinstance(statement, Select) and all(isinstance(table, Table) for table in statement.get_final_froms())


def sort_columns(statement: Selected, order: Order) -> tuple[SortColumn, ...]:
    """The columns of an order.

    :param statement: what selects the list.
    :param order: the order.
    """
    selected = statement.executable if isinstance(statement, Statement) else statement
    tables_only = _reads_tables_only(selected)
    columns = selected.subquery("page").c
    return tuple(
        [
            SortColumn(name, columns[name].type, not tables_only or getattr(columns[name], "nullable", True))
            for name, _ in order
        ]
    )


def _terms(statement: SelectBase, rows: sqlalchemy.Subquery, order: Order, nulls: tuple[bool, ...]) -> Iterator[_Term]:
    tables_only = _reads_tables_only(statement)
    for position, ((name, descending), null) in enumerate(zip(order, nulls, strict=True)):
        column = rows.c[name]
        value = bindparam(VALUE.format(position), type_=column.type)
        ordering = column.desc() if descending else column.asc()
        behind = column < value if descending else column > value
        if not tables_only or getattr(column, "nullable", True):
            ordering = ordering.nulls_first() if descending else ordering.nulls_last()
            if null:
                behind = column.is_not(None) if descending else sqlalchemy.false()
            elif not descending:
                behind = behind | column.is_(None)
        yield _Term(ordering, behind, column.is_(None) if null else column == value)


@lru_cache(maxsize=512)
def page_statement(statement: Selected, order: Order, nulls: tuple[bool, ...] | None) -> Made:
    """The first rows in an order, or the first ones behind the values in it of another row.

    Behind are those that are equal in all columns but the last and behind in that, or equal in all but the last two and
    behind in the last but one, and so on: each of these is one range of an index, where neither database finds as much
    in one condition for all.

    :param statement: what selects the list: where it is a :class:`Statement`, so is what is made of it.
    :param order: the order; its last column is one in which no two rows are equal.
    :param nulls: which of the values are null; ``None`` for the start of the list.
    :returns: the statement, whose parameters are :data:`LIMIT` and, by :data:`VALUE`, the values that are not null.
    """
    if isinstance(statement, Statement):
        return Statement(page_statement(statement.executable, order, nulls))
    first, terms = _first_rows(statement, order, nulls or (False,) * len(order))
    if nulls is None:
        return first
    ranges = [
        first.where(*(term.equal for term in terms[:depth]), terms[depth].behind)
        for depth in reversed(range(len(terms)))
    ]
    if len(ranges) == 1:
        return ranges[0]
    # A part of a UNION has no order and limit of its own in SQLite, but the subquery in it has.
    return _first_rows(union_all(*(select(part.subquery()) for part in ranges)), order, (False,) * len(order))[0]


def _first_rows(statement: SelectBase, order: Order, nulls: tuple[bool, ...]) -> tuple[Select[Any], list[_Term]]:
    rows = statement.subquery("page")
    terms = list(_terms(statement, rows, order, nulls))
    limit: Any = bindparam(LIMIT, type_=sqlalchemy.Integer)
    return select(rows).order_by(*(term.ordering for term in terms)).limit(limit), terms


@lru_cache(maxsize=512)
def sorted_statement(statement: Selected, order: Order) -> Select[Any]:
    """All rows in an order."""
    selected = statement.executable if isinstance(statement, Statement) else statement
    rows = selected.subquery("page")
    terms = _terms(selected, rows, order, (False,) * len(order))
    return select(rows).order_by(*(term.ordering for term in terms))


@lru_cache(maxsize=512)
def count_statement(statement: Selected) -> Made:
    """The number of all rows, as ``count``."""
    if isinstance(statement, Statement):
        return Statement(count_statement(statement.executable))
    return select(func.count().label("count")).select_from(statement.subquery("page"))
