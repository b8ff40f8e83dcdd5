"""The names of the package: each has one meaning, and none stands in the way of an application's own."""

import importlib
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest
from flask import Flask

import restwell
from restwell import Api, Index, Resource, setup


def test_all_public_names_are_listed_before_they_are_asked_for():
    program = "import restwell; listed = dir(restwell); print(sorted(set(list.__iter__(restwell.__all__)) - {*listed}))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
    assert {"idempotent", "paginate", "conditional", "OpenAPI", "Database"} <= {*dir(restwell)}


def packages():
    yield restwell
    for found in pkgutil.walk_packages(restwell.__path__, "restwell."):
        if found.ispkg:
            yield importlib.import_module(found.name)


@pytest.mark.parametrize("package", packages(), ids=lambda package: package.__name__)
def test_no_name_is_a_module_and_something_else(package):
    for found in pkgutil.iter_modules(package.__path__):
        if found.name == "__main__":
            continue
        value = getattr(package, found.name, None)
        assert value is None or isinstance(value, ModuleType), f"{package.__name__}.{found.name} is {value!r} as well"


def test_a_public_name_is_no_module_of_another_name():
    for name in list.__iter__(restwell.__all__):
        value = getattr(restwell, name)
        if isinstance(value, ModuleType):
            assert value.__name__.rpartition(".")[2] == name


TAKEN = ("docs", "openapi", "openapi_json", "health", "ready", "readiness", "metrics", "page", "asset", "swagger_ui")


def add_views(app):
    for name in TAKEN:
        app.add_url_rule(f"/mine/{name}", name, lambda name=name: name)


def document_and_watch(app):
    setup(app)  # with the documents, the page for them and the health of the process
    Api(app, prefix="/api").add_resource(Index, "/")


@pytest.mark.parametrize(
    "steps", [(add_views, document_and_watch), (document_and_watch, add_views)], ids=["views first", "views last"]
)
def test_an_application_may_have_views_of_any_name(steps):
    app = Flask(__name__)
    for step in steps:
        step(app)
    client = app.test_client()
    assert [client.get(f"/mine/{name}").text for name in TAKEN] == [*TAKEN]
    for url in ("/openapi.json", "/docs", "/health", "/api/"):
        assert client.get(url).status_code == 200


def test_endpoints_of_restwells_own_begin_with_its_name():
    class Thing(Resource):
        def get(self):
            return {}

    app = Flask(__name__)
    before = {rule.endpoint for rule in app.url_map.iter_rules()}
    setup(app)
    Api(app).add_resource(Thing, "/")
    added = {rule.endpoint for rule in app.url_map.iter_rules()} - before - {"thing"}
    assert added
    assert all(endpoint.startswith("restwell") for endpoint in added), added
