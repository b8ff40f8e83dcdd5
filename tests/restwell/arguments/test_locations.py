"""The places of a request that arguments are read from."""

import io

import pytest
from flask import Flask, Request
from werkzeug.datastructures import MultiDict

from restwell import Api, Resource, reqparse


def client_parsing(parser, **options):
    """A client of an application whose one resource answers with its parsed arguments."""

    class Echo(Resource):
        def post(self):
            return parser.parse_args(**options)

        get = post

    app = Flask(__name__)
    Api(app).add_resource(Echo, "/")
    return app.test_client(use_cookies=False)


def parser_of(*arguments, **options):
    parser = reqparse.RequestParser(**options)
    for name, keywords in arguments:
        parser.add_argument(name, **keywords)
    return parser


def message(response, status=400):
    assert response.status_code == status, response.text
    return response.json["message"]


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"name": "Ada"}},
        {"data": {"name": "Ada"}},
        {"data": {"name": "Ada", "file": (io.BytesIO(b"x"), "x.txt")}},
        {"query_string": {"name": "Ada"}},
        {"query_string": {"name": "Ada"}, "data": "plain", "content_type": "text/plain"},
        {"query_string": {"name": "Ada"}, "json": {"other": 1}},
    ],
    ids=["json", "form", "multipart", "query", "query and text", "query and json"],
)
def test_default_locations(sent):
    assert client_parsing(parser_of(("name", {"required": True}))).post("/", **sent).json == {"name": "Ada"}


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("args", {"query_string": "n=1"}),
        ("form", {"data": {"n": "1"}}),
        ("headers", {"headers": {"N": "1"}}),
        ("cookies", {"headers": {"Cookie": "n=1"}}),
        (["json", "headers"], {"headers": {"N": "1"}}),
    ],
)
def test_a_request_without_json_is_no_error_when_the_argument_comes_from_elsewhere(location, sent):
    client = client_parsing(parser_of(("n", {"location": location, "type": int, "required": True})))
    assert client.post("/", **sent).json == {"n": 1}


@pytest.mark.parametrize("location", [{}, {"location": ["json", "args"]}])
def test_a_query_does_not_overrule_a_body(location):
    parser = parser_of(("n", {"type": int, **location}))
    assert client_parsing(parser).post("/", json={"n": 1}, query_string="n=2").json == {"n": 1}


def test_the_first_location_wins_and_append_takes_all():
    sent = {"json": {"n": 1}, "query_string": "n=2"}
    single = parser_of(("n", {"type": int, "location": ["args", "json"]}))
    assert client_parsing(single).post("/", **sent).json == {"n": 2}
    several = parser_of(("n", {"type": int, "location": ["json", "args"], "action": "append"}))
    assert client_parsing(several).post("/", **sent).json == {"n": [1, 2]}


def test_an_empty_body_misses_the_required_arguments():
    client = client_parsing(parser_of(("name", {"required": True, "help": "name is required"})))
    assert message(client.post("/")) == {"name": "name is required"}
    refused = client.post("/", content_type="application/json")
    assert message(refused) == "The body is not valid JSON: it is empty"


@pytest.mark.parametrize(
    ("body", "kind"),
    [("[]", "a list"), ('"x"', "a string"), ("1", "a number"), ("true", "a boolean"), ("null", "null")],
)
def test_a_json_body_that_is_no_object_is_refused(body, kind):
    client = client_parsing(parser_of(("name", {})))
    refused = client.post("/", data=body, content_type="application/json")
    assert message(refused) == f"The JSON body must be an object, not {kind}."


@pytest.mark.parametrize(
    ("location", "content_type", "named"),
    [
        (
            ("json", "values"),
            "text/plain",
            "application/json or application/x-www-form-urlencoded or multipart/form-data",
        ),
        ("json", "application/x-www-form-urlencoded", "application/json"),
        ("form", "application/json", "application/x-www-form-urlencoded or multipart/form-data"),
        ("files", "application/json", "multipart/form-data"),
    ],
)
def test_content_type_that_no_argument_is_read_from_is_415(location, content_type, named):
    client = client_parsing(parser_of(("name", {"location": location})))
    refused = client.post("/", data="{}", content_type=content_type)
    assert message(refused, 415) == f"Content-Type {content_type} cannot be read here; send {named}."


def test_content_type_does_not_matter_to_arguments_outside_of_the_body():
    client = client_parsing(parser_of(("n", {"location": "args"})))
    assert client.post("/", data="x", content_type="text/plain").json == {"n": None}


@pytest.mark.parametrize(("action", "value"), [("store", "body"), ("append", ["body", "query"])])
def test_first_location_counts_for_an_argument_with_a_source_of_its_own(action, value):
    class Traced(reqparse.Argument):
        def source(self, request):
            return super().source(request)

    parser = parser_of(("name", {"location": ["json", "args"], "action": action}), argument_class=Traced)
    assert client_parsing(parser).post("/?name=query", json={"name": "body"}).json == {"name": value}


def test_an_argument_with_a_source_of_its_own_is_read_from_it():
    class FromHeader(reqparse.Argument):
        def source(self, request):
            return {"name": request.headers["X-Name"]}

    client = client_parsing(parser_of(("name", {}), argument_class=FromHeader))
    assert client.post("/", json={"name": "body"}, headers={"X-Name": "header"}).json == {"name": "header"}


def test_a_location_is_looked_at_once_for_all_arguments():
    class Counting(Request):
        @property
        def args(self):
            looks.append(self)
            return MultiDict({"a": "1", "b": "2"})

    looks = []
    parser = reqparse.RequestParser().add_argument("a", location="args").add_argument("b", location=["args", "form"])
    parser.add_argument("c", location="args")
    app = Flask("app")
    app.request_class = Counting
    with app.test_request_context():
        assert parser.parse_args() == {"a": "1", "b": "2", "c": None}
    assert len(looks) == 2  # alone, and together with the form
