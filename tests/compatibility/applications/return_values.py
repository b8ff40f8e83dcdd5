"""Everything that a method may return or raise, and the methods that HTTP adds to those that are written."""

from collections import OrderedDict
from datetime import date
from decimal import Decimal
from http import HTTPStatus

import flask
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadGateway, Conflict, HTTPException, MethodNotAllowed, NotFound, ServiceUnavailable

VALUES = {
    "dict": {"task": "Hello world"},
    "ordered-dict": OrderedDict([("z", 1), ("a", 2)]),
    "empty-dict": {},
    "keys": {7: "integer", 1.5: "float", True: "boolean", None: "null"},
    "list": [{"a": 1}, [2, [3]], "four"],
    "text": "Hello world",
    "empty-text": "",
    "unicode": {"größe": "日本 😀", "escape": '"\\\n\u2028</script>'},
    "none": None,
    "boolean": True,
    "integer": 7,
    "large-integer": 2**80,
    "float": [0.1, 1e300, -0.0, 1e16, 100.0],
    "not-a-number": float("nan"),
    "decimal": {"price": Decimal("9.99")},
    "date": {"on": date(2024, 2, 29)},
    "set": {"tags": {"only"}},
    "generator": (number for number in range(3)),
    "unknown-object": object(),
    "one-tuple": ("only",),
    "status": ({"task": "created"}, 201),
    "status-name": ({"task": "created"}, HTTPStatus.CREATED),
    "status-text": ({"task": "created"}, "299 Well Done"),
    "no-content": ("", 204),
    "not-modified": ("", 304),
    "headers": ({"task": "created"}, 201, {"ETag": "some-opaque-string"}),
    "header-list": ({"task": "created"}, 200, [("X-Colour", "red"), ("X-Colour", "blue")]),
    "headers-object": ({"task": "created"}, 200, Headers([("X-Colour", "red"), ("X-Colour", "blue")])),
    "no-headers": ({"task": "created"}, 200, None),
    "own-content-type": ({"task": "created"}, 200, {"Content-Type": "application/vnd.todo+json"}),
    "own-cookie": ({"task": "created"}, 200, {"Set-Cookie": "a=1; Path=/"}),
    "four-tuple": ("a", "b", "c", "d"),
    "list-of-two": [{"task": "created"}, 201],
}


def responses():
    streamed = flask.Response((part for part in ("a,b\n", "1,2\n")), mimetype="text/csv")
    with_cookie = flask.make_response(flask.jsonify(task="made"), 202)
    with_cookie.set_cookie("session_id", "7", httponly=True)
    return {
        "plain": flask.Response("<p>Hello</p>", status=203),
        "jsonify": flask.jsonify(task="made"),
        "streamed": streamed,
        "cookie": with_cookie,
        "redirect": flask.redirect("/values/dict", 307),
    }


def conflict_with_data():
    error = Conflict("told by the exception")
    error.data = {"message": "told by its data", "holder": "bob"}
    return error


ERRORS = {
    "key": KeyError("secret"),
    "not-found": NotFound(),
    "described": NotFound("No such task"),
    "method": MethodNotAllowed(["GET", "PUT"]),
    "retry": ServiceUnavailable(retry_after=30),
    "bad-gateway": BadGateway("upstream"),
    "with-data": conflict_with_data(),
    "with-response": HTTPException(response=flask.Response("carried", 418)),
    "without-code": HTTPException("nothing known"),
}


def logged(method):
    async def wrapper(*args, **kwargs):
        return await method(*args, **kwargs)

    return wrapper


def build(framework, app):
    api = framework.Api(app)

    class Value(framework.Resource):
        def get(self, name):
            return VALUES[name]

    class Response(framework.Resource):
        def get(self, name):
            return responses()[name]

    class Error(framework.Resource):
        def get(self, name):
            raise ERRORS[name]

    class Abort(framework.Resource):
        def get(self, status):
            framework.abort(status)

        def post(self, status):
            framework.abort(status, message="Read the manual", page=7, links={"self": flask.request.path})

        def put(self, status):
            framework.abort(status, error="no message")

        def delete(self, status):
            flask.abort(status, "Flask's own abort")

        def patch(self, status):
            flask.abort(flask.Response("carried by abort", status, {"X-Carried": "yes"}))

    class OwnMethods(framework.Resource):
        def head(self):
            return "", 200, {"X-From": "head"}

        def options(self):
            return {"methods": "mine"}, 200, {"Allow": "HEAD, TRACE"}

        def trace(self):
            return {"traced": flask.request.headers.get("X-Trace")}

    class Async(framework.Resource):
        async def get(self):
            return {"task": "awaited"}, 202

        @logged
        async def post(self):
            return {"task": "awaited behind a decorator"}, 202

    api.add_resource(Value, "/values/<name>")
    api.add_resource(Response, "/responses/<name>")
    api.add_resource(Error, "/errors/<name>")
    api.add_resource(Abort, "/abort/<int:status>")
    api.add_resource(OwnMethods, "/own-methods")
    api.add_resource(Async, "/async")


REQUESTS = (
    {f"returns {name}": {"path": f"/values/{name}"} for name in VALUES}
    | {f"HEAD of {name}": {"method": "HEAD", "path": f"/values/{name}"} for name in ("dict", "headers", "no-content")}
    | {
        f"returns a response: {name}": {"path": f"/responses/{name}"}
        for name in ("plain", "jsonify", "streamed", "cookie", "redirect")
    }
    | {f"raises {name}": {"path": f"/errors/{name}"} for name in ERRORS}
    | {
        f"{method} aborts with {status}": {"method": method, "path": f"/abort/{status}"}
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD")
        for status in (400, 401, 404, 405, 413, 415, 418, 422, 429, 500, 503)
    }
    | {
        "aborts with a status that HTTP lacks": {"path": "/abort/799"},
        "HEAD that is written": {"method": "HEAD", "path": "/own-methods"},
        "OPTIONS that is written": {"method": "OPTIONS", "path": "/own-methods"},
        "TRACE that is written": {"method": "TRACE", "path": "/own-methods", "headers": {"X-Trace": "7"}},
        "GET that is not": {"path": "/own-methods"},
        "async method": {"path": "/async"},
        "async method behind a decorator": {"method": "POST", "path": "/async"},
    }
)
