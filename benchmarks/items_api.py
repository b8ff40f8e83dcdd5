"""Part 2: the items API on a database of 10,000 rows, with everything that the sample application has switched on.

Each contender has a table of its own, with the same columns, indexes by their own habits, and on SQLite the same
pragmas. The clock is the one on the wall: waiting for the disk or the server counts. A second table shows the writes on
SQLite without that wait, which is the disk's.
"""

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from uuid import uuid4

import sqlalchemy
from sqlalchemy import make_url

from .calls import Application, Case, caller, check
from .contenders import OURS, PLAIN, switched
from .progress import Progress
from .table import Table
from .timing import medians

ROWS = 10_000
BEST = "best of the others"
UNIT = "microseconds per request"
PEERS = {
    OURS: "restwell",
    PLAIN: "restwell",
    "Flask-RESTful, ORM": "flask_restful",
    "Flask-smorest, ORM": "flask_smorest",
    "Django REST framework": "django_rest_framework",
}
POSTGRESQL = os.environ.get("BENCHMARK_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


def fill(url: str, table: str, price: str, count: int) -> None:
    """Insert rows in one statement.

    :param url: the database.
    :param table: the table.
    :param price: the SQL expression of the price of row ``i``.
    :param count: how many rows.
    """
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO {table} (name, price, created_at, updated_at, version) "  # noqa: S608 - our own names
            f"WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {count}) "
            f"SELECT 'Item number ' || i, {price}, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 1 FROM numbers"
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def grow_journal(url: str, table: str) -> None:
    """Have SQLite's journal reach its full length, from which on its blocks are written over.

    Until then every commit makes the file longer and takes longer, for as many requests as each changes few pages.

    :param url: the database, which somebody else keeps open: the last one to close it removes its journal.
    :param table: its table of :data:`ROWS` rows.
    """
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for _ in range(12):  # at 1,000 pages it is stored and begun again; each of these changes 70 to 110
            connection.exec_driver_sql(f"UPDATE {table} SET version = version + 1")  # noqa: S608 - our own name
    engine.dispose()


@contextmanager
def sqlite_urls() -> Iterator[Callable[[str], str]]:
    """Names of SQLite databases, each a file of its own, which are gone afterwards."""
    with TemporaryDirectory() as folder:
        yield lambda name: f"sqlite:///{Path(folder, name)}.db"


@contextmanager
def postgresql_urls() -> Iterator[Callable[[str], str]]:
    """Makes a PostgreSQL database for each name; they are dropped afterwards.

    :raises sqlalchemy.exc.OperationalError: when there is no server.
    """
    server, prefix = sqlalchemy.create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT"), f"benchmark_{uuid4().hex[:8]}"
    created = []
    with server.connect() as connection:

        def create(name: str) -> str:
            database = f"{prefix}_{name}"
            connection.exec_driver_sql(f"CREATE DATABASE {database}")
            created.append(database)
            return make_url(POSTGRESQL).set(database=database).render_as_string(hide_password=False)

        try:
            yield create
        finally:
            for database in created:
                connection.exec_driver_sql(f"DROP DATABASE {database} WITH (FORCE)")
    server.dispose()


def cases(peer: str, application: Application) -> dict[str, Case]:
    """The requests, as a contender's URLs have it."""
    module = importlib.import_module(f".items_peers.{peer}", __package__)
    slash = "/" if module.PATH.endswith("/") else ""
    one = f"{module.PATH.rstrip('/')}/5000{slash}"
    widget, gadget = {"name": "Widget", "price": 9.99}, {"name": "Gadget", "price": 24.99}
    first = f"{module.PATH}?limit=20"
    return {
        "GET one": Case(one, 200),
        "first page of 20": Case(first, 200),
        "last page of 20": Case(module.last_page(application, ROWS), 200),
        "POST": Case(module.PATH, 201, bodies=[widget]),
        "PUT": Case(one, 200, bodies=[widget, gadget], method="PUT"),
    }


def calls_by_case(url_of: Callable[[str], str], progress: Progress) -> dict[str, dict[str, Callable[[], object]]]:
    """What sends each case's request to each contender, whose table has been filled."""
    calls: dict[str, dict[str, Callable[[], object]]] = {}
    for contender, peer in PEERS.items():
        progress(f"filling the table of {contender}")
        try:
            module = importlib.import_module(f".items_peers.{peer}", __package__)
        except ModuleNotFoundError as error:
            progress.note(f"{contender} is left out: {error}")
            continue
        url = url_of(peer if contender != PLAIN else f"{peer}_plain")
        with switched(contender):
            application = module.application(url)
        fill(url, module.TABLE, module.PRICE, ROWS)
        if make_url(url).get_backend_name() == "sqlite":
            grow_journal(url, module.TABLE)
        for name, case in cases(peer, application).items():
            call = caller(application, case)
            check(contender, name, case, call)
            calls.setdefault(name, {})[contender] = call
    return calls


def measured(
    calls: dict[str, dict[str, Callable[[], object]]], rounds: int, progress: Progress
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """The medians of all cases and contenders, by the clock on the wall and by that of the process."""
    walls, processors = {}, {}
    for name, functions in calls.items():
        both = medians(
            functions, rounds, lambda message, name=name: progress(f"{name}, {message}"), [perf_counter, process_time]
        )
        for times in both:
            times[BEST] = min(time for contender, time in times.items() if contender not in (OURS, PLAIN))
        walls[name], processors[name] = both
    progress.done()
    return walls, processors


def run_sqlite(rounds: int, progress: Progress) -> list[Table]:
    """Time every case for every contender on SQLite, and show what of the writes is no wait for the disk.

    SQLite does its work in the process, so that its clock leaves out just that wait, which is the same for all.
    """
    title = f"The items API on SQLite, {ROWS:,} rows"
    with sqlite_urls() as url_of:
        walls, processors = measured(calls_by_case(url_of, progress), rounds, progress)
    writes = {name: processors[name] for name in ("POST", "PUT")}
    return [
        Table(title, UNIT, walls, BEST),
        Table(f"{title}, without the wait for the disk", UNIT, writes, BEST),
    ]


def run_postgresql(rounds: int, progress: Progress) -> list[Table]:
    """Time every case for every contender on PostgreSQL, where there is a server."""
    try:
        with postgresql_urls() as url_of:
            walls, _ = measured(calls_by_case(url_of, progress), rounds, progress)
    except sqlalchemy.exc.OperationalError as error:
        progress.note(f"left out, there is no server at {make_url(POSTGRESQL)!r}: {str(error).splitlines()[0]}")
        return []
    return [Table(f"The items API on PostgreSQL, {ROWS:,} rows", UNIT, walls, BEST)]
