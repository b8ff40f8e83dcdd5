"""Views: the methods of resources as a request runs them, and what is known of what they take and give."""

from __future__ import annotations

import collections.abc
import inspect
import re
import typing
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.routing import Rule

from restwell.declared import declaration_of
from restwell.description.source import source_of
from restwell.output.fields import List, Nested
from restwell.upstream.reqparse import RequestParser

VERBS = ("get", "post", "put", "patch", "delete")
"""The methods that are described. HEAD is answered by ``get`` and OPTIONS by Flask, for every resource alike."""


def url_template(rule: Rule) -> str:
    """The URL of a rule with its variables as in OpenAPI: ``/items/{item_id}``."""
    return re.sub(r"<(?:[^<>]*:)?([^<>]+)>", r"{\1}", rule.rule)


def decorated_view(resource: Any, verb: str) -> Callable[..., Any]:
    """The method of a resource with its ``method_decorators`` around it, as a request runs it.

    :param resource: the class.
    :param verb: the method in lower case.
    """
    view: Callable[..., Any] = getattr(resource, verb)
    decorators = resource.method_decorators
    for decorator in decorators.get(verb, ()) if isinstance(decorators, Mapping) else decorators:
        view = decorator(view)
    return view


def parsers_of(view: Callable[..., Any]) -> list[RequestParser]:
    """The parsers that a view is known to use: that of ``@expects``, and those whose ``parse_args`` its code calls."""
    expected = declaration_of(view).expects
    return [*([expected] if isinstance(expected, RequestParser) else []), *source_of(view).parsers]


def output_fields(marshals: Any) -> Mapping[str, Any] | None:
    """The fields that ``marshal_with`` writes, or those in the field of ``marshal_with_field`` if it has any.

    :param marshals: the ``marshal_with`` or ``marshal_with_field`` that a view has declared.
    """
    field = getattr(marshals, "field", None)
    while isinstance(field, List):
        field = field.container
    fields: Mapping[str, Any] | None = field.nested if isinstance(field, Nested) else getattr(marshals, "fields", None)
    return fields


def returns_list(view: Callable[..., Any]) -> bool | None:
    """What the return annotation of a view says of its data; ``None`` where it says nothing."""
    try:
        annotation = typing.get_type_hints(inspect.unwrap(view)).get("return", Any)
    except Exception:  # an annotation may be any expression, and names in it may be missing
        return None
    if typing.get_origin(annotation) is tuple:
        annotation = typing.get_args(annotation)[0]
    kind = typing.get_origin(annotation) or annotation
    if annotation is Any or kind is object or not isinstance(kind, type):
        return None
    return issubclass(kind, collections.abc.Iterable) and not issubclass(kind, collections.abc.Mapping)


def variable_name(value: Any, view: Callable[..., Any]) -> str:
    """The name that the module of a view has for a value; empty where it has none."""
    names = getattr(inspect.unwrap(view), "__globals__", {}).items()
    return next((name for name, known in names if known is value and value is not None), "")
