"""What every response gets on its way to the server."""

from collections.abc import Set
from typing import Any

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from restwell.response_headers import WSGIHeaders, change_headers


def add(name: str) -> Any:
    def change(environ: dict[str, Any], headers: WSGIHeaders, names: Set[str]) -> None:
        headers.append((name, f"{environ['REMOTE_ADDR']} behind {len(headers)}"))

    return change


def make_app() -> Flask:
    app = Flask(__name__)
    change_headers(app, add("X-First"))
    change_headers(app, add("X-Second"))

    @app.after_request
    def remove_all(response: Response) -> Response:
        response.headers.clear()
        return response

    return app


def test_changes_are_made_in_turn_behind_all_hooks() -> None:
    headers = make_app().test_client().get("/nowhere").headers
    assert list(headers)[-2:] == [("X-First", "127.0.0.1 behind 0"), ("X-Second", "127.0.0.1 behind 1")]


def test_changes_are_made_where_another_middleware_answers() -> None:
    app = Flask(__name__)
    kept: WSGIHeaders = []
    app.wsgi_app = lambda environ, start_response: [start_response("204 NO CONTENT", kept)][:0]  # type: ignore[method-assign, assignment]
    change_headers(app, add("X-First"))
    assert app.test_client().get("/").headers["X-First"] == "127.0.0.1 behind 0"
    assert kept == []


def test_changes_see_the_client_behind_a_proxy() -> None:
    app = make_app()
    app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    change_headers(app, add("X-Third"))
    headers = app.test_client().get("/", headers={"X-Forwarded-For": "198.51.100.7"}).headers
    assert [value.split()[0] for name, value in headers if name in ("X-First", "X-Third")] == ["198.51.100.7"] * 2
