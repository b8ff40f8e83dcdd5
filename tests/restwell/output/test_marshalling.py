import datetime as dt
import gc
import weakref
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import flask_restful
import pytest
import sqlalchemy
from flask import Flask
from hypothesis import assume, given
from hypothesis import strategies as st

from restwell import Api, Resource, fields, marshal, marshal_with, marshal_with_field
from restwell import flask_restful as flask_restful_again
from restwell.declared import declaration_of

# -- the same as Flask-RESTful


class Shout(fields.Raw):
    def format(self, value: Any) -> Any:
        return str(value).upper()


class RowType(fields.Raw):
    def output(self, key: Any, obj: Any) -> Any:
        return f"{key} of a {type(obj).__name__}"


class Money(fields.Fixed):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2, **kwargs)


class Counting(fields.Raw):
    """Counts what one instance has written: as a class in a field set it is made anew for every row."""

    count = 0

    def output(self, key: Any, obj: Any) -> Any:
        self.count += 1
        return self.count


NAMES = st.sampled_from(["a", "b", "c", "items"])
ZONES = st.sampled_from([None, dt.timezone.utc, dt.timezone(dt.timedelta(hours=-3, minutes=-30))])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["1", "2.5", "x"])
    | st.decimals(allow_nan=False, places=3)
    | st.dates()
    | st.datetimes(timezones=ZONES),
    lambda values: (
        st.dictionaries(NAMES, values, max_size=4)
        | st.dictionaries(NAMES, values, max_size=4).map(lambda attributes: SimpleNamespace(**attributes))
        | st.lists(values, max_size=3)
        | st.lists(values, max_size=3).map(tuple)
        | st.frozensets(st.integers() | st.text(max_size=2), max_size=3)
        | st.sets(st.integers() | st.text(max_size=2), max_size=3)
    ),
    max_leaves=12,
)
ATTRIBUTES = st.none() | NAMES | st.sampled_from(["a.b", "b.a.c", 0, type, lambda row: [row]])
DEFAULTS = st.none() | st.sampled_from(["", 0, 7])
SCALARS = (
    fields.Raw,
    fields.String,
    fields.Integer,
    fields.Float,
    fields.Boolean,
    fields.Arbitrary,
    fields.Fixed,
    fields.DateTime,
    Shout,
    Money,
)
SCALAR_FIELDS = (
    st.sampled_from([*SCALARS, RowType])
    | st.builds(
        lambda field, default, attribute: field(default=default, attribute=attribute),
        st.sampled_from(SCALARS),
        DEFAULTS,
        ATTRIBUTES,
    )
    | st.builds(fields.DateTime, st.sampled_from(["iso8601", "rfc822", "other"]), attribute=ATTRIBUTES)
    | st.just(fields.FormattedString("{a} and {b}"))
)
FIELD_SETS = st.deferred(lambda: st.dictionaries(NAMES | st.just("a.b"), FIELDS, max_size=4))
NESTED_FIELDS = st.deferred(
    lambda: st.builds(fields.Nested, FIELD_SETS, allow_null=st.booleans(), default=DEFAULTS, attribute=ATTRIBUTES)
)
LIST_FIELDS: st.SearchStrategy[fields.Raw] = st.deferred(
    lambda: st.builds(fields.List, SCALAR_FIELDS | NESTED_FIELDS | LIST_FIELDS, default=DEFAULTS, attribute=ATTRIBUTES)
)
FIELDS = SCALAR_FIELDS | FIELD_SETS | NESTED_FIELDS | LIST_FIELDS | st.just(Counting)


def plain(result: Any) -> Any:
    """The result with plain dicts, where Flask-RESTful's has ordered ones."""
    if isinstance(result, dict):
        return {key: plain(value) for key, value in result.items()}
    return type(result)(map(plain, result)) if type(result) in (list, tuple) else result


def outcome(function: Any, *arguments: Any) -> str:
    """The result with its order and types, or the failure."""
    try:
        return repr(plain(function(*arguments)))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


DOOR = Flask(__name__)
flask_restful_again.Api(DOOR)

FAILURES = (
    "'datetime.date' object has no attribute 'utctimetuple'",
    "object has no attribute '__dict__'",
    "argument after ** must be a mapping",
)
"""What Flask-RESTful fails with where Restwell writes the midnight of a date, and a text of a row of any kind."""


@given(VALUES, FIELD_SETS, st.none() | st.just("data"))
def test_marshal_writes_what_flask_restful_writes(data: Any, field_set: Any, envelope: str | None) -> None:
    expected = outcome(flask_restful.marshal, data, field_set, envelope)
    assume(not any(failure in expected for failure in FAILURES))
    with DOOR.test_request_context():  # elsewhere a set is several rows
        for _ in range(2):
            assert outcome(marshal, data, field_set, envelope) == expected


@given(VALUES, LIST_FIELDS | NESTED_FIELDS | SCALAR_FIELDS)
def test_marshal_with_field_writes_what_flask_restful_writes(data: Any, field: Any) -> None:
    def get() -> Any:
        if isinstance(data, tuple) and len(data) == 2 and isinstance(data[1], (dict, list, tuple)):
            return (*data[:1], 200, data[1])  # headers; Flask-RESTful hands them on as a status, for Flask to tell
        return data

    expected = outcome(flask_restful.marshal_with_field(field)(get))
    assume(not any(failure in expected for failure in FAILURES))
    with DOOR.test_request_context():
        assert outcome(marshal_with_field(field)(get)) == expected


@given(st.datetimes(timezones=ZONES))
def test_date_times_are_written_as_flask_restful_writes_them(moment: dt.datetime) -> None:
    field_set = {"a": fields.DateTime("iso8601"), "b": fields.DateTime("rfc822", attribute="a")}
    assert outcome(marshal, {"a": moment}, field_set) == outcome(flask_restful.marshal, {"a": moment}, field_set)


# -- rows


def test_keys_keep_the_order_of_the_fields() -> None:
    field_set = {"z": fields.Raw, "a": fields.Raw, "m": fields.Raw}
    assert list(marshal({"a": 1, "m": 2, "z": 3}, field_set)) == ["z", "a", "m"]


def test_none_gives_the_defaults() -> None:
    assert marshal(None, {"name": fields.String(default="nobody"), "age": fields.Integer}) == {
        "name": "nobody",
        "age": 0,
    }


def test_rows_of_sqlalchemy_are_marshalled_as_mappings() -> None:
    statement = sqlalchemy.select(sqlalchemy.literal(1).label("id"), sqlalchemy.literal("Widget").label("name"))
    with sqlalchemy.create_engine("sqlite://").connect() as connection:
        rows = connection.execute(statement).mappings().all()
    assert marshal(rows, {"id": fields.Integer, "name": fields.String}) == [{"id": 1, "name": "Widget"}]


def test_an_object_with_items_but_no_iteration_is_read_by_attribute() -> None:
    class Indexable:
        name = "attribute"

        def __getitem__(self, key: object) -> str:
            return "item"

    assert marshal(Indexable(), {"name": fields.Raw}) == {"name": "attribute"}


def test_a_value_that_a_field_refuses_is_a_marshalling_exception() -> None:
    with pytest.raises(fields.MarshallingException, match="invalid literal"):
        marshal({"count": "many"}, {"count": fields.Integer})


def test_format_that_is_set_on_an_instance_is_called() -> None:
    field = fields.String()
    field.format = lambda value: f"<{value}>"  # type: ignore[method-assign]
    assert marshal({"name": "x"}, {"name": field}) == {"name": "<x>"}


# -- fields that change, contain themselves, or come anew


def test_fields_that_change_after_their_first_use_are_compiled_again() -> None:
    inner: dict[str, Any] = {"a": fields.Integer}
    nested: dict[str, Any] = {"a": fields.Integer}
    field_set: dict[str, Any] = {"id": fields.Integer, "inner": inner, "nested": fields.Nested(nested)}
    data = {"id": 1, "a": 2, "nested": {"a": 3}}
    assert marshal(data, field_set) == {"id": 1, "inner": {"a": 2}, "nested": {"a": 3}}

    field_set["id"] = fields.String
    assert marshal(data, field_set) == {"id": "1", "inner": {"a": 2}, "nested": {"a": 3}}
    inner["id"] = fields.Integer
    assert marshal(data, field_set) == {"id": "1", "inner": {"a": 2, "id": 1}, "nested": {"a": 3}}
    nested["a"] = fields.String
    assert marshal(data, field_set) == {"id": "1", "inner": {"a": 2, "id": 1}, "nested": {"a": "3"}}
    field_set["id"] = field_set.pop("id")
    assert list(marshal(data, field_set)) == ["inner", "nested", "id"]


def test_a_list_field_whose_nested_fields_change_is_compiled_again() -> None:
    nested: dict[str, Any] = {"a": fields.Integer}

    @marshal_with_field(fields.List(fields.Nested(nested)))
    def get() -> Any:
        return [{"a": 1}]

    assert get() == [{"a": 1}]
    nested["a"] = fields.String
    assert get() == [{"a": "1"}]


def test_fields_that_contain_themselves_marshal_a_tree() -> None:
    node: dict[str, Any] = {"name": fields.String}
    node["children"] = fields.List(fields.Nested(node))
    tree = {"name": "root", "children": [{"name": "leaf", "children": []}, {"name": "bare"}]}
    assert marshal(tree, node) == {
        "name": "root",
        "children": [{"name": "leaf", "children": []}, {"name": "bare", "children": None}],
    }


def test_field_sets_that_are_made_for_one_use_do_not_pile_up() -> None:
    field = fields.Raw()
    used = weakref.ref(field)
    marshal({}, {"name": field})
    del field
    for _ in range(2000):
        marshal({}, {"name": fields.Raw()})
    gc.collect()
    assert used() is None


# -- the decorators


def test_marshal_with_marshals_the_data_and_keeps_status_and_headers() -> None:
    @marshal_with({"id": fields.Integer}, envelope="item")
    def create() -> Any:
        """Create it."""
        return {"id": "7", "secret": 1}, 201, {"Location": "/7"}

    assert create() == ({"item": {"id": 7}}, 201, {"Location": "/7"})
    assert create.__doc__ == "Create it."


def test_marshal_with_marshals_the_data_of_a_pair() -> None:
    @marshal_with({"id": fields.Integer})
    def create() -> Any:
        return {"id": "7"}, 202

    assert create() == ({"id": 7}, 202, {})


def test_marshal_with_field_formats_the_data_and_keeps_status_and_headers() -> None:
    @marshal_with_field(fields.List(fields.Integer))
    def get() -> Any:
        return ["1", 2, 3.0], 200, {"X-Total-Count": "3"}

    assert get() == ([1, 2, 3], 200, {"X-Total-Count": "3"})


def test_async_functions_are_awaited_before_they_are_marshalled() -> None:
    @marshal_with({"id": fields.Integer})
    async def get() -> Any:
        return {"id": "7"}

    @marshal_with_field(fields.String)
    async def name() -> Any:
        return 7, 202

    with Flask("app").app_context():
        assert get() == {"id": 7}
        assert name() == ("7", 202, {})


def test_decorated_functions_tell_what_they_marshal() -> None:
    field_set = {"id": fields.Integer}
    marshalled = declaration_of(marshal_with(field_set, envelope="data")(dict)).marshals
    assert marshalled.fields is field_set
    assert marshalled.envelope == "data"
    assert isinstance(declaration_of(marshal_with_field(fields.String)(dict)).marshals.field, fields.String)


def test_a_resource_answers_with_its_fields_and_urls() -> None:
    app = Flask(__name__)
    api = Api(app)

    @api.resource("/items/<int:id>", endpoint="item")
    class Item(Resource):
        @marshal_with({"name": fields.String, "uri": fields.Url("item"), "price": fields.Price(2)})
        def get(self, id: int) -> Any:
            return {"id": id, "name": "Widget", "price": Decimal("9.990"), "secret": "x"}

    assert app.test_client().get("/items/7").json == {"name": "Widget", "uri": "/items/7", "price": "9.99"}
