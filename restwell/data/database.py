"""Database: connections, transactions and failures for SQLAlchemy Core on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Executable, exc
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.orm import scoped_session

from restwell import current, shortcuts
from restwell.configuration import ConfigurationError
from restwell.data.engines import BEGIN, Engines, engine_options
from restwell.data.options import OPTIONS
from restwell.data.statements import Rows, Statement, gives_key, rows_of
from restwell.errors.databases import unavailable, violates_key
from restwell.registry import state_of

if TYPE_CHECKING:
    from restwell.shortcuts.engines import QuickEngine

__all__ = ["OPTIONS", "Database", "Statement", "unavailable", "violates_key"]

_DRIVERS = {"sqlite": "sqlite", "postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
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

_COUNT_ROWS: Mapping[str, Any] = MappingProxyType({"preserve_rowcount": True})
_NO_PARAMETERS: Mapping[str, Any] = MappingProxyType({})
_Executable = TypeVar("_Executable", bound=Executable)

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
        all_books = db.statement(select(books))

        db.rows(all_books)
        with db.connection() as connection:
            connection.execute(select(books)).mappings().all()

    :param app: an application to connect at once, see :meth:`init_app`.
    :param kwargs: what Flask-SQLAlchemy's ``SQLAlchemy`` takes. Engine options that are set there, or in the options of
        the application that Flask-SQLAlchemy documents, win over ours.
    """

    def __init__(self, app: Flask | None = None, **kwargs: Any) -> None:
        self._transactions: ContextVar[Mapping[Engine, Connection]] = ContextVar("transactions", default=_NONE)
        self._options_of_all: Mapping[str, Any] = kwargs.get("engine_options") or {}
        super().__init__(**kwargs)
        self.session = _Sessions(self.session.session_factory, getattr(self.session.registry, "scopefunc", None))
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Connect an application to its database; nothing is opened before the first statement.

        :param app: the application.
        :raises ConfigurationError: when its database URL is malformed or of a database that is not supported, when the
            driver is not installed, or when the instance folder cannot be made.
        """
        for option in OPTIONS:
            app.config.setdefault(option.name, option.default)
        url = app.config.get("SQLALCHEMY_DATABASE_URI") or app.config.get("DATABASE_URL")
        app.config["SQLALCHEMY_DATABASE_URI"] = database_url(url)
        try:
            options = self._add_options(app)
            super().init_app(app)
        except ImportError as error:
            raise ConfigurationError("DATABASE_URL needs psycopg: pip install 'restwell[postgres]'") from error
        except (TypeError, ValueError, exc.ArgumentError) as error:
            raise ConfigurationError(f"DATABASE_URL cannot be used: {' '.join(str(error).split())}") from error
        except OSError as error:
            raise ConfigurationError(f"The folder of the database cannot be made: {error}") from error
        with app.app_context():
            engines = {
                key: Engines(engine, app.config["DATABASE_BUSY_TIMEOUT"], bool(options[key].get("pool_pre_ping")))
                for key, engine in self.engines.items()
                if engine.dialect.name in BEGIN
            }
        state_of(app).database = _Connected(engines[None], shortcuts.for_database(engines[None]))

    def _add_options(self, app: Flask) -> dict[str | None, dict[str, Any]]:
        """Put ours beside what the application has set of its engines, where Flask-SQLAlchemy reads it.

        :returns: the options of each engine, by its bind key.
        """
        theirs: dict[str | None, Any] = {
            key: dict(value) if isinstance(value, Mapping) else {"url": value}
            for key, value in (app.config.get("SQLALCHEMY_BINDS") or {}).items()
        }
        url = app.config["SQLALCHEMY_DATABASE_URI"]
        theirs[None] = {**theirs.get(None, {}), **(app.config.get("SQLALCHEMY_ENGINE_OPTIONS") or {}), "url": url}
        options = {
            key: engine_options({**self._options_of_all, **each}, make_url(each["url"]), app.config)
            for key, each in theirs.items()
        }
        app.config["SQLALCHEMY_BINDS"] = {key: each for key, each in options.items() if key is not None}
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options[None]
        return options

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for single statements: each is a transaction of its own, unless :meth:`transaction` is open.

        :returns: the connection of the open transaction, or one from the pool.
        :raises sqlalchemy.exc.SQLAlchemyError: when there is none; see :func:`unavailable`.
        """
        engines = _connected().engines
        current = self._transactions.get().get(engines.transactions)
        if current is not None:
            yield current
            return
        with engines.statements.connect() as connection:
            yield connection

    def statement(self, executable: _Executable) -> Statement[_Executable]:
        """A statement that is made once, kept under a name, and run often, by :meth:`rows`.

        It is compiled when it is first run, and from then on handed to the driver as it is, where that is known to be
        safe: in a sixth of the time of SQLAlchemy's ``execute``. Elsewhere it is run as any other statement.

        :param executable: a statement as :meth:`rows` takes it; what changes from run to run are bind parameters.
        :returns: the statement.

        ::

            _SELECT_ONE = db.statement(select(books).where(books.c.id == bindparam("book_id")))

            def get(book_id):
                rows = db.rows(_SELECT_ONE, {"book_id": book_id})
                return rows[0] if rows else None
        """
        return Statement(executable)

    def rows(self, statement: Statement[Any] | Executable, parameters: Mapping[str, Any] = _NO_PARAMETERS) -> Rows:
        """Run one statement: in the open :meth:`transaction`, or as one of its own.

        :param statement: one of :meth:`statement`, or any of SQLAlchemy's, which is run by SQLAlchemy's ``execute``: a
            select; an insert, update or delete with ``returning()``; or an insert of one row without, which gives the
            primary key.
        :param parameters: the values of its bind parameters, or of an insert's or update's columns.
        :returns: the rows as dicts.
        :raises sqlalchemy.exc.SQLAlchemyError: when it fails; see :func:`unavailable` and :func:`violates_key`. In an
            open transaction PostgreSQL then refuses all that follows: one that may fail is given a transaction of its
            own inside of it.

        ::

            db.rows(select(books).where(books.c.title == "Emma"))
        """
        if not isinstance(statement, Statement):
            return self._executed(statement, parameters)
        quick = _connected().quick
        rows = None if quick is None or self._transactions.get() else quick.rows(statement.executable, parameters)
        return self._executed(statement.executable, parameters) if rows is None else rows

    def _executed(self, statement: Executable, parameters: Mapping[str, Any]) -> Rows:
        with self.connection() as connection:
            options = _COUNT_ROWS if gives_key(statement) else None
            return rows_of(statement, connection.execute(statement, parameters, execution_options=options))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection in a transaction: all within is stored together at the end, or nothing on an exception.

        Inside of another ``transaction()`` it joins that one, and so does :meth:`connection`: functions that write can
        be put together in one transaction without knowing of it. An exception that leaves an inner one takes back what
        was written in that; whoever catches it can go on with the outer one.

        :returns: the connection.
        :raises sqlalchemy.exc.SQLAlchemyError: when there is none; see :func:`unavailable`.
        """
        engine = _connected().engines.transactions
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
        with _connected().engines.statements.connect() as connection:
            connection.exec_driver_sql(_BEGIN_SNAPSHOT[connection.dialect.name])
            yield connection

    @contextmanager
    def migration(self) -> Iterator[Connection]:
        """A transaction that changes the schema: one process at a time, each waiting a minute for its turn.

        :returns: the connection.
        :raises sqlalchemy.exc.SQLAlchemyError: when there is none or the minute is over; see :func:`unavailable`.
        """
        with _connected().engines.statements.connect() as connection:
            try:
                for statement in _BEGIN_MIGRATION[connection.dialect.name]:
                    connection.exec_driver_sql(statement)
                with self._joinable(connection):
                    yield connection
                connection.commit()
            finally:
                if connection.dialect.name == "sqlite":  # the connection goes back to the pool as it was
                    connection.rollback()
                    connection.exec_driver_sql(f"PRAGMA busy_timeout = {current.app().config['DATABASE_BUSY_TIMEOUT']}")
                    connection.exec_driver_sql("PRAGMA foreign_keys = ON")

    @contextmanager
    def _joinable(self, connection: Connection) -> Iterator[None]:
        token = self._transactions.set({**self._transactions.get(), _connected().engines.transactions: connection})
        try:
            yield
        finally:
            self._transactions.reset(token)


class _Sessions(scoped_session[Session]):
    """The sessions of the application contexts, which ends none, at the end of each, where nobody has begun any."""

    def remove(self) -> None:
        if self.registry.registry:
            super().remove()


class _Connected(NamedTuple):
    """The engines of an application, and the quick way for their single statements, where there is one."""

    engines: Engines
    quick: QuickEngine | None


def _connected() -> _Connected:
    connected: _Connected = state_of(current.app()).database
    return connected


def database_url(url: str | URL | None) -> URL:
    """The URL of a database with the driver that is used for it.

    :param url: as ``DATABASE_URL`` has it.
    :raises ConfigurationError: when it is malformed or of a database that is not supported.
    """
    try:
        parsed = make_url(url or "")
    except (exc.ArgumentError, ValueError):
        # Not from the error: SQLAlchemy 2.0 quotes the URL, in which a password may stand.
        raise ConfigurationError(
            "DATABASE_URL is not a URL such as sqlite:///items.db or postgresql://user:password@host:5432/name"
        ) from None
    drivername = _DRIVERS.get(parsed.drivername, parsed.drivername)
    if drivername not in _DRIVERS.values():
        raise ConfigurationError(f"DATABASE_URL must begin with sqlite:// or postgresql://, not {parsed.drivername}://")
    return parsed.set(drivername=drivername)


def shown(url: URL) -> str:
    """A URL as people may see it: without its password, and without its query, which may have one as well."""
    return url.set(query={}).render_as_string(hide_password=True)
