"""Output fields: Flask-RESTful's classes, and the JSON Schema of what a field or a set of fields writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from restwell import upstream
from restwell.registry import answers_as_flask_restful
from restwell.upstream.fields import (
    Arbitrary,
    Boolean,
    DateTime,
    Fixed,
    Float,
    FormattedString,
    Integer,
    List,
    MarshallingException,
    Nested,
    Price,
    Raw,
    String,
    Url,
    is_indexable_but_not_string,
    to_marshallable_type,
)

__all__ = [
    "Arbitrary",
    "Boolean",
    "DateTime",
    "Fixed",
    "Float",
    "FormattedString",
    "Integer",
    "List",
    "MarshallingException",
    "Nested",
    "Price",
    "Raw",
    "String",
    "Url",
    "get_value",
    "is_indexable_but_not_string",
    "schema_of",
    "stock_class",
    "to_marshallable_type",
]

_STOCK_CLASSES: frozenset[type[Raw]] = frozenset(
    {Arbitrary, Boolean, DateTime, Fixed, Float, FormattedString, Integer, List, Nested, Raw, String, Url}
)


def get_value(key: Any, obj: Any, default: Any = None) -> Any:
    """The value that a field's ``attribute`` names in a dict or an object.

    :param key: a key or the name of an attribute, a path of them with dots between, in which a number is a place in a
        list (but not in Flask-RESTful's door), or a function of ``obj``.
    :param obj: the dict or the object.
    :param default: the value where there is none.

    ::

        get_value("people.0.name", {"people": [{"name": "Ada"}]})  # "Ada"
    """
    if not isinstance(key, str) or "." not in key:
        return upstream.fields.get_value(key, obj, default)
    for part in key.split("."):
        if isinstance(obj, (list, tuple)) and part.isdecimal() and not answers_as_flask_restful():
            obj = obj[int(part)] if int(part) < len(obj) else default
        else:
            obj = upstream.fields.get_value(part, obj, default)
    return obj


_SCALAR_SCHEMAS: dict[type[Raw], dict[str, Any]] = {
    Arbitrary: {"type": "string", "format": "decimal"},
    Boolean: {"type": "boolean"},
    DateTime: {"type": "string"},
    Fixed: {"type": "string", "format": "decimal"},
    Float: {"type": "number"},
    Integer: {"type": "integer"},
    String: {"type": "string"},
}


def stock_class(field: Any) -> type[Raw] | None:
    """The class of Flask-RESTful's that decides what a field writes.

    :param field: the instance of a field.
    :returns: the class; ``None`` where a subclass or the instance has an ``output`` or ``format`` of its own.
    """
    for stock in type(field).__mro__:
        if stock in _STOCK_CLASSES:
            methods = [getattr(method, "__func__", None) for method in (field.output, field.format)]
            return stock if methods == [stock.output, stock.format] else None
    return None


def schema_of(field: Any) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what a field writes.

    A field that writes its default for a missing value may write null unless it has one. A field with its own
    ``output`` or ``format`` is described by its attribute ``schema``; without one it may write anything. Where a dict
    of fields contains itself, its schema ends in ``{"type": "object"}``.

    :param field: a field, its class, or a dict of fields as :func:`~restwell.marshal` takes.
    :returns: the schema; ``{}`` for anything.

    ::

        schema_of({"name": String(default="")})
        # {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    """
    return _schema(field, within=())


def _schema(field: Any, within: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    if isinstance(field, Mapping):
        if any(field is outer for outer in within):
            return {"type": "object"}
        properties = {key: _schema(value, (*within, field)) for key, value in field.items()}
        return {"type": "object", "properties": properties, "required": list(properties)}
    if isinstance(field, type):
        field = field()
    if hasattr(field, "schema"):
        return dict(field.schema)
    stock = stock_class(field)
    if stock is Nested:
        return _nullable(_schema(field.nested, within), field.allow_null)
    if stock is List:
        return _nullable({"type": "array", "items": _schema(field.container, within)}, field.default is None)
    if stock is Url:
        return {"type": "string", "format": "uri" if field.absolute else "uri-reference"}
    if stock is FormattedString:
        return {"type": "string"}
    if stock is None or stock is Raw:
        return {}
    schema = dict(_SCALAR_SCHEMAS[stock])
    if stock is DateTime and field.dt_format == "iso8601":
        schema["format"] = "date-time"
    return _nullable(schema, field.default is None)


def _nullable(schema: dict[str, Any], null: bool) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]} if null else schema
