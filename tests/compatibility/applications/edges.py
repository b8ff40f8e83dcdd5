"""What Flask-RESTful leaves open, and somebody's client has seen: odd bodies, statuses, errors and places."""

from decimal import Decimal

from flask import Blueprint, Response, g, make_response, request
from werkzeug.exceptions import BadRequest, Conflict, HTTPException, NotFound

JSON = "application/json"


class WithoutStatus(HTTPException):
    description = "without a status"


class Redirecting(HTTPException):
    code = 302


class Reserved(Conflict):
    data = {"message": "reserved", "by": "nobody"}  # noqa: RUF012 - as somebody writes it


class Late(Exception):  # noqa: N818 - as somebody names it
    pass


def raises(error):
    def fail(value):
        raise error

    return fail


ARGUMENTS = {
    "text": {},
    "required": {"required": True},
    "required with help": {"required": True, "help": "say {error_msg}, {{or}} not"},
    "help alone": {"type": int, "help": "a number"},
    "integer": {"type": int},
    "decimal": {"type": Decimal},
    "float": {"type": float},
    "list": {"type": list},
    "list in JSON": {"type": list, "location": "json"},
    "object": {"type": dict, "location": "json"},
    "truth": {"type": bool},
    "appended": {"action": "append"},
    "appended integers": {"action": "append", "type": int, "location": "json"},
    "choices": {"choices": ("One", "Two"), "case_sensitive": False},
    "trimmed": {"trim": True},
    "not nullable": {"nullable": False},
    "ignored": {"type": int, "ignore": True},
    "query before body": {"location": ["args", "json"]},
    "headers in a list": {"location": ["headers"]},
    "get_json": {"location": "get_json"},
    "view_args": {"location": "view_args"},
    "type error": {"type": raises(TypeError("of its own"))},
    "key error": {"type": raises(KeyError("of its own"))},
    "defaults": {"default": lambda: "made"},
    "operators": {"operators": ["<=", "=", "!"], "action": "append"},
    "not stored": {"store_missing": False},
}

INPUTS = ["boolean", "natural", "positive", "date", "url", "datetime_from_iso8601", "datetime_from_rfc822"]

BODIES = {
    "a text": '{"v": " One "}',
    "a number": '{"v": 7}',
    "half a number": '{"v": 1.5}',
    "true": '{"v": true}',
    "null": '{"v": null}',
    "a list": '{"v": ["a", "b"]}',
    "numbers": '{"v": [1, 2]}',
    "no elements": '{"v": []}',
    "an object": '{"v": {"a": 1}}',
    "NaN": '{"v": NaN}',
    "a NUL": '{"v": "a\\u0000b"}',
    "a surrogate": '{"v": "\\ud800"}',
    "nothing": "{}",
    "an empty list": "[]",
    "pairs": '[["v", "paired"]]',
    "null alone": "null",
    "a cut one": '{"v"',
    "no body": "",
}


def build(framework, app):
    parsers(framework, app)
    answers(framework, app)
    places(framework, app)


def parsers(framework, app):
    reqparse = framework.reqparse
    kinds = {**ARGUMENTS, **{name: {"type": getattr(framework.inputs, name)} for name in INPUTS}}
    kinds["regex"] = {"type": framework.inputs.regex("^[a-z]+$")}
    kinds["int_range"] = {"type": framework.inputs.int_range(1, 5)}

    class Parsing(framework.Resource):
        def post(self, kind, bundled, strict):
            parser = reqparse.RequestParser(bundle_errors=bundled == "bundled")
            parser.add_argument("v", **kinds[kind])
            parser.add_argument("w", type=int, location=("json", "values"))
            args = parser.parse_args(strict=strict == "strict", http_error_code=422)
            return {name: value if isinstance(value, (list, dict)) else str(value) for name, value in args.items()}

        get = post

    framework.Api(app, prefix="/parse").add_resource(Parsing, "/<kind>/<bundled>/<strict>")


def answers(framework, app):
    api = framework.Api(
        app,
        errors={
            "Late": {"message": "too late", "status": "409"},
            "Reserved": {"status": "423 Locked", "extra": 1},
            "NotFound": {"message": "not here", "status": 404, "looked": True},
        },
    )
    raised = {
        "late": Late,
        "reserved": Reserved,
        "missing": NotFound,
        "without a status": WithoutStatus,
        "redirecting": Redirecting,
        "a description that is a dict": lambda: BadRequest({"code": 7}),
        "a response": lambda: HTTPException(response=make_response("taken", 409, {"X-By": "me"})),
        "an empty description": lambda: BadRequest(""),
    }

    class Answering(framework.Resource):
        def get(self, name):
            return {
                "headers": lambda: ({"a": 1}, {"X-A": "1"}),
                "a list of headers": lambda: ({"a": 1}, [("X-A", "1"), ("X-A", "2")]),
                "status as text": lambda: ({"a": 1}, "202"),
                "status and phrase": lambda: ({"a": 1}, "202 Taken", {"X-A": "1"}),
                "status None": lambda: ({"a": 1}, None),
                "a single tuple": lambda: ({"a": 1},),
                "four": lambda: (1, 2, 3, 4),
                "null": lambda: None,
                "text": lambda: "é </script>",
                "float": lambda: [1.0, 1e22, float("inf")],
                "keys": lambda: {2: 1, None: 2, True: 3, 1.5: 4},
                "response": lambda: Response("plain", mimetype="text/plain"),
                "etag": lambda: ({"a": 1}, 200, {"ETag": '"x"', "Content-Type": "text/csv"}),
            }[name]()

        def delete(self, name):
            raise raised[name]()

        @framework.marshal_with({"a": framework.fields.Integer})
        def put(self, name):
            return {"headers": ({"a": 1, "b": 2}, {"X-A": "1"}), "status": ({"a": "7"}, 202), "none": None}[name]

    api.add_resource(Answering, "/answer/<name>")


def places(framework, app):
    outer, inner = Blueprint("outer", __name__, url_prefix="/outer"), Blueprint("inner", __name__, url_prefix="/inner")

    @outer.before_request
    def in_outer():
        g.place = "outer"

    @inner.before_request
    def in_inner():
        g.inner = "inner"

    def traced(name):
        def decorator(method):
            def wrapper(*args, **kwargs):
                data = method(*args, **kwargs)
                return {**data, "traced": [*data.get("traced", []), name]}

            return wrapper

        return decorator

    api = framework.Api(inner, decorators=[])

    class Place(framework.Resource):
        method_decorators = {"get": [traced("a"), traced("b")], "head": [traced("c")]}  # noqa: RUF012

        def get(self):
            return {"endpoint": request.endpoint, "places": [g.get("place"), g.get("inner")], "url": api.url_for(Place)}

        def post(self):
            framework.abort(409, message="in an inner place")

    api.add_resource(Place, "/place")
    outer.register_blueprint(inner)
    app.register_blueprint(outer)

    second = framework.Api(app, prefix="/second", catch_all_404s=False)

    class Second(framework.Resource):
        def get(self):
            framework.abort(418, message="the second", status=7)

    second.add_resource(Second, "/only")


REQUESTS = {
    **{
        f"{kind}, {bundled}, {strict}: {body}": {
            "path": f"/parse/{kind}/{bundled}/{strict}",
            "method": "POST",
            "data": BODIES[body].encode(),
            "content_type": JSON,
        }
        for kind in [*ARGUMENTS, *INPUTS, "regex", "int_range"]
        for bundled, strict in (("single", "lax"), ("bundled", "lax"), ("single", "strict"))
        for body in BODIES
        if strict == "lax" or body in ("a text", "nothing")
    },
    **{
        f"{kind}: {query}": {"path": f"/parse/{kind}/single/lax?{query}", "method": "POST", "json": {"v": "body"}}
        for kind in [*ARGUMENTS, *INPUTS, "regex"]
        for query in ("v=query", "v=query&v=again", "v!=1&v<=2", "w=x", "w=1&w=2")
    },
    **{f"get {kind}": {"path": f"/parse/{kind}/single/lax?v=true", "headers": {"V": "h"}} for kind in ARGUMENTS},
    **{
        f"form {kind}": {"path": f"/parse/{kind}/bundled/lax", "method": "POST", "data": {"v": "x", "w": "y"}}
        for kind in ARGUMENTS
    },
    **{
        f"answers {name}": {"path": f"/answer/{name}"}
        for name in (
            "headers",
            "a list of headers",
            "status as text",
            "status and phrase",
            "status None",
            "a single tuple",
            "four",
            "null",
            "text",
            "float",
            "keys",
            "response",
            "etag",
        )
    },
    **{
        f"raises {name}": {"path": f"/answer/{name}", "method": "DELETE"}
        for name in (
            "late",
            "reserved",
            "missing",
            "without a status",
            "redirecting",
            "a description that is a dict",
            "a response",
            "an empty description",
        )
    },
    **{f"marshals {name}": {"path": f"/answer/{name}", "method": "PUT"} for name in ("headers", "status", "none")},
    "an inner place": {"path": "/outer/inner/place"},
    "HEAD of an inner place": {"path": "/outer/inner/place", "method": "HEAD"},
    "an error in an inner place": {"path": "/outer/inner/place", "method": "POST"},
    "a wrong method in an inner place": {"path": "/outer/inner/place", "method": "PUT"},
    "OPTIONS of an inner place": {"path": "/outer/inner/place", "method": "OPTIONS"},
    "the second": {"path": "/second/only"},
    "as a problem": {"path": "/second/only", "headers": {"Accept": "application/problem+json"}},
    "as a page": {"path": "/second/only", "headers": {"Accept": "text/html"}},
    "below the second": {"path": "/second/unknown"},
}
