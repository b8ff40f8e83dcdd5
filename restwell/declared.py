"""Descriptions: what a decorator adds to an operation, for everything that describes the API."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

_ATTRIBUTE = "__description__"
_EXTENSION = "restwell.descriptions"


@dataclass(frozen=True)
class Description:
    """What an operation takes and answers beyond its parser and its output fields.

    :param parameters: OpenAPI Parameter Objects.
    :param responses: when each further status is given, by status.
    :param headers: OpenAPI Header Objects by status and name.
    :param media_types: JSON Schemas of further media types of the success response.
    :param is_partial: whether the client may ask for fewer than all output fields.
    """

    parameters: tuple[Mapping[str, Any], ...] = ()
    responses: Mapping[int, str] = field(default_factory=dict)
    headers: Mapping[int, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    media_types: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    is_partial: bool = False

    def __add__(self, other: Description) -> Description:
        parameters = {
            (parameter["name"], parameter["in"]): parameter for parameter in self.parameters + other.parameters
        }
        headers = {
            status: {**self.headers.get(status, {}), **other.headers.get(status, {})}
            for status in (*self.headers, *other.headers)
        }
        return Description(
            tuple(parameters.values()),
            {**self.responses, **other.responses},
            headers,
            {**self.media_types, **other.media_types},
            self.is_partial or other.is_partial,
        )


def docstring(documented: Any) -> str:
    """The docstring of a class or a function, up to the fields that Sphinx reads (``:param name: ...``)."""
    text = inspect.cleandoc(getattr(documented, "__doc__", None) or "")
    return re.split(r"^:", text, maxsplit=1, flags=re.M)[0].strip()


def describe(view: Callable[..., Any], description: Description, *, option: str | None = None) -> None:
    """Add a description to a view; decorators around it keep it through :func:`functools.wraps`.

    :param view: the function of a Resource method.
    :param description: what to add to what it already has; of two parameters with one name the later counts.
    :param option: the option of the configuration that has to be set for it to hold.
    """
    setattr(view, _ATTRIBUTE, (*getattr(view, _ATTRIBUTE, ()), (description, option)))


def description_of(view: Callable[..., Any], config: Mapping[str, Any]) -> Description:
    """What decorators have said about a view.

    :param view: the function of a Resource method.
    :param config: the configuration of the application.
    """
    added = getattr(view, _ATTRIBUTE, ())
    return sum((description for description, option in added if not option or config.get(option)), Description())


def describe_endpoints(app: Flask, description: Description, exempt: Collection[str] = ()) -> None:
    """Add a description to every operation of an application.

    :param app: the application, before or after its resources are added.
    :param description: what to add.
    :param exempt: endpoints of which it does not hold.
    """
    app.extensions.setdefault(_EXTENSION, []).append((description, exempt))


def description_of_endpoint(app: Flask, endpoint: str) -> Description:
    """What has been said about every operation of an application, as far as it holds of an endpoint."""
    added = app.extensions.get(_EXTENSION, ())
    return sum((description for description, exempt in added if endpoint not in exempt), Description())
