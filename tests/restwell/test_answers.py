"""Who answers an exception that leaves a resource."""

import flask
import pytest
from flask import Blueprint, Flask, got_request_exception, jsonify
from werkzeug.exceptions import Gone, HTTPException

from restwell import Api, JsonError, Resource


class Broken(Resource):
    def get(self):
        raise RuntimeError("the secret of the exception")


def client_of(app):
    return app.test_client()


def production(app):
    """The application as in production, where Flask turns exceptions into responses."""
    app.testing = False
    app.debug = False
    return app.test_client()


def test_a_500_shows_nothing_and_is_logged_once_with_its_traceback(caplog):
    app = Flask(__name__)
    Api(app).add_resource(Broken, "/")
    received = []
    with got_request_exception.connected_to(lambda sender, exception: received.append(exception), app):
        response = production(app).get("/")
    assert response.status_code == 500
    assert response.json["error"] == "Internal Server Error"
    assert "secret" not in response.text
    assert "RuntimeError" not in response.text
    assert len(received) == 1
    (record,) = caplog.records
    assert record.exc_info[1] is received[0]


def test_unexpected_exceptions_propagate_while_testing():
    app = Flask(__name__)
    app.testing = True
    Api(app).add_resource(Broken, "/")
    received = []
    connected = got_request_exception.connected_to(lambda sender, exception: received.append(exception), app)
    with connected, pytest.raises(RuntimeError):
        app.test_client().get("/")
    assert len(received) == 1


def test_after_request_functions_see_the_500():
    app = Flask(__name__)
    Api(app).add_resource(Broken, "/")

    @app.after_request
    def mark(response):
        response.headers["X-Seen"] = str(response.status_code)
        return response

    assert production(app).get("/").headers["X-Seen"] == "500"


@pytest.mark.parametrize("named", [RuntimeError, Exception, 500])
def test_the_applications_handler_wins(named):
    app = Flask(__name__)
    Api(app).add_resource(Broken, "/")
    app.register_error_handler(named, lambda error: (jsonify(handled=True), 503))
    response = production(app).get("/")
    assert (response.status_code, response.json) == (503, {"handled": True})


def test_the_blueprints_handler_wins():
    app, blueprint = Flask(__name__), Blueprint("shop", __name__)
    Api(blueprint).add_resource(Broken, "/")
    blueprint.register_error_handler(RuntimeError, lambda error: ("handled", 409))
    app.register_blueprint(blueprint)
    assert production(app).get("/").status_code == 409


def test_an_html_page_of_the_site_does_not_swallow_http_errors():
    class Removed(Resource):
        def get(self):
            raise Gone()

    app = Flask(__name__)
    Api(app).add_resource(Removed, "/")
    app.register_error_handler(HTTPException, lambda error: (f"own {error.code}", error.code))
    assert client_of(app).get("/").json["error"] == "Gone"


@pytest.mark.parametrize("kind", ["x", None, 99, 600, int, KeyboardInterrupt, lambda error: {}])
def test_handler_of_an_api_for_what_is_no_error_is_refused_where_it_is_written(kind):
    with pytest.raises(TypeError, match="errorhandler takes a class of exceptions or a status from 400 to 599"):
        Api(Flask("app")).errorhandler(kind)


@pytest.mark.parametrize(
    ("error", "answer", "expected"),
    [
        (KeyError("k"), lambda error: (flask.jsonify(a=1), 418, {"X-A": "1"}), (418, "1")),
        (JsonError(402, a=1), lambda error: {"a": 1}, (402, None)),
        (KeyError("k"), lambda error: {"a": 1}, (500, None)),
        (HTTPException(response=flask.Response("own", 418)), lambda error: {"a": 1}, (418, None)),
    ],
    ids=["response and status", "JsonError", "unexpected", "response that is raised"],
)
def test_catch_all_of_an_api_answers_with_what_a_method_may_return(error, answer, expected):
    class Raising(Resource):
        def get(self):
            raise error

    app = Flask("app")
    api = Api(app)
    api.errorhandler(Exception)(answer)
    api.add_resource(Raising, "/")
    response = app.test_client().get("/")
    assert (response.status_code, response.headers.get("X-A")) == expected


def test_status_of_a_json_error_finds_its_handler():
    class Raising(Resource):
        def get(self):
            raise JsonError(402, a=1)

    app = Flask("app")
    api = Api(app)
    api.errorhandler(402)(lambda error: {"handled": error.data})
    api.add_resource(Raising, "/")
    response = app.test_client().get("/")
    assert (response.status_code, response.json) == (402, {"handled": {"a": 1}})
