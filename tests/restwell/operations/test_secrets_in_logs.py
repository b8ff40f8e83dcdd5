"""What a client sent is in no log line, whatever the database or the server complains of."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import flask
import gunicorn.config
import gunicorn.http.errors
import psycopg
import pytest
import sqlalchemy
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, text

from restwell import Api, Resource, UTCDateTime, idempotent
from restwell.data.database import Database
from restwell.operations import logs
from restwell.operations.gunicorn import Logger

SECRET = "sekrit"

db = Database()
notes = Table("notes", db.metadata, Column("id", Integer, primary_key=True), Column("note", String, nullable=False))
gone = Table("gone", MetaData(), Column("id", Integer, primary_key=True), Column("note", String))
narrow = Table("notes", MetaData(), Column("id", Integer, primary_key=True), Column("other", String))
numbers = Table("notes", MetaData(), Column("id", String), Column("note", String))
moments = Table("notes", MetaData(), Column("id", Integer, primary_key=True), Column("note", UTCDateTime))

FAILURES: dict[str, Callable[[], Any]] = {
    "a missing table": lambda: db.rows(insert(gone), {"note": SECRET}),
    "a missing column": lambda: db.rows(insert(narrow), {"other": SECRET}),
    "a null": lambda: db.session.execute(text("INSERT INTO notes (id, note) VALUES (9, NULL)")),
    "a row": lambda: db.session.execute(text("UPDATE notes SET note = NULL WHERE note = :n"), {"n": SECRET}),
    "a kept statement": lambda: db.rows(db.statement(insert(gone)), {"note": SECRET}),
    "a session": lambda: db.session.execute(text("SELECT nothing FROM notes WHERE note = :n"), {"n": SECRET}),
    "a value": lambda: db.rows(sqlalchemy.select(numbers).where(numbers.c.id == SECRET + "\0")),
    "an input": lambda: db.session.execute(text("SELECT CAST(:n AS INTEGER)"), {"n": SECRET}),
    "a type": lambda: db.rows(insert(moments), {"note": SECRET}),
}


class Failing(Resource):
    def post(self, failure: str) -> Any:
        FAILURES[failure]()
        return {}


class Keyed(Resource):
    @idempotent
    def post(self) -> Any:
        return FAILURES["a missing table"]()


@pytest.fixture
def client(database_url: str) -> Iterator[FlaskClient]:
    app = Flask(__name__)
    app.config.update(DATABASE_URL=database_url, DATABASE_BUSY_TIMEOUT=200)
    db.init_app(app)
    api = Api(app)
    api.add_resource(Failing, "/failing/<failure>")
    api.add_resource(Keyed, "/keyed")
    app.add_url_rule("/view/<failure>", view_func=lambda failure: flask.jsonify(FAILURES[failure]()), methods=["POST"])
    with app.app_context():
        db.create_all()
        db.rows(insert(notes), {"note": SECRET})
        db.session.remove()
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def lines() -> Iterator[list[str]]:
    written: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Handler()
    logs.adapt(handler, "text")
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("failure", FAILURES)
def test_database_that_complains_tells_no_values(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, failure: str
) -> None:
    client.post(f"/failing/{failure}")  # on SQLite some of them work
    assert SECRET not in caplog.text


@pytest.mark.parametrize("failure", FAILURES)
def test_lines_of_a_view_tell_no_values(client: FlaskClient, lines: list[str], failure: str) -> None:
    client.post(f"/view/{failure}")
    assert SECRET not in "".join(lines)


def test_database_that_is_locked_tells_no_values(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    headers = {"Idempotency-Key": SECRET}
    with client.application.app_context(), db.transaction() as connection:
        lock = "SELECT 1" if connection.dialect.name == "sqlite" else "LOCK TABLE notes IN ACCESS EXCLUSIVE MODE"
        connection.exec_driver_sql(lock)
        FAILURES["locked"] = lambda: db.rows(insert(notes), {"note": SECRET})
        try:
            response = client.post("/failing/locked", headers=headers)
        finally:
            del FAILURES["locked"]
    assert response.status_code in (200, 503)
    client.post("/keyed", headers=headers)
    assert SECRET not in caplog.text


def test_what_the_driver_knows_stays(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url) as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute("CREATE TABLE shelves (name TEXT UNIQUE); INSERT INTO shelves VALUES ('a'), ('a')")
    logs.add_request(logging.LogRecord("x", 40, "", 1, "", (), (psycopg.Error, caught.value, None)))
    assert "\n" not in str(caught.value)
    assert caught.value.diag.constraint_name == "shelves_name_key"


@pytest.mark.parametrize(
    "message",
    [f'"GET /items?token={SECRET} HTTP/1.1" 200 -', f"code 400, message Bad request syntax ('GET /?{SECRET} x')"],
)
def test_development_server_does_not_tell_the_query(lines: list[str], message: str) -> None:
    logging.getLogger("werkzeug").warning("127.0.0.1 - - [now] %s\n", message)
    assert SECRET not in lines[0]
    assert "/ x" in lines[0] or "/items HTTP/1.1" in lines[0]


# -- gunicorn --------------------------------------------------------------------------------------------------------


@pytest.fixture
def logger() -> Iterator[tuple[Logger, list[str]]]:
    written: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    config = gunicorn.config.Config()
    config.set("loglevel", "debug")
    logger = Logger(config)
    handler = Handler()
    logger.error_log.addHandler(handler)
    yield logger, written
    logger.error_log.removeHandler(handler)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (gunicorn.http.errors.InvalidRequestLine(f"GET /?{SECRET} x"), "Invalid HTTP request line"),
        (gunicorn.http.errors.InvalidHeader(f"Authorization {SECRET}"), "Invalid HTTP Header"),
        (gunicorn.http.errors.InvalidHeaderName(f"{SECRET}"), "Invalid HTTP header name"),
        (gunicorn.http.errors.InvalidChunkSize(SECRET.encode()), "Invalid chunk size"),
        (gunicorn.http.errors.ChunkMissingTerminator(SECRET.encode()), "Invalid chunk terminator is not "),
        (gunicorn.http.errors.ExpectationFailed(SECRET), "Unable to comply with expectation"),
        (gunicorn.http.errors.InvalidRequestMethod(SECRET), "Invalid HTTP method"),
        (gunicorn.http.errors.LimitRequestLine(9000, 8190), "Request Line is too large (9000 > 8190)"),
    ],
)
@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_gunicorn_does_not_quote_what_is_no_http(
    logger: tuple[Logger, list[str]], error: Exception, told: str, address: str
) -> None:
    log, written = logger
    log.warning(f"Invalid request from ip={address}: {error}")
    assert written == [f"Invalid request from ip={address}: {told}"]


def test_gunicorn_does_not_tell_the_query_of_a_request_that_failed(logger: tuple[Logger, list[str]]) -> None:
    log, written = logger
    try:
        raise RuntimeError("why")
    except RuntimeError:
        log.exception("Error handling request %s %s", "GET", f"/items?token={SECRET}")
        log.exception("Error handling request %s", f"/items?token={SECRET}")
    log.debug("Ignored premature client disconnection. %s", gunicorn.http.errors.NoMoreData(SECRET.encode()))
    log.warning("Something else: 'quoted'")
    text = "".join(written)
    assert SECRET not in text
    assert text.count("/items") == 2
    assert "RuntimeError: why" in text
    assert "NoMoreData" in text
    assert "Something else: 'quoted'" in text
