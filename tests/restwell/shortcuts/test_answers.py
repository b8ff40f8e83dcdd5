"""Whatever is asked, an application answers the same with shortcuts and without."""

from urllib.parse import urlencode

import flask
import hypothesis.strategies as st
import pytest
from flask.sessions import SecureCookieSessionInterface
from hypothesis import given, settings
from werkzeug.routing import Rule

from restwell import Api, Resource, abort, reqparse


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


def application(locations, secret_key=None, **options):
    app = flask.Flask("app")
    app.secret_key = secret_key
    app.logger.disabled = True  # the exceptions are meant
    api = Api(app, **options)
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


@pytest.fixture(scope="module", params=OPTIONS, ids=map(str, OPTIONS))
def pair(request):
    """A client of an application with shortcuts and one of another without; neither keeps cookies."""
    clients = []
    for switch, locations in (("on", BODY), ("off", BODY_AND_COOKIES)):
        with pytest.MonkeyPatch.context() as patches:
            patches.setenv("RESTWELL_SHORTCUTS", switch)
            clients.append(application(locations, **request.param).test_client(use_cookies=False))
    return clients


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
@given(sent=requests)
def test_quick_and_plain_way_give_the_same_response(pair, sent):
    quick, plain = pair
    assert answer(quick, sent) == answer(plain, sent)
