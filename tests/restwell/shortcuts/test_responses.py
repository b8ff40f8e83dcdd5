"""A response that is made and sent in fewer steps is the one that Werkzeug makes and sends."""

from typing import Any

import flask
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from restwell import Api, Resource
from restwell.registry import respond

TEXT = ("Content-Type", "text/plain")

HEADERS = st.tuples(
    st.sampled_from(["Location", "location", "Content-Location", "X-Location", "Content-Length", "Vary", "ETag"]),
    st.sampled_from(["/a/b", "/items/1", "http://x/y", "/ü", "a", "//host/x", "/a?b=c", "/a b", "", "/a//b", "12"]),
)


@pytest.fixture
def quick() -> Any:
    """Makes responses of an application."""
    from restwell.shortcuts import responses

    return responses.response_of


@pytest.fixture(scope="module")
def app() -> flask.Flask:
    return flask.Flask("app")


def test_it_has_all_that_a_response_has(app: flask.Flask, quick: Any) -> None:
    made, plain = (make(app, b"{}", 201, [TEXT, ("X-Number", 7)]) for make in (quick, respond))
    assert vars(made).keys() == vars(plain).keys()
    assert list(made.headers) == list(plain.headers)
    assert (made.status, made.data, made.direct_passthrough) == (plain.status, plain.data, plain.direct_passthrough)


@settings(max_examples=500)
@given(
    status=st.sampled_from([100, 200, 201, 204, 206, 301, 304, 404, 500]),
    removed=st.sampled_from([None, None, "Content-Length", "Content-Type"]),
    added=st.lists(HEADERS, max_size=4),
)
def test_headers_go_out_as_werkzeug_sends_them(
    app: flask.Flask, status: int, removed: str | None, added: list[tuple[str, str]]
) -> None:
    from restwell.shortcuts.responses import response_of

    def sent(response: flask.Response) -> Any:
        response.headers["Content-Length"] = "4"
        if removed is not None:
            del response.headers[removed]
        for header in added:
            response.headers.add(*header)
        body, status, headers = run_wsgi_app(response, EnvironBuilder().get_environ())
        return b"".join(body), status, [*headers]

    assert sent(response_of(app, b"body", status, [TEXT])) == sent(respond(app, b"body", status, [TEXT]))


@pytest.mark.parametrize("name", ["__call__", "__init__", "get_wsgi_headers", "get_wsgi_response"])
def test_it_is_not_made_where_a_method_is_replaced_in_the_class(
    name: str, taken: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, told, werkzeugs = flask.Flask("app"), [], getattr(flask.Response, name)

    def replacement(self: flask.Response, *args: Any, **kwargs: Any) -> Any:
        told.append(name)
        return werkzeugs(self, *args, **kwargs)

    monkeypatch.setattr(flask.Response, name, replacement)
    Api(app).add_resource(type("Empty", (Resource,), {"get": lambda self: {}}), "/")
    assert app.test_client().get("/").json == {}
    assert told


def test_class_of_the_application_makes_its_responses(app: flask.Flask, quick: Any) -> None:
    own = flask.Flask("own")
    own.response_class = type("Own", (flask.Response,), {})
    assert type(quick(own, b"", 200, [TEXT])) is own.response_class


def test_header_with_a_line_break_is_refused(shortcuts: bool) -> None:
    class Broken(Resource):
        def get(self) -> Any:
            return {}, 200, {"X-Name": "a\r\nSet-Cookie: b=c"}

    app = flask.Flask("app")
    Api(app).add_resource(Broken, "/")
    app.logger.disabled = True
    assert app.test_client().get("/").status_code == 500


def test_response_is_sent_again_whatever_the_server_does_to_its_headers(shortcuts: bool) -> None:
    app = flask.Flask("app")
    api = Api(app)
    sent: list[list[tuple[str, str]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        sent.append([*headers])
        headers.clear()

    with app.test_request_context() as context:
        response = api.make_response({}, 200)
        for _ in range(2):
            assert b"".join(response(context.request.environ, start_response)) == b"{}\n"
    assert sent[0] == sent[1] != []


def test_vary_is_said_once(shortcuts: bool) -> None:
    app = flask.Flask("app")
    api = Api(app)

    class Varying(Resource):
        def get(self) -> Any:
            return api.make_response({}, 200, {"Vary": "Accept"})

    api.add_resource(Varying, "/")
    assert app.test_client().get("/").headers.getlist("Vary") == ["Accept"]


def test_length_and_type_are_said_by_who_writes_the_body(shortcuts: bool) -> None:
    class Item(Resource):
        def get(self) -> Any:
            return {}, 200, {"Content-Length": "7", "content-type": "text/plain", "X-Kind": "item"}

    app = flask.Flask("app")
    Api(app).add_resource(Item, "/")
    headers = app.test_client().get("/").headers
    assert [headers.getlist(name) for name in ("Content-Length", "Content-Type", "X-Kind")] == [
        ["3"],
        ["application/json"],
        ["item"],
    ]
