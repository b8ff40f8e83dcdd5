"""Flask-RESTful's parser of arguments."""

from flask_restful.reqparse import Argument, Namespace, RequestParser, text_type

__all__ = ["Argument", "Namespace", "RequestParser", "text_type"]
