"""JSON Schema: what the arguments of a parser look like in a request."""

from __future__ import annotations

import decimal
import uuid
from collections.abc import Collection, Iterable
from typing import Any

import flask_restful.reqparse
from werkzeug.datastructures import FileStorage

Schema = dict[str, Any]
"""A JSON Schema (2020-12, the dialect of OpenAPI 3.1)."""

_NOT_BLANK = r"[^\s\u001c-\u001f\u0085]"
"""A character that ``str.strip`` leaves; to a regular expression of JSON Schema fewer of them are white space."""

JSON_LOCATIONS = ("json", "get_json")

_TYPES: dict[Any, Schema] = {
    str: {"type": "string"},
    flask_restful.reqparse.text_type: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    decimal.Decimal: {"type": "number"},
    bool: {"type": "boolean"},
    list: {"type": "array"},
    dict: {"type": "object"},
    uuid.UUID: {"type": "string", "format": "uuid"},
    FileStorage: {"type": "string", "format": "binary"},
}
"""The schemas of types that have no attribute ``schema`` of their own, as the inputs of :mod:`api.inputs` do."""


def argument_schema(argument: flask_restful.reqparse.Argument, *, textual: bool = False) -> Schema:
    """The JSON Schema of the value that one argument takes in a JSON body.

    :param argument: the argument of a parser.
    :param textual: describe it for a query string, form, header or cookie instead, where there is no null.
    :returns: a new dict; it says nothing of the value when the argument's type says nothing of itself.

    ::

        argument_schema(Argument("size", choices=("S", "M"), default="M", help="Bad size: {error_msg}"))
        # {"type": "string", "enum": ["S", "M"], "default": "M", "description": "Bad size"}
    """
    schema = _type_schema(argument.type)
    if argument.trim and schema.get("minLength"):
        between = schema["minLength"] - 2
        pattern = _NOT_BLANK if between < 0 else rf"{_NOT_BLANK}[\s\S]{{{between},}}{_NOT_BLANK}"
        schema["allOf"] = [{"pattern": pattern}]
    if argument.choices:
        schema["enum"] = list(argument.choices)
    elif argument.nullable and not textual:
        schema = _or_null(schema)
    if argument.action == "append":
        schema = {"type": "array", "items": schema}
        if argument.required:
            schema["minItems"] = 1
    if argument.default is not None and not callable(argument.default):
        schema["default"] = argument.default
    if argument.help:
        schema["description"] = argument.help.replace("{error_msg}", "").rstrip(" :")
    return schema


def parser_schema(parser: flask_restful.reqparse.RequestParser) -> Schema:
    """The JSON Schema of the JSON object in which a parser finds its arguments.

    :param parser: the parser; of its arguments those that are read from the JSON body are described.
    :returns: a new dict.
    """
    return object_schema(argument for argument in parser.args if reads_from(argument, JSON_LOCATIONS))


def object_schema(arguments: Iterable[flask_restful.reqparse.Argument], *, textual: bool = False) -> Schema:
    """The JSON Schema of an object or a form with some arguments; see :func:`argument_schema`."""
    schema: Schema = {"type": "object", "properties": {}}
    for argument in arguments:
        schema["properties"][argument.name] = argument_schema(argument, textual=textual)
        if argument.required:
            schema.setdefault("required", []).append(argument.name)
    return schema


def reads_from(argument: flask_restful.reqparse.Argument, locations: Collection[str]) -> bool:
    """Whether an argument is read from one of some locations of the request."""
    own = [argument.location] if isinstance(argument.location, str) else argument.location
    return any(location in locations for location in own)


def _or_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema


def _type_schema(kind: Any) -> Schema:
    if isinstance(kind, flask_restful.reqparse.RequestParser):
        return parser_schema(kind)
    try:
        known = _TYPES.get(kind)
    except TypeError:  # an instance that cannot be hashed
        known = None
    return dict(known if known is not None else getattr(kind, "schema", {}))
