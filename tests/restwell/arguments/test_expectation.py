"""What a method says of the request that it takes, and what it gets of it."""

import pytest
from flask import Flask

from restwell import Api, Resource, expects, inputs, reqparse


def parser_of(*arguments, **options):
    parser = reqparse.RequestParser(**options)
    for name, keywords in arguments:
        parser.add_argument(name, **keywords)
    return parser


def message(response, status=400):
    assert response.status_code == status, response.text
    return response.json["message"]


def test_expects_hands_over_the_arguments_beside_the_variables_of_the_url():
    class Thing(Resource):
        @expects(parser_of(("n", {"type": int})))
        def put(self, thing_id, args):
            return {"id": thing_id, "n": args.n}

        @expects(parser_of(("n", {"type": int})))
        async def post(self, args, thing_id):
            return {"id": thing_id, "n": args["n"]}

    app = Flask(__name__)
    Api(app).add_resource(Thing, "/<int:thing_id>")
    assert app.test_client().put("/7", json={"n": 1}).json == {"id": 7, "n": 1}
    assert app.test_client().post("/7", json={"n": 1}).json == {"id": 7, "n": 1}


def test_expects_takes_a_marshmallow_schema():
    import marshmallow

    class Person(marshmallow.Schema):
        name = marshmallow.fields.String(required=True)

    assert_expects(Person, lambda args: args["name"])
    assert_expects(Person(), lambda args: args["name"])


def test_expects_takes_a_pydantic_model():
    import pydantic

    class Person(pydantic.BaseModel):
        name: str

    assert_expects(Person, lambda args: args.name)


def assert_expects(schema, name_of):
    class People(Resource):
        @expects(schema)
        def post(self, args):
            return {"hello": name_of(args)}

    app = Flask(__name__)
    Api(app).add_resource(People, "/")
    client = app.test_client()
    assert client.post("/", json={"name": "Ada"}).json == {"hello": "Ada"}
    assert client.post("/", data={"name": "Ada"}).json == {"hello": "Ada"}
    assert set(message(client.post("/", json={}), 422)) == {"name"}
    assert set(message(client.post("/"), 422)) == {"name"}
    assert client.post("/", data="x", content_type="text/plain").status_code == 415


def test_expects_refuses_anything_else():
    with pytest.raises(TypeError, match="RequestParser"):
        expects(dict)


class Numbers(Resource):
    parser = reqparse.RequestParser().add_argument("number", type=inputs.integer(0, 9), required=True)

    @expects(parser, many=3)
    def post(self, args):
        return args


@pytest.fixture
def numbers():
    app = Flask(__name__)
    Api(app).add_resource(Numbers, "/")
    return app.test_client()


def test_parser_takes_one_object_or_a_list_of_them(numbers):
    assert numbers.post("/", json={"number": 1}).json == {"number": 1}
    assert numbers.post("/", data={"number": "1"}).json == {"number": 1}
    assert numbers.post("/", json=[{"number": 1}]).json == [{"number": 1}]
    assert numbers.post("/", json=[{"number": 1}, {"number": 2, "other": 3}]).json == [{"number": 1}, {"number": 2}]


def test_failures_in_a_list_are_keyed_by_index_all_at_once(numbers):
    response = numbers.post("/", json=[{"number": 10}, {"number": 1}, {}])
    assert set(message(response, 400)) == {"[0].number", "[2].number"}
    assert message(numbers.post("/", json=[{"number": 1}, 7]), 400) == {"[1]": "must be a JSON object"}


def test_list_that_is_empty_or_too_long_is_refused(numbers):
    assert "at least 1" in message(numbers.post("/", json=[]), 400)
    assert "at most 3" in message(numbers.post("/", json=[{"number": 1}] * 4), 400)


def test_list_needs_a_request_parser():
    with pytest.raises(TypeError, match="RequestParser"):
        expects(dict, many=3)
