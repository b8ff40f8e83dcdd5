from typing import Any

import flask_restful.fields
import pytest

from restwell import fields
from restwell.output.fields import schema_of


def test_fields_are_flask_restfuls_classes() -> None:
    names = set(fields.__all__) - {"get_value", "schema_of", "stock_class"}
    assert names == {*flask_restful.fields.__all__, "MarshallingException"} | {
        "is_indexable_but_not_string",
        "to_marshallable_type",
    }
    assert all(getattr(fields, name) is getattr(flask_restful.fields, name) for name in names)


@pytest.mark.parametrize(
    ("field", "schema"),
    [
        (fields.Raw, {}),
        (fields.String, {"type": ["string", "null"]}),
        (fields.String(default=""), {"type": "string"}),
        (fields.Integer, {"type": "integer"}),
        (fields.Integer(default=None), {"type": ["integer", "null"]}),
        (fields.Float(default=0.0), {"type": "number"}),
        (fields.Boolean, {"type": ["boolean", "null"]}),
        (fields.Arbitrary, {"type": ["string", "null"], "format": "decimal"}),
        (fields.Price(2), {"type": ["string", "null"], "format": "decimal"}),
        (fields.DateTime, {"type": ["string", "null"]}),
        (fields.DateTime("iso8601"), {"type": ["string", "null"], "format": "date-time"}),
        (fields.Url("item"), {"type": "string", "format": "uri-reference"}),
        (fields.Url("item", absolute=True), {"type": "string", "format": "uri"}),
        (fields.FormattedString("{a}"), {"type": "string"}),
        (fields.List(fields.Integer), {"type": ["array", "null"], "items": {"type": "integer"}}),
        (fields.List(fields.Raw, default=[]), {"type": "array", "items": {}}),
    ],
)
def test_schema_of_a_field_is_what_it_writes(field: Any, schema: dict[str, Any]) -> None:
    assert schema_of(field) == schema


def test_schema_of_a_field_set_is_an_object_with_all_its_keys() -> None:
    assert schema_of({"id": fields.Integer, "at": {"x": fields.Float(default=0)}}) == {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "at": {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]},
        },
        "required": ["id", "at"],
    }


def test_schema_of_nested_fields_may_be_null_where_they_allow_it() -> None:
    nested = {"id": fields.Integer}
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    assert schema_of(fields.Nested(nested)) == schema
    assert schema_of(fields.Nested(nested, allow_null=True)) == {**schema, "type": ["object", "null"]}


def test_schema_of_fields_that_contain_themselves_ends() -> None:
    node: dict[str, Any] = {"name": fields.String(default="")}
    node["children"] = fields.List(fields.Nested(node), default=[])
    assert schema_of(node)["properties"] == {
        "name": {"type": "string"},
        "children": {"type": "array", "items": {"type": "object"}},
    }


def test_a_field_with_its_own_format_is_described_by_its_schema_or_not_at_all() -> None:
    class Unknown(fields.String):
        def format(self, value: Any) -> Any:
            return len(value)

    class Described(Unknown):
        schema = {"type": "integer"}  # noqa: RUF012 - as a user writes it

    class Money(fields.Fixed):
        """Writes what Fixed writes."""

    assert schema_of(Unknown) == {}
    assert schema_of(Described) == {"type": "integer"}
    assert schema_of(fields.List(Described, default=[])) == {"type": "array", "items": {"type": "integer"}}
    assert schema_of(Money) == {"type": ["string", "null"], "format": "decimal"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("people.1.name", "Bo"),
        ("people.7.name", None),
        ("people.name", None),
        ("numbers.1", "one"),
        ("nowhere.at.all", None),
    ],
)
def test_a_number_in_a_path_is_a_place_in_a_list_or_a_key(path: str, value: Any) -> None:
    data = {"people": [{"name": "Ada"}, {"name": "Bo"}], "numbers": {"1": "one"}}
    assert fields.get_value(path, data) == value
