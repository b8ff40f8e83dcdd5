"""The framework: resource classes, argument parsers, errors and JSON on Flask."""

from . import fields, inputs, reqparse
from .api import Api, url_for
from .errors import APIError, JsonError, abort, abort_if_missing
from .marshalling import marshal, marshal_with, marshal_with_field
from .reqparse import expects
from .resource import Resource

__all__ = [
    "APIError",
    "Api",
    "JsonError",
    "Resource",
    "abort",
    "abort_if_missing",
    "expects",
    "fields",
    "inputs",
    "marshal",
    "marshal_with",
    "marshal_with_field",
    "reqparse",
    "url_for",
]
