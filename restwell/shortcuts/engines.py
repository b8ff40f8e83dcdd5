"""Engines: single statements that are run by the driver itself, for as long as nobody would notice."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.pool import Pool, QueuePool

from restwell.data.engines import Engines, is_open
from restwell.data.statements import Rows
from restwell.shortcuts import pool as connections
from restwell.shortcuts.statements import prepare, wrapped

_EXECUTION = ("engine_connect", "before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute")
_POOL = ("checkout", "checkin", "reset")


class QuickEngine:
    """Runs single statements on connections of an engine's pool.

    :param engines: the engine, and the one for statements outside of transactions.
    """

    def __init__(self, engines: Engines) -> None:
        self._engine = engine = engines.transactions
        self._statements = engines.statements
        self._is_autocommit = engine.dialect._on_connect_isolation_level == "AUTOCOMMIT"
        self._is_open = None
        if engines.is_polled:
            self._is_open = is_open
        elif engine.pool._pre_ping:
            self._is_open = engine.dialect._do_ping_w_event
        self._own_listeners = int(engines.is_polled)
        self._watch(engine.pool)

    def rows(self, statement: Executable, parameters: Mapping[str, Any]) -> Rows | None:
        """From SQLAlchemy 2.1.9, Connection._execute_context: run a statement on a connection of its own.

        :returns: the rows; of an insert without ``returning()`` one with the primary key; ``None`` when it was not run,
            because it has to be run by SQLAlchemy.
        :raises sqlalchemy.exc.SQLAlchemyError: as SQLAlchemy's ``execute`` does.
        """
        engine = self._engine
        pool: Any = engine.pool
        if not self._is_plain(pool):
            return None
        dialect = engine.dialect
        prepared = prepare(statement, tuple(parameters), dialect)
        if prepared is None:
            return None
        values = prepared.bound(parameters, engine)
        try:
            entry = connections.lend(pool, self._is_open)
        except dialect.loaded_dbapi.Error as error:
            raise wrapped(error, None, None, engine, dialect.is_disconnect(error, None, None)) from error
        try:
            cursor = entry.dbapi_connection.cursor()  # type: ignore[union-attr]  # there is one
            try:
                cursor.execute(prepared.sql, values)
                fetched = prepared.fetched(cursor)
            finally:
                cursor.close()
        except dialect.loaded_dbapi.Error as error:
            is_lost = dialect.is_disconnect(error, entry.dbapi_connection, None)
            connections.reset(pool, entry, error, is_lost)
            raise wrapped(error, prepared.sql, values, engine, is_lost) from error
        except BaseException as error:
            connections.reset(pool, entry, error)
            raise
        finally:
            connections.take_back(pool, entry)
        return prepared.dicts(fetched)

    def _is_plain(self, pool: Pool) -> bool:
        """Whether nobody listens to what is executed or to the pool, logs it, or has it executed with options."""
        if pool is not self._pool:  # disposing makes another one
            self._watch(pool)
        engine = self._engine
        return (
            self._is_usual
            and not any(self._listeners)
            and len(self._checkout_listeners) == self._own_listeners
            and "_has_events" not in vars(self._statements)
            and not engine.dialect._has_events
            and not engine._execution_options
            and not engine.logger.isEnabledFor(logging.INFO)
            and not pool.logger.isEnabledFor(logging.INFO)
        )

    def _watch(self, pool: Pool) -> None:
        self._pool = pool
        self._checkout_listeners, *others = _listeners(pool, _POOL)
        self._listeners = [*others, *_listeners(self._engine, _EXECUTION)]
        self._is_usual = (
            self._is_autocommit
            and isinstance(pool, QueuePool)
            and all(getattr(type(pool), name) is getattr(QueuePool, name) for name in connections.REPLACED)
        )


def _listeners(target: Any, events: Iterable[str]) -> list[Collection[Any]]:
    """The collections in which SQLAlchemy keeps who listens to a target and to its class, now and later."""
    kept = [getattr(target.dispatch, name).for_modify(target.dispatch) for name in events]
    return [listeners for each in kept for listeners in (each.listeners, each.parent_listeners)]
