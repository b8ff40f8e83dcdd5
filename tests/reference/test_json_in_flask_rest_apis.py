"""The reference text on JSON in Flask REST APIs, feature by feature and example by example, beside an Api."""

import json
from datetime import datetime, timezone

import pytest
from flask import Flask, jsonify, make_response, request
from flask_cors import CORS
from marshmallow import Schema, ValidationError, fields
from werkzeug.exceptions import HTTPException

import restwell
from restwell import Api, Resource, abort, reqparse

ITEM = {"id": 42, "name": "New Widget"}


@pytest.fixture(name="app")
def make_app():
    app = Flask(__name__)
    Api(app)
    return app


@pytest.fixture(name="client")
def make_client(app):
    return app.test_client()


# Returning JSON responses


def test_return_a_dictionary_by_jsonify(app, client):
    app.add_url_rule("/api/status", view_func=lambda: jsonify({"status": "ok", "version": "1.0"}))
    response = client.get("/api/status")
    assert (response.status_code, response.content_type) == (200, "application/json")
    assert response.json == {"status": "ok", "version": "1.0"}


def test_return_a_list_by_jsonify(app, client):
    items = [{"id": 1, "name": "Widget", "price": 9.99}, {"id": 2, "name": "Gadget", "price": 24.99}]
    app.add_url_rule("/api/items", view_func=lambda: jsonify(items))
    assert client.get("/api/items").json == items


def test_return_keyword_arguments_by_jsonify(app, client):
    app.add_url_rule("/api/user/<int:user_id>", "user", lambda user_id: jsonify(id=user_id, name="Alice", active=True))
    assert client.get("/api/user/7").json == {"id": 7, "name": "Alice", "active": True}


@pytest.mark.parametrize(
    ("value", "location"),
    [
        (lambda: (jsonify(ITEM), 201), None),
        (lambda: (jsonify(ITEM), 201, {"Location": "/api/items/42"}), "/api/items/42"),
        (lambda: make_response(jsonify(ITEM), 201), None),
    ],
    ids=["status", "status and headers", "make_response"],
)
def test_return_a_status_code(app, client, value, location):
    app.add_url_rule("/api/items", "items", value, methods=["POST"])
    response = client.post("/api/items")
    assert (response.status_code, response.json) == (201, ITEM)
    assert response.headers.get("Location") == location


def test_return_no_content(app, client):
    app.add_url_rule("/api/items/<int:item_id>", "item", lambda item_id: ("", 204), methods=["DELETE"])
    response = client.delete("/api/items/42")
    assert (response.status_code, response.data) == (204, b"")


# Parsing JSON request bodies


@pytest.mark.parametrize(
    ("data", "content_type", "status", "body"),
    [
        ('{"name": "Widget", "price": 9.99}', "application/json", 201, {"id": 99, "name": "Widget", "price": 9.99}),
        ('{"name": "Widget", "price": 0}', "application/json", 201, {"id": 99, "name": "Widget", "price": 0}),
        ('{"name": "Widget"}', "application/json", 422, {"error": "name and price are required"}),
        ("null", "application/json", 400, {"error": "Request body must be JSON"}),
        ("{", "application/json", 400, None),
        ("{}", "text/plain", 415, None),
    ],
)
def test_get_json(app, client, data, content_type, status, body):
    @app.route("/api/items", methods=["POST"])
    def create_item():
        data = request.get_json()
        if data is None:
            return jsonify({"error": "Request body must be JSON"}), 400
        name = data.get("name")
        price = data.get("price")
        if not name or price is None:
            return jsonify({"error": "name and price are required"}), 422
        return jsonify({"id": 99, "name": name, "price": price}), 201

    response = client.post("/api/items", data=data, content_type=content_type)
    assert (response.status_code, response.json) == (status, body)


@pytest.mark.parametrize(
    ("arguments", "data", "content_type", "status", "read"),
    [
        ({"force": True}, "[1]", "text/plain", 200, [1]),
        ({"force": True}, "[1", "text/plain", 400, None),
        ({"silent": True}, "[1", "application/json", 200, None),
        ({"silent": True}, "[1]", "text/plain", 200, None),
        ({"force": True, "silent": True}, "[1", "text/plain", 200, None),
        ({"force": True, "silent": True}, "[1]", "text/plain", 200, [1]),
    ],
)
def test_get_json_force_and_silent(app, client, arguments, data, content_type, status, read):
    app.add_url_rule("/", "view", lambda: {"read": request.get_json(**arguments)}, methods=["POST"])
    response = client.post("/", data=data, content_type=content_type)
    assert response.status_code == status
    if status == 200:
        assert response.json == {"read": read}


def test_raw_body_parsed_manually(app, client):
    app.add_url_rule("/", "view", lambda: json.loads(request.get_data()), methods=["POST"])
    assert client.post("/", data='{"a": 1}').json == {"a": 1}


# HTTP status codes with JSON


def test_item_detail(app, client):
    items = {1: {"id": 1, "name": "Widget"}}

    @app.route("/api/items/<int:item_id>", methods=["GET", "PUT", "PATCH", "DELETE"])
    def item_detail(item_id):
        item = items.get(item_id)
        if item is None:
            return jsonify({"error": "Item not found"}), 404
        if request.method == "GET":
            return jsonify(item), 200
        if request.method == "DELETE":
            del items[item_id]
            return "", 204
        item.update(request.get_json(force=True, silent=True) or {})
        return jsonify(item), 200

    assert client.get("/api/items/1").json == {"id": 1, "name": "Widget"}
    assert client.put("/api/items/1", data='{"name": "Gadget"}').json == {"id": 1, "name": "Gadget"}
    assert client.patch("/api/items/1", data="not JSON").json == {"id": 1, "name": "Gadget"}
    assert client.delete("/api/items/1").status_code == 204
    for method in (client.get, client.put, client.patch, client.delete):
        response = method("/api/items/1")
        assert (response.status_code, response.json) == (404, {"error": "Item not found"})


# JSON error handling


def add_failing_views(app):
    app.add_url_rule("/bad", "bad", lambda: request.get_json(), methods=["POST"])
    app.add_url_rule("/fail", "fail", lambda: 1 // 0)
    return app.test_client()


def test_error_handlers_for_specific_codes(app):
    @app.errorhandler(400)
    def bad_request(e):
        return jsonify({"error": "Bad request", "message": str(e)}), 400

    app.register_error_handler(404, lambda e: (jsonify({"error": "Not found"}), 404))
    app.register_error_handler(405, lambda e: (jsonify({"error": "Method not allowed"}), 405))
    app.register_error_handler(500, lambda e: (jsonify({"error": "Internal server error"}), 500))
    client = add_failing_views(app)

    response = client.post("/bad", data="{", content_type="application/json")
    assert (response.status_code, response.json["error"]) == (400, "Bad request")
    assert response.json["message"].startswith("400 Bad Request: ")
    for response, status, body in (
        (client.get("/unknown"), 404, {"error": "Not found"}),
        (client.get("/bad"), 405, {"error": "Method not allowed"}),
        (client.get("/fail"), 500, {"error": "Internal server error"}),
    ):
        assert (response.status_code, response.json) == (status, body)


def test_error_handler_for_all_http_exceptions(app):
    @app.errorhandler(HTTPException)
    def handle_http_exception(e):
        return jsonify({"error": e.name, "message": e.description, "status": e.code}), e.code

    client = add_failing_views(app)
    for response, status, name in (
        (client.get("/unknown"), 404, "Not Found"),
        (client.get("/bad"), 405, "Method Not Allowed"),
        (client.get("/fail"), 500, "Internal Server Error"),
    ):
        assert response.status_code == status
        assert (response.json["status"], response.json["error"]) == (status, name)
        assert response.json["message"]


def test_error_handler_for_all_exceptions(app, caplog):
    @app.errorhandler(Exception)
    def handle_exception(e):
        app.logger.error(f"Unhandled exception: {e}", exc_info=True)
        return jsonify({"error": "Internal server error"}), 500

    response = add_failing_views(app).get("/fail")
    assert (response.status_code, response.json) == (500, {"error": "Internal server error"})
    assert "Unhandled exception: integer division" in caplog.text


class OwnAPIError(Exception):
    """The exception class as the text writes it."""

    def __init__(self, message, status_code=400, payload=None):
        super().__init__(message)
        self.message = message
        self.status_code = status_code
        self.payload = payload


@pytest.mark.parametrize("error_class", [OwnAPIError, restwell.APIError])
@pytest.mark.parametrize(
    ("arguments", "status", "body"),
    [
        (("Item not found", 404), 404, {"error": "Item not found"}),
        (("Bad item",), 400, {"error": "Bad item"}),
        (("Bad item", 409, {"id": 7}), 409, {"error": "Bad item", "details": {"id": 7}}),
    ],
)
def test_error_handler_for_application_errors(app, client, error_class, arguments, status, body):
    @app.errorhandler(error_class)
    def handle_api_error(e):
        response = {"error": e.message}
        if e.payload:
            response["details"] = e.payload
        return jsonify(response), e.status_code

    def view():
        raise error_class(*arguments)

    app.add_url_rule("/view", view_func=view)
    app.add_url_rule(
        "/resource", view_func=type("Failing", (Resource,), {"get": lambda self: view()}).as_view("failing")
    )
    for path in ("/view", "/resource"):
        response = client.get(path)
        assert (response.status_code, response.json) == (status, body)


def test_api_error_in_a_resource_without_a_handler():
    app = Flask(__name__)
    api = Api(app)

    @api.resource("/")
    class Failing(Resource):
        def get(self):
            raise restwell.APIError("Item not found", status_code=404, payload={"id": 7})

    response = app.test_client().get("/")
    assert response.status_code == 404
    assert response.json.items() >= {"message": "Item not found", "details": {"id": 7}}.items()


# Building a REST API with Flask-RESTful


@pytest.fixture(name="items_client")
def make_items_application():
    app = Flask(__name__)
    api = Api(app)
    items = {1: {"id": 1, "name": "Widget", "price": 9.99}, 2: {"id": 2, "name": "Gadget", "price": 24.99}}

    item_parser = reqparse.RequestParser()
    item_parser.add_argument("name", type=str, required=True, help="name is required")
    item_parser.add_argument("price", type=float, required=True, help="price is required")

    class ItemList(Resource):
        def get(self):
            return list(items.values()), 200

        def post(self):
            args = item_parser.parse_args()
            new_id = max(items.keys(), default=0) + 1
            item = {"id": new_id, "name": args["name"], "price": args["price"]}
            items[new_id] = item
            return item, 201

    class Item(Resource):
        def get(self, item_id):
            item = items.get(item_id)
            if item is None:
                abort(404, message=f"Item {item_id} not found")
            return item, 200

        def put(self, item_id):
            item = items.get(item_id)
            if item is None:
                abort(404, message=f"Item {item_id} not found")
            args = item_parser.parse_args()
            item.update(args)
            return item, 200

        def delete(self, item_id):
            if item_id not in items:
                abort(404, message=f"Item {item_id} not found")
            del items[item_id]
            return "", 204

    api.add_resource(ItemList, "/api/items")
    api.add_resource(Item, "/api/items/<int:item_id>")
    return app.test_client()


def test_items_application_lists(items_client):
    response = items_client.get("/api/items")
    assert response.status_code == 200
    assert response.json == [{"id": 1, "name": "Widget", "price": 9.99}, {"id": 2, "name": "Gadget", "price": 24.99}]


@pytest.mark.parametrize("kind", ["json", "data"])
def test_items_application_creates(items_client, kind):
    response = items_client.post("/api/items", **{kind: {"name": "Gizmo", "price": 5}})
    assert (response.status_code, response.json) == (201, {"id": 3, "name": "Gizmo", "price": 5.0})
    assert items_client.get("/api/items/3").json == {"id": 3, "name": "Gizmo", "price": 5.0}


@pytest.mark.parametrize(("data", "missing"), [({"price": 5}, "name"), ({"name": "Gizmo"}, "price")])
def test_items_application_requires_its_arguments(items_client, data, missing):
    response = items_client.post("/api/items", json=data)
    assert response.status_code == 400
    assert response.json["message"] == {missing: f"{missing} is required"}


def test_items_application_reads(items_client):
    response = items_client.get("/api/items/1")
    assert (response.status_code, response.json) == (200, {"id": 1, "name": "Widget", "price": 9.99})


def test_items_application_replaces(items_client):
    response = items_client.put("/api/items/1", json={"name": "Gizmo", "price": 5})
    assert (response.status_code, response.json) == (200, {"id": 1, "name": "Gizmo", "price": 5.0})


def test_items_application_deletes(items_client):
    response = items_client.delete("/api/items/1")
    assert (response.status_code, response.data) == (204, b"")
    assert items_client.delete("/api/items/1").status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_items_application_says_what_is_missing(items_client, method):
    response = items_client.open("/api/items/9", method=method)
    assert (response.status_code, response.json["message"]) == (404, "Item 9 not found")


# CORS headers for JSON APIs

APP = "https://app.example.com"
OTHER = "https://other.example.com"


def cors_application(*args, **kwargs):
    """A view and a Resource behind flask-cors."""
    app = Flask(__name__)
    api = Api(app)
    CORS(app, *args, **kwargs)
    app.add_url_rule("/api/public/view", "view", lambda: {"result": "data here"})

    @api.resource("/api/private/resource")
    class Data(Resource):
        def get(self):
            return {"result": "data here"}

        def post(self):
            return {}

    return app.test_client()


def allowed_origin(client, path, origin):
    return client.get(path, headers={"Origin": origin}).headers.get("Access-Control-Allow-Origin")


def preflight(client, path, origin, method="POST", headers="Content-Type"):
    return client.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": headers,
        },
    )


paths = pytest.mark.parametrize("path", ["/api/public/view", "/api/private/resource"])


@paths
def test_cors_for_all_origins(path):
    client = cors_application()
    assert allowed_origin(client, path, OTHER) == OTHER
    response = preflight(client, path, OTHER)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == OTHER
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "Content-Type"


@paths
def test_cors_for_specific_origins(path):
    client = cors_application(origins=[APP, "https://example.com"])
    assert allowed_origin(client, path, APP) == APP
    assert allowed_origin(client, path, OTHER) is None
    assert preflight(client, path, APP).headers["Access-Control-Allow-Origin"] == APP
    assert "Access-Control-Allow-Origin" not in preflight(client, path, OTHER).headers


def test_cors_per_route():
    client = cors_application(resources={r"/api/public/*": {"origins": "*"}, r"/api/private/*": {"origins": APP}})
    assert allowed_origin(client, "/api/public/view", OTHER) == OTHER
    assert allowed_origin(client, "/api/private/resource", APP) == APP
    assert allowed_origin(client, "/api/private/resource", OTHER) is None
    assert "Access-Control-Allow-Origin" not in preflight(client, "/api/private/resource", OTHER).headers


@paths
def test_cors_with_specific_headers_and_methods(path):
    client = cors_application(
        origins=APP,
        methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"],
        allow_headers=["Content-Type", "Authorization"],
    )
    headers = preflight(client, path, APP, "PUT", "Authorization, X-Other").headers
    assert headers["Access-Control-Allow-Origin"] == APP
    assert set(headers["Access-Control-Allow-Methods"].split(", ")) == {"GET", "POST", "PUT", "DELETE", "OPTIONS"}
    assert headers["Access-Control-Allow-Headers"] == "Authorization"


def test_cors_by_hand():
    app = Flask(__name__)
    api = Api(app)

    @api.resource("/api/data")
    class Data(Resource):
        def get(self):
            return {"result": "data here"}

    @app.after_request
    def add_cors_headers(response):
        response.headers["Access-Control-Allow-Origin"] = APP
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, Authorization"
        return response

    app.add_url_rule("/api/<path:path>", "options_handler", lambda path: ("", 204), methods=["OPTIONS"])
    client = app.test_client()
    assert allowed_origin(client, "/api/data", APP) == APP
    for path in ("/api/data", "/api/anything"):
        response = preflight(client, path, APP)
        assert response.status_code in (200, 204)
        assert response.headers["Access-Control-Allow-Headers"] == "Content-Type, Authorization"


# Dict return shorthand


@pytest.mark.parametrize(
    ("value", "status", "body"),
    [
        ({"status": "ok", "uptime": 99.9}, 200, {"status": "ok", "uptime": 99.9}),
        (["python", "flask", "json", "rest"], 200, ["python", "flask", "json", "rest"]),
        (({"id": 42, "created": True}, 201), 201, {"id": 42, "created": True}),
        (({"id": 42}, 201, {"X-A": "b"}), 201, {"id": 42}),
    ],
    ids=["dict", "list", "dict and status", "dict, status and headers"],
)
def test_dict_return_shorthand(app, client, value, status, body):
    app.add_url_rule("/", "view", lambda: value)
    response = client.get("/")
    assert (response.status_code, response.json, response.mimetype) == (status, body, "application/json")


def test_dict_return_shorthand_with_204(app, client):
    app.add_url_rule("/", "view", lambda: ({}, 204), methods=["DELETE"])
    assert client.delete("/").status_code == 204


def test_dict_return_shorthand_with_times(app, client):
    now = datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    app.add_url_rule("/", "view", lambda: {"utc": now.isoformat(), "timestamp": now.timestamp(), "by itself": now})
    assert client.get("/").json == {
        "utc": "2024-01-02T03:04:05+00:00",
        "timestamp": 1704164645.0,
        "by itself": "Tue, 02 Jan 2024 03:04:05 GMT",
    }


def test_dict_return_shorthand_equals_jsonify(app, client):
    data = {"b": 1, "a": ["é"]}
    app.add_url_rule("/short", "short", lambda: data)
    app.add_url_rule("/long", "long", lambda: jsonify(data))
    assert client.get("/short").data == client.get("/long").data == b'{"a":["\\u00e9"],"b":1}\n'


# JSON validation


class ItemSchema(Schema):
    name = fields.Str(required=True)
    price = fields.Float(required=True)


@pytest.mark.parametrize(
    ("data", "status", "body"),
    [
        ({"name": "Widget", "price": 9.99}, 201, {"name": "Widget", "price": 9.99}),
        (
            {"price": "x"},
            422,
            {"errors": {"name": ["Missing data for required field."], "price": ["Not a valid number."]}},
        ),
    ],
)
def test_validation_with_marshmallow(app, client, data, status, body):
    @app.route("/api/items", methods=["POST"])
    def create_item():
        try:
            return jsonify(ItemSchema().load(request.get_json())), 201
        except ValidationError as err:
            return jsonify({"errors": err.messages}), 422

    response = client.post("/api/items", json=data)
    assert (response.status_code, response.json) == (status, body)
