"""The reference text on Flask's DefaultJSONProvider, feature by feature and example by example.

What Flask does by itself is shown on a plain application beside what the provider of Restwell does.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask, jsonify, request
from flask.json.provider import DefaultJSONProvider
from markupsafe import Markup

from restwell import Api, FlaskJSON, FlaskJSONProvider, Resource

MOMENT = datetime(2023, 10, 27, 12, 0, 0)
RFC_822 = "Fri, 27 Oct 2023 12:00:00 GMT"


@dataclass
class User:
    id: int
    name: str


def flask_alone(app):
    return app


def with_api(app):
    Api(app)
    return app


def with_flask_json(app):
    FlaskJSON(app)
    return app


everywhere = pytest.mark.parametrize("install", [flask_alone, with_api, with_flask_json])
on_restwell = pytest.mark.parametrize("install", [with_api, with_flask_json])


def answer(app, *args, **kwargs):
    with app.app_context():
        return jsonify(*args, **kwargs)


# Automatically serializing complex types


@pytest.mark.parametrize(
    ("install", "timestamp"), [(flask_alone, RFC_822), (with_api, RFC_822), (with_flask_json, "2023-10-27T12:00:00")]
)
def test_complex_types_are_serialized(install, timestamp):
    app = install(Flask(__name__))

    @app.route("/data")
    def get_data():
        return jsonify(timestamp=MOMENT, request_id=UUID(int=7), user=User(id=1, name="Flask User"))

    assert app.test_client().get("/data").json == {
        "timestamp": timestamp,
        "request_id": "00000000-0000-0000-0000-000000000007",
        "user": {"id": 1, "name": "Flask User"},
    }


@pytest.mark.parametrize("value", [MOMENT, MOMENT.date()], ids=["datetime", "date"])
def test_datetimes_and_dates_are_rfc_822_in_flask_and_iso_8601_with_flask_json(value):
    rfc_822 = RFC_822.replace("12:00", "00:00" if type(value) is date else "12:00")
    assert answer(Flask(__name__), value).json == answer(with_api(Flask(__name__)), value).json == rfc_822
    assert answer(with_flask_json(Flask(__name__)), value).json == value.isoformat()


@everywhere
@pytest.mark.parametrize(
    ("value", "written"),
    [
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (User(1, "Ann"), {"id": 1, "name": "Ann"}),
        (Decimal("19.90"), "19.90"),
        (Markup("<b>bold</b>"), "<b>bold</b>"),
    ],
    ids=["UUID", "dataclass", "Decimal", "Markup"],
)
def test_type_conversion(install, value, written):
    assert answer(install(Flask(__name__)), [value]).json == [written]


@everywhere
def test_object_with_html_method(install):
    class Badge:
        def __html__(self):
            return Markup("<i>new</i>")

    assert answer(install(Flask(__name__)), Badge()).json == "<i>new</i>"


# Configuring JSON behavior, before or after the installation


@everywhere
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("attribute", "value", "usual", "changed"),
    [
        ("sort_keys", False, b'{"a":1,"b":"\\u2713"}\n', b'{"b":"\\u2713","a":1}\n'),
        ("ensure_ascii", False, b'{"a":1,"b":"\\u2713"}\n', '{"a":1,"b":"✓"}\n'.encode()),
        ("compact", False, b'{"a":1,"b":"\\u2713"}\n', b'{\n  "a": 1,\n  "b": "\\u2713"\n}\n'),
    ],
)
def test_configuration_option(install, moment, attribute, value, usual, changed):
    data = {"b": "✓", "a": 1}
    assert answer(install(Flask(__name__)), data).data == usual
    app = Flask(__name__)
    if moment == "before":
        setattr(app.json, attribute, value)
    install(app)
    setattr(app.json, attribute, value)
    assert answer(app, data).data == changed


@everywhere
@pytest.mark.parametrize(("compact", "written"), [(None, b"[\n  1\n]\n"), (True, b"[1]\n"), (False, b"[\n  1\n]\n")])
def test_compact_in_debug_mode(install, compact, written):
    app = install(Flask(__name__))
    app.debug = True
    app.json.compact = compact
    assert answer(app, [1]).data == written


@everywhere
def test_mimetype(install):
    app = install(Flask(__name__))
    assert answer(app, [1]).mimetype == "application/json"
    app.json.mimetype = "application/vnd.example+json"
    assert answer(app, [1]).mimetype == "application/vnd.example+json"


# Customizing serialization logic


class CustomObject:
    def __init__(self, value):
        self.value = value


def custom_default(obj):
    if isinstance(obj, CustomObject):
        return {"_type": "CustomObject", "val": obj.value}
    return DefaultJSONProvider.default(obj)


@everywhere
@pytest.mark.parametrize("moment", ["before", "after"])
def test_overriding_the_default_handler(install, moment):
    app = Flask(__name__)
    if moment == "before":
        app.json.default = custom_default
    install(app)
    app.json.default = custom_default
    # The handler falls back on Flask's conversions, so the date is Flask's.
    assert answer(app, [CustomObject(7), MOMENT]).json == [{"_type": "CustomObject", "val": 7}, RFC_822]


@on_restwell
def test_overriding_the_default_handler_with_a_fall_back_on_ours(install):
    app = install(Flask(__name__))
    app.json.default = lambda obj: 7 if isinstance(obj, CustomObject) else FlaskJSONProvider.default(obj)
    assert answer(app, [CustomObject(7), MOMENT]).json == [7, "2023-10-27T12:00:00"]


class CustomProvider(DefaultJSONProvider):
    def dumps(self, obj, **kwargs):
        return super().dumps({"data": obj}, **kwargs)

    def loads(self, s, **kwargs):
        return super().loads(s, **kwargs)["data"]


@everywhere
@pytest.mark.parametrize("moment", ["before", "after"])
def test_custom_provider_subclass(install, moment):
    app = Flask(__name__)
    if moment == "before":
        app.json = CustomProvider(app)
    install(app)
    if moment == "after":
        app.json = CustomProvider(app)
    assert answer(app, [1]).data == b'{"data":[1]}\n'
    assert app.json.loads('{"data": [1]}') == [1]


def test_custom_provider_subclass_in_a_resource():
    app = Flask(__name__)
    api = Api(app)
    app.json = CustomProvider(app)

    @api.resource("/")
    class Echo(Resource):
        def post(self):
            return request.get_json()

    response = app.test_client().post("/", data='{"data": [1]}', content_type="application/json")
    assert json.loads(response.data) == {"data": [1]}


def test_custom_provider_class_of_the_application():
    class Application(Flask):
        json_provider_class = CustomProvider

    assert answer(with_api(Application(__name__)), [1]).data == b'{"data":[1]}\n'


# Troubleshooting


@everywhere
def test_mixed_arguments_in_jsonify(install):
    app = install(Flask(__name__))
    assert answer(app, [1, 2, 3]).json == [1, 2, 3]
    assert answer(app, a=1, b=2).json == {"a": 1, "b": 2}
    with pytest.raises(TypeError):
        answer(app, [1, 2], c=3)


def test_date_format_may_be_rfc_822_here_too():
    app = Flask(__name__)
    app.config["JSON_DATETIME_FORMAT"] = "rfc822"
    assert answer(with_api(app), MOMENT).json == RFC_822


@everywhere
def test_date_format_by_the_default_handler(install):
    app = install(Flask(__name__))
    app.json.default = lambda obj: obj.isoformat()
    assert answer(app, MOMENT).json == "2023-10-27T12:00:00"


@everywhere
def test_key_sorting_requires_keys_of_one_type(install):
    app = install(Flask(__name__))
    with pytest.raises(TypeError):
        answer(app, {1: "a", "b": "c"})
    app.json.sort_keys = False
    assert answer(app, {1: "a", "b": "c"}).json == {"1": "a", "b": "c"}
