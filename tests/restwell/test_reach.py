"""Which URLs an Api answers for although they lead to none of its resources."""

import warnings

import pytest
from flask import Blueprint, Flask
from werkzeug.routing import ValidationError

from restwell import Api, Resource
from restwell.reach import Reach


class Thing(Resource):
    def get(self, **values):
        return values


def served(make_api, *urls, prefix=""):
    app = Flask(__name__)
    make_api(app, prefix=prefix).add_resource(Thing, *urls)
    return app.test_client()


@pytest.mark.parametrize("prefix", ["/api", ""])
@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/a/<int(min=1):id>", "/a/0"),
        ("/a/<int(max=9):id>", "/a/10"),
        ("/a/<float(min=1):id>", "/a/0.5"),
        ("/a/<int:id>/b/<int(min=5):other>", "/a/1/b/4"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_wrong_method_for_a_value_that_is_refused_is_405_in_the_one_shape(any_api, prefix, url, path, method):
    client = served(any_api, url, prefix=prefix)
    for _ in range(2):
        response = client.open(prefix + path, method=method)
        assert response.status_code == 405
        assert response.is_json
        assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_converter_of_the_applications_own_may_refuse_as_well(any_api):
    app = Flask(__name__)

    class Even(app.url_map.converters["int"]):
        def to_python(self, value):
            number = super().to_python(value)
            if number % 2:
                raise ValidationError
            return number

    app.url_map.converters["even"] = Even
    api = any_api(app)
    api.add_resource(Thing, "/a/<even:id>")
    assert app.test_client().get("/a/2").json == {"id": 2}
    refused = app.test_client().put("/a/3")
    assert (refused.status_code, refused.is_json) == (405, True)


def test_what_is_not_the_apis_stays_flasks():
    app = Flask(__name__)
    Api(app, prefix="/api").add_resource(Thing, "/a/<int(min=1):id>")
    app.add_url_rule("/api/plain/<int(min=1):id>", "plain", lambda id: "")
    client = app.test_client()
    assert client.put("/api/plain/0").status_code == 405
    assert client.put("/api/plain/0").mimetype == "text/html"
    assert client.put("/api/plain/1").mimetype == "text/html"


def test_a_resource_that_is_added_later_is_found():
    app = Flask(__name__)
    api = Api(app)
    api.add_resource(Thing, "/a/<int(min=1):id>")
    with app.test_request_context("/b/0", method="PUT") as context:
        reach = Reach(api.owns_endpoint, "")
        assert reach.rule_of(context.request, "GET") is None
        api.add_resource(type("Other", (Thing,), {}), "/b/<int(min=1):id>")
        assert reach.rule_of(context.request, "GET").rule == "/b/<int(min=1):id>"


@pytest.mark.parametrize(
    ("prefix", "unknown", "foreign"),
    [
        ("/<tenant>/api", ["/t/api/zz", "/t/api", "/t/api/", "/t/api/a/b/c"], ["/t/other", "/api/zz", "/t"]),
        ("/<int:tenant>/api", ["/7/api/zz"], ["/t/api/zz"]),
        ("/v<int:version>", ["/v2/zz"], ["/vx/zz", "/w2/zz"]),
        ("/<path:where>/api", ["/a/b/api/zz"], ["/a/b/zz"]),
        ("/api", ["/api/zz", "/api", "/api/"], ["/apis", "/zz"]),
    ],
)
def test_an_unknown_url_under_a_prefix_is_404_in_the_one_shape(prefix, unknown, foreign):
    client = served(Api, "/a", prefix=prefix)
    for path in unknown:
        response = client.get(path)
        assert (response.status_code, response.is_json) == (404, True), path
        assert response.json["error"] == "Not Found"
    for path in foreign:
        assert client.get(path).mimetype == "text/html", path


def test_the_prefix_of_a_blueprint_may_have_variables_too():
    app = Flask(__name__)
    blueprint = Blueprint("shop", __name__, url_prefix="/<tenant>")
    Api(blueprint, prefix="/<int:version>").add_resource(Thing, "/a")
    app.register_blueprint(blueprint)
    client = app.test_client()
    assert client.get("/t/1/a").json == {"tenant": "t", "version": 1}
    assert client.get("/t/1/zz").is_json
    assert client.put("/t/1/a").status_code == 405
    assert client.put("/t/1/a").is_json
    assert client.get("/t/x/zz").mimetype == "text/html"


def test_flask_restfuls_door_leaves_unknown_urls_to_the_application(flask_restfuls_api):
    for prefix in ("/<tenant>/api", "/api"):
        assert served(flask_restfuls_api, "/a", prefix=prefix).get("/t/api/zz").mimetype == "text/html"


# -- mistakes


@pytest.mark.parametrize(
    ("prefix", "url", "rule"),
    [("/ops", "healthz", "/opshealthz"), ("/ops/", "/healthz", "/ops//healthz"), ("/<v>", "a", "/<v>a")],
)
def test_a_url_that_runs_into_its_prefix_is_warned_of_where_it_is_written(any_api, prefix, url, rule):
    api = any_api(Flask(__name__), prefix=prefix)
    with pytest.warns(UserWarning, match=f"'{url}' under the prefix '{prefix}' is '{rule}'") as warned:
        api.add_resource(Thing, url)
    assert warned[0].filename == __file__


def test_a_url_that_runs_into_the_prefix_of_its_blueprint_is_warned_of(any_api):
    blueprint = Blueprint("ops", __name__, url_prefix="/ops")
    any_api(blueprint).add_resource(Thing, "healthz")
    with pytest.warns(UserWarning, match="/opshealthz"):
        Flask(__name__).register_blueprint(blueprint)


@pytest.mark.parametrize(
    ("prefix", "url"), [("/ops", "/healthz"), ("/ops", ""), ("", "/healthz"), ("/ops/", "healthz"), ("/ops", "/")]
)
def test_other_urls_are_not_warned_of(any_api, prefix, url):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        any_api(Flask(__name__), prefix=prefix).add_resource(Thing, url)
