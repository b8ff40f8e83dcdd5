"""Mistakes: what a programmer wrote that will not do what it says, told where it is written."""

from __future__ import annotations

import inspect
import warnings

_LIBRARIES = ("restwell", "flask_restful", "flask", "werkzeug")
"""Packages whose lines are nobody's mistake."""


def warn(message: str) -> None:
    """Warn of a mistake at the line of the application that made it.

    :param message: what is wrong, and what to write instead.
    """
    level, frame = 1, inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _LIBRARIES:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, stacklevel=level)
