"""The commands of an application with a description."""

import json

import marshmallow
from flask import Flask

from restwell import Api, OpenAPI, Resource, expects, fields, marshal_with, reqparse
from restwell.description.openapi import document
from restwell.description.postman import collection


class BookSchema(marshmallow.Schema):
    title = marshmallow.fields.String()


book_parser = reqparse.RequestParser().add_argument("title").add_argument("pages", type=int)


class BookList(Resource):
    def get(self):
        return [], len(book_parser.parse_args())

    @expects(book_parser)
    @marshal_with({"id": fields.Integer, "title": fields.String})
    def post(self, args):
        return {}, 201


class Book(Resource):
    @expects(BookSchema)
    def put(self, book_id, args):
        return {}


def run(app, *arguments):
    result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    return result.output


def library():
    app = Flask("library")
    api = Api(app, prefix="/api")
    OpenAPI(app)
    api.add_resource(BookList, "/books")
    api.add_resource(Book, "/books/<int:book_id>")
    return app


def test_openapi_prints_the_document():
    app = library()
    assert json.loads(run(app, "openapi")) == document(app)


def test_openapi_writes_the_document_to_a_file(tmp_path):
    app = library()
    file = tmp_path / "openapi.json"
    assert run(app, "openapi", "--output", str(file)) == ""
    assert json.loads(file.read_text()) == document(app)


def test_postman_writes_the_collection_to_a_file(tmp_path):
    app = library()
    file = tmp_path / "collection.json"
    assert run(app, "postman", "--output", str(file)) == ""
    assert json.loads(file.read_text()) == collection(document(app))


def test_a_file_that_cannot_be_written_is_one_line(tmp_path):
    result = library().test_cli_runner().invoke(args=["openapi", "--output", str(tmp_path / "missing" / "file")])
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "No such file or directory" in result.output


def test_resources_are_a_table():
    assert run(library(), "resources") == (
        "Resource  URL                       Method  Arguments     Fields\n"
        "--------  ------------------------  ------  ------------  ---------\n"
        "BookList  /api/books                GET     title, pages\n"
        "                                    POST    title, pages  id, title\n"
        "Book      /api/books/<int:book_id>  PUT     BookSchema\n"
    )


def test_resources_of_the_sample_api_are_all_there(app):
    table = run(app, "resources")
    assert "/api/items/<int:item_id>" in table
    assert "If-Match" in table


def test_no_resources_are_an_empty_table():
    app = Flask(__name__)
    OpenAPI(app)
    assert len(run(app, "resources").splitlines()) == 2
