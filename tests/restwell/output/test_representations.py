"""How the data of a resource becomes the bytes of a response."""

import json

import flask
from flask import Flask

from restwell import Api, Resource


class Greeting(Resource):
    def get(self, name="world"):
        return {"hello": name}


def client_of(app):
    return app.test_client()


def test_keys_keep_their_order():
    class Ordered(Resource):
        def get(self):
            return {"z": 1, "a": 2}

    app = Flask(__name__)
    Api(app).add_resource(Ordered, "/")
    assert client_of(app).get("/").data == b'{"z":1,"a":2}\n'


def test_the_providers_types_work_in_a_resource():
    import datetime
    import decimal
    import enum
    import uuid

    class Colour(enum.Enum):
        RED = "red"

    class Types(Resource):
        def get(self):
            return {
                "decimal": decimal.Decimal("9.99"),
                "datetime": datetime.datetime(2026, 1, 2, 3, 4, 5),
                "uuid": uuid.UUID(int=7),
                "enum": Colour.RED,
                "set": {1},
            }

    app = Flask(__name__)
    Api(app).add_resource(Types, "/")
    assert client_of(app).get("/").json == {
        "decimal": "9.99",
        "datetime": "2026-01-02T03:04:05",
        "uuid": "00000000-0000-0000-0000-000000000007",
        "enum": "red",
        "set": [1],
    }


def test_an_own_provider_serves_resources():
    class Shouting(flask.json.provider.DefaultJSONProvider):
        def dumps(self, obj, **kwargs):
            return super().dumps(obj, **kwargs).upper()

    app = Flask(__name__)
    Api(app).add_resource(Greeting, "/")
    app.json = Shouting(app)
    assert json.loads(client_of(app).get("/").data) == {"HELLO": "WORLD"}
