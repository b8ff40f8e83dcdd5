"""Bodies that are compressed, and forms that are too large: what can be read is said."""

import gzip
import io
from typing import Any

import flask
import pydantic
import pytest
from flask import Flask
from flask.testing import FlaskClient

from restwell import Api, Resource, expects, flask_restful, inputs, reqparse
from restwell.operations import limits

BODY = gzip.compress(b'{"name": "x"}')


class Name(pydantic.BaseModel):
    name: str


def name_parser(location: str) -> reqparse.RequestParser:
    parser = reqparse.RequestParser()
    parser.add_argument("name", type=inputs.string(), location=location)
    return parser


class ByJSON(Resource):
    @expects(name_parser("json"))
    def post(self, args: Any) -> Any:
        return args


class ByForm(Resource):
    @expects(name_parser("form"))
    def post(self, args: Any) -> Any:
        return args


class ByMany(Resource):
    @expects(name_parser("json"), many=9)
    def post(self, args: Any) -> Any:
        return args


class ByModel(Resource):
    @expects(Name)
    def post(self, args: Name) -> Any:
        return {"name": args.name}


class ByFlask(Resource):
    def post(self) -> Any:
        return flask.request.get_json()


class ByHand(Resource):
    @expects(name_parser("args"))
    def post(self, args: Any) -> Any:
        return {**args, "body": gzip.decompress(flask.request.get_data()).decode()}


class ByParts(Resource):
    def post(self) -> Any:
        return {"parts": len(flask.request.form)}


CLASSES = (ByJSON, ByForm, ByMany, ByModel, ByFlask, ByHand, ByParts)


def make_client(api_class: Any = Api, **config: Any) -> FlaskClient:
    app = Flask(__name__)
    app.config.update(config)
    api = api_class(app)
    for kind in CLASSES:
        api.add_resource(kind, f"/{kind.__name__}")
    return app.test_client()


@pytest.mark.parametrize("kind", CLASSES[:5])
@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "deflate, gzip", "x" * 5000])
@pytest.mark.parametrize("error_format", ["standard", "problem"])
def test_body_that_is_encoded_is_415(kind: type, encoding: str, error_format: str) -> None:
    content_type = "application/x-www-form-urlencoded" if kind is ByForm else "application/json"
    response = make_client(API_ERROR_FORMAT=error_format).post(
        f"/{kind.__name__}", data=BODY, content_type=content_type, headers={"Content-Encoding": encoding}
    )
    assert response.status_code == 415
    assert response.headers["Accept-Encoding"] == "identity"
    assert response.json is not None
    message = response.json["detail" if error_format == "problem" else "message"]
    assert (
        message == f"Content-Encoding {encoding[:20].lower()} cannot be read here; send the body as it is (identity)."
    )


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_body_that_is_sent_as_it_is_is_read(encoding: str) -> None:
    for kind in (ByJSON, ByMany, ByModel, ByFlask):
        response = make_client().post(f"/{kind.__name__}", json={"name": "x"}, headers={"Content-Encoding": encoding})
        assert response.json == {"name": "x"}


def test_resource_may_decode_a_body_by_itself() -> None:
    response = make_client().post("/ByHand?name=n", data=BODY, headers={"Content-Encoding": "gzip"})
    assert response.json == {"name": "n", "body": '{"name": "x"}'}


def test_flask_restfuls_answer_stays() -> None:
    for kind in (ByJSON, ByFlask):
        response = make_client(flask_restful.Api).post(
            f"/{kind.__name__}", data=BODY, content_type="application/json", headers={"Content-Encoding": "gzip"}
        )
        assert response.status_code == 400


# -- too large -------------------------------------------------------------------------------------------------------


def complaint(client: FlaskClient, form: dict[str, Any], **options: Any) -> str:
    response = client.post("/ByParts", data=form, content_type="multipart/form-data", **options)
    assert response.status_code == 413
    assert response.json is not None
    message: str = response.json["message"]
    return message


OF_FORM = "A form must not have more than 10 parts, nor more than 1000 bytes in a part that is no file."


def test_form_that_is_too_large_is_told_its_own_limits() -> None:
    client = make_client(MAX_FORM_PARTS=10, MAX_FORM_MEMORY_SIZE=1000, MAX_CONTENT_LENGTH=5000)
    assert complaint(client, {f"part{number}": "x" for number in range(11)}) == OF_FORM
    assert complaint(client, {"part": "x" * 1001}) == OF_FORM
    assert complaint(client, {"part": (io.BytesIO(b"x" * 6000), "x")}) == "The body must not be larger than 5000 bytes."
    assert client.post("/ByParts", data={"part": "x" * 500}, content_type="multipart/form-data").json == {"parts": 1}


def chunked(form: bytes) -> dict[str, Any]:
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return {
        "input_stream": io.BytesIO(form),
        "content_type": "multipart/form-data; boundary=b",
        "environ_overrides": environ,
    }


@pytest.mark.parametrize("is_set_up", [False, True])
def test_form_that_comes_in_chunks_is_told_what_is_known(is_set_up: bool) -> None:
    client = make_client(MAX_FORM_PARTS=10, MAX_FORM_MEMORY_SIZE=1000, MAX_CONTENT_LENGTH=5000)
    if is_set_up:
        client.application.config.update(MAX_QUERY_LENGTH=100, MAX_QUERY_ARGUMENTS=100)
        limits.init_limits(client.application)
    part = b'--b\r\nContent-Disposition: form-data; name="n"\r\n\r\nx\r\n'
    response = client.post("/ByParts", **chunked(part * 11 + b"--b--\r\n"))
    assert response.status_code == 413
    assert response.json is not None
    assert response.json["message"].endswith(OF_FORM)
    large = part.replace(b'"n"', b'"n"; filename="f"').replace(b"x\r\n", b"x" * 9000 + b"\r\n") + b"--b--\r\n"
    response = client.post("/ByParts", **chunked(large))
    assert response.status_code == 413
    assert response.json is not None
    assert response.json["message"].startswith("The body must not be larger than 5000 bytes.")
