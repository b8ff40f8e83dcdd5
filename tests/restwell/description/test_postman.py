"""The Postman collection: its format, and the order and the contents of its requests."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from restwell import Api, Resource, abort_if_missing, expects, fields, inputs, marshal_with, reqparse
from restwell.description.openapi import document
from restwell.description.postman import SCHEMA, collection
from restwell.registry import Security, state_of

COMMITTED = Path(__file__).parents[3] / "postman" / "restwell.postman_collection.json"

FORMAT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["info", "item"],
    "properties": {
        "info": {
            "type": "object",
            "required": ["name", "schema"],
            "properties": {
                "name": {"type": "string"},
                "description": {"type": "string"},
                "version": {"type": "string"},
                "schema": {"const": SCHEMA},
            },
            "additionalProperties": False,
        },
        "item": {"type": "array", "items": {"$ref": "#/$defs/folder"}},
        "variable": {"type": "array", "items": {"$ref": "#/$defs/variable"}},
        "auth": {
            "type": "object",
            "required": ["type", "bearer"],
            "properties": {
                "type": {"const": "bearer"},
                "bearer": {"type": "array", "items": {"type": "object", "required": ["key", "value", "type"]}},
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
    "$defs": {
        "folder": {
            "type": "object",
            "required": ["name", "item"],
            "properties": {
                "name": {"type": "string", "minLength": 1},
                "description": {"type": "string"},
                "item": {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/item"}, {"$ref": "#/$defs/folder"}]}},
            },
            "additionalProperties": False,
        },
        "item": {
            "type": "object",
            "required": ["name", "request", "response", "event"],
            "properties": {
                "name": {"type": "string", "minLength": 1},
                "event": {"type": "array", "items": {"$ref": "#/$defs/event"}},
                "request": {"$ref": "#/$defs/request"},
                "response": {"const": []},
            },
            "additionalProperties": False,
        },
        "event": {
            "type": "object",
            "required": ["listen", "script"],
            "properties": {
                "listen": {"const": "test"},
                "script": {
                    "type": "object",
                    "properties": {
                        "type": {"const": "text/javascript"},
                        "exec": {"type": "array", "items": {"type": "string"}},
                    },
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
        "request": {
            "type": "object",
            "required": ["method", "url"],
            "properties": {
                "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
                "description": {"type": "string"},
                "header": {"type": "array", "items": {"$ref": "#/$defs/parameter"}},
                "url": {
                    "type": "object",
                    "required": ["raw", "host", "path"],
                    "properties": {
                        "raw": {"type": "string"},
                        "host": {"type": "array", "items": {"type": "string"}},
                        "path": {"type": "array", "items": {"type": "string"}},
                        "query": {"type": "array", "items": {"$ref": "#/$defs/parameter"}},
                    },
                    "additionalProperties": False,
                },
                "body": {
                    "type": "object",
                    "required": ["mode"],
                    "properties": {
                        "mode": {"enum": ["raw", "urlencoded", "formdata"]},
                        "raw": {"type": "string"},
                        "options": {"const": {"raw": {"language": "json"}}},
                        "urlencoded": {"type": "array", "items": {"$ref": "#/$defs/field"}},
                        "formdata": {"type": "array", "items": {"$ref": "#/$defs/field"}},
                    },
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
        "parameter": {
            "type": "object",
            "required": ["key", "value"],
            "properties": {
                "key": {"type": "string"},
                "value": {"type": "string"},
                "description": {"type": "string"},
                "disabled": {"type": "boolean"},
            },
            "additionalProperties": False,
        },
        "field": {
            "type": "object",
            "required": ["key", "type"],
            "oneOf": [
                {"properties": {"type": {"const": "text"}, "value": {"type": "string"}}, "required": ["value"]},
                {"properties": {"type": {"const": "file"}, "src": {"type": "array"}}, "required": ["src"]},
            ],
        },
        "variable": {
            "type": "object",
            "required": ["key", "value", "type"],
            "properties": {"key": {"type": "string"}, "value": {"type": "string"}, "type": {"const": "string"}},
            "additionalProperties": False,
        },
    },
}
"""The rules of the published schema of format 2.1 for the parts that are written."""


class Resources:
    """A collection of some resources.

    :param resources: pairs of a class and a URL.
    """

    def __init__(self, *resources, security=None):
        app = Flask("library")
        if security:
            state_of(app).security = Security(security, lambda endpoint, method: True)
        api = Api(app)
        for resource, url in resources:
            api.add_resource(resource, url)
        self.collection = collection(document(app))
        jsonschema.validate(self.collection, FORMAT)
        self.variables = {variable["key"]: variable["value"] for variable in self.collection["variable"]}

    def names(self, items=None):
        """The names of folders and requests."""
        items = self.collection["item"] if items is None else items
        return [[item["name"], *self.names(item["item"])] if "item" in item else item["name"] for item in items]

    def requests(self, items=None):
        """All requests in their order."""
        for item in self.collection["item"] if items is None else items:
            if "item" in item:
                yield from self.requests(item["item"])
            else:
                yield item

    def body(self, number=0):
        return list(self.requests())[number]["request"].get("body")


def script(item):
    return "\n".join(item["event"][0]["script"]["exec"])


book_parser = reqparse.RequestParser()
book_parser.add_argument("title", type=inputs.string(1, 100), required=True, nullable=False)
book_parser.add_argument("pages", type=inputs.integer(1), nullable=False)
book_fields = {"id": fields.Integer, "title": fields.String}


class BookList(Resource):
    """The books."""

    @marshal_with(book_fields)
    def get(self) -> list:
        """List the books."""
        return []

    @expects(book_parser)
    @marshal_with(book_fields)
    def post(self, args) -> tuple[dict, int, dict]:
        """Add a book."""
        return {}, 201, {"Location": "/books/1"}


class Book(Resource):
    """One book."""

    @marshal_with(book_fields)
    def get(self, book_id) -> dict:
        """Read a book."""
        return abort_if_missing({}, "")

    @expects(book_parser)
    def put(self, book_id, args):
        """Replace a book."""
        return {}

    def delete(self, book_id):
        """Remove a book."""
        return "", 204


class PageList(Resource):
    """The pages of a book."""

    def get(self, book_id):
        """List the pages."""
        return []


def posting(**arguments):
    parser = reqparse.RequestParser()
    for name, keywords in arguments.items():
        parser.add_argument(name, **keywords)

    class Thing(Resource):
        @expects(parser)
        def post(self, args):
            return {}

    return Resources((Thing, "/"))


def test_committed_collection_is_that_of_the_sample_api(app):
    written = json.loads(COMMITTED.read_text())
    jsonschema.validate(written, FORMAT)
    assert written == collection(document(app)), (
        f"{COMMITTED.name} is out of date. Write it again:\n"
        f"    flask --app run postman --output postman/{COMMITTED.name}"
    )


def test_requests_are_in_an_order_in_which_they_can_run():
    library = Resources((BookList, "/books"), (Book, "/books/<int:book_id>"))
    assert library.names() == [
        ["BookList", "Add a book", "List the books", "Add a book, with bad input"],
        [
            "Book",
            "Read a book",
            "Replace a book",
            "Replace a book, with bad input",
            "Remove a book",
            "Read a book, after its deletion",
        ],
    ]


def test_what_is_part_of_a_thing_comes_before_its_deletion():
    library = Resources((BookList, "/books"), (Book, "/books/<int:book_id>"), (PageList, "/books/<int:book_id>/pages"))
    book = library.names()[1]
    assert book.index(["PageList", "List the pages"]) < book.index("Remove a book")


def test_a_resource_with_several_urls_is_asked_at_one():
    class Thing(Resource):
        def get(self):
            return {}

    app = Flask("library")
    Api(app).add_resource(Thing, "/a", "/b")
    [folder] = collection(document(app))["item"]
    assert [item["request"]["url"]["raw"] for item in folder["item"]] == ["{{baseUrl}}/a"]


def test_base_url_and_ids_are_variables():
    library = Resources((BookList, "/books"), (Book, "/books/<int:book_id>"))
    assert library.variables == {"baseUrl": "http://127.0.0.1:5000", "book_id": "1"}
    create, *_, read = library.requests()
    assert create["request"]["url"]["raw"] == "{{baseUrl}}/books"
    assert read["request"]["url"] == {
        "raw": "{{baseUrl}}/books/{{book_id}}",
        "host": ["{{baseUrl}}"],
        "path": ["books", "{{book_id}}"],
    }


def test_the_id_of_what_is_created_is_captured():
    requests = list(Resources((BookList, "/books"), (Book, "/books/<int:book_id>")).requests())
    captured = 'pm.collectionVariables.set("book_id", pm.response.headers.get("Location").split("/").pop());'
    assert [captured in script(item) for item in requests] == [True] + [False] * (len(requests) - 1)


def test_status_and_body_are_tested():
    create, _, refused, *_, delete, gone = Resources((BookList, "/books"), (Book, "/books/<int:book_id>")).requests()
    assert "oneOf([201])" in script(create)
    checked = json.loads(re.search(r"jsonSchema\((.*)\);", script(create))[1])
    assert checked == {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "title": {"type": ["string", "null"]}},
        "required": ["id", "title"],
    }
    assert "oneOf([400])" in script(refused)
    assert '"error"' in script(refused)
    assert "oneOf([204])" in script(delete)
    assert "is empty" in script(delete)
    assert "oneOf([404])" in script(gone)


def test_bodies_are_examples():
    assert json.loads(posting(title={}, pages={"type": int}).body()["raw"]) == {"title": "Example title", "pages": 1}


def test_forms_are_sent_as_forms():
    form = posting(title={"location": "form"}, pages={"location": "form", "type": int})
    assert form.body() == {
        "mode": "urlencoded",
        "urlencoded": [
            {"key": "title", "type": "text", "value": "Example title"},
            {"key": "pages", "type": "text", "value": "1"},
        ],
    }


def test_files_are_left_to_choose():
    form = posting(cover={"location": "files", "type": FileStorage})
    assert form.body() == {"mode": "formdata", "formdata": [{"key": "cover", "type": "file", "src": []}]}


def test_bad_input_lacks_what_is_required_or_has_null_where_it_may_not_be():
    required = list(posting(title={"required": True}).requests())
    assert required[1]["request"]["body"]["raw"] == "{}"
    optional = list(posting(title={"nullable": False}).requests())
    assert json.loads(optional[1]["request"]["body"]["raw"]) == {"title": None}
    assert len(list(posting(title={}).requests())) == 1


@pytest.mark.parametrize("location", ["args", "headers"])
def test_optional_parameters_are_there_but_not_sent(location):
    optional, required = (
        next(posting(page={"type": int, "location": location, "required": needed}).requests())["request"]
        for needed in (False, True)
    )
    expected = {"key": "page", "value": "1", "description": "", "disabled": True}
    place = (lambda request: request["url"]["query"]) if location == "args" else (lambda request: request["header"])
    assert place(optional) == [expected]
    assert place(required) == [{**expected, "disabled": False}]


def test_a_protected_api_is_called_with_a_token():
    library = Resources((BookList, "/books"), security={"token": {"type": "http", "scheme": "bearer"}})
    assert library.collection["auth"]["bearer"] == [{"key": "token", "value": "{{token}}", "type": "string"}]
    assert library.variables["token"] == ""
    assert "auth" not in Resources((BookList, "/books")).collection


def test_a_schema_that_contains_itself_comes_to_an_end():
    reference = {"$ref": "#/components/schemas/Tree"}
    tree = {"type": "object", "properties": {"children": {"type": "array", "items": reference}}}
    response = {"description": "OK", "content": {"application/json": {"schema": reference}}}
    operation = {"tags": ["Tree"], "operationId": "getTree", "responses": {"200": response}}
    written = collection(
        {
            "info": {"title": "Trees", "version": "1"},
            "tags": [{"name": "Tree"}],
            "paths": {"/": {"get": operation}},
            "components": {"schemas": {"Tree": tree}},
        }
    )
    assert '{"children": {"type": "array", "items": {}}}' in script(written["item"][0]["item"][0])
