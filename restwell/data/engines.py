"""Engines: how an application's are set up, and on one pool that of transactions and that of single statements."""

from __future__ import annotations

import math
import select
import sqlite3
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import event, exc
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import QueuePool

BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}
"""The statement that begins a transaction, by the database: on SQLite the one that takes the write lock at once."""


_SILENCE: Mapping[str, Any] = {"hide_parameters": True}
"""The values of a statement are what clients sent: no log line and no message of an error has them."""


class SubsecondPool(QueuePool):
    """SQLAlchemy's pool, whose timeout may be a part of a second: the option ``pool_timeout`` is cut to whole ones.

    :param creator: as for :class:`sqlalchemy.pool.QueuePool`, and so are all others.
    :param timeout_milliseconds: how long to wait; ``None`` for ``timeout``. A pool that takes the place of this one is
        given only that, by :meth:`recreate`, and in fractions.
    """

    # SQLAlchemy names its loggers after this: below sqlalchemy.pool, where its documentation has people look.
    __module__ = QueuePool.__module__

    def __init__(
        self, creator: Any, timeout: float = 30.0, timeout_milliseconds: int | None = None, **kwargs: Any
    ) -> None:
        seconds = timeout if timeout_milliseconds is None else timeout_milliseconds / 1000
        super().__init__(creator, timeout=seconds, **kwargs)


def engine_options(theirs: Mapping[str, Any], url: URL, config: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an engine: what the application has set, and ours beside it.

    The drivers are in autocommit mode: a statement outside of a transaction costs no round trips for BEGIN and
    ROLLBACK, and a transaction says its own BEGIN.

    :param theirs: what the application has set.
    :param url: the database; of one that is neither SQLite nor PostgreSQL only the log is changed.
    :param config: the application's, with the options of the database.
    :returns: a new dict.
    """
    name = url.get_backend_name()
    if name not in BEGIN:
        return {**_SILENCE, **theirs}
    busy = config["DATABASE_BUSY_TIMEOUT"]
    ours: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", **_SILENCE}
    # For a database in memory Flask-SQLAlchemy chooses the pool itself: one connection for all.
    has_pool = "pool" in theirs or (name == "sqlite" and url.database in (None, "", ":memory:"))
    if not has_pool and issubclass(theirs.get("poolclass", QueuePool), QueuePool):
        ours.update(pool_size=config["DATABASE_POOL_SIZE"], max_overflow=0)
        if "poolclass" in theirs:
            ours["pool_timeout"] = math.ceil(busy / 1000)
        else:
            ours["poolclass"] = SubsecondPool
            if "pool_timeout" not in theirs:
                ours["timeout_milliseconds"] = busy
    if name == "postgresql" and not hasattr(select, "poll"):
        ours["pool_pre_ping"] = True
    arguments = _connect_arguments(url, busy, config["DATABASE_STATEMENT_TIMEOUT"])
    return {**ours, **theirs, "connect_args": {**arguments, **theirs.get("connect_args", {})}}


def _connect_arguments(url: URL, busy: int, statement: int) -> dict[str, Any]:
    """What the driver is told, so that nothing waits forever; parameters that the URL itself sets stay as they are."""
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


class Engines:
    """An engine whose every transaction begins with a statement, and one for statements outside of transactions.

    Whoever listens to the first also hears of the second.

    :param engine: the first, made with :func:`engine_options`; nothing is connected before its first statement.
    :param busy_timeout: milliseconds that a new connection to SQLite may wait for others.
    :param is_pinged: whether its pool asks the server itself if a connection is still open.
    """

    def __init__(self, engine: Engine, busy_timeout: int, is_pinged: bool) -> None:
        self.transactions = engine
        self.statements = engine.execution_options()
        self.is_polled = engine.dialect.name == "postgresql" and not is_pinged
        begin = BEGIN[engine.dialect.name]

        @event.listens_for(engine, "begin")
        def begin_transaction(connection: Connection) -> None:
            if connection.engine is not self.statements:
                connection.exec_driver_sql(begin)

        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", partial(_configure_sqlite, busy_timeout=busy_timeout))
        if self.is_polled:
            event.listen(engine, "checkout", _refuse_closed)


def is_open(dbapi_connection: Any) -> bool:
    """Whether the server has not closed a connection that was idle: it would say so, and has nothing else to say.

    Costs one system call instead of the round trip of SQLAlchemy's own ``pool_pre_ping``.
    """
    if dbapi_connection.closed:
        return False
    poll = select.poll()
    poll.register(dbapi_connection.fileno(), select.POLLIN)
    return not poll.poll(0)


def _refuse_closed(dbapi_connection: Any, *_: object) -> None:
    """Have the pool open a connection anew, and all that are older, when the server has closed it."""
    if not is_open(dbapi_connection):
        raise exc.InvalidatePoolError("the server has closed the connection")


def _configure_sqlite(connection: sqlite3.Connection, _: object, *, busy_timeout: int) -> None:
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
