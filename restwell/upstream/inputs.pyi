import datetime as _datetime
import re as _re
from typing import Any

from typing_extensions import Self

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

START_OF_DAY: _datetime.time
END_OF_DAY: _datetime.time
url_regex: _re.Pattern[str]

def url(value: str) -> str: ...

class regex:
    pattern: str
    re: _re.Pattern[str]
    def __init__(self, pattern: str, flags: int = 0) -> None: ...
    def __call__(self, value: str) -> str: ...
    def __deepcopy__(self, memo: dict[int, Any]) -> Self: ...

def iso8601interval(value: str, argument: str = "argument") -> tuple[_datetime.datetime, _datetime.datetime]: ...
def date(value: str) -> _datetime.datetime: ...
def natural(value: Any, argument: str = "argument") -> int: ...
def positive(value: Any, argument: str = "argument") -> int: ...

class int_range:
    low: int
    high: int
    argument: str
    def __init__(self, low: int, high: int, argument: str = "argument") -> None: ...
    def __call__(self, value: Any) -> int: ...

def boolean(value: str | bool) -> bool: ...
def datetime_from_rfc822(datetime_str: str) -> _datetime.datetime: ...
def datetime_from_iso8601(datetime_str: str) -> _datetime.datetime: ...
