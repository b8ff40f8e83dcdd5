"""What a client is told of a value that is refused, and what it is never told."""

import decimal
import logging
import warnings

import marshmallow
import pydantic
import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from restwell import Api, Resource, expects, inputs, reqparse


def client_of(*arguments, make_api=Api, **options):
    parser = reqparse.RequestParser(**options)
    for name, keywords in arguments:
        parser.add_argument(name, **keywords)

    class Echo(Resource):
        def post(self):
            return {name: repr(value) for name, value in parser.parse_args().items()}

        get = post

    app = Flask(__name__)
    make_api(app).add_resource(Echo, "/")
    return app.test_client(use_cookies=False)


def message(response, status=400):
    assert response.status_code == status, response.text
    return response.json["message"]


# -- the help text


@pytest.mark.parametrize(
    ("help_text", "said"),
    [
        ("version as {'major': 0}", "version as {'major': 0}"),
        ("{'major': 0}: {error_msg}", "{'major': 0}: no"),
        ("a {} or {0}, {error_msg}", "a {} or {0}, no"),
        ("{{x}} {error_msg}", "{{x}} no"),
        ("an unclosed { brace", "an unclosed { brace"),
        ("{error_msg.__class__.__mro__}", "{error_msg.__class__.__mro__}"),
        ({"code": 7}, "{'code': 7}"),
    ],
)
def test_only_error_msg_is_replaced_in_a_help_text(help_text, said):
    def refusing(value):
        raise ValueError("no")

    client = client_of(("v", {"type": refusing, "location": "args", "help": help_text}))
    assert message(client.get("/?v=x")) == {"v": said}


@pytest.mark.parametrize("help_text", ["version as {'major': 0}", "{0}", "{", "{error_msg:d}"])
def test_a_help_text_that_is_no_format_is_no_server_error_in_flask_restfuls_door(help_text, flask_restfuls_api):
    client = client_of(("v", {"type": int, "location": "args", "help": help_text}), make_api=flask_restfuls_api)
    assert message(client.get("/?v=x")) == {"v": help_text}


def test_a_help_text_is_a_format_in_flask_restfuls_door(flask_restfuls_api):
    options = {"type": int, "location": "args", "help": "{{x}} {error_msg!r:.9}"}
    assert message(client_of(("v", options), make_api=flask_restfuls_api).get("/?v=x")) == {"v": '{x} "invalid '}


def test_a_missing_and_a_nested_argument_have_their_help_as_it_is():
    inner = reqparse.RequestParser().add_argument("n", type=inputs.integer(), location="json", help="{'a': 1}")
    client = client_of(("o", {"type": inner, "location": "json", "required": True, "help": "{'b': 2}"}))
    assert message(client.post("/", json={})) == {"o": "{'b': 2}"}
    assert message(client.post("/", json={"o": {"n": "x"}})) == {"o.n": "{'a': 1}: must be an integer"}


# -- a type that fails


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        (lambda v: v.replace("a", "b"), 5, "is not a valid value"),
        (lambda v: v + "!", 5, "is not a valid value"),
        (lambda v: {"red": 1}[v], "mauve", "is not a valid value"),
        (lambda v: 1 // v, 0, "is not a valid value"),
        (decimal.Decimal, "x", "must be a number"),
        (dict, 12, "must be a JSON object"),
        (dict, ["abc"], "must be a JSON object"),
        (list, 12, "must be a list"),
        (int, {}, "must be an integer"),
        (float, [], "must be a number"),
    ],
)
@pytest.mark.parametrize("bundle_errors", [False, True])
def test_a_client_is_told_nothing_of_python(kind, body, words, bundle_errors):
    client = client_of(("v", {"type": kind, "location": "json"}), bundle_errors=bundle_errors)
    assert message(client.post("/", json={"v": body})) == {"v": words}


def test_elements_and_inputs_of_ones_own_are_told_nothing_of_python_either():
    class Broken(inputs.Input):
        schema = {}  # noqa: RUF012  # as short as a test can have it

        def from_json(self, value):
            return value.nope

    assert message(client_of(("v", {"type": Broken()})).post("/", json={"v": "x"})) == {"v": "is not a valid value"}
    listed = client_of(("v", {"type": inputs.list_of(Broken())}))
    assert message(listed.post("/", json={"v": ["x"]})) == {"v": "is not a valid value"}
    appended = client_of(("v", {"type": Broken(), "action": "append"}))
    assert message(appended.post("/", json={"v": ["x"]})) == {"v[0]": "is not a valid value"}


def test_a_type_that_fails_is_in_the_log_without_what_was_sent(caplog):
    client = client_of(("v", {"type": lambda v: v.nope}), ("w", {"type": lambda v: {}[v]}), bundle_errors=True)
    client.post("/", json={"v": "the secret", "w": "the secret"})
    attribute, key = caplog.records
    assert attribute.levelno == logging.WARNING
    assert "'v' failed with AttributeError" in attribute.getMessage()
    assert "has no attribute 'nope'" in caplog.text
    assert "'w' failed with KeyError" in key.getMessage()
    assert "the secret" not in caplog.text


def test_what_a_client_does_wrong_is_not_logged(caplog):
    client = client_of(("v", {"type": int}), ("w", {"type": dict}), bundle_errors=True)
    client.post("/", json={"v": {}, "w": 12})
    assert not caplog.records


def test_validation_errors_of_other_libraries_speak_to_clients():
    class Point(pydantic.BaseModel):
        x: int

    schema = marshmallow.Schema.from_dict({"x": marshmallow.fields.Integer(required=True)})()
    client = client_of(
        ("p", {"type": Point.model_validate, "location": "json"}),
        ("m", {"type": schema.load, "location": "json"}),
        bundle_errors=True,
    )
    told = message(client.post("/", json={"p": {"x": "a"}, "m": {}}))
    assert told["m.x"] == "Missing data for required field."
    assert "integer" in told["p.x"]
    assert "pydantic.dev" not in str(told)


def test_flask_restfuls_door_passes_on_what_a_type_says_as_its_release_does(flask_restfuls_api):
    client = client_of(("v", {"type": lambda v: v.nope}), make_api=flask_restfuls_api)
    assert message(client.post("/", json={"v": "x"})) == {"v": "'str' object has no attribute 'nope'"}


# -- all at once


@pytest.mark.parametrize("kind", [int, inputs.integer(), inputs.positive], ids=repr)
def test_every_element_that_is_refused_is_named(kind):
    client = client_of(("v", {"type": kind, "action": "append"}), bundle_errors=True)
    assert set(message(client.post("/", json={"v": ["x", 1, "y"]}))) == {"v[0]", "v[2]"}
    assert set(message(client.get("/?v=x&v=1&v=y"))) == {"v[0]", "v[2]"}


def test_every_element_is_named_by_the_option_too_and_with_choices():
    client = client_of(("v", {"choices": ["a", "b"], "action": "append"}))
    client.application.config["BUNDLE_ERRORS"] = True
    assert message(client.get("/?v=x&v=a&v=y")) == {
        "v[0]": "x is not a valid choice",
        "v[2]": "y is not a valid choice",
    }


def test_a_single_bad_element_keeps_the_key_that_flask_restful_has_for_it():
    client = client_of(("v", {"type": int, "action": "append"}), bundle_errors=True)
    assert set(message(client.get("/?v=x&v=1"))) == {"v"}


def test_the_first_element_alone_is_named_without_bundling_and_in_flask_restfuls_door(flask_restfuls_api):
    first = "invalid literal for int() with base 10: 'x'"
    options = ("v", {"type": int, "action": "append"})
    assert message(client_of(options).get("/?v=x&v=y")) == {"v": first}
    door = client_of(options, bundle_errors=True, make_api=flask_restfuls_api)
    assert message(door.get("/?v=x&v=y")) == {"v": first}


# -- text that nothing can store

NUL = '{"name": "a\\u0000b", "inner": {"street": "x"}}'
SURROGATE = '{"name": "a", "inner": {"street": "\\ud800"}}'
KEY = '{"name": "a", "inner": {"street": "x", "b\\u0000": 1}}'


def schema_of_marshmallow():
    inner = marshmallow.Schema.from_dict({"street": marshmallow.fields.String()})(unknown=marshmallow.EXCLUDE)
    fields = {"name": marshmallow.fields.String(), "inner": marshmallow.fields.Nested(inner)}
    return marshmallow.Schema.from_dict(fields)()


def model_of_pydantic():
    class Inner(pydantic.BaseModel):
        street: str

    class Outer(pydantic.BaseModel):
        name: str
        inner: Inner

    return Outer


@pytest.mark.parametrize("schema", [schema_of_marshmallow(), model_of_pydantic()], ids=["marshmallow", "pydantic"])
@pytest.mark.parametrize(
    ("body", "where"), [(NUL, "name"), (SURROGATE, "inner.street"), (KEY, "inner.b\\x00")], ids=["NUL", "lone", "key"]
)
def test_schemas_get_no_text_that_a_database_refuses(schema, body, where):
    class Kept(Resource):
        @expects(schema)
        def post(self, args):
            name = args["name"] if isinstance(args, dict) else args.name
            with create_engine("sqlite://").connect() as connection:
                return connection.execute(text("SELECT :name"), {"name": name}).scalar()

    app = Flask(__name__)
    Api(app).add_resource(Kept, "/")
    client = app.test_client()
    refused = client.post("/", data=body, content_type="application/json")
    assert list(message(refused)) == [where]
    assert client.post("/", json={"name": "é", "inner": {"street": "\N{GRINNING FACE}"}}).status_code == 200
    assert list(message(client.post("/", data={"name": "a\0"}))) == ["name"]


def test_objects_and_lists_without_a_parser_of_their_own_have_storable_text():
    client = client_of(("o", {"type": dict, "location": "json"}), ("l", {"type": list, "location": "json"}))
    body = '{"o": {"a": [{"b": "\\u0000"}]}}'
    assert message(client.post("/", data=body, content_type="application/json")) == {
        "o.a[0].b": "must not contain a NUL character"
    }
    body = '{"l": ["\\udfff"]}'
    assert list(message(client.post("/", data=body, content_type="application/json"))) == ["l[0]"]


# -- several values


@pytest.mark.parametrize("location", ["args", "values", "form", ("json", "values"), ("args",)])
def test_a_list_takes_all_values_of_a_name(location):
    client = client_of(("tags", {"type": inputs.list_of(inputs.string(1), min_items=2), "location": location}))
    sent = {"data": {"tags": ["a", "b"]}} if location == "form" else {"query_string": "tags=a&tags=b"}
    assert client.post("/", **sent).json == {"tags": "['a', 'b']"}


def test_a_list_of_numbers_names_the_value_that_is_refused():
    client = client_of(("ids", {"type": inputs.list_of(inputs.integer()), "location": "args"}))
    assert client.get("/?ids=1&ids=3").json == {"ids": "[1, 3]"}
    assert client.get("/?ids=1").json == {"ids": "[1]"}
    assert message(client.get("/?ids=1&ids=x")) == {"ids[1]": "must be an integer"}


def test_the_list_of_a_header_has_commas_and_that_of_cookies_has_none():
    header = client_of(("X-Tags", {"type": inputs.list_of(inputs.string(1)), "location": "headers"}))
    assert header.get("/", headers=[("X-Tags", "a, b"), ("X-Tags", "c")]).json == {"X-Tags": "['a', 'b', 'c']"}
    cookie = client_of(("tag", {"type": inputs.list_of(inputs.string(1)), "location": "cookies"}))
    assert cookie.get("/", headers={"Cookie": "tag=a; tag=b"}).json == {"tag": "['a', 'b']"}


def test_trim_and_case_concern_each_value():
    options = {"type": inputs.list_of(inputs.string(1)), "location": "args", "trim": True, "case_sensitive": False}
    assert client_of(("tags", options)).get("/?tags=%20A%20&tags=b").json == {"tags": "['a', 'b']"}


def test_a_list_that_is_appended_is_a_list_of_lists_as_before():
    client = client_of(("v", {"type": inputs.list_of(inputs.integer()), "location": "args", "action": "append"}))
    assert client.get("/?v=1&v=2").json == {"v": "[[1], [2]]"}


def test_no_element_of_a_json_list_is_lost(flask_restfuls_api):
    listed, appended = ("l", {"type": list}), ("l", {"action": "append", "required": True})
    assert client_of(listed).post("/", json={"l": []}).json == {"l": "[]"}
    assert client_of(listed).post("/", json={"l": ["a", "b"]}).json == {"l": "['a', 'b']"}
    assert client_of(appended).post("/", json={"l": []}).json == {"l": "[]"}
    assert set(message(client_of(appended).post("/", json={}))) == {"l"}
    door = client_of(listed, make_api=flask_restfuls_api)
    assert door.post("/", json={"l": []}).json == {"l": "None"}
    assert door.post("/", json={"l": ["a", "b"]}).json == {"l": "['a']"}
    assert set(message(client_of(appended, make_api=flask_restfuls_api).post("/", json={"l": []}))) == {"l"}


# -- the arguments of another parser


def test_arguments_can_be_parsed_once_more_strictly(any_api):
    class Clients(Resource):
        def post(self):
            outer = reqparse.RequestParser().add_argument("client", type=dict, location="json").parse_args()
            inner = reqparse.RequestParser().add_argument("user", type=int, location="client")
            parsed = inner.parse_args(req=outer, strict=True)
            assert set(outer) == {"client"}  # nothing is left behind in it
            return parsed

    app = Flask(__name__)
    any_api(app).add_resource(Clients, "/")
    client = app.test_client()
    assert client.post("/", json={"client": {"user": "1"}}).json == {"user": 1}
    assert client.post("/", json={"client": {"user": 1, "x": 2}}).json["message"] == "Unknown arguments: x"


# -- mistakes of the programmer


@pytest.mark.parametrize("action", ["splitt", "split", "Append", None])
def test_an_action_that_is_none_is_warned_of_where_it_is_written(action):
    with pytest.warns(UserWarning, match=r"'v' has action=.*neither 'store' nor 'append'") as warned:
        reqparse.RequestParser().add_argument("v", action=action)
    assert warned[0].filename == __file__


def test_choices_that_are_one_text_are_warned_of():
    with pytest.warns(UserWarning, match="'abc' for its choices"):
        reqparse.Argument("v", choices="abc")


@pytest.mark.parametrize("action", ["store", "append"])
def test_what_is_written_rightly_is_not_warned_of(action):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reqparse.RequestParser().add_argument("v", action=action, choices=("a",), type=str)


@pytest.mark.parametrize("kind", ["str", None, 7, ["a"]])
def test_a_type_that_is_none_is_refused_where_it_is_written(kind):
    with pytest.raises(TypeError, match="type of the argument 'v' is none"):
        reqparse.RequestParser().add_argument("v", type=kind)


# -- lists of objects


def test_many_is_any_number_up_to_max_items():
    class Numbers(Resource):
        parser = reqparse.RequestParser().add_argument("n", type=inputs.integer(), required=True)

        @expects(parser, many=True)
        def post(self, args):
            return len(args)

        @expects(parser, many=True, max_items=2)
        def put(self, args):
            return len(args)

        @expects(parser, many=False)
        def patch(self, args):
            return args

    app = Flask(__name__)
    Api(app).add_resource(Numbers, "/")
    client = app.test_client()
    assert client.post("/", json=[{"n": 1}] * 1000).json == 1000
    assert message(client.post("/", json=[{"n": 1}] * 1001)) == "The JSON list must have at most 1000 elements."
    assert client.put("/", json=[{"n": 1}] * 2).json == 2
    assert message(client.put("/", json=[{"n": 1}] * 3)) == "The JSON list must have at most 2 elements."
    assert client.patch("/", json=[{"n": 1}]).status_code == 400


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"max_items": 3}, TypeError),
        ({"many": 3, "max_items": 3}, TypeError),
        ({"many": True, "max_items": "3"}, TypeError),
        ({"many": "yes"}, TypeError),
        ({"many": 0}, ValueError),
        ({"many": True, "max_items": -1}, ValueError),
    ],
)
def test_a_number_of_objects_that_is_none_is_refused_where_it_is_written(options, error):
    with pytest.raises(error):
        expects(reqparse.RequestParser(), **options)
