"""How the engines of an application are set up: by what is documented, around what the application has set."""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, make_url
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from restwell.data.database import OPTIONS, Database
from restwell.data.engines import SubsecondPool, engine_options, is_open

CONFIG: dict[str, Any] = {option.name: option.default for option in OPTIONS}
POSTGRESQL = make_url("postgresql+psycopg://db.example/items")


def application(db: Database, url: str, **config: Any) -> Flask:
    app = Flask("app")
    app.config.update(DATABASE_URL=url, **config)
    db.init_app(app)
    return app


def test_options_of_the_application_win() -> None:
    theirs = {"isolation_level": "SERIALIZABLE", "pool_size": 3, "connect_args": {"connect_timeout": 9}}
    options = engine_options(theirs, POSTGRESQL, CONFIG)
    assert (options["isolation_level"], options["pool_size"], options["max_overflow"]) == ("SERIALIZABLE", 3, 0)
    assert options["connect_args"]["connect_timeout"] == 9
    assert "lock_timeout=3000" in options["connect_args"]["options"]
    assert theirs == {"isolation_level": "SERIALIZABLE", "pool_size": 3, "connect_args": {"connect_timeout": 9}}


def test_engine_of_another_database_is_left_alone() -> None:
    assert engine_options({"echo": True}, make_url("mysql://db.example/items"), CONFIG) == {
        "echo": True,
        "hide_parameters": True,
    }


@pytest.mark.parametrize(
    ("theirs", "pool", "seconds"),
    [
        ({}, SubsecondPool, 0.25),
        ({"pool_timeout": 2}, SubsecondPool, 2),
        ({"poolclass": QueuePool}, QueuePool, 1),  # as an option, which is cut to whole seconds
        ({"poolclass": QueuePool, "pool_timeout": 2}, QueuePool, 2),
    ],
)
@pytest.mark.parametrize("place", ["application", "extension"])
def test_place_in_the_pool_is_waited_for(
    tmp_path: Path, place: str, theirs: dict[str, Any], pool: type, seconds: float
) -> None:
    db = Database(engine_options=theirs if place == "extension" else None)
    config = {"SQLALCHEMY_ENGINE_OPTIONS": theirs} if place == "application" else {}
    app = application(db, f"sqlite:///{tmp_path}/books.db", DATABASE_BUSY_TIMEOUT=250, **config)
    with app.app_context():
        for _ in range(2):
            assert type(db.engine.pool) is pool
            assert db.engine.pool.timeout() == seconds  # type: ignore[attr-defined]  # a QueuePool has it
            db.engine.dispose()


def test_pool_that_keeps_nothing_is_allowed(database_url: str) -> None:
    db = Database(engine_options={"poolclass": NullPool})
    with application(db, database_url).app_context(), db.transaction() as connection:
        assert type(db.engine.pool) is NullPool
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_database_in_memory_has_one_connection(url: str) -> None:
    db = Database()
    with application(db, url).app_context(), db.connection() as connection:
        assert type(db.engine.pool) is StaticPool
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_application_may_be_given_at_once(tmp_path: Path) -> None:
    app = Flask("app")
    app.config["DATABASE_URL"] = f"sqlite:///{tmp_path}/books.db"
    db = Database(app)
    with app.app_context(), db.transaction() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_bind_is_set_up_alike(tmp_path: Path) -> None:
    db = Database()
    binds = {
        "plain": f"sqlite:///{tmp_path}/plain.db",
        "small": {"url": f"sqlite:///{tmp_path}/small.db", "pool_size": 1},
        None: {"pool_size": 7},
    }
    app = application(db, f"sqlite:///{tmp_path}/books.db", SQLALCHEMY_BINDS=binds)
    assert set(binds) == {"plain", "small", None}
    with app.app_context():
        sizes = {key: engine.pool.size() for key, engine in db.engines.items()}  # type: ignore[attr-defined]
        assert sizes == {"plain": 10, "small": 1, None: 7}
        for engine in db.engines.values():
            with engine.begin() as connection:
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
                assert connection.connection.in_transaction  # type: ignore[attr-defined]  # sqlite3's connection has it


def test_nothing_is_connected_before_the_first_statement(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("connected")

    monkeypatch.setattr(sqlite3, "connect", connect)
    monkeypatch.setattr(psycopg.Connection, "connect", connect)
    db = Database()
    with application(db, database_url).app_context():
        assert db.engine.dialect.name in database_url


def test_session_that_nobody_began_is_not_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = Database()
    app = application(db, f"sqlite:///{tmp_path}/books.db")
    with app.app_context():
        pass
    with app.app_context():
        session = db.session()
        assert db.session() is session
        with app.app_context():
            assert db.session() is not session
        assert db.session() is session
        closed: list[object] = []
        monkeypatch.setattr(session, "close", lambda: closed.append(session))
    assert closed == [session]


@pytest.mark.postgres
def test_connection_is_open_until_the_server_closes_it(postgresql_url: str) -> None:
    with (
        psycopg.connect(postgresql_url, autocommit=True) as one,
        psycopg.connect(postgresql_url, autocommit=True) as two,
    ):
        assert is_open(two)
        one.execute("SELECT pg_terminate_backend(%s, 5000)", [two.info.backend_pid])
        assert not is_open(two)
    assert not is_open(one)


@pytest.mark.postgres
def test_server_is_asked_where_the_system_cannot_poll(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("select.poll")
    assert engine_options({}, POSTGRESQL, CONFIG)["pool_pre_ping"] is True
    db = Database()
    with application(db, postgresql_url).app_context():
        pings: list[object] = []
        monkeypatch.setattr(type(db.engine.dialect), "do_ping", lambda self, connection: not pings.append(connection))
        for _ in range(2):
            with db.connection() as connection:
                assert connection.exec_driver_sql("SELECT 1").scalar() == 1
        assert len(pings) == 1


def test_listeners_of_the_application_are_called_too(tmp_path: Path) -> None:
    db, seen = Database(), []
    with application(db, f"sqlite:///{tmp_path}/books.db").app_context():
        event.listen(db.engine, "begin", seen.append)
        with db.transaction():
            pass
    assert len(seen) == 1
