"""What the type checkers of a user say: the wheel is installed, and a small project is checked against it."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from importlib import metadata
from pathlib import Path

import flask_restful
import pytest

from restwell import upstream
from restwell.shortcuts import VERSIONS

ROOT = Path(__file__).parents[2]
PYRIGHT = "pyright@1.1.414"

CORRECT = '''
"""Uses what is public in each of the ways that the documentation shows."""

import datetime
import decimal
import enum
import uuid
from typing import Any

import flask_restful  # type: ignore[import-untyped]
from flask import Blueprint, Flask, Response, make_response
from werkzeug.datastructures import FileStorage

from restwell import (
    Api,
    APIError,
    Resource,
    abort,
    abort_if_missing,
    expects,
    fields,
    inputs,
    marshal,
    marshal_with,
    marshal_with_field,
    reqparse,
    url_for,
)


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Currency(inputs.Input[decimal.Decimal]):
    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string"}

    def from_json(self, value: Any) -> decimal.Decimal:
        return decimal.Decimal(inputs.storable_text(value))


@inputs.with_schema({"type": "string"})
def shouted(value: object) -> str:
    return inputs.storable_text(value).upper()


text: str = inputs.string(1, 200, pattern="^a")("a")
shout: str = shouted("a")
count: int = inputs.integer(minimum=1, maximum=9)(1)
number: float = inputs.number(0, decimals=2)(1.5)
colour: Colour = inputs.enumeration(Colour)("red")
size: str = inputs.enumeration(["S", "M"])("S")
tags: list[str] = inputs.list_of(inputs.string(1, 30), max_items=10)(["a"])
grid: list[list[int]] = inputs.list_of(inputs.list_of(inputs.integer()))([[1]])
moment: datetime.datetime = inputs.datetime("2024-05-31T13:45:00Z")
identifier: uuid.UUID = inputs.uuid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
address: str = inputs.email("someone@example.org")
truth: bool = inputs.boolean("true")
day: datetime.datetime = inputs.date("2024-05-31")
site: str = inputs.url("http://example.org")
matched: str = inputs.regex("^[a-z]+$", 2)("a")
natural: int = inputs.natural("1")
positive: int = inputs.positive("1", "page")
ranged: int = inputs.int_range(1, 5, "page")("3")
interval: tuple[datetime.datetime, datetime.datetime] = inputs.iso8601interval("2024-05-31/P1D")
since: datetime.datetime = inputs.datetime_from_iso8601("2024-05-31T13:45:00Z")
until: datetime.datetime = inputs.datetime_from_rfc822("Fri, 31 May 2024 13:45:00 GMT")
cost: decimal.Decimal = Currency()("1.00")


class Shouted(fields.Raw):
    def format(self, value: Any) -> str:
        return str(value).upper()


class Seconds(fields.DateTime):
    def format(self, value: datetime.datetime) -> float:
        return value.timestamp()


address_fields = {"street": fields.String, "city": fields.String(default="", attribute="town")}
person_fields = {
    "id": fields.Integer,
    "age": fields.Integer(default=None, attribute="years"),
    "weight": fields.Float(0.0, "kilograms"),
    "price": fields.Price(2, attribute=lambda person: person.price),
    "exact": fields.Arbitrary(),
    "fixed": fields.Fixed(decimals=3, default="0.000"),
    "born": fields.DateTime("iso8601", attribute="birth.day"),
    "seen": Seconds(),
    "active": fields.Boolean(attribute=0),
    "greeting": fields.FormattedString("Hello {name}"),
    "url": fields.Url("person", absolute=True, scheme="https"),
    "tags": fields.List(fields.String, default=[]),
    "sizes": fields.List(fields.Integer(default=1), attribute="size"),
    "address": fields.Nested(address_fields, allow_null=True),
    "home": {"city": fields.String},
    "name": Shouted(attribute="name"),
    "other": fields.Raw,
}

address_parser = reqparse.RequestParser().add_argument("street", type=inputs.string(1), required=True, location="json")
person_parser = reqparse.RequestParser(bundle_errors=True, trim=True)
person_parser.add_argument("name", type=inputs.string(1, 200), required=True, help="the name: {error_msg}")
person_parser.add_argument("height", 1.5, "metres", type=float)
person_parser.add_argument("age", type=int, default=18, dest="years", choices=range(150), nullable=False)
person_parser.add_argument("tags", action="append", location=["json", "args"], store_missing=False)
person_parser.add_argument("size", choices=("S", "M"), case_sensitive=False, trim=True, ignore=True)
person_parser.add_argument("price", type=decimal.Decimal, operators=("=", "<", ">"), location="args")
person_parser.add_argument("photo", type=FileStorage, location="files")
person_parser.add_argument("colour", type=Colour, default=lambda: Colour.RED)
person_parser.add_argument("address", type=address_parser)
person_parser.add_argument("aliases", type=inputs.list_of(inputs.string()), default=[])
person_parser.add_argument(reqparse.Argument("page", type=inputs.natural, default=1))
patch_parser: reqparse.RequestParser = person_parser.copy().replace_argument("name", type=str).remove_argument("age")


class PersonList(Resource):
    method_decorators = {"post": [marshal_with_field(fields.Raw)]}

    def get(self) -> list[dict[Any, Any]]:
        return marshal([{"id": 1}], person_fields)

    @expects(person_parser)
    @marshal_with(person_fields, envelope="person")
    def post(self, args: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
        return args, 201, {"Location": url_for(Person, person_id=1)}


class Person(Resource):
    def __init__(self, people: dict[int, str], strict: bool = False) -> None:
        self.people = people
        self.strict = strict

    @marshal_with(person_fields)
    def get(self, person_id: int) -> Any:
        return {"name": abort_if_missing(self.people.get(person_id), "no such person")}

    @marshal_with_field(fields.List(fields.Integer))
    async def put(self, person_id: int) -> list[int]:
        return [person_id]

    def post(self, person_id: int) -> tuple[str, int]:
        args = person_parser.parse_args(strict=self.strict, http_error_code=422)
        if args.years is None:
            return str(args["name"]), 200
        raise APIError("too old", 409, {"years": args.years})

    def delete(self, person_id: int) -> Response:
        if person_id not in self.people:
            abort(404, message="no such person", person_id=person_id)
        return make_response("", 204)

    def patch(self, person_id: int) -> str:  # would lack a return if abort() could give one
        abort(405)


class Old(flask_restful.Resource):  # type: ignore[misc]
    def get(self) -> int:
        return 1


app = Flask(__name__)
api = Api(
    app,
    prefix="/api",
    default_mediatype=None,
    errors={"KeyError": {"status": 409, "message": "taken"}},
    error_format="problem",
    status_in_body=True,
    browsable=False,
)
api.add_resource(PersonList, "/people", "/persons")
api.add_resource(
    Person,
    "/people/<int:person_id>",
    endpoint="person",
    resource_class_args=({1: "Ada"},),
    resource_class_kwargs={"strict": True},
    strict_slashes=False,
    defaults={"person_id": 1},
    methods=["GET"],
)
api.add_resource(Old, "/old")
Api(Blueprint("blueprint", __name__), decorators=[marshal_with_field(fields.Raw)]).init_app(app)
Api(error_format=lambda error, data: {"code": error.code, **data})


@api.resource("/greetings/<name>", endpoint="greeting")
class Greeting(Resource):
    def get(self, name: str) -> dict[str, str]:
        return {"hello": name, "url": api.url_for(Greeting, name=name)}


@api.representation("text/csv")
def csv(data: Any, code: int, headers: dict[str, str] | None = None) -> Response:
    return make_response(str(data), code, headers)


class OwnApi(Api):
    def handle_error(self, e: Exception) -> Any:
        return super().handle_error(e)

    def add_resource(self, resource: Any, *urls: str, **kwargs: Any) -> None:
        super().add_resource(resource, *urls, **kwargs)
'''

BEFORE_MISTAKES = """
from flask import Flask
from flask.views import MethodView

import restwell
from restwell import Api, Resource, abort, fields, inputs, marshal, marshal_with, marshal_with_field, reqparse


class Greeting(Resource):
    def get(self) -> str:
        return "hello"


class Plain(MethodView):
    pass


app = Flask(__name__)
api = Api(app)
parser = reqparse.RequestParser()
"""

MISTAKES = [
    "restwell.Resorce",
    "api.add_resorce(Greeting, '/greetings')",
    "api.add_resource('greetings', '/greetings')",
    "api.add_resource(Greeting(), '/greetings')",
    "api.add_resource(Plain, '/plain')",
    "api.add_resource(Greeting, '/greetings', endpont='greeting')",
    "api.add_resource(Greeting, ['/greetings', '/hellos'])",
    "api.resource('/greetings', resource_class_kwargs=['strict'])",
    "api.url_for('greeting')",
    "Api(app, error_formt='x')",
    "Api(app, error_format='x')",
    "Api(app, errors=['KeyError'])",
    "Greeting.metod_decorators",
    "fields.Integer(defualt=1)",
    "fields.String(atribute='name')",
    "fields.Strng()",
    "fields.List(int)",
    "fields.Nested({}, allow_nul=True)",
    "fields.DateTime('iso')",
    "fields.Price('2')",
    "fields.FormattedString()",
    "fields.Integer().fromat(1)",
    "parser.add_argumnt('x')",
    "parser.add_argument('x', tpye=int)",
    "parser.add_argument('x', type='int')",
    "parser.add_argument('x', action='appnd')",
    "parser.add_argument('x', required='yes')",
    "parser.add_argument()",
    "parser.copy().replace_argument('x', requird=True)",
    "parser.parse_args(strct=True)",
    "reqparse.Argument('x', loction='json')",
    "reqparse.RequestParser(bundle_error=True)",
    "inputs.string('1')",
    "inputs.string(max_lenght=1)",
    "inputs.list_of(inputs.string)",
    "inputs.boolen('true')",
    "inputs.int_range(1)",
    "number: int = inputs.string()('1')",
    "names: list[int] = inputs.list_of(inputs.string())(['1'])",
    "marshal({}, fields.Raw)",
    "marshal_with({}, envelop='x')",
    "marshal_with_field(int)",
    "rows: dict[str, int] = marshal([], {})",
    "abort('404')",
    "abort()",
]

Errors = dict[str, dict[int, str]]
"""The messages of a checker by the file and the line, counted from 1."""


@pytest.fixture(scope="session")
def python(wheel: Path, variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has the wheel, and for the rest what this one has."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, symlinks=os.name != "nt")
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--python", python, "install", "--no-deps", wheel], check=True, env=variables)
    where = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(where, check=True, env=variables, capture_output=True, text=True).stdout.strip()
    # The .pth files of a directory that is named in one are not read, such as that of an editable install of this
    # repository.
    Path(packages, "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return python


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's project: a module that is right, and one with a mistake in each function."""
    directory = tmp_path_factory.mktemp("project")
    (directory / "correct.py").write_text(CORRECT)
    functions = [f"def mistake_{number}() -> None:\n    {line}\n" for number, line in enumerate(MISTAKES)]
    (directory / "mistaken.py").write_text("\n\n".join([BEFORE_MISTAKES, *functions]))
    return directory


@pytest.fixture(scope="session")
def mypy(python: Path, project: Path, variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Errors:
    """What ``mypy --strict`` says of the project."""
    options = ["--strict", "--python-executable", python, "--cache-dir", tmp_path_factory.mktemp("mypy")]
    command = [sys.executable, "-m", "mypy", *options, "correct.py", "mistaken.py"]
    run = subprocess.run(command, cwd=project, env=variables, capture_output=True, text=True, timeout=300)
    assert run.returncode == 1, run.stdout + run.stderr
    errors: Errors = {}
    for file, line, message in re.findall(r"^(.+?):(\d+): error: (.*)$", run.stdout, re.MULTILINE):
        errors.setdefault(file, {})[int(line)] = message
    return errors


@pytest.fixture(scope="session")
def pyright(python: Path, project: Path, variables: dict[str, str]) -> Errors:
    """What pyright says of the project."""
    npx = shutil.which("npx")
    if npx is None and os.environ.get("CI") != "true":
        pytest.skip("pyright needs Node.js with npm")
    command = [npx, "--yes", PYRIGHT, "--outputjson", "--pythonpath", python, "correct.py", "mistaken.py"]
    run = subprocess.run(command, cwd=project, env=variables, capture_output=True, text=True, timeout=300)
    assert run.returncode == 1, run.stdout + run.stderr
    errors: Errors = {}
    for diagnostic in json.loads(run.stdout)["generalDiagnostics"]:
        if diagnostic["severity"] == "error":
            line = diagnostic["range"]["start"]["line"] + 1
            errors.setdefault(Path(diagnostic["file"]).name, {})[line] = diagnostic["message"]
    return errors


CHECKERS = ["mypy", pytest.param("pyright", marks=pytest.mark.node)]


@pytest.fixture(params=CHECKERS)
def errors(request: pytest.FixtureRequest) -> Errors:
    """What a type checker says of the project."""
    found: Errors = request.getfixturevalue(request.param)
    return found


def test_a_correct_program_has_no_error(errors: Errors) -> None:
    assert errors.get("correct.py", {}) == {}


def test_each_mistake_is_an_error_and_nothing_else(errors: Errors, project: Path) -> None:
    lines = (project / "mistaken.py").read_text().splitlines()
    assert [lines[line - 1].strip() for line in sorted(errors["mistaken.py"])] == MISTAKES


@pytest.mark.skipif(
    any(metadata.version(library) not in releases for library, releases in VERSIONS.items()),
    reason="checks the shortcuts as well, whose types are those of the releases that they are copied from",
)
def test_stubs_say_what_flask_restful_has() -> None:
    command = [sys.executable, "-m", "mypy.stubtest", "--mypy-config-file", "setup.cfg", "restwell.upstream"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr


def test_upstream_has_the_very_objects_of_flask_restful() -> None:
    for name in ("fields", "inputs", "reqparse", "utils"):
        ours, theirs = getattr(upstream, name), importlib.import_module(f"flask_restful.{name}")
        assert all(getattr(ours, public) is getattr(theirs, public) for public in ours.__all__)
    classes_and_functions = set(upstream.__all__) - {"fields", "inputs", "reqparse", "utils"}
    assert all(getattr(upstream, public) is getattr(flask_restful, public) for public in classes_and_functions)
