"""Pages and streams of any select."""

import base64
import datetime
import enum
import itertools
import json
import re
import tracemalloc
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    REAL,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Integer,
    Interval,
    Numeric,
    SmallInteger,
    String,
    Table,
    Time,
    Uuid,
    bindparam,
    func,
    literal,
    select,
)
from werkzeug.test import TestResponse

from restwell import Api, Resource, fields, paginate
from restwell.data.column_types import FixedPoint, UTCDateTime
from restwell.data.database import Database
from restwell.declared import declaration_of, description_of

NDJSON = "application/x-ndjson"

db = Database()
authors = Table("authors", db.metadata, Column("name", String, primary_key=True), Column("country", String))
books = Table(
    "books",
    db.metadata,
    Column("id", Integer, primary_key=True),
    Column("title", String, nullable=False),
    Column("year", Integer),
    Column("author", ForeignKey(authors.c.name)),
    Column("price", Numeric(10, 2), nullable=False, default=Decimal("1.10")),
    Column("weight", FixedPoint(3), nullable=False, default=0.25),
    Column(
        "added_at",
        UTCDateTime,
        nullable=False,
        default=datetime.datetime(2024, 5, 31, 1, 2, 3, 4, datetime.timezone.utc),
    ),
    Column("published_on", Date, nullable=False, default=datetime.date(2024, 5, 31)),
    Column("serial", Uuid, nullable=False, default=uuid.uuid4),
)
samples = Table(
    "samples",
    db.metadata,
    Column("id", BigInteger, primary_key=True),
    Column("small", SmallInteger, default=-7),
    Column("float", Float, default=0.5),
    Column("real", REAL, default=0.5),
    Column("boolean", Boolean, default=True),
    Column("time", Time, default=datetime.time(12)),
    Column("moment", DateTime, default=datetime.datetime(2024, 5, 31)),
    Column("kind", Enum("big", "small", name="sample_kind"), default="big"),
    Column("text", String(5), default="text"),
    Column("number", Numeric(5, 2, asdecimal=False), default=1.25),
    Column("hex", Uuid(as_uuid=False), default=lambda: uuid.uuid4().hex),
)
book_fields = {"id": fields.Integer, "title": fields.String, "year": fields.Integer(default=None)}
ALL_BOOKS = select(books)


class BookList(Resource):
    @paginate(book_fields, sort=["title", "year"])
    def get(self) -> Any:
        return ALL_BOOKS


class RawList(Resource):
    @paginate(sort=["price", "weight", "added_at", "published_on", "serial"])
    def get(self) -> Any:
        return select(books)


class AuthorsBookList(Resource):
    @paginate(book_fields, sort=["title"])
    async def get(self, author: str) -> Any:
        return ALL_BOOKS.where(books.c.author == bindparam("author")), {"author": author}


class CountryList(Resource):
    @paginate(sort=["books"], key="country")
    def get(self) -> Any:
        return (
            select(func.coalesce(authors.c.country, "?").label("country"), func.count().label("books"))
            .join_from(books, authors, isouter=True)
            .group_by(sqlalchemy.text("1"))
        )


class PairList(Resource):
    @paginate(sort=["country"], key=["title", "id"])
    def get(self) -> Any:
        return select(books.c.id, books.c.title, authors.c.country).join_from(books, authors, isouter=True)


class SampleList(Resource):
    @paginate(sort=[column.name for column in samples.c])
    def get(self) -> Any:
        return select(samples)


def make_app(url: str, **config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update({"TESTING": True, "DATABASE_URL": url, "DATABASE_POOL_SIZE": 2, **config})
    db.init_app(app)
    api = Api(app, prefix="/api")
    api.add_resource(BookList, "/books")
    api.add_resource(RawList, "/raw")
    api.add_resource(SampleList, "/samples")
    api.add_resource(AuthorsBookList, "/authors/<author>/books")
    api.add_resource(CountryList, "/countries")
    api.add_resource(PairList, "/pairs")
    return app


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    app = make_app(database_url, SECRET_KEY="a secret of the tests")
    with app.app_context():
        db.create_all()
        yield app


def store(table: Table, *rows: dict[str, Any]) -> None:
    with db.transaction() as connection:
        connection.execute(table.insert(), list(rows))


def store_books(count: int) -> None:
    store(
        books,
        *({"id": number, "title": f"Book {number % 7}", "year": number % 5 or None} for number in range(1, count + 1)),
    )


def link(response: TestResponse, relation: str) -> str | None:
    match = re.search(rf'<([^>]*)>; rel="{relation}"', response.headers.get("Link", ""))
    return match and match[1]


def ids(response: TestResponse) -> list[int]:
    assert response.status_code == 200, response.text
    assert isinstance(response.json, list)
    return [row["id"] for row in response.json]


def walk(client: FlaskClient, url: str, relation: str = "next") -> tuple[list[list[int]], str]:
    """The pages from one on, and the URL of the last one."""
    pages = []
    following: str | None = url
    while following:
        url = following
        response = client.get(url)
        pages.append(ids(response))
        following = link(response, relation)
    return pages, url


# -- pages -----------------------------------------------------------------------------------------------------------


def test_page_has_fifty_rows_unless_limit_says_otherwise(app: Flask) -> None:
    store_books(60)
    client = app.test_client()
    assert ids(client.get("/api/books")) == list(range(1, 51))
    assert ids(client.get("/api/books?limit=3")) == [1, 2, 3]
    assert ids(client.get("/api/books?limit=1000")) == list(range(1, 61))


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "x", "1.5", "", "9" * 5000])
def test_limit_out_of_range_is_refused_by_name(app: Flask, limit: str) -> None:
    response = app.test_client().get(f"/api/books?limit={limit}")
    assert response.status_code == 400
    assert response.json is not None
    assert list(response.json["message"]) == ["limit"]


def test_links_lead_to_the_neighbours_and_to_nobody_at_the_ends(app: Flask) -> None:
    store_books(6)
    client = app.test_client()
    first = client.get("/api/books?limit=2")
    assert link(first, "prev") is None
    second = client.get(link(first, "next") or "")
    assert ids(second) == [3, 4]
    third = client.get(link(second, "next") or "")
    assert ids(third) == [5, 6]
    assert link(third, "next") is None
    back = client.get(link(third, "prev") or "")
    assert ids(back) == [3, 4]
    start = client.get(link(back, "prev") or "")
    assert ids(start) == [1, 2]
    assert link(start, "prev") is None
    assert ids(client.get(link(start, "next") or "")) == [3, 4]


def test_page_that_has_everything_has_no_links(app: Flask) -> None:
    store_books(3)
    assert "Link" not in app.test_client().get("/api/books").headers
    assert "Link" not in app.test_client().get("/api/books?limit=3").headers


def test_links_keep_the_query_and_the_script_root(app: Flask) -> None:
    store(authors, {"name": "Ü & Co", "country": None})
    store(books, *({"title": "x", "author": "Ü & Co"} for _ in range(3)))
    response = app.test_client().get(
        "/api/authors/Ü & Co/books?limit=1&other=%C3%BC%26&sort=-title", base_url="http://localhost/a root"
    )
    following = link(response, "next")
    assert following is not None
    assert following.startswith(
        "/a%20root/api/authors/%C3%9C%20%26%20Co/books?limit=1&other=%C3%BC%26&sort=-title&cursor="
    )
    client = app.test_client()
    assert ids(client.get(following.removeprefix("/a%20root"), base_url="http://localhost/a root")) == [2]


def test_page_whose_rows_have_all_gone_leads_to_both_ends(app: Flask) -> None:
    store_books(6)
    client = app.test_client()
    first = client.get("/api/books?limit=2")
    second = client.get(link(first, "next") or "")
    with db.transaction() as connection:
        connection.execute(books.delete().where(books.c.id > 2))
    behind_the_last = client.get(link(second, "next") or "")
    assert ids(behind_the_last) == []
    assert link(behind_the_last, "next") is None
    assert ids(client.get(link(behind_the_last, "prev") or "")) == [1, 2]
    store(books, {"id": 3, "title": "x"}, {"id": 4, "title": "x"})
    with db.transaction() as connection:
        connection.execute(books.delete().where(books.c.id < 3))
    before_the_first = client.get(link(second, "prev") or "")
    assert ids(before_the_first) == []
    assert link(before_the_first, "prev") is None
    assert ids(client.get(link(before_the_first, "next") or "")) == [3, 4]


def test_all_rows_are_counted_only_when_asked(app: Flask) -> None:
    store_books(5)
    client = app.test_client()
    assert client.get("/api/books?limit=2&count=true").headers["X-Total-Count"] == "5"
    assert "X-Total-Count" not in client.get("/api/books?limit=2").headers
    assert "X-Total-Count" not in client.get("/api/books?limit=2&count=false").headers
    assert client.get("/api/books?count=maybe").status_code == 400


# -- sorting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("id", [1, 2, 3, 4]),
        ("-id", [4, 3, 2, 1]),
        ("title", [2, 1, 3, 4]),
        ("-title", [4, 3, 1, 2]),
        ("year", [2, 3, 1, 4]),  # null is the greatest
        ("-year", [4, 1, 3, 2]),
        ("title,-year", [2, 1, 3, 4]),
        ("-title,year", [4, 3, 1, 2]),
        ("year,-id", [3, 2, 4, 1]),
        ("-id,title", [4, 3, 2, 1]),
        ("title,-title,-id", [2, 3, 1, 4]),  # a column sorts once
        ("title,-title", [2, 1, 3, 4]),
    ],
)
def test_rows_come_in_the_order_that_is_asked_for(app: Flask, sort: str, order: list[int]) -> None:
    for number, title, year in ((1, "b", None), (2, "a", 2000), (3, "b", 2000), (4, "c", None)):
        store(books, {"id": number, "title": title, "year": year})
    client = app.test_client()
    assert ids(client.get(f"/api/books?sort={sort}")) == order
    pages, last = walk(client, f"/api/books?sort={sort}&limit=1")
    assert list(itertools.chain(*pages)) == order
    pages, _ = walk(client, last, "prev")
    assert list(itertools.chain(*reversed(pages))) == order


@pytest.mark.parametrize("sort", ["price", "", "title,", "-", "--title", "title;drop", "Title", "+id"])
def test_order_that_is_not_offered_is_refused_with_those_that_are(app: Flask, sort: str) -> None:
    response = app.test_client().get("/api/books", query_string={"sort": sort})
    assert response.status_code == 400
    assert response.json is not None
    assert "id, title, year" in response.json["message"]["sort"]


@pytest.mark.parametrize("column", ["price", "weight", "added_at", "published_on", "serial"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_values_of_any_type_are_places_in_the_order(app: Flask, column: str, sign: str) -> None:
    start = datetime.datetime(2024, 12, 31, 23, 59, 59, 999_999, datetime.timezone.utc)
    for number in range(1, 8):
        step = datetime.timedelta(microseconds=number // 2, days=number // 2)
        store(
            books,
            {
                "title": "x",
                "price": Decimal("0.10") * (number // 2),
                "weight": (number // 2) / 1000,
                "added_at": start + step,
                "published_on": (start + step).date(),
            },
        )
    pages, _ = walk(app.test_client(), f"/api/raw?sort={sign}{column}&limit=2")
    everything = list(itertools.chain(*pages))
    assert sorted(everything) == list(range(1, 8))
    if column != "serial":
        assert everything == (list(range(7, 0, -1)) if sign else list(range(1, 8)))


# -- cursors ---------------------------------------------------------------------------------------------------------


def cursor_of(response: TestResponse) -> str:
    match = re.search("cursor=([^&>]*)", response.headers["Link"])
    assert match is not None
    return match[1]


def encoded(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def test_cursor_that_this_list_did_not_give_is_refused(app: Flask) -> None:
    store_books(9)
    client = app.test_client()
    cursor = cursor_of(client.get("/api/books?limit=2"))
    for wrong in (
        "",
        "x",
        ".",
        "é",
        "A" * 9000,
        cursor[:-1],
        cursor[1:],
        encoded([False, [1, 2, 3]]),
        encoded([False, [{}]]),
        encoded([False, [10**23]]),
        encoded(["id", False, [10**23]]),
        encoded(["id", False, [{}]]),
        base64.urlsafe_b64encode(b"x\x9c no zlib").decode(),
        cursor_of(client.get("/api/books?limit=2&sort=title")),
        cursor_of(client.get("/api/books?limit=2&sort=-id")),
    ):
        for accept in ("application/json", NDJSON):
            response = client.get("/api/books", query_string={"cursor": wrong}, headers={"Accept": accept})
            assert response.status_code == 400, wrong
            assert response.json is not None
            assert list(response.json["message"]) == ["cursor"]
    assert ids(client.get(f"/api/books?cursor={cursor}&limit=3")) == [3, 4, 5]


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**15, 2**31, 2**63, -(2**63) - 1, 10**400, "\0", "\ud800", "NaN", "inf", "1e400", "1E-999"])
    | st.floats()
    | st.text(max_size=20)
    | st.datetimes(timezones=st.none() | st.timezones()).map(str)
    | st.dates().map(str)
    | st.uuids().map(str)
    | st.decimals().map(str)
)
SORTS = [
    *(("/api/raw", sort) for sort in ("id", "price", "weight", "added_at", "published_on", "serial")),
    *(("/api/samples", column.name) for column in samples.c),
]


def test_cursor_that_anybody_wrote_is_a_page_or_a_bad_request(app: Flask) -> None:
    store_books(9)
    store(samples, *({"id": number} for number in range(1, 10)))
    client = app.test_client()

    @settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.sampled_from(SORTS), st.booleans(), st.lists(SCALARS | st.lists(SCALARS, max_size=2), max_size=3))
    def check(path_and_sort: tuple[str, str], backward: bool, values: list[Any]) -> None:
        path, sort = path_and_sort
        for written in (values, [*values[:1], 5]):
            cursor = encoded(["id" if sort == "id" else f"{sort},id", backward, written])
            response = client.get(path, query_string={"sort": sort, "cursor": cursor})
            assert response.status_code in (200, 400), (cursor, response.json)

    check()


@pytest.mark.parametrize(("path", "sort"), SORTS)
def test_every_type_is_paged_in_both_directions(app: Flask, path: str, sort: str) -> None:
    store_books(4)
    store(samples, *({"id": number} for number in range(1, 5)))
    client = app.test_client()
    first = client.get(f"{path}?limit=2&sort={sort}")
    second = client.get(link(first, "next") or "")
    assert len(ids(first) + ids(second)) == 4
    assert ids(client.get(link(second, "prev") or "")) == ids(first)


def test_cursor_needs_no_secret_and_is_good_for_any_process(app: Flask, database_url: str) -> None:
    store_books(9)
    secrets = ("the same for all", 123456789, None)
    one, other, stranger = (make_app(database_url, SECRET_KEY=secret).test_client() for secret in secrets)
    for client in (other, stranger):
        assert ids(client.get(link(one.get("/api/books?limit=2"), "next") or "")) == [3, 4]


class Colour(str, enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    "value", [Colour.RED, literal(b"red"), literal(datetime.timedelta(1), Interval), literal(["red"], JSON)]
)
def test_column_that_no_cursor_can_hold_is_named(tmp_path: Any, value: Any) -> None:
    column = literal(value, Enum(Colour)) if isinstance(value, Colour) else value

    class Samples(Resource):
        @paginate({"id": fields.Integer}, sort=["sample"])
        def get(self) -> Any:
            return select(books.c.id, column.label("sample"))

    app = make_app(f"sqlite:///{tmp_path}/items.db")
    Api(app).add_resource(Samples, "/samples")
    with app.app_context():
        db.create_all()
        store_books(2)
    assert app.test_client().get("/samples?sort=sample").status_code == 200
    with pytest.raises(TypeError, match="a page cannot be sorted by sample, a "):
        app.test_client().get("/samples?sort=sample&limit=1")


def test_cursor_of_a_long_value_stays_short(app: Flask) -> None:
    store(books, *({"id": number, "title": f"{'東京' * 300}{number}"} for number in range(1, 6)))
    client = app.test_client()
    first = client.get("/api/books?limit=2&sort=title")
    assert len(cursor_of(first)) < 300
    second = client.get(link(first, "next") or "")
    assert ids(second) == [3, 4]
    assert ids(client.get(link(second, "prev") or "")) == [1, 2]


# -- what is selected ------------------------------------------------------------------------------------------------


def test_rows_are_marshalled_and_reduced_to_the_wanted_fields(app: Flask) -> None:
    store_books(2)
    client = app.test_client()
    assert client.get("/api/books?limit=1").json == [{"id": 1, "title": "Book 1", "year": 1}]
    assert client.get("/api/books?limit=1&fields=title,id").json == [{"title": "Book 1", "id": 1}]
    assert client.get("/api/raw?limit=1&fields=price,id").json == [{"price": "1.10", "id": 1}]


@pytest.mark.parametrize(
    ("url", "offered"), [("/api/books", "id, title, year"), ("/api/raw", "id, title, year, author")]
)
@pytest.mark.parametrize("names", ["", "id,", "serial_number", "id,Title"])
def test_unknown_field_is_refused_with_those_that_are_known(app: Flask, url: str, offered: str, names: str) -> None:
    response = app.test_client().get(url, query_string={"fields": names})
    assert response.status_code == 400
    assert response.json is not None
    assert list(response.json["message"]) == ["fields"]
    if names:
        assert offered in response.json["message"]["fields"]


def test_method_may_give_the_values_of_the_parameters_and_be_async(app: Flask) -> None:
    store(authors, {"name": "Ann"}, {"name": "Bob"})
    store(books, *({"title": str(number), "author": "Ann" if number % 2 else "Bob"} for number in range(9)))
    client = app.test_client()
    assert ids(client.get("/api/authors/Ann/books")) == [2, 4, 6, 8]
    pages, _ = walk(client, "/api/authors/Bob/books?limit=2&sort=-title")
    assert pages == [[9, 7], [5, 3], [1]]
    assert client.get("/api/authors/Bob/books?count=true").headers["X-Total-Count"] == "5"


def test_groups_and_outer_joins_are_paged_like_tables(app: Flask) -> None:
    store(authors, {"name": "Ann", "country": "DE"}, {"name": "Bob", "country": None})
    rows = [(1, "Ann"), (2, "Ann"), (3, "Ann"), (4, "Bob"), (5, None)]
    store(books, *({"id": number, "title": "same", "author": author} for number, author in rows))
    client = app.test_client()
    first = client.get("/api/countries?limit=1&sort=-books")
    assert first.json == [{"country": "DE", "books": 3}]
    assert client.get(link(first, "next") or "").json == [{"country": "?", "books": 2}]
    pages, last = walk(client, "/api/pairs?limit=1&sort=country")
    assert pages == [[1], [2], [3], [4], [5]]
    pages, _ = walk(client, last, "prev")
    assert pages == [[5], [4], [3], [2], [1]]


# -- nothing twice, nothing left out -----------------------------------------------------------------------------------

rows_strategy = st.tuples(st.sampled_from("abc"), st.sampled_from([None, 1, 2]))
change_strategy = st.one_of(
    st.tuples(st.just("insert"), rows_strategy), st.tuples(st.just("delete"), st.integers(0, 30))
)
order_strategy = st.lists(st.sampled_from(["id", "title", "year"]), unique=True, max_size=3).flatmap(
    lambda names: st.tuples(*(st.sampled_from([name, f"-{name}"]) for name in names))
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(rows_strategy, max_size=20),
    order=order_strategy,
    limit=st.integers(1, 6),
    backward=st.booleans(),
    changes=st.lists(st.lists(change_strategy, max_size=4), max_size=30),
)
def test_rows_that_stay_are_met_once_while_others_come_and_go(
    rows: list[tuple[str, int | None]],
    order: tuple[str, ...],
    limit: int,
    backward: bool,
    changes: list[list[tuple[str, Any]]],
) -> None:
    app = make_app("sqlite://")
    client = app.test_client()
    with app.app_context():
        db.create_all()
        with db.transaction() as connection:
            for title, year in rows:
                connection.execute(books.insert(), {"title": title, "year": year})
        stored = set(range(1, len(rows) + 1))
        always, ever = set(stored), set(stored)
        url = f"/api/books?limit={limit}" + (f"&sort={','.join(order)}" if order else "")
        relation = "next"
        if backward:
            _, url = walk(client, url)
            relation = "prev"
        met: list[int] = []
        following: str | None = url
        remaining = iter(changes)
        while following:
            response = client.get(following)
            met.extend(ids(response) if relation == "next" else reversed(ids(response)))
            following = link(response, relation)
            for kind, what in next(remaining, []):
                with db.transaction() as connection:
                    if kind == "insert":
                        values = {"title": what[0], "year": what[1], "id": max(ever, default=0) + 1}
                        connection.execute(books.insert(), values)
                        ever.add(values["id"])
                    else:
                        connection.execute(books.delete().where(books.c.id == what))
                        always.discard(what)
    assert len(met) == len(set(met))
    assert always <= set(met) <= ever


# -- streams ---------------------------------------------------------------------------------------------------------


def stream(client: FlaskClient, url: str) -> TestResponse:
    return client.get(url, headers={"Accept": NDJSON})


def connections_in_use() -> int:
    in_use: int = db.engine.pool.checkedout()  # type: ignore[attr-defined]  # a QueuePool has it
    return in_use


def test_stream_has_a_row_a_line_of_the_whole_list(app: Flask) -> None:
    store_books(2500)
    client = app.test_client()
    response = stream(client, "/api/books?sort=-id&fields=id&limit=2")
    assert response.status_code == 200
    assert response.mimetype == NDJSON
    assert "Accept" in response.headers["Vary"]
    assert response.text == "".join(f'{{"id":{number}}}\n' for number in range(2500, 0, -1))
    assert stream(client, "/api/authors/nobody/books").text == ""
    assert stream(client, "/api/raw?fields=id,price,published_on").text.splitlines()[0] == (
        '{"id":1,"price":"1.10","published_on":"2024-05-31"}'
    )
    assert connections_in_use() == 0


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("*/*", "application/json"),
        ("application/json, application/x-ndjson", "application/json"),
        ("application/x-ndjson;q=0.5, application/json", "application/json"),
        ("application/x-ndjson, application/json;q=0.5", NDJSON),
        ("application/x-ndjson, */*;q=0.1", NDJSON),
    ],
)
def test_stream_is_given_to_who_prefers_it(app: Flask, accept: str, mimetype: str) -> None:
    assert app.test_client().get("/api/books", headers={"Accept": accept}).mimetype == mimetype


def test_stream_is_acceptable_where_nothing_else_is(tmp_path: Path) -> None:
    app = Flask(__name__)
    app.config.update(DATABASE_URL=f"sqlite:///{tmp_path}/books.db")
    db.init_app(app)
    Api(app, default_mediatype=None).add_resource(BookList, "/books")
    with app.app_context():
        db.create_all()
    client = app.test_client()
    assert stream(client, "/books").status_code == 200
    assert client.get("/books", headers={"Accept": "image/png"}).status_code == 406


def test_stream_refuses_what_a_page_refuses(app: Flask) -> None:
    client = app.test_client()
    for query in ("limit=0", "sort=price", "fields=x", "count=x", "cursor=forged"):
        response = stream(client, f"/api/books?{query}")
        assert response.status_code == 400
        assert response.mimetype == "application/json"
    assert connections_in_use() == 0


def test_stream_reads_one_snapshot(app: Flask) -> None:
    store_books(3000)
    with stream(app.test_client(), "/api/books?fields=id,title") as response:
        body = response.iter_encoded()
        lines = next(body).splitlines()
        with db.transaction() as connection:
            connection.execute(books.delete().where(books.c.id > 2000))
            connection.execute(books.insert(), {"id": 5000, "title": "new"})
            connection.execute(books.update().values(title="changed"))
        for part in body:
            lines += part.splitlines()
    assert [line.decode() for line in lines] == [
        f'{{"id":{number},"title":"Book {number % 7}"}}' for number in range(1, 3001)
    ]


def test_client_that_goes_away_frees_its_connection(app: Flask) -> None:
    store_books(3000)
    client = app.test_client()
    for _ in range(5):
        with stream(client, "/api/books") as response:
            next(response.iter_encoded())
            assert connections_in_use() == 1
        assert connections_in_use() == 0


def test_stream_that_is_never_read_frees_its_connection(app: Flask) -> None:
    store_books(3000)
    client = app.test_client()
    stream(client, "/api/books").close()
    client.head("/api/books", headers={"Accept": NDJSON}).close()
    assert connections_in_use() == 0


def test_select_that_fails_is_an_error_and_no_broken_stream(app: Flask) -> None:
    app.testing = False
    db.drop_all()
    response = stream(app.test_client(), "/api/books")
    assert response.status_code == 500
    assert response.mimetype == "application/json"
    assert connections_in_use() == 0


def test_stream_needs_no_more_memory_for_more_rows(app: Flask) -> None:
    def peak() -> int:
        tracemalloc.start()
        with stream(app.test_client(), "/api/books") as response:
            sizes.append(sum(len(part) for part in response.iter_encoded()))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    sizes: list[int] = []
    store_books(3000)
    small = peak()
    with db.transaction() as connection:
        for _ in range(4):  # doubles the table
            last = connection.scalar(select(func.max(books.c.id)))
            columns = ["id", "title", "price", "weight", "added_at", "published_on", "serial"]
            doubled = select((books.c.id + last).label("id"), *(books.c[name] for name in columns[1:]))
            connection.execute(books.insert().from_select(columns, doubled, include_defaults=False))
    large = peak()
    assert sizes[1] > 14 * sizes[0]
    assert large < 1.5 * small


# -- the description -------------------------------------------------------------------------------------------------


def test_page_describes_itself() -> None:
    described = description_of(BookList.get, {})
    parameters = {parameter["name"]: parameter for parameter in described.parameters}
    assert list(parameters) == ["limit", "cursor", "sort", "count", "fields"]
    assert parameters["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}
    assert re.search(parameters["sort"]["schema"]["pattern"], "-title,id")
    assert not re.search(parameters["sort"]["schema"]["pattern"], "price")
    assert set(described.headers[200]) == {"Link", "X-Total-Count"}
    assert list(described.media_types) == [NDJSON]
    assert declaration_of(BookList.get).marshals.field.container.nested is book_fields  # type: ignore[attr-defined]
