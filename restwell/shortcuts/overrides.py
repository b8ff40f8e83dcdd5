"""Overrides: which of Flask's methods an application has replaced."""

from __future__ import annotations

from types import FunctionType, MethodType

import flask.app
from flask import Flask


def is_flasks(app: Flask, name: str) -> bool:
    """Whether a method of an application is Flask's own.

    It is not where a subclass, the instance or a patch of the class Flask, also one by wrapt, has put another there.

    :param app: the application.
    :param name: the name of the method.
    """
    method = getattr(app, name)
    if type(method) is not MethodType:  # a proxy for one shows its function, too
        return False
    function = method.__func__
    return type(function) is FunctionType and function.__globals__ is vars(flask.app)
