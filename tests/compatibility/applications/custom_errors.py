"""Errors by the exception's name, challenges on 401, and an Api that answers errors in its own way."""

from flask import abort, jsonify, make_response
from werkzeug.exceptions import Conflict, HTTPException, Unauthorized


class UserAlreadyExistsError(Conflict):
    pass


class ResourceDoesNotExist(HTTPException):
    code = 404


class OutOfStockError(Exception):
    pass


class Unlisted(HTTPException):
    code = 418
    description = "Unlisted"


ERRORS = {
    "UserAlreadyExistsError": {"message": "A user with that username already exists.", "status": 409},
    "ResourceDoesNotExist": {
        "message": "A resource with that ID no longer exists.",
        "status": 410,
        "extra": "Any extra information you want.",
    },
    "OutOfStockError": {"message": "Come back tomorrow.", "status": 503},
    "KeyError": {"message": "Without a status."},
    "BadRequest": {"hint": "Read the manual."},
}


def build(framework, app):
    class Failing(framework.Resource):
        def get(self, name):
            raise {
                "user": UserAlreadyExistsError(),
                "user-described": UserAlreadyExistsError("bob is taken"),
                "gone": ResourceDoesNotExist(),
                "stock": OutOfStockError("widgets"),
                "key": KeyError("bob"),
                "unlisted": Unlisted(),
                "unauthorized": Unauthorized("Who are you?"),
            }[name]

        def post(self, name):
            framework.abort(400, message=name)

        def put(self, name):
            framework.abort(401, message=name)

        def delete(self, name):
            parser = framework.reqparse.RequestParser()
            parser.add_argument("X-Reason", location="headers", required=True)
            return parser.parse_args()

        def patch(self, name):
            abort(401)

    class OwnErrors(framework.Api):
        def handle_error(self, error):
            if isinstance(error, OutOfStockError):
                return self.make_response({"sold": str(error)}, 503, {"Retry-After": "86400"})
            response = super().handle_error(error)
            response.headers["X-Handled"] = type(error).__name__
            return response

        def unauthorized(self, response):
            response.headers["WWW-Authenticate"] = "Bearer"
            return response

    class FailingHandler(framework.Api):
        def handle_error(self, error):
            raise RuntimeError("broken handler")

    def add(api, name):
        api.add_resource(type("Failing", (Failing,), {}), "/<name>", endpoint=name)
        return api

    add(framework.Api(app, prefix="/errors", errors=ERRORS), "errors")
    add(framework.Api(app, prefix="/plain"), "plain")
    challenging = add(framework.Api(app, prefix="/challenge", serve_challenge_on_401=True), "challenge")
    add(OwnErrors(app, prefix="/own"), "own")
    add(FailingHandler(app, prefix="/broken"), "broken")

    @challenging.resource("/realm")
    class Realm(framework.Resource):
        def get(self):
            app.config["HTTP_BASIC_AUTH_REALM"] = "Wonderland"
            framework.abort(401)

    @app.errorhandler(404)
    def not_found(error):
        return make_response(jsonify(from_application=error.code), 404)


REQUESTS = {
    f"{prefix}: raises {name}": {"path": f"/{prefix}/{name}"}
    for prefix in ("errors", "plain", "own", "challenge")
    for name in ("user", "user-described", "gone", "stock", "key", "unlisted", "unauthorized")
} | {
    f"{prefix}: {method}": {"method": method, "path": f"/{prefix}/word"}
    for prefix in ("errors", "plain", "own", "challenge", "broken")
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
}
REQUESTS["a realm by configuration"] = {"path": "/challenge/realm"}
REQUESTS["an unknown URL"] = {"path": "/nowhere/at/all"}
