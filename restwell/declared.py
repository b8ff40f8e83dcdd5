"""Declared: what decorators say of a method, for everything that describes the API."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

_ATTRIBUTE = "__declaration__"


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


@dataclass(frozen=True)
class Declaration:
    """What the decorators of a method say of it.

    :param expects: the parser, schema or model that ``@expects`` was given.
    :param many: how many JSON objects it takes at once, where it takes lists.
    :param marshals: the instance of ``marshal_with`` or ``marshal_with_field`` that shapes what it returns.
    :param descriptions: what else was said, each with the option of the configuration that it depends on, if on any.
    """

    expects: Any = None
    many: int | None = None
    marshals: Any = None
    descriptions: tuple[tuple[Description, str | None], ...] = ()


def declaration_of(view: Callable[..., Any]) -> Declaration:
    """What the decorators of a method have said of it."""
    declaration: Declaration = getattr(view, _ATTRIBUTE, Declaration())
    return declaration


def declare(view: Callable[..., Any], **said: Any) -> None:
    """Say something of a method; decorators around it keep it through :func:`functools.wraps`.

    :param view: the method.
    :param said: values for the attributes of its :class:`Declaration`.
    """
    setattr(view, _ATTRIBUTE, replace(declaration_of(view), **said))


def describe(view: Callable[..., Any], description: Description, *, option: str | None = None) -> None:
    """Add a description to a method; decorators around it keep it through :func:`functools.wraps`.

    :param view: the method.
    :param description: what to add to what it already has; of two parameters with one name the later counts.
    :param option: the option of the configuration that has to be set for it to hold.
    """
    declare(view, descriptions=(*declaration_of(view).descriptions, (description, option)))


def description_of(view: Callable[..., Any], config: Mapping[str, Any]) -> Description:
    """What decorators have described of a method.

    :param view: the method.
    :param config: the configuration of the application.
    """
    added = declaration_of(view).descriptions
    return sum((description for description, option in added if not option or config.get(option)), Description())
