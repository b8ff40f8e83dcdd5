"""All names of Flask-RESTful's modules, also those that they have only imported or that are private."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def complete(twin: dict[str, Any], module: str) -> None:
    """Give the twin of a module the names that it does not have itself, so that no import of the module fails there.

    :param twin: the globals of the twin.
    :param module: the name of Flask-RESTful's module.
    :raises ImportError: when the module needs a package that is not installed.

    ::

        complete(globals(), "flask_restful.fields")
    """
    theirs = vars(import_module(module))
    # What type checkers know of the twin stands in its own __all__; `import *` takes what it takes there.
    twin["__all__"] = theirs.get("__all__") or [name for name in theirs if not name.startswith("_")]
    for name, value in theirs.items():
        if not (name.startswith("__") and name.endswith("__")):
            twin.setdefault(name, value)
