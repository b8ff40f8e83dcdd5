"""Operations: one method of a resource at one URL, as OpenAPI describes it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from restwell.arguments.locations import names_of, reads_form, reads_json
from restwell.declared import Description, declaration_of, description_of, docstring
from restwell.description.components import Components, class_name
from restwell.description.json_schema import Schema, argument_schema, example_of, object_schema
from restwell.description.parameters import (
    VERBS_WITH_BODY,
    argument_parameters,
    is_required,
    may_lead_nowhere,
    path_parameters,
    places,
)
from restwell.description.source import source_of
from restwell.description.views import decorated_view, output_fields, parsers_of, returns_list, variable_name
from restwell.errors.formats import PROBLEM_MEDIATYPE
from restwell.output.fields import schema_of
from restwell.registry import RegisteredApi, description_of_endpoint, state_of
from restwell.schemas import json_schemas
from restwell.upstream.reqparse import Argument, RequestParser
from restwell.upstream.utils import http_status_message

_MEANINGS = {
    400: "An argument or the body is not valid.",
    401: "A valid token is missing.",
    404: "There is nothing at this URL.",
    406: "There is no representation that Accept allows.",
    413: "The body is too large.",
    415: "The body is of a type that cannot be read.",
    422: "The body does not fit its schema.",
    500: "The server failed.",
    503: "The database does not answer at the moment.",
}
"""What the statuses of errors mean; of any other no more is known than its phrase."""

_HEADERS: dict[str, dict[str, Any]] = {
    "Location": {"schema": {"type": "string", "format": "uri-reference"}},
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds after which to ask again."},
}
"""The Header Objects of headers; of any other no more is known than that it is a string."""

_HEADERS_OF_ERRORS = {401: ("WWW-Authenticate",), 503: ("Retry-After",)}
_STATUSES_WITHOUT_CONTENT = (204, 205, 304)

_MESSAGE = {"message": {"description": "What is wrong: a text, or a text for each argument."}}
_ERROR_PROPERTIES: dict[str, dict[str, Schema]] = {
    "standard": {"error": {"type": "string"}, **_MESSAGE},
    "problem": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {"description": "What is wrong: a text for each argument."},
    },
    "restful": _MESSAGE,
}
_REQUIRED_ERROR_PROPERTIES = {"standard": ["error", "message"], "problem": ["type", "title", "detail"]}


class Operation:
    """One operation of a document.

    :param app: the application.
    :param api: the Api that has the resource.
    :param rule: the URL rule.
    :param resource: the class.
    :param verb: the method in lower case.
    :param components: the components of the document, to which those of the operation are added.
    """

    def __init__(
        self, app: Flask, api: RegisteredApi, rule: Rule, resource: Any, verb: str, components: Components
    ) -> None:
        self.app = app
        self.api = api
        self.rule = rule
        self.resource = resource
        self.verb = verb
        self.components = components
        self.name = f"{verb}{resource.__name__}"
        self.view = decorated_view(resource, verb)
        self.declaration = declaration_of(self.view)
        self.source = source_of(self.view)
        self.arguments: list[Argument] = [argument for parser in parsers_of(self.view) for argument in parser.args]
        self.description: Description = description_of_endpoint(app, rule.endpoint)
        for function in (app.view_functions[rule.endpoint], self.view):
            self.description += description_of(function, app.config)

    def build(self) -> dict[str, Any]:
        """The Operation Object, without its ``operationId`` and its ``tags``."""
        summary, _, description = docstring(self.view).partition("\n\n")
        parameters = [
            *path_parameters(self.rule),
            *argument_parameters(self.arguments, self.verb),
            *self.description.parameters,
        ]
        body = self._request_body()
        return _present(
            {
                "summary": " ".join(summary.split()),
                "description": description,
                "parameters": parameters,
                "requestBody": body,
                "responses": self._responses({*self.source.errors, *self._errors(has_body=body is not None)}),
                "security": self._security_requirements(),
            }
        )

    def _security_requirements(self) -> list[dict[str, list[str]]]:
        """Security Requirement Objects, of which a request must meet one; none for an open operation."""
        security = state_of(self.app).security
        if security is None or not security.protects(self.rule.endpoint, self.verb.upper()):
            return []
        return [{scheme: []} for scheme in security.schemes]

    # -- requests ----------------------------------------------------------------------------------------------------

    def _expects_schema(self) -> bool:
        """Whether the body is described by a schema of another library."""
        return not isinstance(self.declaration.expects, RequestParser | None)

    def _request_body(self) -> dict[str, Any] | None:
        expected = self.declaration.expects
        if self._expects_schema():
            content = {"application/json": self._media_type(self.components.foreign_schema(*json_schemas(expected)))}
            return {"content": content, "required": True}

        name = class_name(variable_name(expected, self.view)).removesuffix("Parser") or class_name(self.name)
        arguments = [argument for argument in self.arguments if "body" in places(argument, self.verb)]
        required = [argument for argument in arguments if is_required(argument, self.verb)]
        in_json = [argument for argument in arguments if reads_json(argument)]
        in_form = [argument for argument in arguments if _is_form_field(argument) and self.verb in VERBS_WITH_BODY]
        content = {}
        if in_json and all(argument in in_json for argument in required):
            schema: Schema = self.components.schema(f"{name}Input", object_schema(in_json))
            if many := self.declaration.many:
                schema = {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 1, "maxItems": many}]}
            content["application/json"] = self._media_type(schema)
            if self.verb == "patch":
                content["application/merge-patch+json"] = self._media_type(schema)
        if in_form and all(argument in in_form for argument in required):
            has_files = any("files" in names_of(argument) for argument in in_form)
            form = object_schema(in_form, textual=True)
            name = f"{name}Input" if form == object_schema(in_json) else f"{name}Form"
            mediatype = "multipart/form-data" if has_files else "application/x-www-form-urlencoded"
            content[mediatype] = self._media_type(self.components.schema(name, form))
        return {"content": content, "required": bool(required)} if content else None

    def _media_type(self, schema: Schema) -> dict[str, Any]:
        return _present({"schema": schema, "example": example_of(schema, "body", self.components.schemas)})

    # -- responses ---------------------------------------------------------------------------------------------------

    def _errors(self, *, has_body: bool) -> Iterator[int]:
        """The statuses of errors that what stands around the view gives."""
        yield 500
        if self.arguments or has_body:
            yield 400
        if self._security_requirements():
            yield 401
        if may_lead_nowhere(self.rule):
            yield 404
        if self.api.default_mediatype is None:
            yield 406
        if has_body and self.app.config["MAX_CONTENT_LENGTH"] is not None:
            yield 413
        if has_body and self.api.error_format != "restful":
            yield 415
        if self._expects_schema():
            yield 422
        if "sqlalchemy" in self.app.extensions:
            yield 503

    def _responses(self, errors: set[int]) -> dict[str, Any]:
        described = self.description
        successes = {status for status in self.source.successes if status is not None}
        responses = {}
        for status in sorted({*successes, *described.responses, *errors}):
            if status >= 400 and status not in described.responses:
                name = re.sub(r"\W", "", http_status_message(status) or f"Error{status}")
                responses[str(status)] = self.components.response(name, self._response(status, _meaning(status)))
            elif status in errors:
                meaning = f"{_meaning(status)} {described.responses[status]}"
                responses[str(status)] = self._response(status, meaning)
            else:
                responses[str(status)] = self._response(status, described.responses.get(status, _meaning(status)))
        if None in self.source.successes:
            responses["default"] = {"description": "A response that the method makes as a whole."}
        return responses

    def _response(self, status: int, meaning: str) -> dict[str, Any]:
        headers = _HEADERS_OF_ERRORS.get(status, self.source.successes.get(status, ()))
        content = None
        if status >= 400:
            content = self._error_content()
        elif status not in _STATUSES_WITHOUT_CONTENT:
            content = self._success_content()
        return _present(
            {
                "description": meaning,
                "headers": {**_header_objects(headers), **self.description.headers.get(status, {})},
                "content": content,
            }
        )

    def _success_content(self) -> dict[str, dict[str, Any]]:
        schema = self._output_schema()
        content: dict[str, dict[str, Any]] = {
            mediatype: {"schema": schema} if schema and mediatype.endswith("json") else {}
            for mediatype in self.resource.representations or self.api.representations
        }
        described = self.description.media_types.items()
        return {**content, **{mediatype: {"schema": schema} for mediatype, schema in described}}

    def _output_schema(self) -> Schema | None:
        """The schema of what ``marshal_with`` or ``marshal_with_field`` writes; ``None`` for a view without them."""
        marshals = self.declaration.marshals
        if marshals is None:
            return None
        field, fields = getattr(marshals, "field", None), output_fields(marshals)
        schema = schema_of(fields if field is None else field)
        name = class_name(variable_name(fields, self.view)).removesuffix("Fields") or f"{class_name(self.name)}Output"
        if self.description.is_partial:
            name, schema = f"Partial{name}", _without_required(schema)
        if field is not None:
            return self.components.schema(name, _without_null(schema))
        one = self.components.schema(name, schema)
        many = {"type": "array", "items": one}
        is_list = returns_list(self.view)
        schema = {"anyOf": [one, many]} if is_list is None else many if is_list else one
        if marshals.envelope:
            return {"type": "object", "properties": {marshals.envelope: schema}, "required": [marshals.envelope]}
        return schema

    def _error_content(self) -> dict[str, dict[str, Any]]:
        content: dict[str, dict[str, Any]] = {
            mediatype: {} for mediatype in self.api.representations if mediatype != "application/json"
        }
        if "application/json" in self.api.representations:
            error_format = self.api.error_format
            if error_format != "problem":
                content["application/json"] = self._error_schema("Error", error_format)
            content[PROBLEM_MEDIATYPE] = self._error_schema("Problem", "problem")
        return content

    def _error_schema(self, name: str, error_format: Any) -> dict[str, Any]:
        config = self.app.config
        known = error_format if isinstance(error_format, str) else ""
        properties, required = _ERROR_PROPERTIES.get(known, {}), _REQUIRED_ERROR_PROPERTIES.get(known, [])
        has_status = self.api.status_in_body
        if has_status is None:
            has_status = config.get("JSON_ADD_STATUS", known in ("standard", "problem"))
        if has_status:
            field = config.get("JSON_STATUS_FIELD_NAME", "status")
            properties, required = {**properties, field: {"type": "integer"}}, [*required, field]
        schema = {"type": "object", "properties": properties, "required": required}
        return {"schema": self.components.schema(name, {**_present(schema), "properties": properties})}


def _is_form_field(argument: Argument) -> bool:
    return reads_form(argument) and "properties" not in argument_schema(argument)


def _without_null(schema: Schema) -> Schema:
    """The schema of a field that formats data itself, where there is no value to be missing."""
    kind = schema.get("type")
    return {**schema, "type": kind[0]} if isinstance(kind, list) else schema


def _without_required(schema: Schema) -> Schema:
    """The schema of an object, or of a list of them, that may have fewer properties."""
    if "items" in schema:
        return {**schema, "items": _without_required(schema["items"])}
    return {key: value for key, value in schema.items() if key != "required"}


def _meaning(status: int) -> str:
    return _MEANINGS.get(status) or http_status_message(status) or f"Status {status}"


def _header_objects(names: Collection[str]) -> dict[str, dict[str, Any]]:
    return {name: _HEADERS.get(name, {"schema": {"type": "string"}}) for name in sorted(names)}


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that say something."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {}, False)}
