"""The extension FlaskJSON: how it is installed, and how it gets on with what the application has of its own."""

from datetime import date

import pytest
from flask import Flask, Request, Response, abort, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, NotFound, Unauthorized

from restwell import (
    Api,
    FlaskJSON,
    FlaskJSONRequest,
    JsonError,
    JsonRequest,
    JsonTestResponse,
    Resource,
    flask_json,
    json_response,
)


@pytest.fixture(name="app")
def make_app():
    return Flask(__name__)


def jsonified(app):
    """The application with JSON_JSONIFY_HTTP_ERRORS, and a view that fails without a reason."""
    app.config["JSON_JSONIFY_HTTP_ERRORS"] = True
    FlaskJSON(app)
    app.add_url_rule("/fail", view_func=lambda: 1 // 0)
    return app


# Installing


def test_extension_is_found_on_the_application(app):
    json = FlaskJSON(app)
    assert app.extensions["json"] is json


def test_options_are_set_but_those_of_the_application_stay(app):
    app.config["JSON_STATUS_FIELD_NAME"] = "code"
    FlaskJSON(app)
    assert app.config["JSON_STATUS_FIELD_NAME"] == "code"
    assert app.config["JSON_DECODE_ERROR_MESSAGE"] == "Not a JSON."
    assert app.config["JSON_JSONP_QUERY_CALLBACKS"] == ["callback", "jsonp"]


def test_list_of_callbacks_belongs_to_one_application(app):
    FlaskJSON(app)
    app.config["JSON_JSONP_QUERY_CALLBACKS"].append("cb")
    other = Flask(__name__)
    FlaskJSON(other)
    assert other.config["JSON_JSONP_QUERY_CALLBACKS"] == ["callback", "jsonp"]


def test_extension_counts_as_setting_the_status_in_bodies(app):
    FlaskJSON(app)
    assert app.config["JSON_ADD_STATUS"] is True

    class Plain(Resource):
        def get(self):
            return {"a": 1}

    Api(app).add_resource(Plain, "/plain")
    assert app.test_client().get("/plain").json == {"a": 1, "status": 200}


@pytest.mark.parametrize("order", [(FlaskJSON, FlaskJSON), (FlaskJSON, Api), (Api, FlaskJSON)])
def test_extension_and_api_in_any_order(app, order):
    first, second = (make(app) for make in order)
    json = app.extensions["json"]
    assert json in (first, second)

    @json.encoder
    def encode(o):
        return "own" if isinstance(o, set) else None

    @app.get("/view")
    def view():
        return json_response(value={1}, day=date(2015, 12, 7))

    @app.get("/error")
    def error():
        raise JsonError(status_=402, value={1})

    client = app.test_client()
    assert client.get("/view").json == {"status": 200, "value": "own", "day": "2015-12-07"}
    response = client.get("/error")
    assert (response.status_code, response.json) == (402, {"status": 402, "value": "own"})


def test_errors_of_a_resource_are_answered_by_the_error_handler(app):
    json = FlaskJSON(app)
    api = Api(app)

    @json.error_handler
    def handle(error):
        return json_response(401, text=error.data["text"])

    @api.resource("/")
    class Failing(Resource):
        def get(self):
            raise JsonError(text="Something wrong.")

    response = app.test_client().get("/")
    assert (response.status_code, response.json) == (401, {"status": 401, "text": "Something wrong."})


def test_own_provider_request_and_response_class_stay(app):
    class OwnRequest(Request):
        pass

    class OwnResponse(Response):
        pass

    class OwnProvider(DefaultJSONProvider):
        pass

    app.testing = True
    app.json = provider = OwnProvider(app)
    app.request_class, app.response_class = OwnRequest, OwnResponse
    FlaskJSON(app)
    assert app.json is provider
    assert (app.request_class, app.response_class) == (OwnRequest, OwnResponse)


def test_own_provider_assigned_afterwards_writes_the_responses(app):
    class Shouting(DefaultJSONProvider):
        def dumps(self, obj, **kwargs):
            return super().dumps(obj, **kwargs).upper()

    FlaskJSON(app)
    app.json = Shouting(app)
    app.add_url_rule("/", view_func=lambda: json_response(name="x"))
    assert app.test_client().get("/").data == b'{"NAME":"X","STATUS":200}\n'


def test_classes_are_installed(app):
    FlaskJSON(app)
    assert type(app.json) is flask_json.FlaskJSONProvider
    assert app.json_provider_class is flask_json.FlaskJSONProvider
    assert app.request_class is JsonRequest is FlaskJSONRequest
    assert app.response_class is Response


def test_response_class_for_tests_is_installed_where_testing_is_on(app):
    app.testing = True
    FlaskJSON(app)
    assert app.response_class is JsonTestResponse


# JsonError


def test_handler_registered_before_for_json_error_wins(app):
    app.register_error_handler(JsonError, lambda error: ("own", 418))
    FlaskJSON(app)

    @app.get("/")
    def view():
        raise JsonError(description="x")

    assert app.test_client().get("/").text == "own"


def test_error_handler_may_raise_another_error(app):
    json = FlaskJSON(app)

    @json.error_handler
    def handle(error):
        raise JsonError(status_=403, text="Go away.")

    @app.get("/")
    def view():
        raise JsonError(description="x")

    response = app.test_client().get("/")
    assert (response.status_code, response.json) == (403, {"status": 403, "text": "Go away."})


def test_error_handler_may_abort(app):
    json = FlaskJSON(app)
    app.register_error_handler(404, lambda error: {"own": True})

    @json.error_handler
    def handle(error):
        abort(404 if error.data["hide"] else 403)

    @app.get("/<int:hide>")
    def view(hide):
        raise JsonError(hide=hide)

    client = app.test_client()
    assert client.get("/0").status_code == 403
    assert client.get("/1").json == {"own": True}


def test_json_error_takes_content_and_status_switch_as_json_response_does(app):
    FlaskJSON(app)

    @app.get("/list")
    def a_list():
        raise JsonError(data_=[1, 2])

    @app.get("/bare")
    def bare():
        raise JsonError(add_status_=False, a=1)

    client = app.test_client()
    assert client.get("/list").json == [1, 2]
    assert client.get("/bare").json == {"a": 1}


@pytest.mark.parametrize(
    ("keywords", "http_status", "body"),
    [
        ({"status": 418}, 418, {"status": 418}),
        ({"status_": 403, "status": 418}, 403, {"status": 418}),
        ({"status": 100500}, 400, {"status": 100500}),
        ({"status": "sold"}, 400, {"status": "sold"}),
    ],
)
def test_status_of_json_error_in_both_spellings(app, keywords, http_status, body):
    FlaskJSON(app)

    @app.get("/")
    def view():
        raise JsonError(**keywords)

    response = app.test_client().get("/")
    assert (response.status_code, response.json) == (http_status, body)


# Invalid JSON


def post(app, **kwargs):
    app.add_url_rule("/", view_func=lambda: json_response(got=request.get_json()), methods=["POST"])
    return app.test_client().post("/", **kwargs)


def test_handler_of_invalid_json_gets_the_exception(app):
    json = FlaskJSON(app)
    seen = []
    json.invalid_json_error(seen.append)
    response = post(app, data="[1,", content_type="application/json")
    assert (response.status_code, response.json) == (400, {"status": 400, "description": "Not a JSON."})
    assert isinstance(seen[0], ValueError)
    assert "line 1 column 4" in str(seen[0])


def test_wrong_content_type_is_invalid_json_without_an_exception(app):
    json = FlaskJSON(app)
    seen = []
    json.invalid_json_error(seen.append)
    response = post(app, data="[1]", content_type="text/plain")
    assert (response.status_code, response.json) == (400, {"status": 400, "description": "Not a JSON."})
    assert seen == [None]


@pytest.mark.parametrize("value", [{"text": "hello"}, 0, []])
def test_value_of_the_handler_is_the_body(app, value):
    FlaskJSON(app).invalid_json_error(lambda error: value)
    assert post(app, data="x", content_type="application/json").json["got"] == value


@pytest.mark.parametrize("body", [b'"\xff"', b"[" * 100_000, b"9" * 5000])
def test_hostile_body_is_invalid_json(app, body):
    FlaskJSON(app)
    response = post(app, data=body, content_type="application/json")
    assert (response.status_code, response.json) == (400, {"status": 400, "description": "Not a JSON."})


def test_request_class_works_without_the_extension(app):
    app.request_class = JsonRequest
    with app.test_request_context(data="x", content_type="application/json"), pytest.raises(JsonError) as raised:
        request.get_json()
    assert raised.value.data == {"description": "Not a JSON."}


# JSON_JSONIFY_HTTP_ERRORS


def test_http_errors_keep_their_headers(app):
    jsonified(app)

    @app.get("/login")
    def login():
        raise Unauthorized(www_authenticate=[WWWAuthenticate("basic"), WWWAuthenticate("bearer")])

    client = app.test_client()
    response = client.post("/login")
    assert response.json["reason"] == "Method Not Allowed"
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS"}
    challenges = client.get("/login").headers.getlist("WWW-Authenticate")
    assert [challenge.strip() for challenge in challenges] == ["Basic", "Bearer"]  # Werkzeug 3.1.0 adds a space
    assert client.get("/login").content_type == "application/json"


def test_unhandled_exception_is_a_500_that_tells_nothing(app):
    response = jsonified(app).test_client().get("/fail")
    assert response.status_code == 500
    assert response.json["reason"] == "Internal Server Error"
    assert "division" not in response.text


def test_response_carried_by_an_error_stays(app):
    jsonified(app)

    @app.get("/carried")
    def carried():
        raise NotFound(response=Response("own", 404))

    assert app.test_client().get("/carried").text == "own"


def test_redirect_to_the_canonical_url_stays(app):
    jsonified(app)
    app.add_url_rule("/folder/", "folder")
    assert app.test_client().get("/folder").status_code == 308


@pytest.mark.parametrize("registered", ["before", "after"])
@pytest.mark.parametrize("kind", [404, NotFound, HTTPException])
def test_handler_of_the_application_for_an_http_error_wins(app, registered, kind):
    def handle(error):
        return "own", 404

    if registered == "before":
        app.register_error_handler(kind, handle)
    jsonified(app)
    if registered == "after":
        app.register_error_handler(kind, handle)
    assert app.test_client().get("/unknown").text == "own"


@pytest.mark.parametrize("kind", [500, Exception, ZeroDivisionError])
def test_handler_of_the_application_for_an_exception_wins(app, kind):
    jsonified(app)
    app.register_error_handler(kind, lambda error: ("own", 500))
    client = app.test_client()
    assert client.get("/fail").text == "own"
    assert client.get("/unknown").json["reason"] == "Not Found"


def test_status_in_http_errors_follows_the_options_set_later(app):
    jsonified(app)
    app.config["JSON_STATUS_FIELD_NAME"] = "code"
    client = app.test_client()
    assert client.get("/unknown").json["code"] == 404
    app.config["JSON_ADD_STATUS"] = False
    assert client.get("/unknown").json.keys() == {"reason", "description"}
