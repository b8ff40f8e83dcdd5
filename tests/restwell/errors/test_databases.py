"""What errors of SQLAlchemy say of the statement that they come from."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, exc, func, insert, select

from restwell.data.database import Database
from restwell.errors.databases import unavailable, violated_fields, violates_key


def application(url: object, **config: Any) -> tuple[Flask, Database]:
    db = Database()
    db.Table("shelves", Column("id", Integer, primary_key=True), Column("name", String, unique=True, nullable=False))
    db.Table(
        "books",
        Column("id", Integer, primary_key=True),
        Column("shelf_id", ForeignKey("shelves.id")),
        Column("price", Integer, CheckConstraint("price >= 0")),
    )
    db.Table("places", Column("room", String, primary_key=True), Column("number", Integer, primary_key=True))
    db.Table("words", Column("word", String, primary_key=True))
    folded = db.Table("folded", Column("id", Integer, primary_key=True), Column("word", String))
    Index("folded_by_word", func.lower(folded.c.word), unique=True)
    app = Flask(__name__)
    app.config.update(DATABASE_URL=url, **config)
    db.init_app(app)
    return app, db


@pytest.mark.parametrize(
    ("table", "row", "fields"),
    [
        ("shelves", {"id": 2, "name": "poetry"}, {"name"}),
        ("shelves", {"id": 1, "name": "prose"}, {"id"}),
        ("places", {"room": "a", "number": 1}, {"room", "number"}),
        ("books", {"shelf_id": 99}, {"shelf_id"}),
        ("words", {"word": "Ünïque, (x)=(y)"}, {"word"}),
        ("folded", {"word": "WORD"}, set()),
    ],
)
def test_violated_key_names_its_fields(
    db: Database, table: str, row: dict[str, Any], fields: set[str], database_url: str
) -> None:
    tables = db.metadata.tables
    with db.transaction() as connection:
        connection.execute(insert(tables["shelves"]), {"id": 1, "name": "poetry"})
        connection.execute(insert(tables["places"]), {"room": "a", "number": 1})
        connection.execute(insert(tables["words"]), {"word": "Ünïque, (x)=(y)"})
        connection.execute(insert(tables["folded"]), {"word": "word"})
    with pytest.raises(exc.IntegrityError) as violation, db.connection() as connection:
        connection.execute(insert(tables[table]), row)
    assert violates_key(violation.value)
    told = set() if table == "books" and database_url.startswith("sqlite") else fields  # of a foreign key it says none
    assert set(violated_fields(violation.value)) == told


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    app, db = application(database_url, DATABASE_BUSY_TIMEOUT=100)
    with app.app_context():
        db.create_all()
        yield db
        db.engine.dispose()


def shelves(db: Database) -> sqlalchemy.Table:
    return db.metadata.tables["shelves"]


def names(db: Database) -> list[str]:
    with db.connection() as connection:
        return list(connection.execute(select(shelves(db).c.name).order_by(shelves(db).c.id)).scalars())


def failure(db: Database, statement: str) -> exc.SQLAlchemyError:
    with pytest.raises(exc.SQLAlchemyError) as caught, db.connection() as connection:
        connection.exec_driver_sql(statement)
    return caught.value


def test_taken_unique_value_violates_a_key(db: Database) -> None:
    with db.connection() as connection:
        connection.execute(insert(shelves(db)), {"name": "a"})
    error = failure(db, "INSERT INTO shelves (name) VALUES ('a')")
    assert violates_key(error)
    assert not unavailable(error)


def test_reference_to_nothing_violates_a_key(db: Database) -> None:
    assert violates_key(failure(db, "INSERT INTO books (shelf_id) VALUES (7)"))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO shelves (name) VALUES (NULL)",
        "INSERT INTO books (price) VALUES (-1)",
        "SELECT * FROM missing",
        "SELEKT",
    ],
)
def test_mistakes_of_the_program_are_neither(db: Database, statement: str) -> None:
    error = failure(db, statement)
    assert not violates_key(error)
    assert not unavailable(error)


@contextmanager
def locked_shelves(db: Database) -> Iterator[None]:
    """Another process holds the lock that a write to the shelves needs."""
    with sqlalchemy.create_engine(db.engine.url).connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if db.engine.dialect.name == "sqlite" else "LOCK TABLE shelves")
        yield


def test_statement_that_waits_for_a_lock_past_the_busy_timeout_is_unavailable(db: Database) -> None:
    with locked_shelves(db):
        assert unavailable(failure(db, "INSERT INTO shelves (name) VALUES ('a')"))


def test_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    app, db = application(f"sqlite:///{tmp_path}/missing/books.db")
    with app.app_context():
        assert unavailable(failure(db, "SELECT 1"))


def test_full_disk_is_unavailable_and_loses_nothing(tmp_path: Path) -> None:
    app, db = application(f"sqlite:///{tmp_path}/books.db", DATABASE_POOL_SIZE=1)
    with app.app_context():
        db.create_all()
        with db.connection() as connection:
            connection.execute(insert(shelves(db)), {"name": "a"})
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # no more than there are
        assert unavailable(failure(db, "INSERT INTO shelves (name) VALUES (hex(randomblob(100000)))"))
        assert names(db) == ["a"]


def test_server_that_nobody_answers_at_is_unavailable() -> None:
    app, db = application("postgresql://127.0.0.1:1/items")
    with app.app_context():
        assert unavailable(failure(db, "SELECT 1"))


@pytest.mark.postgres
def test_statement_past_its_timeout_is_unavailable(postgresql_url: str) -> None:
    app, db = application(postgresql_url, DATABASE_STATEMENT_TIMEOUT=50)
    with app.app_context():
        assert unavailable(failure(db, "SELECT pg_sleep(10)"))


@pytest.mark.postgres
def test_connection_lost_within_a_statement_is_unavailable(postgresql_url: str) -> None:
    app, db = application(postgresql_url)
    with app.app_context():
        assert unavailable(failure(db, "SELECT pg_terminate_backend(pg_backend_pid())"))
        with db.connection() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_nothing_is_the_databases_fault_where_sqlalchemy_was_never_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sqlalchemy.exc")
    assert not unavailable(exc.TimeoutError())
    assert not violates_key(ValueError("UNIQUE constraint failed"))


def test_errors_of_others_are_neither() -> None:
    assert not unavailable(TimeoutError("database is locked"))
    assert not violates_key(ValueError("UNIQUE constraint failed"))
