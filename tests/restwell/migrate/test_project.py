"""``restwell migrate`` on files, folders and a whole application."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import restwell
from restwell.migrate import migrate


def write(path: Path, content: str | bytes = "import flask_restful\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_without_write_no_file_is_touched(tmp_path: Path) -> None:
    path = write(tmp_path / "app.py")
    (change,) = migrate([tmp_path]).changes
    assert (change.path, change.after) == (path, b"from restwell import flask_restful\n")
    assert path.read_bytes() == change.before == b"import flask_restful\n"


def test_some_folders_are_passed_over(tmp_path: Path) -> None:
    for folder in (".git", "venv", ".venv", "node_modules", "__pycache__", "build", "dist", "site-packages"):
        write(tmp_path / folder / "app.py")
    write(tmp_path / "our-python" / "pyvenv.cfg", "")
    write(tmp_path / "our-python" / "lib" / "app.py")
    write(tmp_path / "notes.txt")
    paths = [write(tmp_path / "src" / "build.py"), write(tmp_path / "src" / "a b" / "app.py")]
    assert {change.path for change in migrate([tmp_path]).changes} == set(paths)


def test_a_path_that_is_asked_for_is_never_passed_over(tmp_path: Path) -> None:
    paths = [write(tmp_path / "build" / "app.py"), write(tmp_path / ".hidden" / "manage")]
    assert [change.path for change in migrate([tmp_path / "build", paths[1]]).changes] == paths


def test_a_copy_of_flask_restful_is_named_and_passed_over(tmp_path: Path) -> None:
    for name in ("__init__", "reqparse", "fields"):
        write(tmp_path / "vendor" / "flask_restful" / f"{name}.py", "from flask_restful.utils import unpack\n")
    own = write(tmp_path / "flask_restful" / "app.py")  # a project that is named after it
    migration = migrate([tmp_path])
    assert [change.path for change in migration.changes] == [own]
    assert [finding.path for finding in migration.findings] == [tmp_path / "vendor" / "flask_restful"]


def test_a_diff_can_be_applied(tmp_path: Path) -> None:
    contents = {
        "a.py": b"import os, flask_restful\r\nx = 1\r\n",
        "b c/d.py": b"# coding: latin-1\n# \xe9\nfrom flask_restful import Api  # \xe9",
        "e.py": b"\xef\xbb\xbfimport flask_json\n",
    }
    for name, content in contents.items():
        write(tmp_path / name, content)
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        diff = b"".join(change.diff() for change in migrate([Path()]).changes)
        subprocess.run(["git", "apply", "-"], input=diff, check=True)
    finally:
        os.chdir(before)
    assert migrate([tmp_path]).changes == []
    for name, content in contents.items():
        expected = content.replace(b"from flask_r", b"from restwell.flask_r").replace(
            b"import flask_j", b"from restwell import flask_j"
        )
        expected = expected.replace(b"import os, flask_restful", b"import os\r\nfrom restwell import flask_restful")
        assert (tmp_path / name).read_bytes() == expected


APPLICATION = {
    "shop/__init__.py": '''\
"""A shop on flask_restful."""
from flask import Flask
import flask_restful, flask_json

from .orders import Orders
from .names import flask_restful as ours


def create_app():
    app = Flask(__name__)
    api = flask_restful.Api(app)
    api.add_resource(Orders, "/orders", resource_class_kwargs={"flask_restful": ours.NAME})
    assert isinstance(api, flask_restful.Api) and flask_json.FlaskJSON
    return app
''',
    "shop/names/__init__.py": "",
    "shop/names/flask_restful.py": 'NAME = "flask_restful"\n',
    "shop/orders.py": """\
import flask_restful as rest
import flask_restful.fields
from flask_restful import (  # noqa: F401
    Resource,
    abort,  # of ours: import flask_restful
    marshal_with,
)
from flask_restful.reqparse import RequestParser

FIELDS = {"id": flask_restful.fields.Integer, "text": rest.fields.String}


class Orders(Resource):
    def __init__(self, flask_restful):
        self.flask_restful = flask_restful

    @marshal_with(FIELDS)
    def get(self):
        from flask_restful import inputs
        parser = RequestParser()
        parser.add_argument("id", type=inputs.natural, location="args")
        return {"id": parser.parse_args()["id"], "text": f"{self.flask_restful}"}
""",
    "requirements.txt": "flask\nflask-restful==0.3.10\nflask-json\n",
    "test_shop.py": """\
from shop import create_app

assert create_app().test_client().get("/orders?id=3").json == {"id": 3, "text": "flask_restful"}
""",
}


# Until each door is there, the package that it stands in for is put in its place.
DOORS = """\
import importlib, importlib.util, runpy, sys
import restwell
for name in ("flask_restful", "flask_json"):
    if importlib.util.find_spec("restwell." + name) is None:
        for module in [name, name + ".fields", name + ".inputs", name + ".reqparse"]:
            sys.modules["restwell." + module] = importlib.import_module(module)
        setattr(restwell, name, sys.modules[name])
sys.path.insert(0, ".")
runpy.run_path("test_shop.py")
"""


def test_an_application_runs_after_its_migration(tmp_path: Path) -> None:
    for name, content in APPLICATION.items():
        write(tmp_path / name, content)
    environment = {**os.environ, "PYTHONPATH": str(Path(restwell.__file__).parents[1])}
    subprocess.run([sys.executable, "test_shop.py"], cwd=tmp_path, env=environment, check=True)
    migration = migrate([tmp_path], write=True)
    assert [change.path.name for change in migration.written] == ["__init__.py", "orders.py"]
    assert [(finding.path.name, finding.line) for finding in migration.findings] == [
        ("requirements.txt", 2),
        ("requirements.txt", 3),
        ("__init__.py", 13),  # a text, one line below where it stood before the imports were renamed
        ("flask_restful.py", 1),
        ("test_shop.py", 3),
    ]
    assert (tmp_path / "shop" / "__init__.py").read_text() == APPLICATION["shop/__init__.py"].replace(
        "import flask_restful, flask_json", "from restwell import flask_restful\nfrom restwell import flask_json"
    )
    assert (
        (tmp_path / "shop" / "orders.py")
        .read_text()
        .startswith(
            "import restwell.flask_restful as rest\n"
            "import restwell.flask_restful.fields\n"
            "from restwell import flask_restful\n"
            "from restwell.flask_restful import (  # noqa: F401\n"
        )
    )
    again = migrate([tmp_path], write=True)
    assert (again.changes, again.written, again.undone) == ([], [], [])
    subprocess.run([sys.executable, "-c", DOORS], cwd=tmp_path, env=environment, check=True)


def test_the_standard_library_is_read_and_stays() -> None:
    folder = Path(os.__file__).parent
    migration = migrate([folder / "json", folder / "unittest", folder / "asyncio"])
    assert (migration.changes, migration.findings, migration.undone) == ([], [], [])
    assert migration.unaffected > 40
