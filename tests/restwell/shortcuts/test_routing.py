"""Whatever a URL map holds, a request matches and builds as by Werkzeug's own adapter."""

import contextlib
import copy
import uuid

import flask
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from werkzeug.routing import BaseConverter, BuildError, Map, MapAdapter, RequestRedirect, Rule, ValidationError
from werkzeug.test import create_environ, run_wsgi_app

from restwell import Api


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
        methods = getattr(error, "valid_methods", None)
        return type(error), str(error), getattr(error, "new_url", None), methods and sorted(methods)


def matched(adapter, **arguments):
    rule, variables = adapter.match(return_rule=True, **arguments)
    return id(rule), [(name, type(value), value) for name, value in variables.items()]


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
        {},
        optional={
            "path_info": st.sampled_from(["", "/a"]),
            "method": st.sampled_from(["POST", "put"]),
            "query_args": st.just({"q": 2}),
            "websocket": st.booleans(),
        },
    ),
)
def test_a_path_is_matched_as_by_werkzeug(application, arguments):
    app, rules, requests = application
    for rule in rules:
        add_rule(app, *rule)
        for environ in requests:
            assert_same(app, environ, matched)
            assert_same(app, environ, matched, **arguments)


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


@pytest.fixture
def app(taken):
    return new_application()


def adapter_of(app, path):
    return app.create_url_adapter(app.request_class(create_environ(path)))


@pytest.mark.parametrize("subdomain", ["", "s"])
@pytest.mark.parametrize(
    ("rule", "path", "variables"),
    [
        ("/a", "/a", {}),
        ("/a/", "/a/", {}),
        ("/<int:a>", "/7", {"a": 7}),
        ("/a<int:a>/<float:b>/c", "/a7/2.5/c", {"a": 7, "b": 2.5}),
        ("/<path:a>", "/a/b", {"a": "a/b"}),
        ("/<path:a>/c", "/a/b/c", {"a": "a/b"}),
        ("/<even:a>", "/4", {"a": 2}),
    ],
)
def test_what_simply_matches_is_not_left_to_werkzeug(app, subdomain, rule, path, variables, monkeypatch):
    monkeypatch.setattr(MapAdapter, "match", None)
    app.url_map.default_subdomain = subdomain
    app.add_url_rule(rule, "view")
    for _ in range(2):
        assert adapter_of(app, path).match() == ("view", variables)


def test_binding_is_of_the_environment_that_the_request_came_with():
    app = flask.Flask("app")
    Api(app)

    @app.get("/view")
    def view():
        flask.request.environ.update(
            {"wsgi.url_scheme": "https", "HTTP_HOST": "other.example", "SCRIPT_NAME": "/sub", "PATH_INFO": "/x"}
        )
        return flask.url_for("view", _external=True)

    assert app.test_client().get("/view").text == "http://localhost/view"


def test_the_path_of_a_default_is_redirected_to_the_rule_that_has_it(app):
    app.add_url_rule("/all/<int:page>", "all")
    app.add_url_rule("/all", "all", defaults={"page": 1})
    assert adapter_of(app, "/all").match() == ("all", {"page": 1})
    assert adapter_of(app, "/all/2").match() == ("all", {"page": 2})
    with pytest.raises(RequestRedirect) as redirected:
        adapter_of(app, "/all/1").match()
    assert redirected.value.new_url == "http://localhost/all"


def test_a_converter_is_asked_once_also_when_it_aborts(app):
    asked = []

    class Item(BaseConverter):
        def to_python(self, value):
            asked.append(value)
            return {"id": value} if value == "1" else flask.abort(410)

    app.url_map.converters["item"] = Item
    app.add_url_rule("/<item:item>", view_func=lambda item: item, endpoint="view")
    client = app.test_client()
    assert client.get("/1").json == {"id": "1"}
    assert client.get("/2").status_code == 410
    assert asked == ["1", "2"]


def test_the_method_is_what_the_server_says(app):
    class Overridden(flask.Request):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.method = "PUT"

    app.request_class = Overridden
    app.add_url_rule("/<item>", "put", methods=["PUT"])
    app.add_url_rule("/<item>", "get", methods=["GET"])
    assert adapter_of(app, "/1").match() == ("get", {"item": "1"})


def bind_without_prefix(bound):
    """A way of binding that finds the views below a prefix."""

    def bind(*args, **kwargs):
        adapter = bound(*args, **kwargs)
        if adapter is not None:
            adapter.path_info = adapter.path_info.removeprefix("/prefix")
        return adapter

    return bind


class PrefixedMap(Map):
    bind_to_environ = bind_without_prefix(Map.bind_to_environ)


class PrefixedByMap(flask.Flask):
    url_map_class = PrefixedMap


class PrefixedByMethod(flask.Flask):
    create_url_adapter = bind_without_prefix(flask.Flask.create_url_adapter)


@pytest.mark.parametrize("flask_class", [PrefixedByMap, PrefixedByMethod])
def test_an_application_may_bind_in_its_own_way(flask_class):
    app = flask_class("app")
    Api(app)
    app.add_url_rule("/prefix/<name>", view_func=lambda name: "other", endpoint="other")
    app.add_url_rule("/view", view_func=lambda: "view", endpoint="view")
    assert app.test_client().get("/prefix/view").text == "view"


def test_a_rule_may_say_itself_which_values_suit_it():
    class Choosy(Rule):
        def suitable_for(self, values, method=None):
            return "forbidden" not in values and super().suitable_for(values, method)

    app = flask.Flask("app")
    app.url_rule_class = Choosy
    Api(app)
    app.add_url_rule("/", "view", lambda: "")
    with app.test_request_context():
        assert flask.url_for("view", x=1) == "/?x=1"
        with pytest.raises(BuildError):
            flask.url_for("view", forbidden=1)


def test_a_map_that_is_replaced_is_asked_no_longer(app):
    app.add_url_rule("/<name>", "old")
    assert adapter_of(app, "/a").match() == ("old", {"name": "a"})
    app.url_map = Map([Rule("/<name>", endpoint="new")])
    assert adapter_of(app, "/a").match() == ("new", {"name": "a"})


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:80",
        "a..b",
        ".a",
        "a.",
        "a" * 64,
        "a" * 63,
        "[::1]:8000",
        "1.2.3.4",
        "\xe4.example",
        "a b",
        "",
    ],
)
def test_a_host_is_refused_where_flask_refuses_it(app, host):
    plain = flask.Flask("plain")
    answers = []
    for each in (plain, app):
        each.add_url_rule("/<name>", "view", lambda name: flask.url_for("view", name=name))
        body, status, _ = run_wsgi_app(each, {**create_environ("/x"), "HTTP_HOST": host})
        answers.append((status, b"".join(body)))
    assert answers[0] == answers[1]
    assert answers[0][0] == "400 BAD REQUEST" or answers[0][1] == b"/x"


def test_hosts_that_are_not_trusted_are_refused(app):
    app.config["TRUSTED_HOSTS"] = ["trusted.example"]
    app.add_url_rule("/<name>", "view", lambda name: name)
    client = app.test_client()
    assert client.get("/x", base_url="http://trusted.example").text == "x"
    assert client.get("/x", base_url="http://evil.example").status_code == 400


def test_hosts_are_matched_where_the_application_does_so():
    app = flask.Flask("app", host_matching=True, static_host="static.example")
    Api(app)
    app.add_url_rule("/<name>", "a", lambda name: "a", host="a.example")
    app.add_url_rule("/<name>", "b", lambda name: "b", host="b.example")
    client = app.test_client()
    assert [client.get("/x", base_url=f"http://{name}.example").text for name in "ab"] == ["a", "b"]


def test_an_adapter_keeps_what_is_set_on_it(app):
    app.add_url_rule("/path", "view")
    with app.test_request_context("/") as context:
        adapter = context.url_adapter
        adapter.server_name = "other.example"
        assert flask.url_for("view", _external=True) == "http://other.example/path"
        adapter.url_scheme, adapter.script_name = "https", "/prefix/"
        assert flask.url_for("view", _external=True) == "https://other.example/prefix/path"
        assert flask.url_for("view") == "/prefix/path"


def test_an_adapter_can_be_copied(app):
    app.add_url_rule("/path", "view")
    with app.test_request_context("/path") as context:
        adapter = copy.copy(context.url_adapter)
        assert adapter.match() == ("view", {})
        assert adapter.server_name == "localhost"


def test_the_path_is_what_the_server_says(app):
    class Stripped(flask.Request):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.path = self.path.removeprefix("/v1")

    app.request_class = Stripped
    app.add_url_rule("/v1/<name>", "prefixed", lambda name: "prefixed")
    app.add_url_rule("/<name>", "plain", lambda name: "plain")
    assert app.test_client().get("/v1/a").text == "prefixed"


def test_a_rule_that_comes_later_is_found_though_another_matched_before():
    app = flask.Flask("app")
    Api(app)
    app.add_url_rule("/items", "lenient", lambda: "lenient", strict_slashes=False)
    client = app.test_client()
    assert [client.get("/items/").text, client.get("/items/").text] == ["lenient", "lenient"]

    app.view_functions["exact"] = lambda: "exact"
    app.url_map.add(Rule("/items/", endpoint="exact", methods=["GET"]))
    assert client.get("/items/").text == "exact"


def test_hosts_that_a_request_class_trusts_are_kept():
    class Careful(flask.Request):
        trusted_hosts = ("trusted.example",)

    app = flask.Flask("app")
    app.request_class = Careful
    Api(app)
    app.add_url_rule("/", "view", lambda: flask.url_for("view"))
    assert app.test_client().get("/", base_url="http://trusted.example").text == "/"
    assert app.test_client().get("/", base_url="http://evil.example").status_code == 400
