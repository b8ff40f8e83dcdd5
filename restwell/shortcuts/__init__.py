"""Shortcuts: copies of what libraries do, without what nobody asked for, for the releases that they are known to fit.

With any other release, and with ``RESTWELL_SHORTCUTS=off`` in the environment, the library's own way is taken: slower,
never wrong. Nothing here imports a private part of a library before :func:`known` has said that it is there.
"""

from __future__ import annotations

import logging
import os
import sys
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Response

    from restwell.data.engines import Engines
    from restwell.shortcuts.engines import QuickEngine

VERSIONS = {
    "Flask": frozenset({"3.1.3"}),
    "Werkzeug": frozenset({"3.1.9"}),
    "SQLAlchemy": frozenset({"2.0.30", "2.0.58", "2.1.9"}),
}
"""The releases of each library with which the tests of its shortcuts have passed."""

_SWITCH = "RESTWELL_SHORTCUTS"
_OFF = ("off", "0", "false", "no")

_logger = logging.getLogger(__name__)
_told: set[str] = set()


def known(library: str) -> bool:
    """Whether the shortcuts for a library may be taken; if not, the log says so once.

    :param library: one of :data:`VERSIONS`, which has been imported.
    """
    if os.environ.get(_SWITCH, "").strip().lower() in _OFF:
        _tell(logging.INFO, f"{_SWITCH} is off; the plain way is taken")
        return False
    version = _version(library)
    if version in VERSIONS[library]:
        return True
    _tell(logging.WARNING, f"shortcuts for {library} {version} are not known to be safe; the plain way is taken")
    return False


def for_application(app: Flask) -> Callable[[Flask, bytes, int | None, list[tuple[str, str]]], Response] | None:
    """Let an application take the quick way through Flask and Werkzeug, method by method where it is not its own.

    :param app: the application.
    :returns: what makes its responses, see :attr:`restwell.registry.State.respond`; ``None`` where Werkzeug does.
    """
    if not all([known("Flask"), known("Werkzeug")]):  # each is told of
        return None
    from restwell.shortcuts import contexts, responses, routing

    routing.install(app)
    contexts.install(app)
    return responses.response_of if responses.is_copied() else None


def for_database(engines: Engines) -> QuickEngine | None:
    """The quick way for the single statements of a database.

    :param engines: the engines of the database.
    :returns: ``None`` where SQLAlchemy's own way has to be taken.
    """
    if not known("SQLAlchemy"):
        return None
    from restwell.shortcuts.engines import QuickEngine

    return QuickEngine(engines)


def _version(library: str) -> str:
    # Of what was imported, where it says so by itself: another one may be installed beside it.
    module = sys.modules.get(library.lower())
    return str(vars(module).get("__version__") or metadata.version(library)) if module else metadata.version(library)


def _tell(level: int, message: str) -> None:
    if message not in _told:
        _told.add(message)
        _logger.log(level, message)
