"""Asynchronous: the one way in which what may be async is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from restwell import current

P = ParamSpec("P")


def synchronous(function: Callable[P, Any]) -> Callable[P, Any]:
    """The function itself or, where it is ``async``, one that awaits it as the current application runs async views.

    Decorators ask for it when they are applied, so that an ordinary function costs nothing more.

    :param function: the function.
    :returns: a function whose result is never a coroutine of ``function``; see :meth:`flask.Flask.ensure_sync`.
    """
    if not inspect.iscoroutinefunction(function):
        return function

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> Any:
        return current.app().ensure_sync(function)(*args, **kwargs)

    return run
