"""OpenAPI: the description of the API, made from what its resources declare."""

from __future__ import annotations

import collections.abc
import inspect
import json
import re
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from flask_restful.reqparse import Argument, RequestParser
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.routing import (
    AnyConverter,
    BaseConverter,
    FloatConverter,
    IntegerConverter,
    PathConverter,
    Rule,
    UnicodeConverter,
    UUIDConverter,
)

from .configuration import Option, text, texts
from .description import Description, description_of, description_of_endpoint, docstring
from .errors import PROBLEM_MEDIATYPE
from .fields import List, Nested, schema_of
from .json_schema import JSON_LOCATIONS, Schema, argument_schema, example_of, object_schema, reads_from
from .schemas import json_schemas
from .source import Source, source_of

if TYPE_CHECKING:
    from .api import Api

OPTIONS = (
    Option("API_TITLE", "Restwell", text, "The title of the API in its description"),
    Option("API_VERSION", "0.1.0", text, "The version of the API in its description"),
    Option("API_DESCRIPTION", None, text, "What the API is for, in its description; Markdown"),
    Option(
        "API_SERVERS",
        [],
        texts,
        "URLs of the servers in the description; by default the root under which the application is reached",
    ),
)

VERBS = ("get", "post", "put", "patch", "delete")
"""The methods that are described. HEAD is answered by ``get`` and OPTIONS by Flask, for every resource alike."""

_VERBS_WITH_BODY = ("post", "put", "patch")
_PLACES = {"json": "body", "get_json": "body", "form": "body", "files": "body", "args": "query"}
_PLACES |= {"headers": "header", "cookies": "cookie"}
_FORM_LOCATIONS = ("form", "values", "files")

_ERRORS = {
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
"""What the statuses mean that are not described by anybody else."""

_HEADERS: dict[str, dict[str, Any]] = {
    "Location": {"schema": {"type": "string", "format": "uri-reference"}},
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds after which to ask again"},
}
"""The Header Objects of headers that a view or an error has; of any other no more is known than that it is a string."""

_ERROR_HEADERS = {401: ("WWW-Authenticate",), 503: ("Retry-After",)}
_STATUSES_WITHOUT_CONTENT = (204, 205, 304)


def document(app: Flask, apis: Collection[Api] | None = None) -> dict[str, Any]:
    """The OpenAPI 3.1 document of an application.

    ``API_TITLE``, ``API_VERSION``, ``API_DESCRIPTION`` and ``API_SERVERS`` of its configuration stand in it.

    :param app: the application.
    :param apis: only these of its Apis.
    :returns: the document, of plain JSON values.
    """
    with app.app_context():
        written = app.json.dumps(_Document(app, apis).build(), sort_keys=False)
    built: dict[str, Any] = json.loads(written)
    return built


def servers(app: Flask) -> list[dict[str, str]]:
    """The Server Objects of an application: ``API_SERVERS``, by default the root of the current request."""
    root = request.root_path if request else ""
    return [{"url": url} for url in app.config.get("API_SERVERS") or [root or "/"]]


class _Document:
    """A document in the making; components are added to it where they are first referred to."""

    def __init__(self, app: Flask, apis: Collection[Api] | None) -> None:
        self.app = app
        self.apis: Collection[Api] = app.extensions.get("restwell", ()) if apis is None else apis
        self.tags: dict[str, dict[str, str]] = {}
        self.operation_ids: set[str] = set()
        self.components: dict[str, dict[str, Any]] = {
            "schemas": {},
            "responses": {},
            "securitySchemes": app.extensions.get("restwell.security", {}).get("schemes", {}),
        }

    def build(self) -> dict[str, Any]:
        config = self.app.config
        information = {
            "title": config.get("API_TITLE") or self.app.name,
            "version": config.get("API_VERSION") or "0",
            "description": config.get("API_DESCRIPTION"),
        }
        paths: dict[str, dict[str, Any]] = {}
        for rule in self.app.url_map.iter_rules():
            api = next((api for api in self.apis if api.owns_endpoint(rule.endpoint)), None)
            resource = resource_of(self.app, rule)
            if api is not None and resource is not None:
                path = re.sub(r"<(?:[^<>]*:)?([^<>]+)>", r"{\1}", rule.rule)
                for verb, operation in self.operations(api, rule, resource):
                    paths.setdefault(path, {}).setdefault(verb, operation)
        return {
            "openapi": "3.1.0",
            "info": _present(information),
            "servers": servers(self.app),
            "tags": list(self.tags.values()),
            "paths": paths,
            "components": _present(self.components),
        }

    # -- components --------------------------------------------------------------------------------------------------

    def component(self, kind: str, name: str, content: dict[str, Any]) -> dict[str, Any]:
        """Refer to a component by its name, with a number behind it where another content has the name."""
        named, number, unique = self.components[kind], 1, name
        while named.setdefault(unique, content) != content:
            number += 1
            unique = f"{name}{number}"
        return {"$ref": f"#/components/{kind}/{unique}"}

    def shared(self, name: str, schema: Schema) -> Schema:
        """Refer to the schema of an object, and in it to those of the objects that its properties have."""
        kind = schema.get("type")
        if "items" in schema:
            return {**schema, "items": self.shared(name, schema["items"])}
        if "properties" not in schema or kind not in ("object", ["object", "null"]):
            return schema
        suffix = next((suffix for suffix in ("Input", "Form") if name.endswith(suffix)), "")
        properties = {key: self.shared(_class_name(key) + suffix, part) for key, part in schema["properties"].items()}
        about: Schema = {key: schema[key] for key in ("description", "default") if key in schema}
        content = {key: value for key, value in schema.items() if key not in about}
        reference = self.component("schemas", name, {**content, "type": "object", "properties": properties})
        return {**(reference if kind == "object" else {"anyOf": [reference, {"type": "null"}]}), **about}

    # -- operations --------------------------------------------------------------------------------------------------

    def operations(self, api: Api, rule: Rule, resource: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        name = resource.__name__
        self.tags.setdefault(name, _present({"name": name, "description": docstring(resource)}))
        for verb in VERBS:
            if verb.upper() in (rule.methods or ()) and hasattr(resource, verb):
                yield verb, self.operation(api, rule, resource, verb)

    def operation(self, api: Api, rule: Rule, resource: Any, verb: str) -> dict[str, Any]:
        view = decorated_view(resource, verb)
        name = f"{verb}{resource.__name__}"
        source = source_of(view)
        arguments = [argument for parser in parsers_of(view) for argument in parser.args]
        described = description_of_endpoint(self.app, rule.endpoint)
        for function in (self.app.view_functions[rule.endpoint], view):
            described += description_of(function, self.app.config)
        summary, _, description = docstring(view).partition("\n\n")
        parameters = [*_path_parameters(rule), *_parameters(arguments, verb), *described.parameters]
        body = self.request_body(view, arguments, verb, name)
        errors = {*source.errors, *self.errors(api, rule, view, arguments, body, verb)}
        return _present(
            {
                "tags": [resource.__name__],
                "summary": " ".join(summary.split()),
                "description": description,
                "operationId": self.operation_id(name),
                "parameters": parameters,
                "requestBody": body,
                "responses": self.responses(api, resource, view, name, source, described, errors),
                "security": self.security_requirements(rule, verb),
            }
        )

    def operation_id(self, name: str) -> str:
        number, unique = 1, name
        while unique in self.operation_ids:
            number += 1
            unique = f"{name}{number}"
        self.operation_ids.add(unique)
        return unique

    def security_requirements(self, rule: Rule, verb: str) -> list[dict[str, list[str]]]:
        """Security Requirement Objects, of which a request must meet one; none for an open operation."""
        security = self.app.extensions.get("restwell.security")
        if security is None or not security["protects"](rule.endpoint, verb.upper()):
            return []
        return [{scheme: []} for scheme in security["schemes"]]

    # -- requests ----------------------------------------------------------------------------------------------------

    def request_body(self, view: Any, arguments: list[Argument], verb: str, name: str) -> dict[str, Any] | None:
        expected = getattr(view, "__expects__", None)
        if expected is not None and not isinstance(expected, RequestParser):
            schema_name, schemas = json_schemas(expected)
            self.components["schemas"].update(schemas)
            reference = {"$ref": f"#/components/schemas/{schema_name}"}
            return {"content": {"application/json": self.body(reference)}, "required": True}

        name = f"{_global_name(expected, view).removesuffix('Parser') or _class_name(name)}Input"
        arguments = [argument for argument in arguments if "body" in _places(argument, verb)]
        required = [argument for argument in arguments if _is_required(argument, verb)]
        in_json = [argument for argument in arguments if reads_from(argument, JSON_LOCATIONS)]
        in_form = [argument for argument in arguments if _is_form_field(argument) and verb in _VERBS_WITH_BODY]
        content = {}
        if in_json and all(argument in in_json for argument in required):
            schema: Schema = self.shared(name, object_schema(in_json))
            if many := getattr(view, "__many__", None):
                schema = {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 1, "maxItems": many}]}
            content["application/json"] = self.body(schema)
            if verb == "patch":
                content["application/merge-patch+json"] = self.body(schema)
        if in_form and all(argument in in_form for argument in required):
            has_files = any(reads_from(argument, ("files",)) for argument in in_form)
            form = object_schema(in_form, textual=True)
            if in_form != in_json or form != object_schema(in_json):
                name = name.removesuffix("Input") + "Form"
            mediatype = "multipart/form-data" if has_files else "application/x-www-form-urlencoded"
            content[mediatype] = self.body(self.shared(name, form))
        return {"content": content, "required": bool(required)} if content else None

    def body(self, schema: Schema) -> dict[str, Any]:
        return _present({"schema": schema, "example": example_of(schema, "body", self.components["schemas"])})

    # -- responses ---------------------------------------------------------------------------------------------------

    def errors(
        self, api: Api, rule: Rule, view: Any, arguments: list[Argument], body: Mapping[str, Any] | None, verb: str
    ) -> Iterator[int]:
        """The statuses of errors that what stands around the view gives."""
        yield 500
        if arguments or body:
            yield 400
        if self.security_requirements(rule, verb):
            yield 401
        if any(_refuses(converter) for converter in rule._converters.values()):
            yield 404
        if api.default_mediatype is None:
            yield 406
        if body:
            if api.error_format != "restful":
                yield 415
            if self.app.config["MAX_CONTENT_LENGTH"] is not None:
                yield 413
            if not arguments:
                yield 422
        if "sqlalchemy" in self.app.extensions:
            yield 503

    def responses(
        self,
        api: Api,
        resource: Any,
        view: Any,
        name: str,
        source: Source,
        described: Description,
        errors: set[int],
    ) -> dict[str, Any]:
        responses: dict[str, Any] = {}
        statuses = {*(status for status in source.successes if status is not None), *described.responses, *errors}
        for status in sorted(statuses):
            headers = dict(described.headers.get(status, {}))
            if status >= 400 and status not in described.responses and not headers:
                responses[str(status)] = self.error_response(api, status)
                continue
            headers |= _header_objects(_ERROR_HEADERS.get(status, source.successes.get(status, ())))
            content = None
            if status >= 400:
                content = self.error_content(api)
            elif status not in _STATUSES_WITHOUT_CONTENT:
                content = self.success_content(api, resource, view, name, described)
            meanings = [_meaning(status)] if status in errors or status not in described.responses else []
            meaning = " ".join([*meanings, *filter(None, [described.responses.get(status)])])
            responses[str(status)] = _present({"description": meaning, "headers": headers, "content": content})
        if None in source.successes:
            responses["default"] = {"description": "A response that the method makes as a whole"}
        return responses

    def success_content(
        self, api: Api, resource: Any, view: Any, name: str, described: Description
    ) -> dict[str, dict[str, Any]]:
        schema = self.output_schema(view, name, described)
        content: dict[str, dict[str, Any]] = {
            mediatype: {"schema": schema} if schema and mediatype.endswith("json") else {}
            for mediatype in resource.representations or api.representations
        }
        return {**content, **{mediatype: {"schema": schema} for mediatype, schema in described.media_types.items()}}

    def output_schema(self, view: Any, name: str, described: Description) -> Schema | None:
        """The schema of what ``marshal_with`` or ``marshal_with_field`` writes; ``None`` for a view without them."""
        marshals = getattr(view, "__marshals__", None)
        if marshals is None:
            return None
        fields = output_fields(marshals)
        schema = schema_of(marshals.field if hasattr(marshals, "field") else fields)
        name = _global_name(fields, view).removesuffix("Fields") or f"{_class_name(name)}Output"
        if described.is_partial:
            name = f"Partial{name}"
            schema = _without_required(schema)
        if hasattr(marshals, "field"):
            return self.shared(name, _without_null(schema))
        one = self.shared(name, schema)
        many = {"type": "array", "items": one}
        returns_list = _returns_list(view)
        schema = {"anyOf": [one, many]} if returns_list is None else many if returns_list else one
        if marshals.envelope:
            envelope = marshals.envelope
            return {"type": "object", "properties": {envelope: schema}, "required": [envelope]}
        return schema

    def error_response(self, api: Api, status: int) -> dict[str, Any]:
        name = re.sub(r"\W", "", HTTP_STATUS_CODES.get(status, f"Error{status}"))
        headers = _header_objects(_ERROR_HEADERS.get(status, ()))
        content = {"description": _meaning(status), "headers": headers, "content": self.error_content(api)}
        return self.component("responses", name, _present(content))

    def error_content(self, api: Api) -> dict[str, dict[str, Any]]:
        config = self.app.config
        field = config.get("JSON_STATUS_FIELD_NAME", "status")
        error_format = api.error_format

        def error(name: str, error_format: Any) -> dict[str, Any]:
            wanted = api.status_in_body
            if wanted is None:
                wanted = config.get("JSON_ADD_STATUS", error_format in ("standard", "problem"))
            properties, required = _ERROR_PROPERTIES.get(error_format, {}), _ERROR_REQUIRED.get(error_format, [])
            if wanted:
                properties, required = {**properties, field: {"type": "integer"}}, [*required, field]
            schema = _present({"type": "object", "properties": properties, "required": required})
            return {"schema": self.component("schemas", name, schema)}

        content: dict[str, dict[str, Any]] = {}
        for mediatype in api.representations:
            if mediatype != "application/json":
                content[mediatype] = {}
            elif error_format != "problem":
                content[mediatype] = error("Error", error_format if isinstance(error_format, str) else None)
        if "application/json" in api.representations:
            content[PROBLEM_MEDIATYPE] = error("Problem", "problem")
        return content


_ERROR_PROPERTIES: dict[Any, dict[str, Schema]] = {
    "standard": {"error": {"type": "string"}, "message": {"description": "What is wrong, or what is by argument"}},
    "problem": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {"description": "What is wrong by argument"},
    },
    "restful": {"message": {"description": "What is wrong, or what is by argument"}},
}
_ERROR_REQUIRED = {"standard": ["error", "message"], "problem": ["type", "title", "detail"]}


# -- views -----------------------------------------------------------------------------------------------------------


def resource_of(app: Flask, rule: Rule) -> Any:
    """The class of the resource that a rule leads to; ``None`` where its view has lost it or is none of a class."""
    return getattr(app.view_functions[rule.endpoint], "view_class", None)


def decorated_view(resource: Any, verb: str) -> Callable[..., Any]:
    """The method of a resource with its ``method_decorators`` around it, as a request runs it.

    :param resource: the class.
    :param verb: the method in lower case.
    """
    view: Callable[..., Any] = getattr(resource, verb)
    decorators = resource.method_decorators
    for decorator in decorators.get(verb, ()) if isinstance(decorators, Mapping) else decorators:
        view = decorator(view)
    return view


def parsers_of(view: Callable[..., Any]) -> list[RequestParser]:
    """The parsers that a view is known to use: that of ``@expects``, and those whose ``parse_args`` its code calls."""
    expected = getattr(view, "__expects__", None)
    return [*([expected] if isinstance(expected, RequestParser) else []), *source_of(view).parsers]


def output_fields(marshals: Any) -> Mapping[str, Any] | None:
    """The fields that ``marshal_with`` writes, or those in the field of ``marshal_with_field`` if it has any.

    :param marshals: the attribute ``__marshals__`` of a view.
    """
    field = getattr(marshals, "field", None)
    while isinstance(field, List):
        field = field.container
    fields: Mapping[str, Any] | None = field.nested if isinstance(field, Nested) else getattr(marshals, "fields", None)
    return fields


def _returns_list(view: Callable[..., Any]) -> bool | None:
    """What the return annotation of a view says of its data; ``None`` where it says nothing."""
    try:
        annotation = typing.get_type_hints(inspect.unwrap(view)).get("return", Any)
    except Exception:  # an annotation may be any expression, and names in it may be missing
        return None
    if typing.get_origin(annotation) is tuple:
        annotation = typing.get_args(annotation)[0]
    kind = typing.get_origin(annotation) or annotation
    if annotation is Any or kind is object or not isinstance(kind, type):
        return None
    return issubclass(kind, collections.abc.Iterable) and not issubclass(kind, collections.abc.Mapping)


def _global_name(value: Any, view: Callable[..., Any]) -> str:
    """The name in CamelCase that the module of a view has for a value."""
    function = inspect.unwrap(view)
    names = getattr(function, "__globals__", {}).items()
    return next((_class_name(name) for name, known in names if known is value and value is not None), "")


def _without_null(schema: Schema) -> Schema:
    """The schema of a field that formats data itself, where there is no value to be missing."""
    kind = schema.get("type")
    return {**schema, "type": kind[0]} if isinstance(kind, list) else schema


def _without_required(schema: Schema) -> Schema:
    """The schema of an object, or of a list of them, that may have fewer properties."""
    if "items" in schema:
        return {**schema, "items": _without_required(schema["items"])}
    return {key: value for key, value in schema.items() if key != "required"}


def _class_name(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", str(name)))


# -- arguments -------------------------------------------------------------------------------------------------------


def _places(argument: Argument, verb: str) -> set[str]:
    """Where a request of a method has an argument: its body, or one of OpenAPI's places of a parameter."""
    has_body = verb in _VERBS_WITH_BODY
    locations = [argument.location] if isinstance(argument.location, str) else argument.location
    values = "body" if has_body else "query"
    places = {values if location == "values" else _PLACES.get(location, "") for location in locations} - {""}
    # A GET or DELETE has its arguments in the URL, unless they are nowhere but in the body.
    return places if has_body or len(places) < 2 else places - {"body"}


def _is_required(argument: Argument, verb: str) -> bool:
    """Whether an argument must be in the one place that it has."""
    return bool(argument.required) and len(_places(argument, verb)) == 1


def _is_form_field(argument: Argument) -> bool:
    return reads_from(argument, _FORM_LOCATIONS) and "properties" not in argument_schema(argument)


def _parameters(arguments: list[Argument], verb: str) -> Iterator[dict[str, Any]]:
    for argument in arguments:
        schema = argument_schema(argument, textual=True)
        description = schema.pop("description", None)
        for place in sorted(_places(argument, verb) - {"body"}):
            for operator in argument.operators:
                yield _present(
                    {
                        "name": argument.name + operator.replace("=", "", 1),
                        "in": place,
                        "description": description,
                        "required": _is_required(argument, verb) and len(list(argument.operators)) == 1,
                        "schema": schema,
                    }
                )


def _path_parameters(rule: Rule) -> Iterator[dict[str, Any]]:
    for name, converter in rule._converters.items():
        yield {"name": name, "in": "path", "required": True, "schema": _converter_schema(converter)}


def _converter_schema(converter: BaseConverter) -> Schema:
    if isinstance(converter, IntegerConverter | FloatConverter):
        minimum = converter.min if converter.signed else max(0, converter.min or 0)
        kind = "integer" if isinstance(converter, IntegerConverter) else "number"
        bounds = {"minimum": minimum, "maximum": converter.max}
        return {"type": kind, **{bound: value for bound, value in bounds.items() if value is not None}}
    if isinstance(converter, UUIDConverter):
        return {"type": "string", "format": "uuid"}
    if isinstance(converter, AnyConverter):
        return {"type": "string", "enum": sorted(converter.items)}
    if isinstance(converter, PathConverter):
        return {"type": "string", "minLength": 1}
    if isinstance(converter, UnicodeConverter):
        lengths = re.findall(r"\d+", converter.regex)
        bounds = {"minLength": int(lengths[0])}
        if not converter.regex.endswith(",}"):
            bounds["maxLength"] = int(lengths[-1])
        return {"type": "string", **bounds}
    return {"type": "string"}


def _refuses(converter: BaseConverter) -> bool:
    """Whether some texts without a slash are no value of a converter, so that their URLs lead nowhere."""
    if isinstance(converter, UnicodeConverter):
        return converter.regex != "[^/]{1,}"
    return not isinstance(converter, PathConverter)


def _meaning(status: int) -> str:
    return _ERRORS.get(status) or HTTP_STATUS_CODES.get(status, f"Status {status}")


def _header_objects(names: Collection[str]) -> dict[str, dict[str, Any]]:
    return {name: _HEADERS.get(name, {"schema": {"type": "string"}}) for name in sorted(names)}


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that say something."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {}, False)}
