"""Contexts and steps of a request do what Flask's own do; those of an application's own are kept."""

import contextlib
import functools
import inspect
import io
import time
import types
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import flask
import pytest
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from restwell import Api
from restwell.registry import state_of

METHODS = ("request_context", "process_response")
"""Those of an application that are copied."""

OTHERS = (
    "app_context",
    "dispatch_request",
    "do_teardown_appcontext",
    "do_teardown_request",
    "ensure_sync",
    "finalize_request",
    "full_dispatch_request",
    "make_response",
    "preprocess_request",
)
"""Those around them, which are Flask's."""


@pytest.fixture
def app(shortcuts):
    app = flask.Flask("app")
    Api(app)
    return app


# -- contexts ----------------------------------------------------------------------------------------------------------


def test_a_context_is_pushed_again_for_a_stream(app):
    told = []
    app.teardown_request(told.append)

    @app.get("/<name>")
    def view(name):
        def letters():
            for letter in flask.request.view_args["name"]:
                told.append(letter)
                yield letter

        return flask.Response(flask.stream_with_context(letters()))

    assert app.test_client().get("/ab").text == "ab"
    assert told == [None, "a", "b", None]


@pytest.mark.parametrize("name", ["app_context", "test_request_context"])
def test_contexts_are_popped_in_their_order(app, name):
    outer, inner = getattr(app, name)(), getattr(app, name)()
    outer.push()
    inner.push()
    with pytest.raises((AssertionError, RuntimeError)):
        outer.pop()
    assert not flask.has_app_context()
    assert not flask.has_request_context()


def test_the_wrong_context_is_told_also_where_a_teardown_fails(app):
    @app.teardown_request
    def fail(error):
        raise KeyError

    outer, inner = app.test_request_context(), app.test_request_context()
    outer.push()
    inner.push()
    with pytest.raises((AssertionError, RuntimeError)):
        outer.pop()


def test_an_application_context_that_is_pushed_twice_is_torn_down_once(app):
    told = []
    app.teardown_appcontext(told.append)
    context = app.app_context()
    context.push()
    context.push()
    context.pop()
    assert told == []
    context.pop()
    assert told == [None]


@pytest.mark.parametrize("name", ["app_context", "test_request_context"])
def test_teardown_is_told_the_error_that_is_being_handled(app, name):
    told = []
    app.teardown_request(told.append)
    app.teardown_appcontext(told.append)
    context = getattr(app, name)()
    context.push()
    error = ValueError()
    with contextlib.suppress(ValueError):
        try:
            raise error
        finally:
            context.pop()
    assert told == [error] * len(told) != []


def test_teardown_is_not_told_of_an_error_where_there_is_none(shortcuts):
    class Contexts(flask.Flask):
        def request_context(self, environ):
            return flask.ctx.RequestContext(self, environ)

    app, told = Contexts("app"), []
    Api(app)
    app.teardown_appcontext(told.append)
    context = app.test_request_context()
    context.push()
    with flask.Flask("other").app_context():
        context.push()
        context.pop()
    context.pop()
    assert told == [None, None]


def test_files_of_a_form_are_closed_when_their_request_is_done(app):
    files = []

    @app.post("/")
    def view():
        files.extend(flask.request.files.values())
        return ""

    app.test_client().post("/", data={"file": (io.BytesIO(b"content"), "name")})
    assert [file.closed for file in files] == [True]


def test_a_class_of_requests_closes_what_is_its_own(app):
    class Request(flask.Request):
        def close(self):
            super().close()
            closed.append(self.path)

    closed = []
    app.request_class = Request
    app.test_client().get("/path")
    assert closed == ["/path"]


def test_a_single_request_closes_what_is_its_own(app):
    closed = []

    @app.get("/")
    def view():
        flask.request._get_current_object().close = lambda: closed.append("its own")
        return ""

    app.test_client().get("/")
    assert closed == ["its own"]


def test_a_request_leaves_no_reference_cycle(app):
    contexts = []
    app.add_url_rule("/", "view", lambda: contexts.append(flask.request.environ) or "")
    app.test_client().get("/")
    assert contexts[0]["werkzeug.request"] is None


def test_urls_are_built_outside_of_requests(app):
    app.config["SERVER_NAME"] = "localhost:8000"
    app.add_url_rule("/path", "view")
    with app.app_context():
        assert flask.url_for("view") == "http://localhost:8000/path"


def test_urls_get_what_the_application_adds(app):
    blueprint = flask.Blueprint("pages", "app", url_prefix="/<language>")

    @app.url_defaults
    def add_language(endpoint, values):
        values.setdefault("language", "en")

    @blueprint.get("/<name>")
    def page(language, name):
        return [
            flask.url_for(".page", name=name),
            flask.url_for("pages.page", name=name, language="fr", app=1, _anchor="x"),
        ]

    app.register_blueprint(blueprint)
    assert app.test_client().get("/de/a").json == ["/en/a", "/fr/a?app=1#x"]


def test_a_url_of_the_same_blueprint_is_meant_without_defaults_too(app):
    blueprint = flask.Blueprint("pages", "app")
    blueprint.add_url_rule("/<name>", "page", lambda name: flask.url_for(".page", name=name))
    app.register_blueprint(blueprint)
    app.add_url_rule("/", "index", lambda: flask.url_for(".index"))
    assert [app.test_client().get(path).text for path in ("/a", "/")] == ["/a", "/"]


# -- steps -------------------------------------------------------------------------------------------------------------


def test_teardown_is_called_by_hand(app):
    told = []
    app.teardown_request(told.append)
    error = ValueError()
    with app.test_request_context():
        app.do_teardown_request(exc=error)
        app.do_teardown_request(error)
        try:
            raise error
        except ValueError:
            app.do_teardown_request()
    assert told == [error, error, error, None]


def test_a_response_is_processed_by_hand(app):
    told = []
    app.after_request(lambda response: told.append(response) or response)
    with app.test_request_context():
        response = flask.Response("x")
        assert app.process_response(response=response) is app.process_response(response) is response
    assert told == [response, response]
    with pytest.raises(RuntimeError, match="Working outside of request context"):
        app.process_response(response)


def test_nothing_is_set_up_after_the_first_request(app):
    app.test_client().get("/")
    with pytest.raises(AssertionError, match="has already handled its first request"):
        app.before_request(lambda: None)


def test_another_response_class_gets_what_a_view_returns(app):
    class Response(flask.Response):
        pass

    with app.test_request_context():
        response = state_of(app).apis[0].make_response({}, 200)
        assert app.make_response(response) is response
        app.response_class = Response
        assert type(app.make_response(response)) is Response


def test_a_view_that_is_replaced_is_called(app):
    app.add_url_rule("/", "view", lambda: "old")
    client = app.test_client()
    assert client.get("/").text == "old"
    app.view_functions["view"] = lambda: "new"
    assert client.get("/").text == "new"


def test_a_request_may_tell_blueprints_of_its_own(app):
    class Request(flask.Request):
        blueprints = property(lambda self: ["tenant"])

    told = []
    app.request_class = Request
    app.before_request_funcs["tenant"] = [lambda: told.append("before")]
    app.add_url_rule("/", "view", lambda: "")
    app.test_client().get("/")
    assert told == ["before"]


def test_a_request_that_a_hook_sends_elsewhere_is_finished_there(app):
    blueprint, told = flask.Blueprint("pages", "app"), []
    blueprint.add_url_rule("/new", "page", lambda: "new")
    blueprint.after_request(lambda response: told.append("after") or response)
    blueprint.teardown_request(lambda error: told.append("teardown"))
    app.register_blueprint(blueprint)
    app.add_url_rule("/old", "old", lambda: "old")

    @app.before_request
    def send_elsewhere():
        flask.request.url_rule = next(rule for rule in app.url_map.iter_rules() if rule.rule == "/new")

    assert app.test_client().get("/old").text == "new"
    assert told == ["after", "teardown"]


@pytest.mark.parametrize("name", [*METHODS, *OTHERS])
def test_a_method_that_is_replaced_in_the_class_stays(name, taken, monkeypatch):
    told, flasks = [], getattr(flask.Flask, name)

    def replacement(self, *args, **kwargs):
        told.append(name)
        return flasks(self, *args, **kwargs)

    monkeypatch.setattr(flask.Flask, name, replacement)
    app = flask.Flask("app")
    Api(app)
    app.add_url_rule("/", "view", lambda: "")
    app.test_client().get("/")
    assert told


@pytest.fixture
def opened(monkeypatch):
    """The requests for which Flask has opened a session."""
    requests, flasks = [], SecureCookieSessionInterface.open_session

    def open_session(interface, app, request):
        requests.append(request)
        return flasks(interface, app, request)

    monkeypatch.setattr(SecureCookieSessionInterface, "open_session", open_session)
    return requests


def application_with_sessions():
    app = flask.Flask("app")
    app.secret_key = "secret"
    Api(app)
    app.add_url_rule("/", "view", lambda: "")
    app.add_url_rule("/look", "look", lambda: f"{flask.session.get('name')} {flask.session.get('name')}")
    app.add_url_rule("/write", "write", lambda: flask.session.update(name="value") or "")
    return app


def test_a_session_is_opened_once_when_somebody_looks_at_it_or_a_cookie_may_hold_it(taken, opened):
    client = application_with_sessions().test_client()
    response = client.get("/")
    assert (opened, "Vary" in response.headers) == ([], False)
    response = client.get("/look")
    assert (len(opened), response.text, response.headers["Vary"]) == (1, "None None", "Cookie")
    client.get("/write")
    assert client.get("/look").text == "value value"
    assert len(opened) == 3
    client.get("/")
    assert len(opened) == 4


@pytest.mark.parametrize("name", [*METHODS, *OTHERS])
def test_a_method_that_is_replaced_after_the_first_request_is_called(name, shortcuts, monkeypatch):
    app, told = flask.Flask("app"), []
    app.secret_key = "secret"
    Api(app)
    app.add_url_rule("/", "view", lambda: flask.url_for("view"))
    app.test_client().get("/")
    current = getattr(app, name)
    monkeypatch.setattr(app, name, lambda *args, **kwargs: told.append(name) or current(*args, **kwargs))
    assert app.test_client().get("/").text == "/"
    assert told


@pytest.mark.parametrize("name", [*METHODS, *OTHERS])
def test_a_step_that_only_one_application_overrides_goes_on_to_flasks(name, taken):
    told = []

    def step(self, *args, **kwargs):
        told.append(name)
        return getattr(flask.Flask, name)(self, *args, **kwargs)

    app = type("Application", (flask.Flask,), {name: step})("app")
    app.secret_key = "secret"
    Api(app)
    app.add_url_rule("/", "view", lambda: flask.url_for("view"))
    assert app.test_client().get("/").text == "/"
    assert app.test_client().get("/other").status_code == 404
    assert told


def test_threads_of_one_request_share_its_session(shortcuts, monkeypatch):
    app, flasks = application_with_sessions(), SecureCookieSessionInterface.open_session

    def open_session(interface, app, request):
        time.sleep(0.05)  # in which the other thread looks
        return flasks(interface, app, request)

    monkeypatch.setattr(SecureCookieSessionInterface, "open_session", open_session)
    with app.test_request_context() as context, ThreadPoolExecutor(2) as threads:
        looks = [threads.submit(copy_context().run, lambda: flask.session._get_current_object()) for _ in range(2)]
        first, second = [look.result() for look in looks]
    assert first is second is context.session


def test_a_session_from_a_header_is_opened_at_once(shortcuts, opened):
    app = application_with_sessions()
    app.request_class = type("Request", (flask.Request,), {"cookies": property(lambda request: {})})
    app.test_client().get("/")
    assert len(opened) == 1


def test_a_context_that_was_not_pushed_has_no_session(shortcuts):
    context = application_with_sessions().test_request_context()
    with pytest.raises(AssertionError, match="not yet been opened"):
        context.session  # noqa: B018
    assert context.copy()._session is None


def test_a_session_interface_with_a_way_of_its_own_is_asked_for_each_session(shortcuts):
    app = application_with_sessions()
    interface, asked = SecureCookieSessionInterface(), []
    interface.open_session = lambda app, request: asked.append(request)
    app.session_interface = interface
    app.test_client().get("/")
    assert len(asked) == 1


def test_a_copy_of_the_context_shares_the_session(shortcuts):
    app = application_with_sessions()
    with app.test_request_context():

        @flask.copy_current_request_context
        def write():
            flask.session["name"] = "value"

        write()
        assert flask.session["name"] == "value"


def test_a_session_without_a_secret_key_refuses_to_be_written(shortcuts):
    app = flask.Flask("app")
    Api(app)
    with app.test_request_context():
        assert flask.session.get("name") is None
        with pytest.raises(RuntimeError, match="secret key"):
            flask.session["name"] = "value"


def test_a_signer_of_its_own_makes_sessions_without_a_secret_key(shortcuts):
    app = flask.Flask("app")
    app.session_interface = SecureCookieSessionInterface()
    app.session_interface.get_signing_serializer = lambda app: URLSafeTimedSerializer("key")
    Api(app)
    app.add_url_rule("/", "view", lambda: flask.session.update(name="value") or "")
    response = app.test_client().get("/")
    assert response.status_code == 200
    assert "session" in response.headers["Set-Cookie"]


def test_whatever_is_async_is_awaited(shortcuts):
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
