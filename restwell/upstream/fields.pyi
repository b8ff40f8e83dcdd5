from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Literal

__all__ = [
    "Arbitrary",
    "Boolean",
    "DateTime",
    "Fixed",
    "Float",
    "FormattedString",
    "Integer",
    "List",
    "MarshallingException",
    "Nested",
    "Price",
    "Raw",
    "String",
    "Url",
    "get_value",
    "is_indexable_but_not_string",
    "to_marshallable_type",
]

_Attribute = str | int | Callable[[Any], Any] | None

class MarshallingException(Exception):
    def __init__(self, underlying_exception: object) -> None: ...

def is_indexable_but_not_string(obj: object) -> bool: ...
def get_value(key: str | int | Callable[[Any], Any], obj: Any, default: Any = None) -> Any: ...
def to_marshallable_type(obj: Any) -> Any: ...

# What format() and output() give is left open in all classes: a subclass may write something else than its base, such
# as a DateTime that writes seconds.
class Raw:
    attribute: _Attribute
    default: Any
    def __init__(self, default: Any = None, attribute: _Attribute = None) -> None: ...
    def format(self, value: Any) -> Any: ...
    def output(self, key: Any, obj: Any) -> Any: ...

class Nested(Raw):
    nested: Mapping[Any, Any]
    allow_null: bool
    def __init__(
        self,
        nested: Mapping[Any, Any],
        allow_null: bool = False,
        *,
        default: Any = None,
        attribute: _Attribute = None,
    ) -> None: ...

class List(Raw):
    container: Raw
    def __init__(
        self, cls_or_instance: type[Raw] | Raw, *, default: Any = None, attribute: _Attribute = None
    ) -> None: ...
    def output(self, key: Any, data: Any) -> Any: ...

class String(Raw): ...

class Integer(Raw):
    def __init__(self, default: Any = 0, *, attribute: _Attribute = None) -> None: ...

class Boolean(Raw): ...

class FormattedString(Raw):
    src_str: str
    def __init__(self, src_str: str) -> None: ...

class Url(Raw):
    endpoint: str | None
    absolute: bool
    scheme: str | None
    def __init__(
        self,
        endpoint: str | None = None,
        absolute: bool = False,
        scheme: str | None = None,
        *,
        default: Any = None,
        attribute: _Attribute = None,
    ) -> None: ...

class Float(Raw): ...
class Arbitrary(Raw): ...

class DateTime(Raw):
    dt_format: str
    def __init__(
        self,
        dt_format: Literal["rfc822", "iso8601"] = "rfc822",
        *,
        default: Any = None,
        attribute: _Attribute = None,
    ) -> None: ...

class Fixed(Raw):
    precision: Decimal
    def __init__(self, decimals: int = 5, *, default: Any = None, attribute: _Attribute = None) -> None: ...

Price = Fixed
