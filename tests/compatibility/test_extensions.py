"""Error handlers of the application and of real extensions, on Resources, outside of debug mode as well as in it."""

from contextlib import suppress
from datetime import timedelta

import flask
import flask_httpauth
import flask_jwt_extended
import flask_limiter
import pytest
import sqlalchemy.exc
from flask import Blueprint, Flask, got_request_exception, jsonify
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import Conflict, HTTPException, NotFound
from werkzeug.routing import RequestRedirect

from restwell import Api, Resource, abort


@pytest.fixture(params=["production", "debug", "testing"])
def app(request):
    """An application in each mode; what a handler answers is the same in all of them."""
    app = Flask(__name__)
    app.debug = request.param == "debug"
    app.testing = request.param == "testing"
    assert app.config["PROPAGATE_EXCEPTIONS"] is None
    yield app
    assert app.config["PROPAGATE_EXCEPTIONS"] is None


@pytest.fixture
def production():
    return Flask(__name__)


@pytest.fixture(params=["application", "blueprint"])
def place(request, app):
    """Where the Api stands: on the application itself or on one of its blueprints."""
    return app if request.param == "application" else Blueprint("shop", __name__)


def client_of(app, place):
    if place is not app:
        app.register_blueprint(place)
    return app.test_client()


def raising(error):
    class Raising(Resource):
        def get(self):
            raise error

    return Raising


# -- Flask-JWT-Extended ------------------------------------------------------------------------------------------------


@pytest.fixture
def jwt(app):
    app.config["JWT_SECRET_KEY"] = "a secret of at least thirty-two bytes"
    return flask_jwt_extended.JWTManager(app)


@pytest.fixture
def jwt_client(app, jwt, place):
    class Secret(Resource):
        @flask_jwt_extended.jwt_required()
        def get(self):
            return {"user": flask_jwt_extended.get_jwt_identity()}

        @flask_jwt_extended.jwt_required(fresh=True)
        def put(self):
            return {"fresh": True}

    class AllSecret(Resource):
        method_decorators = (flask_jwt_extended.jwt_required(),)

        def get(self):
            return {"user": flask_jwt_extended.current_user}

    api = Api(place)
    api.add_resource(Secret, "/secret")
    api.add_resource(AllSecret, "/all-secret")
    return client_of(app, place)


def bearer(app, **options):
    with app.app_context():
        token = flask_jwt_extended.create_access_token("bob", **options)
    return {"Authorization": f"Bearer {token}"}


def test_jwt_lets_a_valid_token_through(app, jwt_client):
    response = jwt_client.get("/secret", headers=bearer(app))
    assert (response.status_code, response.json) == (200, {"user": "bob"})


def test_jwt_answers_an_expired_token_with_401(app, jwt_client):
    response = jwt_client.get("/secret", headers=bearer(app, expires_delta=timedelta(seconds=-1)))
    assert (response.status_code, response.json) == (401, {"msg": "Token has expired"})


def test_jwt_answers_a_malformed_token_with_422(jwt_client):
    response = jwt_client.get("/secret", headers={"Authorization": "Bearer not-a-token"})
    assert (response.status_code, response.json) == (422, {"msg": "Not enough segments"})


def test_jwt_answers_a_forged_token_with_422(app, jwt_client):
    headers = bearer(app)
    headers["Authorization"] += "x"
    response = jwt_client.get("/secret", headers=headers)
    assert (response.status_code, response.json) == (422, {"msg": "Signature verification failed"})


@pytest.mark.parametrize("path", ["/secret", "/all-secret"])
def test_jwt_answers_a_missing_token_with_401(jwt_client, path):
    response = jwt_client.get(path)
    assert (response.status_code, response.json) == (401, {"msg": "Missing Authorization Header"})


def test_jwt_answers_a_stale_token_with_401(app, jwt_client):
    response = jwt_client.put("/secret", headers=bearer(app, fresh=False))
    assert (response.status_code, response.json) == (401, {"msg": "Fresh token required"})


def test_jwt_answers_a_revoked_token_with_401(app, jwt, jwt_client):
    jwt.token_in_blocklist_loader(lambda header, payload: payload["sub"] == "bob")
    response = jwt_client.get("/secret", headers=bearer(app))
    assert (response.status_code, response.json) == (401, {"msg": "Token has been revoked"})


def test_jwt_answers_with_the_applications_own_loader(app, jwt, jwt_client):
    @jwt.expired_token_loader
    def expired(header, payload):
        return jsonify(code="expired", user=payload["sub"]), 419

    response = jwt_client.get("/secret", headers=bearer(app, expires_delta=timedelta(seconds=-1)))
    assert (response.status_code, response.json) == (419, {"code": "expired", "user": "bob"})


# -- Flask-HTTPAuth ----------------------------------------------------------------------------------------------------


@pytest.fixture
def http_auth():
    auth = flask_httpauth.HTTPBasicAuth()
    auth.verify_password(lambda user, password: user if password == "secret" else None)
    auth.get_user_roles(lambda authorization: "reader")
    return auth


@pytest.fixture
def http_auth_client(app, place, http_auth):
    class Secret(Resource):
        method_decorators = (http_auth.login_required,)

        def get(self):
            return {"user": http_auth.current_user()}

    class Administration(Resource):
        @http_auth.login_required(role="administrator")
        def get(self):
            return {}

    api = Api(place)
    api.add_resource(Secret, "/secret")
    api.add_resource(Administration, "/administration")
    return client_of(app, place)


def test_http_auth_lets_the_right_password_through(http_auth_client):
    response = http_auth_client.get("/secret", auth=("bob", "secret"))
    assert (response.status_code, response.json) == (200, {"user": "bob"})


@pytest.mark.parametrize("credentials", [None, ("bob", "guess")])
def test_http_auth_challenges_with_401(http_auth_client, credentials):
    response = http_auth_client.get("/secret", auth=credentials)
    assert (response.status_code, response.text) == (401, "Unauthorized Access")
    assert response.headers["WWW-Authenticate"] == 'Basic realm="Authentication Required"'


def test_http_auth_refuses_a_missing_role_with_403(http_auth_client):
    response = http_auth_client.get("/administration", auth=("bob", "secret"))
    assert (response.status_code, response.text) == (403, "Unauthorized Access")


def test_http_auth_answers_with_the_applications_own_handler(http_auth_client, http_auth):
    http_auth.error_handler(lambda status: (jsonify(who="are you?"), status))
    response = http_auth_client.get("/secret")
    assert (response.status_code, response.json) == (401, {"who": "are you?"})
    assert response.headers["WWW-Authenticate"] == 'Basic realm="Authentication Required"'


def test_http_auth_may_abort_in_its_handler(http_auth_client, http_auth):
    http_auth.error_handler(lambda status: abort(status, message="Log in first"))
    response = http_auth_client.get("/secret")
    assert (response.status_code, response.json["message"]) == (401, "Log in first")


# -- Flask-Limiter -----------------------------------------------------------------------------------------------------


@pytest.fixture
def limited_api(place):
    return Api(place)


@pytest.fixture
def limited_client(app, place, limited_api):
    limiter = flask_limiter.Limiter(get_remote_address, app=app, storage_uri="memory://", headers_enabled=True)

    class Limited(Resource):
        decorators = (limiter.limit("2 per minute"),)

        def get(self):
            return {"calls": "few"}

    limited_api.add_resource(Limited, "/limited")
    return client_of(app, place)


def test_limiter_answers_too_many_requests_with_429(limited_client):
    assert [limited_client.get("/limited").status_code for _ in range(3)] == [200, 200, 429]
    response = limited_client.get("/limited")
    assert response.json == {"error": "Too Many Requests", "message": "2 per 1 minute", "status": 429}
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert response.headers["X-RateLimit-Limit"] == "2"
    assert response.headers["X-RateLimit-Remaining"] == "0"


def test_limiter_answers_with_the_apis_own_handler(limited_client, limited_api):
    @limited_api.errorhandler(429)
    def too_many(error):
        return {"slow_down": error.description}, 429

    response = [limited_client.get("/limited") for _ in range(3)][-1]
    assert (response.status_code, response.json) == (429, {"slow_down": "2 per 1 minute"})
    assert 0 < int(response.headers["Retry-After"]) <= 60


def test_limiter_answers_for_the_whole_application(app, place):
    class Unlimited(Resource):
        def get(self):
            return {}

    flask_limiter.Limiter(get_remote_address, app=app, storage_uri="memory://", default_limits=["1 per hour"])
    Api(place).add_resource(Unlimited, "/unlimited")
    client = client_of(app, place)
    assert [client.get("/unlimited").status_code for _ in range(2)] == [200, 429]


# -- SQLAlchemy --------------------------------------------------------------------------------------------------------


def unique_violation():
    return sqlalchemy.exc.IntegrityError("INSERT INTO items ...", {}, Exception("UNIQUE constraint failed: items.name"))


@pytest.mark.parametrize("handled", [sqlalchemy.exc.IntegrityError, sqlalchemy.exc.SQLAlchemyError])
def test_a_handler_for_database_errors_wins(app, place, handled):
    @app.errorhandler(handled)
    def taken(error):
        return jsonify(taken=str(error.orig)), 422

    Api(place).add_resource(raising(unique_violation()), "/items")
    response = client_of(app, place).get("/items")
    assert (response.status_code, response.json) == (422, {"taken": "UNIQUE constraint failed: items.name"})


# -- handlers of the application ---------------------------------------------------------------------------------------


class InUse(Conflict):
    """An HTTP error of the application's own."""


def answer_with_class(error):
    return jsonify(handled=type(error).__name__), 418


@pytest.mark.parametrize(
    ("handled", "raised"),
    [
        (KeyError, KeyError("name")),
        (LookupError, KeyError("name")),
        (InUse, InUse()),
        (Exception, KeyError("name")),
    ],
)
@pytest.mark.parametrize("error_format", ["standard", "restful"])
def test_a_handler_of_the_application_for_its_own_exceptions_wins(app, place, handled, raised, error_format):
    app.register_error_handler(handled, answer_with_class)
    Api(place, error_format=error_format).add_resource(raising(raised), "/items")
    response = client_of(app, place).get("/items")
    assert (response.status_code, response.json) == (418, {"handled": type(raised).__name__})


@pytest.mark.parametrize("handled", [404, NotFound, HTTPException, Exception])
@pytest.mark.parametrize("error_format", ["standard", "restful"])
def test_a_page_of_the_site_leaves_http_errors_to_the_api(app, place, handled, error_format):
    class Missing(Resource):
        def get(self):
            abort(404, message="No such item")

    app.register_error_handler(handled, answer_with_class)
    Api(place, error_format=error_format).add_resource(Missing, "/items")
    response = client_of(app, place).get("/items")
    assert (response.status_code, response.json["message"]) == (404, "No such item")


def test_a_handler_of_the_api_wins_over_those_of_the_application(app, place):
    app.register_error_handler(KeyError, answer_with_class)
    api = Api(place)
    api.errorhandler(LookupError)(lambda error: ({"looked": "up"}, 410))
    api.errorhandler(404)(lambda error: {"nothing": error.data["message"]})
    api.add_resource(raising(KeyError("name")), "/items")

    class Missing(Resource):
        def get(self):
            abort(404, message="No such item")

    api.add_resource(Missing, "/missing")
    client = client_of(app, place)
    assert (client.get("/items").status_code, client.get("/items").json) == (410, {"looked": "up"})
    assert (client.get("/missing").status_code, client.get("/missing").json) == (404, {"nothing": "No such item"})


def test_a_handler_of_a_blueprint_wins_on_that_blueprint_only(app):
    shop, forum = Blueprint("shop", __name__), Blueprint("forum", __name__)
    shop.register_error_handler(InUse, answer_with_class)
    Api(shop).add_resource(raising(InUse()), "/shop")
    Api(forum).add_resource(raising(InUse("In use")), "/forum")
    app.register_blueprint(shop)
    app.register_blueprint(forum)
    assert app.test_client().get("/shop").json == {"handled": "InUse"}
    assert app.test_client().get("/forum").json["message"] == "In use"


def test_the_closest_handler_wins(app, place):
    app.register_error_handler(Exception, lambda error: (jsonify(handler="general"), 500))
    app.register_error_handler(LookupError, lambda error: (jsonify(handler="close"), 400))
    Api(place).add_resource(raising(KeyError("name")), "/items")
    assert client_of(app, place).get("/items").json == {"handler": "close"}


def test_a_handler_that_is_registered_after_the_api_wins(app, place):
    Api(place).add_resource(raising(KeyError("name")), "/items")
    client = client_of(app, place)
    app.register_error_handler(KeyError, answer_with_class)
    assert client.get("/items").json == {"handled": "KeyError"}


def test_a_handler_for_500_wins_in_production(production):
    @production.errorhandler(500)
    def broken(error):
        return jsonify(cause=type(error.original_exception).__name__), 500

    Api(production).add_resource(raising(KeyError("name")), "/items")
    response = production.test_client().get("/items")
    assert (response.status_code, response.json) == (500, {"cause": "KeyError"})


@pytest.mark.parametrize("mode", ["debug", "testing"])
def test_an_exception_without_a_handler_reaches_the_debugger(production, mode):
    setattr(production, mode, True)
    Api(production).add_resource(raising(KeyError("name")), "/items")
    with pytest.raises(KeyError, match="name"):
        production.test_client().get("/items")


def test_a_handler_for_something_else_leaves_the_error_to_the_api(app, place):
    app.register_error_handler(KeyError, answer_with_class)
    Api(place).add_resource(raising(Conflict("In use")), "/items")
    response = client_of(app, place).get("/items")
    assert (response.status_code, response.json["message"]) == (409, "In use")


# -- responses that are raised -----------------------------------------------------------------------------------------


class NotModified(HTTPException):
    code = 304


@pytest.mark.parametrize(
    ("error", "status", "headers", "body"),
    [
        (lambda: RequestRedirect("/elsewhere"), 308, {"Location": "/elsewhere"}, None),
        (lambda: flask.abort(flask.redirect("/elsewhere", 302)), 302, {"Location": "/elsewhere"}, None),
        (NotModified, 304, {}, b""),
        (lambda: flask.abort(flask.Response(status=304)), 304, {}, b""),
        (lambda: flask.abort(flask.Response("own", 409, {"X-Own": "yes"})), 409, {"X-Own": "yes"}, b"own"),
        (lambda: HTTPException(response=flask.Response("own", 402)), 402, {}, b"own"),
    ],
    ids=["redirect", "aborted redirect", "not modified", "aborted 304", "aborted response", "carried response"],
)
def test_a_response_that_is_raised_passes_through(app, place, error, status, headers, body):
    class Raising(Resource):
        def get(self):
            raise error()

    Api(place).add_resource(Raising, "/items")
    response = client_of(app, place).get("/items")
    assert response.status_code == status
    assert headers.items() <= dict(response.headers).items()
    assert body is None or response.data == body


def test_a_missing_slash_redirects(app, place):
    Api(place).add_resource(raising(Conflict()), "/items/")
    response = client_of(app, place).get("/items?limit=3")
    assert (response.status_code, response.headers["Location"]) == (308, "http://localhost/items/?limit=3")


# -- signals and logs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyError("name"), Conflict("In use")], ids=repr)
def test_got_request_exception_is_sent_once(app, place, error):
    exceptions = []

    def receive(sender, exception):
        exceptions.append(exception)

    Api(place).add_resource(raising(error), "/items")
    client = client_of(app, place)
    with got_request_exception.connected_to(receive, app), suppress(KeyError):  # in debug and testing it gets through
        client.get("/items")
    assert exceptions == [error]


def test_a_500_is_logged_once_with_its_traceback(production, caplog):
    error = KeyError("name")
    Api(production).add_resource(raising(error), "/items")
    response = production.test_client().get("/items")
    assert response.json == {
        "error": "Internal Server Error",
        "message": response.json["message"],
        "status": 500,
    }
    assert "name" not in response.json["message"]
    [record] = caplog.records
    assert record.levelname == "ERROR"
    assert record.exc_info[1] is error
    assert record.exc_info[2] is not None


def test_an_abort_is_not_logged(production, caplog):
    Api(production).add_resource(raising(Conflict()), "/items")
    production.test_client().get("/items")
    assert caplog.records == []
