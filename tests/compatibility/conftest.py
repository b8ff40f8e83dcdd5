"""Flask-RESTful on a Flask that is newer than it."""

from collections.abc import Callable, Iterator
from functools import partial, wraps
from typing import Any

import flask
import flask_restful
import pytest
from flask.globals import app_ctx

from restwell import current


@pytest.fixture(scope="package", autouse=True)
def flask_restful_takes_a_context() -> Iterator[None]:
    """Let Flask-RESTful answer errors where Flask hands its handlers the context first: from Flask 3.2 on.

    By itself it answers every error there with a TypeError. What it would answer is what its users know.
    """
    if not current.context():
        yield
        return
    init_app = flask_restful.Api._init_app

    def routed(api: Any, original_handler: Callable[..., Any], *context_and_error: Any) -> Any:
        *context, error = context_and_error
        return api.error_router(partial(original_handler, *context), error)

    def adapted(api: Any, app: flask.Flask) -> None:
        handlers = {name: getattr(app, name) for name in ("handle_exception", "handle_user_exception")}
        init_app(api, app)
        for name, handler in handlers.items():
            setattr(app, name, partial(routed, api, handler))

    def with_context(method: Callable[..., Any], count: int) -> Callable[..., Any]:
        @wraps(method)
        def called(app: flask.Flask, *args: Any) -> Any:
            return method(app, *(args if len(args) > count else (app_ctx, *args)))

        return called

    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(flask_restful.Api, "_init_app", adapted)
        for name, count in (("log_exception", 1), ("make_default_options_response", 0)):
            patches.setattr(flask.Flask, name, with_context(getattr(flask.Flask, name), count))
        yield
