"""JSON Schema: what is written about an argument is what its parser takes."""

import datetime as dt
import decimal
import json
import uuid

import flask_restful.reqparse
import jsonschema
import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest

from restwell import Api, inputs, reqparse
from restwell.description.json_schema import argument_schema, example_of, parser_schema


def argument(**keywords):
    return reqparse.Argument("value", **keywords)


address = reqparse.RequestParser()
address.add_argument("street", type=inputs.string(1), required=True, nullable=False, location="json")

STRICT_ARGUMENTS = {
    "text": argument(type=inputs.string(1, 3), nullable=False, location="json"),
    "trimmed text": argument(type=inputs.string(1, 100), trim=True, nullable=False, location="json"),
    "longer trimmed text": argument(type=inputs.string(3, 100), trim=True, nullable=False, location="json"),
    "nullable integer": argument(type=inputs.integer(-5, 5), location="json"),
    "number with decimals": argument(type=inputs.number(0, 10, decimals=1), nullable=False, location="json"),
    "boolean": argument(type=inputs.boolean, nullable=False, location="json"),
    "choice": argument(type=inputs.enumeration(["a", "b", 1]), nullable=False, location="json"),
    "list": argument(type=inputs.list_of(inputs.integer(), 1, 2), nullable=False, location="json"),
    "object": argument(type=address, nullable=False, location="json"),
    "nullable object": argument(type=address, location="json"),
}

scalars = st.none() | st.booleans() | st.integers(-7, 7) | st.floats(-1, 11).map(lambda number: round(number, 1))
scalars |= st.text("ab2 \t\0é", max_size=5) | st.sampled_from(["a", "b", 0.25])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["street", "city"]), inner),
    max_leaves=5,
)


def is_exact_multiple(validator, factor, instance, schema):
    """``multipleOf`` in decimals: by floats, 1.2 is no multiple of 0.1."""
    if validator.is_type(instance, "number") and decimal.Decimal(str(instance)) % decimal.Decimal(str(factor)):
        yield jsonschema.ValidationError(f"{instance} is not a multiple of {factor}")


Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"multipleOf": is_exact_multiple})


@pytest.mark.parametrize("kind", STRICT_ARGUMENTS)
def test_a_value_is_taken_exactly_if_it_fits_its_schema(kind):
    checked = STRICT_ARGUMENTS[kind]
    parser = reqparse.RequestParser().add_argument(checked)
    validator = Validator(parser_schema(parser))
    app = Flask(__name__)

    @given(values)
    @example(" ")
    @example("\x1e\x85")
    @example(" a ")
    @example({"street": "x"})
    @example([1, 2])
    @example(1.0)
    @example(1.2)
    @example(0.25)
    def agree(value):
        with app.test_request_context(json={"value": value}):
            try:
                parser.parse_args()
            except BadRequest:
                taken = False
            else:
                taken = True
        assert taken == validator.is_valid({"value": value})

    agree()


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (str, {"type": "string"}),
        (flask_restful.reqparse.text_type, {"type": "string"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (decimal.Decimal, {"type": "number"}),
        (bool, {"type": "boolean"}),
        (list, {"type": "array"}),
        (dict, {"type": "object"}),
        (uuid.UUID, {"type": "string", "format": "uuid"}),
        (FileStorage, {"type": "string", "format": "binary"}),
        (inputs.natural, {"type": "integer", "minimum": 0}),
        (inputs.int_range(1, 5), {"type": "integer", "minimum": 1, "maximum": 5}),
    ],
)
def test_types_have_their_json_types(kind, schema):
    assert argument_schema(argument(type=kind, nullable=False)) == schema


def test_nothing_is_said_of_a_function_that_says_nothing_of_itself():
    assert argument_schema(argument(type=lambda value: value)) == {}


def test_a_function_may_say_what_it_takes():
    def even(value):
        raise NotImplementedError

    even.schema = {"type": "integer", "multipleOf": 2}
    assert argument_schema(argument(type=even, nullable=False)) == {"type": "integer", "multipleOf": 2}


def test_an_argument_is_nullable_unless_it_says_otherwise():
    assert argument_schema(argument(type=int)) == {"type": ["integer", "null"]}
    union = argument_schema(argument(type=inputs.enumeration(["a"])))
    assert union == {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]}


def test_there_is_no_null_in_text():
    assert argument_schema(argument(type=int), textual=True) == {"type": "integer"}


def test_choices_are_all_that_is_taken():
    assert argument_schema(argument(choices=("S", "M"))) == {"type": "string", "enum": ["S", "M"]}


def test_default_and_help_are_told():
    told = argument_schema(argument(type=int, nullable=False, default=3, help="How many: {error_msg}"))
    assert told == {"type": "integer", "default": 3, "description": "How many"}


def test_a_default_that_is_made_for_each_request_is_left_out():
    assert "default" not in argument_schema(argument(default=uuid.uuid4))


@pytest.mark.parametrize(
    "keywords",
    [
        {"default": object()},
        {"default": dt.timedelta(1)},
        {"type": int, "default": ""},
        {"type": decimal.Decimal, "default": decimal.Decimal("1.5")},
        {"type": inputs.integer(1, 5), "default": 0},
        {"type": inputs.string(1), "default": ""},
        {"type": inputs.datetime, "default": dt.datetime(2024, 5, 31)},
        {"type": inputs.enumeration(["a"]), "default": "b"},
        {"choices": ("a", "b"), "default": ""},
        {"type": address, "default": {}},
        {"type": int, "action": "append", "default": ["a"]},
    ],
)
def test_a_default_that_no_client_may_send_is_left_out(keywords):
    assert "default" not in argument_schema(argument(**keywords))


@pytest.mark.parametrize(
    ("keywords", "default"),
    [
        ({"type": inputs.number(0, 5), "default": 0}, 0),
        ({"type": inputs.date, "default": dt.date(2024, 5, 31)}, "2024-05-31"),
        (
            {"type": inputs.datetime, "default": dt.datetime(2024, 5, 31, tzinfo=dt.timezone.utc)},
            "2024-05-31T00:00:00+00:00",
        ),
        ({"type": inputs.enumeration(["a"]), "default": "a"}, "a"),
        ({"type": address, "default": {"street": "Main Street"}}, {"street": "Main Street"}),
        ({"type": int, "action": "append", "default": [1, 2]}, [1, 2]),
    ],
)
def test_a_default_is_told_as_a_client_would_send_it(keywords, default):
    app = Flask(__name__)
    Api(app)
    with app.app_context():
        assert argument_schema(argument(**keywords))["default"] == default


def test_choices_that_json_does_not_know_are_left_out():
    assert "enum" not in argument_schema(argument(type=lambda value: value, choices=[object()]))


def test_an_appended_argument_is_a_list():
    listed = argument_schema(argument(type=int, nullable=False, action="append", required=True))
    assert listed == {"type": "array", "items": {"type": "integer"}, "minItems": 1}


def test_a_parser_is_an_object_of_its_json_arguments():
    parser = reqparse.RequestParser()
    parser.add_argument("name", required=True, nullable=False)
    parser.add_argument("page", type=int, location="args")
    parser.add_argument("address", type=address, nullable=False)
    assert json.loads(json.dumps(parser_schema(parser))) == {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "address": {
                "type": "object",
                "properties": {"street": {"type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$"}},
                "required": ["street"],
            },
        },
        "required": ["name"],
    }


# -- examples --------------------------------------------------------------------------------------------------------


def test_examples_are_made_from_what_is_declared():
    parser = reqparse.RequestParser()
    for name, keywords in {
        "title": {"type": inputs.string(15, 20), "required": True},
        "code": {"type": inputs.string(max_length=3)},
        "pages": {"type": inputs.integer(5, 9)},
        "price": {"type": inputs.number(0, 0.5)},
        "binding": {"choices": ["paperback", "hardcover"]},
        "language": {"default": "en"},
        "lent": {"type": inputs.boolean},
        "tags": {"type": inputs.list_of(inputs.string(), min_items=2)},
        "published": {"type": inputs.date},
        "publisher": {"type": reqparse.RequestParser().add_argument("email", type=inputs.email, location="json")},
        "isbn": {"type": inputs.regex("^[0-9]{13}$")},
    }.items():
        parser.add_argument(name, **keywords)
    example = example_of(parser_schema(parser), "book")
    assert example == {
        "title": "Example title..",
        "code": "Exa",
        "pages": 5,
        "price": 0.5,
        "binding": "paperback",
        "language": "en",
        "lent": True,
        "tags": ["Example tags", "Example tags"],
        "published": "2024-05-31",
        "publisher": {"email": "someone@example.org"},
    }
    jsonschema.validate(example, parser_schema(parser))


@pytest.mark.parametrize(
    "kind",
    [inputs.regex("^[0-9]{13}$"), FileStorage, inputs.list_of(inputs.regex("^[0-9]$"))],
    ids=["pattern", "file", "list"],
)
def test_there_is_no_example_of_what_cannot_be_made_up(kind):
    parser = reqparse.RequestParser().add_argument("value", type=kind, required=True, location="json")
    assert example_of(parser_schema(parser), "body") is None


def test_examples_follow_references_but_not_into_themselves():
    node = {"type": "object", "properties": {"name": {"type": "string"}, "next": {"$ref": "#/components/schemas/Node"}}}
    assert example_of({"$ref": "#/components/schemas/Node"}, "node", {"Node": node}) == {"name": "Example name"}


def test_a_pattern_of_another_dialect_has_no_example():
    assert example_of({"type": "string", "pattern": "^(?<year>[0-9]{4})$"}, "year") is None
