"""Marshalling: output fields applied to data, compiled once for each set of fields."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Set, ValuesView
from datetime import date, datetime, timezone
from functools import wraps
from string import Formatter
from typing import Any, ParamSpec, overload

from orjson import dumps
from werkzeug.wrappers import Response

from restwell import current
from restwell.asynchronous import synchronous
from restwell.declared import declare
from restwell.output.fields import (
    Arbitrary,
    Boolean,
    DateTime,
    Fixed,
    Float,
    FormattedString,
    Integer,
    List,
    Nested,
    Raw,
    String,
    Url,
    get_value,
    is_indexable_but_not_string,
    stock_class,
)
from restwell.output.result import is_row, unpacked
from restwell.registry import answers_as_flask_restful

__all__ = ["marshal", "marshal_with", "marshal_with_field"]

P = ParamSpec("P")
Converter = Callable[[Any], Any]
_Column = tuple[Any, Any, Converter, Raw | None]
"""A key; where its value stands in a row, or ``None`` for the row itself; what becomes of the value; and the field
where it writes a single value by its ``default`` and ``format``."""


@overload
def marshal(
    data: list[Any] | tuple[Any, ...], fields: Mapping[Any, Any], envelope: None = None
) -> list[dict[Any, Any]]: ...


@overload
def marshal(data: Any, fields: Mapping[Any, Any], envelope: str | None = None) -> Any: ...


def marshal(data: Any, fields: Mapping[Any, Any], envelope: str | None = None) -> Any:
    """Shape data by a set of fields, as Flask-RESTful's ``marshal`` does.

    The fields are compiled at their first use and again when a dict among them has changed since. A field is not
    changed after its first use.

    :param data: a dict, an object, or several of them: a list or tuple, the values of a dict, a set, a generator. A
        named tuple is an object.
    :param fields: a dict of keys to fields, field classes and further dicts.
    :param envelope: the key of a dict to put the result in.
    :returns: a dict in the order of the fields, or a list of such dicts.
    :raises MarshallingException: when a field can't format its value.
    :raises TypeError: when ``fields`` are none.

    ::

        marshal({"name": "Widget", "stock": 3}, {"name": fields.String})
        # {"name": "Widget"}
    """
    marshalled = _compiled(fields).marshal(data)
    return {envelope: marshalled} if envelope else marshalled


class marshal_with:  # noqa: N801 - Flask-RESTful's name
    """A decorator that marshals what a function returns; see :func:`marshal`.

    Of ``(data, status)`` and ``(data, status, headers)`` it marshals the data; a response stays as it is. The function
    may be ``async``.

    :param fields: a dict of fields, or a single field.
    :param envelope: the key of a dict to put the result in.
    :raises TypeError: when ``fields`` are none.

    ::

        @marshal_with(item_fields)
        def get(self, item_id):
            return items.get(item_id)
    """

    def __init__(self, fields: Mapping[Any, Any] | Raw | type[Raw], envelope: str | None = None) -> None:
        _check_fields(fields)
        self.fields: Any = fields() if isinstance(fields, type) else fields
        if isinstance(self.fields, Raw):
            self.field = self.fields
        self.envelope = envelope

    def __call__(self, f: Callable[P, Any]) -> Callable[P, Any]:
        return _marshalling(f, self, lambda data: marshal(data, self.fields, self.envelope))


class marshal_with_field:  # noqa: N801 - Flask-RESTful's name
    """A decorator that formats what a function returns by a single field; otherwise as :class:`marshal_with`.

    :param field: a field or its class.
    :raises TypeError: when it is neither.

    ::

        @marshal_with_field(fields.List(fields.Integer))
        def get(self):
            return ["1", 2, 3.0]  # goes out as [1, 2, 3]
    """

    def __init__(self, field: Raw | type[Raw]) -> None:
        if not _is_field(field):
            raise TypeError(f"marshal_with_field takes a field, not {field!r}; marshal_with takes a dict of them")
        self.field = field() if isinstance(field, type) else field

    def __call__(self, f: Callable[P, Any]) -> Callable[P, Any]:
        return _marshalling(f, self, lambda data: _compiled(self.field).marshal(data))


def _is_field(field: Any) -> bool:
    """Whether something writes a value as a field does: one of ours, or any object with an ``output`` of its own."""
    return callable(getattr(field, "output", None))


def _check_fields(fields: Any, path: str = "fields", within: tuple[Any, ...] = ()) -> None:
    """Refuse what no value can be marshalled by where it is written, rather than at each request."""
    if any(fields is outer for outer in within):
        return
    if isinstance(fields, Mapping):
        for key, field in fields.items():
            _check_fields(field, f"{path}[{key!r}]", (*within, fields))
    elif not _is_field(fields):
        raise TypeError(f"{path} must be a dict of fields or a field, not {fields!r}")
    elif isinstance(fields, (List, Nested)):
        _check_fields(fields.container if isinstance(fields, List) else fields.nested, path, (*within, fields))


def _marshalling(
    function: Callable[P, Any], decorator: marshal_with | marshal_with_field, convert: Converter
) -> Callable[P, Any]:
    def marshalled(result: Any) -> Any:
        if isinstance(result[0] if isinstance(result, tuple) and result else result, Response):
            return result  # there is nothing to shape in a redirect or a file
        if isinstance(result, tuple) and not is_row(result):
            data, status, headers = unpacked(result)
            return convert(data), status, headers
        return convert(result)

    method = synchronous(function)

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Any:
        return marshalled(method(*args, **kwargs))

    declare(wrapper, marshals=decorator)
    return wrapper


_SEVERAL = (ValuesView, Iterator, Set, deque)
"""Collections of rows of which none is itself a row; Flask-RESTful writes one row of nulls for each."""


class _FieldSet:
    """A dict of fields as columns that a row is read by."""

    def __init__(self, fields: Mapping[Any, Any]) -> None:
        self.fields = fields
        self.items = tuple(fields.items())
        self.columns: list[_Column] = []

    def marshal(self, data: Any) -> Any:
        indexable = type(data) is dict  # as most rows are
        if not indexable:
            if isinstance(data, (list, tuple)) and not is_row(data):
                return [self.marshal(row) for row in data]
            indexable = hasattr(data, "__iter__") and not hasattr(data, "strip")
            if indexable and isinstance(data, _SEVERAL) and not answers_as_flask_restful():
                return [self.marshal(row) for row in data]
        result = {}
        for key, place, convert, scalar in self.columns:
            if place is None:
                value = data
            elif indexable:
                try:
                    value = data[place]
                except (IndexError, KeyError, TypeError):
                    value = getattr(data, place, None)
            else:
                value = getattr(data, place, None)
            if scalar is None:
                result[key] = convert(value)
            elif value is None:  # as _scalar_converter, without the call
                result[key] = scalar.default
            else:
                try:
                    result[key] = convert(value)
                except Exception:
                    result[key] = scalar.format(value)
        return result


class _Compiled:
    """A set of fields, or a single field, ready to marshal.

    It holds on to all that it was made from, so that no other object gets the identity of one of them.
    """

    def __init__(self, source: Mapping[Any, Any] | Raw) -> None:
        _check_fields(source)
        self._source = source
        self._field_sets: dict[int, _FieldSet] = {}
        self.marshal = self._formatter(source) if isinstance(source, Raw) else self._field_set(source).marshal

    def is_current(self) -> bool:
        for field_set in self._field_sets.values():  # noqa: SIM110 - all() of a generator takes twice as long
            if tuple(field_set.fields.items()) != field_set.items:
                return False
        return True

    def _field_set(self, fields: Mapping[Any, Any]) -> _FieldSet:
        field_set = self._field_sets.get(id(fields))
        if field_set is None:
            field_set = self._field_sets[id(fields)] = _FieldSet(fields)
            field_set.columns = [self._column(*item) for item in field_set.items]  # one of them may contain the set
        return field_set

    def _column(self, key: Any, field: Any) -> _Column:
        if isinstance(field, dict):
            return key, None, self._field_set(field).marshal, None
        if isinstance(field, type):
            if field not in _FORMATS:
                return key, None, lambda row: field().output(key, row), None
            field = field()
        convert = self._converter(field)
        if convert is None:
            if stock_class(field) in (FormattedString, Url):
                return key, None, lambda row: field.output(key, _by_name(field, row)), None
            return key, None, lambda row: field.output(key, row), None
        place = key if field.attribute is None else field.attribute
        if not isinstance(place, int) and (not isinstance(place, str) or "." in place):
            return key, None, lambda row: convert(get_value(place, row)), None
        stock = stock_class(field)
        if stock in _FORMATS:
            return key, place, _FORMATS[stock](field), field
        return key, place, convert, None

    def _converter(self, field: Any) -> Converter | None:
        """What the field's ``output`` does to the value that it has got; ``None`` where it is not Flask-RESTful's."""
        stock = stock_class(field)
        if stock is List:
            return self._list_converter(field)
        if stock is Nested:
            return self._nested_converter(field)
        if stock in _FORMATS:
            return _scalar_converter(field, _FORMATS[stock](field))
        return None

    def _nested_converter(self, field: Nested) -> Converter:
        marshal_value = self._field_set(field.nested).marshal
        allow_null, default = field.allow_null, field.default

        def convert(value: Any) -> Any:
            if value is None and (allow_null or default is not None):
                return None if allow_null else default
            return marshal_value(value)

        return convert

    def _list_converter(self, field: List) -> Converter:
        format_list = self._formatter(field)
        default, container = field.default, field.container

        def convert(value: Any) -> Any:
            if is_indexable_but_not_string(value) and not isinstance(value, dict):
                return format_list(value)
            if value is None:
                return default
            return [marshal(value, container.nested)]  # type: ignore[attr-defined]  # a list of one, if it is Nested

        return convert

    def _formatter(self, field: Any) -> Converter:
        """The field's ``format``, with the elements of a list converted one by one where they are what is converted.

        Flask-RESTful takes the element of a container with an ``attribute``, and a dict among scalars, for the object
        to get the value from.
        """
        format_value: Converter = field.format
        if stock_class(field) is DateTime:
            return _date_time_format(field)
        if stock_class(field) is not List or field.container.attribute is not None:
            return format_value
        container = field.container
        convert = self._converter(container)
        if convert is None:
            return format_value
        takes_dicts = isinstance(container, Nested) or type(container) is Raw

        def format_list(value: Any) -> Any:
            if isinstance(value, (list, tuple, set)) and (
                takes_dicts or not any(isinstance(element, dict) for element in value)
            ):
                return [convert(element) for element in value]
            return format_value(value)

        return format_list


def _scalar_converter(field: Raw, format_value: Converter) -> Converter:
    default = field.default

    def convert(value: Any) -> Any:
        if value is None:
            return default
        try:
            return format_value(value)
        except Exception:
            return field.format(value)  # fails as the field itself does

    return convert


def _by_name(field: FormattedString | Url, row: Any) -> Any:
    """A row whose values a field can have by their names.

    Flask-RESTful takes them from the ``__dict__`` of an object, and takes one with a ``__getitem__`` for a mapping.
    """
    is_indexable = hasattr(row, "__getitem__")
    if row is None or hasattr(row, "__marshallable__") or hasattr(row, "keys" if is_indexable else "__dict__"):
        return row
    return {name: get_value(name, row) for name in _names_in(field)}


def _names_in(field: FormattedString | Url) -> Iterable[str]:
    """The names of the values that a field puts into its text."""
    if isinstance(field, FormattedString):
        names = [name for _, name, _, _ in Formatter().parse(field.src_str) if name]
        return [name.partition(".")[0].partition("[")[0] for name in names]
    endpoint = field.endpoint or current.request().endpoint or ""
    if endpoint.startswith("."):  # in the blueprint that the request is for
        endpoint = f"{current.request().blueprint or ''}{endpoint}".lstrip(".")
    rules = current.app().url_map.iter_rules(endpoint)
    return {name for rule in rules for name in rule.arguments}


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _date_time_format(field: DateTime) -> Converter:
    utc = timezone.utc

    def iso8601(value: Any) -> Any:
        if type(value) is datetime and ((zone := value.tzinfo) is utc or zone is None):
            return dumps(value)[1:-1].decode()  # in a quarter of the time of isoformat()
        return field.format(value)

    def rfc822(value: Any) -> Any:
        if type(value) is datetime and ((zone := value.tzinfo) is utc or zone is None):
            iso8601 = dumps(value).decode()
            day, month = _DAYS[value.weekday()], _MONTHS[value.month - 1]
            return f"{day}, {iso8601[9:11]} {month} {iso8601[1:5]} {iso8601[12:20]} -0000"
        if isinstance(value, date) and not isinstance(value, datetime):
            return rfc822(datetime(value.year, value.month, value.day))
        return field.format(value)

    formats: dict[str, Converter] = {"iso8601": iso8601, "rfc822": rfc822}
    return formats.get(field.dt_format, field.format)


_FORMATS: dict[type[Raw], Callable[[Any], Converter]] = {
    Arbitrary: lambda field: field.format,
    Boolean: lambda field: bool,
    DateTime: _date_time_format,
    Fixed: lambda field: field.format,
    Float: lambda field: float,
    Integer: lambda field: int,
    Raw: lambda field: field.format,
    String: lambda field: str,
}
"""The quickest equal of ``format`` of each class that writes a single value and needs no argument."""

_MAX_COMPILED = 1024
_compiled_by_identity: dict[int, _Compiled] = {}


def _compiled(source: Mapping[Any, Any] | Raw) -> _Compiled:
    compiled = _compiled_by_identity.get(id(source))
    if compiled is None or not compiled.is_current():
        if len(_compiled_by_identity) >= _MAX_COMPILED:  # sets made anew for every request would pile up
            _compiled_by_identity.clear()
        compiled = _compiled_by_identity[id(source)] = _Compiled(source)
    return compiled
