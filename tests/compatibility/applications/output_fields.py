"""Output fields: what marshal, marshal_with and marshal_with_field make of objects, dicts and lists."""
# ruff: noqa: RUF012 - class attributes as Flask-RESTful's documentation writes them

from collections import OrderedDict
from datetime import datetime, timedelta, timezone
from decimal import Decimal

MOMENT = datetime(2024, 2, 29, 12, 30, 15, 123456)


class Todo:
    """An object with more attributes than its fields show."""

    def __init__(self, todo_id=7, task="Remember the milk"):
        self.todo_id = todo_id
        self.task = task
        self.status = "active"
        self._private_name = "secret name"
        self.date_updated = MOMENT
        self.people_list = [{"person": {"name": "Emile"}}, {"person": {"name": "Raoul"}}]


class Indexable:
    """A row of a database, say: by key and in order."""

    def __getitem__(self, key):
        return {"task": "indexed", "todo_id": 3}[key]

    def __iter__(self):
        return iter(("task", "todo_id"))


class Marshallable:
    task = "attribute"

    def __marshallable__(self):
        return {"task": "own dict", "todo_id": 5}


PERSON = {
    "name": "bob",
    "addr1": "123 fake street",
    "addr2": "",
    "city": "New York",
    "state": "NY",
    "zip": "10468",
    "flags": 3,
    "billing_address": {"addr1": "123 fake street", "city": "New York", "state": "NY", "zip": "10468"},
    "shipping_address": None,
    "first_names": ["Emile", "Raoul"],
    "numbers": {7},
    "friends": [{"id": 1, "name": "sue"}, {"id": "2", "name": None}, {}],
    "score": "3.25",
    "price": Decimal("9.995"),
    "big": "634271127864378216478362784632784678324.23432",
    "zero": 0,
    "active": "",
    "nothing": None,
}


def build(framework, app):
    fields, marshal, marshal_with = framework.fields, framework.marshal, framework.marshal_with
    api = framework.Api(app, prefix="/api")

    class UrgentItem(fields.Raw):
        def format(self, value):
            return "Urgent" if value & 0x01 else "Normal"

    class Constant(fields.Raw):
        def output(self, key, obj):
            return f"constant {key}"

    todo_fields = {
        "task": fields.String,
        "uri": fields.Url("todo"),
        "absolute": fields.Url("todo", absolute=True),
        "secure": fields.Url("todo", absolute=True, scheme="https"),
    }
    renamed_fields = {
        "name": fields.String(attribute="_private_name"),
        "by_callable": fields.String(attribute=lambda todo: todo.task.upper()),
        "missing": fields.String(default="Anonymous User"),
        "missing_path": fields.String(attribute="people_list.7.person.name"),
        "missing_default": fields.Integer(attribute="nowhere.at.all"),
    }
    address_fields = {
        "line 1": fields.String(attribute="addr1"),
        "line 2": fields.String(attribute="addr2"),
        "city": fields.String,
        "zip": fields.Integer,
    }
    friend_fields = {"id": fields.Integer, "name": fields.String(default="nobody")}
    person_fields = OrderedDict(
        [
            ("name", fields.String),
            ("address", {"line 1": fields.String(attribute="addr1"), "deeper": {"city": fields.String}}),
            ("billing_address", fields.Nested(address_fields)),
            ("shipping_address", fields.Nested(address_fields)),
            ("null_address", fields.Nested(address_fields, allow_null=True, attribute="shipping_address")),
            ("default_address", fields.Nested(address_fields, default={}, attribute="shipping_address")),
            ("missing_address", fields.Nested(address_fields, allow_null=True)),
            ("first_names", fields.List(fields.String)),
            ("numbers", fields.List(fields.Integer)),
            ("friends", fields.List(fields.Nested(friend_fields))),
            ("friend_list", fields.Nested(friend_fields, attribute="friends")),
            ("friend_names", fields.List(fields.String(attribute="name"), attribute="friends")),
            ("raw_friends", fields.List(fields.Raw, attribute="friends")),
            ("one_friend", fields.List(fields.Nested(friend_fields), attribute="billing_address")),
            ("no_list", fields.List(fields.String, attribute="nothing")),
            ("default_list", fields.List(fields.String, attribute="nothing", default=[])),
            ("priority", UrgentItem(attribute="flags")),
            ("constant", Constant),
            ("greeting", fields.FormattedString("Hey there {name}, {flags:03d}!")),
        ]
    )
    number_fields = {
        "integer": fields.Integer(attribute="flags"),
        "integer_default": fields.Integer(attribute="nothing"),
        "integer_own_default": fields.Integer(attribute="nothing", default=-1),
        "float": fields.Float(attribute="score"),
        "float_default": fields.Float(attribute="nothing"),
        "arbitrary": fields.Arbitrary(attribute="big"),
        "fixed": fields.Fixed(attribute="price"),
        "fixed_two": fields.Fixed(decimals=2, attribute="price"),
        "price": fields.Price(decimals=1, attribute="price"),
        "fixed_default": fields.Fixed(decimals=2, attribute="nothing", default="none"),
        "fixed_zero": fields.Fixed(decimals=2, attribute="zero"),
        "boolean": fields.Boolean(attribute="active"),
        "boolean_true": fields.Boolean(attribute="name"),
        "boolean_null": fields.Boolean(attribute="nothing"),
        "string": fields.String(attribute="price"),
        "string_list": fields.String(attribute="first_names"),
        "raw": fields.Raw(attribute="flags"),
        "raw_default": fields.Raw(attribute="nothing", default="raw"),
    }

    @api.resource("/todos/<int:todo_id>", endpoint="todo")
    class TodoResource(framework.Resource):
        @marshal_with(todo_fields, envelope="resource")
        def get(self, todo_id):
            return Todo(todo_id)

        @marshal_with(todo_fields)
        def put(self, todo_id):
            return [Todo(todo_id), {"todo_id": 2, "task": "from a dict"}, Marshallable()], 201, {"X-A": "b"}

        @marshal_with({"task": fields.String, "todo_id": fields.Integer})
        def post(self, todo_id):
            return Indexable()

        @marshal_with({"task": fields.String}, envelope="tasks")
        def patch(self, todo_id):
            return [Todo(), {}, None], 202

    @api.resource("/renamed")
    class Renamed(framework.Resource):
        def get(self):
            return marshal(Todo(), renamed_fields), 203

    @api.resource("/places-in-a-list")
    class PlacesInAList(framework.Resource):
        @marshal_with(
            {
                "path": fields.String(attribute="people_list.1.person.name"),
                "element": fields.Raw(attribute="people_list.0"),
            }
        )
        def get(self):
            return Todo()

    @api.resource("/person")
    class Person(framework.Resource):
        @marshal_with(person_fields)
        def get(self):
            return PERSON

        def post(self):
            return marshal([PERSON], {"name": fields.String, "self": fields.Url}, envelope="people")

    @api.resource("/numbers")
    class Numbers(framework.Resource):
        method_decorators = [marshal_with(number_fields)]

        def get(self):
            return PERSON

    @api.resource("/dates")
    class Dates(framework.Resource):
        @marshal_with(
            {
                "default": fields.DateTime(attribute="naive"),
                "rfc822": fields.DateTime(dt_format="rfc822", attribute="utc"),
                "rfc822_offset": fields.DateTime(attribute="offset"),
                "iso8601": fields.DateTime(dt_format="iso8601", attribute="naive"),
                "iso8601_utc": fields.DateTime(dt_format="iso8601", attribute="utc"),
                "iso8601_offset": fields.DateTime(dt_format="iso8601", attribute="offset"),
                "missing": fields.DateTime,
            }
        )
        def get(self):
            return {
                "naive": MOMENT,
                "utc": MOMENT.replace(tzinfo=timezone.utc),
                "offset": MOMENT.replace(tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
            }

    @api.resource("/single")
    class Single(framework.Resource):
        @framework.marshal_with_field(fields.List(fields.Integer))
        def get(self):
            return ["1", 2, 3.0]

        @framework.marshal_with_field(fields.String)
        def post(self):
            return 7, 201, {"X-A": "b"}

    @api.resource("/empty")
    class Empty(framework.Resource):
        @marshal_with(person_fields)
        def get(self):
            return []

        @marshal_with({})
        def post(self):
            return PERSON

        @marshal_with({"name": fields.String, "count": fields.Integer})
        def put(self):
            return None

    broken = {
        "date-format": ({"x": fields.DateTime(dt_format="sundial")}, {"x": MOMENT}),
        "date-text": ({"x": fields.DateTime}, {"x": "yesterday"}),
        "integer-text": ({"x": fields.Integer}, {"x": "seven"}),
        "float-text": ({"x": fields.Float}, {"x": "seven"}),
        "fixed-infinite": ({"x": fields.Fixed}, {"x": "Infinity"}),
        "url-without-value": ({"x": fields.Url("todo")}, {}),
        "format-without-value": ({"x": fields.FormattedString("{nowhere}")}, {}),
        "list-of-scalar": ({"x": fields.List(fields.String)}, {"x": 7}),
    }

    @api.resource("/broken/<name>")
    class Broken(framework.Resource):
        def get(self, name):
            field_set, data = broken[name]
            return marshal(data, field_set)


REQUESTS = {
    "an object in an envelope": {"path": "/api/todos/7"},
    "an object in an envelope, elsewhere": {"path": "/api/todos/7", "base_url": "https://example.com:8443/mounted/"},
    "objects of every kind": {"method": "PUT", "path": "/api/todos/7"},
    "an object with keys": {"method": "POST", "path": "/api/todos/7"},
    "a list in an envelope": {"method": "PATCH", "path": "/api/todos/7"},
    "renamed attributes": {"path": "/api/renamed"},
    "places in a list": {"path": "/api/places-in-a-list"},
    "structures in structures": {"path": "/api/person"},
    "a Url field without an endpoint": {"method": "POST", "path": "/api/person"},
    "numbers": {"path": "/api/numbers"},
    "dates": {"path": "/api/dates"},
    "a single field": {"path": "/api/single"},
    "a single field with status": {"method": "POST", "path": "/api/single"},
    "an empty list": {"path": "/api/empty"},
    "no fields": {"method": "POST", "path": "/api/empty"},
    "nothing": {"method": "PUT", "path": "/api/empty"},
} | {
    f"cannot marshal {name}": {"path": f"/api/broken/{name}"}
    for name in (
        "date-format",
        "date-text",
        "integer-text",
        "float-text",
        "fixed-infinite",
        "url-without-value",
        "format-without-value",
        "list-of-scalar",
    )
}
