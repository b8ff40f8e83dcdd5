"""Schemas of marshmallow and models of pydantic as descriptions of a request body."""

import marshmallow
import pydantic
import pytest

from restwell.schemas import json_schemas, loader, validation_failures


class AddressSchema(marshmallow.Schema):
    street = marshmallow.fields.String(required=True)


class PersonSchema(marshmallow.Schema):
    name = marshmallow.fields.String(required=True)
    address = marshmallow.fields.Nested(AddressSchema)


class Address(pydantic.BaseModel):
    street: str


class Person(pydantic.BaseModel):
    name: str
    address: Address | None = None


@pytest.mark.parametrize("schema", [PersonSchema, PersonSchema()])
def test_a_marshmallow_schema_loads_by_class_and_by_instance(schema):
    assert loader(schema)({"name": "Ada"}) == {"name": "Ada"}


def test_a_pydantic_model_makes_its_instance():
    assert loader(Person)({"name": "Ada"}) == Person(name="Ada")


@pytest.mark.parametrize("other", [dict, {}, Person(name="Ada"), None])
def test_anything_else_is_refused_in_words(other):
    with pytest.raises(TypeError, match="expected a RequestParser, a marshmallow Schema or a pydantic model"):
        loader(other)


@pytest.mark.parametrize(("schema", "names"), [(PersonSchema, {"Person", "Address"}), (Person, {"Person", "Address"})])
def test_json_schemas_refer_to_each_other_by_name(schema, names):
    name, schemas = json_schemas(schema)
    assert (name, schemas.keys()) == ("Person", names)
    assert "#/components/schemas/Address" in str(schemas["Person"]["properties"]["address"])


@pytest.mark.parametrize(
    ("schema", "path"), [(PersonSchema, "address.street"), (Person, "address.street")], ids=["marshmallow", "pydantic"]
)
def test_failures_are_keyed_by_path(schema, path):
    with pytest.raises((marshmallow.ValidationError, pydantic.ValidationError)) as raised:
        loader(schema)({"name": "Ada", "address": {}})
    assert validation_failures(raised.value).keys() == {path}


def test_what_is_wrong_with_the_whole_has_a_key_as_well():
    with pytest.raises(pydantic.ValidationError) as raised:
        loader(Person)([])
    assert validation_failures(raised.value).keys() == {"_schema"}


def test_other_exceptions_are_none_of_theirs():
    assert validation_failures(ValueError("no")) is None
