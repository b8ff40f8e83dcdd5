"""The one shape of errors, in each format."""

import flask
import pytest
from flask import Flask, request
from werkzeug.exceptions import BadRequest

from restwell import Api, Resource, abort, reqparse

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
