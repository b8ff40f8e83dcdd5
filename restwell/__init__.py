"""Restwell: resource classes, argument parsers, errors and JSON on Flask.

``pip install restwell`` is all of it but the database: what needs one needs the extra ``data``, and is imported when it
is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from flask import Flask

from restwell.api import Api, url_for
from restwell.arguments import inputs, reqparse
from restwell.arguments.expectation import expects
from restwell.configuration import ConfigurationError, Option
from restwell.declared import describe
from restwell.description import pages
from restwell.errors.raising import APIError, JsonError, abort, abort_if_missing
from restwell.flask_json import FlaskJSON, FlaskJSONRequest, JsonRequest, JsonTestResponse
from restwell.json.provider import FlaskJSONProvider, JSONEncoderEx
from restwell.output import fields
from restwell.output.marshalling import marshal, marshal_with, marshal_with_field
from restwell.output.responses import as_json, as_json_p, json_response
from restwell.resource import Resource

if TYPE_CHECKING:
    from restwell.data.column_types import FixedPoint, UTCDateTime
    from restwell.data.database import Database
    from restwell.data.entity_tags import StaleVersion, conditional
    from restwell.data.idempotency import idempotent, key_table
    from restwell.data.pagination import paginate
    from restwell.data.statements import Statement
    from restwell.description.docs import OpenAPI
    from restwell.description.pages.index import Index
    from restwell.operations.setup import setup

_LATER = {
    "Index": "restwell.description.pages.index",
    "OpenAPI": "restwell.description.docs",
    "StaleVersion": "restwell.data.entity_tags",
    "conditional": "restwell.data.entity_tags",
    "setup": "restwell.operations.setup",
}
"""Names that are imported when they are first asked for, because few programs need them at once."""

_NEED_DATABASE = {
    "Database": "restwell.data.database",
    "FixedPoint": "restwell.data.column_types",
    "Statement": "restwell.data.statements",
    "UTCDateTime": "restwell.data.column_types",
    "idempotent": "restwell.data.idempotency",
    "key_table": "restwell.data.idempotency",
    "paginate": "restwell.data.pagination",
}
"""Names that need the extra ``data``."""

__all__ = [
    "APIError",
    "Api",
    "ConfigurationError",
    "Database",
    "FixedPoint",
    "FlaskJSON",
    "FlaskJSONProvider",
    "FlaskJSONRequest",
    "Index",
    "JSONEncoderEx",
    "JsonError",
    "JsonRequest",
    "JsonTestResponse",
    "OpenAPI",
    "Option",
    "Resource",
    "StaleVersion",
    "Statement",
    "UTCDateTime",
    "abort",
    "abort_if_missing",
    "as_json",
    "as_json_p",
    "conditional",
    "describe",
    "expects",
    "fields",
    "idempotent",
    "inputs",
    "json_response",
    "key_table",
    "marshal",
    "marshal_with",
    "marshal_with_field",
    "paginate",
    "reqparse",
    "setup",
    "url_for",
]

if not TYPE_CHECKING:

    class _PublicNames(list):
        """All public names, of which ``import *`` leaves out those that need an extra.

        It goes through all of them, to import what is a module, and then asks for each by its position.
        """

        def __iter__(self):
            return (name for name in super().__iter__() if name not in _NEED_DATABASE or _is_there(name))

        def __getitem__(self, position):
            return [name for name in super().__iter__() if name not in _NEED_DATABASE][position]

    def _is_there(name: str) -> bool:
        try:
            return bool(__getattr__(name))
        except ImportError:
            return False

    __all__ = _PublicNames(__all__)


def _look_over(app: Flask) -> None:
    from restwell.operations.options import warn_of_unenforced  # asked once, and never by a program without requests

    warn_of_unenforced(app)


# The rooms of both stand above that of the Api, which only knows what it asks of them.
Api.pages = pages
Api.at_first_request = staticmethod(_look_over)

if not TYPE_CHECKING:  # it would tell a type checker that a misspelled name can be imported

    def __getattr__(name: str) -> Any:
        """Import what not every program needs when it is first asked for."""
        module = _LATER.get(name) or _NEED_DATABASE.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        try:
            value = getattr(import_module(module), name)
        except ImportError as error:
            if name not in _NEED_DATABASE or (error.name or "").partition(".")[0] == __name__:
                raise
            library = error.name if isinstance(error, ModuleNotFoundError) else f"another release of {error.name}"
            raise ImportError(f"restwell.{name} needs {library}: pip install 'restwell[data]'") from error
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *_LATER, *_NEED_DATABASE})
