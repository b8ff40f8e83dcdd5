import io
import json
import logging
import re
import sys

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from restwell import Api, Resource, configuration
from restwell.operations import logs
from restwell.operations.request_id import init_request_id

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ \S+ \[\S+\] .*")


class Failing(Resource):
    def get(self):
        logging.getLogger("shop").warning("Running low on %s", "widgets")
        raise RuntimeError("out of widgets\nand gadgets")


@pytest.fixture
def lines(monkeypatch):
    """What the root logger writes while an application with the given options answers a request."""
    monkeypatch.setattr(logging.getLogger(), "handlers", logging.getLogger().handlers[:])
    level = logging.getLogger().level

    def collect(path="/fail?token=in-the-query", headers=None, **config):
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        app = Flask("shop.api")
        configuration.load(app, logs.OPTIONS, config)
        logs.init_logs(app)
        init_request_id(app)
        Api(app).add_resource(Failing, "/fail", "/fail/<path:more>")
        app.test_client().get(path, headers={"X-Request-ID": "abc-1", **(headers or {})}, errors_stream=stream)
        return stream.getvalue().splitlines()

    yield collect
    logging.getLogger().setLevel(level)


def format_record(formatter, message="hello", level=logging.INFO, exc_info=None, **extra):
    record = logging.LogRecord("shop", level, "", 0, message, None, exc_info)
    record.created = 1767225600.5
    vars(record).update(extra)
    return formatter.format(record)


def exception(message):
    try:
        raise ValueError(message)
    except ValueError:
        return sys.exc_info()


def test_json_line_of_a_message_outside_of_requests():
    assert json.loads(format_record(logs.JSONFormatter())) == {
        "time": "2026-01-01T00:00:00.500Z",
        "level": "INFO",
        "logger": "shop",
        "message": "hello",
    }


def test_json_line_says_what_is_known_of_the_request():
    request = {
        "request_id": "abc-1",
        "client": "192.0.2.1",
        "method": "GET",
        "path": "/items",
        "status": 200,
        "duration": 1.25,
        "bytes": 1024,
    }
    assert list(json.loads(format_record(logs.JSONFormatter(), **request)).items())[4:] == list(request.items())


def test_json_line_has_the_exception_as_text():
    line = json.loads(format_record(logs.JSONFormatter(), exc_info=exception("broken")))
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("ValueError: broken")


def test_text_line():
    assert format_record(logs.TextFormatter(), request_id="abc-1") == "2026-01-01T00:00:00.500Z INFO shop [abc-1] hello"
    assert format_record(logs.TextFormatter()) == "2026-01-01T00:00:00.500Z INFO shop [-] hello"


def test_text_line_has_the_traceback_indented_below():
    first, *traceback = format_record(logs.TextFormatter(), exc_info=exception("broken")).split("\n")
    assert LINE.fullmatch(first)
    assert traceback[0] == "    Traceback (most recent call last):"
    assert traceback[-1] == "    ValueError: broken"


ANY_TEXT = st.text(st.characters(exclude_categories=[]) | st.sampled_from("\r\n\x1b\x85\u2028\u202e\ud800"))


@given(ANY_TEXT, ANY_TEXT)
def test_nothing_in_a_message_or_an_exception_makes_a_line_of_its_own(message, reason):
    exc_info = exception(reason)
    json_line = format_record(logs.JSONFormatter(), message, exc_info=exc_info)
    assert json_line.isascii()
    assert json_line.isprintable()
    assert json.loads(json_line)["message"] == message
    first, *others = format_record(logs.TextFormatter(), message, exc_info=exc_info).splitlines()
    assert LINE.fullmatch(first)
    assert all(other.startswith("    ") for other in others)
    assert all(line.isprintable() for line in (first, *others))


def test_lines_within_a_request_name_it(lines):
    records = [json.loads(line) for line in lines(LOG_FORMAT="json")]
    assert [(record["level"], record["logger"]) for record in records] == [
        ("WARNING", "shop"),
        ("ERROR", "shop.api"),
    ]
    for record in records:
        assert (record["request_id"], record["method"], record["path"]) == ("abc-1", "GET", "/fail")
    assert "out of widgets" in records[1]["exception"]


def test_text_lines_within_a_request_name_it(lines):
    first, second, *traceback = lines(LOG_FORMAT="text")
    assert first.endswith("WARNING shop [abc-1] Running low on widgets")
    assert second.endswith("ERROR shop.api [abc-1] Exception on /fail [GET]")
    assert traceback[0] == "    Traceback (most recent call last):"


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_credentials_and_query_strings_are_not_logged(lines, log_format):
    headers = {"Authorization": "Bearer secret-token", "Cookie": "session=secret-cookie"}
    written = "\n".join(lines(headers=headers, LOG_FORMAT=log_format))
    assert "out of widgets" in written
    assert "secret" not in written
    assert "in-the-query" not in written


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_path_with_line_breaks_makes_no_line_of_its_own(lines, log_format):
    written = lines(
        "/fail/%0a2026-01-01T00:00:00.000Z%20INFO%20forged%20%5b-%5d%20line%0d%1b[2J", LOG_FORMAT=log_format
    )
    assert written
    assert not [line for line in written if line.startswith("2026-01-01T00:00:00.000Z")]
    assert all(line.isprintable() for line in written)


def test_less_severe_messages_are_left_out(lines):
    assert "Running low" not in "".join(lines(LOG_LEVEL="ERROR"))


def test_second_application_replaces_the_lines_of_the_first(lines):
    lines(LOG_FORMAT="text")
    assert len(lines(LOG_FORMAT="json")) == 2


@pytest.mark.parametrize(("name", "value"), [("LOG_FORMAT", "xml"), ("LOG_LEVEL", "LOUD")])
def test_unknown_format_or_level_is_refused_at_start(lines, name, value):
    with pytest.raises(configuration.ConfigurationError, match=f"{name} must be one of"):
        lines(**{name: value})
