"""Engines: that of an application's transactions, and on the same pool that of its single statements."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from restwell.shortcuts.pool import ConnectionPool

_EXECUTION = ("engine_connect", "before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute")
_POOL = ("checkout", "checkin", "reset")


class Engines:
    """An engine whose every transaction begins with a statement, and one for statements outside of transactions.

    Whoever listens to the first also hears of the second.

    :param engine: the first; its driver is in autocommit mode.
    :param begin: the statement.
    """

    def __init__(self, engine: Engine, begin: str) -> None:
        self.transactions = engine
        self.statements = engine.execution_options()
        self._listeners = _listeners(engine, _EXECUTION)
        self._pool_listeners = _listeners(engine.pool, _POOL)
        self._pool = engine.pool

        @event.listens_for(engine, "begin")
        def begin_transaction(connection: Connection) -> None:
            if connection.engine is not self.statements:
                connection.exec_driver_sql(begin)

    def is_plain(self) -> bool:
        """Whether nobody listens to what is executed or to the pool, logs it, or has it executed with options."""
        engine, pool = self.transactions, self.transactions.pool
        if pool is not self._pool:  # disposing makes another one
            self._pool_listeners, self._pool = _listeners(pool, _POOL), pool
        return not (
            any(self._listeners)
            or any(self._pool_listeners)
            or type(pool) is not ConnectionPool
            or "_has_events" in vars(self.statements)
            or engine.dialect._has_events
            or engine._execution_options
            or engine.logger.isEnabledFor(logging.INFO)
            or pool.logger.isEnabledFor(logging.INFO)
        )


def _listeners(target: Any, events: Iterable[str]) -> list[Collection[Any]]:
    """The collections in which SQLAlchemy keeps who listens to a target and to its class, now and later."""
    kept = [getattr(target.dispatch, name).for_modify(target.dispatch) for name in events]
    return [listeners for each in kept for listeners in (each.listeners, each.parent_listeners)]
