"""Body: the JSON in the body of a request."""

from __future__ import annotations

from typing import Any

import werkzeug

from restwell import current
from restwell.json.provider import provider_of

FORM_MEDIATYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


_DOCUMENT = "restwell_json"
"""The attribute of a request that keeps its JSON, which is read once however many parsers look at it."""


def json_document(request: werkzeug.Request, default: Any) -> Any:
    """The JSON in the body of a request, as the provider of resources reads it.

    What a hook has read before, perhaps by other rules, does not count.

    :param request: the request.
    :param default: what to return when the body is not JSON.
    :raises BadRequest: when it cannot be read, or is empty.
    """
    if not request.is_json:
        return default
    kept = vars(request)
    if type(request).get_json is not werkzeug.Request.get_json:  # a class that has a way of its own
        return request.get_json(cache=False)
    if _DOCUMENT not in kept:
        body = request.get_data()
        try:
            if not body:
                raise ValueError("it is empty")
            kept[_DOCUMENT] = provider_of(current.app()).loads(body)
        except ValueError as error:
            return request.on_json_loading_failed(error)
    return kept[_DOCUMENT]
