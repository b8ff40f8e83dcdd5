"""Which representation the Accept of a request prefers."""

from flask import Flask

from restwell import Api, Resource


class Greeting(Resource):
    def get(self, name="world"):
        return {"hello": name}


def client_of(app):
    return app.test_client()


def test_nothing_acceptable_is_406_only_without_a_default_mediatype():
    app = Flask(__name__)
    Api(app, prefix="/strict", default_mediatype=None).add_resource(Greeting, "/", endpoint="strict")
    Api(app, prefix="/lax").add_resource(Greeting, "/", endpoint="lax")
    headers = {"Accept": "image/png"}
    refused = client_of(app).get("/strict/", headers=headers)
    assert (refused.status_code, refused.json["error"]) == (406, "Not Acceptable")
    assert client_of(app).get("/lax/", headers=headers).status_code == 200
