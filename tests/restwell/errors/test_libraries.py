"""What exceptions of other libraries stand for."""

import sqlite3

import marshmallow
import pydantic
import sqlalchemy.exc
from flask import Flask

from restwell import Api, Resource


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
