"""What an error carries: it comes out in the one shape, whatever it is."""

import json
from datetime import date

import flask
import marshmallow
import pytest
from flask import Flask
from webargs.flaskparser import use_args
from werkzeug.exceptions import BadRequest, HTTPException

import restwell.flask_restful
from restwell import Api, APIError, FlaskJSON, JsonError, Resource, abort


class Opaque:
    def __str__(self):
        return "opaque"


def answer_to(raising, make_api=Api, app=None, **options):
    class Raising(Resource):
        def get(self):
            raising()

    app = app or Flask(__name__)
    make_api(app, **options).add_resource(Raising, "/")
    return app.test_client().get("/")


def raises(error):
    def raising():
        raise error

    return raising


CIRCLE = []
CIRCLE.append(CIRCLE)

CARRIED = [
    (ValueError("v"), "v"),
    (KeyError("k"), "'k'"),
    (Opaque(), "opaque"),
    (b"abc", "abc"),
    ([ValueError("v"), 1], ["v", 1]),
    ({"a": {"b": Opaque()}}, {"a": {"b": "opaque"}}),
    ({(1, 2): "x"}, {"(1, 2)": "x"}),
    ({1, Opaque}, None),
    (Opaque, None),
    ("\ud800", None),
    (CIRCLE, None),
    (date(2024, 5, 31), "2024-05-31"),
]


@pytest.mark.parametrize(("carried", "written"), CARRIED, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("error_format", ["standard", "problem", "restful", lambda error, data: {**data}])
@pytest.mark.parametrize("key", ["message", "cause"])
def test_what_an_abort_carries_is_written(carried, written, error_format, key):
    response = answer_to(lambda: abort(400, **{"message": "m", key: carried}), error_format=error_format)
    assert response.status_code == 400
    body = json.loads(response.text)
    if error_format == "problem" and key == "message":
        key = "errors" if "errors" in body else "detail"
    if written is None:
        assert key in body
    else:
        assert body[key] == written


@pytest.mark.parametrize("make_api", [Api, restwell.flask_restful.Api])
@pytest.mark.parametrize(
    "raising",
    [
        lambda: abort(400, message=ValueError("v")),
        lambda: flask.abort(400, ValueError("v")),
        raises(APIError(ValueError("v"))),
        raises(BadRequest(ValueError("v"))),
        raises(JsonError(400, message=ValueError("v"))),
    ],
    ids=["abort", "flask.abort", "APIError", "BadRequest", "JsonError"],
)
def test_every_way_to_raise_carries_anything(make_api, raising):
    response = answer_to(raising, make_api)
    assert (response.status_code, response.is_json) == (400, True)
    assert response.json["message"] == "v"


@pytest.mark.parametrize("make_api", [Api, restwell.flask_restful.Api])
def test_what_errors_add_is_written_too(make_api):
    class Boom(Exception):  # noqa: N818
        pass

    errors = {"Boom": {"message": "m", "status": 409, "why": ValueError("v")}}
    response = answer_to(raises(Boom()), make_api, errors=errors)
    assert (response.status_code, response.json["why"]) == (409, "v")


def test_details_of_an_error_may_be_anything():
    response = answer_to(raises(APIError("m", 409, payload={"left": Opaque()})))
    assert (response.status_code, response.json["details"]) == (409, {"left": "opaque"})


@pytest.mark.parametrize("error_format", ["standard", "problem", "restful"])
def test_of_an_error_of_the_server_it_is_left_out(error_format):
    response = answer_to(
        lambda: abort(503, message="m", cause=KeyError("the secret"), parts=[1, {"a": Opaque(), "b": 2}]),
        error_format=error_format,
    )
    assert response.status_code == 503
    assert "the secret" not in response.text
    assert "cause" not in response.json
    assert response.json["parts"] == [1, {"b": 2}]


def test_an_error_of_flask_json_carries_anything():
    app = Flask(__name__)
    FlaskJSON(app)

    @app.get("/view")
    def view():
        raise JsonError(409, why=Opaque(), message="m")

    response = app.test_client().get("/view")
    assert (response.status_code, response.json["why"]) == (409, "opaque")


@pytest.mark.parametrize("make_api", [Api, restwell.flask_restful.Api])
@pytest.mark.parametrize("location", ["query", "json"])
def test_the_messages_of_webargs_are_by_field(make_api, location):
    class Taking(Resource):
        @use_args({"n": marshmallow.fields.Integer(required=True)}, location=location)
        def post(self, args):
            return args

        @use_args({"n": marshmallow.fields.Integer(required=True)}, location=location)
        async def put(self, args):
            return args

    app = Flask(__name__)
    make_api(app).add_resource(Taking, "/")
    for send in (app.test_client().post, app.test_client().put):
        response = send("/", json={})
        assert (response.status_code, response.is_json) == (422, True)
        assert response.json["message"] == {"n": "Missing data for required field."}


@pytest.mark.parametrize("make_api", [Api, restwell.flask_restful.Api])
def test_an_http_error_may_leave_out_the_constructor_of_its_base(make_api):
    class Teapot(HTTPException):
        def __init__(self, message):
            self.code = 418
            self.message = message

    response = answer_to(raises(Teapot("short and stout")), make_api)
    assert (response.status_code, response.is_json) == (418, True)
    response = answer_to(raises(Teapot("m")), make_api, errors={"Teapot": {"message": "n", "status": 409}})
    assert (response.status_code, response.json["message"]) == (409, "n")


# -- an exception that is no HTTP error, but has data


class Conflicting(Exception):  # noqa: N818
    data = {"foo": "bar"}  # noqa: RUF012  # as people write it


@pytest.mark.parametrize("make_api", [lambda app: Api(app, error_format="restful"), restwell.flask_restful.Api])
def test_flask_restful_writes_the_data_of_any_exception(make_api):
    response = answer_to(raises(Conflicting("the secret")), make_api)
    assert (response.status_code, response.json) == (500, {"foo": "bar"})


@pytest.mark.parametrize("error_format", ["standard", "problem"])
def test_nothing_of_an_exception_that_nobody_expected_goes_out_otherwise(error_format):
    response = answer_to(raises(Conflicting("the secret")), error_format=error_format)
    assert response.status_code == 500
    assert "foo" not in response.json
    assert "the secret" not in response.text


@pytest.mark.parametrize("make_api", [lambda app: Api(app, error_format="restful"), restwell.flask_restful.Api])
def test_what_json_cannot_write_of_it_is_left_out(make_api):
    class Failed(Exception):  # noqa: N818
        data = {"foo": Opaque(), "bar": 1}  # noqa: RUF012

    response = answer_to(raises(Failed()), make_api)
    assert (response.status_code, response.json) == (500, {"bar": 1})
