"""Result: what a method returns, taken apart into data, status and headers."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from restwell import current
from restwell.registry import answers_as_flask_restful


def unpacked(result: Any) -> tuple[Any, Any, Any]:
    """Take apart what a method returns.

    :param result: data, or a tuple of data with a status, with headers (a dict, a list of pairs or
        :class:`~werkzeug.datastructures.Headers`), or with both, as Flask-RESTful and Flask take them. A named tuple is
        data: a row whose second column is no status.
    :returns: the data, the status and the headers.

    ::

        unpacked(({"id": 7}, 201))  # ({"id": 7}, 201, {})
        unpacked(({"id": 7}, {"X-Total": "1"}))  # ({"id": 7}, 200, {"X-Total": "1"})
    """
    if not isinstance(result, tuple) or len(result) not in (2, 3) or is_row(result):
        return result, 200, {}
    if len(result) == 3:
        return result
    data, second = result
    return (data, 200, second) if isinstance(second, (dict, list, tuple, Headers)) else (data, second, {})


def in_one(result: Any) -> Any:
    """A response that has a status or headers behind it as one response; any other result as it is.

    :param result: what a method returned.
    """
    if isinstance(result, tuple) and result and isinstance(result[0], Response):
        return current.app().make_response(result)
    return result


def is_row(data: Any) -> bool:
    """Whether a tuple is a row with names for its columns; to Flask-RESTful it is a tuple as any other.

    :param data: a tuple.
    """
    return type(data) is not tuple and hasattr(data, "_fields") and not answers_as_flask_restful()
