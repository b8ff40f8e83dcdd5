"""The framework: resource classes, argument parsers, errors and JSON on Flask."""

from . import fields, inputs, reqparse
from .api import Api, url_for
from .documentation import OpenAPI
from .encoding import FlaskJSONProvider, JSONEncoderEx
from .errors import APIError, JsonError, abort, abort_if_missing
from .extension import FlaskJSON
from .marshalling import marshal, marshal_with, marshal_with_field
from .reqparse import expects
from .requests import FlaskJSONRequest, JsonRequest
from .resource import Resource
from .responses import JsonTestResponse, as_json, as_json_p, json_response

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
    "expects",
    "fields",
    "inputs",
    "json_response",
    "marshal",
    "marshal_with",
    "marshal_with_field",
    "reqparse",
    "url_for",
]
