"""How resources are made and wrapped: constructor arguments, decorators on every level, subclasses, mixins."""
# ruff: noqa: RUF012 - class attributes as Flask-RESTful's documentation writes them

from functools import wraps

from flask import Response, request, views
from flask_restful.utils import cors


def tag(name):
    """A decorator that leaves its name in the value, so that the order shows."""

    def decorator(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            value = function(*args, **kwargs)
            return {**value, "tags": [*value.get("tags", []), name]} if isinstance(value, dict) else value

        return wrapper

    return decorator


def add_header(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        response = function(*args, **kwargs)
        response.headers["X-Decorated"] = "a response" if isinstance(response, Response) else "a value"
        return response

    return wrapper


class Engine:
    def next_todo(self):
        return {"task": "refuel"}


def build(framework, app):
    api = framework.Api(app, prefix="/api", decorators=[add_header, cors.crossdomain(origin="*", headers=["x-a"])])

    def authenticate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            if not getattr(function, "authenticated", True) or request.authorization:
                return function(*args, **kwargs)
            framework.abort(401)

        return wrapper

    class Next(framework.Resource):
        def __init__(self, *args, **kwargs):
            self.args = args
            self.engine = kwargs.get("engine")

        def get(self):
            return {"args": self.args, "next": self.engine and self.engine.next_todo()}

    class NextByArgs(Next):
        pass

    class NextBare(Next):
        pass

    class Counter(framework.Resource):
        calls = 0

        def get(self):
            self.calls += 1
            return {"calls of this instance": self.calls}

    class Tagged(framework.Resource):
        method_decorators = [tag("first"), tag("second")]

        def get(self, number):
            return {"number": number}

        def post(self, number):
            return {"number": number}, 201

    class TaggedByMethod(framework.Resource):
        method_decorators = {"get": [tag("get")], "post": (tag("post"),)}

        def get(self, number):
            return {"number": number}

        def post(self, number):
            return {"number": number, "method": "post"}

        def put(self, number):
            return {"number": number, "method": "put"}

    class Inherited(Tagged):
        def delete(self, number):
            return {"deleted": number}

    class ViewDecorated(framework.Resource):
        decorators = [tag("view decorator")]

        def get(self):
            return {"task": "by Flask's own decorators"}

    class Protected(framework.Resource):
        method_decorators = [authenticate]

        def get(self):
            return {"secret": 7}

        def post(self):
            return {"open": True}

        post.authenticated = False

    class Mixin:
        def get(self):
            return {"from": "mixin"}

    class Mixed(Mixin, framework.Resource):
        methods = ["GET", "POST"]

        def post(self):
            return {"from": "itself"}

        def delete(self):
            return {"from": "nobody"}

    class Plain(views.MethodView):
        def get(self):
            return {"from": "Flask's MethodView"}

    class OwnDispatch(framework.Resource):
        def dispatch_request(self, *args, **kwargs):
            value = super().dispatch_request(*args, **kwargs)
            return {"wrapped": value}

        def get(self, **values):
            return values

    api.add_resource(Next, "/next", resource_class_kwargs={"engine": Engine()})
    api.add_resource(NextByArgs, "/next-by-args", resource_class_args=("a", 1))
    api.add_resource(NextBare, "/next-bare")
    api.add_resource(Counter, "/counter")
    api.add_resource(Tagged, "/tagged/<int:number>")
    api.add_resource(TaggedByMethod, "/tagged-by-method/<int:number>")
    api.add_resource(Inherited, "/inherited/<int:number>", methods=["GET", "DELETE"])
    api.add_resource(ViewDecorated, "/view-decorated")
    api.add_resource(Protected, "/protected")
    api.add_resource(Mixed, "/mixed")
    api.add_resource(OwnDispatch, "/own-dispatch", defaults={"colour": "red"}, endpoint="dispatch")
    app.add_url_rule("/plain", view_func=Plain.as_view("plain"))

    class OtherNext(framework.Resource):
        pass

    try:
        api.add_resource(OtherNext, "/other", endpoint="next")
    except ValueError:
        app.config["TAKEN"] = True

    @app.route("/state")
    def state():
        return {
            "refused an endpoint that another class has": app.config["TAKEN"],
            "owned": [endpoint for endpoint in sorted(app.view_functions) if api.owns_endpoint(endpoint)],
            "class of a view": app.view_functions["next"].view_class.__name__,
            "endpoint": Next.endpoint,
            "own URL": [api.url_for(Next), framework.url_for("dispatch", _external=True)],
        }


REQUESTS = {
    "constructor keywords": {"path": "/api/next"},
    "constructor arguments": {"path": "/api/next-by-args"},
    "no constructor arguments": {"path": "/api/next-bare"},
    "a first call": {"path": "/api/counter"},
    "a second call": {"path": "/api/counter"},
    "decorators in a list": {"path": "/api/tagged/1"},
    "decorators around a status": {"method": "POST", "path": "/api/tagged/1"},
    "decorators of GET": {"path": "/api/tagged-by-method/1"},
    "decorators of POST": {"method": "POST", "path": "/api/tagged-by-method/1"},
    "no decorators of PUT": {"method": "PUT", "path": "/api/tagged-by-method/1"},
    "decorators of GET for HEAD": {"method": "HEAD", "path": "/api/tagged-by-method/1"},
    "inherited decorators": {"path": "/api/inherited/1"},
    "inherited decorators of an added method": {"method": "DELETE", "path": "/api/inherited/1"},
    "an inherited method that the rule leaves out": {"method": "POST", "path": "/api/inherited/1"},
    "Flask's decorators": {"path": "/api/view-decorated"},
    "a decorator that aborts": {"path": "/api/protected"},
    "a decorator that lets through": {"path": "/api/protected", "auth": ("bob", "secret")},
    "a decorator that a method turns off": {"method": "POST", "path": "/api/protected"},
    "a mixin's method": {"path": "/api/mixed"},
    "its own method": {"method": "POST", "path": "/api/mixed"},
    "a method outside its list": {"method": "DELETE", "path": "/api/mixed"},
    "an own dispatch_request": {"path": "/api/own-dispatch"},
    "OPTIONS through a decorator": {"method": "OPTIONS", "path": "/api/next"},
    "a MethodView beside": {"path": "/plain"},
    "state": {"path": "/state"},
}
