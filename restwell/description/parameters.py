"""Parameters: where a request has its arguments, as OpenAPI describes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from werkzeug.routing import (
    AnyConverter,
    BaseConverter,
    FloatConverter,
    IntegerConverter,
    Map,
    PathConverter,
    Rule,
    UnicodeConverter,
    UUIDConverter,
)

from restwell.arguments.locations import locations_of
from restwell.description.json_schema import Schema, argument_schema
from restwell.upstream.reqparse import Argument

VERBS_WITH_BODY = ("post", "put", "patch")

_ANY_SEGMENT = "[^/]{1,}"
"""The regular expression of a string without a length."""


def places(argument: Argument, verb: str) -> set[str]:
    """Where a request of a method has an argument: ``"body"``, or a place of OpenAPI's Parameter Object.

    :param argument: the argument of a parser.
    :param verb: the method in lower case. A GET or DELETE has its arguments in the URL, unless they can be nowhere but
        in the body.
    """
    has_body = verb in VERBS_WITH_BODY
    found = {location.places[0 if has_body else -1] for location in locations_of(argument)}
    return found if has_body or len(found) < 2 else found - {"body"}


def is_required(argument: Argument, verb: str) -> bool:
    """Whether an argument must be in the one place that it has."""
    return bool(argument.required) and len(places(argument, verb)) == 1


def argument_parameters(arguments: Iterable[Argument], verb: str) -> Iterator[dict[str, Any]]:
    """The Parameter Objects of the arguments that are not in the body."""
    for argument in arguments:
        schema = argument_schema(argument, textual=True)
        description = schema.pop("description", None)
        operators = list(argument.operators)
        for place in sorted(places(argument, verb) - {"body"}):
            for operator in operators:
                parameter: dict[str, Any] = {"name": argument.name + operator.replace("=", "", 1), "in": place}
                if description:
                    parameter["description"] = description
                if is_required(argument, verb) and len(operators) == 1:
                    parameter["required"] = True
                yield {**parameter, "schema": schema}


def path_parameters(rule: Rule) -> Iterator[dict[str, Any]]:
    """The Parameter Objects of the variables of a URL."""
    for name, converter in _converters(rule).items():
        yield {"name": name, "in": "path", "required": True, "schema": _converter_schema(converter)}


def may_lead_nowhere(rule: Rule) -> bool:
    """Whether some texts without a slash are no value of a variable of a URL, so that nothing is found there."""
    return not all(
        type(converter) is PathConverter or converter.regex == _ANY_SEGMENT for converter in _converters(rule).values()
    )


class _Inquiry(Rule):
    """A copy of a rule that keeps the converters which the rule hands out to be compiled, and shows to nobody later."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.rule, endpoint=rule.endpoint, subdomain=rule.subdomain, host=rule.host)
        self.asked = rule
        self.converters: dict[str, BaseConverter] = {}

    def get_converter(self, variable_name: str, *arguments: Any) -> BaseConverter:
        """The converter of the rule itself, which may be of a class of the application's own."""
        return self.converters.setdefault(variable_name, self.asked.get_converter(variable_name, *arguments))


def _converters(rule: Rule) -> dict[str, BaseConverter]:
    """The converters of the variables of a URL, in their order."""
    inquiry = _Inquiry(rule)
    Map([inquiry], host_matching=rule.map.host_matching)
    return inquiry.converters


def _converter_schema(converter: BaseConverter) -> Schema:
    if isinstance(converter, IntegerConverter | FloatConverter):
        minimum = converter.min if converter.signed else max(0, converter.min or 0)
        kind = "integer" if isinstance(converter, IntegerConverter) else "number"
        bounds = {"minimum": minimum, "maximum": converter.max}
        return {"type": kind, **{bound: value for bound, value in bounds.items() if value is not None}}
    if isinstance(converter, UUIDConverter):
        return {"type": "string", "format": "uuid"}
    if isinstance(converter, AnyConverter):
        return {"type": "string", "enum": sorted(converter.items)}
    if isinstance(converter, PathConverter):
        return {"type": "string", "minLength": 1}
    if isinstance(converter, UnicodeConverter):
        lengths = re.findall(r"\d+", converter.regex)
        bounds = {"minLength": int(lengths[0])}
        if not converter.regex.endswith(",}"):
            bounds["maxLength"] = int(lengths[-1])
        return {"type": "string", **bounds}
    return {"type": "string"}
