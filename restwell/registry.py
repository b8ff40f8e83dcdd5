"""Registry: the Apis of an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from restwell.api import Api

_EXTENSION = "restwell"


def register(app: Flask, api: Api) -> None:
    """Add an Api to those of an application."""
    app.extensions.setdefault(_EXTENSION, []).append(api)


def apis_of(app: Flask) -> list[Api]:
    """The Apis of an application, in the order in which they were made."""
    apis: list[Api] = app.extensions.get(_EXTENSION, [])
    return apis


def api_of(app: Flask, endpoint: str) -> Api | None:
    """The Api that an endpoint belongs to.

    :param app: the application.
    :param endpoint: the endpoint, with the name of its blueprint.
    :returns: ``None`` for the endpoint of another view.
    """
    for api in apis_of(app):
        if api.owns_endpoint(endpoint):
            return api
    return None
