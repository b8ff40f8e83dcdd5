"""Postman: a collection of requests with tests, made from the OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from restwell.description.json_schema import example_of

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
BASE_URL = "http://127.0.0.1:5000"

_JSON = "application/json"
_URLENCODED = "application/x-www-form-urlencoded"
_ANNOTATIONS = ("default", "description", "format", "title")
"""What a schema has for readers; Postman's validator stops at formats that it does not know."""


def collection(document: Mapping[str, Any]) -> dict[str, Any]:
    """The Postman collection, format 2.1, of an API.

    It has a folder for each resource, and in it a request for each method, one that is refused for its body, and after
    a DELETE one for what is gone. They are in an order in which they can run: what is created is read, changed and
    deleted afterwards. The segment of the URL that tells it apart is taken from the ``Location`` of the answer.

    :param document: the OpenAPI document of the API, as :func:`restwell.description.openapi.document` writes it.
    :returns: the collection; ``baseUrl``, the ids and, where the API is protected, ``token`` are its variables.
    """
    return _Collection(document).build()


class _Collection:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.is_protected = "securitySchemes" in document["components"]
        self.resources: dict[str, dict[str, tuple[str, Mapping[str, Any]]]] = {}
        for path, operations in document["paths"].items():
            for verb, operation in operations.items():
                self.resources.setdefault(operation["tags"][0], {}).setdefault(verb, (path, operation))
        self.paths = {name: next(iter(methods.values()))[0] for name, methods in self.resources.items()}

    def build(self) -> dict[str, Any]:
        information = self.document["info"]
        built = {
            "info": {
                "name": information["title"],
                "description": information.get("description", ""),
                "version": information["version"],
                "schema": SCHEMA,
            },
            "item": [self.folder(name) for name in self.resources if self.parent(name) is None],
            "variable": [{"key": key, "value": value, "type": "string"} for key, value in self.variables().items()],
        }
        if self.is_protected:
            built["auth"] = {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]}
        return built

    def variables(self) -> dict[str, str]:
        variables = {"baseUrl": BASE_URL, **({"token": ""} if self.is_protected else {})}
        for methods in self.resources.values():
            for _, operation in methods.values():
                for parameter in _parameters(operation, "path"):
                    variables[parameter["name"]] = _text(example_of(parameter["schema"], parameter["name"]))
        return variables

    def parent(self, name: str) -> str | None:
        """The resource of a single thing below which a resource lies, so that it is gone when the thing is deleted."""
        above = [
            other
            for other, path in self.paths.items()
            if path.endswith("}") and self.paths[name].startswith(f"{path}/")
        ]
        return max(above, key=lambda other: len(self.paths[other]), default=None)

    # -- requests ----------------------------------------------------------------------------------------------------

    def folder(self, name: str) -> dict[str, Any]:
        methods = self.resources[name]
        changes = [(verb, *methods[verb]) for verb in ("post", "get", "put", "patch") if verb in methods]
        items = [self.request(verb, path, operation) for verb, path, operation in changes]
        for verb, path, operation in changes:
            items.extend(self.refused(verb, path, operation))
        items.extend(self.folder(other) for other in self.resources if self.parent(other) == name)
        if "delete" in methods:
            items.append(self.request("delete", *methods["delete"]))
            if "get" in methods and "404" in methods["get"][1]["responses"]:
                path, operation = methods["get"]
                items.append(self.request("get", path, operation, "after its deletion", ["404"]))
        tags = {tag["name"]: tag.get("description", "") for tag in self.document["tags"]}
        return {"name": name, "description": tags[name], "item": items}

    def refused(self, verb: str, path: str, operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The request once more with a body that must be refused, where the description knows one."""
        schema = self.simplest(_content(operation).get(_JSON, {}).get("schema", {}))
        statuses = [status for status in ("400", "422") if status in operation["responses"]]
        nulls = [key for key, part in schema.get("properties", {}).items() if self.refuses_null(part)]
        if statuses and (schema.get("required") or nulls):
            body = {} if schema.get("required") else {nulls[0]: None}
            yield self.request(verb, path, operation, "with bad input", statuses, body)

    def request(
        self,
        verb: str,
        path: str,
        operation: Mapping[str, Any],
        variation: str = "",
        statuses: list[str] | None = None,
        body: Any = None,
    ) -> dict[str, Any]:
        statuses = statuses or [status for status in operation["responses"] if status < "300"]
        summary = operation.get("summary", operation["operationId"]).rstrip(".")
        header, content = self.body(operation, body)
        query = [self.parameter(parameter) for parameter in _parameters(operation, "query")]
        segments = re.sub(r"\{([^{}]+)\}", r"{{\1}}", path)
        url: dict[str, Any] = {
            "raw": "{{baseUrl}}" + segments,
            "host": ["{{baseUrl}}"],
            "path": segments.lstrip("/").split("/"),
        }
        request = {
            "method": verb.upper(),
            "header": [*header, *(self.parameter(parameter) for parameter in _parameters(operation, "header"))],
            "url": {**url, "query": query} if query else url,
            "description": operation.get("description", ""),
        }
        return {
            "name": f"{summary}, {variation}" if variation else summary,
            "event": [
                {"listen": "test", "script": {"type": "text/javascript", "exec": self.tests(path, operation, statuses)}}
            ],
            "request": {**request, "body": content} if content else request,
            "response": [],
        }

    def parameter(self, parameter: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "key": parameter["name"],
            "value": _text(parameter.get("example", example_of(parameter["schema"], parameter["name"]))),
            "description": parameter.get("description", ""),
            "disabled": not parameter.get("required", False),
        }

    def body(self, operation: Mapping[str, Any], body: Any) -> tuple[list[dict[str, str]], dict[str, Any] | None]:
        """The headers and the content of a request: the given JSON, or an example of what the operation takes."""
        content = _content(operation)
        if not content:
            return [], None
        mediatype = _JSON if _JSON in content else next(iter(content))
        example = content[mediatype].get("example", {}) if body is None else body
        if mediatype == _JSON:
            raw = json.dumps(example, indent=2, ensure_ascii=False)
            language = {"raw": {"language": "json"}}
            return [{"key": "Content-Type", "value": _JSON}], {"mode": "raw", "raw": raw, "options": language}
        mode = "urlencoded" if mediatype == _URLENCODED else "formdata"
        fields = [
            {"key": key, "type": "file", "src": []}
            if part.get("format") == "binary"
            else {"key": key, "type": "text", "value": _text(example_of(part, key))}
            for key, part in self.resolved(content[mediatype]["schema"])["properties"].items()
        ]
        return [], {"mode": mode, mode: fields}

    # -- tests -------------------------------------------------------------------------------------------------------

    def tests(self, path: str, operation: Mapping[str, Any], statuses: list[str]) -> list[str]:
        """The lines of the script that looks at the answer."""
        codes = ", ".join(statuses)
        response = self.resolved(operation["responses"][statuses[0]]) if statuses else {}
        schema = response.get("content", {}).get(_JSON, {}).get("schema")
        lines = []
        if statuses:
            lines += [
                f'pm.test("The status is {" or ".join(statuses)}", () => {{',
                f"    pm.expect(pm.response.code).to.be.oneOf([{codes}]);",
                "});",
            ]
        if schema is not None:
            expected = json.dumps(self.plain(schema), ensure_ascii=False)
            lines += [
                'pm.test("The body is as described", () => {',
                f"    pm.response.to.have.jsonSchema({expected});",
                "});",
            ]
        elif statuses == ["204"]:
            lines += ['pm.test("The body is empty", () => {', '    pm.expect(pm.response.text()).to.eql("");', "});"]
        variable = re.search(re.escape(path) + r"/\{([^{}/]+)\}$", "\n".join(self.document["paths"]), re.MULTILINE)
        if variable and "Location" in response.get("headers", {}):
            segment = 'pm.response.headers.get("Location").split("/").pop()'
            lines.append(f'pm.collectionVariables.set("{variable[1]}", {segment});')
        return lines

    # -- schemas -----------------------------------------------------------------------------------------------------

    def resolved(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a Reference Object refers to."""
        while "$ref" in content:
            _, kind, name = content["$ref"].rsplit("/", 2)
            content = self.document["components"][kind][name]
        return content

    def simplest(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The first of the alternatives that a schema names."""
        schema = self.resolved(schema)
        alternatives = schema.get("anyOf") or schema.get("oneOf")
        return self.simplest(alternatives[0]) if alternatives else schema

    def plain(self, schema: Any, within: tuple[str, ...] = ()) -> Any:
        """A schema with all that it refers to inside of it, and nothing of an object inside of itself."""
        if isinstance(schema, list):
            return [self.plain(part, within) for part in schema]
        if not isinstance(schema, Mapping):
            return schema
        if "$ref" in schema:
            reference = schema["$ref"]
            return {} if reference in within else self.plain(self.resolved(schema), (*within, reference))
        plain = {key: self.plain(part, within) for key, part in schema.items() if key not in _ANNOTATIONS}
        if "properties" in schema:  # whose names are no keywords
            plain["properties"] = {key: self.plain(part, within) for key, part in schema["properties"].items()}
        return plain

    def refuses_null(self, schema: Mapping[str, Any]) -> bool:
        kinds = self.resolved(schema).get("type", "null")
        return "null" not in ([kinds] if isinstance(kinds, str) else kinds)


def _content(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    content: Mapping[str, Any] = operation.get("requestBody", {}).get("content", {})
    return content


def _parameters(operation: Mapping[str, Any], place: str) -> Iterator[Mapping[str, Any]]:
    return (parameter for parameter in operation.get("parameters", ()) if parameter["in"] == place)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
