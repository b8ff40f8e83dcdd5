"""The body of a request is read in fewer steps than Werkzeug's, and nobody can tell."""

import io
from contextlib import nullcontext
from unittest.mock import patch

import flask
import hypothesis.strategies as st
import pytest
from flask.wrappers import Request
from hypothesis import given, settings
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import EnvironBuilder

from restwell import Api
from restwell.arguments.body import has_json, json_document


class SlowRequest(Request):
    """A request class that has a way of its own to read a body is asked for it."""

    def get_data(self, *args, **kwargs):
        return super().get_data(*args, **kwargs)


class Trickle:
    """An input that gives some bytes at a time, as from a connection, and may fail at its end.

    PEP 3333 asks no more of it than these methods.
    """

    def __init__(self, data, step, error):
        self.data = io.BytesIO(data)
        self.step = step
        self.error = error

    def read(self, size=-1):
        data = self.data.read(self.step if size < 0 else min(size, self.step))
        if not data and self.error:
            raise self.error
        return data


class RawTrickle(Trickle, io.RawIOBase):
    """The same with ``readinto``, which Werkzeug prefers."""

    def readinto(self, buffer):
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


APP = flask.Flask("app")
Api(APP)

BODIES = (b"", b"{}", b'{"name": "x"}', b"[1, 2]", b"null", b'{"name"', b"name=x&name=y", b"%d" % 10**90)
READS = {
    "get_data": lambda request: request.get_data(),
    "get_data of a form": lambda request: request.get_data(parse_form_data=True),
    "get_data, not kept": lambda request: request.get_data(cache=False),
    "get_json": lambda request: request.get_json(),
    "get_json, silent": lambda request: request.get_json(silent=True),
    "json": lambda request: request.json,
    "data": lambda request: request.data,
    "form": lambda request: request.form.to_dict(flat=False),
    "values": lambda request: request.values.to_dict(flat=False),
    "stream.read": lambda request: request.stream.read(),
    "stream.read some": lambda request: request.stream.read(3),
    "stream.tell": lambda request: request.stream.tell(),
    "stream": lambda request: type(request.stream),
    "has_json": lambda request: has_json(request),
    "json_document": lambda request: json_document(request, "none"),
}
CHANGES = {
    "limit": lambda request: setattr(request, "max_content_length", 10),
    "kept": lambda request: setattr(request, "_cached_data", b'{"name": "kept"}'),
    "stream": lambda request: setattr(request, "stream", io.BytesIO(b'{"name": "other"}')),
}
steps = st.lists(st.sampled_from([*READS]), max_size=3)
cases = st.fixed_dictionaries(
    {
        "data": st.sampled_from(BODIES),
        "input": st.sampled_from([io.BytesIO, Trickle, RawTrickle]),
        "step": st.integers(1, 12),
        "error": st.sampled_from([None, None, OSError("reset"), ValueError("closed")]),
        "length": st.sampled_from([0, 0, 0, -1, 3, "0", "007", "+7", " 7 ", "7_0", "٣", "-1", "x", "", "200000", None]),
        "limit": st.sampled_from([None, None, 0, 5, 10, 1000]),
        "type": st.sampled_from(
            [
                *["application/json"] * 3,
                "application/json; charset=utf-8",
                "Application/JSON",
                "application/merge-patch+json",
                "application/x-www-form-urlencoded",
                "text/plain",
                "",
                None,
            ]
        ),
        "environ": st.fixed_dictionaries(
            {},
            optional={
                "wsgi.input_terminated": st.sampled_from([True, False]),
                "HTTP_TRANSFER_ENCODING": st.sampled_from(["chunked", "gzip", ""]),
            },
        ),
        "shallow": st.sampled_from([False, False, False, True]),
        "in_app": st.sampled_from([True, True, True, False]),
        "before": st.one_of(
            st.just([]), steps, st.sampled_from([*CHANGES]).flatmap(lambda change: st.tuples(st.just(change)))
        ),
        "after": steps,
    }
)


def made(request_class, case):
    """A request of a case; a length that is a number is added to that of the body."""
    environ = EnvironBuilder(method="POST").get_environ() | case["environ"]
    data, length = case["data"], case["length"]
    kind = case["input"]
    environ["wsgi.input"] = kind(data) if kind is io.BytesIO else kind(data, case["step"], case["error"])
    for name, value in (
        ("CONTENT_LENGTH", f"{max(len(data) + length, 0)}" if isinstance(length, int) else length),
        ("CONTENT_TYPE", case["type"]),
    ):
        environ.pop(name, None)
        if value is not None:
            environ[name] = value
    return request_class(environ, shallow=case["shallow"])


def outcome(step, request):
    try:
        return step(request)
    except Exception as error:
        return type(error), str(error)


def told(request_class, case):
    """What each step on a request of a class gives, and what it leaves behind."""
    limited = patch.dict(APP.config, MAX_CONTENT_LENGTH=case["limit"])
    with limited, APP.app_context() if case["in_app"] else nullcontext():
        request = made(request_class, case)
        names = [*case["before"], "has_json", "json_document", *case["after"]]
        outcomes = [(name, outcome((READS | CHANGES)[name], request)) for name in names]
        left = sorted(name for name in vars(request) if name != "_parsed_content_type")
        return outcomes, left, outcome(lambda request: request.environ["wsgi.input"].read(), request)


@settings(max_examples=1500)
@given(cases)
def test_a_body_is_read_as_by_a_request_class_of_its_own(case):
    assert told(Request, case) == told(SlowRequest, case)


TOO_LARGE = (RequestEntityTooLarge, str(RequestEntityTooLarge()))


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


class LimitedInPrivate(Request):
    _max_content_length = 5


class Deaf(Request):
    is_json = False


class Mistaken(Request):
    mimetype = "text/plain"


def test_a_replaced_get_json_is_asked():
    def sent():
        return Request(EnvironBuilder(method="POST", json={"name": "sent"}).get_environ())

    with APP.app_context():
        assert json_document(sent(), "none") == {"name": "sent"}
        with patch.object(Request, "get_json", return_value={"name": "replaced"}):
            assert json_document(sent(), "none") == {"name": "replaced"}
        request = sent()
        request.get_json = lambda **_: {"name": "replaced"}
        assert json_document(request, "none") == {"name": "replaced"}


@pytest.mark.parametrize(
    ("request_class", "expected"),
    [
        (Request, {"name": "sent"}),
        (Decoding, {"name": "decoded"}),
        (Reading, {"read": {"name": "sent"}}),
        (Replacing, {"name": "replaced"}),
        (Limited, TOO_LARGE),
        (LimitedInPrivate, TOO_LARGE),
        (Deaf, "none"),
        (Mistaken, "none"),
    ],
)
def test_a_request_class_that_has_a_way_of_its_own_is_asked(request_class, expected):
    environ = EnvironBuilder(method="POST", json={"name": "sent"}).get_environ()
    with APP.app_context():
        assert outcome(READS["json_document"], request_class(environ)) == expected


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


def test_an_empty_body_that_was_tried_before_is_no_document():
    app = flask.Flask("app")
    with app.test_request_context(content_type="application/json"):
        assert flask.request.get_json(silent=True) is None
        assert json_document(flask.request._get_current_object(), "none") == "none"
