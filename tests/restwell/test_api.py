"""Registration, responses, and the shape of errors."""

import flask
import pytest
from flask import Blueprint, Flask, redirect
from werkzeug.exceptions import HTTPException

from restwell import Api, FlaskJSON, Resource, abort, url_for


class Greeting(Resource):
    def get(self, name="world"):
        return {"hello": name}


class Broken(Resource):
    def get(self):
        raise RuntimeError("the secret of the exception")


def client_of(app):
    return app.test_client()


def production(app):
    """The application as in production, where Flask turns exceptions into responses."""
    app.testing = False
    app.debug = False
    return app.test_client()


# -- registration


def test_resource_on_a_plain_application():
    app = Flask(__name__)
    Api(app).add_resource(Greeting, "/", "/<name>")
    assert client_of(app).get("/").json == {"hello": "world"}
    assert client_of(app).get("/Ada").json == {"hello": "Ada"}


def test_prefix_stands_before_every_rule():
    app = Flask(__name__)
    Api(app, prefix="/api").add_resource(Greeting, "/greeting")
    assert client_of(app).get("/api/greeting").status_code == 200
    assert client_of(app).get("/greeting").status_code == 404


@pytest.mark.parametrize("added", ["before", "after"])
def test_init_app_before_or_after_add_resource(added):
    app, api = Flask(__name__), Api()
    if added == "before":
        api.add_resource(Greeting, "/greeting")
    api.init_app(app)
    if added == "after":
        api.add_resource(Greeting, "/greeting")
    assert client_of(app).get("/greeting").json == {"hello": "world"}


def test_application_need_not_be_of_the_class_that_flask_has_now(monkeypatch):
    app = Flask(__name__)
    monkeypatch.setattr("restwell.api.Flask", type("Instrumented", (Flask,), {}))  # as tools that trace requests do
    Api(app).add_resource(Greeting, "/greeting")
    assert client_of(app).get("/greeting").status_code == 200


def test_one_api_on_two_applications():
    api = Api()
    api.add_resource(Greeting, "/greeting")
    for app in (Flask("one"), Flask("two")):
        api.init_app(app)
        assert client_of(app).get("/greeting").status_code == 200


def test_resource_decorator():
    app = Flask(__name__)
    Api(app).resource("/greeting", endpoint="welcome")(Greeting)
    assert client_of(app).get("/greeting").status_code == 200
    assert app.url_map._rules_by_endpoint["welcome"]


def test_api_on_a_blueprint_joins_all_prefixes():
    app, blueprint = Flask(__name__), Blueprint("shop", __name__, url_prefix="/shop")
    api = Api(blueprint, prefix="/v1")
    api.add_resource(Greeting, "/greeting")
    app.register_blueprint(blueprint)
    assert client_of(app).get("/shop/v1/greeting").status_code == 200
    assert api.owns_endpoint("shop.greeting")
    assert not api.owns_endpoint("greeting")


def test_api_on_a_nested_blueprint():
    app, parent, child = Flask(__name__), Blueprint("parent", __name__), Blueprint("child", __name__)
    api = Api(child)
    api.add_resource(Greeting, "/greeting")
    api.add_resource(Broken, "/broken")
    parent.register_blueprint(child, url_prefix="/child")
    app.register_blueprint(parent, url_prefix="/parent")
    client = production(app)
    assert client.get("/parent/child/greeting").json == {"hello": "world"}
    assert client.get("/parent/child/broken").json["status"] == 500
    with app.test_request_context():
        assert api.url_for(Greeting) == url_for(Greeting) == "/parent/child/greeting"


def test_blueprint_of_an_api_is_registered_once():
    app, blueprint = Flask(__name__), Blueprint("shop", __name__)
    Api(blueprint)
    app.register_blueprint(blueprint)
    with pytest.raises(ValueError, match="once"):
        app.register_blueprint(blueprint, name="other", url_prefix="/other")


def test_two_apis_on_one_application_answer_their_own_errors():
    app = Flask(__name__)
    Api(app, prefix="/standard").add_resource(Broken, "/broken", endpoint="one")
    Api(app, prefix="/restful", error_format="restful").add_resource(Broken, "/broken", endpoint="two")
    client = production(app)
    assert set(client.get("/standard/broken").json) == {"error", "message", "status"}
    assert client.get("/restful/broken").json == {"message": "Internal Server Error"}


def test_an_endpoint_belongs_to_one_class():
    api = Api(Flask(__name__))
    api.add_resource(Greeting, "/greeting")
    with pytest.raises(ValueError, match="already belongs to Greeting"):
        api.add_resource(Broken, "/broken", endpoint="greeting")


def test_an_endpoint_of_a_plain_view_is_not_taken_over():
    app = Flask(__name__)
    app.add_url_rule("/plain", "greeting", lambda: "plain")
    with pytest.raises(ValueError, match="already belongs"):
        Api(app).add_resource(Greeting, "/greeting")


def test_unknown_error_format_is_refused():
    with pytest.raises(ValueError, match="standard, problem, restful"):
        Api(error_format="xml")


def test_url_for_a_class_prefers_the_api_that_serves_the_request():
    class Link(Resource):
        def get(self):
            return url_for(Link)

    app = Flask(__name__)
    Api(app, prefix="/one").add_resource(Link, "/link", endpoint="first")
    Api(app, prefix="/two").add_resource(Link, "/link", endpoint="second")
    assert client_of(app).get("/one/link").json == "/one/link"
    assert client_of(app).get("/two/link").json == "/two/link"


def test_url_for_an_unknown_class_says_so():
    app = Flask(__name__)
    Api(app)
    with app.test_request_context(), pytest.raises(LookupError, match="Greeting was not added"):
        url_for(Greeting)


# -- status in the body


@pytest.mark.parametrize(
    ("status_in_body", "configured", "on_success", "on_error"),
    [
        (None, None, False, True),
        (None, True, True, True),
        (None, False, False, False),
        (True, False, True, True),
        (False, True, False, False),
    ],
)
def test_status_in_the_body(status_in_body, configured, on_success, on_error):
    class Missing(Resource):
        def get(self):
            abort(404)

    app = Flask(__name__)
    if configured is not None:
        app.config["JSON_ADD_STATUS"] = configured
    api = Api(app, status_in_body=status_in_body)
    api.add_resource(Greeting, "/")
    api.add_resource(Missing, "/missing")
    assert ("status" in client_of(app).get("/").json) is on_success
    assert ("status" in client_of(app).get("/missing").json) is on_error


def test_status_has_a_configured_name_and_yields_to_the_callers_key():
    given = {"code": "mine"}

    class Own(Resource):
        def get(self):
            return given

    app = Flask(__name__)
    app.config["JSON_STATUS_FIELD_NAME"] = "code"
    api = Api(app, status_in_body=True)
    api.add_resource(Own, "/own")
    api.add_resource(Greeting, "/")
    assert client_of(app).get("/own").json == {"code": "mine"}
    assert client_of(app).get("/").json == {"hello": "world", "code": 200}


def test_status_never_changes_the_callers_dict_or_a_list():
    given = {"a": 1}

    class Own(Resource):
        def get(self):
            return given

        def put(self):
            return [given]

    app = Flask(__name__)
    Api(app, status_in_body=True).add_resource(Own, "/")
    assert client_of(app).get("/").json == {"a": 1, "status": 200}
    assert client_of(app).put("/").json == [{"a": 1}]
    assert given == {"a": 1}


# -- who answers an error


def test_unknown_url_under_the_prefix_is_json_and_elsewhere_flasks():
    app = Flask(__name__)
    Api(app, prefix="/api").add_resource(Greeting, "/greeting")
    inside, outside = client_of(app).get("/api/unknown"), client_of(app).get("/apiary")
    assert (inside.status_code, inside.json["error"]) == (404, "Not Found")
    assert (outside.status_code, outside.mimetype) == (404, "text/html")


def test_catch_all_404s_answers_everywhere():
    app = Flask(__name__)
    Api(app, catch_all_404s=True)
    assert client_of(app).get("/unknown").json["status"] == 404


def test_wrong_method_names_the_allowed_ones():
    app = Flask(__name__)
    Api(app).add_resource(Greeting, "/")
    response = client_of(app).delete("/")
    assert (response.status_code, response.json["error"]) == (405, "Method Not Allowed")
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS"}


def test_errors_of_plain_views_stay_flasks():
    app = Flask(__name__)
    Api(app)
    app.add_url_rule("/plain", view_func=lambda: flask.abort(410))
    assert client_of(app).get("/plain").mimetype == "text/html"


def test_responses_carried_by_an_exception_pass_through():
    class Moved(Resource):
        def get(self):
            raise HTTPException(response=redirect("/elsewhere"))

        def put(self):
            flask.abort(flask.Response("carried", 418))

    app = Flask(__name__)
    Api(app).add_resource(Moved, "/")
    assert client_of(app).get("/").location == "/elsewhere"
    assert (client_of(app).put("/").status_code, client_of(app).put("/").text) == (418, "carried")


def test_slash_redirects_pass_through():
    app = Flask(__name__)
    Api(app, prefix="/api").add_resource(Greeting, "/greeting/")
    response = client_of(app).get("/api/greeting")
    assert (response.status_code, response.location) == (308, "http://localhost/api/greeting/")


def test_an_overridden_error_router_and_handle_error_are_used():
    class Quiet(Api):
        def handle_error(self, e):
            return self.make_response({"quiet": type(e).__name__}, 599)

    app = Flask(__name__)
    Quiet(app).add_resource(Broken, "/")
    response = production(app).get("/")
    assert (response.status_code, response.json) == (599, {"quiet": "RuntimeError"})


def test_errors_by_exception_name_work_in_production_and_while_testing():
    class VanishedError(Exception):
        pass

    class Ghost(Resource):
        def get(self):
            raise VanishedError()

    app = Flask(__name__)
    Api(
        app, errors={"VanishedError": {"message": "gone for good", "status": 410, "hint": "look elsewhere"}}
    ).add_resource(Ghost, "/")
    app.testing = True
    expected = {"error": "Gone", "message": "gone for good", "hint": "look elsewhere", "status": 410}
    assert app.test_client().get("/").json == expected
    assert production(app).get("/").json == expected


def test_challenge_on_401():
    class Secret(Resource):
        def get(self):
            abort(401)

    app = Flask(__name__)
    app.config["HTTP_BASIC_AUTH_REALM"] = "vault"
    Api(app, serve_challenge_on_401=True).add_resource(Secret, "/")
    assert client_of(app).get("/").headers["WWW-Authenticate"] == 'Basic realm="vault"'


def test_an_api_answers_before_jsonified_http_errors():
    class Missing(Resource):
        def get(self):
            abort(404, message="nope")

    app = Flask(__name__)
    app.config["JSON_JSONIFY_HTTP_ERRORS"] = True
    FlaskJSON(app)
    Api(app, prefix="/api").add_resource(Missing, "/missing")
    app.add_url_rule("/plain", view_func=lambda: flask.abort(410))
    assert client_of(app).get("/api/missing").json == {"error": "Not Found", "message": "nope", "status": 404}
    assert set(client_of(app).get("/plain").json) == {"reason", "description", "status"}


@pytest.mark.parametrize(
    ("accept", "mimetype"), [("*/*", "application/json"), ("text/html", "text/html")], ids=["client", "browser"]
)
def test_upgrade_to_a_websocket_is_refused_in_the_shape_of_errors(accept, mimetype):
    app = Flask(__name__)
    Api(app, prefix="/api").add_resource(Greeting, "/greeting")
    headers = {"Accept": accept, "Connection": "Upgrade", "Upgrade": "websocket"}
    answer = app.test_client().get("/api/greeting", headers=headers)
    assert (answer.status_code, answer.mimetype) == (400, mimetype)
    assert "Bad Request" in answer.text
