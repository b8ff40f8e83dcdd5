"""Schemas of other libraries: marshmallow's Schema and pydantic's models as descriptions of a request body."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, cast


def loader(schema: Any) -> Callable[[Any], Any]:
    """How data becomes the validated object of a schema.

    :param schema: a marshmallow ``Schema`` (class or instance) or a pydantic ``BaseModel`` class.
    :returns: a function of the decoded body; it raises the library's own ``ValidationError``.
    :raises TypeError: when ``schema`` is neither.
    """
    marshmallow = sys.modules.get("marshmallow")
    if marshmallow is not None:
        if isinstance(schema, type) and issubclass(schema, marshmallow.Schema):
            schema = schema()
        if isinstance(schema, marshmallow.Schema):
            load: Callable[[Any], Any] = schema.load
            return load
    pydantic = sys.modules.get("pydantic")
    if pydantic is not None and isinstance(schema, type) and issubclass(schema, pydantic.BaseModel):
        model: Any = schema
        return cast("Callable[[Any], Any]", model.model_validate)
    raise TypeError(f"expected a RequestParser, a marshmallow Schema or a pydantic model, not {schema!r}")


def json_schemas(schema: Any) -> tuple[str, dict[str, dict[str, Any]]]:
    """The JSON Schema of a schema, and those of the schemas that it refers to.

    marshmallow's are made by apispec's plugin; where that is not installed they say no more than that it is an object.

    :param schema: what :func:`loader` takes.
    :returns: the name of the schema, and each JSON Schema by its name; they refer to each other as
        ``#/components/schemas/<name>``.
    """
    pydantic = sys.modules.get("pydantic")
    if pydantic is not None and isinstance(schema, type) and issubclass(schema, pydantic.BaseModel):
        from pydantic.json_schema import models_json_schema

        references, document = models_json_schema([(schema, "validation")], ref_template="#/components/schemas/{model}")
        return references[schema, "validation"]["$ref"].rpartition("/")[2], document["$defs"]

    cls = schema if isinstance(schema, type) else type(schema)
    name = cls.__name__.removesuffix("Schema") or cls.__name__
    try:
        from apispec import APISpec
        from apispec.ext.marshmallow import MarshmallowPlugin
    except ImportError:
        return name, {name: {"type": "object"}}
    specification = APISpec("", "", "3.1.0", plugins=[MarshmallowPlugin()])
    specification.components.schema(name, schema=schema)
    return name, specification.to_dict()["components"]["schemas"]


def validation_failures(error: Exception | None) -> dict[str, str] | None:
    """What a ``ValidationError`` of marshmallow or pydantic says, keyed by path as a failed parser's message is.

    :param error: the exception that was raised.
    :returns: for example ``{"address.street": "Field required", "tags[2]": "Not a string."}``; ``None`` for any
        other exception.
    """
    marshmallow = sys.modules.get("marshmallow")
    if marshmallow is not None and isinstance(error, marshmallow.ValidationError):
        return dict(_marshmallow_failures("", error.messages))
    pydantic = sys.modules.get("pydantic")
    if pydantic is not None and isinstance(error, pydantic.ValidationError):
        failures: dict[str, str] = {}
        for failure in error.errors(include_url=False, include_context=False, include_input=False):
            path = ""
            for part in failure["loc"]:
                path = _joined(path, part)
            failures[path or "_schema"] = failure["msg"]
        return failures
    return None


def _joined(path: str, part: str | int) -> str:
    if isinstance(part, int):
        return f"{path}[{part}]"
    return f"{path}.{part}" if path else str(part)


def _marshmallow_failures(path: str, messages: Any) -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for part, nested in messages.items():
            yield from _marshmallow_failures(path if path and part == "_schema" else _joined(path, part), nested)
    elif isinstance(messages, list):
        yield path or "_schema", " ".join(map(str, messages))
    else:
        yield path or "_schema", str(messages)
