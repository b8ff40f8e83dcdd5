"""Which representation a client gets, and what of its Accept is read."""

from collections.abc import Callable
from typing import Any, ClassVar

import flask
import pytest
import werkzeug.sansio.request
from flask import Flask
from werkzeug.datastructures import MIMEAccept

from restwell import Api, Resource, abort, flask_restful
from restwell.output import ndjson
from restwell.output.negotiation import LONGEST_ACCEPT

LONG = [
    ", ".join([f"{mediatype}{fill * (8000 // len(fill))}x"] * lines)
    for mediatype in ("text/html", "application/problem+json", "application/x-ndjson", "text/csv", "*/*;q=")
    for fill in (" ", "\t", "\t ", ",", '"', "a/b,", ";a=")
    for lines in (1, 10)
]


def output_json(data: Any, code: int, headers: Any = None) -> flask.Response:
    return flask.make_response(flask.json.dumps(data), code, headers)


def output_csv(data: Any, code: int, headers: Any = None) -> flask.Response:
    return flask.make_response("csv", code, headers)


class Plain(Resource):
    def get(self) -> Any:
        return {"ndjson": ndjson.is_preferred()}


class Own(Resource):
    representations: ClassVar[dict[str, Any]] = {"application/json": output_json, "text/csv": output_csv}

    def get(self) -> Any:
        return {"mediatypes": self.mediatypes()}  # type: ignore[attr-defined]  # set when it is registered


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    Api(app).add_resource(Plain, "/plain")
    several = Api(app, prefix="/several", default_mediatype=None)
    several.representation("text/csv")(output_csv)
    several.add_resource(Plain, "/plain", endpoint="several_plain")
    flask_restful.Api(app, prefix="/own").add_resource(Own, "/own")
    return app


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Werkzeug is given to parse."""
    given: list[str] = []
    # From Werkzeug 3.2 on the class parses by itself.
    owner: Any = MIMEAccept if hasattr(MIMEAccept, "from_header") else werkzeug.sansio.request
    name = "from_header" if owner is MIMEAccept else "parse_accept_header"
    parse: Callable[..., Any] = getattr(owner, name)

    def record(value: str, *args: Any) -> Any:
        given.append(value)
        return parse(value, *args)

    monkeypatch.setattr(owner, name, record)
    return given


@pytest.mark.parametrize("path", ["/plain", "/several/plain", "/own/own", "/several/nowhere"])
def test_accept_is_measured_before_it_is_parsed(app: Flask, parsed: list[str], path: str) -> None:
    client = app.test_client()
    for accept in LONG:
        assert client.get(path, headers={"Accept": accept}).status_code == (404 if "nowhere" in path else 200)
    assert parsed == []
    client.get(path, headers={"Accept": "text/html, text/csv" + " " * (LONGEST_ACCEPT - 19)})
    assert list(map(len, parsed)) == [LONGEST_ACCEPT]


def test_accept_that_is_too_long_takes_anything(app: Flask) -> None:
    client = app.test_client()
    short, long = "text/csv" + ", text/csv" * 10, "text/csv" + ", text/csv" * 1000
    assert client.get("/several/plain", headers={"Accept": short}).mimetype == "text/csv"
    assert client.get("/several/plain", headers={"Accept": long}).mimetype == "application/json"
    assert client.get("/several/plain", headers={"Accept": "a/b" + ", a/b" * 10}).status_code == 406
    assert client.get("/several/plain", headers={"Accept": "a/b" + ", a/b" * 1000}).status_code == 200
    assert client.get("/own/own", headers={"Accept": short}).mimetype == "text/csv"
    assert client.get("/own/own", headers={"Accept": long}).json == {"mediatypes": ["*/*", "application/json"]}
    assert client.get("/plain", headers={"Accept": "application/x-ndjson, " * 500}).json == {"ndjson": False}


class Greeting(Resource):
    def get(self, name: str = "world") -> Any:
        return {"hello": name}


def test_nothing_acceptable_is_406_only_without_a_default_mediatype() -> None:
    app = Flask(__name__)
    Api(app, prefix="/strict", default_mediatype=None).add_resource(Greeting, "/", endpoint="strict")
    Api(app, prefix="/lax").add_resource(Greeting, "/", endpoint="lax")
    headers = {"Accept": "image/png"}
    refused = app.test_client().get("/strict/", headers=headers)
    assert refused.json is not None
    assert (refused.status_code, refused.json["error"]) == (406, "Not Acceptable")
    assert app.test_client().get("/lax/", headers=headers).status_code == 200


# -- among several


class Thing(Resource):
    def get(self) -> Any:
        return {"a": 1}

    def post(self) -> Any:
        abort(409, message="m")


def client_of(make_api, default, *others):
    app = Flask(__name__)
    api = make_api(app, default_mediatype=default)
    for mediatype in others:
        api.representation(mediatype)(lambda data, code, headers=None: flask.make_response(str(data), code, headers))
    api.add_resource(Thing, "/")
    return app.test_client()


@pytest.mark.parametrize(
    "accept",
    ["*/*", None, "text/*", "text/plain", "text/plain, */*;q=0.5", "application/json;q=0.5, text/plain", "image/png"],
)
def test_the_default_is_what_everything_that_accepts_it_gets(accept):
    client = client_of(Api, "text/plain", "text/plain", "text/csv")
    headers = {} if accept is None else {"Accept": accept}
    assert client.get("/", headers=headers).mimetype == "text/plain"
    assert client.post("/", headers=headers).mimetype == "text/plain"


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("application/json", "application/json"),
        ("text/csv", "text/csv"),
        ("*/*;q=0.5, text/csv", "text/csv"),
        ("text/plain;q=0.1, application/*;q=0.9", "application/json"),
    ],
)
def test_what_a_client_prefers_goes_before_the_default(accept, mimetype):
    client = client_of(Api, "text/plain", "text/plain", "text/csv")
    assert client.get("/", headers={"Accept": accept}).mimetype == mimetype


def test_without_a_default_the_first_is_given_and_nothing_that_is_not_accepted():
    client = client_of(Api, None, "text/plain")
    assert client.get("/", headers={"Accept": "*/*"}).mimetype == "application/json"
    assert client.get("/", headers={"Accept": "image/png"}).status_code == 406


def test_the_default_may_be_text_without_a_representation():
    assert client_of(Api, "text/plain").get("/", headers={"Accept": "image/png"}).mimetype == "text/plain"


def test_flask_restful_gives_the_first(flask_restfuls_api):
    client = client_of(flask_restfuls_api, "text/plain", "text/plain")
    assert client.get("/", headers={"Accept": "*/*"}).mimetype == "application/json"
    assert client.get("/").mimetype == "text/plain"
