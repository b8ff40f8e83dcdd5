"""Locations: the places of a request that an argument can be read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from werkzeug.wrappers import Request

from restwell import upstream
from restwell.arguments.body import FORM_MEDIATYPES, json_document
from restwell.errors.raising import abort


@dataclass(frozen=True)
class Location:
    """A place of a request.

    :param words: what a message calls it.
    :param places: where OpenAPI has it in a request with a body and, last, in one without.
    :param mediatypes: those of a body that it reads.
    :param holds_json: whether its values are JSON values; elsewhere they are text or files.
    """

    words: str
    places: tuple[str, ...]
    mediatypes: tuple[str, ...] = ()
    holds_json: bool = False

    @property
    def holds_form(self) -> bool:
        """Whether it reads a form."""
        return bool(self.mediatypes) and not self.holds_json


LOCATIONS: Mapping[str, Location] = {
    "json": Location("the JSON body", ("body",), ("application/json",), holds_json=True),
    "get_json": Location("get_json", ("body",), ("application/json",), holds_json=True),
    "form": Location("the post body", ("body",), FORM_MEDIATYPES),
    "files": Location("an uploaded file", ("body",), FORM_MEDIATYPES[1:]),
    "values": Location("the post body or the query string", ("body", "query"), FORM_MEDIATYPES),
    "args": Location("the query string", ("query",)),
    "headers": Location("the HTTP headers", ("header",)),
    "cookies": Location("the request's cookies", ("cookie",)),
}
"""The locations by the names that Flask-RESTful has for them; any other attribute of the request is one as well."""


def names_of(argument: upstream.reqparse.Argument) -> tuple[str, ...]:
    """The names of an argument's locations, of which it has one by its name or several in a list."""
    return (argument.location,) if isinstance(argument.location, str) else tuple(argument.location)


def locations_of(argument: upstream.reqparse.Argument) -> Iterator[Location]:
    """The locations of an argument, without those that are some other attribute of the request."""
    return (LOCATIONS[name] for name in names_of(argument) if name in LOCATIONS)


def words_for(argument: upstream.reqparse.Argument) -> str:
    """What a message says of where an argument should be."""
    return " or ".join(LOCATIONS[name].words if name in LOCATIONS else name for name in names_of(argument))


def reads_json(argument: upstream.reqparse.Argument) -> bool:
    """Whether an argument is read from a JSON body."""
    return any(location.holds_json for location in locations_of(argument))


def reads_form(argument: upstream.reqparse.Argument) -> bool:
    """Whether an argument is read from a form."""
    return any(location.holds_form for location in locations_of(argument))


def values_at(name: str, request: Any) -> Any:
    """What a request has at a location: a mapping of names to values or, with ``getlist``, to lists of values.

    :param name: the name of the location.
    :param request: the request, or any object that has the location as an attribute.
    :raises BadRequest: for a JSON body that cannot be read or is no object.
    """
    if isinstance(request, Request):
        if name in ("json", "get_json"):
            body = json_document(request, {})
            return body if isinstance(body, dict) else refuse_body(body)
        if name == "values" and request.is_json:
            return request.args if request.query_string else {}
    values = getattr(request, name, None)
    if callable(values):
        values = values()
    return {} if values is None else values


def values_as_flask_restful(name: str, request: Any) -> Any:
    """What Flask-RESTful finds at a location: for a JSON body whatever ``request.json`` is.

    :param name: the name of the location.
    :param request: the request, or any object that has the location as an attribute.
    :returns: usually a mapping; ``None`` where there is nothing, also for a body of another type than JSON, which
        Flask-RESTful answers with 415.
    :raises BadRequest: for a JSON body that cannot be read.
    """
    if name in ("json", "get_json") and isinstance(request, Request) and not request.is_json:
        return None
    try:
        values = getattr(request, name, None)
        return values() if callable(values) else values
    except RecursionError:
        abort(400, message="The JSON body is nested too deep to be read.")


def refuse_body(body: Any) -> NoReturn:
    """Refuse a JSON body that is not an object, as there are no arguments in it.

    :param body: the JSON value.
    :raises BadRequest: always.
    """
    kinds = {list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    abort(400, message=f"The JSON body must be an object, not {kinds.get(type(body), 'null')}.")
