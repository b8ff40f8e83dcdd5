"""The JSON provider: what it writes, what it reads, and that orjson and Python's json give the same."""

import contextlib
import io
import json
import math
from collections import ChainMap, OrderedDict, deque, namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

import flask
import pydantic
import pytest
from flask import Flask
from flask.json.provider import DefaultJSONProvider
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from restwell import Api, FlaskJSON, Resource, flask_json, json_response
from restwell.json.provider import FlaskJSONProvider, JSONEncoderEx, Underflow, provider_of

Point = namedtuple("Point", "x y")


class Color(Enum):
    RED = "red"
    BOTH = ("red", "blue")


class Size(IntEnum):
    SMALL = 1


class Unit(str, Enum):
    KILOGRAM = "kg"


@dataclass
class Address:
    street: str
    _note: str = "private"


@dataclass
class Person:
    name: str
    addresses: list[Address] = field(default_factory=list)


class Text(str):
    pass


class Number(int):
    pass


class Fraction(float):
    pass


class Unknown:
    pass


@pytest.fixture(name="app")
def make_app():
    app = Flask(__name__)
    app.json = FlaskJSONProvider(app)
    return app


@pytest.fixture(name="provider")
def make_provider(app):
    return app.json


# Types


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (-0.0, "-0.0"),
        (9.99, "9.99"),
        (2**64, "18446744073709551616"),
        (-(2**63) - 1, "-9223372036854775809"),
        (10**400, "1" + "0" * 400),
        ("", '""'),
        (Decimal("9.990"), '"9.990"'),
        (UUID(int=7), '"00000000-0000-0000-0000-000000000007"'),
        (datetime(2014, 5, 12, 17, 24, 10), '"2014-05-12T17:24:10"'),
        (datetime(2014, 5, 12, 17, 24, 10, 175), '"2014-05-12T17:24:10.000175"'),
        (datetime(2014, 5, 12, 17, 24, 10, tzinfo=timezone(timedelta(hours=1))), '"2014-05-12T17:24:10+01:00"'),
        (datetime(1900, 1, 1, tzinfo=ZoneInfo("Europe/Amsterdam")), '"1900-01-01T00:00:00+00:19:32"'),
        (date(2015, 12, 7), '"2015-12-07"'),
        (time(12, 34, 56), '"12:34:56"'),
        (time(12, 34, 56, tzinfo=timezone.utc), '"12:34:56+00:00"'),
        (Color.RED, '"red"'),
        (Color.BOTH, '["red","blue"]'),
        (Size.SMALL, "1"),
        (Unit.KILOGRAM, '"kg"'),
        (Person("Ann", [Address("Main")]), '{"addresses":[{"_note":"private","street":"Main"}],"name":"Ann"}'),
        (Markup("<b>bold</b>"), '"<b>bold</b>"'),
        ((1, (2, 3)), "[1,[2,3]]"),
        (Point(1, 2), "[1,2]"),
        ({7}, "[7]"),
        (frozenset({7}), "[7]"),
        (deque([1, 2]), "[1,2]"),
        (range(3), "[0,1,2]"),
        ({"a": 1, "b": 2}.values(), "[1,2]"),
        (MappingProxyType({"a": 1}), '{"a":1}'),
        (ChainMap({"a": 1}, {"b": 2}), '{"a":1,"b":2}'),
        (OrderedDict(b=1, a=2), '{"a":2,"b":1}'),
        (MultiDict([("a", 1), ("a", 2)]), '{"a":1}'),
        ([Text("t"), Number(3), Fraction(0.5)], '["t",3,0.5]'),
        ({Text("t"): 1, 2: 3}.items(), '[["t",1],[2,3]]'),
        ({2: "b", 1: "a"}, '{"1":"a","2":"b"}'),
        ({None: 1}, '{"null":1}'),
        ({True: 1}, '{"true":1}'),
        ({1.5: 1}, '{"1.5":1}'),
        ({Unit.KILOGRAM: 1}, '{"kg":1}'),
        (math.nan, "null"),
        ([math.inf, -math.inf], "[null,null]"),
        ({math.nan: [math.nan, 2**70]}, '{"NaN":[null,1180591620717411303424]}'),
        (["NaN", '"', math.inf, "-Infinity\\"], '["NaN","\\"",null,"-Infinity\\\\"]'),
    ],
)  # fmt: skip
def test_each_type_is_written_by_both_paths(app, provider, value, written):
    assert provider.dumps(value) == written
    assert provider.encode(value) == written.encode()
    with app.app_context():
        assert provider.dumps(value, default=FlaskJSONProvider.default) == written


def test_object_with_html_method_is_written_as_its_html(provider):
    class Badge:
        def __html__(self):
            return "<b>new</b>"

    assert provider.dumps(Badge()) == '"<b>new</b>"'


def test_generator_is_written_once_even_where_orjson_gives_up(provider):
    assert provider.dumps({"rows": (n for n in [1, 2]), "z": 2**70}) == '{"rows":[1,2],"z":1180591620717411303424}'


def test_type_that_is_unknown_is_refused(provider):
    with pytest.raises(TypeError, match="Object of type Unknown is not JSON serializable"):
        provider.dumps({"a": [Unknown()]})


def test_exception_of_a_conversion_is_not_hidden(provider):
    class Broken:
        def __html__(self):
            raise LookupError("no template")

    with pytest.raises(LookupError, match="no template"):
        provider.dumps([Broken()])


@pytest.mark.parametrize("module_and_name", [("flask_babel.speaklater", "LazyString"), ("speaklater", "_LazyString")])
def test_lazy_string_is_written_as_its_text(provider, module_and_name):
    module, name = module_and_name
    methods = {"__module__": module, "__str__": lambda self: "Hallo", "__iter__": lambda self: iter("Hallo")}
    assert provider.dumps([type(name, (), methods)()]) == '["Hallo"]'


# Settings


def test_dumps_has_no_spaces_unless_asked(provider):
    assert provider.dumps({"a": [1, 2]}) == '{"a":[1,2]}'
    assert provider.dumps({"a": [1, 2]}, separators=(", ", ": ")) == '{"a": [1, 2]}'
    assert provider.dumps({"a": [1]}, indent=2) == '{\n  "a": [\n    1\n  ]\n}'


def test_keys_are_sorted_until_the_attribute_says_otherwise(provider):
    assert provider.dumps({"b": 1, "a": 2}) == '{"a":2,"b":1}'
    assert provider.encode({"b": 1, "a": 2}, sort_keys=False) == b'{"b":1,"a":2}'
    provider.sort_keys = False
    assert provider.dumps({"b": 1, "a": 2}) == '{"b":1,"a":2}'
    assert provider.encode({"b": 1, "a": 2}) == b'{"b":1,"a":2}'
    assert provider.dumps({"b": 1, "a": 2}, sort_keys=True) == '{"a":2,"b":1}'


def test_keys_of_mixed_types_cannot_be_sorted(provider):
    with pytest.raises(TypeError, match="not supported between"):
        provider.dumps({1: "a", "b": "c"})
    assert provider.dumps({1: "a", "b": "c"}, sort_keys=False) == '{"1":"a","b":"c"}'


def test_non_ascii_text_is_escaped_until_the_attribute_says_otherwise(provider):
    text = '✓ "é\\é" 😀 \u2028'
    assert provider.dumps(text) == json.dumps(text)
    assert provider.dumps(text, ensure_ascii=False) == json.dumps(text, ensure_ascii=False)
    provider.ensure_ascii = False
    assert provider.encode(text) == json.dumps(text, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("option", "value", "time_format", "written"),
    [
        ("JSON_DATETIME_FORMAT", datetime(2014, 5, 12, 17, 24, 10), "iso", "2014-05-12T17:24:10"),
        ("JSON_DATETIME_FORMAT", datetime(2014, 5, 12, 17, 24, 10), "rfc822", "Mon, 12 May 2014 17:24:10 GMT"),
        ("JSON_DATETIME_FORMAT", datetime(2014, 5, 12, 17, 24, 10), "%d/%m/%Y %H:%M:%S", "12/05/2014 17:24:10"),
        ("JSON_DATE_FORMAT", date(2015, 12, 7), "iso", "2015-12-07"),
        ("JSON_DATE_FORMAT", date(2015, 12, 7), "rfc822", "Mon, 07 Dec 2015 00:00:00 GMT"),
        ("JSON_DATE_FORMAT", date(2015, 12, 7), "%Y.%m.%d", "2015.12.07"),
        ("JSON_TIME_FORMAT", time(12, 34, 56), "iso", "12:34:56"),
        ("JSON_TIME_FORMAT", time(12, 34, 56), "%M:%S:%H", "34:56:12"),
    ],
)
def test_time_formats_set_later_count(app, option, value, time_format, written):
    app.config[option] = time_format
    assert app.json.loads(app.json.dumps([value])) == [written]


def test_encode_methods_are_called_only_where_the_option_is_set(app, provider):
    class Both:
        def __json__(self):
            return {"from": "__json__"}

        def for_json(self):
            return "for_json"

    class ForJson:
        def for_json(self):
            return "for_json"

    class Mood(Enum):
        GOOD = 1

        def __json__(self):
            return "good"

    assert provider.dumps(Mood.GOOD) == "1"
    with pytest.raises(TypeError):
        provider.dumps(Both())
    app.config["JSON_USE_ENCODE_METHODS"] = True
    assert provider.dumps([Both(), ForJson(), Mood.GOOD]) == '[{"from":"__json__"},"for_json","good"]'


def test_iterable_comes_before_encode_methods_as_in_flask_json(app, provider):
    class Bag(list):
        pass

    class Box:
        def __iter__(self):
            return iter([1])

        def __json__(self):
            return "box"

    app.config["JSON_USE_ENCODE_METHODS"] = True
    assert provider.dumps([Bag([2]), Box()]) == "[[2],[1]]"


def test_default_set_on_the_provider_is_asked_for_every_type_that_json_does_not_know(provider):
    asked = []

    def default(o):
        asked.append(type(o))
        return "own"

    provider.default = default
    assert (
        provider.dumps([UUID(int=7), Color.RED, datetime(2014, 5, 12), Address("Main")]) == '["own","own","own","own"]'
    )
    assert asked == [UUID, Color, datetime, Address]


def test_default_of_a_subclass_falls_back_on_ours(app):
    class Provider(FlaskJSONProvider):
        def default(self, o):
            return "unknown" if isinstance(o, Unknown) else super().default(o)

    app.json = Provider(app)
    assert app.json.encode([Unknown(), date(2015, 12, 7)]) == b'["unknown","2015-12-07"]'


def test_dumps_of_a_subclass_writes_responses_too(app):
    class Provider(FlaskJSONProvider):
        def dumps(self, obj, **kwargs):
            return super().dumps({"wrapped": obj}, **kwargs)

    app.json = Provider(app)
    assert app.json.encode(1) == b'{"wrapped":1}'
    with app.app_context():
        assert app.json.response(1).data == b'{"wrapped":1}\n'


def test_encoder_class_for_the_standard_library_writes_the_same_types(app):
    app.config["JSON_DATE_FORMAT"] = "%Y"
    with app.app_context():
        assert json.dumps([{7}, date(2015, 12, 7)], cls=JSONEncoderEx) == '[[7], "2015"]'
        assert app.json.dumps({7}, cls=JSONEncoderEx) == "[7]"
    assert json.dumps(date(2015, 12, 7), cls=JSONEncoderEx) == '"2015-12-07"'


# Responses


def test_response_is_compact_and_ends_with_a_newline(app):
    with app.app_context():
        response = app.json.response(a=[1])
    assert response.data == b'{"a":[1]}\n'
    assert response.mimetype == "application/json"


@pytest.mark.parametrize(
    ("debug", "compact", "indented"), [(True, None, True), (True, True, False), (False, False, True)]
)
def test_response_is_indented_in_debug_mode_unless_compact_says_otherwise(app, debug, compact, indented):
    app.debug = debug
    app.json.compact = compact
    with app.app_context():
        assert app.json.response([1]).data == (b"[\n  1\n]\n" if indented else b"[1]\n")


def test_response_has_the_mimetype_and_the_class_that_are_set(app):
    class Response(app.response_class):
        pass

    app.response_class = Response
    app.json.mimetype = "application/vnd.example+json"
    with app.app_context():
        response = app.json.response()
    assert type(response) is Response
    assert response.mimetype == "application/vnd.example+json"
    assert response.data == b"null\n"


# Beside the application's own


@pytest.fixture(name="beside")
def make_beside():
    return Flask(__name__)


def test_flasks_provider_stays_in_its_place(beside):
    own = beside.json
    assert type(provider_of(beside)) is not DefaultJSONProvider
    assert beside.json is own
    assert type(own) is DefaultJSONProvider


def test_there_is_one_for_an_application(beside):
    assert provider_of(beside) is provider_of(beside)
    assert provider_of(beside) is not provider_of(Flask(__name__))


@pytest.mark.parametrize("own", [DefaultJSONProvider, flask_json.FlaskJSONProvider])
def test_what_is_set_on_the_applications_own_is_followed(beside, own):
    beside.json = own(beside)
    written = provider_of(beside)
    assert written.dumps({"b": "é", "a": 1}) == '{"a":1,"b":"\\u00e9"}'
    beside.json.sort_keys = False
    beside.json.ensure_ascii = False
    assert written.dumps({"b": "é", "a": 1}) == '{"b":"é","a":1}'
    beside.json.default = lambda o: "own"
    beside.json.mimetype = "application/vnd.own+json"
    beside.json.compact = False
    with beside.app_context():
        response = written.response({"b": Unknown()})
    assert (response.mimetype, response.data.decode()) == ("application/vnd.own+json", '{\n  "b": "own"\n}\n')


def test_a_provider_of_the_applications_own_class_is_the_one(beside):
    class Own(DefaultJSONProvider):
        pass

    beside.json = Own(beside)
    assert provider_of(beside) is beside.json
    beside.json = DefaultJSONProvider(beside)
    assert provider_of(beside) is not beside.json


# Both paths, over all types and settings

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.decimals()
    | st.uuids()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.dates()
    | st.times(timezones=st.none() | st.timezones())
    | st.sampled_from([Color.RED, Color.BOTH, Size.SMALL, Unit.KILOGRAM])
    | st.text().map(Markup)
    | st.text().map(Text)
    | st.integers().map(Number)
    | st.floats().map(Fraction)
)
documents = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.builds(Point, inner, inner)
        | st.sets(st.integers())
        | st.lists(inner).map(deque)
        | st.builds(Person, inner, st.lists(st.builds(Address, inner)))
        | st.dictionaries(st.text(), inner)
        | st.dictionaries(st.text(), inner).map(OrderedDict)
        | st.dictionaries(st.text(), inner).map(MultiDict)
        | st.dictionaries(st.text(), inner).map(MappingProxyType)
        | st.dictionaries(st.text().map(Text), inner)
        | st.dictionaries(st.integers() | st.floats(), inner)
    ),
    max_leaves=20,
)
arguments = st.fixed_dictionaries(
    {"sort_keys": st.booleans(), "ensure_ascii": st.booleans()}, optional={"indent": st.none() | st.integers(0, 4)}
)
formats = st.fixed_dictionaries(
    {},
    optional={
        "JSON_DATETIME_FORMAT": st.sampled_from(["iso", "rfc822", "%d.%m.%Y %H:%M"]),
        "JSON_DATE_FORMAT": st.sampled_from(["iso", "rfc822", "%d.%m.%Y"]),
        "JSON_TIME_FORMAT": st.sampled_from(["iso", "%H-%M"]),
        "JSON_USE_ENCODE_METHODS": st.booleans(),
    },
)
plain_documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def read_in_order(document):
    """The data of a document, objects as lists of pairs, so that order and repetition of the keys count."""
    return json.loads(document, object_pairs_hook=list)


@settings(max_examples=400, deadline=None)
@given(documents, arguments, formats)
def test_both_paths_write_equal_documents(document, arguments, formats):
    app = Flask(__name__)
    app.config.from_mapping(formats)
    app.json = FlaskJSONProvider(app)
    with app.app_context():
        by_json = app.json.dumps(document, default=FlaskJSONProvider.default, **arguments)
        written = app.json.dumps(document, **arguments)
    assert read_in_order(written) == read_in_order(by_json)
    assert written.isascii() >= arguments["ensure_ascii"]


@settings(max_examples=200, deadline=None)
@given(plain_documents, arguments)
def test_what_is_written_reads_back(document, arguments):
    app = Flask(__name__)
    app.json = FlaskJSONProvider(app)
    written = app.json.dumps(document, **arguments)
    assert app.json.loads(written) == document
    assert app.json.loads(written.encode()) == document


tokens = [
    *'[]{}",:\\ \n-.0123456789e+',
    "\\u",
    "d800",
    "NaN",
    "Infinity",
    "null",
    "true",
    "false",
    '"a":',
    "1" * 19,
    "é",
    "\ud800",
]


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(tokens), max_size=12).map("".join))
def test_anything_is_read_as_the_standard_library_reads_it_or_refused_with_it(text):
    def refuse(name):
        raise ValueError(name)

    app = Flask(__name__)
    app.json = FlaskJSONProvider(app)
    try:
        expected = json.loads(text, parse_constant=refuse)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            app.json.loads(text)
    else:
        read = app.json.loads(text)
        assert read == expected
        assert type(read) is type(expected)


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused_with_a_value_error(data):
    app = Flask(__name__)
    app.json = FlaskJSONProvider(app)
    with contextlib.suppress(ValueError):
        app.json.loads(data)


def test_document_of_a_million_nodes_is_written_and_read(provider):
    rows = [{"id": n, "name": f"Item {n}", "tags": ["a", "b"], "price": n / 4} for n in range(143_000)]
    assert provider.loads(provider.encode(rows)) == rows
    rows.append({"id": 2**70})
    assert provider.loads(provider.encode(rows)) == rows


# Data that cannot be written


def test_data_that_contains_itself_is_refused(provider):
    circle = []
    circle.append(circle)
    with pytest.raises(ValueError, match="Circular reference"):
        provider.dumps(circle)


def test_data_nested_past_the_interpreters_limit_is_refused(provider):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(ValueError, match="nested too deep"):
        provider.dumps(nested)


def test_data_nested_past_orjsons_limit_is_written(provider):
    nested = []
    for _ in range(300):
        nested = [nested]
    assert provider.dumps(nested) == "[" * 301 + "]" * 301


@pytest.mark.parametrize("document", ["\ud800", {"\udfff": 1}, ["é", "\ud83d"]])
def test_lone_surrogate_is_escaped_and_reads_back(provider, document):
    assert provider.loads(provider.dumps(document)) == document


def test_lone_surrogate_cannot_be_written_unescaped(provider):
    with pytest.raises(ValueError, match=r"lone surrogate, '\\ud800'"):
        provider.dumps(["\ud800"], ensure_ascii=False)
    provider.ensure_ascii = False
    with pytest.raises(ValueError, match="lone surrogate"):
        provider.encode(["\ud800"])


# Reading


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**4000])
def test_integer_of_any_size_is_read_exactly(provider, number):
    assert provider.loads(str(number)) == number
    assert provider.loads(f'{{"n": [{number}]}}'.encode()) == {"n": [number]}


def test_integer_past_the_interpreters_limit_is_refused(provider):
    with pytest.raises(ValueError, match="an integer of 5000 digits is too long to be read, at most 4300"):
        provider.loads("9" * 5000)


def test_number_past_the_range_of_floats_is_read_as_infinity(provider):
    assert provider.loads(b"[1e400, -1e400]") == [math.inf, -math.inf]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_refused(provider, constant):
    with pytest.raises(ValueError, match=f"{constant} is not JSON"):
        provider.loads(f'{{"price": {constant}}}')


def test_lone_surrogate_is_read_as_it_is(provider):
    assert provider.loads(rb'"\ud800"') == "\ud800"


def test_text_that_is_not_json_is_refused_with_its_place(provider):
    with pytest.raises(json.JSONDecodeError, match=r"line 2 column 1 \(char 8\)"):
        provider.loads(b'{"a": 1\nx}')


@pytest.mark.parametrize("document", [b"", b" ", b"{", b"[1,]", b"{'a': 1}", b'{"a": 1} x', b"\x00", b'"\t"', b"01"])
def test_document_that_is_not_json_is_refused(provider, document):
    with pytest.raises(json.JSONDecodeError):
        provider.loads(document)


def test_bad_utf_8_is_refused_with_its_place(provider):
    with pytest.raises(ValueError, match="bad UTF-8 at byte 7: invalid start byte"):
        provider.loads(b'{"a": "\xff"}')


def test_byte_order_mark_is_ignored_in_bytes(provider):
    assert provider.loads(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_document_of_another_type_is_refused(provider):
    with pytest.raises(TypeError, match="must be str or bytes, not NoneType"):
        provider.loads(None)


@pytest.mark.parametrize(
    "document", ["[" * 100 + "]" * 100, '{"a":' * 100 + "1" + "}" * 100, '["' + "[" * 500 + r'\"{"]']
)
def test_document_up_to_the_depth_limit_is_read(provider, document):
    assert provider.loads(document) == json.loads(document)


@pytest.mark.parametrize(
    "document",
    [
        "[" * 101 + "]" * 101,
        '{"a":' * 101 + "1" + "}" * 101,
        '[{"a":' * 51 + "1" + "}]" * 51,
        '["]]]]", ' + "[" * 100 + "]" * 101,
        r'["\"]]", ' + "[" * 100 + "]" * 101,
        r'["\\", "]]", ' + "[" * 100 + "]" * 101,
        "[" * 1_000_000,
        '{"a":' * 1_000_000,
        "[]" * 1_000 + "[" * 101,
    ],
)
def test_document_past_the_depth_limit_is_refused(provider, document):
    with pytest.raises(ValueError, match="nested more than 100 levels deep"):
        provider.loads(document)


def test_depth_limit_follows_the_option(app, provider):
    app.config["JSON_MAX_DEPTH"] = 2
    assert provider.loads(b"[[1], [2], [3]]") == [[1], [2], [3]]
    with pytest.raises(ValueError, match="nested more than 2 levels deep"):
        provider.loads(b"[[[]]]")
    assert provider.loads("[[[]]]") == [[[]]]


def test_depth_limit_of_bodies_is_none_of_sessions(app):
    app.config.update(JSON_MAX_DEPTH=2, SECRET_KEY="secret")
    app.add_url_rule("/flash", "flash", lambda: flask.flash("saved", "info") or "")
    app.add_url_rule("/read", "read", lambda: flask.get_flashed_messages(with_categories=True))
    client = app.test_client()
    client.get("/flash")
    assert client.get("/read").json == [["info", "saved"]]


def test_depth_past_the_interpreters_limit_is_refused_whatever_the_option(app, provider):
    app.config["JSON_MAX_DEPTH"] = 10**7
    assert provider.loads("[" * 500 + "]" * 500) is not None
    with pytest.raises(ValueError, match="nested too deep to be read"):
        provider.loads("[" * 100_000 + "]" * 100_000)


def test_arguments_of_the_standard_library_are_obeyed_when_reading(provider):
    assert provider.loads("[1.5]", parse_float=Decimal) == [Decimal("1.5")]
    assert provider.loads('{"a": 1}', object_hook=lambda pairs: sorted(pairs)) == ["a"]
    assert provider.loads("NaN", parse_constant=str.lower) == "nan"


def test_load_and_dump_work_on_files(provider):
    file = io.StringIO()
    provider.dump({"a": "✓"}, file)
    assert file.getvalue() == r'{"a":"\u2713"}'
    assert provider.load(io.BytesIO(b'{"a": 1}')) == {"a": 1}


class Line(pydantic.BaseModel):
    name: str
    price: Decimal


class Order(pydantic.BaseModel):
    lines: list[Line]


@pytest.mark.parametrize("ensure_ascii", [True, False])
@pytest.mark.parametrize("keywords", [{}, {"indent": 1}])
def test_pydantic_model_is_an_object_on_both_paths(ensure_ascii, keywords):
    app = Flask(__name__)
    app.json = FlaskJSONProvider(app)
    app.json.ensure_ascii = ensure_ascii
    with app.app_context():
        document = app.json.dumps(Order(lines=[Line(name="é", price=Decimal("9.99"))]), **keywords)
    assert json.loads(document) == {"lines": [{"name": "é", "price": "9.99"}]}


# -- bytes


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
@pytest.mark.parametrize("where", [lambda v: v, lambda v: {"token": v}, lambda v: [[v], v]])
def test_bytes_are_no_list_of_numbers(kind, where):
    app = Flask(__name__)
    provider = FlaskJSONProvider(app)
    with app.app_context():
        for write in (provider.dumps, provider.encode, lambda data: provider.dumps(data, indent=2)):
            with pytest.raises(TypeError, match=f"{kind.__name__} is not JSON serializable"):
                write(where(kind(b"abc")))


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_an_iterable_for_flask_json(kind):
    value = kind(b"abc")
    assert json.loads(json.dumps({"v": value}, cls=JSONEncoderEx)) == {"v": [97, 98, 99]}
    app = Flask(__name__)
    FlaskJSON(app)
    with app.app_context():
        assert json_response(token=value).json["token"] == [97, 98, 99]


def test_a_resource_that_returns_bytes_is_a_server_error_in_words(caplog):
    class Token(Resource):
        def get(self):
            return {"token": b"abc"}

    app = Flask(__name__)
    Api(app).add_resource(Token, "/")
    assert app.test_client().get("/").status_code == 500
    assert "Object of type bytes is not JSON serializable" in caplog.text


# -- numbers near 0


@pytest.mark.parametrize("text", ["1e-400", "-1E-400", "0.1e-399", f"0.{'0' * 330}1", "123456e-999"])
def test_a_number_that_is_smaller_than_any_float_can_be_told_from_0(text):
    app = Flask(__name__)
    provider = FlaskJSONProvider(app)
    for document in (f'{{"n": {text}}}', f'{{"n": {text}}}'.encode()):
        number = provider.loads(document)["n"]
        assert number == 0
        assert isinstance(number, Underflow)
        assert provider.dumps([number]) in ("[0.0]", "[-0.0]")


@pytest.mark.parametrize("text", ["0e-400", "0.0", "-0.0E-999", "1e-300", f"0.{'0' * 330}"])
def test_any_other_number_is_a_float(text):
    app = Flask(__name__)
    provider = FlaskJSONProvider(app)
    assert type(provider.loads(f"[{text}]".encode())[0]) is float
