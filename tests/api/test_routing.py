"""Whatever a URL map holds, a request builds URLs as by Werkzeug's own adapter."""

import contextlib
import uuid

import flask
import hypothesis.strategies as st
from hypothesis import given, settings
from werkzeug.routing import BaseConverter, Rule, ValidationError
from werkzeug.test import create_environ

from api import Api


class Even(BaseConverter):
    regex = r"\d+"
    weight = 50

    def to_python(self, value):
        if int(value) % 2:
            raise ValidationError
        return int(value) // 2

    def to_url(self, value):
        if not isinstance(value, int):
            raise ValidationError
        return str(value * 2)


class Grouped(BaseConverter):
    regex = r"(a|b)(?P<digit>\d)?"


class Wide(BaseConverter):
    regex = "a(?:/b)?"
    part_isolating = False


class Known(BaseConverter):
    def to_python(self, value):
        return flask.abort(410) if value == "b" else [value]


CONVERTERS = {"even": Even, "grouped": Grouped, "wide": Wide, "known": Known}

PARTS = {
    "": [""],
    "a": ["a"],
    "b": ["b"],
    "1": ["1"],
    "<{}>": ["a", "b", "1", "ü"],
    "<int:{}>": ["1", "2"],
    "<int(min=2):{}>": ["1", "2"],
    "<int(signed=True):{}>": ["-2"],
    "<float:{}>": ["2.5"],
    "<string(length=2):{}>": ["ab", "a1", "\n\n"],
    "<any(a, b):{}>": ["a", "b"],
    "<uuid:{}>": [str(uuid.UUID(int=7))],
    "<path:{}>": ["a", "a/b", "a/1/"],
    "<even:{}>": ["1", "2"],
    "<grouped:{}>": ["a", "b1"],
    "<wide:{}>": ["a", "a/b"],
    "<known:{}>": ["a", "b"],
    "a<int:{}>": ["a1"],
    "<{}>-<int:{}>": ["a-1"],
}
"""The parts of rules, and paths that they match."""


def oddities(*options):
    """At most one of the options, and none half of the time."""
    return st.sampled_from([{}] * len(options) + list(options))


RULE_ODDITIES = oddities(
    {"methods": None},
    {"methods": None, "websocket": True},
    {"methods": ["GET"], "websocket": True},
    {"defaults": {"v0": 1}},
    {"defaults": {"v0": 2}},
    {"defaults": {"v0": "a"}},
    {"defaults": {"page": 1}},
    {"strict_slashes": False},
    {"merge_slashes": False},
    {"subdomain": "s"},
    {"subdomain": "<s>"},
    {"redirect_to": "/a"},
    {"redirect_to": lambda adapter, **variables: f"/b?{variables}"},
    {"alias": True},
    {"build_only": True},
)
MAP_ODDITIES = oddities(
    {"strict_slashes": False}, {"merge_slashes": False}, {"redirect_defaults": False}, {"default_subdomain": "s"}
)
ENVIRON_ODDITIES = oddities(
    {"REQUEST_METHOD": "TRACE"},
    {"REQUEST_METHOD": "get"},
    {"QUERY_STRING": "q=1"},
    {"SCRIPT_NAME": "/root"},
    {"wsgi.url_scheme": "https"},
    {"wsgi.url_scheme": "ws"},
    {"HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "Upgrade"},
    {"PATH_INFO": ""},
)


@st.composite
def rules(draw):
    """A rule, and a path that it may match."""
    parts = draw(st.lists(st.sampled_from(list(PARTS)), max_size=2))
    slash = draw(st.sampled_from(["", "/"]))
    string = "/".join(["", *parts]) + slash or "/"
    path = "/".join(["", *(draw(st.sampled_from(PARTS[part])) for part in parts)]) + slash or "/"
    options = {
        "endpoint": draw(st.sampled_from(["e", "f"])),
        "methods": draw(st.sampled_from([["GET"], ["POST"], ["GET", "POST"]])),
        **draw(RULE_ODDITIES),
    }
    return string.format("v0", "v1", "v2", "v3"), options, path


@st.composite
def environs(draw, paths):
    """The environ of a request for one of the paths, or for one that is much like it."""
    path = draw(st.sampled_from(paths))
    path = draw(st.sampled_from([path, path, path, path, f"{path}/", path.rstrip("/"), f"/{path}", f"{path}/a"]))
    environ = create_environ(method=draw(st.sampled_from(["GET", "HEAD", "POST", "OPTIONS"])))
    environ["PATH_INFO"] = path.encode().decode("latin-1")
    return {**environ, **draw(ENVIRON_ODDITIES)}


def new_application():
    app = flask.Flask("app", static_folder=None)
    app.url_map.converters.update(CONVERTERS)
    Api(app)
    return app


@st.composite
def applications(draw):
    """An application, its rules, which are not added yet, and requests."""
    app = new_application()
    for name, value in draw(MAP_ODDITIES).items():
        setattr(app.url_map, name, value)
    drawn = draw(st.lists(rules(), min_size=1, max_size=6))
    requests = draw(st.lists(environs([path for _, _, path in drawn]), min_size=1, max_size=6))
    return app, [(string, options) for string, options, _ in drawn], requests


def add_rule(app, string, options):
    with contextlib.suppress(ValueError):  # of a default that its converter does not take
        app.url_map.add(Rule(string, **options))


def outcome(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return type(error), str(error)


def built(adapter, **arguments):
    return adapter.build(**arguments)


def assert_same(app, environ, function, **arguments):
    """The adapter of the application and the one that Flask makes say the same."""
    own = app.create_url_adapter(app.request_class(environ))
    flasks = flask.Flask.create_url_adapter(app, app.request_class(environ))
    assert outcome(function, own, **arguments) == outcome(function, flasks, **arguments)


@settings(max_examples=500)
@given(
    applications(),
    st.fixed_dictionaries(
        {
            "endpoint": st.sampled_from(["e", "e", "f", "unknown"]),
            "values": st.none()
            | st.dictionaries(
                st.sampled_from(["v0", "v0", "v1", "s", "page", "q"]),
                st.sampled_from([None, 1, 2, "a", "/ä b", [1, 2]]),
            ),
        },
        optional={
            "method": st.sampled_from(["GET", "POST"]),
            "force_external": st.booleans(),
            "append_unknown": st.booleans(),
            "url_scheme": st.sampled_from(["https", "wss"]),
        },
    ),
)
def test_a_url_is_built_as_by_werkzeug(application, arguments):
    app, rules, requests = application
    for rule in rules:
        add_rule(app, *rule)
    for environ in requests:
        assert_same(app, environ, built, **arguments)
