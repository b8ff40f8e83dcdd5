"""What a Resource may return and raise, in both doors."""

import io
import logging
from wsgiref.validate import validator

import pytest
from flask import Blueprint, Flask, Response, got_request_exception, jsonify, make_response, redirect
from flask.views import MethodView
from werkzeug.exceptions import HTTPException, ServiceUnavailable

import restwell
import restwell.flask_restful.fields
import restwell.flask_restful.inputs
import restwell.flask_restful.reqparse
from restwell import flask_restful as door
from restwell.flask_restful.utils import cors

doors = pytest.mark.parametrize("framework", [restwell, door], ids=["restwell", "door"])


@pytest.fixture(name="app")
def make_app():
    return Flask("site")


def serve(framework, app, answer, decorators=(), **keywords):
    class Served(framework.Resource):
        method_decorators = decorators

        def get(self):
            return answer()

        post = get

    framework.Api(app, **keywords).add_resource(Served, "/")
    return app.test_client()


# -- what is returned -------------------------------------------------------------------------------------------------


@doors
@pytest.mark.parametrize("shaped", [False, True])
@pytest.mark.parametrize("accept", ["application/json", "text/csv", "application/problem+json"])
@pytest.mark.parametrize("headers", [{"X-A": "1"}, [("X-A", "1")], (("X-A", "1"),)])
def test_headers_may_stand_where_the_status_does(framework, app, shaped, accept, headers):
    shape = [framework.marshal_with({"a": framework.fields.Integer})] if shaped else []
    client = serve(framework, app, lambda: ({"a": 1}, headers), shape)
    response = client.get("/", headers={"Accept": accept})
    assert (response.status_code, response.json, response.headers["X-A"]) == (200, {"a": 1}, "1")


@doors
@pytest.mark.parametrize("shaped", [False, True])
@pytest.mark.parametrize(
    ("returned", "status", "header"),
    [
        (lambda: redirect("/b", 302), 302, None),
        (lambda: jsonify(b=1), 200, None),
        (lambda: (jsonify(b=1), 201), 201, None),
        (lambda: (jsonify(b=1), 201, {"X-A": "1"}), 201, "1"),
        (lambda: (make_response("plain", 418), {"X-A": "1"}), 418, "1"),
        (lambda: (Response(iter(["a", "b"]), mimetype="text/csv"), 206), 206, None),
    ],
)
def test_a_response_stays_as_it_is(framework, app, shaped, returned, status, header):
    shape = [framework.marshal_with({"a": framework.fields.Raw})] if shaped else []
    response = serve(framework, app, returned, shape).get("/")
    assert (response.status_code, response.headers.get("X-A")) == (status, header)
    assert "null" not in response.text


@doors
@pytest.mark.parametrize(
    "returned",
    [lambda: ("", 204), lambda: (None, "204"), lambda: ({"a": 1}, 204, {"X-A": "1"}), lambda: Response("", 204)],
)
def test_what_is_not_there_has_no_type(framework, app, returned):
    client = serve(framework, app, returned)
    response = client.get("/")
    assert (response.status_code, response.content_type, response.data) == (204, None, b"")
    app.wsgi_app = validator(app.wsgi_app)
    with client.get("/") as response:
        assert response.status_code == 204


@doors
def test_a_view_class_of_flasks_can_be_a_resource(framework, app):
    class Plain(MethodView):
        def get(self):
            return {"a": 1}

    framework.Api(app).add_resource(Plain, "/plain")
    assert app.test_client().get("/plain").json == {"a": 1}


def test_the_door_has_no_page_no_vary_no_key_and_no_route_of_its_own(app):
    app.config.update(JSON_ADD_STATUS=True, API_ERROR_FORMAT="standard", API_STATUS_IN_BODY=True)
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    client = serve(door, app, lambda: {"a": 1})
    assert {rule.rule for rule in app.url_map.iter_rules()} == rules | {"/"}
    for accept in ("text/html", "application/problem+json", "application/x-ndjson", "*/*", ""):
        response = client.get("/", headers={"Accept": accept})
        assert response.data == b'{"a": 1}\n'
        assert response.content_type == "application/json"
        assert "Vary" not in response.headers
    refused = client.put("/", headers={"Accept": "application/problem+json"})
    assert refused.data == b'{"message": "The method is not allowed for the requested URL."}\n'


def test_restful_json_belongs_to_the_application(app):
    app.config["RESTFUL_JSON"] = {"sort_keys": True, "ensure_ascii": False}
    app.debug = True
    client = serve(door, app, lambda: {"b": "é", "a": 1})
    assert client.get("/").text == '{\n    "a": 1,\n    "b": "é"\n}\n'
    assert app.config["RESTFUL_JSON"] == {"sort_keys": True, "ensure_ascii": False}


# -- what is raised ---------------------------------------------------------------------------------------------------


class Boom(Exception):  # noqa: N818 - as it stands in errors
    """An exception with a name for ``errors``."""


@doors
@pytest.mark.parametrize("status", [409, "409", "409 Taken"])
def test_a_status_of_errors_may_be_a_text(framework, app, status):
    def fail():
        raise Boom

    response = serve(framework, app, fail, errors={"Boom": {"message": "m", "status": status}}).get("/")
    assert (response.status_code, response.json["message"]) == (409, "m")


@doors
def test_an_exceptions_own_data_is_the_body_of_its_500_in_the_door_alone(framework, app):
    def fail():
        error = RuntimeError()
        error.data = {"secret": "s"}
        raise error

    response = serve(framework, app, fail).get("/")
    assert response.status_code == 500
    assert ("secret" in response.json) is (framework is door)


@doors
def test_what_json_cannot_write_is_left_out_of_a_500(framework, app):
    response = serve(framework, app, lambda: framework.abort(500, message="m", cause=KeyError("k"))).get("/")
    assert (response.status_code, response.json["message"]) == (500, "m")
    assert "cause" not in response.json


@doors
def test_what_json_cannot_write_is_text_in_an_answer_to_a_client(framework, app):
    def fail():
        framework.abort(400, message=ValueError("v"), causes=[KeyError("k"), {1: {2}}], known=None)

    body = serve(framework, app, fail).get("/").json
    assert (body["message"], body["causes"][0], body["known"]) == ("v", "'k'", None)


@doors
def test_an_http_error_that_has_not_called_its_constructor_is_answered(framework, app):
    class Careless(HTTPException):
        code = 402

        def __init__(self):
            pass

    def fail():
        raise Careless

    assert serve(framework, app, fail).get("/").status_code == 402
    other = Flask("other")
    response = serve(framework, other, fail, errors={"Careless": {"message": "paid?", "status": 409}}).get("/")
    assert (response.status_code, response.json["message"]) == (409, "paid?")


@doors
def test_a_database_that_is_away_is_logged_in_one_line(framework, app, caplog):
    def fail():
        raise ServiceUnavailable("away")

    with caplog.at_level(logging.WARNING):
        assert serve(framework, app, fail).get("/").status_code == 503
    assert [record.getMessage() for record in caplog.records] == ["503 for GET /: away"]


@doors
@pytest.mark.parametrize("testing", [False, True])
def test_the_signal_of_an_exception_is_sent_once(framework, app, testing):
    app.testing = testing
    received = []

    def receive(sender, exception):
        received.append(exception)

    def fail():
        raise Boom

    client = serve(framework, app, fail)
    with got_request_exception.connected_to(receive, app):
        if testing:
            with pytest.raises(Boom):
                client.get("/")
        else:
            client.get("/")
    assert [type(error) for error in received] == [Boom]


def test_an_answer_of_last_resort_passes_the_hooks_of_the_application(app):
    @app.after_request
    def mark(response):
        response.headers["X-Hook"] = "1"
        return response

    def fail():
        raise Boom

    for framework in (restwell, door):
        fresh = Flask("fresh")
        fresh.after_request(mark)
        response = serve(framework, fresh, fail).get("/")
        assert (response.status_code, response.headers["X-Hook"]) == (500, "1")
        assert response.is_json


# -- parsers ----------------------------------------------------------------------------------------------------------


def parse(framework, app, **argument):
    parser = framework.reqparse.RequestParser().add_argument("v", **argument)
    return serve(framework, app, parser.parse_args)


@doors
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version as {'major': 0}", "version as {'major': 0}"),
        ("{error_msg}, as in {0}", "invalid literal for int() with base 10: 'x', as in {0}"),
        ("{unfinished", "{unfinished"),
        ("{error_msg.nothing}", "{error_msg.nothing}"),
    ],
)
def test_of_a_help_text_only_the_error_is_replaced(framework, app, text, said):
    response = parse(framework, app, type=int, location="args", help=text).get("/?v=x")
    assert (response.status_code, response.json["message"]) == (400, {"v": said})


@doors
def test_a_pattern_ends_where_the_text_does(framework, app):
    client = parse(framework, app, type=framework.inputs.regex("^[a-z]+$"), location="args")
    assert client.get("/?v=abc").json == {"v": "abc"}
    assert client.get("/?v=abc%0A").status_code == 400


@doors
def test_parsing_changes_nothing_in_an_argument(framework, app):
    argument = framework.reqparse.Argument("v", choices=("One", "Two"), case_sensitive=False)
    parser = framework.reqparse.RequestParser().add_argument(argument)
    client = serve(framework, app, parser.parse_args)
    assert client.get("/?v=ONE").json == {"v": "one"}
    assert argument.choices == ("One", "Two")


@doors
def test_what_restwell_has_more_of_works(framework, app):
    street = restwell.reqparse.RequestParser().add_argument("street", required=True, location="json")
    parser = framework.reqparse.RequestParser(bundle_errors=True)
    parser.add_argument("homes", type=street, action="append", location="json")
    parser.add_argument("n", type=restwell.inputs.integer(1, 5))
    client = serve(framework, app, parser.parse_args)
    good = {"homes": [{"street": "High St"}], "n": 3}
    assert client.post("/", json=good).json == good
    assert client.post("/?n=4").json == {"homes": None, "n": 4}
    wrong = client.post("/", json={"homes": [{"street": "High St"}, {}], "n": 7})
    assert wrong.json["message"] == {
        "homes[1].street": "Missing required parameter in the JSON body",
        "n": "must be at most 5",
    }


def test_a_parser_asks_the_api_that_the_request_belongs_to(app):
    parser = restwell.reqparse.RequestParser().add_argument("v", type=restwell.inputs.natural)

    class Parsing(restwell.Resource):
        def post(self):
            return parser.parse_args()

    restwell.Api(app, prefix="/new").add_resource(Parsing, "/", endpoint="new")
    door.Api(app, prefix="/old").add_resource(Parsing, "/", endpoint="old")
    app.add_url_rule("/view", "view", lambda: parser.parse_args(), methods=["POST"])
    client = app.test_client()
    assert client.post("/new/", json={"v": 1.5}).status_code == 400
    assert client.post("/old/", json={"v": 1.5}).json == {"v": 1}
    assert client.post("/view", json={"v": 1.5}).status_code == 400

    alone = Flask("alone")
    door.Api(alone)
    alone.add_url_rule("/view", "view", lambda: parser.parse_args(), methods=["POST"])
    assert alone.test_client().post("/view", json={"v": 1.5}).json == {"v": 1}
    with alone.app_context():
        assert restwell.reqparse.Argument("v", location="args").source(app.request_class({"QUERY_STRING": "v=1"}))


# -- blueprints and decorators ----------------------------------------------------------------------------------------


@doors
def test_decorators_that_are_added_later(framework, app):
    def marked(view):
        def marking(*args, **kwargs):
            response = view(*args, **kwargs)
            response.headers["X-Marked"] = "1"
            return response

        return marking

    blueprint = Blueprint("shop", "shop")
    api = framework.Api(blueprint)

    class Before(framework.Resource):
        def get(self):
            return {}

    class Behind(Before):
        pass

    api.add_resource(Before, "/before")
    api.decorators.append(marked)
    api.add_resource(Behind, "/behind")
    app.register_blueprint(blueprint)
    client = app.test_client()
    assert ("X-Marked" in client.get("/before").headers) is (framework is restwell)
    assert "X-Marked" in client.get("/behind").headers


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize(
    "keywords",
    [
        {"origin": "*"},
        {"origin": ["https://a.example", "https://b.example"], "methods": ["get", "put"], "credentials": True},
        {"origin": "*", "headers": ["x-a", "x-b"], "expose_headers": "X-C", "max_age": 5},
        {"origin": "*", "attach_to_all": False},
        {"origin": "*", "automatic_options": False},
    ],
)
def test_crossdomain_answers_as_flask_restfuls(method, keywords):
    import flask_restful
    from flask_restful.utils import cors as theirs

    answers = []
    for framework, crossdomain in ((flask_restful, theirs.crossdomain), (door, cors.crossdomain)):
        app = Flask("site")

        class Open(framework.Resource):
            @crossdomain(**keywords)
            def get(self):
                return make_response("open")

            options = crossdomain(**keywords)(lambda self: make_response("asked"))

        framework.Api(app).add_resource(Open, "/")
        response = app.test_client().open("/", method=method)
        headers = {
            name: ", ".join(sorted(value.split(", "))) if name in ("Allow", "Access-Control-Allow-Methods") else value
            for name, value in response.headers
        }
        answers.append((response.status_code, headers, response.data))
    assert answers[0] == answers[1]


def test_files_reach_a_parser(app):
    from werkzeug.datastructures import FileStorage

    parser = door.reqparse.RequestParser().add_argument("v", type=FileStorage, location="files")
    client = serve(door, app, lambda: parser.parse_args()["v"].filename)
    assert client.post("/", data={"v": (io.BytesIO(b"x"), "x.txt")}).json == "x.txt"
