"""The framework: resource classes, argument parsers, errors and JSON on Flask."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from restwell.api import Api, url_for
from restwell.arguments import inputs, reqparse
from restwell.arguments.body import FlaskJSONRequest, JsonRequest
from restwell.arguments.reqparse import expects
from restwell.data.entity_tags import conditional
from restwell.description.docs import OpenAPI
from restwell.errors.raising import APIError, JsonError, abort, abort_if_missing
from restwell.flask_json import FlaskJSON
from restwell.json.provider import FlaskJSONProvider, JSONEncoderEx
from restwell.output import fields
from restwell.output.marshalling import marshal, marshal_with, marshal_with_field
from restwell.output.responses import JsonTestResponse, as_json, as_json_p, json_response
from restwell.resource import Resource

if TYPE_CHECKING:
    from restwell.data.idempotency import idempotent
    from restwell.data.pagination import paginate

__all__ = [
    "APIError",
    "Api",
    "FlaskJSON",
    "FlaskJSONProvider",
    "FlaskJSONRequest",
    "JSONEncoderEx",
    "JsonError",
    "JsonRequest",
    "JsonTestResponse",
    "OpenAPI",
    "Resource",
    "abort",
    "abort_if_missing",
    "as_json",
    "as_json_p",
    "conditional",
    "expects",
    "fields",
    "idempotent",
    "inputs",
    "json_response",
    "marshal",
    "marshal_with",
    "marshal_with_field",
    "paginate",
    "reqparse",
    "url_for",
]

_DATABASE_ROOMS = {"idempotent": "data.idempotency", "paginate": "data.pagination"}

if not TYPE_CHECKING:  # it would tell a type checker that a misspelled name can be imported

    def __getattr__(name: str) -> Any:
        """Import what needs SQLAlchemy when it is first asked for: an application without a database starts sooner."""
        if name not in _DATABASE_ROOMS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f".{_DATABASE_ROOMS[name]}", __name__), name)
