"""The JSON in the body of a request, as the request class of the application reads it."""

import io
from unittest.mock import patch

import flask
import pytest
from flask.wrappers import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.test import EnvironBuilder

from restwell.arguments.body import json_document


class Decoding(Request):
    def get_data(self, *args, **kwargs):
        return super().get_data(*args, **kwargs).replace(b"sent", b"decoded")


class Reading(Request):
    def get_json(self, *args, **kwargs):
        return {"read": super().get_json(*args, **kwargs)}


class Replacing(Request):
    stream = io.BytesIO(b'{"name": "replaced"}')


class Limited(Request):
    max_content_length = 5


class Deaf(Request):
    is_json = False


class Mistaken(Request):
    mimetype = "text/plain"


def test_a_replaced_get_json_is_asked():
    def sent():
        return Request(EnvironBuilder(method="POST", json={"name": "sent"}).get_environ())

    with flask.Flask("app").app_context():
        assert json_document(sent(), "none") == {"name": "sent"}
        with patch.object(Request, "get_json", return_value={"name": "replaced"}):
            assert json_document(sent(), "none") == {"name": "replaced"}


@pytest.mark.parametrize(
    ("request_class", "expected"),
    [
        (Request, {"name": "sent"}),
        (Decoding, {"name": "decoded"}),
        (Reading, {"read": {"name": "sent"}}),
        (Replacing, {"name": "replaced"}),
        (Limited, RequestEntityTooLarge),
        (Deaf, "none"),
        (Mistaken, "none"),
    ],
)
def test_a_request_class_that_has_a_way_of_its_own_is_asked(request_class, expected):
    environ = EnvironBuilder(method="POST", json={"name": "sent"}).get_environ()
    with flask.Flask("app").app_context():
        if expected is RequestEntityTooLarge:
            with pytest.raises(RequestEntityTooLarge):
                json_document(request_class(environ), "none")
        else:
            assert json_document(request_class(environ), "none") == expected


def test_a_limit_that_is_set_in_the_class_counts_at_once():
    class Request(flask.Request):
        pass

    app = flask.Flask("app")
    app.request_class = Request
    body = {"data": b'{"name": "value"}', "content_type": "application/json"}
    with app.test_request_context(**body):
        assert json_document(flask.request._get_current_object(), None) == {"name": "value"}
    Request.max_content_length = 5
    with app.test_request_context(**body), pytest.raises(RequestEntityTooLarge):
        json_document(flask.request._get_current_object(), None)


@pytest.mark.parametrize("body", [b"", b"[NaN]", '{"a": 1}'.encode("utf-16")])
def test_what_a_hook_has_read_by_other_rules_does_not_count(body):
    app = flask.Flask("app")
    with app.test_request_context(content_type="application/json", data=body):
        flask.request.get_json(silent=True)
        with pytest.raises(BadRequest):
            json_document(flask.request._get_current_object(), "none")


def test_a_body_that_somebody_has_taken_away_is_refused():
    app = flask.Flask("app")
    with app.test_request_context(content_type="application/json", data=b'{"a": 1}'):
        flask.request.get_data(cache=False)
        with pytest.raises(BadRequest):
            json_document(flask.request._get_current_object(), "none")


def test_a_document_is_read_once():
    app = flask.Flask("app")
    with app.test_request_context(content_type="application/json", data=b'{"a": 1}'):
        request = flask.request._get_current_object()
        assert json_document(request, None) is json_document(request, None)
