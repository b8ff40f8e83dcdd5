"""Which representation a request gets."""

import pytest
from flask import Flask, make_response

from restwell import Api, Resource, abort


class Thing(Resource):
    def get(self):
        return {"a": 1}

    def post(self):
        abort(409, message="m")


def client_of(make_api, default, *others):
    app = Flask(__name__)
    api = make_api(app, default_mediatype=default)
    for mediatype in others:
        api.representation(mediatype)(lambda data, code, headers=None: make_response(str(data), code, headers))
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


def test_nothing_acceptable_is_406_only_without_a_default_mediatype():
    app = Flask(__name__)
    Api(app, prefix="/strict", default_mediatype=None).add_resource(Thing, "/", endpoint="strict")
    Api(app, prefix="/lax").add_resource(Thing, "/", endpoint="lax")
    headers = {"Accept": "image/png"}
    refused = app.test_client().get("/strict/", headers=headers)
    assert (refused.status_code, refused.json["error"]) == (406, "Not Acceptable")
    assert app.test_client().get("/lax/", headers=headers).status_code == 200
