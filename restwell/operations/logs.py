"""Logs: a line for every event, as text or as JSON, that names the request it belongs to."""

from __future__ import annotations

import json
import logging
import re
from datetime import datetime, timezone
from typing import Any

import click
from flask import Flask, has_request_context
from flask.logging import default_handler, wsgi_errors_stream

from restwell import current
from restwell.configuration import Option, choice
from restwell.errors.databases import withhold_values
from restwell.operations.request_id import request_id

OPTIONS = (
    Option("LOG_FORMAT", "text", choice("text", "json"), "How log lines are written: `text`, or `json` for programs"),
    Option(
        "LOG_LEVEL",
        "INFO",
        choice("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        "The least severe messages that are logged",
    ),
)

_QUERY = re.compile(r"\?[^\s'\"]*")

_FIELDS = ("request_id", "client", "method", "path", "status", "duration", "bytes")
"""What a record may say of a request, in the order of the line; ``duration`` is in milliseconds."""


def init_logs(app: Flask) -> None:
    """Write what the application and its libraries log to the standard error stream, in ``LOG_FORMAT``.

    :param app: an application whose configuration holds :data:`OPTIONS`.
    """
    app.logger.removeHandler(default_handler)
    root = logging.getLogger()
    root.setLevel(app.config["LOG_LEVEL"])
    for handler in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(handler)
    root.addHandler(_Handler(app.config["LOG_FORMAT"]))


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]  # subscripts need Python 3.11
    def __init__(self, log_format: str) -> None:
        super().__init__(wsgi_errors_stream)
        adapt(self, log_format)


def adapt(handler: logging.Handler, log_format: str) -> None:
    """Have a handler write lines as the application does.

    :param handler: any handler.
    :param log_format: ``text`` or ``json``.
    """
    handler.setFormatter(JSONFormatter() if log_format == "json" else TextFormatter())
    handler.addFilter(add_request)


def add_request(record: logging.LogRecord) -> bool:
    """A filter that lets every record pass and adds the current request to it: ``request_id``, ``method``, ``path``.

    Never its headers or its query string, where secrets may stand; of errors of a database the complaint alone.

    :param record: the record; one that already names a request stays as it is.
    """
    if has_request_context() and not hasattr(record, "request_id"):
        record.request_id = request_id()
        record.method = current.request().method
        record.path = current.request().path
    if record.exc_info:
        withhold_values(record.exc_info[1])
    if record.name == "werkzeug":  # the development server, which quotes the request line
        record.msg, record.args = _QUERY.sub("", record.getMessage()), ()
    return True


class JSONFormatter(logging.Formatter):
    """A JSON object on each line: ``time``, ``level``, ``logger``, ``message``, then what is known of the request
    (``request_id``, ``client``, ``method``, ``path``, ``status``, ``duration`` in milliseconds, ``bytes``) and the
    ``exception`` with its traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record; it is ASCII, so that no terminal and no program finds a second line in it."""
        line = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **_request_of(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class TextFormatter(logging.Formatter):
    """A line for people: time, level, logger, the request id in brackets, the message; a traceback stands indented
    below it.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record; what could be taken for another line, or moves the cursor, is escaped."""
        fields = _request_of(record)
        identity = fields.get("request_id", "-")
        line = f"{_time(record)} {record.levelname} {record.name} [{identity}] {_printable(_message(record))}"
        if record.exc_info:
            traceback = self.formatException(record.exc_info).split("\n")
            line = "\n    ".join([line, *map(_printable, traceback)])
        return line


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    return click.unstyle(record.getMessage())  # Werkzeug's development server colours its lines


def _request_of(record: logging.LogRecord) -> dict[str, Any]:
    attributes = vars(record)
    return {name: attributes[name] for name in _FIELDS if attributes.get(name) is not None}


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)
