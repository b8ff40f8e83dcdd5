"""A body that is announced as JSON, and is not there."""

import marshmallow
import pydantic
import pytest
from flask import Flask, request

from restwell import Api, Resource, expects, reqparse


class Model(pydantic.BaseModel):
    n: int = 1


class Schema(marshmallow.Schema):
    n = marshmallow.fields.Integer(load_default=1)


def parser_at(location):
    return reqparse.RequestParser().add_argument("n", type=int, default=1, location=location)


def client_of(make_api, expected):
    class Taking(Resource):
        @expects(expected)
        def post(self, args):
            return {"n": args.n if isinstance(args, Model) else args["n"]}

        put = patch = delete = post

        @expects(expected)
        async def get(self, args):
            return {"n": args.n if isinstance(args, Model) else args["n"]}

    app = Flask(__name__)
    make_api(app).add_resource(Taking, "/")
    return app.test_client()


EXPECTED = {
    "parser": parser_at("json"),
    "default locations": parser_at(("json", "values")),
    "marshmallow": Schema,
    "pydantic": Model,
}


@pytest.mark.parametrize("expected", EXPECTED)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET"])
@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "application/x+json"])
def test_an_empty_body_is_no_json(any_api, expected, method, content_type):
    client = client_of(any_api, EXPECTED[expected])
    response = client.open("/", method=method, data=b"", content_type=content_type)
    assert (response.status_code, response.is_json) == (400, True)
    assert client.open("/", method=method, data=b"{}", content_type=content_type).json == {"n": 1}


def test_the_refusal_says_that_it_is_empty():
    for expected in EXPECTED.values():
        response = client_of(Api, expected).post("/", data=b"", content_type="application/json")
        assert response.json["message"] == "The body is not valid JSON: it is empty"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_body_that_nobody_announced_need_not_be_there(any_api, method):
    for expected in ("parser", "default locations", "marshmallow", "pydantic"):
        if expected == "parser" and any_api.__module__ != "restwell.api":
            continue  # for Flask-RESTful, which asks for JSON, it is a 400
        assert client_of(any_api, EXPECTED[expected]).open("/", method=method).json == {"n": 1}


def test_who_reads_no_body_needs_none(any_api):
    client = client_of(any_api, parser_at("args"))
    assert client.get("/?n=2", content_type="application/json").json == {"n": 2}


@pytest.mark.parametrize("expected", EXPECTED)
@pytest.mark.parametrize("read", [lambda: request.get_data(cache=False), lambda: request.stream.read()])
def test_a_body_that_a_hook_has_taken_away_is_not_there_any_more(any_api, expected, read):
    client = client_of(any_api, EXPECTED[expected])
    client.application.before_request(lambda: read() and None)
    response = client.post("/", json={"n": 7})
    assert (response.status_code, response.is_json) == (400, True)


@pytest.mark.parametrize("expected", EXPECTED)
@pytest.mark.parametrize("read", [lambda: request.get_data(), lambda: request.get_json()])
def test_a_body_that_a_hook_has_read_is_still_there(any_api, expected, read):
    client = client_of(any_api, EXPECTED[expected])
    client.application.before_request(lambda: read() and None)
    assert client.post("/", json={"n": 7}).json == {"n": 7}
