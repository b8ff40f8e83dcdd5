"""Flask-RESTful's types for arguments."""

from flask_restful.inputs import (
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
