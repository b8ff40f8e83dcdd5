"""Result: what a method returns, taken apart into data, status and headers."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import Headers


def unpacked(result: Any) -> tuple[Any, Any, Any]:
    """Take apart what a method returns.

    :param result: data, or a tuple of data with a status, with headers (a dict, a list of pairs or
        :class:`~werkzeug.datastructures.Headers`), or with both, as Flask-RESTful and Flask take them.
    :returns: the data, the status and the headers.

    ::

        unpacked(({"id": 7}, 201))  # ({"id": 7}, 201, {})
        unpacked(({"id": 7}, {"X-Total": "1"}))  # ({"id": 7}, 200, {"X-Total": "1"})
    """
    if not isinstance(result, tuple) or len(result) not in (2, 3):
        return result, 200, {}
    if len(result) == 3:
        return result
    data, second = result
    return (data, 200, second) if isinstance(second, (dict, list, tuple, Headers)) else (data, second, {})
