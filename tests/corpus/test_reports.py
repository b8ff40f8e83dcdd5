"""Public bug reports about what people migrate from, each tried on an application, in both doors.

``reports.md`` beside this file lists all that were looked at: repository and number, title, what was tried, and the
test, which is a case below, or a test elsewhere that tries the same.
"""

import ast
import datetime as dt
import io
import re
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path

import flask
import pytest
from flask import Blueprint, Flask, Response, got_request_exception, jsonify, make_response, redirect, request
from marshmallow import EXCLUDE, RAISE, Schema
from marshmallow import fields as schema_fields
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, HTTPException

import restwell.flask_restful
from restwell import Api, Resource, abort, expects, fields, inputs, marshal_with, marshal_with_field, reqparse

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DOOR = restwell.flask_restful.Api
JSON = {"Content-Type": "application/json"}

CASES = {}


def report(name):
    """What was tried of a public report: a function of the class of an Api."""

    def decorator(case):
        assert name not in CASES, name
        CASES[name] = case
        return case

    return decorator


# -- how a case is served


def serving(make_api, *, app=None, url="/a", options=None, **methods):
    """A client of an application with one resource that has these methods."""
    app = app or Flask(__name__)
    kind = type("A", (Resource,), {name: staticmethod(method) for name, method in methods.items()})
    make_api(app, **(options or {})).add_resource(kind, url)
    return app.test_client(use_cookies=False)


def parsing(make_api, *arguments, strict=False, code=400, **options):
    """A client of an application whose one resource gives back what its parser took."""
    parser = reqparse.RequestParser(**options)
    for name, keywords in arguments:
        parser.add_argument(name, **keywords)

    def parse(**values):
        return {name: repr(value) for name, value in parser.parse_args(strict=strict, http_error_code=code).items()}

    return serving(make_api, get=parse, post=parse, put=parse, delete=parse)


def raising(error):
    def method(**values):
        raise error

    return method


def refused(response, status=400):
    assert response.status_code == status, response.text
    return response.json["message"]


def answered(response, body, status=200):
    assert response.status_code == status, response.text
    assert response.json == body


# -- parsers


@report("flask-restful/flask-restful#991")
def _(make_api):
    help_text = "Firmware version should have format: {'major': 0}"
    client = parsing(make_api, ("v", {"type": int, "location": "args", "help": help_text}))
    assert refused(client.get("/a?v=x")) == {"v": help_text}


@report("flask-restful/flask-restful#163")
def _(make_api):
    everywhere = parsing(make_api, ("name", {"type": str}))
    assert everywhere.get("/a", headers=JSON).status_code == 400
    query = parsing(make_api, ("name", {"type": str, "location": "args"}))
    answered(query.get("/a?name=x", headers=JSON), {"name": "'x'"})


@report("flask-restful/flask-restful#556")
def _(make_api):
    client = parsing(make_api, ("username", {"type": str}))
    assert client.post("/a", data="", headers=JSON).status_code == 400


@report("flask-restful/flask-restful#936")
def _(make_api):
    client = parsing(make_api, ("x", {"type": str}))
    answered(client.get("/a?x=1"), {"x": "'1'"})
    answered(client.post("/a", data={"x": "1"}), {"x": "'1'"})


@report("flask-restful/flask-restful#261")
def _(make_api):
    client = parsing(make_api, ("title", {}), ("q", {}))
    sent = client.post("/a?title=q&q=2", json={"title": "t"})
    answered(sent, {"title": "'t'", "q": "'2'"})


@report("flask-restful/flask-restful#411")
def _(make_api):
    client = parsing(make_api, ("foo", {"location": "json"}))
    for body in ('"foo"', "1", "true", "[1]", "null"):
        response = client.post("/a", data=body, headers=JSON)
        taken = make_api is DOOR and body in ("[1]", "null")
        assert response.status_code == (200 if taken else 400), body


@report("flask-restful/flask-restful#380")
def _(make_api):
    listed, appended = parsing(make_api, ("l", {"type": list})), parsing(make_api, ("l", {"action": "append"}))
    lost = make_api is DOOR
    answered(listed.post("/a", json={"l": []}), {"l": "None" if lost else "[]"})
    answered(listed.post("/a", json={"l": ["a", "b"]}), {"l": "['a']" if lost else "['a', 'b']"})
    answered(appended.post("/a", json={"l": []}), {"l": "None" if lost else "[]"})


@report("flask-restful/flask-restful#681")
def _(make_api):
    client = parsing(make_api, ("tables", {"default": [], "type": list, "location": "json"}))
    answered(client.post("/a", json={"tables": [25, 26]}), {"tables": "[25, 26]"})


@report("flask-restful/flask-restful#892")
def _(make_api):
    client = parsing(make_api, ("d", {"type": list, "location": ["json", "values"]}), bundle_errors=True)
    response = client.get("/a", json={"d": [0.5, 0.5]})
    if make_api is Api:
        answered(response, {"d": "[0.5, 0.5]"})
    else:
        assert response.status_code < 500


@report("flask-restful/flask-restful#894")
def _(make_api):
    client = parsing(make_api, ("config", {"type": dict, "location": "json"}))
    said = refused(client.post("/a", json={"config": 12}))
    assert said == {"config": "must be a JSON object" if make_api is Api else "'int' object is not iterable"}


@report("flask-restful/flask-restful#589")
def _(make_api):
    broken = ("d", {"type": Decimal}), ("n", {"type": lambda value: value.nope})
    if make_api is Api:
        client = parsing(make_api, *broken, bundle_errors=True)
        assert refused(client.get("/a?d=x&n=x")) == {"d": "must be a number", "n": "is not a valid value"}
    else:
        assert refused(parsing(make_api, *broken).get("/a?d=x&n=x")).keys() == {"d"}


@report("flask-restful/flask-restful#855")
def _(make_api):
    client = parsing(make_api, ("d", {"type": Decimal, "location": "json"}))
    answered(client.post("/a", json={"d": 89.92}), {"d": "Decimal('89.92')"})
    response = client.post("/a", json={"d": "NaN"})
    assert response.status_code == (400 if make_api is Api else 200)


@report("flask-restful/flask-restful#384")
def _(make_api):
    client = parsing(make_api, ("c", {"type": dt.datetime}), ("d", {"type": dt.datetime, "help": "a date"}))
    if make_api is Api:
        assert refused(client.get("/a?c=x")) == {"c": "is not a valid value"}
    assert refused(client.get("/a?d=x")) == {"d": "a date"}


@report("flask-restful/flask-restful#807")
def _(make_api):
    client = parsing(make_api, ("f", {"type": dict, "action": "append", "location": "json"}))
    answered(client.post("/a", json={"f": {"oid": 1}}), {"f": "[{'oid': 1}]"})
    answered(client.post("/a", json={"f": [{"oid": 1}, {"oid": 2}]}), {"f": "[{'oid': 1}, {'oid': 2}]"})
    said = refused(client.post("/a", json={"f": ["ab"]}))
    assert make_api is DOOR or said == {"f": "must be a JSON object"}


@report("flask-restful/flask-restful#901")
def _(make_api):
    with pytest.raises(TypeError, match="type of the argument 'target' is none: 'str'"):
        parsing(make_api, ("target", {"type": "str", "default": ""}))


@report("flask-restful/flask-restful#653")
def _(make_api):
    client = parsing(make_api, ("fields", {"action": "append"}))
    answered(client.get("/a?fields=a&fields=b"), {"fields": "['a', 'b']"})
    with pytest.warns(UserWarning, match="action='split'"):
        parsing(make_api, ("fields", {"action": "split"}))


@report("flask-restful/flask-restful#928")
def _(make_api):
    client = parsing(make_api, ("b", {"type": inputs.boolean}))
    answered(client.get("/a?b=1"), {"b": "True"})
    assert refused(client.post("/a", json={"b": 1.5})).keys() == {"b"}


@report("flask-restful/flask-restful#470")
def _(make_api):
    client = parsing(make_api, ("isMale", {"type": inputs.boolean, "location": "args"}))
    assert refused(client.get("/a?isMale=&name=john")).keys() == {"isMale"}


@report("flask-restful/flask-restful#197")
def _(make_api):
    client = parsing(make_api, ("is_cluster", {"type": inputs.boolean, "location": "json"}))
    answered(client.put("/a", json={"is_cluster": None}), {"is_cluster": "None"})


@report("flask-restful/flask-restful#870")
def _(make_api):
    client = parsing(make_api, ("content-type", {"location": "headers"}), ("x-ClientId", {"location": "headers"}))
    response = client.get("/a", headers={"Content-Type": "text/x", "X-CLIENTID": "7"})
    answered(response, {"content-type": "'text/x'", "x-ClientId": "'7'"})


@report("flask-restful/flask-restful#472")
def _(make_api):
    client = parsing(make_api, ("a", {}), strict=True)
    for response in (
        client.get("/a?foo=1"),
        client.post("/a", json={"foo": 1}),
        client.post("/a?foo=1", json={"a": 1}),
    ):
        assert "foo" in refused(response)


@report("flask-restful/flask-restful#836")
def _(make_api):
    arguments = [(name, {"required": True, "action": "append", "location": "json"}) for name in ("window", "sensors")]
    client = parsing(make_api, *arguments, bundle_errors=True)
    assert refused(client.post("/a", json={"window": ["x"]})).keys() == {"sensors"}
    assert refused(client.post("/a", json={})).keys() == {"window", "sensors"}


@report("flask-restful/flask-restful#722")
def _(make_api):
    client = parsing(make_api, ("n", {"type": int, "required": True}), code=422, bundle_errors=True)
    assert refused(client.get("/a"), 422).keys() == refused(client.get("/a?n=x"), 422).keys() == {"n"}


@report("flask-restful/flask-restful#508")
def _(make_api):
    def refusing(value):
        raise ValueError("中文")

    client = parsing(make_api, ("n", {"type": refusing, "help": "Ошибка: {error_msg}"}))
    assert refused(client.get("/a?n=1")) == {"n": "Ошибка: 中文"}


@report("flask-restful/flask-restful#279")
def _(make_api):
    def allowed(file):
        if not file.filename.endswith(".png"):
            raise ValueError("not allowed")
        return file.filename

    client = parsing(make_api, ("pic", {"type": allowed, "location": "files"}))
    answered(client.post("/a", data={"pic": (io.BytesIO(b"x"), "a.png")}), {"pic": "'a.png'"})
    assert refused(client.post("/a", data={"pic": (io.BytesIO(b"x"), "a.txt")})) == {"pic": "not allowed"}


@report("flask-restful/flask-restful#516")
def _(make_api):
    client = parsing(make_api, ("p", {"type": FileStorage, "location": "files", "action": "append"}))
    response = client.post("/a", data={"p": [(io.BytesIO(b"x"), "a.png"), (io.BytesIO(b"y"), "b.png")]})
    assert "a.png" in response.json["p"]
    assert "b.png" in response.json["p"]


@report("flask-restful/flask-restful#590")
def _(make_api):
    client = parsing(make_api, ("foo", {"required": True}))
    answered(client.get("/a?foo="), {"foo": "''"})
    answered(client.post("/a", json={"foo": None}), {"foo": "None"})
    strict = parsing(make_api, ("foo", {"required": True, "nullable": False, "location": "json"}))
    assert refused(strict.post("/a", json={"foo": None})) == {"foo": "Must not be null!"}


@report("flask-restful/flask-restful#847")
def _(make_api):
    absent = ("l", {"action": "append", "location": "json"})
    answered(parsing(make_api, absent).post("/a", json={"b": 1}), {"l": "None"})
    left_out = ("l", {"action": "append", "location": "json", "store_missing": False})
    answered(parsing(make_api, left_out).post("/a", json={"b": 1}), {})


@report("flask-restful/flask-restful#152")
def _(make_api):
    answered(parsing(make_api, ("s", {"type": str})).post("/a", json={"s": None}), {"s": "None"})


@report("flask-restful/flask-restful#793")
def _(make_api):
    answered(parsing(make_api, ("rate", {"type": str})).post("/a", json={"rate": 111}), {"rate": "'111'"})
    checked = parsing(make_api, ("rate", {"type": inputs.string()}))
    assert make_api is DOOR or refused(checked.post("/a", json={"rate": 111})) == {"rate": "must be a string"}


@report("flask-restful/flask-restful#775")
def _(make_api):
    parser = reqparse.RequestParser().add_argument("id", type=int, location=["view_args", "args"])
    client = serving(make_api, url="/foo/<id>/bar", get=lambda **values: parser.parse_args())
    answered(client.get("/foo/3/bar"), {"id": 3})
    assert refused(client.get("/foo/x/bar")).keys() == {"id"}


@report("flask-restful/flask-restful#362")
def _(make_api):
    client = parsing(make_api, ("url", {"type": inputs.url, "location": "json", "help": "Bookmark url is invalid."}))
    answered(client.put("/a", json={"url": "https://www.google.com"}), {"url": "'https://www.google.com'"})
    assert refused(client.put("/a", json={"url": "nope"})) == {"url": "Bookmark url is invalid."}


@report("python-restx/flask-restx#82")
def _(make_api):
    client = parsing(make_api, ("n", {"location": ["json", "args"]}))
    both = client.post("/a?n=arg", json={"n": "j"})
    assert both.status_code == 200
    assert make_api is DOOR or both.json == {"n": "'j'"}
    appended = parsing(make_api, ("n", {"location": ["json", "args"], "action": "append"}))
    answered(appended.post("/a?n=arg", json={"n": "j"}), {"n": "['j', 'arg']"})


@report("python-restx/flask-restx#454")
def _(make_api):
    client = parsing(make_api, ("b", {"type": bool, "default": True}))
    answered(client.get("/a"), {"b": "True"})
    assert client.get("/a", headers=JSON).status_code == 400


@report("python-restx/flask-restx#17")
def _(make_api):
    client = parsing(make_api, ("e", {"type": inputs.email, "location": "args"}))
    answered(client.get("/a?e=user@example.com"), {"e": "'user@example.com'"})
    for address in ("a@b", "me@127.0.0.1"):
        assert refused(client.get(f"/a?e={address}")).keys() == {"e"}


@report("python-restx/flask-restx#224")
def _(make_api):
    query = ("q", {"location": "args"})
    answered(parsing(make_api, query).post("/a?q=1", json=[1]), {"q": "'1'"})
    assert parsing(make_api, ("q", {})).post("/a?q=1", json=[1]).status_code == 400


@report("python-restx/flask-restx#344")
def _(make_api):
    client = parsing(make_api, ("d", {"type": inputs.date}))
    for day in ("test", "2024-02-30", 5):
        assert client.post("/a", json={"d": day}).status_code == 400


@report("python-restx/flask-restx#422")
def _(make_api):
    answered(parsing(make_api, ("q", {"location": "args"})).get("/a?q=1"), {"q": "'1'"})


@report("marshmallow-code/webargs#70")
def _(make_api):
    client = parsing(make_api, ("l", {"action": "append", "required": True, "location": "json"}))
    response = client.post("/a", json={"l": []})
    assert response.status_code == (200 if make_api is Api else 400)
    listed = parsing(make_api, ("l", {"type": inputs.list_of(inputs.integer()), "location": "json"}))
    answered(listed.post("/a", json={"l": []}), {"l": "[]"})


@report("marshmallow-code/webargs#623")
def _(make_api):
    client = parsing(make_api, ("ids", {"type": inputs.list_of(inputs.integer()), "location": "args"}))
    answered(client.get("/a?ids=1&ids=3"), {"ids": "[1, 3]"})
    for query in ("ids=", "ids=1,3"):
        assert client.get(f"/a?{query}").status_code == 400


@report("marshmallow-code/webargs#182")
def _(make_api):
    inner = reqparse.RequestParser().add_argument("key", required=True, location="json")
    client = parsing(make_api, ("payload", {"type": inner, "action": "append", "location": "json"}))
    response = client.post("/a", json={"payload": [{}]})
    assert refused(response).keys() == {"payload[0].key"} or make_api is DOOR


@report("marshmallow-code/webargs#268")
def _(make_api):
    class Item(Schema):
        class Meta:
            unknown = RAISE

        n = schema_fields.Integer()

    parser = reqparse.RequestParser().add_argument("n", type=inputs.integer(), required=True, location="json")
    client = serving(
        make_api,
        post=expects(Item(many=True))(lambda args: args),
        put=expects(parser, many=True)(lambda args: args),
    )
    assert refused(client.post("/a", json=[{"n": 1}, {"n": 1, "x": 2}]), 422) == {"[1].x": "Unknown field."}
    answered(client.put("/a", json=[{"n": 1}] * 20), [{"n": 1}] * 20)
    assert refused(client.put("/a", json=[{"n": 1}, {}])).keys() == {"[1].n"}


# -- who answers, and with what


@report("flask-restful/flask-restful#246")
def _(make_api):
    returned = {"foo": "bar"}, {"X-Foo": "baz"}
    decorated = marshal_with({"foo": fields.String})(lambda: returned)
    client = serving(make_api, get=lambda: returned, post=decorated)
    for response in (client.get("/a"), client.post("/a")):
        answered(response, {"foo": "bar"})
        assert response.headers["X-Foo"] == "baz"


@report("flask-restful/flask-restful#477")
def _(make_api):
    client = serving(make_api, get=lambda: ("", 204), put=lambda: (None, 204), post=lambda: ({"a": 1}, 204))
    for response in (client.get("/a"), client.put("/a"), client.post("/a")):
        assert (response.status_code, response.data) == (204, b"")
        assert "Content-Type" not in response.headers


@report("flask-restful/flask-restful#296")
def _(make_api):
    class Passing(make_api):
        def handle_error(self, error):
            raise error

    client = serving(Passing, get=lambda: abort(404))
    assert client.get("/a").status_code == 404
    assert client.put("/a").status_code == 405


@report("flask-restful/flask-restful#225")
def _(make_api):
    class UserAlreadyExistsError(Exception):
        pass

    for status in (409, "409"):
        errors = {"UserAlreadyExistsError": {"message": "there", "status": status, "extra": "x"}}
        client = serving(make_api, options={"errors": errors}, get=raising(UserAlreadyExistsError()))
        response = client.get("/a")
        assert (response.status_code, response.json["message"], response.json["extra"]) == (409, "there", "x")


@report("flask-restful/flask-restful#783")
def _(make_api):
    class ApiError(HTTPException):
        def __init__(self, message):
            self.code = 400
            self.message = message

    assert serving(make_api, get=raising(ApiError("m"))).get("/a").status_code == 400
    errors = {"ApiError": {"message": "n", "status": 409}}
    assert refused(serving(make_api, options={"errors": errors}, get=raising(ApiError("m"))).get("/a"), 409) == "n"


@report("flask-restful/flask-restful#179")
def _(make_api):
    app = Flask(__name__)
    app.register_error_handler(412, lambda error: ("page", 412))
    assert refused(serving(make_api, app=app, get=lambda: abort(412, message="m")).get("/a"), 412) == "m"


@report("flask-restful/flask-restful#542")
def _(make_api):
    class Custom(Exception):  # noqa: N818
        pass

    for config in ({}, {"DEBUG": True}, {"PROPAGATE_EXCEPTIONS": False}):
        app = Flask(__name__)
        app.config.update(config)
        app.register_error_handler(Custom, lambda error: ({"by": "handler"}, 409))
        answered(serving(make_api, app=app, get=raising(Custom())).get("/a"), {"by": "handler"}, 409)


@report("flask-restful/flask-restful#791")
def _(make_api):
    response = serving(make_api, get=lambda: flask.abort(make_response("{}", 403))).get("/a")
    assert (response.status_code, response.text) == (403, "{}")


@report("flask-restful/flask-restful#950")
def _(make_api):
    class SamplesNotFound(HTTPException):
        pass

    errors = {"SamplesNotFound": {"message": "none", "status": 522}}
    assert (
        refused(serving(make_api, options={"errors": errors}, get=raising(SamplesNotFound())).get("/a"), 522) == "none"
    )


@report("flask-restful/flask-restful#205")
def _(make_api):
    client = serving(make_api, get=lambda: abort(400, message="x"), post=raising(BadRequest("x")))
    assert client.get("/a").data == client.post("/a").data


@report("flask-restful/flask-restful#18")
def _(make_api):
    app, blueprint = Flask(__name__), Blueprint("shop", __name__, url_prefix="/shop")
    kind = type("A", (Resource,), {"get": lambda self: abort(404, message="m")})
    make_api(blueprint).add_resource(kind, "/a")
    app.register_blueprint(blueprint)
    client = app.test_client()
    assert refused(client.get("/shop/a"), 404) == "m"
    assert client.put("/shop/a").status_code == 405
    assert client.put("/shop/a").is_json


@report("flask-restful/flask-restful#181")
def _(make_api):
    client = serving(make_api, url="/todos/<int:id>", get=lambda id: abort(404))
    assert "/todos/<int:id>" not in client.get("/todos/7").text


@report("flask-restful/flask-restful#450")
def _(make_api):
    class Slow(HTTPException):
        code = 429

        def get_headers(self, *args, **kwargs):
            return [("Content-Type", "text/html"), ("Retry-After", "7"), ("X-A", "1")]

    response = serving(make_api, get=raising(Slow())).get("/a")
    assert (response.status_code, response.mimetype) == (429, "application/json")
    assert (response.headers["Retry-After"], response.headers["X-A"]) == ("7", "1")


@report("flask-restful/flask-restful#724")
def _(make_api):
    client = serving(make_api, get=lambda: {"d": Decimal("9.90"), "t": dt.date(2024, 5, 31)})
    answered(client.get("/a"), {"d": "9.90", "t": "2024-05-31"})


@report("flask-restful/flask-restful#917")
def _(make_api):
    async def get():
        return {"a": 1}

    answered(serving(make_api, get=get).get("/a"), {"a": 1})


@report("flask-restful/flask-restful#726")
def _(make_api):
    client = serving(
        make_api,
        get=lambda: Response("text", mimetype="text/plain"),
        post=lambda: (Response("text", mimetype="text/plain"), 201, {"X-A": "1"}),
    )
    assert (client.get("/a").mimetype, client.get("/a").text) == ("text/plain", "text")
    response = client.post("/a", json={})
    assert (response.status_code, response.mimetype, response.headers["X-A"]) == (201, "text/plain", "1")


@report("python-restx/flask-restx#355")
def _(make_api):
    client = serving(make_api, get=lambda: (jsonify(a=1), 201), post=lambda: (jsonify(a=1), 202, {"X-A": "1"}))
    answered(client.get("/a"), {"a": 1}, 201)
    answered(client.post("/a"), {"a": 1}, 202)


@report("python-restx/flask-restx#169")
def _(make_api):
    def stream():
        return Response((line for line in ("a,b\n", "1,2\n")), mimetype="text/csv")

    client = serving(make_api, get=stream, post=lambda: (stream(), 201))
    assert client.get("/a").text == client.post("/a").text == "a,b\n1,2\n"
    assert client.post("/a").status_code == 201


@report("python-restx/flask-restx#600")
def _(make_api):
    async def post():
        return jsonify(a=1), 200

    answered(serving(make_api, post=post).post("/a"), {"a": 1})


@report("python-restx/flask-restx#368")
def _(make_api):
    marshalled = marshal_with({"a": fields.Integer})
    client = serving(
        make_api,
        get=marshalled(lambda: redirect("/b", 302)),
        post=marshalled(lambda: jsonify(b=2)),
        put=marshalled(lambda: make_response("tea", 418)),
    )
    assert (client.get("/a").status_code, client.get("/a").location) == (302, "/b")
    answered(client.post("/a"), {"b": 2})
    assert (client.put("/a").status_code, client.put("/a").text) == (418, "tea")


@report("python-restx/flask-restx#33")
def _(make_api):
    class Foo(RuntimeError):  # noqa: N818
        data = "Foo Bar"

    app = Flask(__name__)
    app.register_error_handler(Foo, lambda error: ({"by": "handler"}, 418))
    answered(serving(make_api, app=app, get=raising(Foo())).get("/a"), {"by": "handler"}, 418)
    answer = serving(make_api, get=raising(Foo())).get("/a")
    assert answer.status_code == 500
    assert ("Foo Bar" in answer.text) == (make_api is DOOR)


@report("python-restx/flask-restx#103")
def _(make_api):
    app = Flask(__name__)
    api = make_api(app)
    api.add_resource(type("A", (Resource,), {"get": lambda self: {}}), "/a")
    api.errorhandler(405)(lambda error: {"only": "this"})
    response = app.test_client().put("/a")
    assert (response.status_code, response.json) == (405, {"only": "this"})


@report("python-restx/flask-restx#111")
def _(make_api):
    class Base(Exception):  # noqa: N818
        pass

    class Derived(Base):
        pass

    app = Flask(__name__)
    app.register_error_handler(Base, lambda error: ({"by": "base"}, 418))
    answered(serving(make_api, app=app, get=raising(Derived())).get("/a"), {"by": "base"}, 418)


@report("python-restx/flask-restx#349")
def _(make_api):
    class Handled(Exception):  # noqa: N818
        pass

    app, sent = Flask(__name__), []
    app.register_error_handler(Handled, lambda error: ("", 418))
    receiver = lambda sender, exception, **extra: sent.append(type(exception))  # noqa: E731
    got_request_exception.connect(receiver, app)
    client = serving(make_api, app=app, get=raising(Handled()), post=raising(ZeroDivisionError()))
    client.get("/a")
    assert sent == []
    client.post("/a")
    assert sent == [ZeroDivisionError]


@report("python-restx/flask-restx#523")
def _(make_api):
    app = Flask(__name__)
    client = serving(make_api, app=app, get=lambda: {})
    app.add_url_rule("/", "root", lambda: "root")
    assert client.get("/").text == "root"


@report("python-restx/flask-restx#249")
def _(make_api):
    app = Flask(__name__)
    api = make_api(app, prefix="/api")
    kind = type("A", (Resource,), {"get": lambda self: {"a": 1}})
    api.add_resource(kind, "/todos")
    answered(app.test_client().get("/api/todos"), {"a": 1})
    with pytest.warns(UserWarning, match="/apitodos"):
        make_api(Flask(__name__), prefix="/api").add_resource(kind, "todos")


@report("python-restx/flask-restx#248")
def _(make_api):
    client = serving(make_api, post=lambda: request.get_json())
    response = client.post("/a", data={"a": "1"})
    assert (response.status_code, response.is_json) == (415, True)


# -- fields


@report("flask-restful/flask-restful#667")
def _(make_api):
    client = serving(make_api, get=marshal_with({"d": fields.DateTime})(lambda: {"d": dt.date(2024, 5, 31)}))
    answered(client.get("/a"), {"d": "Fri, 31 May 2024 00:00:00 -0000"})


@report("flask-restful/flask-restful#885")
def _(make_api):
    with pytest.raises(TypeError, match="must be a dict of fields or a field"):
        marshal_with({fields.List(fields.String)})


@report("flask-restful/flask-restful#553")
def _(make_api):
    answered(serving(make_api, get=marshal_with(fields.Raw)(lambda: 100)).get("/a"), 100)


@report("flask-restful/flask-restful#324")
def _(make_api):
    class Row:
        id = 7

        def __getitem__(self, key):
            raise KeyError(key)

    client = serving(make_api, url="/a/<int:id>", get=marshal_with({"url": fields.Url()})(lambda id: Row()))
    answered(client.get("/a/1"), {"url": "/a/7"})


@report("flask-restful/flask-restful#16")
def _(make_api):
    client = serving(
        make_api,
        get=marshal_with({"n": fields.Fixed})(lambda: {"n": float("inf")}),
        post=marshal_with({"n": fields.Float})(lambda: {"n": float("nan")}),
    )
    assert client.get("/a").status_code == 500
    assert client.post("/a").text.split() == (['{"n":null}'] if make_api is Api else ['{"n":', "NaN}"])


@report("flask-restful/flask-restful#646")
def _(make_api):
    field = fields.String(attribute="people.0.name")
    client = serving(make_api, get=marshal_with({"n": field})(lambda: {"people": [{"name": "Ada"}]}))
    answered(client.get("/a"), {"n": "Ada" if make_api is Api else None})


@report("flask-restful/flask-restful#75")
def _(make_api):
    inner = {"a": fields.Integer(default=None)}
    shown = {
        "plain": fields.Nested(inner),
        "null": fields.Nested(inner, allow_null=True),
        "default": fields.Nested(inner, default={}),
    }
    answered(
        serving(make_api, get=marshal_with(shown)(lambda: {})).get("/a"),
        {"plain": {"a": None}, "null": None, "default": {}},
    )


@report("flask-restful/flask-restful#405")
def _(make_api):
    moment = dt.datetime(2024, 5, 31, 13, 45, 0, 123456, dt.timezone(dt.timedelta(hours=2)))
    client = serving(make_api, get=marshal_with({"t": fields.DateTime("iso8601")})(lambda: {"t": moment}))
    answered(client.get("/a"), {"t": "2024-05-31T13:45:00.123456+02:00"})


@report("flask-restful/flask-restful#140")
def _(make_api):
    field = fields.String(attribute="compressed")
    client = serving(make_api, get=marshal_with({"n": field})(lambda: ip_network("10.0.0.0/30")))
    response = client.get("/a")
    assert response.status_code == 200


@report("python-restx/flask-restx#478")
def _(make_api):
    shown = {"a": fields.Nested({"x": fields.String})}
    answered(serving(make_api, get=marshal_with(shown)(lambda: {})).get("/a"), {"a": {"x": None}})


@report("python-restx/flask-restx#184")
def _(make_api):
    answered(serving(make_api, get=marshal_with({"r": fields.Raw})(lambda: {"r": {}})).get("/a"), {"r": {}})


@report("python-restx/flask-restx#394")
def _(make_api):
    listed = marshal_with_field(fields.List(fields.String))
    answered(serving(make_api, get=listed(lambda: [1, "a"])).get("/a"), ["1", "a"])


# -- schemas


class Cm(Schema):
    class Meta:
        unknown = EXCLUDE

    cm = schema_fields.String()


@report("marshmallow-code/webargs#427")
def _(make_api):
    parser = reqparse.RequestParser().add_argument("cm", location="json")
    client = serving(make_api, post=expects(Cm)(lambda args: args), put=lambda: parser.parse_args())
    for send in (client.post, client.put):
        assert send("/a", data=b'{"cm": "\xfe"}', headers=JSON).status_code == 400


@report("marshmallow-code/webargs#229")
def _(make_api):
    client = serving(make_api, post=expects(Cm)(lambda args: args))
    assert client.post("/a", data=b"", headers=JSON).status_code == 400


@report("marshmallow-code/webargs#183")
def _(make_api):
    client = serving(make_api, post=expects(Cm)(lambda args: args))
    assert "application/json" in refused(client.post("/a", data="x", content_type="text/plain"), 415)


@report("marshmallow-code/webargs#369")
def _(make_api):
    client = serving(make_api, post=expects(Cm)(lambda args: args))
    response = client.post("/a", data='{"cm": "x", "b": wrong}', headers=JSON)
    assert response.status_code == 400
    assert "Missing data" not in response.text


@report("marshmallow-code/webargs#12")
def _(make_api):
    client = serving(make_api, post=expects(Cm)(lambda args: args))
    answered(client.post("/a", json={"cm": "é"}), {"cm": "é"})


@pytest.mark.parametrize("make_api", [Api, DOOR], ids=["restwell", "door"])
@pytest.mark.parametrize("name", CASES)
def test_report(name, make_api):
    CASES[name](make_api)


# -- the table of all reports

ROW = re.compile(r"^\| (?P<name>[\w./-]+#\d+) \| (?P<title>.+?) \| (?P<tried>.+?) \| (?P<test>.+?) \|$", re.M)
ROWS = [match.groupdict() for match in ROW.finditer((HERE / "reports.md").read_text())]


def functions_in(path):
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def test_the_table_has_every_line_of_the_file_once():
    lines = [line for line in (HERE / "reports.md").read_text().splitlines() if line.startswith("| ")]
    assert len(lines) - 1 == len(ROWS) == len({row["name"] for row in ROWS})
    assert len(ROWS) >= 150


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_what_a_row_names_is_there(row):
    kind, _, rest = row["test"].partition(": ")
    if kind == "here":
        assert row["name"] in CASES
    elif kind == "no test":
        assert len(rest) > 10, "it says why"
    else:
        assert row["name"] not in CASES
        for named in row["test"].split(", "):
            path, _, name = named.strip("`").partition("::")
            assert name in functions_in(ROOT / path), named


def test_every_case_has_its_row():
    assert {row["name"] for row in ROWS if row["test"] == "here"} == CASES.keys()
