"""An Api never changes what is not its own: plain views beside one answer byte for byte as on bare Flask."""

import json
from collections import OrderedDict
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from uuid import UUID

import flask
import pytest
from flask import Flask, flash, get_flashed_messages, jsonify, render_template_string, request, session
from flask.json.provider import DefaultJSONProvider

import restwell
from restwell import flask_restful as door
from restwell import reqparse

MOMENT = datetime(2024, 2, 29, 12, 30, tzinfo=timezone.utc)


class Upper(DefaultJSONProvider):
    """A provider of the application's own, on Flask's."""

    @staticmethod
    def default(o):
        return str(o).upper() if isinstance(o, Enum) else DefaultJSONProvider.default(o)


class Sorted(restwell.FlaskJSONProvider):
    """A provider of the application's own, on Restwell's."""

    sort_keys = False


class Colour(Enum):
    RED = "red"


VALUES = {
    "moment": MOMENT,
    "day": date(2024, 2, 29),
    "floats": [1.0, 1e22, 1e-7, 0.1 + 0.2, 123456789.0],
    "not finite": [float("nan"), float("inf"), float("-inf")],
    "order": OrderedDict([("b", 1), ("a", 2), ("C", 3)]),
    "numbers as keys": {2: "b", 10: "a"},
    "text": 'é \u2028 </script> " \ud83c\udf55',
    "lone surrogate": "\ud800",
    "decimal": Decimal("9.90"),
    "uuid": UUID(int=7),
    "enumeration": Colour.RED,
    "set": {1},
    "bytes": b"abc",
    "null": None,
    "deep": json.loads("[" * 90 + "]" * 90),
}

BODIES = {
    "object": b'{"b": 1, "a": 2}',
    "not a number": b"[NaN, Infinity]",
    "utf-16": '{"a": "\u00e9"}'.encode("utf-16"),
    "utf-32": '{"a": 1}'.encode("utf-32"),
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "bad utf-8": b'{"a": "\xff"}',
    "deep": b"[" * 300 + b"]" * 300,
    "big": b"36893488147419103232",
    "huge": b"1e400",
    "twice": b'{"a": 1, "a": 2}',
    "cut": b'{"a"',
    "empty": b"",
    "surrogate": b'"\\ud800"',
}

PROVIDERS = {
    "stock": lambda app: None,
    "by hand": lambda app: setattr(app, "json", DefaultJSONProvider(app)),
    "of its own": lambda app: setattr(app, "json", Upper(app)),
    "restwell's": lambda app: setattr(app, "json", Sorted(app)),
    "settings": lambda app: vars(app.json).update(sort_keys=False, ensure_ascii=False, compact=False),
    "default": lambda app: setattr(app.json, "default", lambda o: f"own {type(o).__name__}"),
}


def alone(app):
    pass


def restwells(app):
    class Plain(restwell.Resource):
        def get(self):
            return {"b": MOMENT.date(), "a": 1}

    restwell.Api(app, prefix="/api").add_resource(Plain, "/plain")


def doors(app):
    class Plain(door.Resource):
        def get(self):
            return {"b": 1}

    door.Api(app, prefix="/old").add_resource(Plain, "/plain", endpoint="old_plain")


def both(app):
    restwells(app)
    doors(app)


def build(beside, provider, debug=False):
    app = Flask("site")
    app.secret_key = "secret"
    app.debug = debug
    PROVIDERS[provider](app)
    beside(app)
    app.add_url_rule("/jsonify/<name>", "jsonified", lambda name: jsonify(VALUES[name]))
    app.add_url_rule("/dict/<name>", "dict", lambda name: {"b": VALUES[name], "a": 1})
    app.add_url_rule("/dumps/<name>", "dumps", lambda name: flask.json.dumps({"b": VALUES[name], "a": 1}))
    app.add_url_rule("/tojson/<name>", "tojson", lambda name: render_template_string("{{ v|tojson }}", v=VALUES[name]))
    app.add_url_rule("/json", "json", lambda: flask.json.dumps(repr(request.get_json())), methods=["POST"])
    app.add_url_rule("/silent", "silent", lambda: repr(request.get_json(silent=True)), methods=["POST"])

    @app.get("/session")
    def remember():
        flash("hello")
        session.update(moment=MOMENT, numbers=(1, 2.0), text="é")
        return get_flashed_messages()[0]

    return app


def answer(app, **asked):
    try:
        response = app.test_client().open(**asked)
    except Exception as error:
        return type(error).__name__
    return response.status, sorted(response.headers), response.data


@pytest.mark.parametrize("beside", [restwells, doors, both])
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("debug", [False, True])
def test_views_write_their_json_as_without_an_api(beside, provider, debug):
    bare, app = build(alone, provider, debug), build(beside, provider, debug)
    own = type(app.json)
    for name in VALUES:
        for way in ("jsonify", "dict", "dumps", "tojson"):
            path = f"/{way}/{name}"
            assert answer(app, path=path) == answer(bare, path=path), path
    assert type(app.json) is own is type(bare.json)


@pytest.mark.parametrize("beside", [restwells, doors, both])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_views_read_json_as_without_an_api(beside, provider):
    bare, app = build(alone, provider), build(beside, provider)
    for name, body in BODIES.items():
        for path in ("/json", "/silent"):
            for content_type in ("application/json", "text/plain"):
                asked = {"path": path, "method": "POST", "data": body, "content_type": content_type}
                assert answer(app, **asked) == answer(bare, **asked), (name, content_type)


@pytest.mark.parametrize("beside", [restwells, doors, both])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_sessions_and_the_test_client_are_flasks(beside, provider, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1_700_000_000)
    bare, app = build(alone, provider), build(beside, provider)
    assert answer(app, path="/session") == answer(bare, path="/session")
    with app.test_client() as client:
        client.get("/session")
        assert client.post("/silent", json={"day": 1}).text == "{'day': 1}"
        assert session["moment"] == MOMENT
    for value in (VALUES["moment"], VALUES["order"], VALUES["floats"]):
        asked = {"path": "/silent", "method": "POST", "json": value}
        assert answer(app, **asked) == answer(bare, **asked)


# -- what resources return, beside each provider ----------------------------------------------------------------------


def resource_answer(provider, value, api=restwell.Api, **settings):
    app = Flask("site")
    PROVIDERS[provider](app)

    class Plain(restwell.Resource):
        def get(self):
            return value

    api(app).add_resource(Plain, "/")
    vars(app.json).update(settings)
    return app.test_client().get("/").text


@pytest.mark.parametrize("provider", ["stock", "by hand"])
def test_a_resource_is_written_by_restwells_provider(provider):
    assert resource_answer(provider, {"b": date(2024, 2, 29), "a": float("nan")}) == '{"b":"2024-02-29","a":null}\n'


def test_a_resource_is_written_by_a_provider_of_the_applications_own():
    assert resource_answer("of its own", {"b": Colour.RED, "a": MOMENT}) == (
        '{"b": "COLOUR.RED", "a": "Thu, 29 Feb 2024 12:30:00 GMT"}\n'
    )
    assert resource_answer("restwell's", {"b": Colour.RED, "a": MOMENT.date()}) == '{"b":"red","a":"2024-02-29"}\n'


def test_what_is_set_on_the_applications_provider_is_followed_live():
    assert resource_answer("stock", {"b": "é", "a": 1}, sort_keys=True) == '{"a":1,"b":"\\u00e9"}\n'
    assert resource_answer("stock", {"b": "é", "a": 1}, ensure_ascii=False) == '{"b":"é","a":1}\n'
    assert json.loads(indented := resource_answer("stock", {"b": 1}, compact=False)) == {"b": 1}
    assert indented.startswith("{\n")
    assert resource_answer("default", {"b": object()}) == '{"b":"own object"}\n'


def test_in_the_door_nothing_that_is_set_on_the_applications_provider_counts():
    for settings in ({"sort_keys": True}, {"ensure_ascii": False}, {"compact": False}):
        assert resource_answer("stock", {"b": "é", "a": 1.0}, door.Api, **settings) == '{"b": "\\u00e9", "a": 1.0}\n'
    assert resource_answer("stock", [float("nan")], door.Api) == "[NaN]\n"


# -- what resources read ----------------------------------------------------------------------------------------------

PARSER = reqparse.RequestParser().add_argument("n", location="json")


def reading(api, hook=None):
    app = Flask("site")

    class Reading(restwell.Resource):
        def post(self):
            return {"read": request.get_json()}

        def put(self):
            return {"read": PARSER.parse_args()["n"]}

    if hook is not None:
        app.before_request(hook)
    api(app).add_resource(Reading, "/")
    client = app.test_client()
    return lambda method, body: client.open("/", method=method, data=body, content_type="application/json")


@pytest.mark.parametrize("hook", [None, lambda: request.get_json(silent=True) and None], ids=["alone", "after a hook"])
def test_a_parser_reads_by_restwells_provider_whatever_a_hook_has_read(hook):
    read = reading(restwell.Api, hook)
    assert read("PUT", b'{"n": NaN}').status_code == 400
    assert read("PUT", '{"n": "1"}'.encode("utf-16")).status_code == 400
    assert read("PUT", b'{"n": "1"}').json == {"read": "1"}


def test_get_json_in_a_resource_reads_by_restwells_provider():
    read = reading(restwell.Api)
    assert read("POST", b"[NaN]").status_code == 400
    assert read("POST", b"[" * 200 + b"]" * 200).status_code == 400
    assert read("POST", b"[1]").json == {"read": [1]}


def test_in_the_door_both_read_as_flask_does():
    read = reading(door.Api)
    assert read("POST", b"[NaN]").data == b'{"read": [NaN]}\n'
    assert read("PUT", b'{"n": NaN}').data == b'{"read": "nan"}\n'
    assert read("PUT", '{"n": "1"}'.encode("utf-16")).json == {"read": "1"}


def test_a_json_module_that_a_hook_has_set_is_left_alone():
    class Strange:
        @staticmethod
        def loads(text, **options):
            return "strange"

    def hook():
        request.json_module = Strange

    assert reading(restwell.Api, hook)("POST", b"1").json == {"read": "strange"}


def test_a_body_that_was_taken_away_is_refused_in_both_doors():
    for api in (restwell.Api, door.Api):
        read = reading(api, lambda: request.get_data(cache=False) and None)
        assert read("PUT", b'{"n": "1"}').status_code == 400
