"""The request class of Flask-JSON."""

from __future__ import annotations

from typing import Any

from flask import Request, current_app

from .errors import JsonError
from .responses import option


class JsonRequest(Request):
    """A request whose ``get_json()`` raises :class:`JsonError` where the body is not JSON."""

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Ask the ``invalid_json_error`` handler, and raise a 400 with ``JSON_DECODE_ERROR_MESSAGE`` otherwise.

        :param e: what is wrong with the body; ``None`` where its content type is not JSON's.
        :returns: what the handler returned: ``get_json()`` returns it.
        :raises JsonError: when there is no handler or it returned ``None``.
        """
        extension = current_app.extensions.get("json")
        if extension and extension.invalid_json_handler:
            value = extension.invalid_json_handler(e)
            if value is not None:
                return value
        message = option("JSON_DECODE_ERROR_MESSAGE")
        raise (JsonError(description=message) if message else JsonError()) from e


FlaskJSONRequest = JsonRequest
"""The name of :class:`JsonRequest` in Flask-JSON 0.4.0."""
