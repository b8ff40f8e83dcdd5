import copy
import datetime as dt
import enum
import json
import math
import pickle
import re
import uuid
from typing import Any

import flask_restful.inputs
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from restwell import Api, Resource, inputs, reqparse
from restwell.description.json_schema import argument_schema


def client_parsing(parser):
    class Echo(Resource):
        def post(self):
            return parser.parse_args()

    app = Flask(__name__)
    Api(app).add_resource(Echo, "/")
    return app.test_client()


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


EVERY_INPUT: dict[str, tuple[Any, type | tuple[type, ...]]] = {
    "string": (inputs.string(), str),
    "short string": (inputs.string(1, 5, "^[a-z]+$"), str),
    "integer": (inputs.integer(), int),
    "small integer": (inputs.integer(-3, 3), int),
    "number": (inputs.number(), float),
    "price": (inputs.number(0, 1000, decimals=2), float),
    "enumeration": (inputs.enumeration(["a", 1, 2.5]), (str, int, float)),
    "colour": (inputs.enumeration(Colour), Colour),
    "list": (inputs.list_of(inputs.integer(), 1, 3), list),
    "datetime": (inputs.datetime, dt.datetime),
    "uuid": (inputs.uuid, uuid.UUID),
    "email": (inputs.email, str),
    "boolean": (inputs.boolean, bool),
    "date": (inputs.date, dt.datetime),
    "url": (inputs.url, str),
    "regex": (inputs.regex("[a-z]"), str),
    "natural": (inputs.natural, int),
    "positive": (inputs.positive, int),
    "int_range": (inputs.int_range(-5, 5), int),
    "iso8601interval": (inputs.iso8601interval, tuple),
    "datetime_from_iso8601": (inputs.datetime_from_iso8601, dt.datetime),
    "datetime_from_rfc822": (inputs.datetime_from_rfc822, dt.datetime),
}

ANY_TEXT = (
    st.text(alphabet=st.characters(exclude_categories=()))
    | st.text(alphabet="0123456789-+.:/TZPWDMYHSeE_ ,@a")
    | st.sampled_from(
        [
            "true",
            "NaN",
            "inf",
            "1e400",
            "9" * 5000,
            "9999-12-31",
            "P1Y/2013-01-01",
            "0001-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59-23:59",
            "Sat, 01 Jan 99999999999999999999 23:54:59 EST",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "http://example.org/\n",
            "someone@example.org",
        ]
    )
    | st.dates().map(str)
    | st.integers().map(str)
    | st.floats().map(str)
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | ANY_TEXT,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(ANY_TEXT, values, max_size=3),
    max_leaves=8,
)
every_input = pytest.mark.parametrize(("type_", "result"), EVERY_INPUT.values(), ids=EVERY_INPUT)


def attempt(type_: inputs.Input[Any], value: Any, text: bool) -> tuple[Any, str]:
    try:
        return type_.convert(value, text=text), ""
    except ValueError as error:
        return None, str(error)


def refusal(type_: inputs.Input[Any], value: Any, text: bool = False) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is what the caller checks
        type_.convert(value, text=text)
    return str(caught.value)


# -- every input


@every_input
@given(value=ANY_JSON)
def test_any_json_value_is_converted_or_refused(type_: inputs.Input[Any], result: Any, value: Any) -> None:
    converted, message = attempt(type_, value, text=False)
    assert message or isinstance(converted, result)


@every_input
@given(value=ANY_TEXT)
def test_any_text_is_converted_or_refused(type_: inputs.Input[Any], result: Any, value: str) -> None:
    converted, message = attempt(type_, value, text=True)
    assert message.encode() or isinstance(converted, result)


@every_input
def test_the_schema_is_json(type_: inputs.Input[Any], result: Any) -> None:
    assert json.loads(json.dumps(type_.schema)) == type_.schema


@every_input
def test_copies_are_the_input_itself(type_: inputs.Input[Any], result: Any) -> None:
    assert copy.deepcopy([type_])[0] is type_


@every_input
def test_the_representation_is_readable(type_: inputs.Input[Any], result: Any) -> None:
    assert " at 0x" not in repr(type_)


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
@pytest.mark.parametrize("name", ["string", "email", "url", "regex", "date", "boolean", "natural", "iso8601interval"])
def test_text_that_cannot_be_stored_is_refused(name: str, text: str) -> None:
    assert refusal(EVERY_INPUT[name][0], text).startswith("must not contain a")
    assert refusal(EVERY_INPUT[name][0], text, text=True).startswith("must not contain a")


# -- string


@pytest.mark.parametrize("value", [1, 1.5, True, None, ["a"], {"a": "b"}])
def test_string_refuses_other_json_types(value: Any) -> None:
    assert refusal(inputs.string(), value) == "must be a string"


def test_string_lengths_are_counted_in_characters() -> None:
    name = inputs.string(1, 3)
    assert name("äöü") == "äöü"
    assert refusal(name, "") == "must be at least 1 character long"
    assert refusal(name, "\N{GRINNING FACE}" * 4) == "must be at most 3 characters long"


def test_string_pattern_is_searched() -> None:
    assert inputs.string(pattern="[0-9]")("a1b") == "a1b"
    assert refusal(inputs.string(pattern="^[0-9]+$"), "a1b") == "must match the pattern ^[0-9]+$"


@pytest.mark.parametrize("pattern", ["^[a-z]+$", r"^(a|\w$)", r"^[]$a-z]+$", r"^\w\\?$"])
def test_end_of_a_string_pattern_is_the_very_end_as_in_json_schema(pattern: str) -> None:
    assert inputs.string(pattern=pattern)("b") == "b"
    assert refusal(inputs.string(pattern=pattern), "b\n") == f"must match the pattern {pattern}"


@pytest.mark.parametrize("pattern", [r"^b\$c", "^b[$]c", "^b[^a$]?[]$]c"])
def test_dollar_that_is_no_end_in_a_string_pattern_is_a_dollar(pattern: str) -> None:
    assert inputs.string(pattern=pattern)("b$c") == "b$c"


def test_string_pattern_that_does_not_compile_fails_where_it_is_declared() -> None:
    with pytest.raises(re.error):
        inputs.string(pattern="[")


def test_string_schema() -> None:
    assert inputs.string(1, 5, "^a").schema == {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^a"}
    assert inputs.string().schema == {"type": "string", "pattern": r"^[^\u0000]*$"}


# -- integer


@given(st.integers())
def test_integer_reads_what_json_and_text_write(number: int) -> None:
    assert inputs.integer().convert(number, text=False) == number
    assert inputs.integer().convert(str(number), text=True) == number


@pytest.mark.parametrize("value", ["5", True, None, 1.5, [1]])
def test_integer_refuses_other_json_types(value: Any) -> None:
    assert refusal(inputs.integer(), value) == "must be an integer"


@pytest.mark.parametrize("text", ["1_000", " 5", "5 ", "+5", "٣", "0x10", "1.0", "1e3", "", "NaN", "true"])
def test_integer_refuses_text_that_is_no_plain_integer(text: str) -> None:
    assert refusal(inputs.integer(), text, text=True) == "must be an integer"


def test_integer_takes_a_json_number_without_a_fraction() -> None:
    converted = inputs.integer()(1.0)
    assert converted == 1
    assert type(converted) is int


def test_integer_bounds() -> None:
    page = inputs.integer(1, 10)
    assert [page(1), page(10)] == [1, 10]
    assert refusal(page, 0) == "must be at least 1"
    assert refusal(page, "11", text=True) == "must be at most 10"
    assert page.schema == {"type": "integer", "minimum": 1, "maximum": 10}


def test_integer_of_too_many_digits_is_refused() -> None:
    assert refusal(inputs.integer(), "9" * 1_000_000, text=True) == "must have fewer digits"


# -- number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_reads_what_json_and_text_write(number: float) -> None:
    assert inputs.number().convert(number, text=False) == number
    assert inputs.number().convert(repr(number), text=True) == number


@pytest.mark.parametrize("value", ["5", True, None, [1.5]])
def test_number_refuses_other_json_types(value: Any) -> None:
    assert refusal(inputs.number(), value) == "must be a number"


@pytest.mark.parametrize("text", ["1_000.5", " 5", ".5", "5.", "+1", "٣.٤", "NaN", "inf", "Infinity", "0x1p3", ""])
def test_number_refuses_text_that_is_no_plain_number(text: str) -> None:
    assert refusal(inputs.number(), text, text=True) == "must be a number"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400])
@pytest.mark.parametrize("type_", [inputs.number(), inputs.number(0, 10, decimals=2)])
def test_number_refuses_what_is_not_finite(type_: inputs.Input[float], value: float) -> None:
    assert refusal(type_, value) == "must be a finite number"


@pytest.mark.parametrize("text", ["1e400", "9" * 100_000])
def test_number_refuses_text_that_is_not_finite(text: str) -> None:
    assert refusal(inputs.number(), text, text=True) == "must be a finite number"


def test_integer_refuses_what_is_not_finite() -> None:
    assert refusal(inputs.integer(), math.inf) == "must be a finite number"


@given(st.integers(-(10**11), 10**11))
def test_number_gives_the_decimals_that_were_written(cents: int) -> None:
    written = f"{cents // 100}.{cents % 100:02}"
    price = inputs.number(decimals=2)
    assert price.convert(written, text=True) == float(written)
    assert price(cents * 0.01) == float(f"{cents / 100:.2f}")  # with the noise of the multiplication


def test_number_refuses_more_decimals() -> None:
    assert inputs.number(decimals=4)(0.1 + 0.2) == 0.3
    assert refusal(inputs.number(decimals=1), 0.25) == "must have at most 1 decimal place"
    assert refusal(inputs.number(decimals=2), "9.999", text=True) == "must have at most 2 decimal places"


def test_number_bounds() -> None:
    price = inputs.number(minimum=0, maximum=99.5, decimals=2)
    assert price(0) == 0.0
    assert refusal(price, -0.01) == "must be at least 0"
    assert refusal(price, 100) == "must be at most 99.5"
    assert price.schema == {"type": "number", "minimum": 0, "maximum": 99.5, "multipleOf": 0.01}


# -- enumeration


def test_enumeration_gives_the_value_of_its_type() -> None:
    size = inputs.enumeration(["small", 1, 2.5])
    assert [size("small"), size(1.0), size.convert("1", text=True), size.convert("2.5", text=True)] == [
        "small",
        1,
        1,
        2.5,
    ]
    for value in ["1", True, None, "large", ["small"]]:
        assert refusal(size, value) == "must be one of: small, 1, 2.5"
    assert size.schema == {"type": ["integer", "number", "string"], "enum": ["small", 1, 2.5]}


def test_enumeration_of_an_enum_gives_its_member() -> None:
    colour = inputs.enumeration(Colour)
    assert colour("red") is Colour.RED
    assert colour.convert("blue", text=True) is Colour.BLUE
    assert refusal(colour, "RED") == "must be one of: red, blue"
    assert colour.schema == {"type": "string", "enum": ["red", "blue"]}


@pytest.mark.parametrize("choices", [[True], [None], [("a", "b")]])
def test_enumeration_is_of_strings_and_numbers(choices: list[Any]) -> None:
    with pytest.raises(TypeError, match="strings or numbers"):
        inputs.enumeration(choices)


# -- list_of


def test_list_of_converts_each_element() -> None:
    tags = inputs.list_of(inputs.integer())
    assert tags([1, 2]) == [1, 2]
    assert tags.convert(["1", "2"], text=True) == [1, 2]
    assert tags.convert("1", text=True) == [1]


@pytest.mark.parametrize("value", ["1", 1, None, {"0": 1}])
def test_list_of_refuses_other_json_types(value: Any) -> None:
    assert refusal(inputs.list_of(inputs.integer()), value) == "must be a list"


def test_list_of_names_every_element_that_is_refused() -> None:
    rows = inputs.list_of(inputs.list_of(inputs.integer(0)))
    with pytest.raises(inputs.InvalidElements) as caught:
        rows([[1, "a"], [2], 3, [-1]])
    assert caught.value.errors == {
        "[0][1]": "must be an integer",
        "[2]": "must be a list",
        "[3][0]": "must be at least 0",
    }
    assert str(caught.value) == "[0][1]: must be an integer; [2]: must be a list; [3][0]: must be at least 0"


def test_list_of_counts_its_elements() -> None:
    tags = inputs.list_of(inputs.string(), 1, 2)
    assert refusal(tags, []) == "must have at least 1 element"
    assert refusal(tags, ["a", "b", 3]) == "must have at most 2 elements"
    assert tags.schema == {"type": "array", "items": inputs.string().schema, "minItems": 1, "maxItems": 2}


# -- datetime, uuid, email


@given(st.datetimes(timezones=st.sampled_from([dt.timezone.utc, dt.timezone(dt.timedelta(hours=-9, minutes=-30))])))
def test_datetime_reads_what_isoformat_writes(moment: dt.datetime) -> None:
    try:
        moment.astimezone(dt.timezone.utc)
    except OverflowError:
        assert "must be a date and time" in refusal(inputs.datetime, moment.isoformat())
    else:
        converted = inputs.datetime(moment.isoformat())
        assert (converted, converted.utcoffset()) == (moment, moment.utcoffset())


@pytest.mark.parametrize(
    ("text", "microsecond"), [("12:00:00Z", 0), ("12:00:00.5z", 500000), ("14:00:00.123456789+02:00", 123456)]
)
def test_datetime_reads_every_form_of_rfc_3339(text: str, microsecond: int) -> None:
    expected = dt.datetime(2024, 5, 31, 12, 0, 0, microsecond, dt.timezone.utc)
    assert inputs.datetime(f"2024-05-31T{text}") == expected


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-31",
        "2024-05-31T12:00:00",
        "2024-05-31 12:00:00Z",
        "2024-05-31T12:00Z",
        "2024-02-30T12:00:00Z",
        "2024-05-31T25:00:00Z",
        "2024-05-31T12:00:00+0200",
        "2024-05-31T12:00:00Z\n",
        "٢٠٢٤-05-31T12:00:00Z",
        1717156800,
        None,
    ],
)
def test_datetime_refuses_anything_else(value: Any) -> None:
    assert refusal(inputs.datetime, value).startswith("must be a")


@given(st.uuids())
def test_uuid_reads_its_canonical_form(identifier: uuid.UUID) -> None:
    assert inputs.uuid(str(identifier)) == inputs.uuid(str(identifier).upper()) == identifier


@pytest.mark.parametrize("form", ["{{{0}}}", "urn:uuid:{0}", "{0} ", "{0}0"])
def test_uuid_refuses_other_forms(form: str) -> None:
    text = form.format("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
    assert refusal(inputs.uuid, text).startswith("must be a UUID")
    assert refusal(inputs.uuid, text.replace("-", "")).startswith("must be a UUID")


@given(st.emails(domains=st.from_regex(r"[a-z]{1,20}\.[a-z]{2,6}", fullmatch=True)))
def test_email_takes_addresses(address: str) -> None:
    assert inputs.email(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "someone",
        "someone@",
        "@example.org",
        "some one@example.org",
        "a@b@example.org",
        ".a@example.org",
        "a..b@example.org",
        "a@example",
        "a@-example.org",
        "a@example..org",
        "a@example.org\n",
        f"{'a' * 65}@example.org",
        f"a@{'a' * 64}.org",
        f"a@{'a.' * 130}org",
        "ä@example.org",
        "Someone <someone@example.org>",
    ],
)
def test_email_refuses_what_is_no_address(address: str) -> None:
    assert refusal(inputs.email, address) == "must be an email address, as in someone@example.org"


# -- Flask-RESTful's

COMPATIBLE = {
    "url": ["http://example.org/a?b=c", "ftp://user:pw@localhost:21", "example.org", "foo", ""],
    "boolean": ["true", "FALSE", "1", "0", "yes", "", True, False],
    "date": ["2024-02-29", "2024-2-9", "2023-02-29", "29.2.2024"],
    "natural": ["0", "7", " 7 ", "-1", "x", "1.5", 7, -7],
    "positive": ["1", "0", "x", 1, 0],
    "iso8601interval": ["2024-02-29", "2024-02-28T10/2024-02-29T08", "2024-02-29/P1D", "2024-02-29T12:30Z", "x/y"],
    "datetime_from_iso8601": ["2024-02-29T12:30:15.5+02:00", "2024-02-29T12:30:15", "yesterday"],
    "datetime_from_rfc822": ["Thu, 29 Feb 2024 12:30:15 +0200", "29 Feb 2024 12:30:15 -0000"],
}


def outcome(function: Any, *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in COMPATIBLE.items() for value in values])
def test_a_plain_call_gives_what_flask_restful_gives(name: str, value: Any) -> None:
    ours, theirs = getattr(inputs, name), getattr(flask_restful.inputs, name)
    assert outcome(ours, value) == outcome(theirs, value)


@pytest.mark.parametrize(("name", "value"), [("natural", "-5"), ("positive", "0"), ("iso8601interval", "x")])
def test_messages_name_the_argument_as_in_flask_restful(name: str, value: str) -> None:
    ours, theirs = getattr(inputs, name), getattr(flask_restful.inputs, name)
    expected = outcome(theirs, value, "page")
    assert "page" in expected
    assert outcome(ours, value, "page") == expected
    assert outcome(lambda: ours.convert(value, text=True, argument="page")) == expected


def test_int_range_and_regex_give_what_flask_restful_gives() -> None:
    for value in ["1", 5, "0", 6, "x"]:
        assert outcome(inputs.int_range(1, 5, "page"), value) == outcome(
            flask_restful.inputs.int_range(1, 5, "page"), value
        )
    for value in ["abc", "ABC", "1", ""]:
        ours, theirs = inputs.regex("^[a-z]+$", re.IGNORECASE), flask_restful.inputs.regex("^[a-z]+$", re.IGNORECASE)
        assert outcome(ours, value) == outcome(theirs, value)


def test_all_public_names_of_flask_restful_are_here() -> None:
    names = """END_OF_DAY START_OF_DAY boolean date datetime_from_iso8601 datetime_from_rfc822 int_range iso8601interval
        natural positive regex url url_regex"""
    assert set(names.split()) <= set(inputs.__all__)


@pytest.mark.parametrize("name", ["date", "url", "regex", "iso8601interval", "datetime_from_rfc822"])
@pytest.mark.parametrize("value", [20240229, True, None, ["2024-02-29"]])
def test_text_inputs_refuse_other_json_types(name: str, value: Any) -> None:
    assert refusal(EVERY_INPUT[name][0], value) == "must be a string"


@pytest.mark.parametrize("value", [1, 0, 1.0, None, []])
def test_boolean_refuses_other_json_types(value: Any) -> None:
    assert refusal(inputs.boolean, value) == "must be true or false"


@pytest.mark.parametrize("name", ["natural", "positive", "int_range"])
@pytest.mark.parametrize("value", [True, 1.5, None, []])
def test_whole_numbers_refuse_other_json_types(name: str, value: Any) -> None:
    assert refusal(EVERY_INPUT[name][0], value) == "must be an integer"


def test_date_in_json_is_written_in_full() -> None:
    assert inputs.date.convert("2024-02-09", text=False) == dt.datetime(2024, 2, 9)
    assert inputs.date.convert("2024-2-9", text=True) == dt.datetime(2024, 2, 9)
    assert refusal(inputs.date, "2024-2-9") == "must be a date, as in 2024-05-31"


def test_url_that_ends_in_a_line_break_is_refused() -> None:
    assert refusal(inputs.url, "http://example.org/\n") == "must not end in a line break"


@pytest.mark.parametrize("flags", [0, re.IGNORECASE])
def test_regex_with_flags_has_no_pattern_in_its_schema(flags: int) -> None:
    assert inputs.regex("^a", flags).schema == {"type": "string"} | ({} if flags else {"pattern": "^a"})


# -- one's own


def test_a_function_becomes_an_input_by_its_schema() -> None:
    @inputs.with_schema({"type": "string", "maxLength": 3})
    def currency(value: Any) -> str:
        """A currency."""
        return inputs.string(3, 3)(value).upper()

    assert currency.schema == {"type": "string", "maxLength": 3}
    assert currency.__doc__ == "A currency."
    assert inputs.list_of(currency)(["eur", "usd"]) == ["EUR", "USD"]


def test_a_class_becomes_an_input_by_its_schema_and_from_json() -> None:
    class Even(inputs.Input[int]):
        schema = {"type": "integer", "multipleOf": 2}  # noqa: RUF012 - as a user writes it

        def from_json(self, value: Any) -> int:
            if inputs.integer()(value) % 2:
                raise ValueError("must be even")
            return int(value)

    assert Even()(4) == 4
    assert refusal(inputs.list_of(Even()), [1]) == "[0]: must be even"


# -- as the JSON Schema says


@pytest.mark.parametrize("kind", [inputs.regex("^[a-z]+$"), inputs.string(pattern="^[a-z]+$")], ids=repr)
@pytest.mark.parametrize("text", ["abc\n", "abc\n\n", "\nabc"])
def test_the_end_of_a_pattern_is_the_very_end(kind, text):
    with pytest.raises(ValueError, match="pattern"):
        kind.convert(text, text=True)
    with pytest.raises(ValueError, match="pattern"):
        kind.from_json(text)
    assert kind.from_json("abc") == "abc"


def test_a_dollar_that_is_no_end_stays_one():
    assert inputs.regex(r"^[$a]\$$").from_json("$$") == "$$"
    for pattern in ("(?m)^a$", "(?im)^a$"):
        assert inputs.regex(pattern).from_json("a\nb") == "a\nb"
    assert inputs.regex("^a$", re.MULTILINE).from_json("a\nb") == "a\nb"
    with pytest.raises(ValueError, match="pattern"):
        inputs.regex("^A$", re.IGNORECASE).from_json("a\n")


# -- numbers that cannot be kept


@pytest.mark.parametrize(
    "text",
    [
        "9999999999.99991",
        "9999999999.999905",
        "0.12345",
        "-9999999999.99991",
        "1e-400",
        "-1E-999",
        "1e-5",
        f"0.{'0' * 400}1",
        "0.1e-330",
    ],
)
def test_a_number_is_refused_rather_than_cut(text):
    parser = reqparse.RequestParser()
    parser.add_argument("price", type=inputs.number(decimals=4), required=True)
    client = client_parsing(parser)
    assert client.post("/", data={"price": "9999999999.9999"}).json == {"price": 9999999999.9999}
    for sent in ({"data": f'{{"price": {text}}}', "content_type": "application/json"}, {"data": {"price": text}}):
        response = client.post("/", **sent)
        assert response.status_code == 400
        assert set(response.json["message"]) == {"price"}


@pytest.mark.parametrize("kind", [inputs.number(), inputs.number(decimals=400), inputs.integer()], ids=repr)
def test_a_number_that_is_not_zero_is_never_read_as_zero(kind):
    parser = reqparse.RequestParser().add_argument("n", type=kind, location="json")
    client = client_parsing(parser)
    assert client.post("/", data='{"n": 1e-400}', content_type="application/json").status_code == 400
    for zero in ("0e-400", "0.0", "-0"):
        assert client.post("/", data=f'{{"n": {zero}}}', content_type="application/json").status_code == 200


def test_a_whole_number_that_no_float_has_is_refused_where_decimals_are_kept():
    price = inputs.number(decimals=4)
    assert price.from_json(2**53) == 2.0**53
    with pytest.raises(ValueError, match="fewer digits"):
        price.from_json(2**53 + 1)
    assert inputs.number().from_json(2**53 + 1) == 2.0**53


@pytest.mark.parametrize(
    "number", [0.1 + 0.2, 1.1 * 3, 0.1 + 0.7, sum([0.01] * 100), 4.35 * 100, 9999999999.9999, 0.0001, 9999999999.0001]
)
def test_what_binary_arithmetic_leaves_behind_is_rounded_away(number):
    assert inputs.number(decimals=4).from_json(number) == round(number, 4)


# -- addresses


@pytest.mark.parametrize("address", ["me@127.0.0.1", "me@1.2", "me@example.123", "me@[127.0.0.1]"])
def test_the_host_of_an_email_address_is_no_ip_address(address):
    with pytest.raises(ValueError, match="email address"):
        inputs.email(address)


@pytest.mark.parametrize("address", ["me@1.example", "me@127.0.0.1a", "me@example.x1", "me@3com.com"])
def test_the_host_of_an_email_address_may_have_digits(address):
    assert inputs.email(address) == address


@pytest.mark.parametrize("address", ["http://300:300:300:300", "http://example.org:70000", "http://300.300.300.300"])
def test_urls_are_those_of_flask_restful(address):
    def taken(check):
        try:
            return check(address)
        except ValueError:
            return None

    assert taken(inputs.url) == taken(flask_restful.inputs.url)


# -- inputs as objects


def pickled(thing):
    return pickle.loads(pickle.dumps(thing))  # noqa: S301  # its own


NAMED = (
    inputs.boolean,
    inputs.date,
    inputs.datetime,
    inputs.datetime_from_iso8601,
    inputs.datetime_from_rfc822,
    inputs.email,
    inputs.iso8601interval,
    inputs.natural,
    inputs.positive,
    inputs.url,
    inputs.uuid,
)
MADE = (
    inputs.string(1, 9, "^a$"),
    inputs.integer(1),
    inputs.number(decimals=2),
    inputs.list_of(inputs.boolean),
    inputs.enumeration(["a", "b"]),
    inputs.regex("^a$"),
    inputs.int_range(1, 9),
)


def of_age(value):
    return inputs.integer(18).from_json(value)


ADULT = inputs.with_schema({"type": "integer"})(of_age)


@pytest.mark.parametrize("kind", NAMED, ids=repr)
def test_an_input_that_has_a_name_is_pickled_by_it(kind):
    copied = pickled(kind)
    assert copied is kind or type(kind) is type(copied) is type(inputs.date)
    assert inputs.is_flask_restfuls(copied) == inputs.is_flask_restfuls(kind)
    assert copy.copy(kind).schema == copied.schema == kind.schema


@pytest.mark.parametrize("kind", [*MADE, ADULT], ids=repr)
def test_an_input_that_is_made_is_pickled_by_what_it_is_made_of(kind):
    copied = pickled(kind)
    assert copied.schema == kind.schema
    assert repr(copied) == repr(kind)


def test_a_parser_can_be_pickled():
    parser = reqparse.RequestParser(bundle_errors=True).add_argument("any")
    others = inputs.list_of(inputs.uuid), inputs.enumeration(Colour)
    for position, kind in enumerate((*NAMED, *MADE, ADULT, *others, reqparse.RequestParser().add_argument("n"))):
        parser.add_argument(f"a{position}", type=kind, help="{error_msg}")
    copied = pickled(parser)
    assert [vars(argument).keys() for argument in copied.args] == [vars(argument).keys() for argument in parser.args]
    assert copied.args[0].type is parser.args[0].type
    assert client_parsing(copied).post("/", json={"any": 1}).json["any"] == "1"


def test_a_refusal_can_be_pickled():
    refusal = pickled(inputs.InvalidElements({"[0]": "must be an integer"}))
    assert refusal.errors == {"[0]": "must be an integer"}


# -- what a programmer writes


@pytest.mark.parametrize("kind", [inputs.string, inputs.integer, inputs.number], ids=lambda kind: kind.__name__)
def test_an_input_need_not_be_called(kind):
    parser = reqparse.RequestParser()
    parser.add_argument("v", type=kind, location="json")
    parser.add_argument("l", type=inputs.list_of(kind), location="json")
    value = "a" if kind is inputs.string else 1
    assert client_parsing(parser).post("/", json={"v": value, "l": [value]}).json == {"v": value, "l": [value]}
    assert parser.args[0].type == kind()


@pytest.mark.parametrize("name", ["list_of", "enumeration", "regex", "int_range", "Input"])
def test_an_input_that_has_to_be_called_says_so_where_it_is_written(name):
    with pytest.raises(TypeError, match=rf"inputs\.{name} has to be called, as in inputs\.{name}\("):
        reqparse.RequestParser().add_argument("v", type=getattr(inputs, name))


@pytest.mark.parametrize(
    ("element", "advice"),
    [
        (str, r"not str; write inputs\.string\(\)"),
        (int, r"not int; write inputs\.integer\(\)"),
        (float, r"not float; write inputs\.number\(\)"),
        (bool, r"not bool; write inputs\.boolean"),
        (dict, "not dict; write a RequestParser"),
        (uuid.UUID, r"not UUID; write inputs\.uuid"),
        (dt.datetime, r"not datetime; write inputs\.datetime"),
        (len, "not len; write one of restwell.inputs"),
        ("str", "not 'str'; write one of restwell.inputs"),
        (None, "not None; write one of restwell.inputs"),
        ([], r"not \[\]; write one of restwell.inputs"),
        (inputs.enumeration, r"inputs\.enumeration has to be called"),
    ],
)
def test_a_list_of_what_is_no_input_says_what_to_write(element, advice):
    with pytest.raises(TypeError, match=advice):
        inputs.list_of(element)


def test_a_list_of_objects_has_a_parser_and_is_described():
    parser = reqparse.RequestParser().add_argument("n", type=inputs.integer(), required=True, location="json")
    listed = reqparse.RequestParser().add_argument("l", type=inputs.list_of(parser, max_items=2), location="json")
    client = client_parsing(listed)
    assert client.post("/", json={"l": [{"n": 1}]}).json == {"l": [{"n": 1}]}
    assert client.post("/", json={"l": [{"n": 1}, {}]}).json["message"].keys() == {"l[1].n"}
    schema = argument_schema(listed.args[0])
    assert schema["items"]["properties"]["n"]["type"] == ["integer", "null"]
    assert schema["maxItems"] == 2


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: inputs.string("^[a-z]+$"), TypeError),
        (lambda: inputs.string(1, "9"), TypeError),
        (lambda: inputs.string(9, 1), ValueError),
        (lambda: inputs.string(-1), ValueError),
        (lambda: inputs.integer("1"), TypeError),
        (lambda: inputs.integer(2, 1), ValueError),
        (lambda: inputs.number("0"), TypeError),
        (lambda: inputs.number(decimals="2"), TypeError),
        (lambda: inputs.list_of(inputs.string(), "1"), TypeError),
        (lambda: inputs.list_of(inputs.string(), 3, 2), ValueError),
        (lambda: inputs.enumeration("abc"), TypeError),
        (lambda: inputs.enumeration([]), ValueError),
        (lambda: inputs.string(pattern="("), re.error),
    ],
)
def test_bounds_that_are_none_are_refused_where_they_are_written(make, error):
    with pytest.raises(error):
        make()


def test_decimals_that_no_number_has_are_refused_where_they_are_written():
    with pytest.raises(ValueError, match=r"inputs\.number takes 0 decimals or more, not -1"):
        inputs.number(decimals=-1)


def test_decimals_past_those_of_a_float_have_no_step():
    assert "multipleOf" not in inputs.number(decimals=400).schema
