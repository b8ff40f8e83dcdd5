"""Argument parsers: what a Resource method takes from the request, checked and converted."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from copy import copy
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.wrappers import Request

from restwell import current, mistakes, upstream
from restwell.arguments.inputs import (
    Input,
    InvalidElements,
    as_flask_restful,
    called,
    is_flask_restfuls,
    storable_text,
    unstorable_texts,
)
from restwell.arguments.locations import (
    LOCATIONS,
    locations_of,
    names_of,
    refuse_body,
    values_as_flask_restful,
    values_at,
    words_for,
)
from restwell.errors.encodings import refuse_encoded
from restwell.errors.raising import abort
from restwell.registry import answers_as_flask_restful
from restwell.schemas import validation_failures
from restwell.upstream.reqparse import Namespace, text_type

if TYPE_CHECKING:
    from typing_extensions import Self

    from restwell.upstream.reqparse import Converter

__all__ = ["Argument", "Namespace", "RequestParser"]

_PLAIN_TYPES = (text_type, str, int, float, bool, list, dict)  # no set: a type need not be hashable
"""Types that take the value alone; any other may take the argument's name and operator as well."""

_ACTIONS = ("store", "append")

_REFUSALS: tuple[tuple[Any, str], ...] = (
    (dict, "must be a JSON object"),
    (list, "must be a list"),
    (int, "must be an integer"),
    (float, "must be a number"),
    (decimal.Decimal, "must be a number"),
)
"""What a value must be that one of Python's own types cannot take."""

_REFUSED = "is not a valid value"

_SOURCES = "restwell_argument_sources"
"""The attribute of a request in which a parser keeps what is at each location, until it is done."""


class Argument(upstream.reqparse.Argument):
    """One argument of a parser, with every option of Flask-RESTful's ``Argument``.

    ``type`` also takes an input of ``restwell.inputs``, which is strict about the JSON type, and another
    :class:`RequestParser` for a JSON object, or for a list of them with ``action="append"``. Of several locations the
    first one that has the argument counts, so that by default a query does not overrule a body; with
    ``action="append"`` the values of all of them.

    :raises TypeError: where ``type`` is nothing that a value can be given to.
    """

    if not TYPE_CHECKING:  # for which the signature is that of Flask-RESTful's

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.type = called(self.type)
            self._look_over()

    def _look_over(self) -> None:
        """Tell the mistakes that a client would meet otherwise."""
        if not callable(self.type) and not callable(getattr(self.type, "convert", None)):
            raise TypeError(f"The type of the argument {self.name!r} is none: {self.type!r}")
        if self.action not in _ACTIONS:
            mistakes.warn(
                f"The argument {self.name!r} has action={self.action!r}, which is neither 'store' nor 'append': "
                "its value is taken as it is."
            )
        if isinstance(self.choices, str):
            mistakes.warn(
                f"The argument {self.name!r} has the text {self.choices!r} for its choices, so that any part of it can "
                "be chosen; write a list."
            )

    def __getstate__(self) -> dict[str, Any]:
        state = dict(vars(self))
        if state.get("type") is text_type:  # a function without a name, which pickle would not find again
            del state["type"]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update({"type": text_type, **state})

    def source(self, request: Any) -> Any:
        """The values at the argument's location, merged where there are several.

        :param request: the request, or any object that has the locations as attributes.
        :returns: a mapping; a ``MultiDict`` for several locations.
        """
        if answers_as_flask_restful():
            return self._source_as_flask_restful(request)
        if isinstance(self.location, str):
            return values_at(self.location, request)
        merged: MultiDict[str, Any] = MultiDict()
        for location in self.location:
            values: MultiDict[str, Any] = MultiDict(values_at(location, request))
            if self.action != "append":
                for name in merged:
                    values.poplist(name)  # the first location counts
            merged.update(values)
        return merged

    def _source_as_flask_restful(self, request: Any) -> Any:
        """What Flask-RESTful finds at the locations, and 400 for a body of which it makes an error of the server."""
        if isinstance(self.location, str):
            values = values_as_flask_restful(self.location, request)
            if values is None or isinstance(values, Mapping):
                return MultiDict() if values is None else values
            names = [self.name + operator.replace("=", "", 1) for operator in self.operators]
            if isinstance(values, (list, str)) and not any(name in values for name in names):
                return MultiDict()
            return values_at(self.location, request) if hasattr(values, "get") else refuse_body(values)
        merged: MultiDict[str, Any] = MultiDict()
        for location in self.location:
            values = values_as_flask_restful(location, request)
            try:
                merged.update({} if values is None else values)
            except (TypeError, ValueError):
                refuse_body(values)
        return merged

    def parse(self, request: Any, bundle_errors: bool = False) -> tuple[Any, Any]:
        """Find the argument in the request and convert it.

        :param request: the request, or any object that has the locations as attributes.
        :param bundle_errors: give a failure back instead of aborting.
        :returns: the value and whether it was found; for a bundled failure the exception and its messages.
        :raises BadRequest: for a failure that is not bundled.
        """
        is_first = _SOURCES not in getattr(request, "__dict__", ())  # otherwise the parser has asked already
        if is_first and not _is_restwells(self.type) and answers_as_flask_restful():
            argument = self if self.case_sensitive else copy(self)  # Flask-RESTful changes the choices
            return super(Argument, argument).parse(request, bundle_errors)
        sources = self._sources(request)
        if not self.required and self.operators == ("=",) and len(sources) == 1 and self.name not in sources[0]:
            return self._default(), False  # as for most arguments of most query strings
        values = []
        is_empty_list = False
        for operator in self.operators:
            name = self.name if operator == "=" else self.name + operator.replace("=", "", 1)
            occurrences: list[tuple[Any, bool]] = []
            for source in sources:
                if name not in source:
                    continue
                here = self._occurrences(source, name)
                is_empty_list = not here
                occurrences = occurrences + here if self.action == "append" else occurrences or here  # the first counts
            refused: dict[int, Exception] = {}
            for position, (value, text) in enumerate(occurrences):
                try:
                    values.append(self._checked(value, operator, text))
                except Exception as error:  # whatever a type raises is a refusal, as in Flask-RESTful
                    if self.ignore:
                        continue
                    refused[position] = self._in_words(error)
                    if not self._tells_all(bundle_errors):
                        break
                if request.unparsed_arguments:
                    request.unparsed_arguments.pop(name, None)
            if refused:
                return cast("tuple[Any, Any]", self.handle_validation_error(self._refusal(refused), bundle_errors))

        if values:
            single = self.action == "store" or (self.action != "append" and len(values) == 1)
            return (values[0] if single else values), True
        if is_empty_list and self.action == "append" and not answers_as_flask_restful():
            return [], True  # which for Flask-RESTful is as good as nothing
        if self.required:
            missing = f"Missing required parameter in {words_for(self)}"
            return cast("tuple[Any, Any]", self.handle_validation_error(ValueError(missing), bundle_errors))
        return self._default(), False

    def _tells_all(self, bundle_errors: bool) -> bool:
        """Whether each element that is refused is named, rather than the first one alone."""
        if self.action != "append" or not (bundle_errors or current.app().config.get("BUNDLE_ERRORS")):
            return False
        return not answers_as_flask_restful()

    def _refusal(self, refused: Mapping[int, Exception]) -> Exception:
        """What is wrong with the values at these positions; a single one of Flask-RESTful's types has none."""
        if self.action != "append" or (len(refused) == 1 and not _is_restwells(self.type)):
            return next(iter(refused.values()))
        return InvalidElements(
            {
                f"[{position}]{path}": message
                for position, error in refused.items()
                for path, message in failures_of(error)
            }
        )

    def _in_words(self, error: Exception) -> Exception:
        """A refusal that a client can read, of whatever a type has raised.

        Python's own words say how the application is written. That a type fails where it should refuse is logged,
        without a message that might be made of what the client sent.
        """
        failures = validation_failures(error)
        if failures is not None:
            return InvalidElements({_inside(path): message for path, message in failures.items()})
        words = next((words for kind, words in _REFUSALS if kind is self.type), None)
        if isinstance(error, (ValueError, HTTPException)) and self.type is not dict:
            return error
        if isinstance(error, InvalidElements) or answers_as_flask_restful():
            return error
        if words is None:
            told = error if isinstance(error, (AttributeError, NameError, TypeError)) else None
            current.app().logger.warning(
                "The type of the argument %r failed with %s.", self.name, type(error).__name__, exc_info=told
            )
        return ValueError(words or _REFUSED)

    def _default(self) -> Any:
        return self.default() if callable(self.default) else self.default

    def _occurrences(self, source: Any, name: str) -> list[tuple[Any, bool]]:
        """Each value that a source has of a name, and whether it is text rather than a JSON value."""
        if hasattr(source, "getlist"):
            values = source.getlist(name)
            if self.action != "append" and getattr(self.type, "takes_several", False):
                return [self._together(values, isinstance(source, Headers))]
            return [(value, isinstance(value, str)) for value in values]
        value = source[name]
        if isinstance(value, list) and self._spreads_lists():
            return [(element, False) for element in value]
        return [(value, False)]

    def _together(self, values: list[Any], is_header: bool) -> tuple[Any, bool]:
        """All values of a name as the one value of a type that takes them at once."""
        if not all(isinstance(value, str) for value in values):
            return values, False
        if is_header:  # whose several values stand in one line, with commas between them
            values = [part.strip(" \t") for value in values for part in value.split(",")]
        return values, True

    def _sources(self, request: Any) -> list[Any]:
        """The values at each of the argument's locations; a parser looks there once for all its arguments."""
        if type(self).source is not Argument.source:
            return [self.source(request)]
        location = self.location
        if type(location) is not tuple and not isinstance(location, str):
            location = tuple(location)  # a list is no key
        try:
            found: dict[Any, list[Any]] = request.__dict__[_SOURCES]
        except (AttributeError, KeyError):  # no parser has begun with it
            found = {}
        if location in found:
            return found[location]
        names = location if type(location) is tuple else (location,)
        sources = [values_at(name, request) for name in names]
        if LOCATIONS.keys() >= set(names):
            found[location] = sources
        return sources

    def _spreads_lists(self) -> bool:
        """Whether a JSON list stands for several values of the argument, as in Flask-RESTful, or for one."""
        if self.action == "append":
            return True
        if self.type is list and not answers_as_flask_restful():
            return False  # nothing of what was sent is lost
        return not isinstance(self.location, str) and not _is_restwells(self.type)

    def _checked(self, value: Any, operator: str, text: bool) -> Any:
        choices = self.choices
        if text and type(value) is list:
            value = [each.strip() for each in value] if self.trim else value
            value = value if self.case_sensitive else [each.lower() for each in value]
        elif self.trim and (type(value) is str or hasattr(value, "strip")):
            value = value.strip()
        if not self.case_sensitive and hasattr(value, "lower"):
            value = value.lower()
            choices = [choice.lower() for choice in choices]
        if value is not None and _converts_strictly(self.type.__class__):
            try:
                if text or self.type.__class__.convert is not Input.convert:
                    value = self.type.convert(value, text=text, argument=self.name)
                else:
                    value = self.type.from_json(value)
            except ValueError as error:
                if _is_restwells(self.type):
                    raise InvalidElements(dict(failures_of(error))) from error
                raise
        else:
            if isinstance(value, str):
                storable_text(value)
            elif isinstance(value, (dict, list)) and not answers_as_flask_restful():
                unstorable = unstorable_texts(value)
                if unstorable:
                    raise InvalidElements({_inside(path): message for path, message in unstorable.items()})
            value = self.convert(value, operator)
        if choices and value not in choices:
            raise ValueError(f"{value} is not a valid choice")
        return value

    def convert(self, value: Any, op: str) -> Any:
        """Give a value the argument's type.

        :param value: the value as it came.
        :param op: the operator behind the name, ``"="`` by default.
        :returns: ``None`` for null where the argument is nullable.
        :raises Exception: whatever the type raises for a value that it refuses.
        """
        if value is None:
            if not self.nullable:
                raise ValueError("Must not be null!")
            return None
        if _converts_strictly(self.type.__class__):
            return self._converted_as_flask_restful(value, op)
        if self.type is float or self.type is decimal.Decimal:
            number = self.type(str(value) if self.type is decimal.Decimal else value)
            if not math.isfinite(number) and not answers_as_flask_restful():
                raise ValueError("must be a finite number")
            return number
        if self.type in _PLAIN_TYPES:
            return self.type(value)
        return super().convert(value, op)

    def _converted_as_flask_restful(self, value: Any, op: str) -> Any:
        if is_flask_restfuls(self.type):
            function = as_flask_restful(self.type)
            for further in ((self.name, op), (self.name,)):
                try:
                    return function(value, *further)
                except TypeError:  # perhaps it takes fewer
                    continue
            return function(value)
        text = isinstance(value, str)
        return self.type.convert(value, text=text, argument=self.name)

    def handle_validation_error(self, error: Exception, bundle_errors: bool) -> tuple[Exception, dict[str, str]]:
        """Refuse the argument: abort with 400, or give the messages back where failures are bundled.

        :param error: why it is refused.
        :param bundle_errors: whether the parser bundles; ``BUNDLE_ERRORS`` bundles everywhere.
        :returns: ``error`` and its messages, keyed by the argument's name or the path inside of it.
        :raises BadRequest: where failures are not bundled.
        """
        messages = {self.name + path: self._explained(message, error, path) for path, message in failures_of(error)}
        if bundle_errors or current.app().config.get("BUNDLE_ERRORS"):
            return error, messages
        abort(400, message=dict([next(iter(messages.items()))]))

    def _explained(self, message: str, error: Exception, path: str) -> str:
        if not self.help or "." in path:  # a nested argument has a help text of its own
            return message
        words = str(self.help)
        if isinstance(error, InvalidElements) and "{error_msg}" not in words:
            return f"{words}: {message}"
        if answers_as_flask_restful():  # which takes the whole text for a format
            with suppress(AttributeError, LookupError, TypeError, ValueError):
                return words.format(error_msg=message)
        return words.replace("{error_msg}", message)


class RequestParser(upstream.reqparse.RequestParser):
    """The arguments of a request, with every option of Flask-RESTful's ``RequestParser``.

    A parser is also a ``type`` for an argument that is a JSON object.

    :param bundle_errors: answer with all failures at once instead of the first one.
    :param trim: trim whitespace around every argument.

    ::

        address = RequestParser().add_argument("street", type=inputs.string(1), required=True, location="json")
        person = RequestParser(bundle_errors=True)
        person.add_argument("name", type=inputs.string(1, 200), required=True)
        person.add_argument("address", type=address)
        args = person.parse_args()
    """

    def __init__(
        self,
        argument_class: type[upstream.reqparse.Argument] = Argument,
        namespace_class: Callable[[], Any] = Namespace,
        trim: bool = False,
        bundle_errors: bool = False,
    ) -> None:
        super().__init__(argument_class, namespace_class, trim, bundle_errors)

    @overload
    def add_argument(self, argument: upstream.reqparse.Argument, /) -> Self: ...

    @overload
    def add_argument(
        self,
        name: str,
        default: Any = None,
        dest: str | None = None,
        required: bool = False,
        ignore: bool = False,
        type: Callable[..., Any] | Converter = text_type,
        location: str | Iterable[str] = ("json", "values"),
        choices: Collection[Any] = (),
        action: Literal["store", "append"] = "store",
        help: str | None = None,
        operators: Collection[str] = ("=",),
        case_sensitive: bool = True,
        store_missing: bool = True,
        trim: bool = False,
        nullable: bool = True,
    ) -> Self: ...

    def add_argument(self, *args: Any, **kwargs: Any) -> Self:
        """Add an argument: an :class:`Argument`, or what its constructor takes.

        :returns: the parser itself.
        """
        super().add_argument(*args, **kwargs)
        if self.trim and self.argument_class is Argument:
            self.args[-1].trim = kwargs.get("trim", True)
        return self

    def parse_args(self, req: Any = None, strict: bool = False, http_error_code: int = 400) -> Namespace:
        """Parse all arguments of a request.

        :param req: the request, or any object that has the arguments' locations as attributes; by default the current
            request.
        :param strict: refuse arguments that the parser does not have.
        :param http_error_code: the status of a refusal.
        :returns: a :class:`Namespace`.
        :raises BadRequest: (or ``http_error_code``) naming each argument that is refused.
        :raises UnsupportedMediaType: when the body is of a type that none of the arguments is read from; not in
            Flask-RESTful's door.
        """
        if req is None:
            req = current.request()
        if isinstance(req, Namespace):  # the arguments of another parser, which stay as they are
            req = SimpleNamespace(**req)
        elif answers_as_flask_restful():
            return super().parse_args(req, strict, http_error_code)
        try:
            namespace, errors, found = self._parse(req, self.bundle_errors, strict)
        except BadRequest as error:
            self._refuse_content_type(req)
            data = getattr(error, "data", None)
            if data is None or http_error_code == 400:
                raise
            abort(http_error_code, **data)
        if errors or not found:
            self._refuse_content_type(req)
        if errors:
            abort(http_error_code, message=errors)
        if strict and req.unparsed_arguments:
            raise BadRequest(f"Unknown arguments: {', '.join(req.unparsed_arguments)}")
        return namespace

    def _parse(self, req: Any, bundle_errors: bool, strict: bool = False) -> tuple[Namespace, dict[str, str], bool]:
        req.unparsed_arguments = self._sent(req) if strict else {}
        namespace = self.namespace_class()
        errors: dict[str, str] = {}
        any_found = False
        memory = req.__dict__ if isinstance(req, (Request, _JSONObject)) else {}
        memory[_SOURCES] = {}
        try:
            for argument in self.args:
                value, found = argument.parse(req, bundle_errors)
                if type(found) is not bool and isinstance(value, Exception):
                    errors.update(found)  # the messages
                    continue
                any_found = any_found or found
                if found or argument.store_missing:
                    namespace[argument.dest or argument.name] = value
        finally:
            memory.pop(_SOURCES, None)  # which a parser has done already that one of the types has called
        return namespace, errors, any_found

    def _sent(self, req: Any) -> dict[str, Any]:
        """All that a request has for this parser, of which it may know a part."""
        if isinstance(req, Request):
            return dict(self.argument_class("").source(req))
        return {
            name: value
            for argument in self.args
            for location in names_of(argument)
            for name, value in values_at(location, req).items()
        }

    def convert(self, value: Any, *, text: bool = False, argument: str = "") -> Namespace:
        """Parse a JSON object that is itself an argument.

        :param value: the decoded JSON value.
        :param text: whether ``value`` is text, which is never an object.
        :param argument: the argument's name, which the paths of failures do not need.
        :returns: a :class:`Namespace`.
        :raises InvalidElements: with all failures, keyed by their path behind this argument's name.
        :raises ValueError: when ``value`` is no JSON object.
        """
        if text or not (type(value) is dict or isinstance(value, Mapping)):
            raise ValueError("must be a JSON object")
        namespace, errors, _ = self._parse(_JSONObject(value), bundle_errors=True)
        if errors:
            raise InvalidElements({f".{path}": message for path, message in errors.items()})
        return namespace

    def copy(self) -> Self:
        """A parser with copies of the arguments."""
        return super().copy()

    def _refuse_content_type(self, req: Any) -> None:
        """Answer 415 when the request has a body from which none of the arguments can be read."""
        environ = req.environ if isinstance(req, Request) else {}
        if not (("CONTENT_LENGTH" in environ and req.content_length) or environ.get("HTTP_TRANSFER_ENCODING")):
            return
        readable: dict[str, None] = {}
        for argument in self.args:
            for location in locations_of(argument):
                readable.update(dict.fromkeys(location.mediatypes))
        if readable and not (req.mimetype in readable or (req.is_json and "application/json" in readable)):
            sent = f"Content-Type {req.mimetype}" if req.mimetype else "A body without a Content-Type"
            abort(415, message=f"{sent} cannot be read here; send {' or '.join(readable)}.")
        if readable:
            refuse_encoded(req)


@lru_cache
def _converts_strictly(kind: type) -> bool:
    """Whether the types of a class are Restwell's; remembered, as an abstract class takes long to tell."""
    return issubclass(kind, (Input, RequestParser))


def _is_restwells(kind: Any) -> bool:
    """Whether a type did not exist in Flask-RESTful, so that no client knows its messages."""
    return isinstance(kind, RequestParser) or (isinstance(kind, Input) and not is_flask_restfuls(kind))


def _inside(path: str) -> str:
    """The path of a part of an argument, to be put behind its name."""
    return path if not path or path.startswith("[") else f".{path}"


class _JSONObject:
    """A JSON object in the place of the request that a nested parser reads."""

    def __init__(self, json: Mapping[str, Any]) -> None:
        self.json = json


def failures_of(error: Exception) -> list[tuple[str, str]]:
    """The messages of a refusal with the path of each inside the argument, ``""`` for the argument itself."""
    if isinstance(error, InvalidElements):
        return list(error.errors.items())
    return [("", str(error))]
