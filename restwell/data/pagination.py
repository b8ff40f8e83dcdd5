"""Pagination: lists that are read by key, page by page or as one stream, in the order that the client asks for."""

from __future__ import annotations

import hmac
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache, wraps
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, urlencode
from uuid import UUID

import sqlalchemy
from flask import Response
from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode, want_bytes
from sqlalchemy import ColumnElement, Engine, Select, SelectBase, Table, bindparam, func, select, union_all

from restwell.arguments import inputs
from restwell.arguments.reqparse import RequestParser
from restwell.current import app_context, request_context
from restwell.data.database import Database
from restwell.declared import Description, declare, describe
from restwell.errors.raising import abort
from restwell.output import fields as output_fields
from restwell.output import ndjson
from restwell.output.marshalling import marshal, marshal_with_field
from restwell.shortcuts.statements import as_dicts

DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 1000

_BATCH = 1000
"""How many rows a stream holds at a time."""

_LIMIT = "page_limit"
_VALUE = "page_value_{}"

Order: TypeAlias = tuple[tuple[str, bool], ...]
"""The columns of a sort order, each with whether it descends."""

Output: TypeAlias = Callable[[list[dict[str, Any]]], list[Any]]
"""What becomes of the rows that were read."""


def paginate(
    fields: Mapping[str, Any] | None = None, *, sort: Sequence[str] = (), key: str | Sequence[str] = "id"
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer with a page of what a method selects.

    ::

        class BookList(Resource):
            @paginate(book_fields, sort=["title", "year"])
            def get(self):
                return select(books)

    The method returns any select of SQLAlchemy's, or a pair of a select and the values of its bind parameters; one that
    is made once instead of for every request is quicker. Rows are read by key, not by offset: none comes twice or is
    left out because others are inserted or deleted meanwhile, and the last page costs what the first one costs where
    each sort column has an index together with the key.

    The query string takes ``limit`` (50 by default, at most 1000), ``sort`` (names with commas between them, a
    descending one behind a ``-``; the key by default; null is the greatest value), ``fields`` (the names of those
    wanted) and ``count=true`` (the number of all rows in ``X-Total-Count``). ``Link`` (RFC 8288) names the ``next`` and
    the ``prev`` page by their ``cursor``, which is signed with ``SECRET_KEY`` or, where there is none, the URL of the
    database.

    Where Accept prefers ``application/x-ndjson``, the whole list is streamed instead of a page, a row a line, from one
    snapshot of the database.

    :param fields: the output fields of a row, as for :func:`~restwell.marshal`; by default its columns as they are.
    :param sort: the columns to sort by, beside the key: of text, numbers, booleans, dates, times or UUIDs.
    :param key: the column, or the columns, in which no two rows are equal and none is null.
    :returns: a decorator. The application needs a :class:`~restwell.Database`.
    """
    keys = (key,) if isinstance(key, str) else tuple(key)
    parser = _query_parser(keys, tuple(dict.fromkeys((*keys, *sort))))

    def decorator(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            query = parser.parse_args()
            selected = app_context().app.ensure_sync(view)(*args, **kwargs)
            rows = _Rows(*selected) if isinstance(selected, tuple) else _Rows(selected, {})
            output = _output(fields, rows.statement, query.fields)
            cursor = query.cursor
            signer = _signer_of_list(query.sort)
            place = _Place() if cursor is None else _read_cursor(cursor, signer)
            if ndjson.is_preferred():
                return _stream(rows, query.sort, output)
            return _page(rows, query, place, output, signer)

        if fields is not None:
            rows_field = output_fields.List(output_fields.Nested(fields))
            declare(wrapper, marshals=marshal_with_field(rows_field))
        describe(wrapper, _description(parser, fields))
        return wrapper

    return decorator


class _Rows(NamedTuple):
    """What a method selects."""

    statement: SelectBase
    parameters: Mapping[str, Any]


class _Place(NamedTuple):
    """Where a page begins: beside the row with these values in the columns of the order, or at an end of the list."""

    backward: bool = False
    values: tuple[Any, ...] | None = None


def _page(
    rows: _Rows, query: Any, place: _Place, output: Output, signer: Signer
) -> tuple[list[Any], int, dict[str, str]]:
    """One page, with the links to its neighbours."""
    order, limit, database = query.sort, query.limit, _database()
    walk = tuple((name, not descending) for name, descending in order) if place.backward else order
    values = place.values
    nulls = None if values is None else tuple(value is None for value in values)
    statement = _page_statement(rows.statement, walk, nulls)
    parameters = {**rows.parameters, _LIMIT: limit + 1}
    parameters.update((_VALUE.format(position), value) for position, value in enumerate(values or ()))
    headers = {"Vary": "Accept"}
    page = database.rows(statement, parameters)
    if query.count:
        [count] = database.rows(_count_statement(rows.statement), rows.parameters)
        headers["X-Total-Count"] = str(count["count"])

    ahead, behind = len(page) > limit, values is not None
    del page[limit:]
    if place.backward:
        page.reverse()
        ahead, behind = behind, ahead
    links = []
    # A page whose rows have all gone leads to the first page and to the last one.
    if ahead:
        cursor = _write_cursor(_Place(False, _values(page[-1], order)), signer) if page else None
        links.append(_link("next", cursor))
    if behind:
        values = _values(page[0], order) if page else None
        links.append(_link("prev", _write_cursor(_Place(True, values), signer)))
    if links:
        headers["Link"] = ", ".join(links)
    return output(page), 200, headers


def _stream(rows: _Rows, order: Order, output: Output) -> Response:
    """All rows, from one snapshot."""
    with ExitStack() as stack:
        connection = stack.enter_context(_database().snapshot())
        statement = _sorted_statement(rows.statement, order)
        result = connection.execute(statement, rows.parameters, execution_options={"yield_per": _BATCH})
        names = tuple(result.keys())
        batches = (output(as_dicts(names, batch)) for batch in result.partitions())
        response = ndjson.stream(batches, on_close=stack.pop_all().close)
    response.headers["Vary"] = "Accept"
    return response


def _database() -> Database:
    database: Database = app_context().app.extensions["sqlalchemy"]
    return database


# -- the query string ------------------------------------------------------------------------------------------------


def _query_parser(keys: tuple[str, ...], columns: tuple[str, ...]) -> RequestParser:
    by_key = tuple((name, False) for name in keys)
    parser = RequestParser(bundle_errors=True)
    parser.add_argument("limit", type=inputs.integer(1, MAXIMUM_LIMIT), default=DEFAULT_LIMIT, location="args")
    parser.add_argument("cursor", type=inputs.string(1), location="args")
    parser.add_argument("sort", type=_order_input(keys, columns), default=by_key, location="args")
    parser.add_argument("count", type=inputs.boolean, default=False, location="args")
    parser.add_argument("fields", type=inputs.string(1), location="args")
    return parser


def _order_input(keys: tuple[str, ...], columns: tuple[str, ...]) -> inputs.Input[Order]:
    column = f"-?({'|'.join(map(re.escape, columns))})"

    @inputs.with_schema({"type": "string", "pattern": f"^{column}(,{column})*$"})
    def order(value: str) -> Order:
        terms: dict[str, bool] = {}
        for term in value.split(","):
            terms.setdefault(term.removeprefix("-"), term.startswith("-"))  # a column sorts once, as it does in SQL
        if not terms.keys() <= set(columns):
            raise ValueError(f"must be one or several of {', '.join(columns)}, a descending one behind a -")
        descending = list(terms.values())[-1]  # and so does the key: one direction is what an index can be read in
        return (*terms.items(), *((name, descending) for name in keys if name not in terms))

    return order


def _output(fields: Mapping[str, Any] | None, statement: SelectBase, wanted: str | None) -> Output:
    """What gives rows their output fields, and of those only the wanted ones."""
    names = wanted.split(",") if wanted else []
    allowed = list(statement.selected_columns.keys() if fields is None else fields) if names else []
    if not set(names) <= set(allowed):
        abort(400, message={"fields": f"must be one or several of {', '.join(allowed)}"})

    def output(rows: list[dict[str, Any]]) -> list[Any]:
        marshalled = rows if fields is None else marshal(rows, fields)
        return [{name: row[name] for name in names} for row in marshalled] if names else marshalled

    return output


def _description(parser: RequestParser, fields: Mapping[str, Any] | None) -> Description:
    field = "|".join(re.escape(str(name)) for name in fields or ())
    texts: dict[str, tuple[str, dict[str, Any]]] = {
        "limit": ("The most rows of the page.", {"default": DEFAULT_LIMIT}),
        "cursor": ("Where the page begins, from a link of another page.", {}),
        "sort": ("The columns to sort by; a descending one stands behind a -.", {}),
        "count": ("Whether X-Total-Count tells the number of all rows.", {"default": False}),
        "fields": (
            "The fields to give, with commas between them.",
            {"pattern": f"^({field})(,({field}))*$"} if fields else {},
        ),
    }
    parameters = [
        {
            "name": argument.name,
            "in": "query",
            "description": texts[argument.name][0],
            "schema": {**argument.type.schema, **texts[argument.name][1]},
        }
        for argument in parser.args
    ]
    headers = {
        "Link": {"description": "The next and the prev page (RFC 8288).", "schema": {"type": "string"}},
        "X-Total-Count": {"description": "The number of all rows, for count=true.", "schema": {"type": "integer"}},
    }
    return Description(
        parameters=tuple(parameters),
        responses={400: "An argument of the query string is not valid."},
        headers={200: headers},
        media_types={ndjson.MEDIATYPE: {"type": "string", "description": "The whole list, a JSON document a line."}},
        is_partial=True,
    )


# -- cursors ---------------------------------------------------------------------------------------------------------

_READERS: Mapping[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
    "UUID": UUID,
}
"""The types that JSON lacks, by name, and how each is read from what ``str`` makes of it."""

_to_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode

_LONG = 200
"""Bytes of a cursor's content from which on it is compressed: a query string has a limit."""


@lru_cache(maxsize=256)
def _signer(secret_key: str | bytes | None, engine: Engine | None, salt: str) -> Signer:
    secret = want_bytes(secret_key or engine.url.render_as_string(hide_password=False))  # type: ignore[union-attr]
    key = hmac.digest(secret, salt.encode(), "sha256")
    return Signer(key, key_derivation="none", digest_method=sha256)


def _signer_of_list(order: Order) -> Signer:
    """What signs the cursors of the requested list in an order, so that they are good for no other."""
    secret_key = app_context().app.secret_key
    return _signer(secret_key, None if secret_key else _database().engine, f"{request_context().request.path}?{order}")


def _write_cursor(place: _Place, signer: Signer) -> str:
    values = None if place.values is None else [_in_json(value) for value in place.values]
    content = _to_json([place.backward, values]).encode()
    if len(content) > _LONG:
        content = zlib.compress(content)
    return signer.sign(base64_encode(content)).decode()


def _in_json(value: Any) -> Any:
    name = type(value).__name__
    if name in _READERS:
        return [name, str(value)]
    if isinstance(value, Enum) or not isinstance(value, (str, int, float, type(None))):
        raise TypeError(f"a page cannot be sorted by a {name}, only by text, numbers, booleans, dates, times and UUIDs")
    return value


def _read_cursor(cursor: str, signer: Signer) -> _Place:
    try:
        content = base64_decode(signer.unsign(cursor))
    except BadData:
        abort(400, message={"cursor": "must be that of a link of this list in this order"})
    if not content.startswith(b"["):
        content = zlib.decompress(content)
    backward, values = json.loads(content.decode())
    if values is not None:
        values = tuple(_READERS[value[0]](value[1]) if isinstance(value, list) else value for value in values)
    return _Place(backward, values)


def _values(row: Mapping[str, Any], order: Order) -> tuple[Any, ...]:
    return tuple(row[name] for name, _ in order)


def _link(relation: str, cursor: str | None) -> str:
    request = request_context().request
    query = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "cursor"])
    if cursor is not None:
        query = f"{query}&cursor={cursor}".lstrip("&")  # it is made of characters that URLs may contain
    return f'<{quote(request.root_path + request.path)}?{query}>; rel="{relation}"'


# -- reading by key --------------------------------------------------------------------------------------------------


class _Term(NamedTuple):
    """One column of an order, with the conditions for the rows that are behind, or equal to, a value in it."""

    ordering: ColumnElement[Any]
    behind: ColumnElement[bool]
    equal: ColumnElement[bool]


def _terms(statement: SelectBase, rows: sqlalchemy.Subquery, order: Order, nulls: tuple[bool, ...]) -> Iterator[_Term]:
    # A join may put nulls into a column that has none in its table.
    tables_only = isinstance(statement, Select) and all(
        isinstance(table, Table) for table in statement.get_final_froms()
    )
    for position, ((name, descending), null) in enumerate(zip(order, nulls, strict=True)):
        column = rows.c[name]
        value = bindparam(_VALUE.format(position), type_=column.type)
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
def _page_statement(statement: SelectBase, order: Order, nulls: tuple[bool, ...] | None) -> Select[Any]:
    """The first rows in an order, or the first ones behind the values in it of another row.

    Behind are those that are equal in all columns but the last and behind in that, or equal in all but the last two and
    behind in the last but one, and so on: each of these is one range of an index, where neither database finds as much
    in one condition for all.

    :param nulls: which of the values are null; ``None`` for the start of the list.
    """
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
    limit: Any = bindparam(_LIMIT, type_=sqlalchemy.Integer)
    return select(rows).order_by(*(term.ordering for term in terms)).limit(limit), terms


@lru_cache(maxsize=512)
def _sorted_statement(statement: SelectBase, order: Order) -> Select[Any]:
    rows = statement.subquery("page")
    terms = _terms(statement, rows, order, (False,) * len(order))
    return select(rows).order_by(*(term.ordering for term in terms))


@lru_cache(maxsize=512)
def _count_statement(statement: SelectBase) -> Select[Any]:
    return select(func.count().label("count")).select_from(statement.subquery("page"))
