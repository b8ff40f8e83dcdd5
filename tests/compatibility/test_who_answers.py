"""Who answers an exception, in both doors, with every kind of handler that a site may have.

In Flask-RESTful's door Flask-RESTful itself is asked what is right, wherever it answers neither with a 5xx nor by
letting the exception out. Where it does, and in Restwell itself, the order of the design holds.
"""

import itertools

import flask
import flask_restful
import pytest
from flask import Blueprint, Flask
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, MethodNotAllowed, NotFound

import restwell
from restwell import flask_restful as door


class OutOfStock(Exception):  # noqa: N818 - as it reads in a shop
    """An exception of the application's own."""


class Gone(NotFound):
    """A subclass of an HTTP error."""


class Teapot(HTTPException):
    """An HTTP error with a status of its own."""

    code = 418
    description = "short and stout"


def unwritable():
    error = BadRequest()
    error.data = {"message": object()}
    return error


ERRORS = {
    "own": OutOfStock,
    "gone": Gone,
    "teapot": Teapot,
    "missing": NotFound,
    "forbidden": lambda: Forbidden("not you"),
    "bad": BadRequest,
    "unwritable": unwritable,
    "unexpected": lambda: ZeroDivisionError("nobody expected it"),
    "with a response": lambda: HTTPException(response=flask.Response("as it is", 403)),
}

HANDLERS = {
    "none": [],
    "pages by status": [400, 404, 405, 500],
    "pages by class": [BadRequest, NotFound, MethodNotAllowed],
    "a page for every HTTP error": [HTTPException],
    "a page for everything": [Exception],
    "own": [OutOfStock],
    "own HTTP errors": [Gone, Teapot],
    "own HTTP errors, and their status": [Gone, 404, 418],
    "all": [OutOfStock, Gone, 404, HTTPException, Exception],
}

MODES = {"production": {}, "testing": {"TESTING": True}, "caught": {"TESTING": True, "PROPAGATE_EXCEPTIONS": False}}


def build(framework, mode, handlers, place, errors=None):
    app = Flask("site")
    app.config.update(MODES[mode])
    home = Blueprint("shop", "shop") if place == "blueprint" else app

    def page(kind):
        name = kind if isinstance(kind, int) else kind.__name__
        return lambda error: (f"<h1>{name}</h1>", error.code if isinstance(error, HTTPException) else 409)

    for kind in HANDLERS[handlers]:
        if (kind is not MethodNotAllowed and kind != 405) or home is app:
            home.register_error_handler(kind, page(kind))

    class Raising(framework.Resource):
        def get(self, name):
            raise ERRORS[name]()

    class Api(framework.Api):
        pass

    api = Api(home, prefix="/api", errors=errors)
    api.add_resource(Raising, "/raise/<name>")
    app.add_url_rule("/view/<name>", "view", lambda name: Raising().get(name))
    if home is not app:
        app.register_blueprint(home)
    return app, api


def answer(app, method, path):
    """Status, type and body; the exception where one comes out."""
    try:
        response = app.test_client().open(path, method=method)
    except Exception as error:
        return type(error).__name__
    return response.status_code, response.content_type, response.text


REQUESTS = [
    *(("GET", f"/api/raise/{name}") for name in ERRORS),
    *(("GET", f"/view/{name}") for name in ERRORS),
    ("PUT", "/api/raise/own"),
    ("PUT", "/view/own"),
    ("GET", "/api/unknown"),
    ("GET", "/unknown"),
]
SITES = list(itertools.product(MODES, HANDLERS, ["application", "blueprint"]))


@pytest.mark.parametrize(("mode", "handlers", "place"), SITES)
@pytest.mark.parametrize("errors", [None, {"OutOfStock": {"message": "none left", "status": 410}}])
def test_the_door_answers_as_flask_restful_where_that_answers(mode, handlers, place, errors):
    theirs, _ = build(flask_restful, mode, handlers, place, errors)
    ours, _ = build(door, mode, handlers, place, errors)
    for method, path in REQUESTS:
        right, came = answer(theirs, method, path), answer(ours, method, path)
        is_lost = (
            path.endswith("/unwritable")
            and right == answer(Flask_alone(mode), "GET", "/view/unwritable")
            and path.startswith("/api")
        )
        if isinstance(right, tuple) and right[0] < 500 and not is_lost:
            assert came == right, (method, path)


def Flask_alone(mode):  # noqa: N802
    app = Flask("site")

    @app.get("/view/<name>")
    def view(name):
        raise ERRORS[name]()

    return app


JSON = "application/json"


@pytest.mark.parametrize(("mode", "handlers", "place"), SITES)
def test_views_beside_an_api_are_answered_as_without_it(mode, handlers, place):
    if place == "blueprint":
        return  # whose handlers are not theirs
    app, _ = build(restwell, mode, handlers, place)
    alone = Flask("site")
    alone.config.update(MODES[mode])
    alone.add_url_rule("/view/<name>", "view", lambda name: (_ for _ in ()).throw(ERRORS[name]()))
    for kind, handler in {
        kind: handler for of_status in app.error_handler_spec[None].values() for kind, handler in of_status.items()
    }.items():
        alone.register_error_handler(kind, handler)
    for method, path in REQUESTS:
        if path.startswith("/view") or path == "/unknown":
            assert answer(app, method, path) == answer(alone, method, path)


@pytest.mark.parametrize("framework", [restwell, door], ids=["restwell", "door"])
@pytest.mark.parametrize(("mode", "place"), itertools.product(MODES, ["application", "blueprint"]))
@pytest.mark.parametrize(
    ("handlers", "name", "status"),
    [
        ("pages by status", "missing", 404),
        ("pages by class", "missing", 404),
        ("a page for every HTTP error", "forbidden", 403),
        ("a page for everything", "missing", 404),
        ("a page for everything", "gone", 404),
        ("all", "bad", 400),
        ("pages by status", "teapot", 418),
    ],
)
def test_a_page_of_the_site_does_not_swallow_an_http_error(framework, mode, place, handlers, name, status):
    app, _ = build(framework, mode, handlers, place)
    came = answer(app, "GET", f"/api/raise/{name}")
    assert came[:2] == (status, JSON)


@pytest.mark.parametrize("framework", [restwell, door], ids=["restwell", "door"])
@pytest.mark.parametrize(("mode", "place"), itertools.product(MODES, ["application", "blueprint"]))
@pytest.mark.parametrize("handlers", ["own", "all"])
def test_a_handler_for_an_exception_of_the_applications_own_answers_it(framework, mode, place, handlers):
    app, _ = build(framework, mode, handlers, place)
    assert answer(app, "GET", "/api/raise/own") == (409, "text/html; charset=utf-8", "<h1>OutOfStock</h1>")


@pytest.mark.parametrize(("mode", "place"), itertools.product(MODES, ["application", "blueprint"]))
@pytest.mark.parametrize("handlers", ["own HTTP errors", "own HTTP errors, and their status", "all"])
def test_a_handler_for_an_http_error_of_the_applications_own_answers_it_but_not_in_the_door(mode, place, handlers):
    assert answer(build(restwell, mode, handlers, place)[0], "GET", "/api/raise/gone")[2] == "<h1>Gone</h1>"
    assert answer(build(door, mode, handlers, place)[0], "GET", "/api/raise/gone")[1] == JSON


@pytest.mark.parametrize("framework", [restwell, door], ids=["restwell", "door"])
@pytest.mark.parametrize("mode", MODES)
def test_a_page_for_everything_answers_what_nobody_expected(framework, mode):
    app, _ = build(framework, mode, "a page for everything", "application")
    assert answer(app, "GET", "/api/raise/unexpected") == (409, "text/html; charset=utf-8", "<h1>Exception</h1>")


@pytest.mark.parametrize("framework", [restwell, door], ids=["restwell", "door"])
def test_a_500_is_the_apis_where_the_site_has_no_page_for_it(framework):
    app, _ = build(framework, "production", "own", "application")
    assert answer(app, "GET", "/api/raise/unexpected")[:2] == (500, JSON)
    app, _ = build(framework, "production", "pages by status", "application")
    assert answer(app, "GET", "/api/raise/unexpected")[2] == "<h1>500</h1>"


@pytest.mark.parametrize("framework", [restwell, door], ids=["restwell", "door"])
def test_what_json_cannot_write_is_written_as_text(framework):
    app, _ = build(framework, "production", "none", "application")
    status, content_type, body = answer(app, "GET", "/api/raise/unwritable")
    assert (status, content_type) == (400, JSON)
    assert "<object object at" in body


def test_in_the_door_what_json_cannot_write_is_left_to_the_page_of_the_site():
    app, _ = build(door, "production", "pages by status", "application")
    assert answer(app, "GET", "/api/raise/unwritable") == (400, "text/html; charset=utf-8", "<h1>400</h1>")
    app, _ = build(restwell, "production", "pages by status", "application")
    assert answer(app, "GET", "/api/raise/unwritable")[:2] == (400, JSON)


@pytest.mark.parametrize("framework", [restwell, door], ids=["restwell", "door"])
@pytest.mark.parametrize(("mode", "handlers"), itertools.product(MODES, HANDLERS))
def test_errorhandlers_of_the_api_come_first(framework, mode, handlers):
    app, api = build(framework, mode, handlers, "application")
    for kind in (OutOfStock, Gone, ZeroDivisionError, 418):
        api.errorhandler(kind)(lambda error: ({"api": type(error).__name__}, 409))
    for name, error in {"own": "OutOfStock", "gone": "Gone", "unexpected": "ZeroDivisionError"}.items():
        status, content_type, body = answer(app, "GET", f"/api/raise/{name}")
        assert (status, content_type, error in body) == (409, JSON, True)
    assert answer(app, "GET", "/api/raise/teapot")[0] == 409


# -- handle_error and error_router of the application's own -----------------------------------------------------------

WAYS = {
    "raises it again": lambda api, error: (_ for _ in ()).throw(error),
    "raises another": lambda api, error: (_ for _ in ()).throw(KeyError("another")),
    "returns": lambda api, error: flask.make_response(f"handled {type(error).__name__}", 418),
    "asks the base": None,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("mode", "handlers"), itertools.product(MODES, HANDLERS))
def test_handle_error_of_the_applications_own(way, mode, handlers):
    """An exception that it raises goes on to Flask; in Restwell itself it answers what is left to the Api."""
    came = {}
    for framework in (flask_restful, door, restwell):

        class MyApi(framework.Api):
            def handle_error(self, e):
                return super().handle_error(e) if WAYS[way] is None else WAYS[way](self, e)

        class Namespace:
            Api = MyApi
            Resource = framework.Resource

        app, _ = build(Namespace, mode, handlers, "application")
        came[framework] = {
            request: answer(app, *request)
            for request in REQUESTS
            if "/api/" in request[1] and "unwri" not in request[1]
        }
    for request, right in came[flask_restful].items():
        if isinstance(right, tuple) and right[0] < 500:
            assert came[door][request] == right, request
        else:
            assert came[door][request] == right or came[door][request][0] < 500 or request[1].endswith("unexpected")
    if way.startswith("raises") and handlers in ("none", "pages by status"):
        assert came[restwell]["GET", "/api/raise/missing"] == came[flask_restful]["GET", "/api/raise/missing"]
        assert came[restwell]["PUT", "/api/raise/own"] == came[flask_restful]["PUT", "/api/raise/own"]


@pytest.mark.parametrize(("mode", "handlers"), itertools.product(MODES, HANDLERS))
def test_error_router_of_the_applications_own(mode, handlers):
    """One that asks the original handler alone leaves everything to Flask, a 500 as well."""
    came = {}
    for framework in (flask_restful, door, restwell):

        class MyApi(framework.Api):
            def error_router(self, original_handler, e):
                return original_handler(e)

        class Namespace:
            Api = MyApi
            Resource = framework.Resource

        app, _ = build(Namespace, mode, handlers, "application")
        came[framework] = [answer(app, *request) for request in REQUESTS]
    assert came[restwell] == came[door] == came[flask_restful]
