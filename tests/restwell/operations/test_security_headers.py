import flask
import pytest
from flask import Flask

from restwell.operations.security_headers import init_security_headers

EXPECTED = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


@pytest.fixture
def app():
    app = Flask(__name__)
    init_security_headers(app)
    app.add_url_rule("/", "data", lambda: {})
    return app


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_every_response_has_the_headers(app, path):
    headers = app.test_client().get(path).headers
    assert {name: headers.getlist(name) for name in EXPECTED} == {name: [value] for name, value in EXPECTED.items()}


@pytest.mark.parametrize("name", [*EXPECTED, *(name.lower() for name in EXPECTED)])
def test_header_of_a_view_wins(app, name):
    app.add_url_rule("/page", "page", lambda: flask.Response("page", headers={name: "its own"}))
    headers = app.test_client().get("/page").headers
    assert headers.getlist(name) == ["its own"]


def test_transport_security_is_demanded_over_https_only(app):
    client = app.test_client()
    assert "Strict-Transport-Security" not in client.get("/").headers
    assert client.get("/", base_url="https://localhost").headers["Strict-Transport-Security"] == "max-age=31536000"
