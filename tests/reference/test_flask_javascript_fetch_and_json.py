"""The reference text on JavaScript, fetch and JSON: the server's half, feature by feature.

Each test runs beside an Api alone and beside an Api with FlaskJSON.
"""

import html
import io
import json
import re

import pytest
from flask import Flask, jsonify, redirect, render_template_string, request, send_file, url_for
from markupsafe import Markup
from werkzeug.test import EnvironBuilder

from restwell import Api, FlaskJSON, Resource

REPORT = {"title": "</script><script>alert('x')</script>", "points": [1, 2.5], "note": "a & b's \u2028 é"}


@pytest.fixture(name="app", params=["Api", "Api and FlaskJSON"])
def make_app(request):
    app = Flask(__name__)
    if request.param == "Api and FlaskJSON":
        FlaskJSON(app)
    return app


@pytest.fixture(name="api", autouse=True)
def make_api(app):
    return Api(app)


@pytest.fixture(name="client")
def make_client(app):
    return app.test_client()


# Rendering templates


def test_tojson_in_a_script_block(app, client):
    app.add_url_rule(
        "/", "view", lambda: render_template_string("<script>const data = {{ data|tojson }}</script>", data=REPORT)
    )
    (script,) = re.findall("<script>(.*)</script>", client.get("/").text)
    assert json.loads(script.removeprefix("const data = ")) == REPORT
    assert not set(script) & set("<>&'")


def test_tojson_in_a_data_attribute(app, client):
    app.add_url_rule(
        "/", "view", lambda: render_template_string("<div data-chart='{{ data|tojson }}'></div>", data=REPORT)
    )
    (attribute,) = re.findall("data-chart='([^']*)'", client.get("/").text)
    assert json.loads(html.unescape(attribute)) == REPORT


def test_tojson_of_markup(app):
    with app.app_context():
        assert render_template_string("{{ data|tojson }}", data=Markup("<b>")) == r'"\u003cb\u003e"'


# Generating URLs


@pytest.mark.parametrize("script_root", ["", "/prefix"])
def test_url_for_and_the_script_root_in_a_template(app, script_root):
    template = '{{ url_for("user", id=7)|tojson }} {{ request.script_root|tojson }}'
    app.add_url_rule("/user/<int:id>", "user")
    app.add_url_rule("/", "view", lambda: render_template_string(template))
    environ = EnvironBuilder(base_url=f"http://localhost{script_root}/").get_environ()
    user_url, root = app.test_client().open(environ).text.split()
    assert json.loads(root) == script_root
    assert json.loads(user_url) == f"{script_root}/user/7"


# Making a request with fetch


@pytest.fixture(name="room")
def make_room(app, api):
    """A view and a Resource that answer alike."""

    def read():
        return {"name": "Flask Room"}

    def create():
        data = request.form if request.form else request.json
        return {"name": data["name"], "description": data["description"]}, 201

    class Room(Resource):
        def get(self):
            return read()

        def post(self):
            return create()

    app.add_url_rule("/view", "read", read)
    app.add_url_rule("/view", "create", create, methods=["POST"])
    api.add_resource(Room, "/resource")
    return app.test_client()


paths = pytest.mark.parametrize("path", ["/view", "/resource"])
ROOM = {"name": "Flask Room", "description": "Talk about Flask here."}


@paths
def test_response_contains_json(app, room, path):
    response = room.get(path)
    assert (response.mimetype, response.json) == ("application/json", {"name": "Flask Room", **status(app, path, 200)})


def status(app, path, code):
    """What FlaskJSON adds to the bodies of resources."""
    return {"status": code} if path == "/resource" and "json" in app.extensions else {}


@paths
@pytest.mark.parametrize("content_type", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_form_data(app, room, path, content_type):
    response = room.post(path, data=ROOM, content_type=content_type)
    assert (response.status_code, response.json) == (201, {**ROOM, **status(app, path, 201)})


@paths
def test_json_body(app, room, path):
    response = room.post(path, data=json.dumps(ROOM), content_type="application/json")
    assert (response.status_code, response.json) == (201, {**ROOM, **status(app, path, 201)})


@paths
def test_json_body_without_its_content_type(app, room, path):
    """The text says 400; Flask today says 415, and 400 with the request class of Flask-JSON."""
    response = room.post(path, data=json.dumps(ROOM), content_type="text/plain")
    assert response.status_code == (400 if "json" in app.extensions else 415)


# Following redirects


@pytest.mark.parametrize("path", ["/login-view", "/login-resource"])
def test_redirect(app, api, room, path):
    class Login(Resource):
        def post(self):
            return redirect(url_for("read"), 302)

    app.add_url_rule("/login-view", "login_view", lambda: redirect(url_for("read"), 302), methods=["POST"])
    api.add_resource(Login, "/login-resource")
    response = room.post(path)
    assert (response.status_code, response.location) == (302, "/view")
    followed = room.post(path, follow_redirects=True)
    assert (followed.request.path, followed.json) == ("/view", {"name": "Flask Room"})


# Replacing content


def test_html_fragment(app, client):
    app.add_url_rule(
        "/geology-fact", "geology_fact", lambda: render_template_string("<p>{{ fact }}</p>", fact="<Rock>")
    )
    response = client.get("/geology-fact")
    assert (response.mimetype, response.text) == ("text/html", "<p>&lt;Rock&gt;</p>")


# Returning JSON from views


def test_dictionary_with_a_url(app, client):
    @app.route("/user/<int:id>")
    def user_detail(id):
        return {"username": "ann", "picture": url_for("static", filename=f"users/{id}/profile.png")}

    assert client.get("/user/7").json == {"username": "ann", "picture": "/static/users/7/profile.png"}


def test_list_by_jsonify(app, client):
    app.add_url_rule("/users", "user_list", lambda: jsonify([{"id": 1}, {"id": 2}]))
    assert client.get("/users").json == [{"id": 1}, {"id": 2}]


def test_file_by_its_url(app, client):
    @app.route("/files/<name>")
    def file(name):
        return send_file(io.BytesIO(b"\x89PNG"), mimetype="image/png")

    app.add_url_rule("/", "view", lambda: {"picture": url_for("file", name="a.png")})
    response = client.get(client.get("/").json["picture"])
    assert (response.mimetype, response.data) == ("image/png", b"\x89PNG")


# Receiving JSON in views


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        ('{"name": "ann"}', "application/json", 200),
        ('{"name": "ann"}', "application/merge-patch+json", 200),
        ('{"name": ', "application/json", 400),
        ('{"name": "ann"}', "text/plain", 415),
        ('{"name": "ann"}', None, 415),
    ],
)
def test_json_property_of_the_request(app, client, data, content_type, status):
    app.add_url_rule("/user/<int:id>", "user_update", lambda id: {"id": id, **request.json}, methods=["PUT"])
    response = client.put("/user/7", data=data, content_type=content_type)
    if status == 200:
        assert response.json == {"id": 7, "name": "ann"}
    elif "json" in app.extensions:
        assert (response.status_code, response.json) == (400, {"status": 400, "description": "Not a JSON."})
    else:
        assert response.status_code == status
