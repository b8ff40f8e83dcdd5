"""Argument parsers beyond what Flask-RESTful's documentation shows (tests/compatibility has that)."""

import decimal
import enum
import threading
from types import MappingProxyType, SimpleNamespace

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

from restwell import Api, Resource, inputs, reqparse


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


# -- the body


@pytest.mark.parametrize("body", [b'{"name": "cut', b"{,}", b'{"name": "\xff"}', b"NaN", b"[" * 5000])
def test_a_body_that_is_no_json_is_refused(body):
    client = client_parsing(parser_of(("name", {})))
    refused = client.post("/", data=body, content_type="application/json")
    assert message(refused).startswith("The body is not valid JSON: ")


@pytest.mark.parametrize("mimetype", ["application/merge-patch+json", "application/vnd.api+json; charset=utf-8"])
def test_every_json_media_type_is_read(mimetype):
    client = client_parsing(parser_of(("name", {})))
    assert client.post("/", data='{"name": "Ada"}', content_type=mimetype).json == {"name": "Ada"}


# -- inputs


def test_an_input_is_strict_in_json_and_parses_text():
    client = client_parsing(parser_of(("n", {"type": inputs.integer(), "help": "n counts"})))
    assert client.post("/", json={"n": 5}).json == {"n": 5}
    assert client.post("/", data={"n": "5"}).json == {"n": 5}
    assert client.get("/?n=5").json == {"n": 5}
    assert message(client.post("/", json={"n": "5"}))["n"].startswith("n counts: ")


@pytest.mark.parametrize("value", [None, {"a": 1}, "", "x" * 201, 5, True, ["a"], "a\x00b", "\ud800"])
def test_a_refused_value_names_its_argument(value):
    keywords = {"type": inputs.string(1, 200), "required": True, "nullable": False, "help": "name is required"}
    client = client_parsing(parser_of(("name", keywords)))
    assert message(client.post("/", json={"name": value}))["name"].startswith("name is required")


@pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
def test_text_that_no_database_stores_is_refused_for_every_type(value):
    assert set(message(client_parsing(parser_of(("name", {}))).post("/", json={"name": value}))) == {"name"}


def test_a_list_input_takes_a_whole_json_list_and_names_the_element_that_failed():
    client = client_parsing(parser_of(("tags", {"type": inputs.list_of(inputs.string(1, 5))})))
    assert client.post("/", json={"tags": ["a", "b"]}).json == {"tags": ["a", "b"]}
    assert client.post("/", json={"tags": []}).json == {"tags": []}
    assert list(message(client.post("/", json={"tags": ["a", "b", "toolong"]}))) == ["tags[2]"]


# -- nested parsers


def address_parser(**options):
    return parser_of(
        ("street", {"type": inputs.string(1), "required": True, "help": "street is required"}),
        ("number", {"type": inputs.integer(1)}),
        **options,
    )


def test_a_nested_parser_reads_an_object():
    client = client_parsing(parser_of(("address", {"type": address_parser()})))
    assert client.post("/", json={"address": {"street": "Main", "number": 5}}).json == {
        "address": {"street": "Main", "number": 5}
    }
    assert client.post("/", json={}).json == {"address": None}


def test_nested_failures_are_keyed_by_path_all_at_once():
    parser = parser_of(
        ("name", {"required": True, "help": "name is required"}),
        ("address", {"type": address_parser()}),
        bundle_errors=True,
    )
    assert set(message(client_parsing(parser).post("/", json={"address": {"number": 0}}))) == {
        "name",
        "address.street",
        "address.number",
    }


def test_without_bundling_the_first_nested_failure_is_named():
    client = client_parsing(parser_of(("address", {"type": address_parser()})))
    assert message(client.post("/", json={"address": {"number": 0}})) == {"address.street": "street is required"}


@pytest.mark.parametrize("value", ["text", 5, [], True])
def test_a_nested_argument_must_be_an_object(value):
    client = client_parsing(parser_of(("address", {"type": address_parser(), "location": "json"})))
    assert message(client.post("/", json={"address": value})) == {"address": "must be a JSON object"}


def test_a_list_of_objects():
    parser = parser_of(("homes", {"type": address_parser(), "action": "append"}), bundle_errors=True)
    client = client_parsing(parser)
    homes = [{"street": "A", "number": 1}, {"street": "B", "number": None}]
    assert client.post("/", json={"homes": homes}).json == {"homes": homes}
    assert set(message(client.post("/", json={"homes": [{"street": "A"}, {}]}))) == {"homes[1].street"}
    assert set(message(client.post("/", json={"homes": ["A"]}))) == {"homes[0]"}


def test_a_nested_argument_has_its_own_help():
    keywords = {"type": address_parser(), "action": "append", "help": "homes are addresses"}
    client = client_parsing(parser_of(("homes", keywords), bundle_errors=True))
    assert message(client.post("/", json={"homes": [{}]})) == {"homes[0].street": "street is required"}
    assert message(client.post("/", json={"homes": ["A"]})) == {
        "homes[0]": "homes are addresses: must be a JSON object"
    }


def test_a_type_need_not_be_hashable():
    class Doubled:
        __hash__ = None

        def __call__(self, value):
            return value * 2

    assert client_parsing(parser_of(("n", {"type": Doubled()}))).post("/", json={"n": 2}).json == {"n": 4}


def test_nesting_goes_to_any_depth():
    tree = reqparse.RequestParser()
    tree.add_argument("name", required=True)
    tree.add_argument("children", type=tree, action="append")
    client = client_parsing(tree)
    leaf = {"name": "leaf"}
    assert (
        client.post("/", json={"name": "root", "children": [{"name": "twig", "children": [leaf]}]}).status_code == 200
    )
    failing = {"name": "root", "children": [{"name": "twig", "children": [leaf, {}]}]}
    assert set(message(client.post("/", json=failing))) == {"children[0].children[1].name"}


def test_the_depth_of_a_body_has_a_limit():
    tree = reqparse.RequestParser().add_argument("child")
    tree.replace_argument("child", type=tree)
    body = '{"child":' * 5000 + "{}" + "}" * 5000
    assert "valid JSON" in message(client_parsing(tree).post("/", data=body, content_type="application/json"))


# -- threads and failures


def test_a_parser_is_not_changed_by_parsing():
    parser = parser_of(("colour", {"choices": ["Red", "Blue"], "case_sensitive": False}))
    client = client_parsing(parser)
    assert client.post("/", json={"colour": "RED"}).json == {"colour": "red"}
    assert parser.args[0].choices == ["Red", "Blue"]


def test_an_argument_may_be_changed_at_any_time():
    parser = parser_of(("n", {"type": str, "trim": True}))
    argument = parser.args[0]
    client = client_parsing(parser)
    changes = (
        ({}, {"json": {"n": " 1 "}}, "1"),
        ({"type": inputs.integer()}, {"json": {"n": 1.0}}, 1),
        ({"type": reqparse.RequestParser()}, {"json": {"n": {}}}, {}),
        ({"type": float, "trim": False}, {"json": {"n": "2"}}, 2.0),
        ({"location": ["args"]}, {"query_string": {"n": "3"}, "json": {"n": "2"}}, 3.0),
        ({"name": "m", "dest": "n"}, {"query_string": {"m": "4"}}, 4.0),
        ({"operators": ("=", "<")}, {"query_string": {"m<": "5"}}, 5.0),
        ({"action": "append"}, {"query_string": {"m": ["6", "7"]}}, [6.0, 7.0]),
        ({"default": lambda: 8}, {}, 8),
    )
    for attributes, sent, expected in changes:
        vars(argument).update(attributes)
        assert client.post("/", **sent).json == {"n": expected}


def test_a_parser_serves_many_threads():
    client = client_parsing(parser_of(("n", {"type": int, "required": True})))
    wrong = []

    def work(number):
        for _ in range(50):
            if client.application.test_client().post("/", json={"n": number}).json != {"n": number}:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_any_exception_of_a_type_is_a_refusal_when_bundled():
    def picky(value):
        raise TypeError("no")

    client = client_parsing(parser_of(("n", {"type": picky}), bundle_errors=True))
    assert message(client.post("/", json={"n": 1})) == {"n": "is not a valid value"}


def test_http_error_code_is_used_with_and_without_bundling():
    for bundle_errors in (False, True):
        parser = parser_of(("n", {"required": True, "help": "n!"}), bundle_errors=bundle_errors)
        assert message(client_parsing(parser, http_error_code=422).post("/"), 422) == {"n": "n!"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


@given(value=json_values)
def test_no_value_is_a_server_error(value):
    parser = parser_of(
        ("text", {"type": inputs.string(0, 9)}),
        ("number", {"type": inputs.number(0, 9)}),
        ("object", {"type": address_parser()}),
        ("plain", {}),
        ("integer", {"type": int}),
        bundle_errors=True,
    )
    client = client_parsing(parser)
    for name in ("text", "number", "object", "plain", "integer"):
        assert client.post("/", json={name: value}).status_code in (200, 400)


# -- numbers and types


@pytest.mark.parametrize("kind", [float, decimal.Decimal])
@pytest.mark.parametrize("text", ["nan", "-Infinity", "inf"])
def test_not_a_number_and_infinity_are_refused_for_plain_types_as_well(kind, text):
    answer = client_parsing(parser_of(("price", {"type": kind}))).get("/", query_string={"price": text})
    assert answer.status_code == 400
    assert answer.json["message"] == {"price": "must be a finite number"}


def test_number_past_the_range_of_floats_is_refused_for_a_float():
    client = client_parsing(parser_of(("price", {"type": float})))
    assert client.post("/", data='{"price": 1e400}', content_type="application/json").status_code == 400
    assert client.get("/?price=1e400").status_code == 400


class FromAnotherMapping(reqparse.Argument):
    """What is not found in a dict itself, as JSON is, is looked at more closely."""

    def source(self, request):
        return MappingProxyType(request.json)


@pytest.mark.filterwarnings("ignore:.*neither 'store' nor 'append'")
@given(
    value=json_values,
    options=st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                [str, int, float, list, dict, lambda value: [value], inputs.natural, inputs.string(1), inputs.number(0)]
            )
            | st.just(inputs.list_of(inputs.integer()))
            | st.just(parser_of(("a", {"required": True}))),
            "location": st.sampled_from(["json", ("json",), ["json"]]),
            "action": st.sampled_from(["store", "append", "split"]),
        },
        optional={
            "trim": st.just(True),
            "case_sensitive": st.just(False),
            "nullable": st.just(False),
            "ignore": st.just(True),
            "required": st.just(True),
            "choices": st.just([1, "a"]),
            "operators": st.sampled_from([("=",), ["=", "<"], ("<",)]),
        },
    ),
)
def test_a_value_is_read_alike_from_json_and_from_another_mapping(value, options):
    def parsed(argument_class):
        argument = argument_class("name", **options)
        parser = reqparse.RequestParser(bundle_errors=True).add_argument(argument)
        result, found = argument.parse(SimpleNamespace(json={"name": value}, unparsed_arguments={}), True)
        try:
            return result if found is True else str(result), found, parser.convert({"name": value})
        except inputs.InvalidElements as error:
            return str(result), found, error.errors

    with Flask(__name__).app_context():
        assert parsed(reqparse.Argument) == parsed(FromAnotherMapping)


def test_a_type_may_return_an_exception():
    error = KeyError("name")
    parser = reqparse.RequestParser().add_argument("name", type=lambda value: error, location="args")
    with Flask("app").test_request_context("/?name=x"):
        assert parser.parse_args() == {"name": error}


def test_a_location_that_is_not_the_body_is_looked_up_each_time():
    parser = reqparse.RequestParser().add_argument("name", location="extra")
    with Flask("app").test_request_context():
        for name in ("first", "second"):
            request.extra = {"name": name}
            assert parser.parse_args() == {"name": name}


def test_what_a_parser_has_found_is_forgotten_when_it_is_done():
    argument = reqparse.Argument("name", location="args")
    parser = reqparse.RequestParser().add_argument(argument)
    with Flask("app").test_request_context("/?name=first"):
        assert parser.parse_args() == {"name": "first"}
        request.args = {"name": "second"}
        assert parser.parse_args() == {"name": "second"}
        request.args = {"name": "third"}
        assert argument.parse(request._get_current_object()) == ("third", True)


def test_a_type_sets_what_the_next_argument_is_read_from():
    def signed_in(value):
        request.user = {"user": value}
        return value

    parser = reqparse.RequestParser().add_argument("before", location=["user"])
    parser.add_argument("name", type=signed_in, location="args").add_argument("user", location=["user"])
    with Flask("app").test_request_context("/?name=first"):
        assert parser.parse_args() == {"before": None, "name": "first", "user": "first"}


def test_a_type_calls_a_parser_and_sets_what_the_next_argument_is_read_from():
    inner = reqparse.RequestParser().add_argument("inner", location="args")

    def parsed(value):
        request.user = {"user": f"{value} and {inner.parse_args()['inner']}"}
        return value

    outer = (
        reqparse.RequestParser()
        .add_argument("before", location="user")
        .add_argument("outer", type=parsed, location="args")
    )
    outer.add_argument("user", location="user").add_argument("after", location="args")
    with Flask("app").test_request_context("/?outer=1&inner=2&after=3"):
        assert outer.parse_args() == {"before": None, "outer": "1", "user": "1 and 2", "after": "3"}


def test_a_location_may_be_a_member_of_an_enumeration():
    class Location(str, enum.Enum):
        QUERY = "args"

    parser = reqparse.RequestParser().add_argument("name", location=Location.QUERY)
    with Flask("app").test_request_context("/?name=first"):
        assert parser.parse_args() == {"name": "first"}


def test_arguments_are_read_from_any_object_that_has_the_locations():
    class Record:
        __slots__ = ("args", "unparsed_arguments")

    record = Record()
    record.args = {"name": "first"}
    argument = reqparse.Argument("name", location="args")
    assert reqparse.RequestParser().add_argument(argument).parse_args(record) == {"name": "first"}
    assert argument.parse(record) == ("first", True)
