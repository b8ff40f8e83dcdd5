"""What counts as a row, as several of them, and as a set of fields."""

from collections import deque, namedtuple
from datetime import date, datetime, time, timezone

import pytest
from flask import Blueprint, Flask
from sqlalchemy import create_engine, text

from restwell import Api, Resource, fields, marshal, marshal_with, marshal_with_field
from restwell.description.openapi import document

NAME = {"name": fields.String}
Row = namedtuple("Row", "name count")
Triple = namedtuple("Triple", "name count extra")


def answer_to(method, make_api=Api, url="/", **options):
    class Rows(Resource):
        def get(self, **values):
            return method()

    app = Flask(__name__)
    make_api(app, **options).add_resource(Rows, url)
    return app.test_client().get("/")


# -- named tuples


@pytest.mark.parametrize("row", [Row("web", 404), Triple("web", 404, {"X-A": "1"})], ids=lambda row: type(row).__name__)
def test_a_named_tuple_is_a_row_and_its_second_column_no_status(row):
    response = answer_to(marshal_with(NAME)(lambda: row))
    assert (response.status_code, response.json) == (200, {"name": "web"})
    assert "X-A" not in response.headers
    assert answer_to(marshal_with(NAME, envelope="row")(lambda: row)).json == {"row": {"name": "web"}}
    assert answer_to(lambda: row).json == list(row)


def test_several_named_tuples_are_several_rows():
    rows = [Row("a", 1), Row("b", 2)]
    assert answer_to(marshal_with(NAME)(lambda: rows)).json == [{"name": "a"}, {"name": "b"}]
    assert answer_to(marshal_with(NAME)(lambda: (rows, 201))).status_code == 201
    nested = {"rows": fields.List(fields.Nested(NAME)), "row": fields.Nested(NAME)}
    assert marshal({"rows": rows, "row": rows[0]}, nested) == {
        "rows": [{"name": "a"}, {"name": "b"}],
        "row": {"name": "a"},
    }


def test_rows_of_sqlalchemy_are_rows():
    with create_engine("sqlite://").connect() as connection:
        rows = connection.execute(text("SELECT 'web' AS name, 404 AS count")).all()
    assert answer_to(marshal_with(NAME)(lambda: rows)).json == [{"name": "web"}]
    response = answer_to(marshal_with(NAME)(lambda: rows[0]))
    assert (response.status_code, response.json) == (200, {"name": "web"})


def test_a_named_tuple_is_a_tuple_for_flask_restful(flask_restfuls_api):
    assert answer_to(marshal_with(NAME)(lambda: Row("web", 404)), flask_restfuls_api).status_code == 404
    assert answer_to(marshal_with(NAME)(lambda: [Row("web", 404)]), flask_restfuls_api).json == [[{"name": None}] * 2]


# -- several rows

SEVERAL = {
    "values": lambda: {1: {"name": "a"}, 2: {"name": "b"}}.values(),
    "generator": lambda: ({"name": name} for name in "ab"),
    "map": lambda: map(dict, [[("name", "a")], [("name", "b")]]),
    "deque": lambda: deque([{"name": "a"}, {"name": "b"}]),
    "dict iterator": lambda: iter([{"name": "a"}, {"name": "b"}]),
}


@pytest.mark.parametrize("several", SEVERAL)
def test_whatever_holds_several_rows_is_a_list_of_them(several):
    rows = [{"name": "a"}, {"name": "b"}]
    assert answer_to(marshal_with(NAME)(SEVERAL[several])).json == rows
    assert answer_to(marshal_with(NAME)(lambda: (SEVERAL[several](), 201))).status_code == 201
    assert marshal(SEVERAL[several](), NAME) == rows
    assert marshal({"rows": SEVERAL[several]()}, {"rows": fields.Nested(NAME)}) == {"rows": rows}


def test_a_set_is_several_rows_and_what_can_be_asked_by_key_is_one():
    class Thing:
        name = "a"

    class Record:
        def __init__(self):
            self.name = "b"

        def __iter__(self):
            return iter(["name"])

        def __getitem__(self, key):
            raise KeyError(key)

    assert marshal({Thing()}, NAME) == [{"name": "a"}]
    assert marshal(frozenset(), NAME) == []
    assert marshal(Record(), NAME) == {"name": "b"}


def test_flask_restful_takes_them_for_one(flask_restfuls_api):
    answer = answer_to(marshal_with(NAME)(SEVERAL["values"]), flask_restfuls_api)
    assert (answer.status_code, answer.json) == (200, {"name": None})


# -- what fields are


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ({fields.List(fields.String)}, "fields must be a dict of fields or a field"),
        ([fields.String], "fields must be"),
        ("name", "fields must be"),
        (None, "fields must be"),
        (str, "fields must be"),
        ({"a": str}, r"fields\['a'\] must be"),
        ({"a": {"b": "c"}}, r"fields\['a'\]\['b'\] must be"),
        ({"a": fields.Nested({"b": int})}, r"fields\['a'\]\['b'\] must be"),
        ({"a": fields.List(fields.Nested({"b": None}))}, r"fields\['a'\]\['b'\] must be"),
    ],
)
def test_fields_that_are_none_are_refused_where_they_are_written(written, where):
    with pytest.raises(TypeError, match=where):
        marshal_with(written)
    with pytest.raises(TypeError, match=where):
        marshal({}, written)


def test_a_field_alone_is_refused_unless_it_is_one():
    for written in (NAME, {fields.String}, str):
        with pytest.raises(TypeError, match="marshal_with_field takes a field"):
            marshal_with_field(written)


@pytest.mark.parametrize("field", [fields.Raw, fields.Raw(), fields.Integer, fields.List(fields.Integer)])
def test_a_field_alone_may_be_its_class(any_api, field):
    data = [100] if isinstance(field, fields.List) else 100
    assert answer_to(marshal_with(field)(lambda: data), any_api).json == data
    assert answer_to(marshal_with(field, envelope="n")(lambda: data), any_api).json == {"n": data}


def test_a_field_alone_is_described():
    class Numbers(Resource):
        @marshal_with(fields.List(fields.Integer))
        def get(self):
            return [1]

    app = Flask(__name__)
    Api(app).add_resource(Numbers, "/")
    operation = document(app)["paths"]["/"]["get"]
    assert operation["responses"]["200"]["content"]["application/json"]["schema"]["type"] == "array"


def test_fields_may_contain_themselves_and_have_an_output_of_their_own():
    class Shout:
        def output(self, key, row):
            return row[key].upper()

    tree = {"name": Shout()}
    tree["children"] = fields.List(fields.Nested(tree))
    row = {"name": "a", "children": [{"name": "b", "children": []}]}
    assert answer_to(marshal_with(tree)(lambda: row)).json == {
        "name": "A",
        "children": [{"name": "B", "children": []}],
    }


# -- texts made of a row


class Indexable:
    def __init__(self):
        self.id = 7

    @property
    def slug(self):
        return "seven"

    def __getitem__(self, key):
        raise KeyError(key)


class Slots:
    __slots__ = ("id", "slug")

    def __init__(self):
        self.id, self.slug = 7, "seven"


@pytest.mark.parametrize("make_row", [Indexable, Slots])
def test_urls_and_texts_are_made_of_any_row(any_api, make_row):
    class Thing(Resource):
        @marshal_with(
            {"url": fields.Url(), "named": fields.Url("thing"), "text": fields.FormattedString("{id}-{slug}")}
        )
        def get(self, **values):
            return [make_row()][0], 200

    app = Flask(__name__)
    any_api(app).add_resource(Thing, "/things/<int:id>/<slug>")
    assert app.test_client().get("/things/1/x").json == {
        "url": "/things/7/seven",
        "named": "/things/7/seven",
        "text": "7-seven",
    }


def test_a_text_is_made_of_a_named_tuple():
    row = namedtuple("R", "id slug")(7, "seven")
    assert marshal(row, {"text": fields.FormattedString("{id}-{slug}")}) == {"text": "7-seven"}


def test_the_url_of_a_resource_of_the_same_blueprint(any_api):
    class Thing(Resource):
        @marshal_with({"url": fields.Url(".thing")})
        def get(self, **values):
            return Indexable(), 200

    app, blueprint = Flask(__name__), Blueprint("shop", __name__, url_prefix="/shop")
    any_api(blueprint).add_resource(Thing, "/<int:id>")
    app.register_blueprint(blueprint)
    assert app.test_client().get("/shop/1").json == {"url": "/shop/7"}


# -- dates


@pytest.mark.parametrize("day", [date(2024, 5, 31), date(1, 1, 1), date(9999, 12, 31)])
def test_a_date_is_its_midnight(any_api, day):
    midnight = fields.DateTime().format(datetime(day.year, day.month, day.day, tzinfo=timezone.utc))
    assert marshal({"d": day}, {"d": fields.DateTime}) == {"d": midnight}
    for decorated in (
        marshal_with({"d": fields.DateTime})(lambda: {"d": day}),
        marshal_with({"d": fields.List(fields.DateTime)})(lambda: {"d": [day]}),
        marshal_with_field(fields.DateTime)(lambda: day),
        marshal_with_field(fields.List(fields.DateTime))(lambda: [day]),
    ):
        assert midnight in answer_to(decorated, any_api).text


def test_a_date_is_written_as_one_in_iso_8601_and_a_time_has_no_day():
    assert marshal({"d": date(2024, 5, 31)}, {"d": fields.DateTime("iso8601")}) == {"d": "2024-05-31"}
    with pytest.raises(fields.MarshallingException):
        marshal({"d": time(1)}, {"d": fields.DateTime})
