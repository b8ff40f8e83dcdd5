"""Statements that are made once: with shortcuts and without, rows, errors and connections are those of SQLAlchemy."""

import datetime
import decimal
import enum
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import hypothesis.strategies as st
import psycopg
import pytest
import sqlalchemy
from flask import Flask
from flask_sqlalchemy.record_queries import get_recorded_queries
from hypothesis import HealthCheck, given, settings
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Enum,
    Float,
    ForeignKey,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    String,
    TypeDecorator,
    Uuid,
    bindparam,
    case,
    cast,
    delete,
    event,
    exc,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    type_coerce,
    union_all,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool, QueuePool
from sqlalchemy.sql.dml import UpdateBase

from restwell.data.column_types import FixedPoint, UTCDateTime
from restwell.data.database import Database, Statement, unavailable, violates_key
from restwell.shortcuts.statements import PreparedStatement

UTC = datetime.timezone.utc


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


class Negative(TypeDecorator[int]):
    """Numbers that are stored without their minus."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Any) -> int | None:
        return None if value is None else -value

    def process_result_value(self, value: int | None, dialect: Any) -> int | None:
        return None if value is None else -value


class Counting(QueuePool):
    """A pool that has its own way of lending."""

    lent = 0

    def connect(self) -> Any:
        type(self).lent += 1
        return super().connect()


COLUMNS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "name": (String(50), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)),
    "count": (BigInteger, st.integers(-(2**63), 2**63 - 1)),
    "weight": (Float, st.floats(allow_nan=False, allow_infinity=False)),
    "price": (FixedPoint(2), st.integers(0, 10**9).map(lambda cents: cents / 100)),
    "amount": (Numeric(12, 2), st.decimals(0, 10**6, places=2)),
    "is_new": (Boolean, st.booleans()),
    "printed_at": (UTCDateTime, st.datetimes(datetime.datetime(1900, 1, 1), timezones=st.just(UTC))),
    "day": (Date, st.dates(datetime.date(1900, 1, 1))),
    "loan": (Interval, st.timedeltas(datetime.timedelta(0), datetime.timedelta(days=9999))),
    "colour": (Enum(Colour), st.sampled_from(Colour)),
    "number": (Uuid, st.uuids()),
    "cover": (LargeBinary, st.binary(max_size=20)),
    "tags": (JSON(none_as_null=True), st.lists(st.text("ab%:'\"", max_size=3), max_size=3)),
}
values = st.fixed_dictionaries({name: st.none() | strategy for name, (_, strategy) in COLUMNS.items()})


def application(url: object, **config: Any) -> tuple[Flask, Database]:
    db = Database()
    db.Table("shelves", Column("id", Integer, primary_key=True), Column("name", String, unique=True, nullable=False))
    db.Table(
        "books",
        Column("id", Integer, primary_key=True),
        Column("shelf_id", ForeignKey("shelves.id")),
        *(Column(name, kind) for name, (kind, _) in COLUMNS.items()),
        Column("odd name ?", Integer, key="odd"),
    )
    db.Table("ledgers", Column("id", Negative, primary_key=True), Column("name", String))
    db.Table("places", Column("row", Integer, primary_key=True), Column("seat", Integer, primary_key=True))
    db.Table("visits", Column("id", Integer, primary_key=True), Column("at", UTCDateTime, default=lambda: NOON))
    app = Flask(__name__)
    app.config.update({"DATABASE_URL": url, "DATABASE_BUSY_TIMEOUT": 100, **config})
    db.init_app(app)
    return app, db


NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def db(database_url: str, shortcuts: bool) -> Iterator[Database]:
    app, db = application(database_url)
    with app.app_context():
        db.create_all()
        yield db
        db.engine.dispose()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[PreparedStatement]:
    """The statements that the driver has been given as they are."""
    done: list[PreparedStatement] = []
    bound = PreparedStatement.bound

    def counted(self: PreparedStatement, *args: Any) -> Any:
        done.append(self)
        return bound(self, *args)

    monkeypatch.setattr(PreparedStatement, "bound", counted)
    return done


def executed(db: Database, statement: Any, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    if isinstance(statement, Statement):
        statement = statement.executable
    with db.connection() as connection:
        return [dict(row) for row in connection.execute(statement, parameters).mappings()]


# -- rows ------------------------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(row=values, other=values)
def test_every_type_is_written_and_read_as_by_sqlalchemy(
    db: Database, shortcuts: bool, runs: list[PreparedStatement], row: dict[str, Any], other: dict[str, Any]
) -> None:
    books = db.metadata.tables["books"]
    this = books.c.id == bindparam("book_id")
    create, read = db.statement(insert(books).returning(books)), db.statement(select(books).where(this))
    change = db.statement(update(books).where(this).returning(books))
    runs.clear()
    [first], [second] = db.rows(create, row), db.rows(create, row)
    assert {**first, "id": 0} == {**second, "id": 0}
    for book_id in (first["id"], second["id"]):
        parameters = {"book_id": book_id}
        assert db.rows(read, parameters) == executed(db, read, parameters) == [{**first, "id": book_id}]
    [changed_first] = db.rows(change, {"book_id": first["id"], **other})
    [changed] = db.rows(change, {"book_id": second["id"], **other})
    assert {**changed_first, "id": 0} == {**changed, "id": 0}
    assert executed(db, read, {"book_id": second["id"]}) == [changed]
    assert len(runs) == (6 if shortcuts else 0)


class ReadInCapitals(TypeDecorator[str]):
    """A type that the database itself converts to another one, which converts again."""

    impl = String
    cache_ok = True

    def column_expression(self, column: Any) -> Any:
        return type_coerce(func.upper(column), Exclaimed)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        raise AssertionError("another type reads it")


class Exclaimed(TypeDecorator[str]):
    impl = String
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return f"{value}!"


def price() -> Any:
    return bindparam("price", type_=FixedPoint(2))


STATEMENTS: list[Callable[[Any, Any], Any]] = [
    lambda books, shelves: select(books),
    lambda books, shelves: select(books, shelves).join_from(books, shelves),
    lambda books, shelves: select(select(books, shelves).join_from(books, shelves, isouter=True).subquery()),
    lambda books, shelves: select(books.c.id, books.c.id, books.c.odd, (books.c.odd + 1), books.c.name.label("a.b %")),
    lambda books, shelves: select(func.count(), func.max(books.c.printed_at), func.sum(books.c.price)),
    lambda books, shelves: select(literal(3), literal("%(x)s ? :y"), literal_column("'%'").label("percent")),
    lambda books, shelves: select(case((books.c.price > 1, "dear"), else_="cheap"), cast(books.c.count, String)),
    lambda books, shelves: select(type_coerce(books.c.price, Integer)).where(books.c.price >= bindparam("price")),
    lambda books, shelves: select(books.c.id).where(books.c.name.ilike(bindparam("name"), escape="/")),
    lambda books, shelves: select(books.c.id).where(text("name = :name")),
    lambda books, shelves: select(union_all(select(books.c.id), select(shelves.c.id)).subquery()),
    lambda books, shelves: select(books.c.price).limit(bindparam("count")).order_by(books.c.id.desc()),
    lambda books, shelves: select(func.coalesce(bindparam("price", type_=FixedPoint(2)), bindparam("x", 5, Integer))),
    lambda books, shelves: update(books).values(odd=books.c.odd + 1).returning(books.c.id, books.c.odd * 2),
    lambda books, shelves: delete(books).where(books.c.id < 0).returning(books.c.id),
    lambda books, shelves: select(books.c.id).where((books.c.price == price()) | (books.c.price == price())),
    lambda books, shelves: select(type_coerce(books.c.name, ReadInCapitals).label("name")),
    lambda books, shelves: union_all(
        select(books.c.id, books.c.price), select(shelves.c.id, literal(0.5, FixedPoint(2)))
    ),
    # whose SQL or values are not the same each time, which is left to SQLAlchemy
    lambda books, shelves: select(books).where(books.c.id.in_([1, 2])),
    lambda books, shelves: select(books.c.id).where(books.c.name == bindparam("name", literal_execute=True)),
    lambda books, shelves: select(text("1 AS one, 2 AS two"), books.c.price),
    lambda books, shelves: text("SELECT name, price FROM books WHERE name = :name"),
    lambda books, shelves: text("SELECT name, price FROM books").columns(books.c.name, books.c.price),
    lambda books, shelves: select(literal_column("1 AS one"), literal_column("7 % 4"), books.c.price),
    lambda books, shelves: select(literal_column("name, price")).select_from(books),
    lambda books, shelves: select(literal_column("books.*")).select_from(books),
    lambda books, shelves: select(books.c.name.label("n" * 70)),
    lambda books, shelves: select(bindparam("x", callable_=lambda: 7, type_=Integer)),
    lambda books, shelves: select(books.c.price).execution_options(stream_results=False),
    lambda books, shelves: select(books.c.price).where(books.c.price >= bindparam("odd (name)", 0)),
]


@pytest.mark.parametrize("build", STATEMENTS)
def test_every_statement_gives_the_rows_that_sqlalchemy_gives(db: Database, build: Callable[[Any, Any], Any]) -> None:
    books, shelves = db.metadata.tables["books"], db.metadata.tables["shelves"]
    for number in (1, 2):
        executed(db, insert(shelves).returning(shelves.c.id), {"id": number, "name": str(number)})
        book = {"id": number, "shelf_id": number, "name": "%(x)s", "price": 9.99, "printed_at": NOON, "odd": 0}
        executed(db, insert(books).returning(books.c.id), book)
    statement = db.statement(build(books, shelves))
    is_change = isinstance(statement.executable, UpdateBase)
    parameters = {} if is_change else {"name": "%(x)s", "price": 9.99, "count": 1}
    for run in range(3):
        rows = db.rows(statement, parameters)
        if is_change:
            assert rows == ([{"id": 1, "anon_1": 2 * run + 2}, {"id": 2, "anon_1": 2 * run + 2}] if rows else [])
        else:
            assert rows == executed(db, statement, parameters)


def test_model_is_read_and_written_by_its_columns(database_url: str, shortcuts: bool) -> None:
    app, db = application(database_url)

    class Author(db.Model):  # type: ignore[name-defined, misc]  # Flask-SQLAlchemy makes the class
        id = Column(Integer, primary_key=True)
        name = Column(String)

    with app.app_context():
        db.create_all()
        read, create = db.statement(select(Author)), db.statement(insert(Author).returning(Author.id, Author.name))
        for number in (1, 2, 3):
            assert db.rows(create, {"name": "Ada"}) == [{"id": number, "name": "Ada"}]
            assert db.rows(read, {}) == executed(db, read, {})
        db.engine.dispose()


@pytest.mark.postgres
def test_options_of_the_engine_apply_to_each_run(postgresql_url: str) -> None:
    options = {"execution_options": {"schema_translate_map": {None: "pg_catalog"}}}
    app, db = application(postgresql_url, SQLALCHEMY_ENGINE_OPTIONS=options)
    statement = db.statement(select(func.count().label("count")).select_from(sqlalchemy.table("pg_tables")))
    with app.app_context():
        assert len({db.rows(statement, {})[0]["count"] for _ in range(3)}) == 1
        assert "pg_catalog.books" in str(failure_of(db, select(db.metadata.tables["books"].c.id)))
        db.engine.dispose()


def failure_of(db: Database, statement: Any) -> Exception:
    with pytest.raises(exc.SQLAlchemyError) as caught:
        db.rows(db.statement(statement), {})
    return caught.value


def test_default_of_a_column_is_made_each_time(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    visits = db.metadata.tables["visits"]
    create = db.statement(insert(visits).returning(visits.c.at))
    for moment in (NOON, NOON.replace(hour=13), NOON.replace(hour=14)):
        monkeypatch.setitem(globals(), "NOON", moment)
        assert db.rows(create, {}) == [{"at": moment}]


def test_insert_without_returning_gives_the_key(db: Database, shortcuts: bool, runs: list[PreparedStatement]) -> None:
    create = db.statement(insert(db.metadata.tables["shelves"]))
    assert [db.rows(create, {"name": name}) for name in "abc"] == [[{"id": number}] for number in (1, 2, 3)]
    assert len(runs) == (3 if shortcuts else 0)
    with db.transaction():
        assert db.rows(create, {"name": "d"}) == [{"id": 4}]
    for number in (7, 8):
        assert db.rows(create, {"id": number, "name": str(number)}) == [{"id": number}]
    assert failures(db, create.executable, {"name": "a"})[1].orig is not None


def test_key_is_read_as_its_type_says(db: Database) -> None:
    create = db.statement(insert(db.metadata.tables["ledgers"]))
    assert [db.rows(create, {"name": name}) for name in "ab"] == [[{"id": -1}], [{"id": -2}]]


def test_key_of_several_columns_is_given(db: Database) -> None:
    create = db.statement(insert(db.metadata.tables["places"]))
    for row in (1, 2):
        assert db.rows(create, {"row": row, "seat": 5}) == [{"row": row, "seat": 5}]


@pytest.mark.parametrize(
    "change",
    [
        lambda create: create.values([{"count": 1}, {"count": 2}]),
        lambda create: create.values([{"count": 1}]),
        lambda create: create.from_select(["count"], select(literal(1)).where(literal(1) == 0)),
    ],
    ids=["many", "one of many", "select"],
)
def test_insert_of_any_number_of_rows_gives_no_key(db: Database, change: Any) -> None:
    statement = change(insert(db.metadata.tables["books"]))
    for each in (statement, db.statement(statement)):
        with pytest.raises(exc.ResourceClosedError):
            db.rows(each)


@pytest.mark.parametrize(
    "build",
    [
        lambda shelves: sqlite.insert(shelves).on_conflict_do_nothing(),
        lambda shelves: insert(shelves).prefix_with("OR IGNORE"),
    ],
)
def test_insert_that_may_do_nothing_gives_no_key_of_another(tmp_path: Any, shortcuts: bool, build: Any) -> None:
    app, db = application(f"sqlite:///{tmp_path}/books.db")
    shelves = db.metadata.tables["shelves"]
    create = build(shelves)
    with app.app_context():
        db.create_all()
        db.rows(insert(shelves), {"name": "a"})
        for each in (create, db.statement(create)):
            with pytest.raises(exc.ResourceClosedError):
                db.rows(each, {"name": "a"})
        db.engine.dispose()


@pytest.mark.postgres
def test_insert_that_a_trigger_takes_back_gives_no_row(postgresql_url: str, shortcuts: bool) -> None:
    app, db = application(postgresql_url)
    create = insert(db.metadata.tables["shelves"])
    with app.app_context():
        db.create_all()
        with db.connection() as connection:
            connection.exec_driver_sql(
                "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER nothing BEFORE INSERT ON shelves FOR EACH ROW EXECUTE FUNCTION nothing()"
            )
        for each in (create, db.statement(create)):
            assert db.rows(each, {"name": "a"}) == []
        db.engine.dispose()


def test_statement_that_has_no_name_is_run_by_sqlalchemy(db: Database, runs: list[PreparedStatement]) -> None:
    statement = select(db.metadata.tables["books"])
    for _ in range(3):
        assert db.rows(statement) == []
    assert runs == []


def test_statement_shows_its_sql(db: Database) -> None:
    assert repr(db.statement(select(literal(1).label("one")))) == "<Statement SELECT :param_1 AS one>"


def test_same_statement_runs_on_several_databases(db: Database, tmp_path: Any) -> None:
    statement = db.statement(select(literal(0.5, FixedPoint(2)).label("half")))
    app, other = application(f"sqlite:///{tmp_path}/other.db")
    for _ in range(3):
        assert db.rows(statement, {}) == [{"half": 0.5}]
        with app.app_context():
            assert other.rows(statement, {}) == [{"half": 0.5}]


# -- transactions ----------------------------------------------------------------------------------------------------


def test_prepared_statement_joins_the_open_transaction(db: Database) -> None:
    shelves = db.metadata.tables["shelves"]
    create, read = db.statement(insert(shelves).returning(shelves.c.name)), db.statement(select(shelves.c.name))
    for name in ("a", "b"):
        db.rows(create, {"name": name})
        db.rows(read, {})
    with suppress(ZeroDivisionError), db.transaction():
        db.rows(create, {"name": "c"})
        assert len(db.rows(read, {})) == 3
        raise ZeroDivisionError
    assert db.rows(read, {}) == [{"name": "a"}, {"name": "b"}]


def test_threads_run_the_same_statement_at_once(database_url: str, shortcuts: bool) -> None:
    app, db = application(database_url, DATABASE_POOL_SIZE=2, DATABASE_BUSY_TIMEOUT=10_000)
    shelves = db.metadata.tables["shelves"]
    create = db.statement(insert(shelves).returning(shelves.c.name))
    created: list[str] = []

    def run(number: int) -> None:
        with app.app_context():
            created.extend(row["name"] for step in range(20) for row in db.rows(create, {"name": f"{number}.{step}"}))

    with app.app_context():
        db.create_all()
        threads = [threading.Thread(target=run, args=[number]) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(created) == 80
        assert sorted(created) == sorted(row["name"] for row in db.rows(select(shelves.c.name), {}))
        db.engine.dispose()


# -- failures --------------------------------------------------------------------------------------------------------


def failures(db: Database, statement: Any, parameters: dict[str, Any]) -> tuple[Exception, Exception]:
    """How a statement fails that is run by SQLAlchemy, and how when it is made once."""
    with pytest.raises(Exception) as by_sqlalchemy:  # noqa: PT011 - which one it is, the tests ask
        executed(db, statement, parameters)
    with pytest.raises(Exception) as made_once:  # noqa: PT011
        db.rows(db.statement(statement), parameters)
    return by_sqlalchemy.value, made_once.value


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("shelves", {"name": "taken"}),
        ("shelves", {"name": None}),
        ("books", {"shelf_id": 7}),
        ("books", {"price": 0.001}),
        ("books", {"price": decimal.Decimal("NaN")}),
        ("books", {"printed_at": datetime.datetime(2026, 1, 1)}),
        ("books", {"count": 2**64}),
        ("books", {"number": "none"}),
    ],
)
def test_failure_is_that_of_sqlalchemy(db: Database, table: str, row: dict[str, Any]) -> None:
    db.rows(insert(db.metadata.tables["shelves"]).returning(literal(1)), {"name": "taken"})
    target = db.metadata.tables[table]
    expected, found = failures(db, insert(target).returning(target.c.id), row)
    assert type(found) is type(expected)
    if isinstance(expected, exc.DBAPIError) and isinstance(found, exc.DBAPIError):
        assert str(found.orig).splitlines()[0] == str(expected.orig).splitlines()[0]
        assert (found.statement, found.params) == (expected.statement, expected.params)
        assert (violates_key(found), unavailable(found)) == (violates_key(expected), unavailable(expected))
        assert found.__cause__ is found.orig


@pytest.mark.parametrize("is_hidden", [False, True])
def test_values_are_hidden_where_the_engine_hides_them(database_url: str, shortcuts: bool, is_hidden: bool) -> None:
    app, db = application(database_url, SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": is_hidden})
    with app.app_context():
        books = db.metadata.tables["books"]
        for failure in failures(db, insert(books).returning(books.c.id), {"name": "secret", "price": 0.001}):
            assert str(failure).startswith("(builtins.ValueError) more than 2 decimals")
            assert ("secret" in str(failure)) != is_hidden
        db.engine.dispose()


def test_failure_to_read_a_row_ends_the_statement(
    tmp_path: Any, shortcuts: bool, runs: list[PreparedStatement]
) -> None:
    app, db = application(f"sqlite:///{tmp_path}/items.db", DATABASE_POOL_SIZE=2)
    shelves = db.metadata.tables["shelves"]
    with app.app_context():
        db.create_all()
        with db.connection(), db.connection():
            pass  # so that there are two, of which the one would wait for the other
        for name in ("a", "b"):
            db.rows(insert(shelves).returning(shelves.c.id), {"name": name})
        no_text = update(shelves).values(name=literal_column("CAST(x'ff' || id AS TEXT)")).returning(shelves.c.name)
        kept = failures(db, no_text, {})
        db.rows(insert(shelves).returning(shelves.c.id), {"name": "c"})
        assert len(kept) == 2
        assert len(runs) == (1 if shortcuts else 0)


def test_connection_is_given_back_after_a_failure(database_url: str, shortcuts: bool) -> None:
    app, db = application(database_url, DATABASE_POOL_SIZE=1)
    with app.app_context():
        db.create_all()
        shelves = db.metadata.tables["shelves"]
        failures(db, insert(shelves).returning(shelves.c.id), {"name": None})
        assert db.rows(select(shelves.c.id), {}) == []
        db.engine.dispose()


def test_database_that_is_away_is_unavailable(tmp_path: Any, shortcuts: bool) -> None:
    for url in (f"sqlite:///{tmp_path}/missing/items.db", "postgresql://127.0.0.1:1/items"):
        app, db = application(url)
        with app.app_context():
            by_sqlalchemy, prepared = failures(db, select(literal(1)), {})
            assert isinstance(by_sqlalchemy, exc.DBAPIError)
            assert isinstance(prepared, exc.DBAPIError)
            assert unavailable(prepared)
            assert prepared.statement is by_sqlalchemy.statement is None


def test_exhausted_pool_is_unavailable(database_url: str, shortcuts: bool) -> None:
    app, db = application(database_url, DATABASE_POOL_SIZE=1)
    with app.app_context():
        with db.connection():
            assert all(unavailable(failure) for failure in failures(db, select(literal(1)), {}))  # type: ignore[arg-type]
        db.engine.dispose()


@pytest.mark.postgres
def test_connection_lost_within_a_statement_is_replaced(postgresql_url: str, shortcuts: bool) -> None:
    app, db = application(postgresql_url, DATABASE_POOL_SIZE=1)
    with app.app_context():
        end = db.statement(select(func.pg_terminate_backend(bindparam("process"))))
        process = db.statement(select(func.pg_backend_pid().label("process")))
        with pytest.raises(exc.OperationalError) as caught:
            db.rows(end, db.rows(process, {})[0])
        assert caught.value.connection_invalidated
        assert unavailable(caught.value)
        assert db.rows(select(literal(1).label("one")), {}) == [{"one": 1}]
        db.engine.dispose()


@pytest.mark.postgres
def test_connections_that_were_open_when_one_was_lost_are_replaced(postgresql_url: str, shortcuts: bool) -> None:
    app, db = application(postgresql_url, DATABASE_POOL_SIZE=2)
    with app.app_context():
        process_to_end = case((bindparam("is_end", type_=Boolean), func.pg_backend_pid()), else_=0)
        end = db.statement(select(func.pg_terminate_backend(process_to_end)))
        process = db.statement(select(func.pg_backend_pid().label("process")))
        with db.connection(), db.connection():
            pass
        before = [row["process"] for _ in range(4) for row in db.rows(process, {})]
        with pytest.raises(exc.OperationalError):
            db.rows(end, {"is_end": True})
        now = [row["process"] for _ in range(4) for row in db.rows(process, {})]
        assert len(set(before)) == len(set(now)) == 2
        assert set(before).isdisjoint(now)
        db.engine.dispose()


@pytest.mark.postgres
def test_connection_lost_in_the_pool_is_replaced_unseen(postgresql_url: str, shortcuts: bool) -> None:
    app, db = application(postgresql_url, DATABASE_POOL_SIZE=1)
    with app.app_context():
        statement = db.statement(select(func.pg_backend_pid().label("process")))
        [first] = db.rows(statement, {})
        with psycopg.connect(postgresql_url, autocommit=True) as administrator:
            administrator.execute("SELECT pg_terminate_backend(%s, 5000)", [first["process"]])
        [second] = db.rows(statement, {})
        assert second != first
        db.engine.dispose()


@pytest.mark.postgres
def test_connections_that_the_server_closed_are_all_replaced_unseen(postgresql_url: str, shortcuts: bool) -> None:
    app, db = application(postgresql_url, DATABASE_POOL_SIZE=2)
    with app.app_context():
        statement = db.statement(select(func.pg_backend_pid().label("process")))
        opened: list[object] = []
        event.listen(db.engine.pool, "connect", lambda connection, _: opened.append(connection))
        with db.connection(), db.connection():
            pass
        closed = [row["process"] for _ in range(4) for row in db.rows(statement, {})]
        with psycopg.connect(postgresql_url, autocommit=True) as administrator:
            for process in set(closed):
                administrator.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
        now = [row["process"] for _ in range(4) for row in db.rows(statement, {})]
        assert len(set(closed)) == len(set(now)) == 2
        assert set(closed).isdisjoint(now)
        assert len(opened) == 4
        db.engine.dispose()


class Interrupt:
    """A value during whose conversion the user presses Ctrl+C."""

    def __conform__(self, protocol: object) -> None:
        raise KeyboardInterrupt


def test_connection_of_an_interrupted_statement_is_not_used_again(tmp_path: Any, shortcuts: bool) -> None:
    app, db = application(f"sqlite:///{tmp_path}/items.db", DATABASE_POOL_SIZE=1)
    with app.app_context():
        opened: list[object] = []
        event.listen(db.engine.pool, "connect", lambda connection, _: opened.append(connection))
        statement = db.statement(select(bindparam("value")))
        db.rows(statement, {"value": 1})
        with pytest.raises(KeyboardInterrupt):
            db.rows(statement, {"value": Interrupt()})
        assert db.rows(statement, {"value": 2}) == [{"anon_1": 2}]
        assert len(opened) == 2


# -- observers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["engine_connect", "before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute"]
)
@pytest.mark.parametrize("target", ["engine", "engine of a connection", "class"])
def test_listener_sees_every_statement(database_url: str, shortcuts: bool, name: str, target: str) -> None:
    app, db = application(database_url)
    statement = db.statement(select(literal(1).label("one")))
    seen: list[object] = []

    def listen(*arguments: object) -> None:
        seen.append(arguments)

    with app.app_context():
        db.rows(statement, {})
        with db.connection() as connection:
            observed = {"engine": db.engine, "engine of a connection": connection.engine, "class": Engine}[target]
        event.listen(observed, name, listen)
        try:
            assert db.rows(statement, {}) == [{"one": 1}]
            assert len(seen) == 1
        finally:
            event.remove(observed, name, listen)
            db.engine.dispose()


def test_flask_sqlalchemy_records_every_statement(tmp_path: Any, shortcuts: bool) -> None:
    app, db = application(f"sqlite:///{tmp_path}/items.db", SQLALCHEMY_RECORD_QUERIES=True)
    statement = db.statement(select(literal(1).label("one")))
    with app.app_context():
        for _ in range(3):
            db.rows(statement, {})
        with db.connection() as connection:
            connection.execute(statement.executable)
        assert len(get_recorded_queries()) == 4


def test_log_names_every_statement(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    statement = db.statement(select(literal(1).label("logged")))
    db.rows(statement, {})
    with caplog.at_level(logging.INFO, "sqlalchemy.engine"):
        db.rows(statement, {})
    assert "logged" in caplog.text


@pytest.mark.parametrize("name", ["checkout", "checkin", "reset"])
@pytest.mark.parametrize("target", ["engine", "pool", "class"])
def test_listener_sees_every_use_of_a_connection(database_url: str, shortcuts: bool, name: str, target: str) -> None:
    app, db = application(database_url)
    statement = db.statement(select(literal(1).label("one")))
    seen: list[object] = []

    def listen(*arguments: object) -> None:
        seen.append(arguments)

    with app.app_context():
        db.rows(statement, {})
        observed = {"engine": db.engine, "pool": db.engine.pool, "class": QueuePool}[target]
        event.listen(observed, name, listen)
        assert db.rows(statement, {}) == [{"one": 1}]
        assert len(seen) == 1
        event.remove(observed, name, listen)
        db.engine.dispose()


def test_log_names_every_use_of_a_connection(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    statement = db.statement(select(literal(1)))
    db.rows(statement, {})
    with caplog.at_level(logging.DEBUG, "sqlalchemy.pool"):
        db.rows(statement, {})
    assert "checked out from pool" in caplog.text
    assert {record.name for record in caplog.records} == {"sqlalchemy.pool.impl.SubsecondPool"}


@pytest.mark.parametrize(
    ("options", "is_prepared"),
    [
        ({}, True),
        ({"max_overflow": 1, "pool_recycle": 3600}, True),
        ({"pool_pre_ping": True}, True),
        ({"pool_use_lifo": True}, True),
        ({"isolation_level": "SERIALIZABLE"}, False),
        ({"poolclass": QueuePool}, True),
        ({"poolclass": Counting}, False),
        ({"poolclass": NullPool}, False),
        ({"echo_pool": True}, False),
    ],
)
def test_unusual_options_of_the_engine_are_left_to_sqlalchemy(
    database_url: str, shortcuts: bool, runs: list[PreparedStatement], options: dict[str, Any], is_prepared: bool
) -> None:
    app, db = application(database_url, SQLALCHEMY_ENGINE_OPTIONS=options)
    statement = db.statement(select(literal(1).label("one")))
    with app.app_context():
        for _ in range(3):
            assert db.rows(statement, {}) == [{"one": 1}]
        assert len(runs) == (3 if shortcuts and is_prepared else 0)
        db.engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("is_asked", [True, False])
def test_round_trip_tests_a_connection_only_where_the_engine_is_told(
    postgresql_url: str, shortcuts: bool, monkeypatch: pytest.MonkeyPatch, is_asked: bool
) -> None:
    app, db = application(postgresql_url, SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": is_asked})
    statement = db.statement(select(literal(1)))
    pings: list[object] = []
    with app.app_context():
        monkeypatch.setattr(type(db.engine.dialect), "do_ping", lambda self, connection: not pings.append(connection))
        for _ in range(3):
            db.rows(statement, {})
        assert len(pings) == (2 if is_asked else 0)
        db.engine.dispose()


def test_statement_runs_on_a_new_connection_after_dispose(
    db: Database, shortcuts: bool, runs: list[PreparedStatement]
) -> None:
    opened: list[object] = []
    event.listen(db.engine.pool, "connect", lambda connection, _: opened.append(connection))
    statement = db.statement(select(literal(1).label("one")))
    for _ in range(3):
        db.engine.dispose()
        assert db.rows(statement, {}) == [{"one": 1}]
    assert len(opened) == 3
    assert len(runs) == (3 if shortcuts else 0)
