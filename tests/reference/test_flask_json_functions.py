"""The reference text on Flask's JSON functions, feature by feature and example by example, beside an Api."""

import dataclasses
import io
from datetime import datetime
from decimal import Decimal

import pytest
from flask import Flask, json, jsonify, request
from flask.json.provider import DefaultJSONProvider
from marshmallow import Schema, ValidationError, fields

from restwell import Api, FlaskJSONProvider


@pytest.fixture(name="app")
def make_app():
    app = Flask(__name__)
    Api(app)
    with app.app_context():
        yield app


@pytest.fixture(name="client")
def make_client(app):
    return app.test_client()


# jsonify


def test_jsonify_keywords(app):
    assert jsonify(id=1, username="john").json == {"id": 1, "username": "john"}
    assert jsonify(id=1).mimetype == "application/json"


def test_jsonify_a_list(app):
    assert jsonify([{"id": 1}, {"id": 2}]).json == [{"id": 1}, {"id": 2}]


def test_jsonify_a_dictionary(app):
    assert jsonify({"status": "ok", "version": "1.0.0"}).json == {"status": "ok", "version": "1.0.0"}


def test_jsonify_multiple_values_as_a_list(app):
    assert jsonify("item1", "item2", "item3").json == ["item1", "item2", "item3"]


def test_jsonify_nothing_gives_null(app):
    assert jsonify().data == b"null\n"


def test_jsonify_positional_and_keyword_arguments_at_once(app):
    with pytest.raises(TypeError, match="not both"):
        jsonify([1], a=1)


def test_jsonify_in_debug_mode_is_indented(app):
    app.debug = True
    assert jsonify(a=[1]).data == b'{\n  "a": [\n    1\n  ]\n}\n'


# dumps and dump


def test_dumps(app):
    app.json.sort_keys = False
    assert json.dumps({"name": "John", "age": 30, "active": True}) == '{"name": "John", "age": 30, "active": true}'


def test_dumps_with_custom_options(app):
    data = {"name": "John", "age": 30, "active": True}
    assert json.dumps(data, indent=2, sort_keys=True) == '{\n  "active": true,\n  "age": 30,\n  "name": "John"\n}'


def test_dumps_a_decimal(app):
    assert json.dumps({"price": Decimal("19.99")}) == '{"price": "19.99"}'


def test_dumps_without_an_application_uses_the_standard_library():
    assert json.dumps({"price": Decimal("19.99")}) == '{"price": "19.99"}'


def test_dump_to_a_file(app, tmp_path):
    data = {"users": [{"id": 1, "name": "John"}, {"id": 2, "name": "Jane"}]}
    file = tmp_path / "data.json"
    with file.open("w") as f:
        json.dump(data, f, indent=2)
    assert json.loads(file.read_text()) == data
    assert file.read_text().startswith('{\n  "users"')


def test_dump_to_a_utf_8_file(app, tmp_path):
    file = tmp_path / "config.json"
    with file.open("w", encoding="utf-8") as f:
        json.dump({"name": "Grüße"}, f, ensure_ascii=False, indent=2)
    assert file.read_text(encoding="utf-8") == '{\n  "name": "Grüße"\n}'


# loads and load


@pytest.mark.parametrize("document", ['{"name":"John","age":30}', b'{"name":"John","age":30}'])
def test_loads_text_and_bytes(app, document):
    assert json.loads(document) == {"name": "John", "age": 30}


def test_loads_request_data(app, client):
    @app.route("/api/data", methods=["POST"])
    def receive_data():
        return jsonify({"status": "success", "data": json.loads(request.data)})

    assert client.post("/api/data", data=b'{"a": 1}').json == {"status": "success", "data": {"a": 1}}


def test_load_from_a_file(app, tmp_path):
    file = tmp_path / "data.json"
    file.write_text('{"a": "é"}', encoding="utf-8")
    with file.open() as text, file.open("rb") as data:
        assert json.load(text) == json.load(data) == {"a": "é"}


def test_load_configuration(app, tmp_path):
    file = tmp_path / "config.json"
    file.write_text('{"JSON_STATUS_FIELD_NAME": "code"}')
    with file.open(encoding="utf-8") as f:
        app.config.update(json.load(f))
    assert app.config["JSON_STATUS_FIELD_NAME"] == "code"


def test_load_from_an_uploaded_file(app, client):
    @app.route("/upload", methods=["POST"])
    def upload():
        return jsonify({"received": len(json.load(request.files["data"].stream))})

    response = client.post("/upload", data={"data": (io.BytesIO(b"[1, 2, 3]"), "data.json")})
    assert response.json == {"received": 3}


# Custom JSON provider


def test_provider_with_custom_dumps_and_loads(app):
    class CustomJSONProvider(DefaultJSONProvider):
        def dumps(self, obj, **kwargs):
            return super().dumps({"data": obj}, **kwargs)

        def loads(self, s, **kwargs):
            return super().loads(s, **kwargs)["data"]

    app.json = CustomJSONProvider(app)
    assert jsonify(1).data == b'{"data":1}\n'
    assert json.loads('{"data": 1}') == 1


@pytest.mark.parametrize("base", [DefaultJSONProvider, FlaskJSONProvider])
def test_provider_with_custom_serialization(app, base):
    @dataclasses.dataclass
    class OrderItem:
        name: str

    class CustomJSONProvider(base):
        def default(self, obj):
            if isinstance(obj, datetime):
                return obj.isoformat()
            if isinstance(obj, Decimal):
                return float(obj)
            if dataclasses.is_dataclass(obj):
                return dataclasses.asdict(obj)
            return super().default(obj)

    app.json = CustomJSONProvider(app)
    order = jsonify(id=1, created_at=datetime(2023, 10, 27, 12), total=Decimal("19.99"), items=[OrderItem("Widget")])
    assert order.json == {"id": 1, "created_at": "2023-10-27T12:00:00", "total": 19.99, "items": [{"name": "Widget"}]}


@pytest.mark.parametrize("base", [DefaultJSONProvider, FlaskJSONProvider])
def test_provider_with_compact_json(app, base):
    class CompactJSONProvider(base):
        def dumps(self, obj, **kwargs):
            kwargs.setdefault("separators", (",", ":"))
            return super().dumps(obj, **kwargs)

    app.json = CompactJSONProvider(app)
    assert json.dumps({"a": [1, 2]}) == '{"a":[1,2]}'


@pytest.mark.parametrize("base", [DefaultJSONProvider, FlaskJSONProvider])
def test_provider_with_pretty_json_in_debug_mode(app, base):
    class PrettyJSONProvider(base):
        def dumps(self, obj, **kwargs):
            if self._app.debug:
                kwargs.setdefault("indent", 2)
                kwargs.setdefault("sort_keys", True)
            return super().dumps(obj, **kwargs)

    app.json = PrettyJSONProvider(app)
    app.debug = True
    assert json.dumps({"b": 1, "a": 2}) == '{\n  "a": 2,\n  "b": 1\n}'


# Request JSON data


def add_create(app):
    @app.route("/api/create", methods=["POST"])
    def create():
        if not request.is_json:
            return jsonify({"error": "Content-Type must be application/json"}), 400
        data = request.get_json()
        if data is None:
            return jsonify({"error": "Invalid JSON"}), 400
        return jsonify({"name": data.get("name"), "email": data.get("email")}), 201


def test_request_json(app, client):
    add_create(app)
    response = client.post("/api/create", json={"name": "John", "email": "john@example.com"})
    assert (response.status_code, response.json) == (201, {"name": "John", "email": "john@example.com"})


def test_request_json_with_another_content_type(app, client):
    add_create(app)
    response = client.post("/api/create", data="{}", content_type="text/plain")
    assert (response.status_code, response.json) == (400, {"error": "Content-Type must be application/json"})


def test_request_json_null(app, client):
    add_create(app)
    response = client.post("/api/create", data="null", content_type="application/json")
    assert (response.status_code, response.json) == (400, {"error": "Invalid JSON"})


def test_request_json_that_is_none(app, client):
    add_create(app)
    assert client.post("/api/create", data="{", content_type="application/json").status_code == 400


def test_request_json_by_force(app, client):
    @app.route("/api/data", methods=["POST"])
    def receive_data():
        return jsonify({"received": request.get_json(force=True)})

    assert client.post("/api/data", data='{"a": 1}', content_type="text/plain").json == {"received": {"a": 1}}


# Error handling


@pytest.mark.parametrize(("path", "status"), [("/unknown", 404), ("/bad", 400)])
def test_error_handler_for_a_status(app, client, path, status):
    names = {404: "Not Found", 400: "Bad Request"}

    @app.errorhandler(status)
    def handle(error):
        return jsonify({"error": names[status], "message": str(error)}), status

    app.add_url_rule("/bad", view_func=lambda: request.args["missing"])
    response = client.get(path)
    assert response.status_code == status
    assert response.json["error"] == names[status]
    assert response.json["message"].startswith(f"{status} {names[status]}: ")


def test_error_handler_for_500(app, client):
    @app.errorhandler(500)
    def internal_error(error):
        return jsonify({"error": "Internal Server Error", "message": "An unexpected error occurred"}), 500

    app.add_url_rule("/", view_func=lambda: 1 // 0)
    response = client.get("/")
    assert response.status_code == 500
    assert response.json == {"error": "Internal Server Error", "message": "An unexpected error occurred"}


def test_custom_error_response(app, client):
    @app.route("/api/user/<int:id>")
    def get_user(id):
        return jsonify({"error": "User not found", "user_id": id}), 404

    response = client.get("/api/user/7")
    assert (response.status_code, response.json) == (404, {"error": "User not found", "user_id": 7})


# Best practices


class UserSchema(Schema):
    name = fields.Str(required=True)
    email = fields.Email(required=True)
    age = fields.Int()


@pytest.mark.parametrize(
    ("data", "content_type", "status", "body"),
    [
        ("{}", "text/plain", 415, {"error": "Content-Type must be application/json"}),
        ("{", "application/json", 400, {"error": "Invalid JSON"}),
        (
            '{"email": "x"}',
            "application/json",
            400,
            {
                "error": "Validation failed",
                "details": {"name": ["Missing data for required field."], "email": ["Not a valid email address."]},
            },
        ),
        (
            '{"name": "John", "email": "john@example.com", "age": 30}',
            "application/json",
            201,
            {"name": "John", "email": "john@example.com", "age": 30},
        ),
    ],
    ids=["content type", "syntax", "validation", "created"],
)
def test_validation_with_marshmallow(app, client, data, content_type, status, body):
    @app.route("/api/users", methods=["POST"])
    def create_user():
        if not request.is_json:
            return jsonify({"error": "Content-Type must be application/json"}), 415
        try:
            data = request.get_json()
        except Exception as e:
            return jsonify({"error": "Invalid JSON", "message": str(e)}), 400
        try:
            user = UserSchema().load(data)
        except ValidationError as e:
            return jsonify({"error": "Validation failed", "details": e.messages}), 400
        return jsonify(user), 201

    response = client.post("/api/users", data=data, content_type=content_type)
    assert response.status_code == status
    assert response.json.items() >= body.items()
