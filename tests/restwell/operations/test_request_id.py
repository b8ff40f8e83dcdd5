import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from restwell.operations.request_id import init_request_id, request_id

SANE = re.compile(r"[A-Za-z0-9._~+/=-]{1,128}")


def make_app():
    app = Flask(__name__)
    init_request_id(app)
    app.add_url_rule("/", "seen", lambda: request_id())
    return app


def test_request_without_an_id_gets_a_new_one_each_time():
    client = make_app().test_client()
    first, second = (client.get("/").headers["X-Request-ID"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second


def test_view_and_response_have_the_same_id():
    response = make_app().test_client().get("/")
    assert response.text == response.headers["X-Request-ID"]


def test_error_has_an_id():
    response = make_app().test_client().get("/nowhere", headers={"X-Request-ID": "abc-1"})
    assert (response.status_code, response.headers["X-Request-ID"]) == (404, "abc-1")


@pytest.mark.parametrize("given", ["a", "x" * 128, "018f3c9e-7b7a", "Root=1-678-abc", "dGVzdA==", "a.b_c~d/e"])
def test_sane_id_of_the_client_is_taken(given):
    response = make_app().test_client().get("/", headers={"X-Request-ID": given})
    assert response.headers.getlist("X-Request-ID") == [given]


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=200))
def test_any_other_id_is_replaced(text):
    answered = make_app().test_client().get("/", environ_overrides={"HTTP_X_REQUEST_ID": text}).headers["X-Request-ID"]
    assert SANE.fullmatch(answered)
    assert (answered == text) == bool(SANE.fullmatch(text))


def test_there_is_no_id_outside_of_a_request():
    with pytest.raises(RuntimeError):
        request_id()


def test_an_id_that_a_view_has_set_is_replaced():
    app = make_app()
    app.add_url_rule("/own", view_func=lambda: ("", {"x-request-id": "its own"}), endpoint="own")
    response = app.test_client().get("/own", headers={"X-Request-ID": "abc-1"})
    assert response.headers.getlist("X-Request-ID") == ["abc-1"]
