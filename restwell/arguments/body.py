"""Body: the JSON in the body of a request."""

from __future__ import annotations

from typing import Any

import werkzeug

FORM_MEDIATYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def json_document(request: werkzeug.Request, default: Any) -> Any:
    """The JSON in the body of a request.

    :param request: the request.
    :param default: what to return when the body is empty or not JSON.
    :raises BadRequest: when it cannot be read.
    """
    if not request.is_json or not request.get_data():
        return default
    return request.get_json()
