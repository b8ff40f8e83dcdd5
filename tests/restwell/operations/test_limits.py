import io

import pytest
from flask import Flask, request

from restwell import Api, Resource, configuration
from restwell.operations import limits


class Echo(Resource):
    def get(self):
        return request.args.to_dict(flat=False)

    def post(self):
        return {"json": request.get_json(silent=False)} if request.is_json else {"parts": len(request.form)}


@pytest.fixture
def client():
    def make(**config):
        app = Flask(__name__)
        configuration.load(app, limits.OPTIONS, config)
        limits.init_limits(app)
        Api(app).add_resource(Echo, "/echo")
        return app.test_client()

    return make


def test_query_string_as_long_as_the_limit_is_read(client):
    response = client(MAX_QUERY_LENGTH=20).get("/echo?a=" + "x" * 18)
    assert response.json == {"a": ["x" * 18]}


def test_longer_query_string_is_414(client):
    response = client(MAX_QUERY_LENGTH=20).get("/echo?a=" + "x" * 19)
    assert (response.status_code, response.json["message"]) == (
        414,
        "The query string has 21 characters, at most 20 are read.",
    )


def test_as_many_query_arguments_as_the_limit_are_read(client):
    response = client(MAX_QUERY_ARGUMENTS=3).get("/echo?a=1&a=2&b=3")
    assert response.json == {"a": ["1", "2"], "b": ["3"]}


def test_more_query_arguments_are_400(client):
    response = client(MAX_QUERY_ARGUMENTS=3).get("/echo?a=1&a=2&b=3&c=4")
    assert (response.status_code, response.json["message"]) == (
        400,
        "The query string has 4 arguments, at most 3 are read.",
    )


def test_larger_body_is_413(client):
    response = client(MAX_CONTENT_LENGTH=100).post("/echo", json="x" * 99)
    assert (response.status_code, response.json["error"]) == (413, "Request Entity Too Large")


def test_body_of_a_mebibyte_is_read_by_default(client):
    assert client().post("/echo", json="x" * (2**20 - 2)).status_code == 200
    assert client().post("/echo", json="x" * (2**20 - 1)).status_code == 413


def test_more_form_parts_are_413(client):
    form = {f"part{number}": "x" for number in range(11)}
    refused = client(MAX_FORM_PARTS=10).post("/echo", data=form, content_type="multipart/form-data")
    assert refused.status_code == 413
    form["part0"] = (io.BytesIO(b"a file"), "file.txt")
    assert client(MAX_FORM_PARTS=11).post("/echo", data=form).json == {"parts": 10}


def test_deeper_json_is_400(client):
    flat = client(JSON_MAX_DEPTH=3)
    assert flat.post("/echo", data="[[[]]]", content_type="application/json").status_code == 200
    refused = flat.post("/echo", data="[[[[]]]]", content_type="application/json")
    assert refused.status_code == 400
    assert "3 levels" in refused.json["message"]


@pytest.mark.parametrize("option", limits.OPTIONS, ids=lambda option: option.name)
def test_limit_that_is_no_positive_number_is_refused_at_start(client, option):
    with pytest.raises(configuration.ConfigurationError, match=f"{option.name} must be a whole number"):
        client(**{option.name: 0})


def post_chunked(client, body):
    """Send a body whose length is not told, as gunicorn and the development server pass it on."""
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return client.post(
        "/echo", input_stream=io.BytesIO(body), content_type="application/json", environ_overrides=environ
    )


def test_chunked_body_as_large_as_the_limit_is_read(client):
    assert post_chunked(client(MAX_CONTENT_LENGTH=10), b'{"a": 100}').json == {"json": {"a": 100}}


@pytest.mark.parametrize("body", [b'{"a": 1000}', b'{"a": 100} '])
def test_larger_chunked_body_is_413_and_not_cut_off(client, body):
    response = post_chunked(client(MAX_CONTENT_LENGTH=10), body)
    assert (response.status_code, response.json["message"]) == (413, "The body must not be larger than 10 bytes.")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("a=1; b=2", "a=1; b=2"),
        ("a=1;  b=2", "a=1; b=2"),
        ("a= \t 1\t;\tb=2", "a= 1 ; b=2"),
        ("session=" + " " * 4000 + "x" + " " * 4000 + "y", "session= x y"),
    ],
)
def test_blanks_in_cookies_are_made_short_before_the_session_is_read(client, monkeypatch, sent, read):
    app = client().application
    seen = []
    open_session = app.session_interface.open_session

    def look(app, request):
        seen.append(request.environ["HTTP_COOKIE"])
        return open_session(app, request)

    monkeypatch.setattr(app.session_interface, "open_session", look)
    app.test_client(use_cookies=False).get("/echo", headers={"Cookie": sent})
    assert seen == [read]
