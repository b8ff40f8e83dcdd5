"""Overrides: whether a library's method is still its own, or replaced by an application or a tool that traces it."""

from __future__ import annotations

from types import FunctionType, MethodType, ModuleType
from typing import Any


def is_own(owner: Any, name: str, module: ModuleType) -> bool:
    """Whether a method is the one that a library's module defines.

    It is not where a subclass, the instance or a patch of the class, also one by wrapt, has put another there.

    :param owner: the object or the class that has the method.
    :param name: the name of the method.
    :param module: the module of the library.
    """
    method = getattr(owner, name)
    if type(method) is MethodType:  # a proxy for one shows its function, too
        method = method.__func__
    return type(method) is FunctionType and method.__globals__ is vars(module)
