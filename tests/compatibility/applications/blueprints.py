"""Resources on blueprints: every order of prefixes, and their URLs, errors and neighbours there."""

from itertools import product

from flask import Blueprint, jsonify

BLUEPRINT_PREFIXES = [None, "/blueprint"]
API_PREFIXES = ["", "/api"]
REGISTRATIONS = [{}, {"url_prefix": "/registration"}]
URL_PART_ORDERS = ["bae", "abe", "eab", "bea", "ae", "be", "e"]


def register_variants(framework, app, init_app="in the constructor"):
    """A blueprint for each combination of prefixes; its Api meets it when ``init_app`` says."""
    combinations = product(BLUEPRINT_PREFIXES, API_PREFIXES, REGISTRATIONS, URL_PART_ORDERS)
    for number, (blueprint_prefix, api_prefix, registration, order) in enumerate(combinations):
        name = f"variant{number}"
        blueprint = Blueprint(name, __name__, url_prefix=blueprint_prefix)
        at_once = blueprint if init_app == "in the constructor" else None
        api = framework.Api(at_once, prefix=api_prefix, url_part_order=order)
        if init_app == "before add_resource":
            api.init_app(blueprint)
        api.add_resource(task_resource(framework, name, api), f"/{name}/<int:number>", f"/also/{name}/<int:number>")
        if init_app == "after add_resource":
            api.init_app(blueprint)
        app.register_blueprint(blueprint, **registration)


def task_resource(framework, name, api):
    class Task(framework.Resource):
        """A class for each Api: Flask-RESTful notes the endpoint on the class itself."""

        def get(self, number):
            if number == 0:
                framework.abort(404, message=f"{name} counts from one")
            return {"api": name, "number": number, "url": api.url_for(Task, number=number)}

    return Task


def build(framework, app):
    register_variants(framework, app)

    localised = Blueprint("localised", __name__, url_prefix="/<language>", url_defaults={"colour": "green"})
    localised_api = framework.Api(localised)

    @localised.route("/view")
    def view(language, colour):
        return jsonify(language=language, colour=colour)

    @localised_api.resource("/greeting")
    class Greeting(framework.Resource):
        def get(self, language, colour):
            url = localised_api.url_for(Greeting, language="de", _external=True)
            return {"language": language, "colour": colour, "url": url}

    app.register_blueprint(localised)

    class AddedAfterRegistration(framework.Resource):
        def get(self, language, colour):
            return {"language": language, "colour": colour, "url": framework.url_for(".later", language="fr")}

    localised_api.add_resource(
        AddedAfterRegistration, "/later/", endpoint="later", defaults={"colour": "red"}, strict_slashes=False
    )

    deferred_api = framework.Api(prefix="/deferred")
    deferred_api.add_resource(task_resource(framework, "deferred", deferred_api), "/tasks/<int:number>")
    deferred_api.init_app(app)

    @app.route("/rules")
    def rules():
        return jsonify(sorted((rule.rule, rule.endpoint, rule.defaults) for rule in app.url_map.iter_rules()))


REQUESTS = {
    "the rules of all variants": {"path": "/rules"},
    "no prefix": {"path": "/variant0/1"},
    "a second URL": {"path": "/also/variant0/1"},
    "the registration's prefix": {"path": "/registration/variant7/1"},
    "the Api's prefix": {"path": "/api/variant14/1"},
    "the blueprint's prefix": {"path": "/blueprint/variant28/1"},
    "all prefixes": {"path": "/registration/api/variant49/1"},
    "all prefixes, the Api's first": {"path": "/api/registration/variant50/1"},
    "all prefixes, the end first": {"path": "/variant51/1/api/registration"},
    "an abort": {"path": "/blueprint/variant28/0"},
    "a method it lacks": {"method": "POST", "path": "/blueprint/variant28/1"},
    "an unknown URL below it": {"path": "/blueprint/variant28/one"},
    "OPTIONS": {"method": "OPTIONS", "path": "/blueprint/variant28/1"},
    "HEAD": {"method": "HEAD", "path": "/blueprint/variant28/1"},
    "URL defaults": {"path": "/de/greeting"},
    "a plain view on the same blueprint": {"path": "/de/view"},
    "a plain view's missing method": {"method": "POST", "path": "/de/view"},
    "added after registration": {"path": "/de/later/"},
    "added after registration, without the slash": {"path": "/de/later"},
    "added before init_app on an application": {"path": "/deferred/tasks/1"},
    "an abort there": {"path": "/deferred/tasks/0"},
}
