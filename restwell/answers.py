"""Answers: who answers an exception that leaves a resource, where the application has handlers of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import werkzeug.exceptions
from flask import Flask
from werkzeug.exceptions import HTTPException, InternalServerError

from restwell import current
from restwell.errors.databases import withhold_values

Handler = Callable[[Any], Any]

_OF_EVERYBODY = frozenset(
    {BaseException, Exception, *(kind for kind in vars(werkzeug.exceptions).values() if isinstance(kind, type))}
)
"""Exceptions that are nobody's own: a handler for one of them, such as a page for 404, means the views of a site."""


def own_handler(error: Exception) -> Handler | None:
    """The handler that the application has registered for an exception of its own or of an extension.

    :param error: the exception.
    :returns: of those that Flask would consider, blueprints first, the first one for a class that is neither
        ``Exception`` nor an HTTP error of Werkzeug's; ``None`` where there is none.
    """
    return next((handler for kind, handler in _registered(error) if kind not in _OF_EVERYBODY), None)


def has_handler(error: Exception) -> bool:
    """Whether Flask would ask any handler of the application for an exception, also one for its status."""
    return next(_registered(error), None) is not None


def answers_everything() -> bool:
    """Whether the application has a handler for ``Exception`` or for the status 500."""
    last = {BaseException, Exception, InternalServerError}
    return any(kind in last for kind, _ in _registered(InternalServerError()))


def _registered(error: Exception) -> Iterator[tuple[type[BaseException], Handler]]:
    """The handlers that Flask considers for an exception, in its order, each with the class it is registered for."""
    # The attribute has no underscore, but Flask documents only the decorator that fills it: who is registered cannot be
    # asked otherwise.
    registered = current.app().error_handler_spec
    kind = type(error)
    statuses = [kind.code, None] if isinstance(error, HTTPException) and kind.code is not None else [None]  # type: ignore[attr-defined]
    for status in statuses:
        for name in (*current.request().blueprints, None):
            handlers = registered.get(name, {}).get(status, {})
            yield from ((each, handlers[each]) for each in kind.__mro__ if each in handlers)


def log(error: Exception) -> None:
    """Log an exception with its traceback, as Flask does for a view, but without what was sent to a database.

    :param error: the exception, raised or not.
    """
    withhold_values(error)
    log_exception: Callable[..., None] = current.app().log_exception
    log_exception(*current.context(), (type(error), error, error.__traceback__))


def propagates(app: Flask) -> bool:
    """Whether an exception that nobody expected is raised through the server, as in tests and in debug mode."""
    propagate = app.config["PROPAGATE_EXCEPTIONS"]
    return app.testing or app.debug if propagate is None else bool(propagate)
