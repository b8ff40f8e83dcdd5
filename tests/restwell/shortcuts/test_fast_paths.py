"""Every fast path has a slow twin: whatever is asked, both give the same response."""

import enum
import functools
import inspect
import types
from urllib.parse import urlencode

import flask
import hypothesis.strategies as st
import pytest
from flask.sessions import SecureCookieSessionInterface
from hypothesis import given, settings
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, run_wsgi_app

from restwell import Api, Resource, abort, reqparse
from restwell.output.representations import BytesResponse


class SlowResponse(flask.Response):
    """Any response class of an application's own is used as it is."""


class SlowSessions(SecureCookieSessionInterface):
    """Any session interface of an application's own is used as it is."""


class SlowFlask(flask.Flask):
    """Any method of an application's own is used as it is; and nothing is matched before it is bound."""

    subdomain_matching = False
    response_class = SlowResponse
    session_interface = SlowSessions()

    def app_context(self):
        return super().app_context()

    def request_context(self, environ):
        return super().request_context(environ)

    def full_dispatch_request(self):
        return super().full_dispatch_request()

    def dispatch_request(self):
        return super().dispatch_request()

    def preprocess_request(self):
        return super().preprocess_request()

    def finalize_request(self, *args, **kwargs):
        return super().finalize_request(*args, **kwargs)

    def make_response(self, rv):
        return super().make_response(rv)

    def process_response(self, response):
        return super().process_response(response)

    def do_teardown_request(self, *args, **kwargs):
        super().do_teardown_request(*args, **kwargs)

    def do_teardown_appcontext(self, *args, **kwargs):
        super().do_teardown_appcontext(*args, **kwargs)

    def ensure_sync(self, func):
        return super().ensure_sync(func)


class SlowApi(Api):
    """An Api with a representation of its own chooses by Accept for each response."""

    def __init__(self, app, **kwargs):
        super().__init__(app, **kwargs)
        self.representations["application/json"] = functools.partial(self.representations["application/json"])


def add_hooks(app):
    """Functions around the views of the application and of a blueprint in a blueprint, which tell of themselves."""
    told = app.config["TOLD"] = []
    outer, inner = flask.Blueprint("outer", "app", url_prefix="/outer"), flask.Blueprint("inner", "app")

    @inner.get("/<name>")
    def view(name):
        told.append(f"view {name}")
        return name if name != "error" else 1 / 0

    for place, steps in (("app", app), ("outer", outer), ("inner", inner)):

        @steps.url_value_preprocessor
        def preprocess(endpoint, values, place=place):
            told.append(f"{place} preprocess {endpoint} {values}")

        @steps.before_request
        def before(place=place):
            told.append(f"{place} before")
            return f"refused by {place}" if place in flask.request.args.getlist("name") else None

        @steps.after_request
        def after(response, place=place):
            told.append(f"{place} after")
            return response

        @steps.teardown_request
        def teardown(error, place=place):
            told.append(f"{place} teardown {error!r}")

    @app.teardown_appcontext
    def teardown_application_context(error):
        told.append(f"application context teardown {error!r}")

    def receiver(signal):
        return lambda sender, response=None, exc=None, exception=None: told.append(
            f"{signal.name} {response and response.status} {exc!r} {exception!r}"
        )

    for signal in SIGNALS:
        signal.connect(receiver(signal), app, weak=False)

    outer.register_blueprint(inner)
    app.register_blueprint(outer)


SIGNALS = (
    flask.appcontext_pushed,
    flask.request_started,
    flask.got_request_exception,
    flask.request_finished,
    flask.request_tearing_down,
    flask.appcontext_tearing_down,
    flask.appcontext_popped,
)


def urls():
    return [
        flask.url_for("items"),
        flask.url_for("items", _external=True),
        flask.url_for("items", _scheme="https"),
        flask.url_for("item", item_id=7, page=2, _anchor="ü"),
        flask.url_for("either"),
        flask.url_for("either", _method="POST"),
        flask.url_for("live"),
        flask.url_for("unknown", name="x"),
    ]


BODY = ("json", "values")
BODY_AND_COOKIES = (*BODY, "cookies")  # no cookie is sent, but a location that is not the body is looked up each time


def application(app, api_class, locations, **options):
    app.config["TRUSTED_HOSTS"] = [".localhost", "localhost"] if isinstance(app, SlowFlask) else None
    app.logger.disabled = True  # the exceptions are meant
    api = api_class(app, **options)
    parser = reqparse.RequestParser()
    parser.add_argument("name", type=str, required=True, location=locations, help="wrong name")
    parser.add_argument("tags", action="append", location=locations)
    parser.add_argument("count", type=int, store_missing=False, location=locations)

    add_hooks(app)

    class Items(Resource):
        def get(self):
            return [{"id": 1, "name": "ä"}]

        def post(self):
            args = parser.parse_args()
            return (
                {**args, "urls": urls()},
                201,
                {"Location": flask.request.args.get("location", "/items/ü"), "X-Kind": "item"},
            )

    class Item(Resource):
        def get(self, item_id):
            if item_id == 0:
                abort(404, message="none")
            if item_id == 1:
                return "", 204
            if item_id == 2:
                return flask.redirect("/items")
            return {"id": item_id, "session": dict(flask.session), "urls": urls()}

        def put(self, item_id):
            flask.session["item"] = item_id
            return "", 204

        def delete(self, item_id):
            raise KeyError(item_id)

    api.add_resource(Items, "/items", "/folder/", endpoint="items")
    api.add_resource(Item, "/items/<int:item_id>", endpoint="item")
    app.add_url_rule("/either/get", "either", methods=["GET"])
    app.add_url_rule("/either/post", "either", methods=["POST"])
    app.url_map.add(Rule("/live", endpoint="live", websocket=True))
    app.handle_url_build_error = lambda error, endpoint, values: f"{endpoint} {error.adapter.server_name} {values}"
    app.add_url_rule("/plain", view_func=lambda: "plain")
    return app


OPTIONS = (
    {},
    {"status_in_body": True},
    {"error_format": "restful"},
    {"browsable": False, "catch_all_404s": True},
    {"secret_key": "secret"},
)


def clients(secret_key=None, **options):
    """A client of the fast application and one of the slow one; neither keeps cookies."""
    for app, api_class, locations in (
        (flask.Flask("app"), Api, BODY),
        (SlowFlask("app"), SlowApi, BODY_AND_COOKIES),
    ):
        app.secret_key = secret_key
        yield application(app, api_class, locations, **options).test_client(use_cookies=False)


PAIRS = [tuple(clients(**options)) for options in OPTIONS]


def signed_session():
    app = flask.Flask("app")
    app.secret_key = "secret"
    return SecureCookieSessionInterface().get_signing_serializer(app).dumps({"name": "value"})


SESSION = signed_session()

values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=3)
)
bodies = st.one_of(
    st.none(),
    values.map(flask.json.dumps),
    st.dictionaries(st.sampled_from(["name", "tags", "count", "other"]), values).map(flask.json.dumps),
    st.sampled_from(['{"name"', "name=x&tags=a&tags=b", "[" * 200]),
)
requests = st.fixed_dictionaries(
    {
        "path": st.one_of(
            st.sampled_from(["/items", "/items/", "/folder", "/folder/", "/plain", "/nothing", "/items/x"]),
            st.sampled_from(["/outer/name", "/outer/error"]),
            st.integers(0, 9).map("/items/{}".format),
        ),
        "method": st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"]),
        "query_string": st.one_of(
            st.sampled_from(
                ["", "name=q", "name=app", "name=outer", "name=inner&name=outer", "tags=1&tags=2&name=", "count=x"]
            ),
            st.text('/.:-~_%?#&;a1ü "[]@', max_size=8).map(lambda path: urlencode({"location": path, "name": "q"})),
        ),
        "data": bodies,
        "content_type": st.sampled_from([None, "application/json", "application/x-www-form-urlencoded", "text/plain"]),
        "environ_overrides": st.sampled_from([{}, {"SCRIPT_NAME": "/root ü"}, {"wsgi.url_scheme": "https"}]),
        "headers": st.fixed_dictionaries(
            {"Accept": st.sampled_from(["*/*", "application/json", "text/html,*/*;q=0.8", "Text/HTML", "image/png"])},
            optional={
                "Host": st.just("other.localhost:8000"),
                "Upgrade": st.just("websocket"),
                "Connection": st.just("Upgrade"),
                "Cookie": st.sampled_from(["", "other=1", "session=forged", f"session={SESSION}"]),
            },
        ),
    }
)


def answer(client, request):
    response = client.open(**request)
    headers = [(name, value.partition(".")[0] if name == "Set-Cookie" else value) for name, value in response.headers]
    told = client.application.config["TOLD"]
    steps = [*told]
    told.clear()
    return response.status, sorted(headers), response.data, steps  # the time and the signature of a cookie differ


@settings(max_examples=400)
@pytest.mark.parametrize(("fast", "slow"), PAIRS, ids=map(str, OPTIONS))
@given(request=requests)
def test_fast_and_slow_paths_give_the_same_response(fast, slow, request):
    assert answer(fast, request) == answer(slow, request)


def test_a_response_of_bytes_has_all_that_a_response_has():
    fast = BytesResponse(b"{}", 201, content_type="application/json")
    slow = flask.Response(b"{}", 201, content_type="application/json")
    assert vars(fast).keys() == vars(slow).keys()
    assert list(fast.headers) == list(slow.headers)
    assert (fast.status, fast.data, fast.direct_passthrough) == (slow.status, slow.data, slow.direct_passthrough)


def test_a_rule_that_comes_later_is_found_though_another_matched_before():
    app = flask.Flask("app")
    Api(app)
    app.add_url_rule("/items", "lenient", lambda: "lenient", strict_slashes=False)
    client = app.test_client()
    assert [client.get("/items/").text, client.get("/items/").text] == ["lenient", "lenient"]

    app.view_functions["exact"] = lambda: "exact"
    app.url_map.add(Rule("/items/", endpoint="exact", methods=["GET"]))
    assert client.get("/items/").text == "exact"


def test_a_location_that_is_not_the_body_is_looked_up_each_time():
    parser = reqparse.RequestParser().add_argument("name", location="extra")
    with flask.Flask("app").test_request_context():
        for name in ("first", "second"):
            flask.request.extra = {"name": name}
            assert parser.parse_args() == {"name": name}


def test_what_a_parser_has_found_is_forgotten_when_it_is_done():
    argument = reqparse.Argument("name", location="args")
    parser = reqparse.RequestParser().add_argument(argument)
    with flask.Flask("app").test_request_context("/?name=first"):
        assert parser.parse_args() == {"name": "first"}
        flask.request.args = {"name": "second"}
        assert parser.parse_args() == {"name": "second"}
        flask.request.args = {"name": "third"}
        assert argument.parse(flask.request._get_current_object()) == ("third", True)


def test_a_type_sets_what_the_next_argument_is_read_from():
    def signed_in(value):
        flask.request.user = {"user": value}
        return value

    parser = reqparse.RequestParser().add_argument("before", location=["user"])
    parser.add_argument("name", type=signed_in, location="args").add_argument("user", location=["user"])
    with flask.Flask("app").test_request_context("/?name=first"):
        assert parser.parse_args() == {"before": None, "name": "first", "user": "first"}


def test_a_type_calls_a_parser_and_sets_what_the_next_argument_is_read_from():
    inner = reqparse.RequestParser().add_argument("inner", location="args")

    def parsed(value):
        flask.request.user = {"user": f"{value} and {inner.parse_args()['inner']}"}
        return value

    outer = (
        reqparse.RequestParser()
        .add_argument("before", location="user")
        .add_argument("outer", type=parsed, location="args")
    )
    outer.add_argument("user", location="user").add_argument("after", location="args")
    with flask.Flask("app").test_request_context("/?outer=1&inner=2&after=3"):
        assert outer.parse_args() == {"before": None, "outer": "1", "user": "1 and 2", "after": "3"}


def test_a_location_may_be_a_member_of_an_enumeration():
    class Location(str, enum.Enum):
        QUERY = "args"

    parser = reqparse.RequestParser().add_argument("name", location=Location.QUERY)
    with flask.Flask("app").test_request_context("/?name=first"):
        assert parser.parse_args() == {"name": "first"}


def test_arguments_are_read_from_any_object_that_has_the_locations():
    class Record:
        __slots__ = ("args", "unparsed_arguments")

    record = Record()
    record.args = {"name": "first"}
    argument = reqparse.Argument("name", location="args")
    assert reqparse.RequestParser().add_argument(argument).parse_args(record) == {"name": "first"}
    assert argument.parse(record) == ("first", True)


def test_whatever_is_async_is_awaited():
    app = flask.Flask("app")
    Api(app)
    awaited = []

    async def before():
        awaited.append("before")

    async def after(response):
        awaited.append("after")
        return response

    async def view(self):
        return "answer"

    # From Python 3.12 on, a function may be marked as one that returns a coroutine.
    mark = getattr(inspect, "markcoroutinefunction", None)
    app.before_request(before if mark is None else mark(lambda: before()))
    app.after_request(functools.partial(after))
    app.add_url_rule("/", view_func=types.MethodType(view, app))
    assert app.test_client().get("/").text == "answer"
    assert awaited == ["before", "after"]


def test_a_location_is_made_absolute_or_single_where_werkzeug_does_so():
    class Absolute(BytesResponse):
        autocorrect_location_header = True

    environ = EnvironBuilder().get_environ()
    response = Absolute(b"", 201, content_type="text/plain")
    response.headers["Location"] = "/items/1"
    _, _, headers = run_wsgi_app(response, environ)
    assert headers["Location"] == "http://localhost/items/1"

    response = BytesResponse(b"", 201, content_type="text/plain")
    response.headers.extend([("Location", "/items/1"), ("Location", "/items/2")])
    _, _, headers = run_wsgi_app(response, environ)
    assert headers.getlist("Location") == ["/items/2"]


HEADERS = st.tuples(
    st.sampled_from(["Location", "location", "Content-Location", "X-Location", "Content-Length", "Vary", "ETag"]),
    st.sampled_from(["/a/b", "/items/1", "http://x/y", "/ü", "a", "//host/x", "/a?b=c", "/a b", "", "/a//b", "12"]),
)


@settings(max_examples=500)
@given(
    status=st.sampled_from([100, 200, 201, 204, 206, 301, 304, 404, 500]),
    removed=st.sampled_from([None, None, "Content-Length", "Content-Type"]),
    added=st.lists(HEADERS, max_size=4),
)
def test_headers_go_out_as_werkzeug_sends_them(status, removed, added):
    def sent(response):
        response.headers["Content-Length"] = "4"
        if removed is not None:
            del response.headers[removed]
        for header in added:
            response.headers.add(*header)
        body, status, headers = run_wsgi_app(response, EnvironBuilder().get_environ())
        return b"".join(body), status, [*headers]

    quick = BytesResponse(b"body", status, content_type="text/plain")
    assert sent(quick) == sent(flask.Response(b"body", status, content_type="text/plain"))


def test_hosts_that_a_request_class_trusts_are_kept():
    class Careful(flask.Request):
        trusted_hosts = ("trusted.example",)

    app = flask.Flask("app")
    app.request_class = Careful
    Api(app)
    app.add_url_rule("/", "view", lambda: flask.url_for("view"))
    assert app.test_client().get("/", base_url="http://trusted.example").text == "/"
    assert app.test_client().get("/", base_url="http://evil.example").status_code == 400


@pytest.mark.parametrize("kind", [flask.Flask, SlowFlask])
def test_a_header_with_a_line_break_is_refused(kind):
    class Broken(Resource):
        def get(self):
            return {}, 200, {"X-Name": "a\r\nSet-Cookie: b=c"}

    app = kind("app")
    Api(app).add_resource(Broken, "/")
    app.logger.disabled = True
    assert app.test_client().get("/").status_code == 500


@pytest.mark.parametrize("kind", [flask.Flask, SlowFlask])
def test_a_response_is_sent_again_whatever_the_server_does_to_its_headers(kind):
    app = kind("app")
    api = Api(app)
    sent = []

    def start_response(status, headers, exc_info=None):
        sent.append([*headers])
        headers.clear()

    with app.test_request_context() as context:
        response = api.make_response({}, 200)
        for _ in range(2):
            assert b"".join(response(context.request.environ, start_response)) == b"{}\n"
    assert sent[0] == sent[1] != []


@pytest.mark.parametrize("kind", [flask.Flask, SlowFlask])
def test_vary_is_said_once(kind):
    app = kind("app")
    api = Api(app)

    class Varying(Resource):
        def get(self):
            return api.make_response({}, 200, {"Vary": "Accept"})

    api.add_resource(Varying, "/")
    assert app.test_client().get("/").headers.getlist("Vary") == ["Accept"]
