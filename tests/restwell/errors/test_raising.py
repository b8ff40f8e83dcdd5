"""The one shape of errors, in each format."""

import sqlite3

import flask
import marshmallow
import pydantic
import pytest
import sqlalchemy.exc
from flask import Flask, request
from werkzeug.exceptions import BadRequest, ServiceUnavailable

from restwell import Api, APIError, JsonError, Resource, abort, abort_if_missing, reqparse

PROBLEM = "application/problem+json"


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


# -- raising


def test_abort_adds_its_keywords_to_the_body():
    response = client_raising(lambda: abort(404, message="Item 7 not found", item_id=7)).get("/")
    assert response.status_code == 404
    assert response.json == {"error": "Not Found", "message": "Item 7 not found", "item_id": 7, "status": 404}


def test_abort_without_a_message_uses_the_description():
    assert "not found on the server" in client_raising(lambda: abort(404)).get("/").json["message"]


def test_keywords_of_abort_win_over_the_formats_keys():
    body = client_raising(lambda: abort(404, error="mine", status="own")).get("/").json
    assert (body["error"], body["status"]) == ("mine", "own")


def test_abort_if_missing_gives_back_what_is_there():
    assert abort_if_missing({}, "unused") == {}
    response = client_raising(lambda: abort_if_missing(None, "Nobody home")).get("/")
    assert (response.status_code, response.json["message"]) == (404, "Nobody home")


def test_api_error_sends_its_payload_as_details():
    response = client_raising(raiser(APIError("No credit", 402, {"balance": 0}))).get("/")
    assert response.status_code == 402
    assert response.json == {
        "error": "Payment Required",
        "message": "No credit",
        "details": {"balance": 0},
        "status": 402,
    }


def test_api_error_defaults_to_400_without_details():
    assert client_raising(raiser(APIError("Bad"))).get("/").json == {
        "error": "Bad Request",
        "message": "Bad",
        "status": 400,
    }


def test_api_error_reaches_the_applications_own_handler():
    app = Flask(__name__)
    app.add_url_rule("/", view_func=raiser(APIError("Bad", 422, [1])))
    app.register_error_handler(APIError, lambda error: ({"own": error.message, "p": error.payload}, error.status_code))
    response = app.test_client().get("/")
    assert (response.status_code, response.json) == (422, {"own": "Bad", "p": [1]})


def test_json_error_is_its_keywords():
    response = client_raising(raiser(JsonError(status_=401, headers_={"X-Mark": "yes"}, text="no"))).get("/")
    assert (response.status_code, response.headers["X-Mark"]) == (401, "yes")
    assert response.json == {"text": "no", "status": 401}


def test_headers_of_the_exception_are_sent():
    response = client_raising(raiser(ServiceUnavailable("later", retry_after=7))).get("/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "7")
    assert response.headers.getlist("Content-Type") == ["application/json"]


# -- formats


def test_problem_format():
    response = client_raising(lambda: abort(404, message="Item 7 not found", item_id=7), "problem").get("/")
    assert response.content_type == PROBLEM
    assert response.json == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Item 7 not found",
        "item_id": 7,
    }


def test_problem_format_lists_the_arguments_that_failed():
    def parse():
        parser = reqparse.RequestParser(bundle_errors=True)
        parser.add_argument("name", required=True, help="name is required")
        parser.parse_args()

    body = client_raising(parse, "problem").post("/", json={}).json
    assert body["errors"] == {"name": "name is required"}
    assert isinstance(body["detail"], str)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (PROBLEM, PROBLEM),
        (f"{PROBLEM}, application/json;q=0.5", PROBLEM),
        ("Application/Problem+JSON", PROBLEM),
        (f"application/json, {PROBLEM};q=0.5", "application/json"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
    ],
)
def test_accept_may_prefer_problems(accept, content_type):
    response = client_raising(lambda: abort(404)).get("/", headers={"Accept": accept})
    assert response.content_type == content_type
    assert ("title" in response.json) is (content_type == PROBLEM)


@pytest.mark.parametrize("options", [{}, {"browsable": False}, {"error_format": "problem", "browsable": False}])
def test_error_says_once_that_it_depends_on_accept(options):
    response = client_raising(lambda: abort(404), **options).get("/")
    assert response.headers.getlist("Vary") == ["Accept"]


@pytest.mark.parametrize("error", [BadRequest, BadRequest("The colour is unknown.")])
def test_message_is_that_of_the_error_whatever_went_wrong_before_it(error):
    def refuse():
        try:
            int("secret")
        except ValueError:
            raise error  # noqa: B904 - the context is meant

    assert client_raising(refuse).get("/").json["message"] == (
        error.description if isinstance(error, BadRequest) else BadRequest.description
    )


def test_description_that_is_no_json_is_written_as_text():
    class Permission:
        def __str__(self):
            return "<Permission>"

    response = client_raising(lambda: flask.abort(403, Permission())).get("/")
    assert (response.status_code, response.json["message"]) == (403, "<Permission>")
    assert client_raising(lambda: flask.abort(403, ["a", "b"])).get("/").json["message"] == ["a", "b"]


def test_restful_format_is_flask_restfuls_body_to_the_byte():
    client = client_raising(lambda: abort(404, message="Item 7 not found"), "restful")
    assert client.get("/").data == b'{"message": "Item 7 not found"}\n'


def test_restful_format_takes_the_status_only_when_asked():
    client = client_raising(lambda: abort(404, message="gone"), "restful", status_in_body=True)
    assert client.get("/").json == {"message": "gone", "status": 404}


def test_own_format():
    def own(error, data):
        return {"code": error.code, "said": data["message"]}

    assert client_raising(lambda: abort(404, message="gone"), own).get("/").json == {"code": 404, "said": "gone"}


@pytest.mark.parametrize("error_format", ["standard", "problem", "restful", lambda error, data: {"own": True}])
def test_a_500_shows_nothing_of_the_exception_in_any_format(error_format):
    client = client_raising(raiser(RuntimeError("secret")), error_format)
    response = client.get("/")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "Runtime" not in response.text


def test_no_status_in_the_body_of_a_problem_when_it_is_off():
    assert "status" not in client_raising(lambda: abort(404), "problem", status_in_body=False).get("/").json


# -- bodies that cannot be read


def test_invalid_json_says_where():
    response = client_raising(lambda: request.get_json()).post("/", data='{"a": tru}', content_type="application/json")
    assert response.status_code == 400
    assert "line 1 column 7" in response.json["message"]


def test_a_400_of_the_application_keeps_its_message():
    assert client_raising(raiser(BadRequest("mine"))).get("/").json["message"] == "mine"


def test_body_over_the_limit_is_413():
    client = client_raising(lambda: request.get_json())
    client.application.config["MAX_CONTENT_LENGTH"] = 10
    response = client.post("/", json={"name": "x" * 100})
    assert response.status_code == 413
    assert response.json["message"] == "The body must not be larger than 10 bytes."


# -- errors of libraries


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
