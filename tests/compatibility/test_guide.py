"""The tables of the migration guide: each row is sent to Flask-RESTful and to its door, and comes out as it says."""

import asyncio
import re
import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path

import flask_jwt_extended
import flask_restful.inputs
import flask_restful.reqparse
import marshmallow
import pydantic
import pytest
import sqlalchemy
from flask import Flask, Response, jsonify, redirect
from werkzeug.exceptions import HTTPException

import restwell.flask_restful.fields
import restwell.flask_restful.inputs
import restwell.flask_restful.reqparse

GUIDE = Path(__file__).parents[2] / "docs" / "migrating-from-flask-restful.md"


class OutOfStock(Exception):  # noqa: N818 - as in the guide
    pass


class Careless(HTTPException):
    code = 400

    def __init__(self, message):
        self.message = message


def answering(method, **keywords):
    """A site whose resource answers GET by a function of the framework."""

    def build(framework, app):
        class Answering(framework.Resource):
            def get(self):
                return method(framework)

        framework.Api(app, **keywords).add_resource(Answering, "/")
        return {}

    return build


def raising(make, prepare=lambda app: None, **keywords):
    def build(framework, app):
        prepare(app)

        def fail(framework):
            raise make()

        return answering(fail, **keywords)(framework, app)

    return build


def parsing(request, **argument):
    """A site whose resource parses one argument, and the request for it."""

    def build(framework, app):
        parser = framework.reqparse.RequestParser().add_argument("v", **argument)

        class Parsing(framework.Resource):
            def get(self):
                return parser.parse_args()

            post = get

        framework.Api(app).add_resource(Parsing, "/")
        return request

    return build


def as_json(document):
    return {"method": "POST", "data": document, "content_type": "application/json"}


def asynchronous(framework, app):
    class Awaited(framework.Resource):
        async def get(self):
            await asyncio.sleep(0)
            return {}

    framework.Api(app).add_resource(Awaited, "/")
    return {}


def database(use):
    def fail(framework):
        engine = sqlalchemy.create_engine("sqlite://")
        with engine.begin() as connection:
            use(connection)

    return answering(fail)


def twice(connection):
    connection.exec_driver_sql("CREATE TABLE t (a INTEGER PRIMARY KEY)")
    connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    connection.exec_driver_sql("INSERT INTO t VALUES (1)")


def locked(connection):
    raise sqlalchemy.exc.OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))


def validated_by_pydantic(framework):
    class Item(pydantic.BaseModel):
        name: str

    Item()


def json_error():
    return restwell.JsonError(description="wrong")


def handler_for(kind):
    return lambda app: app.register_error_handler(kind, lambda error: ({"handled": True}, 409))


def jwt(app):
    app.config["JWT_SECRET_KEY"] = "a secret of at least thirty-two bytes"
    flask_jwt_extended.JWTManager(app)


def testing(app):
    app.testing = True


def errorhandler_of_the_api(framework, app):
    class Failing(framework.Resource):
        def get(self):
            raise OutOfStock

    api = framework.Api(app)
    api.add_resource(Failing, "/")
    if hasattr(api, "errorhandler"):
        api.errorhandler(OutOfStock)(lambda error: ({}, 410))
    return {}


def marshalled_redirect(framework, app):
    class Elsewhere(framework.Resource):
        @framework.marshal_with({"a": framework.fields.Raw})
        def get(self):
            return redirect("/b", 302)

    framework.Api(app).add_resource(Elsewhere, "/")
    return {}


def pattern(framework, app):
    return parsing({"query_string": "v=abc%0A"}, type=framework.inputs.regex("^[a-z]+$"), location="args")(
        framework, app
    )


INPUTS = {
    "a query for a parser with the default locations": parsing({"query_string": "v=1"}),
    "a form for a parser with the default locations": parsing({"method": "POST", "data": {"v": "1"}}),
    "no body for a required argument": parsing({"method": "POST"}, required=True),
    'no body for `location="json"`': parsing({"method": "POST"}, location="json"),
    "a JSON body that is a list": parsing(as_json("[1]")),
    "a JSON body that is a text": parsing(as_json('"text"')),
    "a JSON body that is nested 100,000 levels deep": parsing(as_json("[" * 100_000)),
    "`help` with braces that are none of `{error_msg}`": parsing(
        {"query_string": "v=x"}, location="args", type=int, help="as in {'major': 0}"
    ),
    '`return {"price": Decimal("9.90")}`': answering(lambda framework: {"price": Decimal("9.90")}),
    '`return {"on": date(2024, 2, 29)}`': answering(lambda framework: {"on": date(2024, 2, 29)}),
    '`return {"tags": {"new"}}`': answering(lambda framework: {"tags": {"new"}}),
    "`return jsonify(...), 201`": answering(lambda framework: (jsonify(a=1), 201)),
    "`return Response(...), 202, headers`": answering(lambda framework: (Response("a"), 202, {"X-A": "1"})),
    "an `async` method": asynchronous,
    "a unique key that is violated": database(twice),
    "a database that is locked": database(locked),
    "a validation error of marshmallow": raising(lambda: marshmallow.ValidationError({"name": ["wrong"]})),
    "a validation error of pydantic": answering(validated_by_pydantic),
    "`JsonError` of Flask-JSON": raising(json_error),
    "an exception with a handler of the application, in production": raising(OutOfStock, handler_for(OutOfStock)),
    "an exception, where the application has a handler for `Exception` or 500": raising(
        OutOfStock, handler_for(Exception)
    ),
    "an exception of Flask-JWT-Extended, in production": raising(
        lambda: flask_jwt_extended.exceptions.NoAuthorizationError("no token"), jwt
    ),
    "a subclass of `HTTPException` that does not call its constructor": raising(lambda: Careless("wrong")),
    '`default_mediatype="text/plain"`': answering(lambda framework: "text", default_mediatype="text/plain"),
    "`errors={...}` for an exception, in tests": raising(
        OutOfStock, testing, errors={"OutOfStock": {"message": "sold out", "status": 410}}
    ),
    "`@api.errorhandler`, which Flask-RESTful does not have": errorhandler_of_the_api,
    "`@marshal_with(...)` over a method that returns `redirect(...)`": marshalled_redirect,
    '`return "", 204`': answering(lambda framework: ("", 204)),
    '`inputs.regex("^[a-z]+$")` with a line break at the end': pattern,
    '`abort(400, message=ValueError("v"))`, and webargs\' messages': answering(
        lambda framework: framework.abort(400, message=ValueError("v"))
    ),
}


def rows():
    section = re.search(r"^## What answers differently\n(.*?)^## ", GUIDE.read_text(), re.DOTALL | re.MULTILINE)[1]
    cells = [
        tuple(cell.strip() for cell in line.strip("|").split("|")) for line in re.findall(r"^\|.*\|$", section, re.M)
    ]
    return [row for row in cells if row[0] not in ("input", "---")]


def outcome(framework, build):
    """What a row says of an answer, as far as the row goes into it: the status, and of what type the body is."""
    app = Flask("site")
    request = build(framework, app)
    try:
        response = app.test_client().open("/", **request)
    except OutOfStock:
        return {"raises"}
    status = str(response.status_code)
    has_type = "with" if response.content_type else "without"
    kind = "JSON" if response.mimetype == "application/json" else "HTML"
    return {status, f"{status} {has_type} a Content-Type", f"{status} as {kind}"}


def test_every_row_has_an_input_and_every_input_a_row():
    assert sorted(row[0] for row in rows()) == sorted(INPUTS)


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")  # by Flask-RESTful
@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_both_answer_as_the_guide_says(row):
    said, by_flask_restful, by_the_door = row
    assert by_flask_restful in outcome(flask_restful, INPUTS[said])
    assert by_the_door in outcome(restwell.flask_restful, INPUTS[said])
