"""Pagination: lists that are read by key, page by page or as one stream, in the order that the client asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import wraps
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, urlencode

from flask import Response

from restwell import current
from restwell.arguments import inputs
from restwell.arguments.reqparse import RequestParser
from restwell.asynchronous import synchronous
from restwell.data import cursors, keyset
from restwell.data.cursors import Cursors, Place
from restwell.data.database import Database
from restwell.data.keyset import Order, Selected
from restwell.data.statements import Statement, as_dicts
from restwell.declared import Description, declare, describe
from restwell.errors.raising import abort
from restwell.output import fields as output_fields
from restwell.output import ndjson
from restwell.output.marshalling import marshal, marshal_with_field

DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 1000

_BATCH = 1000
"""How many rows a stream holds at a time."""

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
    is made once, by :meth:`restwell.Database.statement`, is quicker than one made for each request. Rows are read by
    key, not by offset: none comes twice or is left out because others are inserted or deleted meanwhile, and the last
    page costs what the first one costs where each sort column has an index together with the key.

    The query string takes ``limit`` (50 by default, at most 1000), ``sort`` (names with commas between them, a
    descending one behind a ``-``; the key by default; null is the greatest value), ``fields`` (the names of those
    wanted) and ``count=true`` (the number of all rows in ``X-Total-Count``). ``Link`` (RFC 8288) names the ``next`` and
    the ``prev`` page by their ``cursor``: the values of the row that it begins at, and the order they belong to.

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
        method = synchronous(view)

        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            query = parser.parse_args()
            selected = method(*args, **kwargs)
            rows = _Rows(*selected) if isinstance(selected, tuple) else _Rows(selected, {})
            output = _output(fields, rows.statement, query.fields)
            of_list = cursors.of_list(rows.statement, query.sort, _database().engine.dialect)
            place = Place() if query.cursor is None else of_list.read(query.cursor)
            if ndjson.is_preferred():
                return _stream(rows, query.sort, output)
            return _page(rows, query, place, output, of_list)

        if fields is not None:
            rows_field = output_fields.List(output_fields.Nested(fields))
            declare(wrapper, marshals=marshal_with_field(rows_field))
        describe(wrapper, _description(parser, fields))
        return wrapper

    return decorator


class _Rows(NamedTuple):
    """What a method selects."""

    statement: Selected
    parameters: Mapping[str, Any]


def _page(
    rows: _Rows, query: Any, place: Place, output: Output, of_list: Cursors
) -> tuple[list[Any], int, dict[str, str]]:
    """One page, with the links to its neighbours."""
    order, limit, database = query.sort, query.limit, _database()
    walk = tuple((name, not descending) for name, descending in order) if place.backward else order
    values = place.values
    nulls = None if values is None else tuple(value is None for value in values)
    statement = keyset.page_statement(rows.statement, walk, nulls)
    parameters = {**rows.parameters, keyset.LIMIT: limit + 1}
    parameters.update((keyset.VALUE.format(position), value) for position, value in enumerate(values or ()))
    headers = {"Vary": "Accept"}
    page = database.rows(statement, parameters)
    if query.count:
        [count] = database.rows(keyset.count_statement(rows.statement), rows.parameters)
        headers["X-Total-Count"] = str(count["count"])

    ahead, behind = len(page) > limit, values is not None
    del page[limit:]
    if place.backward:
        page.reverse()
        ahead, behind = behind, ahead
    links = []
    # A page whose rows have all gone leads to the first page and to the last one.
    if ahead:
        cursor = of_list.write(Place(False, _values(page[-1], order))) if page else None
        links.append(_link("next", cursor))
    if behind:
        values = _values(page[0], order) if page else None
        links.append(_link("prev", of_list.write(Place(True, values))))
    if links:
        headers["Link"] = ", ".join(links)
    return output(page), 200, headers


def _stream(rows: _Rows, order: Order, output: Output) -> Response:
    """All rows, from one snapshot."""
    with ExitStack() as stack:
        connection = stack.enter_context(_database().snapshot())
        statement = keyset.sorted_statement(rows.statement, order)
        result = connection.execute(statement, rows.parameters, execution_options={"yield_per": _BATCH})
        names = tuple(result.keys())
        batches = (output(as_dicts(names, batch)) for batch in result.partitions())
        response = ndjson.stream(batches, on_close=stack.pop_all().close)
    response.headers["Vary"] = "Accept"
    return response


def _database() -> Database:
    database = current.app().extensions.get("sqlalchemy")
    if not isinstance(database, Database):
        raise TypeError(f"paginate needs a restwell.Database that is connected to the application, not {database!r}")
    return database


def _values(row: Mapping[str, Any], order: Order) -> tuple[Any, ...]:
    return tuple(row[name] for name, _ in order)


def _link(relation: str, cursor: str | None) -> str:
    request = current.request()
    query = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "cursor"])
    if cursor is not None:
        query = f"{query}&cursor={cursor}".lstrip("&")  # it is made of characters that URLs may contain
    return f'<{quote(request.root_path + request.path)}?{query}>; rel="{relation}"'


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


def _output(fields: Mapping[str, Any] | None, statement: Selected, wanted: str | None) -> Output:
    """What gives rows their output fields, and of those only the wanted ones."""
    names = wanted.split(",") if wanted else []
    select = statement.executable if isinstance(statement, Statement) else statement
    allowed = list(select.selected_columns.keys() if fields is None else fields) if names else []
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
