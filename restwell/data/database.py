"""Database: connections, transactions and failures for SQLAlchemy Core on SQLite and PostgreSQL."""

from __future__ import annotations

import math
import select
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Executable, event, exc
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import QueuePool, StaticPool

from restwell.configuration import ConfigurationError, Option, integer
from restwell.current import app_context
from restwell.data.engines import Engines
from restwell.errors.databases import unavailable, violates_key
from restwell.shortcuts.pool import ConnectionPool
from restwell.shortcuts.statements import as_dicts, gives_key, prepared

__all__ = ["OPTIONS", "Database", "unavailable", "violates_key"]

OPTIONS = (
    Option(
        "DATABASE_BUSY_TIMEOUT",
        3000,
        integer(1, 3_600_000),
        "Milliseconds to wait for a lock, a connection or a place in the pool before the answer is 503",
    ),
    Option(
        "DATABASE_STATEMENT_TIMEOUT",
        30_000,
        integer(0, 3_600_000),
        "Milliseconds that a statement may take on PostgreSQL before the answer is 503; 0 is no limit",
    ),
    Option("DATABASE_POOL_SIZE", 10, integer(1, 1000), "Connections that a process opens at most"),
)

_EXTENSION = "restwell_engines"
_DRIVERS = {"sqlite": "sqlite", "postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
_BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}
_BEGIN_SNAPSHOT = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}

_MIGRATION_PATIENCE = 60_000
_MIGRATION_LOCK = 0x5245_5354  # any number that all processes agree on
_BEGIN_MIGRATION = {
    # Rebuilding a table, which is how SQLite changes one, must not delete the rows that refer to it.
    "sqlite": (f"PRAGMA busy_timeout = {_MIGRATION_PATIENCE}", "PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"),
    "postgresql": (
        "BEGIN",
        f"SET LOCAL lock_timeout = {_MIGRATION_PATIENCE}",
        "SET LOCAL statement_timeout = 0",
        f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})",
    ),
}

_NONE: Mapping[Engine, Connection] = MappingProxyType({})


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with connections for SQLAlchemy Core that cost as little as they can.

    The database is ``DATABASE_URL`` (or Flask-SQLAlchemy's ``SQLALCHEMY_DATABASE_URI``, which wins):
    ``sqlite:///items.db`` in the instance folder, ``sqlite:////var/lib/items.db`` anywhere, or
    ``postgresql://user:password@host:5432/name``, which may begin with ``postgres://``, for psycopg 3.

    SQLite runs in WAL mode with full synchronous, so that readers do not wait and a commit is on disk. An in-memory
    database (``sqlite://``) has one connection for all threads and only serves tests.

    Flask-SQLAlchemy's ``session`` and ``engine`` work too, in transactions as usual.

    ::

        db = Database()
        all_books = select(books)

        db.rows(all_books, {})
        with db.connection() as connection:
            connection.execute(all_books).mappings().all()
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._transactions: ContextVar[Mapping[Engine, Connection]] = ContextVar("transactions", default=_NONE)

    def init_app(self, app: Flask) -> None:
        """Connect an application to its database; nothing is opened before the first statement.

        :param app: the application.
        :raises ConfigurationError: when its database URL is malformed or of a database that is not supported, when the
            driver is not installed, or when the instance folder cannot be made.
        """
        for option in OPTIONS:
            app.config.setdefault(option.name, option.default)
        url = app.config.get("SQLALCHEMY_DATABASE_URI") or app.config.get("DATABASE_URL")
        app.config["SQLALCHEMY_DATABASE_URI"] = _url(url)
        try:
            super().init_app(app)
        except ImportError as error:
            raise ConfigurationError("DATABASE_URL needs psycopg: pip install 'restwell[postgres]'") from error
        except (TypeError, ValueError, exc.ArgumentError) as error:
            raise ConfigurationError(f"DATABASE_URL cannot be used: {' '.join(str(error).split())}") from error
        except OSError as error:
            raise ConfigurationError(f"The folder of the database cannot be made: {error}") from error

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        """The engine of the transactions; see :class:`restwell.data.engines.Engines`.

        The drivers are in autocommit mode: a statement outside of a transaction costs no round trips for BEGIN and
        ROLLBACK, and a transaction says its own BEGIN, on SQLite the one that takes the write lock at once.
        """
        url = make_url(options["url"])
        name = url.get_backend_name()
        if options.get("poolclass") is not StaticPool:
            # A ConnectionPool is for autocommit mode, and hands its connections out in turn.
            unusual = options.keys() & {"isolation_level", "pool_use_lifo"}
            options = {
                "poolclass": QueuePool if unusual else ConnectionPool,
                "pool_size": app.config["DATABASE_POOL_SIZE"],
                "max_overflow": 0,
                **options,
            }
        options["connect_args"] = {**_connect_arguments(url, app), **options.get("connect_args", {})}
        is_polled = name == "postgresql" and not options.get("pool_pre_ping")
        if is_polled:
            options["pool_pre_ping"] = True
        engine = super()._make_engine(bind_key, {"isolation_level": "AUTOCOMMIT", **options}, app)
        if "pool_timeout" not in options:  # which SQLAlchemy would cut to whole seconds
            engine.pool._timeout = app.config["DATABASE_BUSY_TIMEOUT"] / 1000  # type: ignore[attr-defined]
        if is_polled and hasattr(select, "poll"):
            engine.dialect.do_ping = _is_open  # type: ignore[method-assign]
        if name == "sqlite":
            busy_timeout = app.config["DATABASE_BUSY_TIMEOUT"]
            event.listen(engine, "connect", lambda connection, _: _configure_sqlite(connection, busy_timeout))
        engines = Engines(engine, _BEGIN[name])
        if bind_key is None:
            app.extensions[_EXTENSION] = engines
        return engine

    def _teardown_session(self, exc: BaseException | None) -> None:
        if self.session.registry.registry:  # there is one: somebody used it
            super()._teardown_session(exc)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for single statements: each is a transaction of its own, unless :meth:`transaction` is open.

        :returns: the connection of the open transaction, or one from the pool.
        :raises sqlalchemy.exc.SQLAlchemyError: when there is none; see :func:`unavailable`.
        """
        engines = _engines()
        current = self._transactions.get().get(engines.transactions)
        if current is not None:
            yield current
            return
        with engines.statements.connect() as connection:
            yield connection

    def rows(self, statement: Executable, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Run one statement: in the open :meth:`transaction`, or as one of its own.

        One that is made once, rather than for each run, is prepared: it costs a tenth of ``execute``.

        :param statement: a select; an insert, update or delete with ``returning()``; or an insert of one row without,
            which gives the primary key alone, in less time.
        :param parameters: the values of its bind parameters, or of an insert's or update's columns.
        :returns: the rows as dicts.
        :raises sqlalchemy.exc.SQLAlchemyError: when it fails; see :func:`unavailable` and :func:`violates_key`. In an
            open transaction PostgreSQL then refuses all that follows: one that may fail is given a transaction of its
            own inside of it.

        ::

            db.rows(_SELECT_ONE, {"book_id": 7})
        """
        engines: Engines = app_context().app.extensions[_EXTENSION]
        if not self._transactions.get() and engines.is_plain():
            engine = engines.transactions
            ready = prepared(statement, tuple(parameters), engine.dialect)
            if ready is not None:
                return ready.rows(engine, parameters)
        with self.connection() as connection:
            result = connection.execute(statement, parameters)
            if gives_key(statement):
                return [dict(result.inserted_primary_key._mapping)]  # type: ignore[union-attr]  # it has one
            return as_dicts(tuple(result.keys()), result.all())

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a transaction: all within is stored together at the end, or nothing on an exception.

        Inside of another ``transaction()`` it joins that one, and so does :meth:`connection`: functions that write can
        be put together in one transaction without knowing of it. An exception that leaves an inner one takes back what
        was written in that; whoever catches it can go on with the outer one.

        :returns: the connection.
        :raises sqlalchemy.exc.SQLAlchemyError: when there is none; see :func:`unavailable`.
        """
        engine = _engines().transactions
        current = self._transactions.get().get(engine)
        if current is not None:
            with current.begin_nested():
                yield current
            return
        with engine.begin() as connection, self._joinable(connection):
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that reads the database as it is at its first statement, however long it reads; not to write.

        :returns: the connection.
        :raises sqlalchemy.exc.SQLAlchemyError: when there is none; see :func:`unavailable`.
        """
        with _engines().statements.connect() as connection:
            connection.exec_driver_sql(_BEGIN_SNAPSHOT[connection.dialect.name])
            yield connection

    @contextmanager
    def migration(self) -> Iterator[Connection]:
        """A transaction that changes the schema: one process at a time, each waiting a minute for its turn.

        :returns: the connection.
        :raises sqlalchemy.exc.SQLAlchemyError: when there is none or the minute is over; see :func:`unavailable`.
        """
        with _engines().statements.connect() as connection:
            try:
                for statement in _BEGIN_MIGRATION[connection.dialect.name]:
                    connection.exec_driver_sql(statement)
                with self._joinable(connection):
                    yield connection
                connection.commit()
            finally:
                if connection.dialect.name == "sqlite":  # the connection goes back to the pool as it was
                    connection.rollback()
                    connection.exec_driver_sql(f"PRAGMA busy_timeout = {current_app.config['DATABASE_BUSY_TIMEOUT']}")
                    connection.exec_driver_sql("PRAGMA foreign_keys = ON")

    @contextmanager
    def _joinable(self, connection: Connection) -> Iterator[None]:
        token = self._transactions.set({**self._transactions.get(), _engines().transactions: connection})
        try:
            yield
        finally:
            self._transactions.reset(token)


def _engines() -> Engines:
    engines: Engines = app_context().app.extensions[_EXTENSION]
    return engines


def _url(url: str | URL | None) -> URL:
    try:
        parsed = make_url(url or "")
    except (exc.ArgumentError, ValueError) as error:
        raise ConfigurationError(
            "DATABASE_URL is not a URL such as sqlite:///items.db or postgresql://user:password@host:5432/name"
        ) from error
    drivername = _DRIVERS.get(parsed.drivername, parsed.drivername)
    if drivername not in _DRIVERS.values():
        raise ConfigurationError(f"DATABASE_URL must begin with sqlite:// or postgresql://, not {parsed.drivername}://")
    return parsed.set(drivername=drivername)


def _connect_arguments(url: URL, app: Flask) -> dict[str, Any]:
    """What the driver is told, so that nothing waits forever; parameters that the URL itself sets stay as they are."""
    busy, statement = app.config["DATABASE_BUSY_TIMEOUT"], app.config["DATABASE_STATEMENT_TIMEOUT"]
    if url.get_backend_name() == "sqlite":
        arguments: dict[str, Any] = {"timeout": busy / 1000}
    else:
        arguments = {
            "connect_timeout": max(2, math.ceil(busy / 1000)),  # libpq takes 1 second for 2
            "options": f"-c timezone=UTC -c lock_timeout={busy} -c statement_timeout={statement}",
            # A host that vanished sends no answer at all: have the kernel ask for one.
            "keepalives_idle": 5,
            "keepalives_interval": 1,
            "tcp_user_timeout": busy,
        }
    return {name: value for name, value in arguments.items() if name not in url.query}


def _configure_sqlite(connection: sqlite3.Connection, busy_timeout: int) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.create_function("lower", 1, _lower, deterministic=True)
    deadline = time.monotonic() + busy_timeout / 1000
    while True:  # SQLite itself does not wait while another connection makes the same change
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _lower(value: Any) -> Any:
    """What SQLite's own ``lower`` does to ASCII letters only, and PostgreSQL's to all."""
    return value.lower() if isinstance(value, str) else value


def _is_open(dbapi_connection: Any) -> bool:
    """Whether the server has not closed a connection that was idle: it would say so, and has nothing else to say.

    Costs one system call instead of the round trip of SQLAlchemy's own ``pool_pre_ping``.
    """
    if dbapi_connection.closed:
        return False
    poll = select.poll()
    poll.register(dbapi_connection.fileno(), select.POLLIN)
    return not poll.poll(0)
