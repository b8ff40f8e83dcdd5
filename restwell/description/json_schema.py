"""JSON Schema: what the arguments of a parser look like in a request."""

from __future__ import annotations

import decimal
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import FileStorage

from restwell import current, upstream
from restwell.arguments.inputs import ListOf
from restwell.arguments.locations import reads_json
from restwell.json.provider import provider_of

Schema = dict[str, Any]
"""A JSON Schema (2020-12, the dialect of OpenAPI 3.1)."""

_EXAMPLES_BY_FORMAT = {
    "date": "2024-05-31",
    "date-time": "2024-05-31T13:45:00Z",
    "email": "someone@example.org",
    "uri": "https://example.org/",
    "uuid": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
}

_NOT_BLANK = r"[^\s\u001c-\u001f\u0085]"
"""A character that ``str.strip`` leaves; to a regular expression of JSON Schema fewer of them are white space."""

_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "null": (),
}
"""What decoded JSON of each type is."""

_HAS_OFFSET = re.compile(r"T.*(Z|[+-]\d\d:\d\d)$")
"""What makes an ISO 8601 text a ``date-time`` (RFC 3339)."""

_TYPES: dict[Any, Schema] = {
    str: {"type": "string"},
    upstream.reqparse.text_type: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    decimal.Decimal: {"type": "number"},
    bool: {"type": "boolean"},
    list: {"type": "array"},
    dict: {"type": "object"},
    uuid.UUID: {"type": "string", "format": "uuid"},
    FileStorage: {"type": "string", "format": "binary"},
}
"""The schemas of types that have no attribute ``schema`` of their own, as the inputs of ``restwell.inputs`` do."""


def argument_schema(argument: upstream.reqparse.Argument, *, textual: bool = False) -> Schema:
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
    choices = _json_value(list(argument.choices))
    if choices:
        schema["enum"] = choices
    elif argument.nullable and not textual:
        schema = _or_null(schema)
    if argument.action == "append":
        schema = {"type": "array", "items": schema}
        if argument.required:
            schema["minItems"] = 1
    default = None if callable(argument.default) else _json_value(argument.default)
    if default is not None and _allows(schema, default):
        schema["default"] = default
    if argument.help:
        schema["description"] = argument.help.replace("{error_msg}", "").rstrip(" :")
    return schema


def parser_schema(parser: upstream.reqparse.RequestParser) -> Schema:
    """The JSON Schema of the JSON object in which a parser finds its arguments.

    :param parser: the parser; of its arguments those that are read from the JSON body are described.
    :returns: a new dict.
    """
    return object_schema(argument for argument in parser.args if reads_json(argument))


def object_schema(arguments: Iterable[upstream.reqparse.Argument], *, textual: bool = False) -> Schema:
    """The JSON Schema of an object or a form with some arguments; see :func:`argument_schema`."""
    schema: Schema = {"type": "object", "properties": {}}
    for argument in arguments:
        schema["properties"][argument.name] = argument_schema(argument, textual=textual)
        if argument.required:
            schema.setdefault("required", []).append(argument.name)
    return schema


def example_of(schema: Mapping[str, Any], name: str, definitions: Mapping[str, Schema] | None = None) -> Any:
    """A value that a schema allows.

    :param schema: the schema.
    :param name: the name of the value, from which text is made.
    :param definitions: the schemas that are referred to, by the last segment of the reference.
    :returns: the value; ``None`` where none is at hand, as for a ``pattern`` that the text does not match.
    """
    definitions = definitions or {}
    if "$ref" in schema:
        referred = schema["$ref"].rpartition("/")[2]
        others = {key: other for key, other in definitions.items() if key != referred}  # none is inside of itself
        return example_of(definitions[referred], name, others) if referred in definitions else None
    if schema.get("default") is not None:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return example_of(schema[keyword][0], name, definitions)
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else next(kind for kind in kinds if kind != "null")
    if kind == "object":
        examples = {key: example_of(part, key, definitions) for key, part in schema.get("properties", {}).items()}
        examples = {key: value for key, value in examples.items() if value is not None}
        return examples if examples.keys() >= set(schema.get("required", ())) else None
    if kind == "array":
        element = example_of(schema.get("items", {}), name, definitions)
        return None if element is None else [element] * max(1, schema.get("minItems", 0))
    if kind in ("integer", "number"):
        least = max(1, schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
        return min(least, schema.get("maximum", least))
    return True if kind == "boolean" else _example_text(schema, name)


def _example_text(schema: Mapping[str, Any], name: str) -> str | None:
    if "format" in schema:
        return _EXAMPLES_BY_FORMAT.get(schema["format"])
    text = f"Example {name}".ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength")]
    try:
        return text if re.search(schema.get("pattern", ""), text) else None
    except re.error:  # another dialect of regular expressions
        return None


def _json_value(value: Any) -> Any:
    """A value as the application writes it; ``None`` for what JSON does not know."""
    try:
        dumps = provider_of(current.app()).dumps if current.has_app_context() else json.dumps
        return json.loads(dumps(value))
    except (TypeError, ValueError):
        return None


def _allows(schema: Schema, value: Any) -> bool:
    """Whether a client may send a value, as the default of an argument need not be one of those."""
    if "anyOf" in schema:
        return any(_allows(part, value) for part in schema["anyOf"])
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(type(value) in _JSON_TYPES[kind] for kind in kinds):
        return False
    if value not in schema.get("enum", [value]):
        return False
    if isinstance(value, str):
        is_long_enough = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        return is_long_enough and (schema.get("format") != "date-time" or _HAS_OFFSET.search(value) is not None)
    if isinstance(value, int | float):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if isinstance(value, list):
        return all(_allows(schema.get("items", {}), element) for element in value)
    return all(name in value for name in schema.get("required", ()))


def _or_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema


def _type_schema(kind: Any) -> Schema:
    if isinstance(kind, upstream.reqparse.RequestParser):
        return parser_schema(kind)
    if isinstance(kind, ListOf):
        return kind.schema_of(_type_schema(kind.element))  # which may be a parser
    try:
        known = _TYPES.get(kind)
    except TypeError:  # an instance that cannot be hashed
        known = None
    return dict(known if known is not None else getattr(kind, "schema", {}))
