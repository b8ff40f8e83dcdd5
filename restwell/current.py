"""Context: the contexts of the current application and request themselves, rather than Flask's proxies for them.

Each access through a proxy takes longer than most of what is asked of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask.ctx import AppContext, RequestContext
from flask.globals import _cv_app, _cv_request, app_ctx, request_ctx

app_context: Callable[[], AppContext] = partial(_cv_app.get, app_ctx)
"""The current application's context; outside of one the proxy, which raises ``RuntimeError`` with Flask's advice."""

request_context: Callable[[], RequestContext] = partial(_cv_request.get, request_ctx)
"""The current request's context; outside of one the proxy, which raises ``RuntimeError`` with Flask's advice."""
