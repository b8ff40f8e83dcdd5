"""Other libraries beside an Api, in both doors: they answer for what is theirs, the Api for the rest."""

import json

import apiflask
import flask_httpauth
import flask_jwt_extended
import flask_limiter
import flask_restful
import flask_smorest
import marshmallow
import pytest
from flask import Flask, jsonify
from flask.views import MethodView
from flask_limiter.util import get_remote_address
from webargs import fields as webargs_fields
from webargs.flaskparser import use_args, use_kwargs

import restwell
from restwell import flask_restful as door

doors = pytest.mark.parametrize("framework", [restwell, door], ids=["restwell", "door"])
modes = pytest.mark.parametrize("mode", [{}, {"TESTING": True}, {"PROPAGATE_EXCEPTIONS": False}], ids=str)


def body(framework, status, name, message):
    """The body of an error in the shape of each door."""
    return {"message": message} if framework is door else {"error": name, "message": message, "status": status}


# -- webargs ----------------------------------------------------------------------------------------------------------


def with_webargs(framework, mode, handler=None):
    app = Flask("site")
    app.config.update(mode)
    if handler is not None:
        app.register_error_handler(422, handler)
        app.register_error_handler(400, handler)

    class Named(framework.Resource):
        @use_args({"name": webargs_fields.Str(required=True), "age": webargs_fields.Int()}, location="json")
        def post(self, args):
            return args

        @use_kwargs({"page": webargs_fields.Int(required=True)}, location="query")
        def get(self, page):
            return {"page": page}

    framework.Api(app).add_resource(Named, "/named")
    return app.test_client()


@doors
@modes
def test_webargs_messages_come_by_field(framework, mode):
    client = with_webargs(framework, mode)
    assert client.post("/named", json={"name": "Ada"}).json == {"name": "Ada"}
    refused = client.post("/named", json={"age": "x"})
    messages = {"name": "Missing data for required field.", "age": "Not a valid integer."}
    assert refused.status_code == 422
    assert refused.json == body(framework, 422, "Unprocessable Entity", messages)
    refused = client.get("/named?page=x")
    assert refused.json == body(framework, 422, "Unprocessable Entity", {"page": "Not a valid integer."})


@doors
@modes
def test_webargs_documented_handler_answers_in_the_door_alone(framework, mode):
    def handler(error):
        messages = error.data.get("messages", ["Invalid request."])
        return jsonify({"errors": messages}), error.code

    client = with_webargs(framework, mode, handler)
    refused = client.post("/named", json={})
    messages = {"json": {"name": ["Missing data for required field."]}}
    if framework is door:
        assert (refused.status_code, refused.json) == (422, {"errors": messages})
    else:
        assert refused.json["message"] == {"name": "Missing data for required field."}
    theirs = with_webargs(flask_restful, mode, handler)
    cut = client.post("/named", data="{", content_type="application/json")
    right = theirs.post("/named", data="{", content_type="application/json")
    assert (cut.status_code, right.status_code) == (400, 400)
    if framework is door:
        assert (cut.data, refused.data) == (right.data, theirs.post("/named", json={}).data)


# -- Flask-JWT-Extended, Flask-HTTPAuth, Flask-Limiter ----------------------------------------------------------------


@doors
@modes
def test_jwt_answers_what_it_raises(framework, mode):
    app = Flask("site")
    app.config.update(mode, JWT_SECRET_KEY="a secret of at least thirty-two bytes")
    flask_jwt_extended.JWTManager(app)

    class Secret(framework.Resource):
        @flask_jwt_extended.jwt_required()
        def get(self):
            return {"user": flask_jwt_extended.get_jwt_identity()}

    framework.Api(app).add_resource(Secret, "/secret")
    client = app.test_client()
    refused = client.get("/secret")
    assert (refused.status_code, refused.json) == (401, {"msg": "Missing Authorization Header"})
    refused = client.get("/secret", headers={"Authorization": "Bearer x"})
    assert (refused.status_code, refused.json) == (422, {"msg": "Not enough segments"})


@doors
@modes
def test_http_auth_challenges(framework, mode):
    app = Flask("site")
    app.config.update(mode)
    auth = flask_httpauth.HTTPBasicAuth()
    auth.verify_password(lambda user, password: user if password == "secret" else None)

    class Secret(framework.Resource):
        decorators = (auth.login_required,)

        def get(self):
            return {"user": auth.current_user()}

    framework.Api(app).add_resource(Secret, "/secret")
    client = app.test_client()
    assert client.get("/secret", auth=("bob", "secret")).json == {"user": "bob"}
    refused = client.get("/secret")
    assert (refused.status_code, refused.data) == (401, b"Unauthorized Access")
    assert refused.headers["WWW-Authenticate"].startswith("Basic")


@doors
@modes
@pytest.mark.parametrize("has_handler", [False, True])
def test_limits_are_answered_by_the_api_or_by_a_handler_for_their_own_class(framework, mode, has_handler):
    app = Flask("site")
    app.config.update(mode)
    limiter = flask_limiter.Limiter(get_remote_address, app=app, storage_uri="memory://")
    app.register_error_handler(429, lambda error: ("a page for 429", 429))
    if has_handler:
        app.register_error_handler(flask_limiter.RateLimitExceeded, lambda error: ("own", 429))

    class Limited(framework.Resource):
        decorators = (limiter.limit("1 per hour"),)

        def get(self):
            return {}

    framework.Api(app).add_resource(Limited, "/limited")
    client = app.test_client()
    assert client.get("/limited").status_code == 200
    refused = client.get("/limited")
    assert refused.status_code == 429
    if has_handler and framework is restwell:
        assert refused.text == "own"
    else:
        assert refused.json == body(framework, 429, "Too Many Requests", "1 per 1 hour")


# -- flask-smorest and APIFlask ---------------------------------------------------------------------------------------


class ItemSchema(marshmallow.Schema):
    name = marshmallow.fields.String(required=True)


def smorest_views(app):
    app.config.update(API_TITLE="Items", API_VERSION="v1", OPENAPI_VERSION="3.0.2")
    blueprint = flask_smorest.Blueprint("items", "items", url_prefix="/items")

    @blueprint.route("/")
    class Items(MethodView):
        @blueprint.arguments(ItemSchema)
        @blueprint.response(201, ItemSchema)
        def post(self, item):
            return item

        def get(self):
            flask_smorest.abort(409, message="taken", errors={"name": ["taken"]})

    flask_smorest.Api(app).register_blueprint(blueprint)


def api_flask_views(app):
    @app.post("/items/")
    @app.input(ItemSchema)
    @app.output(ItemSchema, status_code=201)
    def items(json_data):
        return json_data

    @app.get("/items/")
    def taken():
        apiflask.abort(409, message="taken", detail={"name": ["taken"]})


def resources(app, framework):
    class Todo(framework.Resource):
        def get(self, number):
            if number:
                framework.abort(404, message=f"no todo {number}")
            raise marshmallow.ValidationError({"name": ["wrong"]})

        def post(self, number):
            raise ZeroDivisionError

    framework.Api(app, prefix="/api").add_resource(Todo, "/todos/<int:number>")


ASKED = [
    {"path": "/items/", "method": "POST", "json": {"name": "Ada"}},
    {"path": "/items/", "method": "POST", "json": {}},
    {"path": "/items/", "method": "POST", "data": "{", "content_type": "application/json"},
    {"path": "/items/", "method": "GET"},
    {"path": "/items/", "method": "DELETE"},
    {"path": "/nowhere"},
    {"path": "/openapi.json"},
]


@doors
@pytest.mark.parametrize("order", ["before", "behind"])
@pytest.mark.parametrize(
    ("make", "views"), [(Flask, smorest_views), (apiflask.APIFlask, api_flask_views)], ids=["flask-smorest", "APIFlask"]
)
def test_other_frameworks_of_apis_keep_theirs_and_leave_ours(framework, order, make, views):
    alone, app = make("site"), make("site")
    views(alone)
    if order == "before":
        resources(app, framework)
    views(app)
    if order == "behind":
        resources(app, framework)
    theirs, client = alone.test_client(), app.test_client()
    for asked in ASKED:
        right, came = theirs.open(**asked), client.open(**asked)
        if asked["path"] == "/openapi.json":
            assert came.status_code == right.status_code
            continue
        assert (came.status, sorted(came.headers), came.data) == (right.status, sorted(right.headers), right.data), (
            asked
        )

    missing = client.get("/api/todos/7")
    assert (missing.status_code, missing.json) == (404, body(framework, 404, "Not Found", "no todo 7"))
    wrong = client.get("/api/todos/0")
    assert (wrong.status_code, wrong.json["message"]) == (422, {"name": "wrong"})
    refused = client.put("/api/todos/7")
    assert (refused.status_code, json.loads(refused.data)["message"]) == (
        405,
        "The method is not allowed for the requested URL.",
    )
    assert client.post("/api/todos/7").status_code == 500
