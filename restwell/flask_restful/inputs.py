"""The twin of ``flask_restful.inputs``: the types for arguments."""

from restwell.arguments.inputs import (
    END_OF_DAY,
    START_OF_DAY,
    boolean,
    date,
    datetime_from_iso8601,
    datetime_from_rfc822,
    int_range,
    iso8601interval,
    natural,
    positive,
    regex,
    url,
    url_regex,
)
from restwell.upstream.names import complete

__all__ = [
    "END_OF_DAY",
    "START_OF_DAY",
    "boolean",
    "date",
    "datetime_from_iso8601",
    "datetime_from_rfc822",
    "int_range",
    "iso8601interval",
    "natural",
    "positive",
    "regex",
    "url",
    "url_regex",
]

complete(globals(), "flask_restful.inputs")
