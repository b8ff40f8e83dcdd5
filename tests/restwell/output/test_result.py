"""What a method returns, taken apart into data, status and headers."""

import pytest
from flask import Flask

from restwell import Api, Resource


def client_of(app):
    return app.test_client()


@pytest.mark.parametrize(
    ("returned", "status", "body", "header"),
    [
        ({"a": 1}, 200, {"a": 1}, None),
        ([1, None, "x"], 200, [1, None, "x"], None),
        (None, 200, None, None),
        (({"a": 1}, 201), 201, {"a": 1}, None),
        (({"a": 1}, 202, {"X-Mark": "yes"}), 202, {"a": 1}, "yes"),
    ],
)
def test_forms_of_return_values(returned, status, body, header):
    class Answer(Resource):
        def get(self):
            return returned

    app = Flask(__name__)
    Api(app).add_resource(Answer, "/")
    response = client_of(app).get("/")
    assert (response.status_code, response.json, response.headers.get("X-Mark")) == (status, body, header)
    assert response.mimetype == "application/json"
