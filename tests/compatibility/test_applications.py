"""The same applications on Flask-RESTful and on Restwell, request by request.

Every file in ``applications/`` builds one application from what Flask-RESTful's documentation shows, with the module
that it is given as ``framework``, and lists the requests to send to it. Restwell answers each of them with the status,
the headers and the bytes of Flask-RESTful, except for what ``DIFFERENCES`` names.
"""

import functools
import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import flask
import flask_restful.fields
import flask_restful.inputs
import flask_restful.reqparse
import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

import restwell

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
        "NaN is no JSON",
        {"returns not-a-number": (200, "null\n")},
    ),
    Difference(
        "return_values",
        "An error without a status is a 500, not a success",
        {"raises without-code": (500, '{"message": "nothing known"}\n')},
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
        "output_fields",
        "A number in the path of an attribute is a place in a list, as the documentation of fields shows",
        {"places in a list": (200, '{"path": "Raoul", "element": {"person": {"name": "Emile"}}}\n')},
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
        "representations",
        "An error is represented even when nothing serves the Accept; Flask-RESTful falls back to an HTML page",
        {
            "strict: DELETE me accepting image/png": (409, '{"message": "In use", "by": "me"}\n'),
            "strict: DELETE own/me accepting image/png": (410, '{"message": "Never there"}\n'),
            "strict: PUT me accepting image/png": (
                405,
                '{"message": "The method is not allowed for the requested URL."}\n',
            ),
            "strict: PUT own/me accepting image/png": (
                405,
                '{"message": "The method is not allowed for the requested URL."}\n',
            ),
            "none: DELETE me accepting image/png": (409, "{'message': 'In use', 'by': 'me'}"),
            "none: DELETE me accepting application/json": (409, "{'message': 'In use', 'by': 'me'}"),
            "none: DELETE own/me accepting image/png": (410, "{'message': 'Never there'}"),
            "none: DELETE own/me accepting application/json": (410, "{'message': 'Never there'}"),
            "none: PUT me accepting image/png": (
                405,
                "{'message': 'The method is not allowed for the requested URL.'}",
            ),
            "none: PUT me accepting application/json": (
                405,
                "{'message': 'The method is not allowed for the requested URL.'}",
            ),
            "none: PUT own/me accepting image/png": (
                405,
                "{'message': 'The method is not allowed for the requested URL.'}",
            ),
            "none: PUT own/me accepting application/json": (
                405,
                "{'message': 'The method is not allowed for the requested URL.'}",
            ),
        },
    ),
    Difference(
        "parsing",
        "Of several locations the last one listed takes precedence, as documented; in Flask-RESTful the first does",
        {
            "last-wins: both": (200, '{"text": "form", "Text": null}\n'),
            "last-wins: header and query": (200, '{"text": null, "Text": "query"}\n'),
            "basic: both": (200, '{"rate": null, "name": "query"}\n'),
        },
    ),
    Difference(
        "parsing",
        "Whatever a type raises is a failure when failures are bundled; Flask-RESTful keeps a TypeError as the value",
        {
            "bundled-broken-type: JSON {'foo': 'x'}": (400, '{"message": {"foo": "x broke it"}}\n'),
            "bundled-broken-type: JSON {'foo': 'x', 'bar': 'y'}": (
                400,
                '{"message": {"foo": "x broke it", "bar": "invalid literal for int() with base 10: \'y\'"}}\n',
            ),
        },
    ),
    Difference(
        "parsing",
        "http_error_code counts, as documented, whether failures are bundled or not",
        {
            "not-bundled: 422 for {'foo': 'x'}": (
                422,
                '{"message": {"foo": "invalid literal for int() with base 10: \'x\'"}}\n',
            )
        },
    ),
    Difference(
        "parsing",
        "A JSON body that is no object is the client's mistake, an empty one is no JSON",
        {
            "basic: a JSON list": (400, '{"message": "The JSON body must be an object, not a list."}\n'),
            "basic: no JSON": (200, '{"rate": null, "name": null}\n'),
        },
    ),
    Difference(
        "input_types",
        "A refusal is told in words for people, not in those of a Python error",
        {
            "boolean of the JSON value 0": (400, '{"message": {"value": "must be true or false"}}\n'),
            "boolean of the JSON value 1": (400, '{"message": {"value": "must be true or false"}}\n'),
            "boolean of the JSON value 7": (400, '{"message": {"value": "must be true or false"}}\n'),
            "date of the JSON value 20240229": (400, '{"message": {"value": "must be a string"}}\n'),
            "url of the JSON value 7": (400, '{"message": {"value": "must be a string"}}\n'),
            "rfc822 of 'yesterday'": (
                400,
                '{"message": {"value": "must be an RFC 822 date, as in Fri, 31 May 2024 13:45:00 GMT"}}\n',
            ),
            "interval of '2024-02-28T10/2024-02-29'": (
                400,
                '{"message": {"value": "must be an ISO 8601 interval, as in 2024-05-31/P1D"}}\n',
            ),
        },
    ),
    Difference(
        "input_types",
        "An integer of JSON is one: neither true nor half of 3",
        {
            "natural of the JSON value 1.5": (400, '{"message": {"value": "must be an integer"}}\n'),
            "natural of the JSON value True": (400, '{"message": {"value": "must be an integer"}}\n'),
        },
    ),
]


REFUSED_AS_NOT_JSON = "Did not attempt to load JSON data because the request Content-Type was not 'application/json'."
"""Since Werkzeug 2.1 ``request.json`` refuses every request that is not JSON, and Flask-RESTful's parsers with it."""


class RequestBeforeWerkzeug21(flask.Request):
    """With this request class Flask-RESTful's parsers take query strings and forms again, as it documents."""

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        return super().on_json_loading_failed(e) if e else None


class RestfulApi(restwell.Api):
    """What an application changes beside its import."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, error_format="restful", **kwargs)


RESTWELL = SimpleNamespace(**(vars(restwell) | {"Api": RestfulApi}))
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
def on_restwell(application: str) -> dict[str, Answer]:
    return answers(RESTWELL, application)


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
def test_restwell_answers_as_flask_restful(application, request_name):
    assert on_restwell(application)[request_name] == flask_restful_as_documented(application)[request_name]


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
def test_restwell_differs_where_flask_restful_is_wrong(application, request_name, answer):
    ours = on_restwell(application)[request_name]
    assert (ours.status, ours.body) == answer
    assert ours != flask_restful_as_documented(application)[request_name]


# -- what only shows while an application is built ---------------------------------------------------------------------


def rules_of_blueprints(framework: Any, init_app: str) -> set[tuple[str, str]]:
    app = flask.Flask(__name__)
    load("blueprints").register_variants(framework, app, init_app)
    return {(rule.rule, rule.endpoint) for rule in app.url_map.iter_rules()}


@pytest.mark.parametrize("init_app", ["before add_resource", "after add_resource"])
def test_init_app_keeps_the_prefixes_of_a_blueprint(init_app):
    """Flask-RESTful drops the Api's prefix and the order of the parts unless the constructor gets the blueprint."""
    assert rules_of_blueprints(RESTWELL, init_app) == rules_of_blueprints(flask_restful, "in the constructor")
    assert rules_of_blueprints(flask_restful, init_app) != rules_of_blueprints(flask_restful, "in the constructor")


def test_a_parser_takes_any_request_of_werkzeug():
    parser = restwell.reqparse.RequestParser().add_argument("name").add_argument("number", type=int)
    request = Request(EnvironBuilder(query_string="name=bob", data={"number": "7"}, method="POST").get_environ())
    with flask.Flask(__name__).app_context():
        assert parser.parse_args(request) == {"name": "bob", "number": 7}
