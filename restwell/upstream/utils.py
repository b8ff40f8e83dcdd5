"""What Flask-RESTful makes of a status and of a returned tuple."""

from flask_restful.utils import http_status_message, unpack

__all__ = ["http_status_message", "unpack"]
