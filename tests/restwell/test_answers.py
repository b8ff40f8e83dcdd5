"""Who answers an exception that leaves a resource."""

import pytest
from flask import Blueprint, Flask, got_request_exception, jsonify
from werkzeug.exceptions import Gone, HTTPException

from restwell import Api, Resource


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
