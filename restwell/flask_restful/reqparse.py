"""The twin of ``flask_restful.reqparse``: parsers of arguments."""

from flask import request

from restwell import flask_restful
from restwell.arguments.reqparse import (
    Argument,
    Namespace,
    RequestParser,
)
from restwell.upstream.names import complete
from restwell.upstream.reqparse import text_type

__all__ = [
    "Argument",
    "Namespace",
    "RequestParser",
    "flask_restful",
    "request",
    "text_type",
]

complete(globals(), "flask_restful.reqparse")
