"""The OpenAPI document: what resources declare, and no more."""

import uuid

import jsonschema
import marshmallow
import pydantic
import pytest
from flask import Blueprint, Flask
from flask_restful import reqparse as restful_reqparse
from openapi_spec_validator import validate
from werkzeug.datastructures import FileStorage

from restwell import (
    Api,
    APIError,
    Resource,
    abort_if_missing,
    expects,
    fields,
    inputs,
    marshal_with,
    marshal_with_field,
    reqparse,
)
from restwell.declared import Description, describe
from restwell.description.openapi import document
from restwell.registry import Security, describe_endpoints, state_of

book_fields = {"id": fields.Integer, "title": fields.String(default="")}
BOOK = {"$ref": "#/components/schemas/Book"}


def described(*resources, config=None, **options):
    """The valid document of an application with these resources, each a class or a class and its URLs."""
    app = Flask("library")
    app.config.update(config or {})
    api = Api(app, **options)
    for resource in resources:
        api.add_resource(*(resource if isinstance(resource, tuple) else (resource, "/")))
    written = document(app)
    validate(written)
    return written


def operation(*resources, **options):
    """The only operation of a document."""
    [path] = described(*resources, **options)["paths"].values()
    [only] = path.values()
    return only


def getting(**attributes):
    """A resource class with a GET that does nothing."""

    def get(self, **variables):
        return {}

    return type("Thing", (Resource,), {"get": get, **attributes})


def posting(parser, verb="post"):
    """A resource class whose one method takes what a parser says."""

    def view(self, args):
        return {}

    return type("Thing", (Resource,), {verb: expects(parser)(view)})


def parser_of(**arguments):
    parser = reqparse.RequestParser()
    for name, keywords in arguments.items():
        parser.add_argument(name, **keywords)
    return parser


# -- the whole -------------------------------------------------------------------------------------------------------


def test_document_of_the_sample_api_is_valid(app):
    validate(document(app))


def test_document_of_no_resources_is_valid():
    assert described() == {
        "openapi": "3.1.0",
        "info": {"title": "library", "version": "0"},
        "servers": [{"url": "/"}],
        "tags": [],
        "paths": {},
        "components": {},
    }


def test_document_has_every_api_of_an_application_or_one():
    app = Flask(__name__)
    first = Api(app, prefix="/first")
    first.add_resource(getting(), "/")
    blueprint = Blueprint("second", __name__, url_prefix="/second")
    Api(blueprint).add_resource(getting(), "/")
    app.register_blueprint(blueprint)
    app.add_url_rule("/plain", "plain", lambda: "")
    assert document(app)["paths"].keys() == {"/first/", "/second/"}
    assert document(app, [first])["paths"].keys() == {"/first/"}


def test_a_plain_api_has_no_url_for_its_description():
    app = Flask(__name__)
    Api(app)
    assert app.test_client().get("/openapi.json").status_code == 404


def test_texts_are_the_docstrings():
    class Book(Resource):
        """One book of the library."""

        def get(self):
            """Read a book,
            cover to cover.

            It may take *long*.

            :returns: the book.
            """
            return {}

    written = described(Book)
    assert written["tags"] == [{"name": "Book", "description": "One book of the library."}]
    read = written["paths"]["/"]["get"]
    assert (read["summary"], read["description"]) == ("Read a book, cover to cover.", "It may take *long*.")
    assert read["tags"] == ["Book"]


def test_resources_of_one_name_are_kept_apart():
    first, second = (type("Books", (Resource,), {"get": lambda self: {}}) for _ in range(2))
    app = Flask("library")
    api = Api(app)
    api.add_resource(first, "/v1/books")
    api.add_resource(second, "/v2/books", "/books", endpoint="books_2")
    written = document(app)
    assert [tag["name"] for tag in written["tags"]] == ["Books", "Books2"]
    assert {url: path["get"]["tags"] for url, path in written["paths"].items()} == {
        "/v1/books": ["Books"],
        "/v2/books": ["Books2"],
        "/books": ["Books2"],
    }


def test_operation_ids_are_unique():
    class Book(Resource):
        def get(self):
            return {}

        def put(self):
            return {}

    paths = described((Book, "/a", "/b"))["paths"]
    assert [paths[path][verb]["operationId"] for path in ("/a", "/b") for verb in ("get", "put")] == [
        "getBook",
        "putBook",
        "getBook2",
        "putBook2",
    ]


# -- URLs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "schema"),
    [
        ("<value>", {"type": "string", "minLength": 1}),
        ("<string(length=2):value>", {"type": "string", "minLength": 2, "maxLength": 2}),
        ("<string(minlength=2, maxlength=5):value>", {"type": "string", "minLength": 2, "maxLength": 5}),
        ("<path:value>", {"type": "string", "minLength": 1}),
        ("<int:value>", {"type": "integer", "minimum": 0}),
        ("<int(min=1, max=5):value>", {"type": "integer", "minimum": 1, "maximum": 5}),
        ("<int(signed=True):value>", {"type": "integer"}),
        ("<int(signed=True, max=3):value>", {"type": "integer", "maximum": 3}),
        ("<float:value>", {"type": "number", "minimum": 0}),
        ("<uuid:value>", {"type": "string", "format": "uuid"}),
        ("<any(red, green):value>", {"type": "string", "enum": ["green", "red"]}),
    ],
)
def test_variables_of_a_url_are_path_parameters(rule, schema):
    written = described((getting(), f"/things/{rule}/parts"))
    [(path, methods)] = written["paths"].items()
    assert path == "/things/{value}/parts"
    assert methods["get"]["parameters"] == [{"name": "value", "in": "path", "required": True, "schema": schema}]


@pytest.mark.parametrize(("rule", "refuses"), [("<value>", False), ("<path:value>", False), ("<int:value>", True)])
def test_a_url_that_not_every_text_fits_may_lead_nowhere(rule, refuses):
    assert ("404" in operation((getting(), f"/{rule}"))["responses"]) == refuses


# -- arguments -------------------------------------------------------------------------------------------------------


def test_arguments_stand_where_they_are_read_from():
    parser = parser_of(
        page={"type": inputs.positive, "location": "args", "help": "Which page"},
        token={"location": "headers", "required": True},
        session={"location": "cookies"},
        name={"location": "json", "required": True, "nullable": False},
    )
    post = operation(posting(parser))
    assert post["parameters"] == [
        {"name": "page", "in": "query", "description": "Which page", "schema": {"type": "integer", "minimum": 1}},
        {"name": "token", "in": "header", "required": True, "schema": {"type": "string"}},
        {"name": "session", "in": "cookie", "schema": {"type": "string"}},
    ]
    assert post["requestBody"]["content"].keys() == {"application/json"}


@pytest.mark.parametrize("verb", ["get", "delete"])
def test_arguments_of_a_method_without_body_are_in_the_query_string(verb):
    only = operation(posting(parser_of(name={"required": True}), verb))
    assert only["parameters"] == [{"name": "name", "in": "query", "required": True, "schema": {"type": "string"}}]
    assert "requestBody" not in only


def test_arguments_of_a_method_with_body_are_json_or_a_form():
    written = described(posting(parser_of(name={"required": True}, size={"type": int})))
    body = written["paths"]["/"]["post"]["requestBody"]
    assert body == {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/PostThingInput"},
                "example": {"name": "Example name", "size": 1},
            },
            "application/x-www-form-urlencoded": {
                "schema": {"$ref": "#/components/schemas/PostThingForm"},
                "example": {"name": "Example name", "size": 1},
            },
        },
    }
    schemas = written["components"]["schemas"]
    assert schemas["PostThingInput"]["properties"]["size"] == {"type": ["integer", "null"]}
    assert schemas["PostThingForm"]["properties"]["size"] == {"type": "integer"}
    assert schemas["PostThingInput"]["required"] == schemas["PostThingForm"]["required"] == ["name"]


def test_an_argument_that_may_be_elsewhere_is_not_required_anywhere():
    parser = parser_of(key={"location": ["headers", "args"], "required": True})
    assert [(parameter["in"], "required" in parameter) for parameter in operation(posting(parser))["parameters"]] == [
        ("header", False),
        ("query", False),
    ]


def test_operators_are_parameters_of_their_own():
    parser = parser_of(price={"type": int, "location": "args", "operators": ("=", ">=", "<="), "required": True})
    parameters = operation(posting(parser, "get"))["parameters"]
    assert [(parameter["name"], "required" in parameter) for parameter in parameters] == [
        ("price", False),
        ("price>", False),
        ("price<", False),
    ]


def test_files_are_uploaded_in_a_multipart_form():
    parser = parser_of(
        picture={"type": FileStorage, "location": "files", "required": True}, caption={"location": "form"}
    )
    written = described(posting(parser))
    content = written["paths"]["/"]["post"]["requestBody"]["content"]
    assert content == {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/PostThingForm"}}}
    assert written["components"]["schemas"]["PostThingForm"] == {
        "type": "object",
        "properties": {"picture": {"type": "string", "format": "binary"}, "caption": {"type": "string"}},
        "required": ["picture"],
    }


def test_an_object_that_is_required_needs_json():
    parser = parser_of(address={"type": parser_of(street={}), "required": True})
    assert operation(posting(parser))["requestBody"]["content"].keys() == {"application/json"}


def test_nested_parsers_are_components_of_their_names():
    address = parser_of(street={"nullable": False, "required": True})
    parser = parser_of(home={"type": address, "nullable": False}, work={"type": address, "help": "If any"})
    written = described(posting(parser))
    schemas = written["components"]["schemas"]
    assert schemas["PostThingInput"]["properties"] == {
        "home": {"$ref": "#/components/schemas/HomeInput"},
        "work": {"anyOf": [{"$ref": "#/components/schemas/WorkInput"}, {"type": "null"}], "description": "If any"},
    }
    assert schemas["HomeInput"]["required"] == ["street"]


def test_a_patch_takes_a_merge_patch():
    content = operation(posting(parser_of(name={}), "patch"))["requestBody"]["content"]
    assert content["application/merge-patch+json"] == content["application/json"]


def test_many_objects_are_a_list():
    class Books(Resource):
        @expects(book_parser, many=10)
        def post(self, args):
            return {}

    schema = operation(Books)["requestBody"]["content"]["application/json"]["schema"]
    one = {"$ref": "#/components/schemas/BookInput"}
    assert schema == {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": 10}]}


book_parser = reqparse.RequestParser()
book_parser.add_argument("title", type=inputs.string(1, 100), required=True, nullable=False)


def test_a_parser_that_the_method_calls_itself_is_known():
    class Books(Resource):
        def post(self):
            return book_parser.parse_args()

    assert operation(Books)["requestBody"]["required"]


def test_an_unknown_parser_is_left_out():
    class Books(Resource):
        def __init__(self):
            self.parser = restful_reqparse.RequestParser()

        def post(self):
            return self.parser.parse_args()

    post = operation(Books)
    assert "requestBody" not in post
    assert "400" not in post["responses"]


def test_defaults_that_json_does_not_know_are_written_as_the_application_writes_them():
    default = uuid.UUID(int=1)
    parser = parser_of(key={"type": uuid.UUID, "default": default, "location": "args"})
    assert operation(posting(parser, "get"))["parameters"][0]["schema"]["default"] == str(default)


def test_decorators_of_the_class_are_seen():
    class Books(Resource):
        method_decorators = {"post": [marshal_with(book_fields), expects(book_parser)]}  # noqa: RUF012 - as in Flask-RESTful

        def post(self, args):
            return {}

    post = operation(Books)
    assert post["requestBody"]["required"]
    assert post["responses"]["200"]["content"]


# -- schemas of other libraries --------------------------------------------------------------------------------------


class AuthorSchema(marshmallow.Schema):
    name = marshmallow.fields.String(required=True)


class BookSchema(marshmallow.Schema):
    title = marshmallow.fields.String(required=True, validate=marshmallow.validate.Length(1, 100))
    author = marshmallow.fields.Nested(AuthorSchema)


class Author(pydantic.BaseModel):
    name: str


class Book(pydantic.BaseModel):
    title: str = pydantic.Field(min_length=1, max_length=100)
    author: Author


@pytest.mark.parametrize("schema", [BookSchema, BookSchema(), Book])
def test_a_schema_describes_itself(schema):
    written = described(posting(schema))
    post = written["paths"]["/"]["post"]
    assert post["requestBody"]["required"]
    assert post["requestBody"]["content"]["application/json"]["schema"] == BOOK
    assert post["requestBody"]["content"]["application/json"]["example"]["author"] == {"name": "Example name"}
    assert {"400", "415", "422"} <= post["responses"].keys()
    title = written["components"]["schemas"]["Book"]["properties"]["title"]
    assert (title["minLength"], title["maxLength"]) == (1, 100)
    assert written["components"]["schemas"]["Author"]["required"] == ["name"]


@pytest.mark.parametrize("schema", [BookSchema, Book])
def test_a_schema_does_not_take_the_name_of_output_fields(schema):
    class Books(Resource):
        @marshal_with(book_fields)
        def get(self) -> dict:
            return {}

        @expects(schema)
        def post(self, args):
            return {}

        @expects(schema)
        def put(self, args):
            return {}

    written = described(Books)
    books = written["paths"]["/"]
    schemas = written["components"]["schemas"]
    assert books["get"]["responses"]["200"]["content"]["application/json"]["schema"] == BOOK
    assert schemas["Book"]["properties"].keys() == {"id", "title"}
    for method in ("post", "put"):
        body = books[method]["requestBody"]["content"]["application/json"]["schema"]
        assert body == {"$ref": "#/components/schemas/Book2"}
    assert schemas["Book2"]["properties"]["author"] == {"$ref": "#/components/schemas/Author2"}
    assert schemas["Author2"]["required"] == ["name"]


# -- responses -------------------------------------------------------------------------------------------------------


def output(method):
    """The JSON schema of what a method answers with, and the document."""
    written = described(type("Thing", (Resource,), {"get": method}))
    return written["paths"]["/"]["get"]["responses"]["200"]["content"]["application/json"].get("schema"), written


def test_marshalled_fields_are_a_component_of_their_name():
    @marshal_with(book_fields)
    def get(self) -> dict:
        return {}

    schema, written = output(get)
    assert schema == BOOK
    assert written["components"]["schemas"]["Book"] == {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "title": {"type": "string"}},
        "required": ["id", "title"],
    }


def test_fields_without_a_name_are_named_after_their_method():
    @marshal_with({"id": fields.Integer})
    def get(self) -> dict:
        return {}

    assert output(get)[0] == {"$ref": "#/components/schemas/GetThingOutput"}


def test_the_return_annotation_tells_a_list():
    @marshal_with(book_fields)
    def get(self) -> list[dict]:
        return []

    assert output(get)[0] == {"type": "array", "items": BOOK}


def test_data_is_the_first_of_a_returned_tuple():
    @marshal_with(book_fields)
    def get(self) -> tuple[list[dict], int]:
        return [], 200

    assert output(get)[0] == {"type": "array", "items": BOOK}


def test_without_an_annotation_it_is_one_or_many():
    @marshal_with(book_fields)
    def get(self):
        return {}

    assert output(get)[0] == {"anyOf": [BOOK, {"type": "array", "items": BOOK}]}


def test_an_annotation_that_cannot_be_read_says_nothing():
    @marshal_with(book_fields)
    def get(self) -> "Missing":  # noqa: F821 - the point
        return {}

    assert "anyOf" in output(get)[0]


def test_an_envelope_is_around_it():
    @marshal_with(book_fields, envelope="book")
    def get(self) -> dict:
        return {}

    assert output(get)[0] == {"type": "object", "properties": {"book": BOOK}, "required": ["book"]}


def test_a_single_field_is_described():
    @marshal_with_field(fields.List(fields.Integer))
    def get(self):
        return []

    assert output(get)[0] == {"type": "array", "items": {"type": "integer"}}


def test_nested_fields_are_components_of_their_names():
    @marshal_with({"author": fields.Nested({"name": fields.String}), "books": fields.List(fields.Nested(book_fields))})
    def get(self) -> dict:
        return {}

    schemas = output(get)[1]["components"]["schemas"]
    assert schemas["GetThingOutput"]["properties"]["author"] == {"$ref": "#/components/schemas/Author"}
    assert schemas["GetThingOutput"]["properties"]["books"]["items"] == {"$ref": "#/components/schemas/Books"}


def test_components_are_shared_and_those_that_differ_are_kept_apart():
    def shelf(name, inner):
        @marshal_with({"shelf": fields.Nested(inner)})
        def get(self) -> dict:
            return {}

        return type(name, (Resource,), {"get": get}), f"/{name}"

    integer, text = {"number": fields.Integer}, {"number": fields.String}
    schemas = described(shelf("A", integer), shelf("B", dict(integer)), shelf("C", text))["components"]["schemas"]
    assert schemas["GetAOutput"] == schemas["GetBOutput"]
    assert schemas["GetCOutput"]["properties"]["shelf"] == {"$ref": "#/components/schemas/Shelf2"}
    assert "Shelf3" not in schemas


def test_output_that_nobody_declared_is_left_open():
    def get(self):
        return {}

    assert output(get)[0] is None


def test_statuses_and_headers_are_those_of_the_code():
    class Books(Resource):
        @marshal_with(book_fields)
        def post(self) -> tuple[dict, int, dict]:
            return {}, 201, {"Location": "/books/1"}

        def delete(self):
            abort_if_missing(None, "Nothing there")
            if not self:
                raise APIError("Lent", 409)
            return "", 204

    methods = described(Books)["paths"]["/"]
    assert methods["post"]["responses"].keys() == {"201", "500"}
    assert methods["post"]["responses"]["201"] == {
        "description": "Created",
        "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
        "content": {"application/json": {"schema": BOOK}},
    }
    assert methods["delete"]["responses"].keys() == {"204", "404", "409", "500"}
    assert methods["delete"]["responses"]["204"] == {"description": "No Content"}


def test_a_status_that_is_not_known_is_left_open():
    class Books(Resource):
        def get(self):
            status = int("299")
            return {}, status

    assert operation(Books)["responses"].keys() == {"500", "default"}


def test_errors_of_the_body_are_those_that_it_can_give():
    with_body = {"400", "415"}
    post = operation(posting(book_parser))
    assert with_body <= post["responses"].keys()
    assert "413" not in post["responses"]
    assert "413" in operation(posting(book_parser), config={"MAX_CONTENT_LENGTH": 1})["responses"]
    get = operation(posting(book_parser, "get"))["responses"].keys()
    assert "400" in get
    assert "415" not in get


def test_an_api_without_a_default_representation_may_find_none_acceptable():
    assert "406" in operation(getting(), default_mediatype=None)["responses"]


def test_a_database_may_be_away(app):
    response = document(app)["components"]["responses"]["ServiceUnavailable"]
    assert response["headers"].keys() == {"Retry-After"}


def test_protected_methods_name_their_security_schemes():
    app = Flask(__name__)
    state_of(app).security = Security(
        {"token": {"type": "http", "scheme": "bearer"}},
        lambda endpoint, method: (endpoint, method) != ("books", "GET"),
    )

    class Books(Resource):
        def get(self):
            return {}

        def delete(self):
            return "", 204

    Api(app).add_resource(Books, "/")
    written = document(app)
    validate(written)
    methods = written["paths"]["/"]
    assert "security" not in methods["get"]
    assert methods["delete"]["security"] == [{"token": []}]
    assert "401" in methods["delete"]["responses"]
    assert written["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}


def test_decorators_and_extensions_add_what_they_describe():
    def get(self):
        return {}

    parameter = {"name": "X-Trace", "in": "header", "schema": {"type": "string"}}
    tag = {"ETag": {"schema": {"type": "string"}}}
    describe(get, Description(parameters=(parameter,), responses={304: "Nothing new."}, headers={200: tag, 304: tag}))
    app = Flask(__name__)
    describe_endpoints(app, Description(responses={429: "Too often."}), exempt=["free"])
    api = Api(app)
    api.add_resource(type("Thing", (Resource,), {"get": get}), "/")
    api.add_resource(getting(), "/free", endpoint="free")
    paths = document(app)["paths"]
    assert "429" not in paths["/free"]["get"]["responses"]
    only = paths["/"]["get"]
    assert only["parameters"] == [parameter]
    assert only["responses"]["304"] == {"description": "Nothing new.", "headers": tag}
    assert only["responses"]["200"]["headers"] == tag
    assert only["responses"]["429"]["description"] == "Too often."


def test_partial_output_requires_nothing():
    @marshal_with(book_fields)
    def get(self) -> list[dict]:
        return []

    describe(get, Description(media_types={"text/csv": {"type": "string"}}, is_partial=True))
    schema, written = output(get)
    assert schema["items"] == {"$ref": "#/components/schemas/PartialBook"}
    assert "required" not in written["components"]["schemas"]["PartialBook"]
    assert "text/csv" in written["paths"]["/"]["get"]["responses"]["200"]["content"]


def test_representations_of_a_resource_are_its_media_types():
    only = operation(getting(representations={"text/csv": None, "application/json": None}))
    assert only["responses"]["200"]["content"] == {"text/csv": {}, "application/json": {}}


# -- errors are what they are said to be -----------------------------------------------------------------------------


@pytest.mark.parametrize("error_format", ["standard", "problem", "restful", lambda error, data: {"oops": error.code}])
@pytest.mark.parametrize("status_in_body", [None, True, False])
@pytest.mark.parametrize("accept", ["*/*", "application/problem+json"])
def test_errors_have_the_described_shape(error_format, status_in_body, accept):
    app = Flask(__name__)
    api = Api(app, error_format=error_format, status_in_body=status_in_body)
    api.add_resource(posting(book_parser), "/")
    written = document(app)
    response = app.test_client().post("/", json={"title": ""}, headers={"Accept": accept})
    assert response.status_code == 400
    error = written["components"]["responses"]["BadRequest"]["content"][response.mimetype]
    schema = {**error["schema"], "components": written["components"]}
    jsonschema.validate(response.json, schema, cls=jsonschema.Draft202012Validator)
    described_properties = written["components"]["schemas"][error["schema"]["$ref"].rpartition("/")[2]].get(
        "properties"
    )
    if isinstance(error_format, str):
        assert response.json.keys() <= described_properties.keys()
