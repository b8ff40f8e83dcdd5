"""The JSON provider: every document that the application reads or writes passes through it.

orjson writes and reads wherever its result is what the settings ask for, Python's :mod:`json` everywhere else; both
give equal documents.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from array import array
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from itertools import accumulate
from json.encoder import encode_basestring_ascii
from typing import Any, NoReturn
from uuid import UUID
from weakref import proxy

import orjson
from flask import Flask, Response
from flask.json.provider import DefaultJSONProvider, JSONProvider
from flask.sansio.app import App
from werkzeug.http import http_date

from restwell import current
from restwell.registry import EXTENSION, State, state_of

COMPACT = (",", ":")
"""The separators of a document without spaces."""

ISO_8601 = "iso"
RFC_822 = "rfc822"

# What orjson would write in its own way (dict subclasses past their items(), private dataclass fields left out, offsets
# from UTC rounded to minutes) is handed to _prepare instead.
_ORJSON_OPTIONS = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_ORJSON_ARGUMENTS = {"sort_keys", "ensure_ascii", "separators"}

_BINARY = (bytes, bytearray, memoryview)

_LAZY_STRINGS = {("flask_babel.speaklater", "LazyString"), ("speaklater", "_LazyString")}

_NOT_ASCII = re.compile(r'[^\x00-\x7f](?:[^"\\]*[^\x00-\x7f])?')  # from the first to the last such letter of a string
_NOT_ZERO = re.compile(r"-?[0.]*[1-9]")
_STRING_OR_NOT_FINITE = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN')

_MARKS = bytes.maketrans(b"123456789{E", b"000000000[e")  # any digit as 0, whatever opens a level as [
_LONG_INTEGER = b"0" * 19  # 2**63 has 19 digits; orjson reads integers past 64 bits as floats
_SMALL_NUMBER = b"0e-000"  # orjson reads a number that no float is small enough for as 0
_ALL_BUT_MARKS = bytes(set(range(256)) - set(b'"[]{}'))
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")  # as signed bytes: one level down, one level up


class FlaskJSONProvider(DefaultJSONProvider):
    """Flask's ``app.json``, with the types and options of Flask-JSON, written by orjson where it can.

    All attributes of Flask's provider (``default``, ``ensure_ascii``, ``sort_keys``, ``compact``, ``mimetype``) and
    the ``JSON_*`` options of Flask-JSON keep their meaning and count from the moment they are set. Four things differ
    from Flask: dates are ISO 8601, NaN and the infinities are written as ``null``, enumerations, mappings, iterables
    and times are written, and :meth:`dumps` puts no spaces into the document.
    """

    max_depth = 100
    """How deep the documents may be nested that :meth:`loads` reads, where ``JSON_MAX_DEPTH`` does not say it."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.application = proxy(app)  # which holds the provider

    @staticmethod
    def default(o: Any) -> Any:
        """Turn an object that JSON does not know into one that it knows, by the options of the current application.

        :param o: the object.
        :returns: a value of a JSON type, or of a type that is converted in its turn.
        :raises TypeError: when there is no way to write it.

        A ``default`` of the application's own calls it for everything else::

            def default(o):
                return o.name if isinstance(o, Color) else FlaskJSONProvider.default(o)

            app.json.default = default
        """
        return _convert(o, current.app() if current.has_app_context() else None)

    def encode(self, obj: Any, *, sort_keys: bool | None = None) -> bytes:
        """Write a compact document as bytes: what :meth:`dumps` gives, without the way over a str.

        :param obj: the data.
        :param sort_keys: whether keys are sorted; ``None`` follows the attribute.
        :returns: the document in UTF-8, without a newline at its end.
        :raises TypeError: when a type cannot be written, or keys cannot be sorted.
        :raises ValueError: when the data contains itself, is nested too deep or is no valid text.
        """
        if sort_keys is None:
            sort_keys = self.sort_keys
        if type(self).dumps is not FlaskJSONProvider.dumps:
            return self.dumps(obj, sort_keys=sort_keys, separators=COMPACT).encode()
        return self._encode(obj, sort_keys, self.ensure_ascii)

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write a document as text.

        :param obj: the data.
        :param kwargs: passed to :func:`json.dumps`; ``default``, ``ensure_ascii`` and ``sort_keys`` follow the
            attributes, and there are no spaces unless ``indent`` or ``separators`` ask for them.
        :returns: the document.
        :raises TypeError: when a type cannot be written, or keys cannot be sorted.
        :raises ValueError: when the data contains itself, is nested too deep or is no valid text.
        """
        if kwargs.keys() <= _ORJSON_ARGUMENTS and kwargs.get("separators", COMPACT) == COMPACT:
            sort_keys = kwargs.get("sort_keys", self.sort_keys)
            return self._encode(obj, sort_keys, kwargs.get("ensure_ascii", self.ensure_ascii)).decode()
        return self._standard_dumps(obj, **kwargs)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read a document, strictly by RFC 8259.

        :param s: the document; bytes, as the body of a request is, are UTF-8.
        :param kwargs: passed to :func:`json.loads`.
        :returns: the data; integers of any size are exact.
        :raises ValueError: when it is no JSON (``json.JSONDecodeError`` with the place), has bad UTF-8, contains NaN or
            Infinity, or is nested deeper than :attr:`max_depth` or, in bytes, ``JSON_MAX_DEPTH`` allows.
        """
        max_depth = self.application.config.get("JSON_MAX_DEPTH", self.max_depth)
        if isinstance(s, (bytes, bytearray)):
            document = s
        elif isinstance(s, str):
            document = s.encode("utf-8", "surrogatepass")
            max_depth = max(max_depth, self.max_depth)  # Flask keeps a session in a few levels of its own
        else:
            raise TypeError(f"the JSON document must be str or bytes, not {type(s).__name__}")
        marks = document.translate(_MARKS)
        if marks.count(b"[") > max_depth and _depth(document) > max_depth:
            raise ValueError(f"the JSON document is nested more than {max_depth} levels deep")
        # "in" raises an error inside, and forgets it
        if not kwargs and not marks.count(_LONG_INTEGER) and not marks.count(_SMALL_NUMBER):
            try:
                return orjson.loads(document)
            except orjson.JSONDecodeError:
                pass  # json knows what orjson refuses: numbers past the range of floats, lone surrogates
        return _standard_loads(s, **kwargs)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """Write the arguments as a JSON response, as :func:`flask.jsonify` does.

        It is indented where :attr:`compact` is ``False``, or ``None`` in debug mode.

        :param args: a value, or several for a list.
        :param kwargs: the keys of an object instead.
        :returns: the response, its mimetype from :attr:`mimetype`.
        :raises TypeError: for positional and keyword arguments at once.
        """
        if args and kwargs:
            raise TypeError("app.json.response() takes either args or kwargs, not both")
        obj = args[0] if len(args) == 1 else args or kwargs or None
        indented = self.compact is False or (self.compact is None and self.application.debug)
        document = self.dumps(obj, indent=2).encode() if indented else self.encode(obj)
        response_class: type[Response] = self.application.response_class
        return response_class(document + b"\n", mimetype=self.mimetype)

    def _encode(self, obj: Any, sort_keys: bool, ensure_ascii: bool) -> bytes:
        app = self.application
        extension = app.extensions.get("json")
        if (  # no setting concerns every type: orjson writes UUID and Enum without asking
            self.default is FlaskJSONProvider.default
            and not (extension and extension.encoders)
            and not app.config.get("JSON_USE_ENCODE_METHODS")
        ):
            option = _ORJSON_OPTIONS | orjson.OPT_SORT_KEYS if sort_keys else _ORJSON_OPTIONS
            try:
                document = orjson.dumps(obj, self._prepare, option)
            except orjson.JSONEncodeError:
                pass  # json writes what orjson cannot, or tells what is wrong
            else:
                if ensure_ascii and not document.isascii():
                    return escape_non_ascii(document.decode()).encode()
                return document
        return self._standard_dumps(obj, sort_keys=sort_keys, ensure_ascii=ensure_ascii).encode()

    def _prepare(self, o: Any) -> Any:
        """The ``default`` of orjson: also called for the subclasses of JSON's own types, which json writes itself."""
        if isinstance(o, dict):
            return dict(o.items())
        if isinstance(o, str):
            return str.__str__(o)
        if isinstance(o, int):
            return int.__int__(o)
        if isinstance(o, float):
            return float.__float__(o)
        if hasattr(o, "__next__"):
            raise TypeError("an iterator can be read only once: left to json, which does not give up halfway")
        return _convert_known(o, self.application.config)

    def _standard_dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write a document by Python's json."""
        if "default" not in kwargs and "cls" not in kwargs:
            stock = self.default is FlaskJSONProvider.default
            kwargs["default"] = (lambda o: _convert(o, self.application)) if stock else self.default
        kwargs.setdefault("sort_keys", self.sort_keys)
        ensure_ascii = kwargs.setdefault("ensure_ascii", self.ensure_ascii)
        if kwargs.get("indent") is None:
            kwargs.setdefault("separators", COMPACT)
        try:
            document = json.dumps(obj, **kwargs)
        except RecursionError:
            raise ValueError("the data is nested too deep to be written as JSON") from None
        if not ensure_ascii:
            try:
                document.encode()
            except UnicodeEncodeError as error:
                raise ValueError(f"a lone surrogate, {error.object[error.start]!a}, is no valid text") from None
        if "NaN" in document or "Infinity" in document:
            return _STRING_OR_NOT_FINITE.sub(lambda match: match[0] if match[0][0] == '"' else "null", document)
        return document


class JSONEncoderEx(json.JSONEncoder):
    """The types of :class:`FlaskJSONProvider` for :func:`json.dumps`: ``json.dumps(data, cls=JSONEncoderEx)``."""

    def default(self, o: Any) -> Any:
        """Turn an object that JSON does not know into one that it knows.

        :param o: the object.
        :returns: a value of a JSON type, or of a type that is converted in its turn.
        :raises TypeError: when there is no way to write it.
        """
        return list(o) if isinstance(o, _BINARY) else FlaskJSONProvider.default(o)


class _BesideFlasks(FlaskJSONProvider):
    """The provider of what Restwell writes and reads in an application whose own one is Flask's.

    What the application has set on its own counts here as well, from that moment on: ``sort_keys``, ``ensure_ascii``,
    ``compact``, ``mimetype`` and ``default``.
    """

    sort_keys = property(lambda self: self.application.json.sort_keys)
    ensure_ascii = property(lambda self: self.application.json.ensure_ascii)
    compact = property(lambda self: self.application.json.compact)
    mimetype = property(lambda self: self.application.json.mimetype)
    default = property(lambda self: vars(self.application.json).get("default", FlaskJSONProvider.default))


PROVIDERS_OF_VIEWS: set[type] = {DefaultJSONProvider}
"""The classes that write what views return as Flask does, beside which resources have a provider of their own."""


def provider_of(app: Flask) -> JSONProvider:
    """The provider of what Restwell writes and reads for an application, whose own provider stays in its place.

    :param app: the application.
    :returns: ``app.json`` where the application has chosen a class of its own, otherwise a :class:`FlaskJSONProvider`
        that follows what is set on ``app.json``.
    """
    own = app.json
    if type(own) not in PROVIDERS_OF_VIEWS:
        return own
    state: State | None = app.extensions.get(EXTENSION)
    if state is None or state.json is None:
        state = state_of(app)
        state.json = _BesideFlasks(app)
    provider: FlaskJSONProvider = state.json
    return provider


def escape_non_ascii(document: str) -> str:
    """Write the letters of a JSON document that are not ASCII as escapes.

    :param document: the document; outside of its strings it has only ASCII anyway.
    :returns: an equal document in ASCII.
    """
    return _NOT_ASCII.sub(lambda match: encode_basestring_ascii(match[0])[1:-1], document)


def _convert(o: Any, app: App | None) -> Any:
    """Ask the encoders of the application, then those of Flask-JSON, then those of Flask."""
    if app is None:
        return _convert_known(o, {})
    extension = app.extensions.get("json")
    for encoder in extension.encoders if extension else ():
        value = encoder(o)
        if value is not None:
            return value
    if extension and isinstance(o, _BINARY):
        return list(o)  # an iterable as any, as Flask-JSON documents
    return _convert_known(o, app.config)


def _convert_known(o: Any, config: Mapping[str, Any]) -> Any:
    if isinstance(o, datetime):
        return _format_time(o, config.get("JSON_DATETIME_FORMAT"))
    if isinstance(o, date):
        return _format_time(o, config.get("JSON_DATE_FORMAT"))
    if isinstance(o, time):
        return _format_time(o, config.get("JSON_TIME_FORMAT"))
    kind = type(o)
    if kind is Decimal or kind is UUID:  # none of the slow questions below can concern them
        return str(o)
    if (kind.__module__, kind.__qualname__) in _LAZY_STRINGS:
        return str(o)
    pydantic = sys.modules.get("pydantic")  # nobody made one of its models if it was never imported
    if pydantic is not None and isinstance(o, pydantic.BaseModel):
        return o.model_dump()  # before the iterables, of which it is one: of pairs
    if isinstance(o, Mapping):
        return dict(o.items())
    if isinstance(o, Iterable) and not isinstance(o, _BINARY):  # whose numbers nobody can have meant
        return list(o)
    if config.get("JSON_USE_ENCODE_METHODS"):
        method = getattr(o, "__json__", None) or getattr(o, "for_json", None)
        if method is not None:
            return method()
    if isinstance(o, Enum):
        return o.value
    if dataclasses.is_dataclass(o) and not isinstance(o, type):
        # Not asdict(), which copies: what stands in the fields is converted in its turn.
        return {field.name: getattr(o, field.name) for field in dataclasses.fields(o)}
    return DefaultJSONProvider.default(o)


def _format_time(value: date | time, time_format: str | None) -> str:
    if not time_format or time_format == ISO_8601:
        return value.isoformat()
    if time_format == RFC_822 and isinstance(value, date):
        return http_date(value)
    return value.strftime(time_format)


def _depth(document: bytes | bytearray) -> int:
    """How many arrays and objects are open at once at most; brackets inside of strings don't count."""
    if b"\\" in document:
        document = document.replace(rb"\\", b"").replace(rb"\"", b"")
    marks = document.translate(None, delete=_ALL_BUT_MARKS).replace(b'""', b"")
    brackets = b"".join(marks.split(b'"')[::2])
    return max(accumulate(array("b", brackets.translate(_STEPS))), default=0)


def _standard_loads(s: str | bytes, **kwargs: Any) -> Any:
    """Read a document by Python's json, without its leniency."""
    if not isinstance(s, str):
        try:
            s = s.decode("utf-8-sig")  # RFC 8259, section 8.1: a parser may ignore a byte order mark
        except UnicodeDecodeError as error:
            raise ValueError(f"the JSON document has bad UTF-8 at byte {error.start}: {error.reason}") from error
    kwargs.setdefault("parse_constant", _refuse_constant)
    kwargs.setdefault("parse_float", parsed_float)
    kwargs.setdefault("parse_int", _parse_integer)
    try:
        return json.loads(s, **kwargs)
    except RecursionError:
        raise ValueError("the JSON document is nested too deep to be read") from None


class Underflow(float):
    """A number that is not 0, read as 0 because no float is as small: whoever has to keep it can tell."""


def parsed_float(text: str) -> float:
    """The number that a text writes; an :class:`Underflow` where that is smaller than any float.

    :param text: digits, with or without a point and an exponent.
    """
    number = float(text)
    if number == 0 and _NOT_ZERO.match(text):
        return Underflow(number)
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _parse_integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        limit = sys.get_int_max_str_digits()
        raise ValueError(f"an integer of {len(digits)} digits is too long to be read, at most {limit}") from None
