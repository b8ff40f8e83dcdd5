"""Flask-RESTful's own classes and functions, typed.

Flask-RESTful has no type hints, so that for a type checker a class derived from one of its classes has any attribute
and takes any argument. Each module here gives the very objects of its namesake there; what they take and give stands in
the stub beside it. The rest of Restwell imports Flask-RESTful from here alone.
"""

from flask_restful import Api, Resource, abort, marshal, marshal_with, marshal_with_field

from restwell.upstream import fields, inputs, reqparse, utils

__all__ = [
    "Api",
    "Resource",
    "abort",
    "fields",
    "inputs",
    "marshal",
    "marshal_with",
    "marshal_with_field",
    "reqparse",
    "utils",
]
