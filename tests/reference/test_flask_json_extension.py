"""The reference text on Flask-JSON, feature by feature and example by example, in its order.

Each test runs on an application with FlaskJSON alone and on one that has an Api beside it.
"""

import json as standard_json
import unittest
from datetime import date, datetime, time

import flask_babel
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, Response, request
from werkzeug.exceptions import InternalServerError

from restwell import (
    Api,
    FlaskJSON,
    JSONEncoderEx,
    JsonError,
    JsonRequest,
    JsonTestResponse,
    Resource,
    as_json,
    as_json_p,
    json_response,
)


@pytest.fixture(name="app", params=["FlaskJSON alone", "beside an Api"])
def make_app(request):
    app = Flask(__name__)
    FlaskJSON(app)
    if request.param == "beside an Api":
        Api(app)
    return app


@pytest.fixture(name="json")
def get_extension(app):
    return app.extensions["json"]


def answer(app, make_response, query="/", **kwargs):
    """The response to a GET request that is answered by a function."""
    app.add_url_rule("/", "view", make_response)
    return app.test_client().get(query, **kwargs)


# Initialization


def test_initialization_on_construction():
    app = Flask(__name__)
    json = FlaskJSON(app)
    assert app.extensions["json"] is json
    assert answer(app, lambda: json_response(a=1)).json == {"status": 200, "a": 1}


def test_initialization_postponed():
    app = Flask(__name__)
    json = FlaskJSON()
    json.init_app(app)
    assert app.extensions["json"] is json
    assert answer(app, lambda: json_response(a=1)).json == {"status": 200, "a": 1}


@pytest.mark.parametrize("moment", ["before initialization", "after initialization"])
def test_decorators_may_be_used(moment):
    app = Flask(__name__)
    json = FlaskJSON()
    if moment == "after initialization":
        json.init_app(app)

    @json.encoder
    def custom_encoder(o):
        return "encoded" if isinstance(o, set) else None

    @json.error_handler
    def custom_error_handler(e):
        return json_response(402, value=e.data["value"])

    @json.invalid_json_error
    def custom_invalid_json_error(e):
        return {"value": {1}}

    if moment == "before initialization":
        json.init_app(app)

    @app.post("/")
    def view():
        raise JsonError(value=request.get_json()["value"])

    response = app.test_client().post("/", data="x", content_type="application/json")
    assert response.status_code == 402
    assert response.json == {"status": 402, "value": "encoded"}


# Basic usage


def add_basic_usage(app):
    @app.route("/get_time")
    def get_time():
        return json_response(time=datetime(2015, 4, 14, 8, 44, 13, 973000))

    @app.route("/increment_value", methods=["POST"])
    def increment_value():
        data = request.get_json(force=True)
        try:
            value = int(data["value"])
        except (KeyError, TypeError, ValueError):
            raise JsonError(description="Invalid value.") from None
        return json_response(value=value + 1)

    @app.route("/get_value")
    @as_json
    def get_value():
        return {"value": 12}

    return app.test_client()


def test_basic_usage_get_time(app):
    response = add_basic_usage(app).get("/get_time")
    assert response.json == {"status": 200, "time": "2015-04-14T08:44:13.973000"}


def test_basic_usage_get_value(app):
    assert add_basic_usage(app).get("/get_value").json == {"status": 200, "value": 12}


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ("bla", {"status": 400, "description": "Not a JSON."}),
        ('{"value": "txt"}', {"status": 400, "description": "Invalid value."}),
        ('{"value": 41}', {"status": 200, "value": 42}),
    ],
)
def test_basic_usage_increment_value(app, data, body):
    form = "application/x-www-form-urlencoded"  # as curl sends it
    response = add_basic_usage(app).post("/increment_value", data=data, content_type=form)
    assert response.json == body
    assert response.status_code == body["status"]


def add_advanced_usage(app, json):
    app.config["JSON_ADD_STATUS"] = False
    app.config["JSON_DATETIME_FORMAT"] = "%d/%m/%Y %H:%M:%S"

    @json.invalid_json_error
    def custom_error_handler(e):
        raise JsonError(status=418, hint="RTFM")

    return add_basic_usage(app)


def test_advanced_usage_get_time(app, json):
    assert add_advanced_usage(app, json).get("/get_time").json == {"time": "14/04/2015 08:44:13"}


@pytest.mark.parametrize(
    ("data", "status", "body"),
    [
        ("bla", 418, {"hint": "RTFM"}),
        ('{"value": "txt"}', 400, {"description": "Invalid value."}),
        ('{"value": 41}', 200, {"value": 42}),
    ],
)
def test_advanced_usage_increment_value(app, json, data, status, body):
    response = add_advanced_usage(app, json).post("/increment_value", data=data)
    assert response.json == body
    assert response.status_code == status


# Creating JSON responses


def test_response_from_keyword_arguments(app):
    response = answer(app, lambda: json_response(server_name="norris", available=True))
    assert response.json == {"status": 200, "server_name": "norris", "available": True}
    assert response.mimetype == "application/json"


@pytest.mark.parametrize("data", [[1, 2, 3], 100500])
def test_response_from_arrays_and_single_values(app, data):
    assert answer(app, lambda: json_response(data_=data)).json == data


def test_response_with_http_status(app):
    response = answer(app, lambda: json_response(status_=400, server_name="norris", available=True))
    assert response.status_code == 400
    assert response.json == {"status": 400, "server_name": "norris", "available": True}


def test_response_with_custom_headers(app):
    response = answer(app, lambda: json_response(server_name="norris", headers_={"X-STATUS": "ok"}))
    assert response.headers["X-STATUS"] == "ok"


def test_response_from_data_gets_a_status_only_where_it_is_a_dictionary(app):
    assert answer(app, lambda: json_response(data_={"a": 1})).json == {"status": 200, "a": 1}


def test_as_json_with_a_dictionary(app):
    assert answer(app, as_json(lambda: {"server_name": "norris"})).json == {"status": 200, "server_name": "norris"}


def test_as_json_with_a_list(app):
    assert answer(app, as_json(lambda: [1, 2, 3])).json == [1, 2, 3]


def test_as_json_with_status_and_headers(app):
    response = answer(app, as_json(lambda: ({"server_name": "norris"}, 401, {"MYHEADER": 12})))
    assert response.status_code == 401
    assert response.json == {"status": 401, "server_name": "norris"}
    assert response.headers["MYHEADER"] == "12"


@pytest.mark.parametrize(
    ("value", "status", "header"),
    [
        ({"a": 1}, 200, None),
        (({"a": 1}, 202), 202, None),
        (({"a": 1}, {"X-A": "b"}), 200, "b"),
        (({"a": 1}, 202, {"X-A": "b"}), 202, "b"),
        (({"a": 1}, {"X-A": "b"}, 202), 202, "b"),
    ],
    ids=["content", "content, status", "content, headers", "content, status, headers", "content, headers, status"],
)
def test_as_json_return_values(app, value, status, header):
    response = answer(app, as_json(lambda: value))
    assert (response.status_code, response.json) == (status, {"status": status, "a": 1})
    assert response.headers.get("X-A") == header


def test_as_json_with_none(app):
    assert answer(app, as_json(lambda: None)).json == {"status": 200}


def test_as_json_with_none_and_status(app):
    response = answer(app, as_json(lambda: (None, 400)))
    assert (response.status_code, response.json) == (400, {"status": 400})


def test_as_json_with_a_json_response(app):
    assert answer(app, as_json(lambda: json_response(some="value"))).json == {"status": 200, "some": "value"}


@pytest.mark.parametrize("spelling", ["data_", "_data"])
def test_as_json_with_a_json_response_of_data(app, spelling):
    response = answer(app, as_json(lambda: json_response(**{spelling: [1, 2, 3]}, headers_={"X-STATUS": "ok"})))
    assert response.json == [1, 2, 3]
    assert response.headers["X-STATUS"] == "ok"


def test_json_error(app):
    def view():
        raise JsonError(error_description="Server is down")

    response = answer(app, view)
    assert (response.status_code, response.json) == (400, {"status": 400, "error_description": "Server is down"})


def test_json_error_with_status_and_headers(app):
    def view():
        raise JsonError(status_=401, headers_={"MYHEADER": 12, "HEADER2": "fail"}, error_description="Server is down")

    response = answer(app, view)
    assert (response.status_code, response.json) == (401, {"status": 401, "error_description": "Server is down"})
    assert (response.headers["MYHEADER"], response.headers["HEADER2"]) == ("12", "fail")


def test_jsonify_http_errors():
    app = Flask(__name__)
    app.config["JSON_JSONIFY_HTTP_ERRORS"] = True
    FlaskJSON(app)
    response = answer(app, lambda: 1 // 0)
    assert response.status_code == 500
    assert response.json == {
        "description": InternalServerError.description,
        "reason": "Internal Server Error",
        "status": 500,
    }


# In a Resource


def test_all_of_it_works_in_a_resource():
    app = Flask(__name__)
    FlaskJSON(app)
    api = Api(app)

    @api.resource("/<kind>")
    class Example(Resource):
        def get(self, kind):
            if kind == "error":
                raise JsonError(status_=402, description="Pay.")
            return json_response(202, {"X-A": "b"}, day=date(2015, 12, 7))

        @as_json
        def put(self, kind):
            return [kind], 201

        @as_json_p
        def patch(self, kind):
            return kind

        def post(self, kind):
            return request.get_json(force=True)

    client = app.test_client()
    response = client.get("/x")
    assert (response.status_code, response.headers["X-A"]) == (202, "b")
    assert response.json == {"status": 202, "day": "2015-12-07"}
    assert client.put("/x").json == ["x"]
    assert client.put("/x").status_code == 201
    assert client.patch("/x?callback=f").text == 'f("x");'
    response = client.get("/error")
    assert (response.status_code, response.json) == (402, {"status": 402, "description": "Pay."})
    response = client.post("/x", data="bla")
    assert (response.status_code, response.json) == (400, {"status": 400, "description": "Not a JSON."})


# Encoding values


@pytest.mark.parametrize(
    "items", [{1, 2, 3}, (x for x in [1, 2, 3]), iter([1, 2, 3])], ids=["set", "generator", "iterator"]
)
def test_encoding_iterables(items):
    app = Flask(__name__)
    FlaskJSON(app)
    assert answer(app, lambda: json_response(items=items)).json == {"status": 200, "items": [1, 2, 3]}


def test_encoding_time_values(app):
    def view():
        return json_response(datetime=datetime(2014, 5, 12, 17, 24, 10), date=date(2015, 12, 7), time=time(12, 34, 56))

    assert answer(app, view).json == {
        "status": 200,
        "datetime": "2014-05-12T17:24:10",
        "date": "2015-12-07",
        "time": "12:34:56",
    }


def test_encoding_translation_strings(app, tmp_path):
    catalog = Catalog(locale="de")
    catalog.add("hello", "Grüß Gott")
    messages = tmp_path / "de" / "LC_MESSAGES"
    messages.mkdir(parents=True)
    with (messages / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(tmp_path)
    flask_babel.Babel(app, locale_selector=lambda: request.args["locale"])
    text = flask_babel.lazy_gettext("hello")
    app.add_url_rule("/", view_func=lambda: json_response(item=text), endpoint="view")
    client = app.test_client()
    assert client.get("/?locale=de").json == {"status": 200, "item": "Grüß Gott"}
    assert client.get("/?locale=en").json == {"status": 200, "item": "hello"}


class WithJson:
    def __json__(self):
        return "<__json__>"


class WithForJson:
    def for_json(self):
        return "<for_json>"


@pytest.mark.parametrize(("kind", "written"), [(WithJson, "<__json__>"), (WithForJson, "<for_json>")])
def test_encoding_custom_types_by_method(app, kind, written):
    app.config["JSON_USE_ENCODE_METHODS"] = True
    assert answer(app, lambda: json_response(item=kind())).json == {"status": 200, "item": written}


@pytest.mark.parametrize("kind", [WithJson, WithForJson])
def test_encoding_custom_types_by_method_has_to_be_enabled(app, kind):
    app.testing = True
    with pytest.raises(TypeError, match="not JSON serializable"):
        answer(app, lambda: json_response(item=kind()))


def test_encoding_custom_types_by_encoder(app, json):
    class MyClass:
        def to_string(self):
            return "text"

    @json.encoder
    def encoder(o):
        if isinstance(o, MyClass):
            return o.to_string()

    assert answer(app, lambda: json_response(value=MyClass())).json == {"status": 200, "value": "text"}


def test_encoding_order(app, json):
    """The user's encoders, the last one first; then Flask-JSON's; then Flask's."""

    class Markup(WithJson):
        def __html__(self):
            return "<b>"

    asked = []

    @json.encoder
    def first(o):
        asked.append("first")

    @json.encoder
    def second(o):
        asked.append("second")
        return "own" if isinstance(o, date) else None

    app.config["JSON_USE_ENCODE_METHODS"] = True
    app.config["JSON_DATE_FORMAT"] = "%Y"
    body = answer(app, lambda: json_response(data_=[date(2015, 12, 7), Markup()])).json
    assert body == ["own", "<__json__>"]
    assert asked == ["second", "second", "first"]
    app.config["JSON_USE_ENCODE_METHODS"] = False
    assert app.test_client().get("/").json == ["own", "<b>"]


# Errors handling


def test_invalid_json_error_runs_on_invalid_json(app, json):
    class SomeError(Exception):
        pass

    @json.invalid_json_error
    def handler(e):
        raise SomeError from e

    app.register_error_handler(SomeError, lambda e: (type(e.__cause__).__name__, 400))
    app.add_url_rule("/", view_func=lambda: {"got": request.get_json()}, methods=["POST"], endpoint="view")
    assert app.test_client().post("/", data="[", content_type="application/json").text == "JSONDecodeError"


def test_error_handler_answers_json_errors(app, json):
    @json.error_handler
    def error_handler(e):
        return json_response(401, text="Something wrong.")

    def view():
        raise JsonError(description="x")

    response = answer(app, view)
    assert (response.status_code, response.json) == (401, {"status": 401, "text": "Something wrong."})


# JSONP support


def add_jsonp_support(app):
    app.config["JSON_ADD_STATUS"] = False
    app.config["JSON_JSONP_OPTIONAL"] = False

    @app.route("/show_message")
    def show_message():
        return f'<script src="{request.host_url}message/hello?callback=alert"></script>'

    @app.route("/message/<text>")
    @as_json_p
    def message(text):
        return text

    @app.route("/quote_message")
    @as_json_p
    def quote_message():
        return 'Hello, "Sam".'

    @app.route("/dict")
    @as_json_p
    def dict_view():
        return {"param": 42}

    return app.test_client()


def test_jsonp_page_refers_to_the_script(app):
    client = add_jsonp_support(app)
    url = client.get("/show_message").text.split('"')[1]
    assert url == "http://localhost/message/hello?callback=alert"
    assert client.get(url).text == 'alert("hello");'


@pytest.mark.parametrize(
    ("path", "script"),
    [
        ("/message/hello", 'alert("hello");'),
        ("/quote_message", r'alert("Hello, \"Sam\".");'),
        ("/dict", 'alert({"param":42});'),
    ],
)
def test_jsonp_responses(app, path, script):
    response = add_jsonp_support(app).get(f"{path}?callback=alert")
    assert (response.status_code, response.text) == (200, script)
    assert response.mimetype == "application/javascript"


def test_jsonp_of_a_dictionary_is_indented_as_printed_in_debug_mode(app):
    app.debug = True
    assert add_jsonp_support(app).get("/dict?callback=alert").text == 'alert({\n  "param": 42\n});'


def test_jsonp_without_callback_is_a_bad_request_where_it_is_not_optional(app):
    assert add_jsonp_support(app).get("/dict").status_code == 400


# Testing


class OurAppTestCase(unittest.TestCase):
    """The test project of the text, as users of unittest write it."""

    def setUp(self):
        self.app = app = Flask(__name__)
        app.test_value = 0
        FlaskJSON(app)

        @app.route("/increment")
        def increment():
            app.test_value += 1
            return json_response(value=app.test_value)

        app.config["TESTING"] = True
        app.response_class = JsonTestResponse
        self.client = app.test_client()

    def test_app(self):
        r = self.client.get("/increment")
        assert "value" in r.json
        assert r.json["value"] == 1


# Configuration


def test_option_json_add_status(app):
    response = answer(app, lambda: json_response(a=1))
    assert response.json == {"status": 200, "a": 1}
    app.config["JSON_ADD_STATUS"] = False
    assert app.test_client().get("/").json == {"a": 1}


def test_option_json_status_field_name(app):
    app.config["JSON_STATUS_FIELD_NAME"] = "http_status"
    assert answer(app, lambda: json_response(a=1)).json == {"http_status": 200, "a": 1}
    app.config["JSON_ADD_STATUS"] = False
    assert app.test_client().get("/").json == {"a": 1}


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ("Send JSON.", {"status": 400, "description": "Send JSON."}),
        (None, {"status": 400}),
        ("", {"status": 400}),
    ],
)
def test_option_json_decode_error_message(app, message, body):
    app.config["JSON_DECODE_ERROR_MESSAGE"] = message
    app.add_url_rule("/", view_func=lambda: {"got": request.get_json()}, methods=["POST"], endpoint="view")
    response = app.test_client().post("/", data="bla", content_type="application/json")
    assert (response.status_code, response.json) == (400, body)


@pytest.mark.parametrize(
    ("time_format", "written"),
    [
        (None, "2014-05-12T17:24:10"),
        ("iso", "2014-05-12T17:24:10"),
        ("%Y/%m/%d %H-%M-%S", "2014/05/12 17-24-10"),
        ("rfc822", "Mon, 12 May 2014 17:24:10 GMT"),
    ],
)
def test_option_json_datetime_format(app, time_format, written):
    app.config["JSON_DATETIME_FORMAT"] = time_format
    assert answer(app, lambda: json_response(data_=[datetime(2014, 5, 12, 17, 24, 10)])).json == [written]


def test_option_json_datetime_format_default_with_microseconds(app):
    value = datetime(2014, 5, 12, 17, 24, 10, 123)
    assert answer(app, lambda: json_response(data_=[value])).json == ["2014-05-12T17:24:10.000123"]


@pytest.mark.parametrize(
    ("date_format", "written"),
    [
        (None, "2015-12-07"),
        ("iso", "2015-12-07"),
        ("%Y.%m.%d", "2015.12.07"),
        ("rfc822", "Mon, 07 Dec 2015 00:00:00 GMT"),
    ],
)
def test_option_json_date_format(app, date_format, written):
    app.config["JSON_DATE_FORMAT"] = date_format
    assert answer(app, lambda: json_response(data_=[date(2015, 12, 7)])).json == [written]


@pytest.mark.parametrize(
    ("time_format", "written"), [(None, "12:34:56"), ("iso", "12:34:56"), ("%M:%S:%H", "34:56:12")]
)
def test_option_json_time_format(app, time_format, written):
    app.config["JSON_TIME_FORMAT"] = time_format
    assert answer(app, lambda: json_response(data_=[time(12, 34, 56)])).json == [written]


def test_option_json_use_encode_methods(app):
    class Both(WithJson, WithForJson):
        pass

    app.config["JSON_USE_ENCODE_METHODS"] = True
    assert answer(app, lambda: json_response(data_=[Both()])).json == ["<__json__>"]


@pytest.mark.parametrize(("quotes", "script"), [(True, 'f("str");'), (False, "f(str);")])
def test_option_json_jsonp_string_quotes(app, quotes, script):
    app.config["JSON_JSONP_STRING_QUOTES"] = quotes
    assert answer(app, as_json_p(lambda: "str"), "/?callback=f").text == script


def test_option_json_jsonp_optional(app):
    assert answer(app, as_json_p(lambda: {"a": 1})).json == {"status": 200, "a": 1}
    app.config["JSON_JSONP_OPTIONAL"] = False
    assert app.test_client().get("/").status_code == 400


def test_option_json_jsonp_query_callbacks(app):
    response = answer(app, as_json_p(lambda: "x"), "/?jsonp=f")
    assert response.text == 'f("x");'
    app.config["JSON_JSONP_QUERY_CALLBACKS"] = ["cb"]
    client = app.test_client()
    assert client.get("/?cb=f").text == 'f("x");'
    assert client.get("/?jsonp=f").json == "x"


def test_option_json_jsonify_http_errors():
    app = Flask(__name__)
    FlaskJSON(app)
    assert app.test_client().get("/unknown").mimetype == "text/html"

    app = Flask(__name__)
    app.config["JSON_JSONIFY_HTTP_ERRORS"] = True
    FlaskJSON(app)
    response = app.test_client().get("/unknown")
    assert response.mimetype == "application/json"
    assert response.json.keys() == {"description", "reason", "status"}


# API: FlaskJSON


def test_encoder_that_returns_none_leaves_it_to_the_default_encoders(app, json):
    @json.encoder
    def custom_encoder(o):
        return None

    body = answer(app, lambda: json_response(data_=[{7}, date(2015, 12, 7)])).json
    assert body == [[7], "2015-12-07"]


def test_error_handler_that_returns_none_leaves_it_to_the_default(app, json):
    seen = []

    @json.error_handler
    def custom_error_handler(e):
        seen.append(e)

    def view():
        raise JsonError(description="x")

    response = answer(app, view)
    assert (response.status_code, response.json) == (400, {"status": 400, "description": "x"})
    assert isinstance(seen[0], JsonError)


def test_error_handler_that_gives_the_status_field(app, json):
    @json.error_handler
    def custom_error_handler(e):
        return json_response(status=401)

    def view():
        raise JsonError(description="x")

    assert answer(app, view).json == {"status": 401}


@pytest.mark.parametrize(
    ("returned", "body"), [(None, {"status": 400, "description": "Not a JSON."}), ("own", {"got": "own"})]
)
def test_invalid_json_error_may_return_the_value_of_get_json(app, json, returned, body):
    json.invalid_json_error(lambda e: returned)
    app.add_url_rule("/", view_func=lambda: {"got": request.get_json()}, methods=["POST"], endpoint="view")
    assert app.test_client().post("/", data="bla", content_type="application/json").json == body


# API: json_response


@pytest.mark.parametrize(
    ("add_status", "field", "args", "kwargs", "body", "http_status"),
    [
        (True, "status", (), {"test": 12}, {"status": 200, "test": 12}, 200),
        (True, "status", (400,), {"test": 12}, {"status": 400, "test": 12}, 400),
        (True, "status", (), {"status_": 401, "test": 12}, {"status": 401, "test": 12}, 401),
        (False, "status", (), {"test": 12}, {"test": 12}, 200),
        (True, "http_status", (), {"test": 12}, {"http_status": 200, "test": 12}, 200),
        (True, "status", (), {"status_": 400, "status": 100500, "test": 12}, {"status": 100500, "test": 12}, 400),
        (True, "status", (), {"status": 100500, "test": 12}, {"status": 100500, "test": 12}, 200),
        (True, "http_status", (), {"http_status": 100500, "test": 12}, {"http_status": 100500, "test": 12}, 200),
        (False, "status", (), {"add_status_": True, "test": 12}, {"status": 200, "test": 12}, 200),
        (True, "status", (), {"add_status_": False, "test": 12}, {"test": 12}, 200),
        (True, "status", (), {"add_status_": True, "data_": [12]}, [12], 200),
    ],
)
def test_json_response(app, add_status, field, args, kwargs, body, http_status):
    app.config["JSON_ADD_STATUS"] = add_status
    app.config["JSON_STATUS_FIELD_NAME"] = field
    response = answer(app, lambda: json_response(*args, **kwargs))
    assert (response.json, response.status_code) == (body, http_status)


@pytest.mark.parametrize(
    "headers",
    [{"MY-HEADER": "value", "X-EXTRA": 123}, (("MY-HEADER", "value"), ("X-EXTRA", 123))],
    ids=["dict", "tuple"],
)
def test_json_response_headers(app, headers):
    response = answer(app, lambda: json_response(headers_=headers, test=12))
    assert (response.headers["MY-HEADER"], response.headers["X-EXTRA"]) == ("value", "123")
    assert response.content_type == "application/json"


def test_json_response_takes_data_or_keywords(app):
    with app.app_context():
        with pytest.raises(AssertionError):
            json_response(data_=[1], a=1)
        # What release 0.4.0 allows beyond the text.
        assert json_response(data_={"a": 1}, b=2).json == {"status": 200, "a": 1, "b": 2}


def test_json_response_is_a_flask_response(app):
    with app.app_context():
        assert isinstance(json_response(), Response)


# API: as_json and as_json_p


def test_as_json_uses_a_response_as_it_is_but_only_json(app):
    response = Response("{}", mimetype="application/json")
    with app.app_context():
        assert as_json(lambda: response)() is response
        with pytest.raises(AssertionError):
            as_json(Response)()


def test_as_json_refuses_other_return_values(app):
    with app.app_context(), pytest.raises(TypeError, match="is not JSON serializable"):  # its release, not its text
        as_json(object)()


def test_as_json_p_without_parameters(app):
    assert answer(app, as_json_p(lambda: {"a": 1}), "/?callback=f").text == 'f({"a":1});'


def test_as_json_p_with_parameters(app):
    view = as_json_p(callbacks=["boo"], optional=False, add_quotes=False)(lambda: "str")
    assert answer(app, view, "/?boo=f").text == "f(str);"
    assert app.test_client().get("/?callback=f").status_code == 400


def test_as_json_p_parameters_come_before_the_options(app):
    app.config["JSON_JSONP_OPTIONAL"] = False
    app.config["JSON_JSONP_STRING_QUOTES"] = False
    view = as_json_p(optional=True, add_quotes=True)(lambda: "str")
    assert answer(app, view).json == "str"
    assert app.test_client().get("/?callback=f").text == 'f("str");'


@pytest.mark.parametrize(
    "make", [lambda: ({"a": 1}, 400, {"X-A": "b"}), lambda: json_response(400, add_status_=False, a=1)]
)
def test_as_json_p_discards_status_and_headers(app, make):
    response = answer(app, as_json_p(make), "/?callback=f")
    assert (response.status_code, response.text) == (200, 'f({"a":1});')
    assert "X-A" not in response.headers


def test_as_json_p_refuses_other_return_values(app):
    app.testing = True
    with pytest.raises(TypeError, match="is not JSON serializable"):
        answer(app, as_json_p(object), "/?callback=f")


# API: JsonError and JsonTestResponse


def test_json_error_usage(app):
    def view():
        raise JsonError(status_=401, one="text", two=12)

    response = answer(app, view)
    assert (response.status_code, response.json) == (401, {"status": 401, "one": "text", "two": 12})


def test_json_test_response_is_set_where_testing_is_on():
    app = Flask(__name__)
    app.config["TESTING"] = True
    FlaskJSON(app)
    assert app.response_class is JsonTestResponse
    assert answer(app, lambda: json_response(param="12")).json["param"] == "12"


def test_json_test_response_may_be_set_later(app):
    app.config["TESTING"] = True
    app.response_class = JsonTestResponse
    assert answer(app, lambda: json_response(param="12")).json["param"] == "12"


# Low-level API


def test_json_request_asks_on_json_loading_failed(app):
    class OwnRequest(JsonRequest):
        def on_json_loading_failed(self, e):
            return {"default": True}

    app.request_class = OwnRequest
    app.add_url_rule("/", view_func=lambda: request.get_json(), methods=["POST"], endpoint="view")
    assert app.test_client().post("/", data="bla", content_type="application/json").json == {"default": True}


def test_json_encoder_ex_extends_the_types_of_the_standard_library(app):
    class Encoder(JSONEncoderEx):
        def default(self, o):
            return "own" if isinstance(o, complex) else super().default(o)

    with app.app_context():
        assert (
            standard_json.dumps([{7}, date(2015, 12, 7), 1j], cls=Encoder, indent=None) == '[[7], "2015-12-07", "own"]'
        )
