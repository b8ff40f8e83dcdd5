"""Inputs: what an argument's ``type`` converts and checks, each with the JSON Schema of its values.

Flask-RESTful's are all here under their names. Text gives what it gives there, with the same messages; a JSON value
must have the JSON type that the schema names. The others come with Restwell::

    parser.add_argument("name", type=inputs.string(1, 200))
    parser.add_argument("tags", type=inputs.list_of(inputs.string(1, 30), max_items=10))
    parser.add_argument("due", type=inputs.datetime)
"""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import math
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial, update_wrapper
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from restwell import upstream
from restwell.json.provider import Underflow, parsed_float
from restwell.upstream.inputs import END_OF_DAY, START_OF_DAY, url_regex

__all__ = [
    "END_OF_DAY",
    "START_OF_DAY",
    "Input",
    "InvalidElements",
    "boolean",
    "date",
    "datetime",
    "datetime_from_iso8601",
    "datetime_from_rfc822",
    "email",
    "enumeration",
    "int_range",
    "integer",
    "iso8601interval",
    "list_of",
    "natural",
    "number",
    "positive",
    "regex",
    "storable_text",
    "string",
    "url",
    "url_regex",
    "uuid",
    "with_schema",
]

T = TypeVar("T")

_INTEGER = re.compile(r"-?[0-9]+")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_END = re.compile(r"(\\.|\[\^?]?(?:\\.|[^]\\])*])|\$", re.DOTALL)  # group 1: what a $ has another meaning in
_ANY_LINE = re.compile(r"\(\?[a-z]*m")  # an m among the flags inside of a pattern
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?![0-9]+$){_LABEL}")


class InvalidElements(ValueError):  # noqa: N818 - it says which, as ValueError's other subclasses do
    """Parts of a value are refused.

    :param errors: the message of each part, keyed by its path inside the value: ``"[2]"``, ``"[2][0]"``, ``".street"``.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {message}" for path, message in errors.items()))
        self.errors = dict(errors)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.errors,)  # rather than the text, of which it cannot be made again


class Input(ABC, Generic[T]):
    """A type for an argument: it converts a value, or says in a ``ValueError`` what the value must be.

    A subclass has a ``schema`` and :meth:`from_json`, and :meth:`from_text` where text is written otherwise than the
    JSON string. Instances never change, so that threads and copies of a parser share them.

    ::

        class Colour(inputs.Input[int]):
            @property
            def schema(self):
                return {"type": "string", "pattern": "^#[0-9a-f]{6}$"}

            def from_json(self, value):
                if not re.fullmatch("#[0-9a-f]{6}", inputs.storable_text(value)):
                    raise ValueError("must be a colour, as in #1e90ff")
                return int(value[1:], 16)
    """

    @property
    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of the JSON values that are accepted."""

    @abstractmethod
    def from_json(self, value: Any) -> T:
        """Convert a decoded JSON value.

        :raises ValueError: when it is of another JSON type or out of bounds.
        """

    def from_text(self, text: Any) -> T:
        """Convert text from a query string, form, header or cookie; by default as the JSON string.

        :raises ValueError: when it can't be read or is out of bounds.
        """
        return self.from_json(text)

    def convert(self, value: Any, *, text: bool, argument: str = "argument") -> T:
        """Convert a value by where it came from.

        :param value: the value.
        :param text: whether it is text from a query string, form, header or cookie rather than a JSON value.
        :param argument: what Flask-RESTful's messages call the argument.
        :raises ValueError: when it is refused; its message says what it must be.
        """
        return self.from_text(value) if text else self.from_json(value)

    def __call__(self, value: Any, argument: str = "argument") -> T:
        """Convert a JSON value."""
        return self.convert(value, text=False, argument=argument)

    takes_several: ClassVar[bool] = False
    """Whether the values of a name that a query string or a form repeats come together, as a list of texts."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Input[T]:
        return self


class FunctionInput(Input[T]):
    """A function of a value, or of a value and the argument's name, as an input. See :func:`with_schema`."""

    def __init__(self, function: Callable[..., T], schema: Mapping[str, Any]) -> None:
        update_wrapper(self, function)
        self._function = function
        self._schema = schema
        self._names_argument = "argument" in inspect.signature(function).parameters

    @property
    def schema(self) -> dict[str, Any]:
        return dict(self._schema)

    def from_json(self, value: Any) -> T:
        return self._function(value)

    def convert(self, value: Any, *, text: bool, argument: str = "argument") -> T:
        return self._function(value, argument) if self._names_argument else self._function(value)

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Pickle the name under which its module has it, as for a function; the function itself has lost that name."""
        name = self._function.__qualname__
        if getattr(sys.modules.get(self._function.__module__), name, None) is self:
            return name
        return type(self), (self._function, self._schema)

    def __repr__(self) -> str:
        return f"inputs.{self._function.__name__}"


def with_schema(schema: Mapping[str, Any]) -> Callable[[Callable[..., T]], FunctionInput[T]]:
    """Make an input of a function that treats text and a JSON string alike.

    :param schema: the JSON Schema of the JSON values that the function accepts.
    :returns: a decorator. The function raises ``ValueError`` for what it refuses; a second parameter, if it has one
        named ``argument``, is the argument's name.

    ::

        @inputs.with_schema({"type": "string", "pattern": "^[A-Z]{3}$"})
        def currency(value):
            return Currency(inputs.storable_text(value))
    """
    return lambda function: FunctionInput(function, schema)


def storable_text(value: object) -> str:
    """Check that a value is text that files, databases and UTF-8 can hold.

    :returns: the text.
    :raises ValueError: when it is no string, or has a NUL character or a lone surrogate in it.
    """
    if type(value) is not str and not isinstance(value, str):
        raise ValueError("must be a string")
    if "\x00" in value:
        raise ValueError("must not contain a NUL character")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("must not contain a lone surrogate") from None
    return value


def unstorable_texts(value: Any, path: str = "") -> dict[str, str]:
    """What :func:`storable_text` refuses in decoded JSON, however deep it is.

    :param value: the decoded JSON.
    :param path: where it stands; the paths of what is found begin with it.
    :returns: the complaint about each such text or key, by its path: ``{"address.street": "must not ..."}``.
    """
    if isinstance(value, str):
        try:
            storable_text(value)
        except ValueError as error:
            return {path: str(error)}
        return {}
    found: dict[str, str] = {}
    if isinstance(value, Mapping):
        for key, part in value.items():
            name = str(key).encode("ascii", "backslashreplace").decode().replace("\x00", "\\x00")
            where = f"{path}.{name}" if path else name
            found.update(unstorable_texts(key, where) or unstorable_texts(part, where))
    elif isinstance(value, list):
        for position, part in enumerate(value):
            found.update(unstorable_texts(part, f"{path}[{position}]"))
    return found


def _expression(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern compiled so that ``$`` is the very end, as in JSON Schema; Python's also matches before a line break.

    With the flag ``re.MULTILINE`` it stays the end of any line.
    """
    if not flags & re.MULTILINE and not _ANY_LINE.search(pattern):
        pattern = _END.sub(lambda match: match[1] or r"\Z", pattern)
    return re.compile(pattern, flags)


def _given(**keywords: Any) -> dict[str, Any]:
    return {keyword: value for keyword, value in keywords.items() if value is not None}


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@dataclass(frozen=True)
class String(Input[str]):
    """Text.

    :param min_length: the least number of characters.
    :param max_length: the greatest number of characters.
    :param pattern: a regular expression that is found anywhere in the text, as JSON Schema's ``pattern``, where ``$``
        is the very end and does not overlook a line break before it.
    """

    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None
    _expression: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_bounds("inputs.string", self.min_length, self.max_length, int)
        if self.min_length < 0:
            raise ValueError(f"inputs.string: no text has {self.min_length} characters")
        expression = _expression(self.pattern or "")
        object.__setattr__(self, "_expression", expression)  # the way to set it on a frozen class

    @property
    def schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            **_given(minLength=self.min_length or None, maxLength=self.max_length),
            "pattern": self.pattern or r"^[^\u0000]*$",
        }

    def from_json(self, value: Any) -> str:
        text = storable_text(value)
        length = len(text)
        if length < self.min_length:
            raise ValueError(f"must be at least {_counted(self.min_length, 'character')} long")
        if self.max_length is not None and length > self.max_length:
            raise ValueError(f"must be at most {_counted(self.max_length, 'character')} long")
        if self.pattern and not self._expression.search(text):
            raise ValueError(f"must match the pattern {self.pattern}")
        return text


Bounded = TypeVar("Bounded", int, float)


def _check_bounds(written: str, least: Any, greatest: Any, *kinds: type) -> None:
    """Refuse bounds that no value can be compared with, or that no value is within, where they are written."""
    for bound in (least, greatest):
        if bound is not None and (not isinstance(bound, kinds) or isinstance(bound, bool)):
            raise TypeError(f"{written} takes numbers as its bounds, not {bound!r}")
    if least is not None and greatest is not None and least > greatest:
        raise ValueError(f"{written}: nothing is at least {least} and at most {greatest}")


def _within(value: Bounded, minimum: float | None, maximum: float | None) -> Bounded:
    if minimum is not None and value < minimum:
        raise ValueError(f"must be at least {minimum}")
    if maximum is not None and value > maximum:
        raise ValueError(f"must be at most {maximum}")
    return value


@dataclass(frozen=True)
class Integer(Input[int]):
    """A whole number, also one that is written as ``1.0`` in JSON; an ``int``.

    :param minimum: the least number.
    :param maximum: the greatest number.
    """

    minimum: int | None = None
    maximum: int | None = None

    def __post_init__(self) -> None:
        _check_bounds("inputs.integer", self.minimum, self.maximum, int, float)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", **_given(minimum=self.minimum, maximum=self.maximum)}

    def from_json(self, value: Any) -> int:
        if type(value) is not int:
            if isinstance(value, float):
                if not math.isfinite(value):
                    raise ValueError("must be a finite number")
                if value.is_integer() and not isinstance(value, Underflow):
                    value = int(value)
            if not isinstance(value, int) or isinstance(value, bool):
                raise ValueError("must be an integer")
        return _within(value, self.minimum, self.maximum)

    def from_text(self, text: Any) -> int:
        if not _INTEGER.fullmatch(storable_text(text)):
            raise ValueError("must be an integer")
        try:
            value = int(text)
        except ValueError:  # Python's limit, see sys.set_int_max_str_digits
            raise ValueError("must have fewer digits") from None
        return _within(value, self.minimum, self.maximum)


@dataclass(frozen=True)
class Number(Input[float]):
    """A number; a ``float``.

    :param minimum: the least number.
    :param maximum: the greatest number.
    :param decimals: the greatest number of decimal places. What binary arithmetic leaves behind them, as in
        0.30000000000000004, is rounded away; a number that is written with more of them is refused, and so is one that
        a float cannot hold to that place.
    """

    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None

    def __post_init__(self) -> None:
        _check_bounds("inputs.number", self.minimum, self.maximum, int, float)
        if self.decimals is not None and type(self.decimals) is not int:
            raise TypeError(f"inputs.number takes a number of decimals, not {self.decimals!r}")
        if self.decimals is not None and self.decimals < 0:
            raise ValueError(f"inputs.number takes 0 decimals or more, not {self.decimals}")

    @property
    def schema(self) -> dict[str, Any]:
        step = None if self.decimals is None else float(f"1e-{self.decimals}") or None  # none that a float has
        return {"type": "number", **_given(minimum=self.minimum, maximum=self.maximum, multipleOf=step)}

    def from_json(self, value: Any) -> float:
        if type(value) is not float and (not isinstance(value, (int, float)) or isinstance(value, bool)):
            raise ValueError("must be a number")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise ValueError("must be a finite number")
        if isinstance(value, Underflow):
            raise ValueError(_TOO_SMALL)
        if self.decimals is not None:
            if isinstance(value, int) and number != value:
                raise ValueError("must have fewer digits")
            rounded = round(number, self.decimals)
            if rounded != number and not _is_left_behind(number, rounded):
                raise ValueError(f"must have at most {_counted(self.decimals, 'decimal place')}")
            number = rounded
        return _within(number, self.minimum, self.maximum)

    def from_text(self, text: Any) -> float:
        if not _NUMBER.fullmatch(storable_text(text)):
            raise ValueError("must be a number")
        return self.from_json(parsed_float(text))


_TOO_SMALL = "must be 0 or further away from it: a number of this size cannot be kept"

_WRITTEN_DIGITS = 15
"""A number written with so many digits is the shortest text of its float; what arithmetic leaves behind has more."""


def _is_left_behind(number: float, rounded: float) -> bool:
    """Whether binary arithmetic, rather than whoever wrote a number, has left the decimals that rounding took away.

    Of one operation it leaves the float beside the right one; of a long sum some more, which takes all 17 digits to
    write.
    """
    beyond = len(Decimal(repr(number)).as_tuple().digits) - _WRITTEN_DIGITS
    if beyond <= 0:
        return False
    return abs(number - rounded) <= math.ulp(rounded) or (beyond > 1 and math.isclose(number, rounded, rel_tol=1e-15))


class Enumeration(Input[T]):
    """One of several values.

    :param choices: strings and numbers, of which the chosen one is given; or members of an ``Enum`` that has such
        values, of which the chosen member is given. The ``Enum`` class itself stands for all its members.
    :raises TypeError: when a value is neither a string nor a number.
    :raises ValueError: when there are none.
    """

    def __init__(self, choices: Iterable[T]) -> None:
        if isinstance(choices, str):
            raise TypeError(f"inputs.enumeration takes a list of values, not the single text {choices!r}")
        self._choices: dict[Any, T] = {}
        for choice in choices:
            value = choice.value if isinstance(choice, enum.Enum) else choice
            if not isinstance(value, (str, int, float)) or isinstance(value, bool):
                raise TypeError(f"expected strings or numbers to choose from, not {value!r}")
            self._choices[value] = choice
        if not self._choices:
            raise ValueError("inputs.enumeration has no values to choose from")
        self._choices_by_text = {str(value): choice for value, choice in self._choices.items()}

    @property
    def schema(self) -> dict[str, Any]:
        kinds = {str: "string", int: "integer", float: "number"}
        types = sorted({name for value in self._choices for kind, name in kinds.items() if isinstance(value, kind)})
        return {"type": types[0] if len(types) == 1 else types, "enum": list(self._choices)}

    def from_json(self, value: Any) -> T:
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value in self._choices:
            return self._choices[value]
        raise ValueError(f"must be one of: {', '.join(self._choices_by_text)}")

    def from_text(self, text: Any) -> T:
        return self._choices_by_text[text] if text in self._choices_by_text else self.from_json(text)

    def __repr__(self) -> str:
        return f"Enumeration({list(self._choices.values())!r})"


_INPUT_FOR: Mapping[Any, str] = {
    bool: "inputs.boolean",
    dict: "a RequestParser with its arguments",
    dt.date: "inputs.date",
    dt.datetime: "inputs.datetime",
    float: "inputs.number()",
    int: "inputs.integer()",
    list: "another inputs.list_of()",
    str: "inputs.string()",
    Decimal: "inputs.number()",
    UUID: "inputs.uuid",
}
"""What to write in the place of a type of Python's."""


def called(kind: Any) -> Any:
    """What an argument's ``type`` stands for: an input without its parentheses means one without limits.

    :param kind: the type.
    :returns: the input that a class of inputs makes; anything else as it is.
    :raises TypeError: for a class that has to be told more, such as :func:`list_of`.
    """
    if not (isinstance(kind, type) and issubclass(kind, Input)):
        return kind
    try:
        return kind()
    except TypeError as error:
        raise TypeError(f"{_written(kind)} has to be called, as in {_written(kind)}(...): {error}") from None


def element_of_list(element: Any) -> Any:
    """The element that a list has been given, or a ``TypeError`` that says what to write.

    :param element: an input, or a parser for lists of objects.
    """
    element = called(element)
    if callable(getattr(element, "convert", None)):
        return element
    advice = _INPUT_FOR.get(element) if isinstance(element, type) else None
    raise TypeError(
        f"inputs.list_of takes an input, not {getattr(element, '__name__', repr(element))}; "
        f"write {advice or 'one of restwell.inputs, or a function under @inputs.with_schema'}"
    )


def _written(kind: type) -> str:
    """How people write a class of inputs."""
    names = [name for name in __all__ if globals().get(name) is kind]
    return f"inputs.{names[0]}" if names else kind.__name__


@dataclass(frozen=True)
class ListOf(Input[list[T]]):
    """A JSON list, or the repeated values of a query string or form, of which one is a list of one.

    Its refusal of elements is an :class:`InvalidElements` with all of them.

    :param element: the input for each element.
    :param min_items: the least number of elements.
    :param max_items: the greatest number of elements.
    """

    element: Input[T]
    min_items: int = 0
    max_items: int | None = None
    takes_several: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "element", element_of_list(self.element))  # the way to set it on a frozen class
        _check_bounds("inputs.list_of", self.min_items, self.max_items, int)

    @property
    def schema(self) -> dict[str, Any]:
        return self.schema_of(self.element.schema)

    def schema_of(self, items: dict[str, Any]) -> dict[str, Any]:
        """The JSON Schema of the list, of that of an element."""
        bounds = _given(minItems=self.min_items or None, maxItems=self.max_items)
        return {"type": "array", "items": items, **bounds}

    def from_json(self, value: Any) -> list[T]:
        if not isinstance(value, list):
            raise ValueError("must be a list")
        return self._converted(value, text=False)

    def from_text(self, text: Any) -> list[T]:
        return self._converted(text if isinstance(text, list) else [text], text=True)

    def _converted(self, values: list[Any], text: bool) -> list[T]:
        if len(values) < self.min_items:
            raise ValueError(f"must have at least {_counted(self.min_items, 'element')}")
        if self.max_items is not None and len(values) > self.max_items:
            raise ValueError(f"must have at most {_counted(self.max_items, 'element')}")
        converted = []
        errors = {}
        for position, value in enumerate(values):
            try:
                converted.append(self.element.convert(value, text=text))
            except InvalidElements as error:
                errors.update({f"[{position}]{path}": message for path, message in error.errors.items()})
            except ValueError as error:
                errors[f"[{position}]"] = str(error)
        if errors:
            raise InvalidElements(errors)
        return converted


@with_schema({"type": "string", "format": "date-time"})
def datetime(value: object) -> dt.datetime:
    """A date and time with its offset (RFC 3339), as in ``2024-05-31T13:45:00Z``; an aware ``datetime``.

    Digits beyond the microsecond are cut off.
    """
    match = _DATE_TIME.fullmatch(storable_text(value))
    try:
        if match is None:
            raise ValueError
        day, time, fraction, offset = match.groups("0")
        moment = dt.datetime.fromisoformat(f"{day}T{time}.{fraction[:6]:0<6}{offset.upper().replace('Z', '+00:00')}")
        moment.astimezone(dt.timezone.utc)  # one that has no UTC year from 1 to 9999 would fail later
    except (OverflowError, ValueError):
        raise ValueError("must be a date and time with its offset, as in 2024-05-31T13:45:00Z") from None
    return moment


@with_schema({"type": "string", "format": "uuid"})
def uuid(value: object) -> UUID:
    """A UUID in the form of RFC 9562, as in ``f81d4fae-7dec-11d0-a765-00a0c91e6bf6``; a ``uuid.UUID``."""
    text = storable_text(value)
    try:
        identifier = UUID(text)
    except ValueError:
        identifier = None
    if identifier is None or str(identifier) != text.lower():
        raise ValueError("must be a UUID, as in f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
    return identifier


@with_schema({"type": "string", "format": "email"})
def email(value: object) -> str:
    """An email address as people have them: no comment, quotation or IP address, ASCII only; the string."""
    text = storable_text(value)
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise ValueError("must be an email address, as in someone@example.org")
    return text


# Flask-RESTful's


@with_schema({"type": "boolean"})
def boolean(value: object) -> bool:
    """A JSON boolean, or the text ``true``, ``false``, ``1`` or ``0`` in any case."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise ValueError("must be true or false")
    return upstream.inputs.boolean(storable_text(value))


class Date(Input[dt.datetime]):
    """A day, as in ``2024-05-31``; as in Flask-RESTful a naive ``datetime`` at midnight.

    In text and in a plain call, month and day may lack their leading zero as they may there.
    """

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def from_json(self, value: Any) -> dt.datetime:
        midnight = self.from_text(value)
        if midnight.date().isoformat() != value:
            raise ValueError("must be a date, as in 2024-05-31")
        return midnight

    def from_text(self, text: Any) -> dt.datetime:
        return upstream.inputs.date(storable_text(text))

    def __call__(self, value: Any, argument: str = "argument") -> dt.datetime:
        return self.from_text(value)

    def __repr__(self) -> str:
        return "inputs.date"


@with_schema({"type": "string", "format": "uri"})
def url(value: object) -> str:
    """A URL with the scheme http, https, ftp or ftps; the string."""
    text = storable_text(value)
    if text.endswith("\n"):  # which the end of Flask-RESTful's pattern lets pass
        raise ValueError("must not end in a line break")
    return upstream.inputs.url(text)


class Regex(Input[str]):
    """Text in which a regular expression is found.

    :param pattern: the regular expression, where ``$`` is the very end and does not overlook a line break before it.
    :param flags: flags of :mod:`re`; a pattern with flags is left out of the schema, which has none.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.re = _expression(pattern, flags)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", **_given(pattern=self.pattern if self.re.flags == re.UNICODE else None)}

    def from_json(self, value: Any) -> str:
        text = storable_text(value)
        if not self.re.search(text):
            raise ValueError(f'Value does not match pattern: "{self.pattern}"')
        return text

    def as_flask_restful(self, value: Any) -> Any:
        """The value, if the expression is found in it, whatever is in it otherwise."""
        if not self.re.search(value):
            raise ValueError(f'Value does not match pattern: "{self.pattern}"')
        return value

    def __repr__(self) -> str:
        return f"Regex({self.pattern!r}, {self.re.flags})"


def _whole(value: object) -> str | int:
    return storable_text(value) if isinstance(value, str) else Integer().from_json(value)


@with_schema({"type": "integer", "minimum": 0})
def natural(value: object, argument: str = "argument") -> int:
    """0, 1, 2, 3 ..., also as text."""
    return upstream.inputs.natural(_whole(value), argument)


@with_schema({"type": "integer", "minimum": 1})
def positive(value: object, argument: str = "argument") -> int:
    """1, 2, 3 ..., also as text."""
    return upstream.inputs.positive(_whole(value), argument)


class IntRange(Input[int], upstream.inputs.int_range):
    """A whole number, also as text.

    :param low: the least number.
    :param high: the greatest number.
    :param argument: what messages call the argument.
    """

    def __init__(self, low: int, high: int, argument: str = "argument") -> None:
        upstream.inputs.int_range.__init__(self, low, high, argument)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}

    def from_json(self, value: Any) -> int:
        return upstream.inputs.int_range.__call__(self, _whole(value))

    def __repr__(self) -> str:
        return f"IntRange({self.low}, {self.high}, {self.argument!r})"


def _parsed(parse: Callable[..., T], value: object, *arguments: str, expected: str) -> T:
    text = storable_text(value)
    try:
        return parse(text, *arguments)
    except ValueError:
        raise
    except Exception:  # the libraries below let OverflowError, TypeError, NotImplementedError and others out
        raise ValueError(f"must be {expected}") from None


@with_schema({"type": "string"})
def iso8601interval(value: object, argument: str = "argument") -> tuple[dt.datetime, dt.datetime]:
    """An ISO 8601 interval, date or time, as in ``2024-05-31/P1D``; its start and its end in UTC."""
    expected = "an ISO 8601 interval, as in 2024-05-31/P1D"
    return _parsed(upstream.inputs.iso8601interval, value, argument, expected=expected)


@with_schema({"type": "string", "format": "date-time"})
def datetime_from_iso8601(value: object) -> dt.datetime:
    """An ISO 8601 date and time; a ``datetime``, aware where an offset is given."""
    expected = "an ISO 8601 date and time, as in 2024-05-31T13:45:00Z"
    return _parsed(upstream.inputs.datetime_from_iso8601, value, expected=expected)


@with_schema({"type": "string"})
def datetime_from_rfc822(value: object) -> dt.datetime:
    """An RFC 822 date, as in ``Fri, 31 May 2024 13:45:00 GMT``; an aware ``datetime`` in UTC."""
    expected = "an RFC 822 date, as in Fri, 31 May 2024 13:45:00 GMT"
    return _parsed(upstream.inputs.datetime_from_rfc822, value, expected=expected)


# What an argument's type reads well with.
string = String
integer = Integer
number = Number
enumeration = Enumeration
list_of = ListOf
regex = Regex
int_range = IntRange
date = Date()

_FLASK_RESTFULS = frozenset(
    {boolean, datetime_from_iso8601, datetime_from_rfc822, iso8601interval, natural, positive, url}
)


def as_flask_restful(kind: Input[Any]) -> Callable[..., Any]:
    """The function of Flask-RESTful's that an input has its name from, for whoever has to answer as that does.

    :param kind: an input of which :func:`is_flask_restfuls` is true.
    """
    if isinstance(kind, IntRange):
        return partial(upstream.inputs.int_range.__call__, kind)
    if isinstance(kind, Regex):
        return kind.as_flask_restful
    if kind is url:
        return _url_as_flask_restful
    function: Callable[..., Any] = getattr(upstream.inputs, "date" if kind is date else vars(kind)["__name__"])
    return function


def _url_as_flask_restful(value: Any) -> Any:
    if isinstance(value, str) and value.endswith("\n"):
        raise ValueError(f"{value} is not a valid URL")
    return upstream.inputs.url(value)


def is_flask_restfuls(kind: Input[Any]) -> bool:
    """Whether an input has its name from Flask-RESTful, so that an argument behaves with it as it does there."""
    return isinstance(kind, (Date, Regex, IntRange)) or kind in _FLASK_RESTFULS
