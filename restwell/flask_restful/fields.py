"""The twin of ``flask_restful.fields``: the output fields."""

from restwell.output.fields import (
    Arbitrary,
    Boolean,
    DateTime,
    Fixed,
    Float,
    FormattedString,
    Integer,
    List,
    MarshallingException,
    Nested,
    Price,
    Raw,
    String,
    Url,
    get_value,
    is_indexable_but_not_string,
    to_marshallable_type,
)
from restwell.output.marshalling import marshal
from restwell.upstream.names import complete

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
    "marshal",
    "to_marshallable_type",
]

complete(globals(), "flask_restful.fields")
