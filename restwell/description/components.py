"""Components: the parts of an OpenAPI document that are referred to by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from typing import Any

from flask import json

from restwell.description.json_schema import Schema


class Components:
    """The components of a document, each added where it is first referred to.

    :param security_schemes: Security Scheme Objects by name.
    """

    def __init__(self, security_schemes: Mapping[str, Any]) -> None:
        self.schemas: dict[str, Schema] = {}
        self.responses: dict[str, dict[str, Any]] = {}
        self.security_schemes = security_schemes

    def build(self) -> dict[str, Any]:
        """The Components Object."""
        kinds = {"schemas": self.schemas, "responses": self.responses, "securitySchemes": self.security_schemes}
        return {kind: named for kind, named in kinds.items() if named}

    def response(self, name: str, response: dict[str, Any]) -> dict[str, Any]:
        """Refer to a Response Object."""
        return {"$ref": f"#/components/responses/{_add(self.responses, name, response)}"}

    def foreign_schema(self, name: str, schemas: dict[str, Schema]) -> Schema:
        """Refer to a schema of another library.

        :param name: the name of the schema.
        :param schemas: it and the schemas that it refers to, from ``json_schemas``; where one of the
            names is taken by another schema, all of them get a number behind theirs.
        """
        for number in count(1):
            suffix = "" if number == 1 else str(number)
            references = re.sub(r'("#/components/schemas/[^"]+)', rf"\g<1>{suffix}", json.dumps(schemas))
            named = {f"{key}{suffix}": schema for key, schema in json.loads(references).items()}
            if all(self.schemas.get(key, schema) == schema for key, schema in named.items()):
                break
        self.schemas.update(named)
        return {"$ref": f"#/components/schemas/{name}{suffix}"}

    def schema(self, name: str, schema: Schema) -> Schema:
        """Refer to the schema of an object, and in it to those of the objects that its properties have.

        :param name: the name of the component; those within have the names of their properties.
        :param schema: the schema of an object, or of a list of them; any other is given back as it is.
        """
        kind = schema.get("type")
        if "items" in schema:
            return {**schema, "items": self.schema(name, schema["items"])}
        if "properties" not in schema or kind not in ("object", ["object", "null"]):
            return schema
        suffix = next((suffix for suffix in ("Input", "Form") if name.endswith(suffix)), "")
        properties = {key: self.schema(class_name(key) + suffix, part) for key, part in schema["properties"].items()}
        about: Schema = {key: schema[key] for key in ("description", "default") if key in schema}
        content = {key: value for key, value in schema.items() if key not in about}
        added = _add(self.schemas, name, {**content, "type": "object", "properties": properties})
        reference = {"$ref": f"#/components/schemas/{added}"}
        return {**(reference if kind == "object" else {"anyOf": [reference, {"type": "null"}]}), **about}


def _add(named: dict[str, dict[str, Any]], name: str, content: dict[str, Any]) -> str:
    """Give a content its name, with a number behind it where another content has the name."""
    number, unique = 1, name
    while named.setdefault(unique, content) != content:
        number += 1
        unique = f"{name}{number}"
    return unique


def class_name(name: str) -> str:
    """A name in CamelCase."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", str(name)))
