"""Connections that are lent for a statement, beside those that SQLAlchemy lends itself."""

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.pool import QueuePool

from restwell.shortcuts.pool import lend, reset, take_back


def pool(connect: Callable[[], Any] | None = None, **options: Any) -> QueuePool:
    options = {"pool_size": 1, "max_overflow": 0, "timeout": 10, **options}
    return QueuePool(connect or (lambda: sqlite3.connect(":memory:", check_same_thread=False)), **options)


class ByStatement:
    """Borrow a connection as a statement does."""

    def __init__(self, pool: QueuePool) -> None:
        self.pool = pool
        self.entry = lend(pool, None)
        self.connection = self.entry.dbapi_connection

    def close(self) -> None:
        take_back(self.pool, self.entry)


class BySQLAlchemy:
    """Borrow a connection as everybody else does."""

    def __init__(self, pool: QueuePool) -> None:
        self.proxy = pool.connect()
        self.connection = self.proxy.dbapi_connection

    def close(self) -> None:
        self.proxy.close()


WAYS = [ByStatement, BySQLAlchemy]


@pytest.mark.parametrize("first", WAYS)
@pytest.mark.parametrize("second", WAYS)
def test_connection_is_used_again(first: Any, second: Any) -> None:
    connections = pool()
    one = first(connections)
    one.close()
    two = second(connections)
    assert two.connection is one.connection
    assert connections.checkedout() == 1
    two.close()
    assert (connections.checkedout(), connections.checkedin()) == (0, 1)


@pytest.mark.parametrize("holder", WAYS)
@pytest.mark.parametrize("waiter", WAYS)
def test_who_waits_gets_the_connection_that_comes_back(holder: Any, waiter: Any) -> None:
    connections = pool()
    held = holder(connections)
    got: list[object] = []
    thread = threading.Thread(target=lambda: got.append(waiter(connections).connection))
    thread.start()
    while not connections._pool.not_empty._waiters:  # type: ignore[attr-defined]  # nothing public tells
        time.sleep(0.001)
    held.close()
    thread.join(timeout=5)
    assert got == [held.connection]


def test_threads_never_share_a_connection() -> None:
    connections = pool(pool_size=3)
    in_use: set[int] = set()
    opened: set[int] = set()
    mistakes: list[object] = []

    def borrow(way: Any) -> None:
        try:
            for _ in range(300):
                borrowed = way(connections)
                number = id(borrowed.connection)
                assert number not in in_use
                in_use.add(number)
                opened.add(number)
                time.sleep(0)
                in_use.remove(number)
                borrowed.close()
        except Exception as error:
            mistakes.append(error)

    threads = [threading.Thread(target=borrow, args=[WAYS[number % 2]]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mistakes == []
    assert len(opened) <= 3
    assert connections.checkedout() == 0


@pytest.mark.parametrize(("size", "overflow", "kept"), [(1, 1, 1), (2, 0, 2), (0, 0, 3)])
@pytest.mark.parametrize("way", WAYS)
def test_pool_keeps_as_many_connections_as_its_size(way: Any, size: int, overflow: int, kept: int) -> None:
    connections = pool(pool_size=size, max_overflow=overflow)
    for borrowed in [way(connections) for _ in range(size + overflow or 3)]:
        borrowed.close()
    assert connections.checkedin() == kept


@pytest.mark.parametrize("way", WAYS)
def test_connection_that_is_too_old_is_opened_anew(way: Any) -> None:
    connections = pool(recycle=0)
    old = way(connections)
    old.close()
    assert way(connections).connection is not old.connection


@pytest.mark.parametrize("way", WAYS)
def test_failure_to_connect_takes_no_place(way: Any) -> None:
    failures = [OSError("away"), OSError("still away")]

    def connect() -> sqlite3.Connection:
        if failures:
            raise failures.pop()
        return sqlite3.connect(":memory:")

    connections = pool(connect, timeout=0)
    for _ in range(2):
        with pytest.raises(OSError, match="away"):
            way(connections)
    way(connections)


@pytest.mark.parametrize("way", WAYS)
def test_failure_to_connect_again_takes_no_place(way: Any) -> None:
    connect = [lambda: sqlite3.connect(":memory:"), lambda: 1 / 0, lambda: sqlite3.connect(":memory:")]
    connections = pool(lambda: connect.pop(0)(), timeout=0)
    way(connections).close()
    connections._pool.queue[0].invalidate()
    with pytest.raises(ZeroDivisionError):
        way(connections)
    way(connections)


# -- after a failure -------------------------------------------------------------------------------------------------


def after(connections: QueuePool, error: BaseException, is_lost: bool = False) -> tuple[Any, Any]:
    """The connection on which a statement failed, and the one that is lent next."""
    entry = lend(connections, None)
    failed = entry.dbapi_connection
    failed.execute("BEGIN")
    reset(connections, entry, error, is_lost)
    take_back(connections, entry)
    return failed, lend(connections, None).dbapi_connection


def test_connection_of_a_failed_statement_is_rolled_back() -> None:
    failed, following = after(pool(), ValueError())
    assert following is failed
    assert not failed.in_transaction


def failing_to_roll_back(failure: BaseException) -> QueuePool:
    class Connection(sqlite3.Connection):
        def rollback(self) -> None:
            raise failure

    return pool(lambda: sqlite3.connect(":memory:", factory=Connection))


def test_connection_that_cannot_be_rolled_back_is_replaced(caplog: pytest.LogCaptureFixture) -> None:
    failed, following = after(failing_to_roll_back(ValueError("amid an exchange")), ValueError())
    assert following is not failed
    assert "amid an exchange" in caplog.text


def test_connection_whose_roll_back_is_interrupted_is_replaced() -> None:
    connections = failing_to_roll_back(KeyboardInterrupt())
    entry = lend(connections, None)
    with pytest.raises(KeyboardInterrupt):
        reset(connections, entry, ValueError())
    assert entry.dbapi_connection is None


def test_connection_of_an_interrupted_statement_is_replaced() -> None:
    failed, following = after(pool(), KeyboardInterrupt())
    assert following is not failed


def test_all_that_were_open_are_replaced_with_a_lost_connection() -> None:
    connections = pool(pool_size=2)
    other = lend(connections, None)
    before = other.dbapi_connection
    failed, following = after(connections, sqlite3.OperationalError(), is_lost=True)
    assert following is not failed
    take_back(connections, other)
    assert lend(connections, None).dbapi_connection is not before


def test_those_that_were_opened_after_a_lost_connection_stay() -> None:
    connections = pool(pool_size=2)
    first, second = lend(connections, None), lend(connections, None)
    reset(connections, first, sqlite3.OperationalError(), is_lost=True)
    take_back(connections, first)
    new = lend(connections, None).dbapi_connection
    reset(connections, second, sqlite3.OperationalError(), is_lost=True)
    take_back(connections, first)
    assert lend(connections, None).dbapi_connection is new


@pytest.mark.parametrize("borrow", WAYS)
def test_connections_beyond_the_size_are_closed_when_they_come_back(borrow: Any) -> None:
    connections = pool(pool_size=1, max_overflow=3)
    borrowed = [borrow(connections) for _ in range(4)]
    together = threading.Barrier(4)

    def give_back(each: Any) -> None:
        together.wait()
        each.close()

    threads = [threading.Thread(target=give_back, args=(each,)) for each in borrowed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (connections.checkedin(), connections.checkedout(), connections.overflow()) == (1, 0, 0)
