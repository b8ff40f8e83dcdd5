"""Pool: the database connections of a process, which are lent for a single statement at a tenth of the usual cost."""

from __future__ import annotations

import time

from sqlalchemy import exc
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.pool.base import _ConnectionRecord
from sqlalchemy.util.queue import Empty, Queue


class _Queue(Queue[ConnectionPoolEntry]):
    """SQLAlchemy's queue, of which :meth:`ConnectionPool.lend` takes without its lock: only who waits needs that."""

    waiting = 0

    def get(self, block: bool = True, timeout: float | None = None) -> ConnectionPoolEntry:
        with self.not_empty:
            self.waiting += 1  # before it looks, so that who puts one there afterwards sees that somebody waits
            try:
                entry = self.not_empty.wait_for(self._first, timeout if block else 0)
            finally:
                self.waiting -= 1
        if entry is None:
            raise Empty
        return entry

    def _first(self) -> ConnectionPoolEntry | None:
        try:
            return self.queue.popleft()
        except IndexError:
            return None


class ConnectionPool(QueuePool):
    """SQLAlchemy's pool, which can also lend a connection for a single statement.

    While the driver is in autocommit mode, a statement leaves nothing behind that would have to be rolled back, and
    who runs just one does not forget to give the connection back: it needs neither SQLAlchemy's proxy nor its reset.
    """

    _sqla_logger_namespace = "sqlalchemy.pool.impl.QueuePool"  # a name below the one that SQLAlchemy documents
    _queue_class = _Queue
    _pool: _Queue

    def lend(self) -> _ConnectionRecord:
        """Lend a connection, to be given to :meth:`take_back` whatever happens.

        :returns: the entry of the pool that holds it, its ``dbapi_connection``.
        :raises sqlalchemy.exc.TimeoutError: when all are in use for too long.
        :raises Exception: what the driver raises when it cannot connect.
        """
        entry: _ConnectionRecord
        try:
            entry = self._pool.queue.popleft()  # type: ignore[assignment]  # SQLAlchemy makes no others
        except IndexError:
            entry = self._do_get()  # type: ignore[assignment]
        try:
            connection = entry.get_connection()
            if self._pre_ping:
                entry.fresh = False
                if not self._dialect._do_ping_w_event(connection):
                    self._replace(entry, exc.InvalidatePoolError())
                    entry.get_connection()
        except BaseException as error:
            entry._checkin_failed(error, _fairy_was_created=False)
            raise
        return entry

    def take_back(self, entry: _ConnectionRecord) -> None:
        """Take back a connection."""
        idle = self._pool
        if self._max_overflow or len(idle.queue) >= idle.maxsize:
            self._do_return_conn(entry)  # which closes what is too much, and has to be alone for that
            return
        idle.queue.append(entry)
        if idle.waiting:
            with idle.not_empty:
                idle.not_empty.notify()

    def reset(self, entry: _ConnectionRecord, error: BaseException, is_lost: bool = False) -> None:
        """Make a connection fit for its next use after its statement failed.

        :param entry: what was lent.
        :param error: the failure.
        :param is_lost: whether the connection is lost, and with it, maybe, all that were opened before.
        """
        try:
            if is_lost:
                self._replace(entry, error)
            elif isinstance(error, Exception):
                self._dialect.do_rollback(entry.dbapi_connection)  # type: ignore[arg-type]  # its proxy would do the same
            else:  # an interrupt, maybe amid an exchange with the server
                entry.invalidate(error)
        except BaseException as failure:
            self.logger.exception("Exception during reset or similar")
            entry.invalidate(failure)
            if not isinstance(failure, Exception):
                raise

    def _replace(self, entry: _ConnectionRecord, error: BaseException) -> None:
        """Have a connection, and all that were opened before it, opened anew before the next use."""
        if self._invalidate_time < entry.starttime:
            self._invalidate_time = time.time()
        entry.invalidate(error)
