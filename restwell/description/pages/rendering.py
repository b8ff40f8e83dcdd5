"""The page that a browser gets instead of JSON: a resource, its response, and a form for each of its methods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import quote

import jinja2
from flask import url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.wrappers import Response as ResponseBase

from restwell import current
from restwell.arguments.locations import locations_of, reads_form, reads_json
from restwell.declared import declaration_of, description_of, docstring
from restwell.description.json_schema import Schema, argument_schema
from restwell.description.pages.assets import ENDPOINT, content
from restwell.description.pages.index import described_resources, is_index, is_resource, methods_of
from restwell.description.views import decorated_view, parsers_of
from restwell.registry import RegisteredApi, resource_of, state_of
from restwell.schemas import json_schemas
from restwell.upstream.reqparse import Argument
from restwell.upstream.utils import http_status_message

SHOWN_CHARACTERS = 100_000
"""How much of a body the page shows; all of it is behind its button for the raw JSON."""

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)

_DEPTH = 3
"""Objects and lists inside of each other that have controls of their own; what is deeper is written as JSON."""

_LONG_TEXT = 255
"""Characters from which on a text has a control of several lines."""

_TEXT_KINDS = {"date": "date", "email": "email", "uri": "url", "binary": "file", "password": "password"}
_HEADERS_OF_THE_PAGE = frozenset({"accept", "authorization", "if-match", "if-none-match"})
"""Request headers that the page sends by itself, so that no form asks for them."""


Location = Literal["json", "form", "query", "header"]


@dataclass(frozen=True)
class Field:
    """What a form asks for: one value, or the parts of an object or a list.

    :param name: the name of the argument; empty for an element of a list.
    :param schema: the JSON Schema of the value.
    :param kind: which control it gets: the ``type`` of an ``<input>``, or ``boolean``, ``choice``, ``textarea``,
        ``json``, ``any`` (JSON, or else text), ``object`` or ``list``.
    :param location: where the request has it; ``"json"`` also stands for a form that takes both JSON and form fields.
    :param fields: the properties of an object, or the one element of a list.
    """

    name: str
    schema: Schema
    kind: str
    location: Location = "json"
    required: bool = False
    nullable: bool = False
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Form:
    """The form of one method of a resource.

    :param encoding: how its body is sent.
    """

    method: str
    description: str
    fields: tuple[Field, ...]
    encoding: Literal["json", "multipart"]


def put_on_page(api: RegisteredApi, response: ResponseBase) -> ResponseBase:
    """Put a JSON response on the page of its resource.

    :param api: the Api that answers the request.
    :param response: the response; it is changed.
    :returns: the same response; as it was when it is no JSON or has nothing to show, as a redirect.
    """
    status = response.status_code
    if not response.is_json or response.is_streamed or status == 204 or 300 <= status < 400:
        return response
    rule = api.requested_rule()
    view_class = resource_of(current.app(), rule) if rule is not None else None
    methods = methods_of(rule, view_class) if rule is not None else []
    body = response.get_data().decode(errors="replace")
    html = _template().render(
        title=current.app().config.get("API_TITLE") or current.app().name,
        name=view_class.__name__ if view_class else (http_status_message(status) or "Error"),
        description=docstring(view_class),
        home=_home(),
        method="GET" if current.request().method == "HEAD" else current.request().method,  # of the same length
        path=current.request().root_path + current.request().path,
        status=response.status,
        # A page must not hand scripts the cookies that are hidden from them.
        headers=[(name, value) for name, value in response.headers if name != "Set-Cookie"],
        body=body[:SHOWN_CHARACTERS],
        is_cut=len(body) > SHOWN_CHARACTERS,
        methods=methods,
        forms=[form for method in methods if (form := _form(view_class, method))],
        resources=list(described_resources()) if is_index(view_class) else [],
        parents=list(_parents()),
        element=_element(rule) if rule is not None and not is_index(view_class) else None,
        takes_token=_takes_token(),
        asset=_asset_url,
        docstring=docstring,
        shown_characters=SHOWN_CHARACTERS,
    )
    response.set_data(html)
    response.content_type = "text/html; charset=utf-8"
    for validator in ("ETag", "Last-Modified"):  # they tell versions of the JSON, not of the page
        response.headers.pop(validator, None)
    response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# -- the resource ----------------------------------------------------------------------------------------------------


def _home() -> str | None:
    """The URL of the index, where the application has one."""
    for rule in current.app().url_map.iter_rules():
        if is_index(resource_of(current.app(), rule)) and not rule.arguments:
            return quote(current.request().root_path + rule.rule)
    return None


def _parents() -> Iterator[tuple[str, str]]:
    """The name and the URL of each resource that stands above the requested one in the path."""
    adapter = current.app().url_map.bind_to_environ(current.request())
    for slash in re.finditer("/", current.request().path):
        for path in dict.fromkeys([current.request().path[: slash.start()], current.request().path[: slash.end()]]):
            try:
                rule, _ = adapter.match(path, "GET", return_rule=True)
            except HTTPException:  # nothing is there, or only a redirect
                continue
            if path != current.request().path and is_resource(rule):
                yield resource_of(current.app(), rule).__name__, quote(current.request().root_path + path)


def _element(rule: Rule) -> tuple[str, str] | None:
    """The URL of a collection's elements with ``{}`` for the variable that tells them apart, and its name."""
    collection = re.escape(rule.rule.rstrip("/"))
    for other in filter(is_resource, current.app().url_map.iter_rules()):
        match = re.fullmatch(rf"{collection}/<(?:[^<>]*:)?([^<>]+)>(/?)", other.rule)
        if match and "GET" in (other.methods or ()):
            return f"{quote(current.request().root_path + current.request().path).rstrip('/')}/{{}}{match[2]}", match[1]
    return None


def _takes_token() -> bool:
    security = state_of(current.app()).security
    return security is not None and any(
        scheme.get("scheme", "").lower() == "bearer" for scheme in security.schemes.values()
    )


# -- the forms -------------------------------------------------------------------------------------------------------


def _form(view_class: Any, method: str) -> Form | None:
    """The form of a method; ``None`` for a GET that takes nothing."""
    view = decorated_view(view_class, method.lower())
    asked = (*_arguments(view, method), *_parameters(view))
    if method == "GET" and not asked:
        return None
    is_multipart = any(field.kind == "file" or field.location == "form" for field in asked)
    return Form(method, docstring(view), asked, "multipart" if is_multipart else "json")


def _arguments(view: Any, method: str) -> Iterator[Field]:
    parsers = parsers_of(view)
    for argument in (argument for parser in parsers for argument in parser.args):
        location = _location(argument, method)
        if location is not None:
            yield _field(argument.name, argument_schema(argument), argument.required, location)
    expected = declaration_of(view).expects
    if expected is not None and not parsers:
        name, schemas = json_schemas(expected)
        yield from _field("", {**schemas[name], "$defs": schemas}).fields
    elif not parsers and method in ("POST", "PUT", "PATCH"):
        yield Field("", {}, "json")


def _location(argument: Argument, method: str) -> Location | None:
    """Where the page sends an argument; ``None`` for what only a browser itself can send, as cookies."""
    if method != "GET" and reads_json(argument):
        return "json"
    if method != "GET" and reads_form(argument):
        return "form"
    found = {location.places[-1] for location in locations_of(argument)}
    return "query" if "query" in found else "header" if "header" in found else None


def _parameters(view: Any) -> Iterator[Field]:
    for parameter in description_of(view, current.app().config).parameters:
        name, location = parameter["name"], parameter["in"]
        if location in ("query", "header") and name.lower() not in _HEADERS_OF_THE_PAGE:
            schema = {"description": parameter.get("description", ""), **parameter.get("schema", {})}
            yield _field(name, schema, parameter.get("required", False), location)


def _field(
    name: str,
    schema: Schema,
    required: bool = False,
    location: Location = "json",
    definitions: Mapping[str, Schema] | None = None,
    depth: int = 0,
) -> Field:
    definitions = schema.get("$defs", definitions or {})
    schema, nullable = _without_null(schema, definitions)
    kind = _kind(schema, depth)
    parts: tuple[Field, ...] = ()
    if kind == "object":
        required_names = schema.get("required", ())
        parts = tuple(
            _field(part, part_schema, part in required_names, location, definitions, depth + 1)
            for part, part_schema in schema["properties"].items()
        )
    elif kind == "list":
        parts = (_field("", schema["items"], True, location, definitions, depth + 1),)
    return Field(name, schema, kind, location, required, nullable, parts)


def _without_null(schema: Schema, definitions: Mapping[str, Schema]) -> tuple[Schema, bool]:
    """A schema with its reference resolved and its null taken out, and whether null was in it."""
    if "$ref" in schema:
        schema = {**definitions.get(schema["$ref"].rpartition("/")[2], {}), **schema}
    options = schema.get("anyOf", ())
    others = [option for option in options if option != {"type": "null"}]
    if len(options) == 2 and len(others) == 1:
        return {**_without_null(others[0], definitions)[0], **schema}, True
    types = schema.get("type")
    if isinstance(types, list) and "null" in types and len(types) == 2:
        return {**schema, "type": next(kind for kind in types if kind != "null")}, True
    return schema, False


def _kind(schema: Schema, depth: int) -> str:
    if "enum" in schema:
        return "choice"
    kind = schema.get("type")
    if kind == "string":
        if schema.get("maxLength", 0) > _LONG_TEXT:
            return "textarea"
        return _TEXT_KINDS.get(schema.get("format", ""), "text")
    if kind in ("integer", "number"):
        return "number"
    if kind == "boolean":
        return "boolean"
    if kind == "array" and schema.get("items") and depth < _DEPTH:
        return "list"
    if kind == "object" and schema.get("properties") and depth < _DEPTH:
        return "object"
    return "json" if kind or "anyOf" in schema else "any"


# -- the files -------------------------------------------------------------------------------------------------------


@cache
def _template() -> jinja2.Template:
    # An environment of its own: the application's could replace the template and run code of its own in each page.
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["json"] = lambda value: current.app().json.dumps(value)
    return environment.get_template("page.html")


def _asset_url(name: str) -> str:
    version = sha256(content(name)).hexdigest()[:12]
    return url_for(ENDPOINT, name=name, v=version)
