"""Flask-RESTful 0.3.10 on the Flask of today: the same imports, and the same answers to the byte.

Every module and every name of Flask-RESTful's has its twin here. :class:`Api` is a class of its own; all other names
are the very objects of :mod:`restwell`, which ask the Api that a request belongs to where the two differ::

    from restwell.flask_restful import Api, Resource, abort, fields, marshal_with, reqparse
"""

from flask import request

from restwell.api import url_for
from restwell.errors.raising import abort
from restwell.flask_restful.api import Api
from restwell.flask_restful.representations.json import output_json
from restwell.flask_restful.utils import (
    OrderedDict,
    http_status_message,
    unpack,
)
from restwell.output.marshalling import marshal, marshal_with, marshal_with_field
from restwell.resource import Resource
from restwell.upstream.names import complete

__all__ = [
    "Api",
    "OrderedDict",
    "Resource",
    "abort",
    "http_status_message",
    "marshal",
    "marshal_with",
    "marshal_with_field",
    "output_json",
    "request",
    "unpack",
    "url_for",
]

DEFAULT_REPRESENTATIONS = [("application/json", output_json)]

complete(globals(), "flask_restful")
