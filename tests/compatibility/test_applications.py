"""The same applications on Flask-RESTful and in its door, request by request.

Every file in ``applications/`` builds one application from what Flask-RESTful's documentation shows, with the module
that it is given as ``framework``, and lists the requests to send to it. The door answers each of them with the status,
the headers and the bytes of Flask-RESTful 0.3.10, except for what ``DIFFERENCES`` names: where that answers with a 5xx,
and a 204 without content has no type. Where it answers with 415 that a request is no JSON, the door answers as
Flask-RESTful did before Werkzeug 2.1.
"""

import functools
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import flask
import flask_restful.fields
import flask_restful.inputs
import flask_restful.reqparse
import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

import restwell
import restwell.flask_restful.fields
import restwell.flask_restful.inputs
import restwell.flask_restful.reqparse
from restwell import flask_restful as door

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")  # by Flask-RESTful


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: str


class Difference(NamedTuple):
    """Answers of Restwell that are not Flask-RESTful's, and why: by request, the status and the body."""

    application: str
    reason: str
    answers: dict[str, tuple[int, str]]


WITHOUT_TYPE = "What is not there has no Content-Type"

DIFFERENCES = [
    Difference(
        "return_values",
        "Values of everyday types are values; Flask-RESTful fails on them",
        {
            "returns decimal": (200, '{"price": "9.99"}\n'),
            "returns date": (200, '{"on": "2024-02-29"}\n'),
            "returns set": (200, '{"tags": ["only"]}\n'),
            "returns generator": (200, "[0, 1, 2]\n"),
        },
    ),
    Difference(
        "return_values",
        "A method may be async, as in Flask's own views",
        {
            "async method": (202, '{"task": "awaited"}\n'),
            "async method behind a decorator": (202, '{"task": "awaited behind a decorator"}\n'),
        },
    ),
    Difference(
        "representations",
        "A default_mediatype of text/plain, which is documented, works",
        {
            "plain: no Accept": (200, "{'hello': 'me'}"),
            "plain: HEAD me accepting image/png": (200, ""),
            "plain: POST me accepting image/png": (201, "{'hello': 'me', 'made': True}"),
            "plain: HEAD own/me accepting image/png": (200, ""),
            "plain: POST own/me accepting image/png": (202, "{'hello': 'me'}"),
        },
    ),
    Difference(
        "parsing",
        "A JSON body that is no object is the client's mistake",
        {"basic: a JSON list": (400, '{"message": "The JSON body must be an object, not a list."}\n')},
    ),
    Difference("return_values", WITHOUT_TYPE, {"returns no-content": (204, ""), "HEAD of no-content": (204, "")}),
    Difference("debug_output", WITHOUT_TYPE, {"no content": (204, "")}),
    Difference("json_settings", WITHOUT_TYPE, {"nothing": (204, "")}),
    Difference("todo_list", WITHOUT_TYPE, {"remove": (204, "")}),
]


REFUSED_AS_NOT_JSON = "Did not attempt to load JSON data because the request Content-Type was not 'application/json'."
"""Since Werkzeug 2.1 ``request.json`` refuses every request that is not JSON, and Flask-RESTful's parsers with it."""


class RequestBeforeWerkzeug21(flask.Request):
    """With this request class Flask-RESTful's parsers take query strings and forms again, as it documents."""

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        return super().on_json_loading_failed(e) if e else None


APPLICATIONS = {path.stem: path for path in sorted(Path(__file__).with_name("applications").glob("*.py"))}


def load(application: str) -> ModuleType:
    """An application's module, afresh: what one framework stored does not meet the other."""
    specification = importlib.util.spec_from_file_location(application, APPLICATIONS[application])
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def answers(framework: Any, application: str, request_class: type[flask.Request] = flask.Request) -> dict[str, Answer]:
    module = load(application)
    app = flask.Flask(application)
    app.request_class = request_class
    module.build(framework, app)
    client = app.test_client(use_cookies=False)
    received = {}
    for name, request in module.REQUESTS.items():
        response = client.open(**request)
        if "Allow" in response.headers:
            response.headers["Allow"] = ", ".join(sorted(response.allow))  # Flask's order is that of a set
        received[name] = Answer(response.status_code, sorted(response.headers), response.text)
    return received


@functools.cache
def in_the_door(application: str) -> dict[str, Answer]:
    return answers(door, application)


@functools.cache
def flask_restful_as_released(application: str) -> dict[str, Answer]:
    return answers(flask_restful, application)


@functools.cache
def flask_restful_as_documented(application: str) -> dict[str, Answer]:
    return answers(flask_restful, application, RequestBeforeWerkzeug21)


def different(application: str) -> dict[str, tuple[int, str]]:
    return {
        name: answer
        for difference in DIFFERENCES
        if difference.application == application
        for name, answer in difference.answers.items()
    }


ALL = [(application, name) for application in APPLICATIONS for name in load(application).REQUESTS]
SAME = [(application, name) for application, name in ALL if name not in different(application)]


@pytest.mark.parametrize(("application", "request_name"), SAME)
def test_the_door_answers_as_flask_restful(application, request_name):
    joined = MultiDict({}) | {"name": {"first": "bob"}}
    if request_name.startswith("nested") and joined["name"] != {"first": "bob"}:
        pytest.skip("Werkzeug 3.1.0 takes the objects apart that Flask-RESTful puts into a MultiDict")
    assert in_the_door(application)[request_name] == flask_restful_as_documented(application)[request_name]


@pytest.mark.parametrize("application", APPLICATIONS)
def test_flask_restful_itself_only_refuses_what_is_not_json(application):
    documented = flask_restful_as_documented(application)
    for name, released in flask_restful_as_released(application).items():
        assert released == documented[name] or (released.status == 415 and REFUSED_AS_NOT_JSON in released.body), name


@pytest.mark.parametrize(
    ("application", "request_name", "answer"),
    [
        (difference.application, name, answer)
        for difference in DIFFERENCES
        for name, answer in difference.answers.items()
    ],
)
def test_the_door_differs_where_flask_restful_fails(application, request_name, answer):
    ours = in_the_door(application)[request_name]
    assert (ours.status, ours.body) == answer
    assert ours != flask_restful_as_documented(application)[request_name]


# -- what only shows while an application is built ---------------------------------------------------------------------


def rules_of_blueprints(framework: Any, init_app: str) -> set[tuple[str, str]]:
    app = flask.Flask(__name__)
    load("blueprints").register_variants(framework, app, init_app)
    return {(rule.rule, rule.endpoint) for rule in app.url_map.iter_rules() if rule.endpoint != "restwell_page"}


@pytest.mark.parametrize("init_app", ["in the constructor", "before add_resource", "after add_resource"])
def test_blueprints_have_the_rules_that_they_have_in_flask_restful(init_app):
    """Which drops the Api's prefix and the order of the parts unless the constructor gets the blueprint."""
    assert rules_of_blueprints(door, init_app) == rules_of_blueprints(flask_restful, init_app)


@pytest.mark.parametrize("init_app", ["before add_resource", "after add_resource"])
def test_restwell_itself_keeps_the_prefixes_of_a_blueprint(init_app):
    assert rules_of_blueprints(restwell, init_app) == rules_of_blueprints(door, "in the constructor")


def test_a_parser_takes_any_request_of_werkzeug():
    parser = restwell.reqparse.RequestParser().add_argument("name").add_argument("number", type=int)
    request = Request(EnvironBuilder(query_string="name=bob", data={"number": "7"}, method="POST").get_environ())
    with flask.Flask(__name__).app_context():
        assert parser.parse_args(request) == {"name": "bob", "number": 7}
