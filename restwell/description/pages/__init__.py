"""Pages: what a browser gets instead of JSON; what renders them is imported when one asks for them."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response as ResponseBase

from restwell.description.pages.assets import ENDPOINT, install
from restwell.output.negotiation import prefers

__all__ = ["ENDPOINT", "install", "is_preferred", "page"]


def is_preferred() -> bool:
    """Whether the current request's Accept puts HTML before JSON, as that of a browser does when it opens a URL."""
    return prefers("text/html")


def page(api: Any, response: ResponseBase) -> ResponseBase:
    """Put a JSON response on the page of its resource.

    :param api: the Api that answers the request.
    :param response: the response; it is changed.
    :returns: the same response.
    """
    from restwell.description.pages.rendering import put_on_page  # programs never need it

    return put_on_page(api, response)
