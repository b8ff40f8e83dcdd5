"""Options: all that an application can be told from outside, in one table."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask

from restwell.configuration import Kind, Option, boolean, choice, integer, text
from restwell.data import options as data
from restwell.description import options as description
from restwell.operations import cors, limits, logs, proxy, rate_limits, tokens
from restwell.registry import state_of


def _secret_key(value: Any) -> str | bytes:
    """A text or, in an application's own code, the bytes that Flask's documentation has there."""
    return value if isinstance(value, bytes) else text.parse(value)


OPTIONS = (
    Option("PORT", 5000, integer(0, 65535), "Port of `python run.py`; 0 is any free one"),
    Option(
        "SECRET_KEY",
        None,
        Kind(text.expected, _secret_key),
        "What `flask.session` is signed with, the same text in all processes; nothing else needs one",
    ),
    *data.OPTIONS,
    Option(
        "API_ERROR_FORMAT",
        "standard",
        choice("standard", "problem", "restful"),
        "How errors are written: `standard`, `problem` (RFC 9457) or `restful` (exactly as Flask-RESTful does)",
    ),
    Option(
        "API_STATUS_IN_BODY",
        None,
        boolean,
        "Whether `status` is in every JSON object; by default in errors",
    ),
    *tokens.OPTIONS,
    *cors.OPTIONS,
    *limits.OPTIONS,
    *rate_limits.OPTIONS,
    *proxy.OPTIONS,
    *logs.OPTIONS,
    *description.OPTIONS,
)
"""Every option, but those that an application declares for itself."""

_ENFORCED_HERE = (tokens.OPTIONS, cors.OPTIONS, limits.OPTIONS, rate_limits.OPTIONS, proxy.OPTIONS)
"""Options that nobody but :func:`restwell.setup` obeys, as long as they stand in the environment."""


def warn_of_unenforced(app: Flask) -> None:
    """Log a warning where an option is set, but nobody enforces it because ``restwell.setup`` was not called.

    What stands in ``app.config`` may be meant for the extension of that name; only those that begin with ``API_`` are
    nobody else's.

    :param app: the application.
    """
    if state_of(app).is_set_up:
        return
    names = [option.name for options in _ENFORCED_HERE for option in options]
    ignored = [
        name
        for name in names
        if (os.environ.get(name) and name not in app.config) or (name.startswith("API_") and app.config.get(name))
    ]
    if ignored:
        app.logger.warning(
            "%s: set, but nothing obeys it, because restwell.setup(app) was not called", ", ".join(ignored)
        )
