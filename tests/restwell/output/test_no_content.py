"""A 204 has no content, and nothing says of which type it were."""

from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import flask
import pytest
from flask import Flask, jsonify, make_response
from werkzeug.exceptions import HTTPException

from restwell import APIError, JsonError, Resource, as_json, fields, json_response, marshal_with


class NoContent(HTTPException):
    code = 204


class Gone(Exception):  # noqa: N818
    pass


def raises(error):
    raise error


WAYS = {
    "empty": lambda: ("", 204),
    "null": lambda: (None, 204),
    "dict": lambda: ({"a": 1}, 204),
    "headers": lambda: ("", 204, {"X-A": "1"}),
    "own type": lambda: ("", 204, {"Content-Type": "text/plain"}),
    "marshalled": marshal_with({"a": fields.Integer})(lambda: ({"a": 1}, 204)),
    "jsonify": lambda: (jsonify(a=1), 204),
    "response": lambda: make_response("", 204),
    "Response": lambda: flask.Response(status=204),
    "json_response": lambda: json_response(204),
    "as_json": as_json(lambda: ({}, 204)),
    "exception": lambda: raises(NoContent()),
    "response in an exception": lambda: flask.abort(make_response("", 204)),
    "handler": lambda: raises(Gone()),
    "JsonError": lambda: raises(JsonError(204)),
    "APIError": lambda: raises(APIError("m", 204)),
}


def start(app, **environ):
    """What the server is told, after the checks of wsgiref."""
    setup_testing_defaults(environ)
    told = []
    result = validator(app)(environ, lambda status, headers, exc_info=None: told.extend((status, headers)))
    body = b"".join(result)
    result.close()
    return told[0], dict(told[1]), body


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/csv"])
def test_a_204_has_no_content_type(any_api, way, accept):
    class Nothing(Resource):
        def get(self):
            return WAYS[way]()

    app = Flask(__name__)
    api = any_api(app)
    api.representation("text/csv")(lambda data, code, headers=None: make_response(str(data), code, headers))
    api.errorhandler(Gone)(lambda error: ("", 204))
    api.add_resource(Nothing, "/")
    status, headers, body = start(app, HTTP_ACCEPT=accept)
    assert status.startswith("204")
    assert "Content-Type" not in headers
    assert not body


@pytest.mark.parametrize("way", ["json_response", "as_json"])
def test_nor_has_that_of_a_view(way):
    app = Flask(__name__)
    app.add_url_rule("/", "view", WAYS[way])
    assert "Content-Type" not in start(app)[1]


def test_a_304_and_an_empty_200_are_as_they_were(any_api):
    class Answers(Resource):
        def get(self):
            return "", 304

        def post(self):
            return ""

    app = Flask(__name__)
    any_api(app).add_resource(Answers, "/")
    status, headers, _ = start(app)
    assert status.startswith("304")
    assert "Content-Type" not in headers
    assert app.test_client().post("/").mimetype == "application/json"
