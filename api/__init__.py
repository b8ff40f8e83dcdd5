"""The framework: resource classes, argument parsers, errors and JSON on Flask."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import fields, inputs, reqparse
from .api import Api, url_for
from .conditional import conditional
from .documentation import OpenAPI
from .encoding import FlaskJSONProvider, JSONEncoderEx
from .errors import APIError, JsonError, abort, abort_if_missing
from .extension import FlaskJSON
from .marshalling import marshal, marshal_with, marshal_with_field
from .reqparse import expects
from .requests import FlaskJSONRequest, JsonRequest
from .resource import Resource
from .responses import JsonTestResponse, as_json, as_json_p, json_response

if TYPE_CHECKING:
    from .idempotency import idempotent
    from .pagination import paginate

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

_DATABASE_ROOMS = {"idempotent": "idempotency", "paginate": "pagination"}


def __getattr__(name: str) -> Any:
    """Import what needs SQLAlchemy when it is first asked for: an application without a database starts sooner."""
    if name not in _DATABASE_ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_DATABASE_ROOMS[name]}", __name__), name)
