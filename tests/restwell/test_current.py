"""The application and the request that code is running for."""

import pytest
from flask import Flask, current_app, request

from restwell import current


def test_it_is_the_object_behind_flasks_proxy() -> None:
    app = Flask(__name__)
    with app.test_request_context("/?a=1") as context:
        assert current.app() is app
        assert current.request() is context.request
        assert current.request() == request._get_current_object()
        assert current.app() is current_app._get_current_object()


def test_outside_of_both_flask_says_what_is_missing() -> None:
    assert not current.has_app_context()
    assert not current.has_request_context()
    for ask, words in ((current.app, "application context"), (current.request, "request context")):
        with pytest.raises(RuntimeError, match=words):
            ask()


def test_flasks_methods_around_a_request_are_called_as_this_release_wants_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = Flask(__name__)
    error = ValueError("of this test")
    with app.test_request_context("/"):
        app.log_exception(*current.context(), (ValueError, error, None))
    assert caplog.records[0].exc_info[1] is error
