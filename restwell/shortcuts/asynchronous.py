"""Asynchronous: which views and hooks are async, found out in a moment for those that are not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import CO_COROUTINE
from types import FunctionType, MethodType
from typing import Any

from flask import Flask

from restwell.shortcuts.overrides import is_flasks

_Function = Callable[..., Any]


def install(app: Flask) -> None:
    """Let an application pass plain functions through :meth:`flask.Flask.ensure_sync` at the cost of a look.

    Flask asks it of each view and hook of each request. An application with an ``ensure_sync`` of its own keeps it.

    :param app: the application.
    """
    if is_flasks(app, "ensure_sync"):
        app.ensure_sync = partial(_ensure_sync, app.ensure_sync)  # type: ignore[method-assign]


def _ensure_sync(original: Callable[[_Function], _Function], func: Any) -> _Function:
    kind = type(func)
    if kind is MethodType:  # it shows the code and the attributes of its function
        kind = type(func.__func__)
    if (
        kind is FunctionType
        and not func.__code__.co_flags & CO_COROUTINE
        and "_is_coroutine_marker" not in func.__dict__  # by inspect.markcoroutinefunction, from Python 3.12 on
    ):
        return func  # type: ignore[no-any-return]  # it came as a function
    return original(func)
