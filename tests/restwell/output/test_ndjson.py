"""Streams of JSON documents, one to a line."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.json.provider import DefaultJSONProvider

from restwell import FlaskJSONProvider
from restwell.output import ndjson


class CompactProvider(DefaultJSONProvider):
    """A provider of the application's own."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(obj, separators=(",", ":"), **kwargs)


@pytest.fixture(params=[FlaskJSONProvider, CompactProvider])
def app(request: pytest.FixtureRequest) -> Flask:
    app = Flask(__name__)
    app.json = request.param(app)
    return app


def test_each_value_is_a_line_in_the_order_of_its_keys(app: Flask) -> None:
    @app.route("/")
    def lines() -> Response:
        return ndjson.stream([[{"b": 1, "a": "é\n"}, None], [], [[1.5]]], on_close=lambda: None)

    response = app.test_client().get("/")
    assert response.content_type == "application/x-ndjson"
    assert len(response.data.splitlines()) == 3
    assert response.data.startswith(b'{"b":1,"a":"')
    assert response.data.endswith(b"\nnull\n[1.5]\n")


def test_values_are_made_while_the_request_is_at_hand(app: Flask) -> None:
    @app.route("/<name>")
    def path(name: str) -> Response:
        return ndjson.stream(([request.path] for _ in range(2)), on_close=lambda: None)

    assert app.test_client().get("/x").data == b'"/x"\n"/x"\n'


def test_what_is_read_from_is_closed_at_the_end_and_when_the_client_leaves(app: Flask) -> None:
    events: list[str] = []

    def batches() -> Iterator[list[int]]:
        for number in range(3):
            events.append(f"read {number}")
            yield [number]

    @app.route("/")
    def numbers() -> Response:
        return ndjson.stream(batches(), on_close=lambda: events.append("closed"))

    assert app.test_client().get("/").data == b"0\n1\n2\n"
    assert events == ["read 0", "read 1", "read 2", "closed"]
    events.clear()
    with app.test_client().get("/") as response:
        next(response.iter_encoded())
    assert events == ["read 0", "closed"]
    events.clear()
    app.test_client().head("/").close()
    assert events == ["closed"]
