"""Methods of Flask's that an application, or a tool that traces it, has replaced."""

from typing import Any

import flask.app
import pytest

from restwell import Api, current
from restwell.shortcuts.overrides import is_own

NAMES = (
    *(() if current.context() else ("app_context",)),  # from Flask 3.2 on a request has no second context
    "create_url_adapter",
    "dispatch_request",
    "do_teardown_appcontext",
    "do_teardown_request",
    "ensure_sync",
    "finalize_request",
    "full_dispatch_request",
    "make_response",
    "preprocess_request",
    "process_response",
    "request_context",
)


class Proxy:
    """A function that passes for another one in all but its type, as wrapt's do."""

    def __init__(self, wrapped: Any, told: list[object]) -> None:
        self.wrapped = wrapped
        self.told = told

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wrapped, name)

    def __get__(self, instance: Any, owner: Any) -> Any:
        return Proxy(self.wrapped.__get__(instance, owner), self.told)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.told.append(args)
        return self.wrapped(*args, **kwargs)


def answer(app: flask.Flask) -> str:
    app.add_url_rule("/", "view", lambda: flask.url_for("view"))
    return app.test_client().get("/").text


@pytest.mark.parametrize("name", NAMES)
def test_method_of_flask_is_its_own(name: str) -> None:
    assert is_own(flask.Flask("app"), name, flask.app)
    assert is_own(type("Application", (flask.Flask,), {})("app"), name, flask.app)


@pytest.mark.parametrize("name", NAMES)
def test_patch_of_the_class_is_called(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    flasks = getattr(flask.Flask, name)

    def patch(self: flask.Flask, *args: Any, **kwargs: Any) -> Any:
        told.append(args)
        return flasks(self, *args, **kwargs)

    monkeypatch.setattr(flask.Flask, name, patch)
    app = flask.Flask("app")
    Api(app)
    assert answer(app) == "/"
    assert told


@pytest.mark.parametrize("name", NAMES)
def test_proxy_in_the_class_is_called(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(flask.Flask, name, Proxy(getattr(flask.Flask, name), told))
    app = flask.Flask("app")
    Api(app)
    assert answer(app) == "/"
    assert told


@pytest.mark.parametrize("name", NAMES)
def test_proxy_on_the_application_is_called(name: str) -> None:
    told: list[object] = []
    app = flask.Flask("app")
    setattr(app, name, Proxy(getattr(app, name), told))
    Api(app)
    assert answer(app) == "/"
    assert told


def test_url_defaults_of_the_application_are_in_its_urls() -> None:
    class Application(flask.Flask):
        def inject_url_defaults(self, endpoint: str, values: dict[str, Any]) -> None:
            values.setdefault("version", "1")

    app = Application("app")
    Api(app)
    app.add_url_rule("/", "view", lambda: app.url_for("view"))
    assert app.test_client().get("/").text == "/?version=1"
