"""What exceptions of other libraries stand for, and what Werkzeug and the server cannot read of a request."""

import sqlite3
from typing import Any

import flask
import gunicorn.http.errors
import marshmallow
import pydantic
import pytest
import sqlalchemy.exc
from flask import Flask
from flask.testing import FlaskClient

from restwell import Api, Resource, flask_restful, reqparse
from restwell.operations import limits


class Query(Resource):
    """Reads the query by one of the ways there are."""

    def get(self, way: str) -> Any:
        parser = reqparse.RequestParser()
        parser.add_argument("q", location="values" if way == "values" else "args")
        ways = {
            "args": lambda: flask.request.args.get("q"),
            "path": lambda: flask.request.full_path,
            "parser": lambda: parser.parse_args()["q"],
            "values": lambda: parser.parse_args()["q"],
            "none": lambda: None,
            "other": lambda: b"\xff".decode(),
        }
        return {"q": ways[way]()}


class Body(Resource):
    def post(self) -> Any:
        return {"length": len(flask.request.get_data())}


class Broken:
    """A body whose server complains of it."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, size: int = -1) -> bytes:
        raise self._error


@pytest.fixture(params=[Api, flask_restful.Api])
def client(request: pytest.FixtureRequest) -> FlaskClient:
    app = Flask(__name__)
    api = request.param(app)
    api.add_resource(Query, "/query/<way>")
    api.add_resource(Body, "/body")
    app.add_url_rule("/view", "view", lambda: {"length": len(flask.request.get_data())}, methods=["POST"])
    return app.test_client()


@pytest.mark.parametrize("way", ["args", "path", "parser", "values"])
@pytest.mark.parametrize("query", ["q=\xff", "q=\xc3", "\xed\xa0\x80=1", "q=a&\xfe"])
def test_query_that_is_no_utf8_is_a_bad_request(client: FlaskClient, way: str, query: str) -> None:
    response = client.get(f"/query/{way}", environ_overrides={"QUERY_STRING": query})
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["message"].startswith("The query string is not UTF-8: byte 0x")


def test_query_is_read_where_it_can_be(client: FlaskClient) -> None:
    utf8 = "q=é".encode().decode("latin-1")
    assert client.get("/query/args", environ_overrides={"QUERY_STRING": utf8}).json == {"q": "é"}
    assert client.get("/query/none", environ_overrides={"QUERY_STRING": "q=\xff"}).json == {"q": None}
    assert client.get("/query/other", environ_overrides={"QUERY_STRING": "q=\xff"}).status_code == 500


@pytest.mark.parametrize(
    "error",
    [
        gunicorn.http.errors.InvalidChunkSize(b"zz secret"),
        gunicorn.http.errors.ChunkMissingTerminator(b"secret"),
        gunicorn.http.errors.InvalidChunkExtension("secret"),
        gunicorn.http.errors.InvalidHeader("secret trailer"),
        gunicorn.http.errors.LimitRequestHeaders("secret"),
        gunicorn.http.errors.NoMoreData(b"secret"),
    ],
)
def test_body_whose_chunks_are_broken_is_a_bad_request(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    assert_refused(client, caplog, "/body", error)


@pytest.mark.parametrize("path", ["/body", "/view"])
@pytest.mark.parametrize(
    "error",
    [
        gunicorn.http.errors.InvalidChunkSize(b"zz secret"),
        gunicorn.http.errors.NoMoreData(b"secret"),
        OSError("Invalid chunk header"),  # Werkzeug's server
    ],
)
def test_every_view_of_an_application_that_is_set_up_refuses_broken_chunks(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str, error: Exception
) -> None:
    client.application.config.update({option.name: option.default for option in limits.OPTIONS})
    limits.init_limits(client.application)
    assert_refused(client, caplog, path, error)


def assert_refused(client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str, error: Exception) -> None:
    environ = {"wsgi.input": Broken(error), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    response = client.post(path, environ_overrides=environ)
    assert response.status_code == 400
    assert b"secret" not in response.data
    assert caplog.text == ""


# -- libraries of the application's


def client_raising(raising, error_format="standard", **options):
    """A client of an application whose one resource calls `raising`."""

    class Failing(Resource):
        def get(self):
            raising()

        post = get

    app = Flask(__name__)
    Api(app, error_format=error_format, **options).add_resource(Failing, "/")
    return app.test_client()


def raiser(error):
    def raising():
        raise error

    return raising


def test_marshmallow_failures_are_keyed_by_path():
    class Address(marshmallow.Schema):
        street = marshmallow.fields.String(required=True)

    class Person(marshmallow.Schema):
        address = marshmallow.fields.Nested(Address)
        tags = marshmallow.fields.List(marshmallow.fields.String())

    response = client_raising(lambda: Person().load({"address": {}, "tags": ["a", 1], "odd": 1})).get("/")
    assert response.status_code == 422
    assert response.json == {
        "error": "Unprocessable Entity",
        "message": {
            "address.street": "Missing data for required field.",
            "tags[1]": "Not a valid string.",
            "odd": "Unknown field.",
        },
        "status": 422,
    }


def test_pydantic_failures_are_keyed_by_path():
    class Address(pydantic.BaseModel):
        street: str

    class Person(pydantic.BaseModel):
        address: Address
        tags: list[str]

    response = client_raising(lambda: Person.model_validate({"address": {}, "tags": ["a", 1]})).get("/")
    assert response.status_code == 422
    assert set(response.json["message"]) == {"address.street", "tags[1]"}


def database_error(kind, original):
    return kind("SELECT secret", {}, original)


def test_violated_key_is_409_without_the_statement():
    original = sqlite3.IntegrityError("UNIQUE constraint failed: items.name")
    response = client_raising(raiser(database_error(sqlalchemy.exc.IntegrityError, original))).get("/")
    assert response.status_code == 409
    assert "secret" not in response.text
    assert response.json["fields"] == ["name"]
    assert response.json["message"].endswith(": name.")


def test_violated_key_of_an_expression_is_409_without_names():
    original = sqlite3.IntegrityError("UNIQUE constraint failed: index 'items_by_lower_name'")
    response = client_raising(raiser(database_error(sqlalchemy.exc.IntegrityError, original))).get("/")
    assert response.status_code == 409
    assert "fields" not in response.json


def test_database_that_is_busy_is_503_with_retry_after(caplog):
    original = sqlite3.OperationalError("database is locked")
    response = client_raising(raiser(database_error(sqlalchemy.exc.OperationalError, original))).get("/")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    (record,) = caplog.records
    assert (record.levelname, record.exc_info) == ("WARNING", None)
    assert "database is locked" in record.getMessage()


def test_missing_table_is_500():
    original = sqlite3.OperationalError("no such table: items")
    assert client_raising(raiser(database_error(sqlalchemy.exc.OperationalError, original))).get("/").status_code == 500
