"""Pool: connections that are lent for a single statement, without SQLAlchemy's proxy and its reset.

While the driver is in autocommit mode, a statement leaves nothing behind that would have to be rolled back, and who
runs just one does not forget to give the connection back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import exc
from sqlalchemy.pool import QueuePool
from sqlalchemy.pool.base import _ConnectionRecord

REPLACED = ("connect", "_return_conn", "_invalidate")
"""The methods of a pool that are not called here: one that overrides them lends its connections itself."""


def lend(pool: QueuePool, is_open: Callable[[Any], bool] | None) -> _ConnectionRecord:
    """From SQLAlchemy 2.1.9, _ConnectionRecord.checkout and _ConnectionFairy._checkout: lend a connection.

    :param is_open: what tells whether a connection that was idle is still open, if anything does.
    :returns: the entry of the pool that holds it; it is to be given to :func:`take_back` whatever happens.
    :raises sqlalchemy.exc.TimeoutError: when all are in use for too long.
    """
    idle: Any = pool._pool
    entry: Any
    with idle.mutex:
        entry = idle.queue.popleft() if idle.queue else None
    if entry is None:
        entry = pool._do_get()
    try:
        connection = entry.get_connection()
        if is_open is not None:
            is_fresh, entry.fresh = entry.fresh, False
            if not is_fresh and not is_open(connection):
                _replace(pool, entry, exc.InvalidatePoolError())
                entry.get_connection()
    except BaseException as error:
        entry._checkin_failed(error, _fairy_was_created=False)
        raise
    return entry  # type: ignore[no-any-return]


def take_back(pool: QueuePool, entry: _ConnectionRecord) -> None:
    """From SQLAlchemy 2.1.9, _ConnectionRecord.checkin, QueuePool._do_return_conn and Queue.put: take one back."""
    idle: Any = pool._pool
    with idle.mutex:
        if len(idle.queue) < idle.maxsize:
            idle.queue.append(entry)
            idle.not_empty.notify()
            return
    pool._do_return_conn(entry)  # which closes what is too much


def reset(pool: QueuePool, entry: _ConnectionRecord, error: BaseException, is_lost: bool = False) -> None:
    """From SQLAlchemy 2.1.9, _finalize_fairy: make a connection fit for its next use after its statement failed.

    :param is_lost: whether the connection is lost, and with it, maybe, all that were opened before.
    """
    try:
        if is_lost:
            _replace(pool, entry, error)
        elif isinstance(error, Exception):
            pool._dialect.do_rollback(entry.dbapi_connection)  # type: ignore[arg-type]  # its proxy would do the same
        else:  # an interrupt, maybe amid an exchange with the server
            entry.invalidate(error)
    except BaseException as failure:
        pool.logger.exception("Exception during reset or similar")
        entry.invalidate(failure)
        if not isinstance(failure, Exception):
            raise


def _replace(pool: QueuePool, entry: _ConnectionRecord, error: BaseException) -> None:
    """From SQLAlchemy 2.1.9, Pool._invalidate: have a connection, and all that are older, opened anew."""
    if pool._invalidate_time < entry.starttime:
        pool._invalidate_time = time.time()
    entry.invalidate(error)
