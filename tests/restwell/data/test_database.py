"""Connections, transactions and failures of the database."""

import datetime
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy
from flask import Flask, current_app
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, exc, insert, select

from restwell.configuration import ConfigurationError
from restwell.data.database import Database, unavailable, violates_key

UTC = datetime.timezone.utc


def application(url: object, **config: Any) -> tuple[Flask, Database]:
    db = Database()
    db.Table("shelves", Column("id", Integer, primary_key=True), Column("name", String, unique=True, nullable=False))
    db.Table(
        "books",
        Column("id", Integer, primary_key=True),
        Column("shelf_id", ForeignKey("shelves.id")),
        Column("price", Integer, CheckConstraint("price >= 0")),
    )
    app = Flask(__name__)
    app.config.update(DATABASE_URL=url, **config)
    db.init_app(app)
    return app, db


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


# -- the URL ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_uses_psycopg_3(scheme: str) -> None:
    app, db = application(f"{scheme}://user:secret@db.example/items")
    with app.app_context():
        assert db.engine.url.drivername == "postgresql+psycopg"


def test_relative_file_is_in_the_instance_folder(tmp_path: Path) -> None:
    db = Database()
    app = Flask(__name__, instance_path=str(tmp_path / "instance"))
    app.config["DATABASE_URL"] = "sqlite:///books.db"
    db.init_app(app)
    with app.app_context(), db.connection() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a)")
    assert (tmp_path / "instance" / "books.db").exists()


def test_flask_sqlalchemys_own_option_wins(tmp_path: Path) -> None:
    app, db = application("sqlite:///a.db", SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/b.db")
    with app.app_context():
        assert db.engine.url.database == f"{tmp_path}/b.db"


def test_database_in_memory_serves_tests() -> None:
    app, db = application("sqlite://")
    with app.app_context():
        db.create_all()
        with db.transaction() as connection:
            connection.execute(insert(shelves(db)), {"name": "a"})
        assert names(db) == ["a"]


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        (None, "is not a URL"),
        ("", "is not a URL"),
        ("items.db", "is not a URL"),
        ("postgresql://user:secret@host:port/items", "is not a URL"),
        ("mysql://user:secret@host/items", "must begin with sqlite:// or postgresql://, not mysql://"),
        ("postgresql+psycopg2://user:secret@host/items", "must begin with sqlite:// or postgresql://"),
        ("sqlite://items.db", "sqlite:///relative/path/to/file.db"),
        ("sqlite:///items.db?timeout=secret", "could not convert string to float"),
    ],
)
def test_url_that_cannot_be_is_refused_in_one_line(url: object, complaint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        application(url)
    message = str(caught.value)
    assert message.startswith("DATABASE_URL")
    assert complaint in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "url", ["postgresql://user:secret@host:port/items", "mysql://user:secret@host/items", "sqlite://user:secret@/x.db"]
)
def test_refused_url_never_shows_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        application(url)
    assert "secret" not in str(caught.value)


def test_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'restwell\[postgres\]'"):
        application("postgresql://db.example/items")


def test_instance_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    app = Flask(__name__, instance_path=str(tmp_path / "file" / "instance"))
    app.config["DATABASE_URL"] = "sqlite:///books.db"
    with pytest.raises(ConfigurationError, match="folder of the database cannot be made"):
        Database().init_app(app)


# -- connections and transactions ------------------------------------------------------------------------------------


def test_single_statement_is_stored_at_once(db: Database) -> None:
    with db.connection() as connection:
        connection.execute(insert(shelves(db)), {"name": "a"})
        assert names(db) == ["a"]  # read over another connection


def test_transaction_is_stored_at_its_end(db: Database) -> None:
    with db.transaction() as connection:
        connection.execute(insert(shelves(db)), {"name": "a"})
        connection.execute(insert(shelves(db)), {"name": "b"})
    assert names(db) == ["a", "b"]


def test_transaction_that_fails_stores_nothing(db: Database) -> None:
    with suppress(ZeroDivisionError), db.transaction() as connection:
        connection.execute(insert(shelves(db)), {"name": "a"})
        raise ZeroDivisionError
    assert names(db) == []


def test_inner_transactions_and_connections_join_the_outer_one(db: Database) -> None:
    with suppress(ZeroDivisionError), db.transaction() as outer:
        with db.transaction() as inner:
            inner.execute(insert(shelves(db)), {"name": "a"})
        with db.connection() as connection:
            connection.execute(insert(shelves(db)), {"name": "b"})
        assert inner is outer
        assert connection is outer
        raise ZeroDivisionError
    assert names(db) == []


def test_inner_transaction_that_fails_takes_back_only_its_own(db: Database) -> None:
    with db.transaction():
        db.rows(insert(shelves(db)), {"name": "a"})
        with suppress(exc.IntegrityError), db.transaction():
            db.rows(insert(shelves(db)), {"name": "b"})
            db.rows(insert(shelves(db)), {"name": "a"})
        db.rows(insert(shelves(db)), {"name": "c"})
    assert names(db) == ["a", "c"]


def test_transaction_belongs_to_its_application(tmp_path: Path) -> None:
    db = Database()
    db.Table("shelves", Column("id", Integer, primary_key=True), Column("name", String))
    apps = [Flask("first"), Flask("second")]
    for app in apps:
        app.config["DATABASE_URL"] = f"sqlite:///{tmp_path}/{app.name}.db"
        db.init_app(app)
        with app.app_context():
            db.create_all()
    first, second = apps
    with suppress(ZeroDivisionError), first.app_context(), db.transaction():
        db.rows(insert(shelves(db)), {"name": "taken back"})
        with second.app_context(), db.transaction():
            db.rows(insert(shelves(db)), {"name": "a"})
            with first.app_context():
                db.rows(insert(shelves(db)), {"name": "taken back, too"})
        with second.app_context():
            db.rows(insert(shelves(db)), {"name": "b"})
        raise ZeroDivisionError
    with first.app_context():
        assert names(db) == []
    with second.app_context():
        assert names(db) == ["a", "b"]


def test_transaction_belongs_to_its_thread(db: Database) -> None:
    app = current_app._get_current_object()
    seen: list[list[str]] = []

    def read() -> None:
        with app.app_context():
            seen.append(names(db))

    with db.transaction() as connection:
        connection.execute(insert(shelves(db)), {"name": "a"})
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert seen == [[]]


def test_transaction_that_reads_before_it_writes_is_not_overtaken(db: Database) -> None:
    app = current_app._get_current_object()
    has_read = threading.Event()

    def write() -> None:
        with app.app_context(), db.transaction() as connection:
            count = len(names(db))
            has_read.set()
            connection.execute(insert(shelves(db)), {"name": f"after {count}"})

    thread = threading.Thread(target=write)
    with db.transaction() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE shelves")
        thread.start()
        has_read.wait(timeout=0.05)
        connection.execute(insert(shelves(db)), {"name": "first"})
    thread.join()
    assert names(db) == ["first", "after 1"]


def test_engine_of_flask_sqlalchemy_has_transactions(db: Database) -> None:
    with suppress(ZeroDivisionError), db.engine.begin() as connection:
        connection.execute(insert(shelves(db)), {"name": "a"})
        raise ZeroDivisionError
    assert names(db) == []


def test_session_of_flask_sqlalchemy_has_transactions(db: Database) -> None:
    db.session.execute(insert(shelves(db)), {"name": "a"})
    db.session.rollback()
    db.session.execute(insert(shelves(db)), {"name": "b"})
    db.session.commit()
    assert names(db) == ["b"]


def test_migration_is_stored_at_its_end_and_leaves_the_connection_as_it_was(db: Database) -> None:
    with db.migration() as connection:
        connection.execute(insert(shelves(db)), {"name": "a"})
    with suppress(ZeroDivisionError), db.migration() as connection:
        connection.execute(insert(shelves(db)), {"name": "b"})
        raise ZeroDivisionError
    assert names(db) == ["a"]
    assert violates_key(failure(db, "INSERT INTO books (shelf_id) VALUES (7)"))
    with db.connection() as connection:
        setting = "PRAGMA busy_timeout" if connection.dialect.name == "sqlite" else "SHOW lock_timeout"
        assert connection.exec_driver_sql(setting).scalar() in (100, "100ms")


@pytest.mark.postgres
def test_migration_may_take_longer_than_a_statement(postgresql_url: str) -> None:
    app, db = application(postgresql_url, DATABASE_STATEMENT_TIMEOUT=20)
    with app.app_context(), db.migration() as connection:
        assert connection.exec_driver_sql("SELECT 1 FROM pg_sleep(0.1)").scalar() == 1


def test_migration_on_sqlite_can_rebuild_a_table_that_others_refer_to(tmp_path: Path) -> None:
    app, db = application(f"sqlite:///{tmp_path}/books.db")
    with app.app_context():
        db.create_all()
        with db.connection() as connection:
            connection.execute(insert(shelves(db)), {"id": 1, "name": "a"})
            connection.execute(insert(db.metadata.tables["books"]), {"shelf_id": 1})
        with db.migration() as connection:
            connection.exec_driver_sql("CREATE TABLE new (id INTEGER PRIMARY KEY, name VARCHAR, floor INTEGER)")
            connection.exec_driver_sql("INSERT INTO new (id, name) SELECT id, name FROM shelves")
            connection.exec_driver_sql("DROP TABLE shelves")
            connection.exec_driver_sql("ALTER TABLE new RENAME TO shelves")
        with db.connection() as connection:
            assert connection.exec_driver_sql("SELECT shelf_id FROM books").scalars().all() == [1]


def test_migration_waits_for_another_one_longer_than_the_busy_timeout(db: Database, database_url: str) -> None:
    app, other = application(database_url, DATABASE_BUSY_TIMEOUT=1)
    started, order = threading.Event(), []

    def migrate() -> None:
        with app.app_context():
            started.set()
            with other.migration():
                order.append("second")

    thread = threading.Thread(target=migrate)
    with db.migration():
        thread.start()
        started.wait()
        thread.join(timeout=0.2)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_sqlite_is_durable_and_checks_references(tmp_path: Path) -> None:
    app, db = application(f"sqlite:///{tmp_path}/books.db", DATABASE_BUSY_TIMEOUT=1234)
    with app.app_context(), db.connection() as connection:
        settings = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [connection.exec_driver_sql(f"PRAGMA {setting}").scalar() for setting in settings]
    assert values == ["wal", 2, 1, 1234]


def test_new_connection_to_sqlite_waits_for_one_that_changes_the_file(tmp_path: Path) -> None:
    app, db = application(f"sqlite:///{tmp_path}/books.db")
    with sqlite3.connect(tmp_path / "books.db", check_same_thread=False) as other:
        other.execute("CREATE TABLE before (a)")
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.1, other.commit).start()
        with app.app_context(), db.connection() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@pytest.mark.postgres
def test_postgresql_waits_no_longer_than_configured(postgresql_url: str) -> None:
    app, db = application(postgresql_url, DATABASE_BUSY_TIMEOUT=1234, DATABASE_STATEMENT_TIMEOUT=5678)
    with app.app_context(), db.connection() as connection:
        values = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("lock_timeout", "statement_timeout")]
    assert values == ["1234ms", "5678ms"]


@pytest.mark.postgres
def test_parameters_in_the_url_win(postgresql_url: str) -> None:
    app, db = application(f"{postgresql_url}?options=-c%20lock_timeout%3D77")
    with app.app_context(), db.connection() as connection:
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "77ms"


# -- failures --------------------------------------------------------------------------------------------------------


@contextmanager
def locked_shelves(db: Database) -> Iterator[None]:
    """Another process holds the lock that a write to the shelves needs."""
    with sqlalchemy.create_engine(db.engine.url).connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if db.engine.dialect.name == "sqlite" else "LOCK TABLE shelves")
        yield


def test_transaction_that_waits_for_a_lock_past_the_busy_timeout_is_unavailable(db: Database) -> None:
    with locked_shelves(db), pytest.raises(exc.DBAPIError) as caught, db.transaction() as connection:
        connection.execute(insert(shelves(db)), {"name": "a"})
    assert unavailable(caught.value)
    with db.transaction() as connection:
        connection.execute(insert(shelves(db)), {"name": "b"})
    assert names(db) == ["b"]


def test_exhausted_pool_is_unavailable(database_url: str) -> None:
    app, db = application(database_url, DATABASE_POOL_SIZE=1, DATABASE_BUSY_TIMEOUT=100)
    with app.app_context(), db.connection():
        assert unavailable(failure(db, "SELECT 1"))


@pytest.mark.postgres
def test_connection_lost_in_the_pool_is_replaced_unseen(postgresql_url: str) -> None:
    app, db = application(postgresql_url)
    with app.app_context():
        with db.connection() as connection:
            process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with psycopg.connect(postgresql_url, autocommit=True) as administrator:
            administrator.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
        with db.connection() as connection:
            assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != process
