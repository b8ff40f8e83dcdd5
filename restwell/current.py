"""Current: the application and the request that this code is running for, the one place that asks Flask for them.

Flask's proxies ``current_app`` and ``request`` look for their object anew at each access; who needs several attributes
asks here once for the object itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, current_app, has_app_context, has_request_context
from flask import request as current_request
from flask.ctx import AppContext
from flask.globals import app_ctx

__all__ = ["app", "context", "has_app_context", "has_request_context", "request"]

# Flask documents this method for whoever needs the object behind a proxy, in spite of its underscore.
app: Callable[[], Flask] = current_app._get_current_object  # type: ignore[attr-defined]
"""The current application; outside of one a ``RuntimeError`` with Flask's advice."""

request: Callable[[], Request] = current_request._get_current_object  # type: ignore[attr-defined]
"""The current request; outside of one a ``RuntimeError`` with Flask's advice."""

_HOLDS_REQUEST = hasattr(AppContext, "has_request")
"""From Flask 3.2 on, which has one context for both, Flask's methods around a request take it before anything else."""


def context() -> tuple[Any, ...]:
    """What Flask's own methods around a request, such as ``log_exception``, take before their other arguments."""
    return (app_ctx,) if _HOLDS_REQUEST else ()
