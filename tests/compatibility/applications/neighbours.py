"""Two Apis, a blueprint and plain views on one application: each answers for its own URLs only."""

from flask import Blueprint, abort, jsonify


def build(framework, app):
    def fail(kind):
        if kind == "abort":
            framework.abort(409, message="In use", by="bob")
        if kind == "flask":
            abort(410, "No more")
        raise KeyError(kind)

    def failing(name):
        class Failing(framework.Resource):
            def get(self, kind="none"):
                return {"from": name} if kind == "none" else fail(kind)

        return Failing

    first = framework.Api(app, prefix="/first")
    second = framework.Api(app, prefix="/second", serve_challenge_on_401=True, errors={"Conflict": {"status": 418}})
    blueprint = Blueprint("third", __name__, url_prefix="/third")
    third = framework.Api(blueprint)
    for name, api in {"first": first, "second": second, "third": third}.items():
        api.add_resource(failing(name), "/", "/<kind>", endpoint=f"failing_{name}")

    @second.representation("application/json")
    def upper_keys(data, code, headers=None):
        response = jsonify({key.upper(): value for key, value in data.items()})
        response.status_code = code
        response.headers.extend(headers or {})
        return response

    @blueprint.route("/view/<kind>")
    @app.route("/view/<kind>")
    def view(kind):
        return jsonify(view=kind) if kind == "none" else fail(kind)

    app.register_blueprint(blueprint)

    @app.route("/owners/<endpoint>")
    def owners(endpoint):
        return jsonify([api.owns_endpoint(endpoint) for api in (first, second, third)])


REQUESTS = (
    {
        f"{kind} from {place}": {"path": f"/{place}/{kind}"}
        for place in ("first", "second", "third", "view", "third/view")
        for kind in ("none", "abort", "flask", "key")
    }
    | {
        f"POST to {place}": {"method": "POST", "path": f"/{place}/none"}
        for place in ("first", "second", "third", "view", "third/view")
    }
    | {
        f"unknown below {place}": {"path": f"/{place}/un/known"}
        for place in ("first", "second", "third", "view", "third/view")
    }
    | {
        f"who owns {endpoint}": {"path": f"/owners/{endpoint}"}
        for endpoint in (
            "failing_first",
            "failing_second",
            "failing_third",
            "third.failing_third",
            "third.view",
            "view",
            "nobody",
        )
    }
)
