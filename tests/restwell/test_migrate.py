"""``restwell migrate``: imports are renamed, all else stays, and what people have to look at is found."""

from __future__ import annotations

import ast
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import restwell
from restwell.migrate import findings, migrate, requirements
from restwell.migrate.rewriting import package_of, rewrite


def rewritten(text: str) -> str:
    return rewrite(text, ast.parse(text)).text


def left(text: str) -> list[int]:
    return [line for line, _ in rewrite(text, ast.parse(text)).left]


IMPORTS = {
    "import flask_restful": "from restwell import flask_restful",
    "import flask_json": "from restwell import flask_json",
    "import flask_restful as fr": "import restwell.flask_restful as fr",
    "import flask_restful as flask_restful": "import restwell.flask_restful as flask_restful",
    "import flask_restful.fields": "import restwell.flask_restful.fields\nfrom restwell import flask_restful",
    "import flask_restful.utils.cors as c": "import restwell.flask_restful.utils.cors as c",
    "import flask_restful.fields as f, flask_json as j": (
        "import restwell.flask_restful.fields as f, restwell.flask_json as j"
    ),
    "import os, flask_restful": "import os\nfrom restwell import flask_restful",
    "import os, flask_restful as fr, sys": "import os, restwell.flask_restful as fr, sys",
    "import os as o, flask_restful, sys,  json": (
        "import os as o\nfrom restwell import flask_restful\nimport sys,  json"
    ),
    "import flask_restful, flask_restful.inputs": (
        "from restwell import flask_restful\nimport restwell.flask_restful.inputs"
    ),
    "import flask_restful, os as flask_restful, flask_restful": (
        "from restwell import flask_restful\nimport os as flask_restful\nfrom restwell import flask_restful"
    ),
    "import flask_json as j, flask_restful, os": (
        "import restwell.flask_json as j\nfrom restwell import flask_restful\nimport os"
    ),
    "from flask_restful import Api": "from restwell.flask_restful import Api",
    "from flask_restful import Api, Resource as R": "from restwell.flask_restful import Api, Resource as R",
    "from flask_restful import *": "from restwell.flask_restful import *",
    "from flask_restful.reqparse import RequestParser": "from restwell.flask_restful.reqparse import RequestParser",
    "from flask_restful . utils import cors": "from restwell.flask_restful . utils import cors",
    "from flask_json import as_json": "from restwell.flask_json import as_json",
    "from flask_restful import (  # all\n    Api,  # the Api\n    Resource,\n)": (
        "from restwell.flask_restful import (  # all\n    Api,  # the Api\n    Resource,\n)"
    ),
    "from flask_restful import Api, \\\n    Resource": "from restwell.flask_restful import Api, \\\n    Resource",
    "from \\\n  flask_restful import Api": "from \\\n  restwell.flask_restful import Api",
    "import os, \\\n    flask_restful, \\\n    sys, \\\n  re": (
        "import os\nfrom restwell import flask_restful\nimport sys, \\\n  re"
    ),
    "import flask_restful  # noqa: F401": "from restwell import flask_restful  # noqa: F401",
    "x = 1; import os, flask_restful; y = 2": "x = 1; import os; from restwell import flask_restful; y = 2",
    "import os, flask_restful; y = 2": "import os\nfrom restwell import flask_restful; y = 2",
    "if True: import flask_restful.fields": (
        "if True: import restwell.flask_restful.fields; from restwell import flask_restful"
    ),
    "if True: \\\n    import os, flask_restful": "if True: \\\n    import os; from restwell import flask_restful",
    "def f():\n\timport os, flask_restful\n\treturn flask_restful": (
        "def f():\n\timport os\n\tfrom restwell import flask_restful\n\treturn flask_restful"
    ),
    "try:\n    import flask_restful\nexcept ImportError:\n    flask_restful = None": (
        "try:\n    from restwell import flask_restful\nexcept ImportError:\n    flask_restful = None"
    ),
    "if TYPE_CHECKING:\n    from flask_restful import Api": (
        "if TYPE_CHECKING:\n    from restwell.flask_restful import Api"
    ),
    "import os, flask_restful\r\nx = 1\r\n": "import os\r\nfrom restwell import flask_restful\r\nx = 1\r\n",
    "é = 'ü'; import flask_restful; ö = 1": "é = 'ü'; from restwell import flask_restful; ö = 1",
    "'''\n\x0c\x1c\u2028'''\nimport flask_restful": "'''\n\x0c\x1c\u2028'''\nfrom restwell import flask_restful",
    "\x0cimport os, flask_restful": "\x0cimport os\nfrom restwell import flask_restful",
    "from flask.ext.restful import Api": "from restwell.flask_restful import Api",
    "from flask.ext.restful.reqparse import Argument": "from restwell.flask_restful.reqparse import Argument",
    "from flask . ext . restful import Api": "from restwell.flask_restful import Api",
    "from flask.ext import restful, json as j": ("from restwell import flask_restful as restful, flask_json as j"),
    "import flask.ext.restful as r, flask": "import restwell.flask_restful as r, flask",
}


@pytest.mark.parametrize("text", IMPORTS)
def test_an_import_is_renamed(text: str) -> None:
    assert rewritten(text) == IMPORTS[text]


@pytest.mark.parametrize("text", IMPORTS.values())
def test_a_renamed_import_is_left_alone(text: str) -> None:
    assert rewritten(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "from .flask_restful import x",
        "from . import flask_restful",
        "from .. flask_restful import x",
        "from project.flask_restful import x",
        "from project import flask_restful",
        "import project.flask_restful",
        "from flask_restful_swagger_2 import Api",
        "import flask_restful_swagger, flask_restfulness",
        "from flask.ext.sqlalchemy import SQLAlchemy",
        "from flask.ext import sqlalchemy",
        "from flask import json",
        "app.flask_restful.Api()",
        "self.flask_restful = flask_restful = f(flask_restful=1)",
        "def flask_restful(flask_restful): return flask_restful.x",
        "flask_restful.utils.cors.crossdomain; f(flask_restful)",
        '"""import flask_restful"""',
        "x = '''\nimport flask_restful\nfrom flask_restful import Api\n'''",
        "# import flask_restful",
        "f'{flask_restful.__version__} import flask_restful'",
        "importlib.import_module('flask_restful')",
        "def f():\n    yield from flask_restful",
        "raise ValueError from flask_restful.error",
        "",
    ],
)
def test_what_is_no_import_of_the_packages_is_left_alone(text: str) -> None:
    assert rewritten(text) == text
    assert left(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "import flask.ext.restful",
        "import flask.ext.restful.fields, flask_restful",
        "from flask.ext import restful, login",
    ],
)
def test_an_old_import_that_binds_something_else_is_left_to_people(text: str) -> None:
    assert rewritten("\n" + text) == "\n" + text
    assert left("\n" + text) == [2]


def test_letters_that_python_reads_as_others_are_left_to_people() -> None:
    text = "from ﬂask_restful import Api\n"  # the ligature, which is an f and an l in a name
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse("from flask_restful import Api"))
    assert (rewritten(text), left(text)) == (text, [1])


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("flask_restful", "flask_restful"),
        ("flask_restful.utils.cors", "flask_restful"),
        ("flask_json", "flask_json"),
        ("flask.ext.restful", "flask_restful"),
        ("flask.ext.json", "flask_json"),
        ("flask.ext", None),
        ("flask.ext.restful_swagger", None),
        ("flask_restful_swagger", None),
        ("restwell.flask_restful", None),
    ],
)
def test_a_module_belongs_to_a_package(module: str, package: str | None) -> None:
    assert package_of(module) == package


_ONES = st.sampled_from(
    [
        "flask_restful",
        "flask_restful.fields",
        "flask_restful.utils.cors",
        "flask_json",
        "other",
        "other.inner",
        "flask_restful as fr",
        "flask_restful.fields as flask_restful",
        "flask_json as j",
        "other as o",
    ]
)
_FROMS = st.sampled_from(
    [
        "from flask_restful import Api, Resource as R",
        "from flask_restful import (\n    fields,  # é\n    Api\n  )",
        "from flask_restful.fields import \\\n    Raw",
        "from flask_restful.utils import cors as c",
        "from flask_json import *",
        "from other import flask_restful",
        "from other.inner import Raw",
    ]
)
_COMMAS = st.sampled_from([", ", ",", " ,  ", ", \\\n      "])
_PLAIN = st.sampled_from(
    ["x = '''ü\nimport flask_restful\n'''", "pass", "# import flask_restful", "", "y = f'{1} import flask_json'"]
)
_IMPORTING = st.builds(
    lambda comma, ones: "import " + comma.join(ones), _COMMAS, st.lists(_ONES, min_size=1, max_size=4)
)
_SIMPLE = st.lists(_IMPORTING | _FROMS, min_size=1, max_size=3).map("; ".join)
_BLOCK = st.builds(
    lambda head, statement: head.replace("*", statement),
    st.sampled_from(
        ["if True:\n\t*\n\tz = 1", "if True: *", "try:\n  *  # why\nfinally: pass", "*", "if True: \\\n *"]
    ),
    _SIMPLE,
)
SOURCES = st.builds(
    lambda newline, parts: newline.join(parts).replace("\n", newline),
    st.sampled_from(["\n", "\r\n"]),
    st.lists(_BLOCK | _PLAIN, min_size=1, max_size=6),
)


def _modules(prefix: str, stand_ins: dict[str, ModuleType]) -> dict[str, ModuleType]:
    return {prefix + name: module for name, module in stand_ins.items()}


def _stand_ins() -> dict[str, ModuleType]:
    names = ["flask_restful", "flask_restful.fields", "flask_restful.utils", "flask_restful.utils.cors", "flask_json"]
    modules = {name: ModuleType(name) for name in [*names, "other", "other.inner"]}
    for name, module in modules.items():
        module.__path__ = []
        module.__dict__.update(Api=object(), Resource=object(), Raw=object(), name=name)
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(modules[parent], child, module)
    modules["other"].flask_restful = object()  # type: ignore[attr-defined]
    return modules


def _names_bound_by(text: str, modules: dict[str, ModuleType]) -> dict[str, Any]:
    bound: dict[str, Any] = {}
    with mock.patch.dict(sys.modules, modules):
        exec(compile(text, "generated", "exec"), bound)  # noqa: S102  # written by this test
    return {name: value for name, value in bound.items() if name not in {"restwell", "__builtins__"}}


@given(SOURCES)
@settings(deadline=None, max_examples=300)
def test_a_renamed_text_binds_the_same_names_to_what_stands_in(text: str) -> None:
    stand_ins = _stand_ins()
    home = ModuleType("restwell")
    home.__path__ = []
    home.__dict__.update(flask_restful=stand_ins["flask_restful"], flask_json=stand_ins["flask_json"])
    others = {name: module for name, module in stand_ins.items() if name.startswith("other")}
    after = {**_modules("restwell.", stand_ins), **others, "restwell": home}
    gone: dict[str, Any] = {"flask_restful": None, "flask_json": None}  # cannot be imported any more
    assert _names_bound_by(rewritten(text), {**after, **gone}) == _names_bound_by(text, stand_ins)


@given(SOURCES)
@settings(deadline=None)
def test_renaming_again_changes_nothing(text: str) -> None:
    assert rewritten(rewritten(text)) == rewritten(text)


class _WithoutImports(ast.NodeTransformer):
    def visit_Import(self, node: ast.Import) -> ast.stmt:
        return ast.Pass()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        return ast.Pass()


def _frame(text: str) -> str:
    """Return the code around the imports: several of them in a row are one."""
    dump = ast.dump(_WithoutImports().visit(ast.parse(text)))
    return re.sub(r"Pass\(\)(?:, Pass\(\))+", "Pass()", dump)


@given(SOURCES)
@settings(deadline=None)
def test_nothing_but_imports_differs(text: str) -> None:
    assert _frame(rewritten(text)) == _frame(text)
    lost = set(text.split("\n")) - set(rewritten(text).split("\n"))
    assert all("import " in line or "flask_" in line or line.strip().startswith(("other", "from \\")) for line in lost)


# Files and folders


def write(path: Path, content: str | bytes = "import flask_restful\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_without_write_no_file_is_touched(tmp_path: Path) -> None:
    path = write(tmp_path / "app.py")
    (change,) = migrate([tmp_path]).changes
    assert (change.path, change.after) == (path, b"from restwell import flask_restful\n")
    assert path.read_bytes() == change.before == b"import flask_restful\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbfimport flask_json\n", b"\xef\xbb\xbffrom restwell import flask_json\n"),
        (b"# coding: latin-1\nimport flask_json # \xe9", b"# coding: latin-1\nfrom restwell import flask_json # \xe9"),
        (b"#!python\n# -*- coding: cp1252 -*-\nimport flask_json\nx = '\x80'\n", None),
        (b"# coding: gbk\nx = '\xc4\xe3\xba\xc3'; import flask_json\n", None),
        (b"import os, flask_json\r\nx = 1\n", b"import os\r\nfrom restwell import flask_json\r\nx = 1\n"),
        (b"import flask_json\rx = 1\r", b"from restwell import flask_json\rx = 1\r"),
        (b"import flask_json", b"from restwell import flask_json"),
    ],
)
def test_encoding_and_line_endings_are_kept(tmp_path: Path, before: bytes, after: bytes | None) -> None:
    path = write(tmp_path / "app.py", before)
    migration = migrate([path], write=True)
    assert path.read_bytes() == (after or before.replace(b"import flask_json", b"from restwell import flask_json"))
    assert [change.path for change in migration.written] == [path]
    assert migrate([path]).changes == []


def test_mode_and_links_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "elsewhere" / "app.py")
    path.chmod(0o754)
    link = tmp_path / "project" / "app.py"
    link.parent.mkdir()
    link.symlink_to(path)
    assert [change.path for change in migrate([link.parent, path], write=True).written] == [link]
    assert link.is_symlink()
    assert path.read_text() == "from restwell import flask_restful\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o754
    assert os.listdir(path.parent) == ["app.py"]


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


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"print 'flask_restful'\n", "line 1: Missing parentheses"),
        (b"import flask_restful\nx = (\n", "line 2: "),
        (b"# flask_json\n\x00\n", "null bytes"),
        (b"# coding: no-such\nimport flask_json\n", "unknown encoding"),
        (b"# flask_json \xff\n", "invalid or missing encoding declaration"),
        (b"# flask_json\n\n\n# \xff\n", "can't decode byte 0xff"),
        (b"# coding: utf-7\nimport flask_json # +AOk-\n", "would not stay the same"),
        (b"import flask_json\nx = " + b"-" * 100_000 + b"1", ""),
    ],
)
def test_what_cannot_be_read_is_named_and_the_others_are_migrated(tmp_path: Path, content: bytes, reason: str) -> None:
    unreadable = write(tmp_path / "a.py", content)
    readable = write(tmp_path / "b.py")
    migration = migrate([tmp_path], write=True)
    ((path, line, message),) = migration.undone
    assert (path, line) == (unreadable, 0)
    assert re.search(f"could not be read, and is as it was: .*{reason}", message)
    assert unreadable.read_bytes() == content
    assert [change.path for change in migration.written] == [readable]


def test_what_cannot_be_read_and_does_not_name_the_packages_leaves_nothing_undone(tmp_path: Path) -> None:
    write(tmp_path / "script.py", "print 'hello'\n")
    migration = migrate([tmp_path])
    assert (migration.undone, len(migration.findings)) == ([], 1)


def test_a_dangling_link_is_named(tmp_path: Path) -> None:
    (tmp_path / "app.py").symlink_to(tmp_path / "nowhere.py")
    ((path, _, message),) = migrate([tmp_path]).undone
    assert path == tmp_path / "app.py"
    assert "No such file" in message


def test_a_protected_file_is_named_and_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "app.py")
    path.chmod(0o444)
    migration = migrate([path], write=True)
    assert [message for _, _, message in migration.undone] == [
        "could not be written, and is as it was: it is write-protected"
    ]
    assert [change.path for change in migration.changes] == [path]
    assert path.read_text() == "import flask_restful\n"


@pytest.mark.parametrize("failing", ["os.replace", "os.fsync", "tempfile.mkstemp"])
def test_a_disk_that_refuses_leaves_the_file_as_it_was(tmp_path: Path, failing: str) -> None:
    path = write(tmp_path / "app.py")
    with mock.patch(f"restwell.migrate.source.{failing}", side_effect=OSError(28, "No space left on device")):
        migration = migrate([path], write=True)
    assert [message for _, _, message in migration.undone] == [
        "could not be written, and is as it was: No space left on device"
    ]
    assert path.read_text() == "import flask_restful\n"
    assert os.listdir(tmp_path) == ["app.py"]


def test_a_file_that_somebody_saves_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path / "app.py")
    with mock.patch("restwell.migrate.source.os.fsync", side_effect=lambda handle: path.write_text("import this\n")):
        (undone,) = migrate([path], write=True).undone
    assert "changed by somebody else" in undone.message
    assert path.read_text() == "import this\n"


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


# What people have to look at


def found(text: str, name: str = "app.py") -> list[tuple[int, str]]:
    return [(line, message) for _, line, message in findings.in_code(Path(name), ast.parse(text))]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("importlib.import_module('flask_restful.fields')", "'restwell.flask_restful.fields'"),
        ("@mock.patch('flask_json.request')\ndef f(): pass", "'restwell.flask_json.request'"),
        ("x = {'flask.ext.restful': 1}", "'restwell.flask_restful'"),
        ("import flasgger", "flasgger imports flask_restful itself"),
        ("from flask_restful_swagger_2 import Api", "flask_restful_swagger_2 imports flask_restful itself"),
        ("class Ours(Api):\n  def handle_error(self, e): pass", "handle_error is overridden"),
        ("class Ours(flask_restful.Api):\n  def handle_error(self, e): pass", "handle_error is overridden"),
        ("self.api.handle_error = handle", "handle_error is overridden"),
        ("@app.errorhandler(404)\ndef f(e): pass", "a handler for 404"),
        ("@bp.app_errorhandler(HTTPStatus.NOT_FOUND)\ndef f(e): pass", "a handler for NOT_FOUND"),
        ("app.register_error_handler(exceptions.NotFound, f)", "a handler for NotFound"),
        ("app.register_error_handler(code_or_exception=HTTPException, f=f)", "a handler for HTTPException"),
        ("for code in codes: app.register_error_handler(code, f)", "a handler for code"),
        ("@app.errorhandler(Exception)\ndef f(e): pass", "unexpected exceptions"),
        ("@app.errorhandler(500)\ndef f(e): pass", "unexpected exceptions"),
        ("api._complete_url('/', '')", "_complete_url is a private name"),
        (
            "class Ours(Api):\n  def _should_use_fr_error_handler(self): pass",
            "_should_use_fr_error_handler is a private",
        ),
        ("from flask_restful import Api\napi._init_app(app)", "_init_app is a private name"),
        ("from restwell.flask_restful.fields import _iso8601", "_iso8601 is a private name"),
    ],
)
def test_something_to_look_at_is_found(text: str, word: str) -> None:
    ((line, message),) = found(text)
    assert word in message
    assert line in {1, 2}
    assert found(rewritten(text)) == found(text)


@pytest.mark.parametrize(
    "text",
    [
        "'flask_restful'",
        "def f():\n  '''flask_restful'''",
        "def f(x: 'flask_restful.Api') -> 'flask_json.FlaskJSON': y: 'flask_restful.Api'",
        "x = 'flask_restful is a package'",
        "x = 'project.flask_restful'",
        "import os, flask, sqlalchemy, webargs.flaskparser, flask_apispec, no_such_package, restwell",
        "from . import flasgger",
        "class Parser(FlaskParser):\n  def handle_error(self, error, req, schema, *, code, headers): pass",
        "class Api: pass",
        "for api.handler in (): pass",
        "opener.handle_error = handle",
        "@app.errorhandler(OutOfStock)\ndef f(e): pass",
        "@app.errorhandler\ndef f(e): pass",
        "app.register_error_handler(*handler)",
        "codecs.register_error('x', f)",
        "extension._init_app(app)",
        "from flask_restful import __version__",
        "",
    ],
)
def test_nothing_to_look_at(text: str) -> None:
    assert found(text) == []


def test_an_installed_package_that_imports_flask_restful_is_found_by_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site-packages"
    write(site / "uses_it" / "__init__.py", "raise RuntimeError('it was imported')")
    write(site / "uses_it" / "deep" / "api.py", "try:\n    from flask_restful import Api\nexcept ImportError: pass")
    write(site / "tests_it" / "__init__.py", "")
    write(site / "tests_it" / "tests" / "test_api.py")
    write(site / "names_it.py", "'''import flask_restful'''\nimport flask_restful_swagger")
    write(site / "one_file_uses_it.py")
    write(tmp_path / "own_module_uses_it.py")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.syspath_prepend(str(tmp_path))
    names = ["uses_it", "tests_it", "names_it", "one_file_uses_it", "own_module_uses_it"]
    messages = [message for _, message in found("\n".join(f"import {name}.x" for name in names + names))]
    assert [message.split()[0] for message in messages] == ["uses_it", "one_file_uses_it"]


def required(name: str, content: str | bytes, folder: Path) -> list[tuple[int, str]]:
    path = write(folder / name, content)
    return [(line, message) for _, line, message in requirements.in_requirements(path)]


@pytest.mark.parametrize(
    ("name", "line", "instead"),
    [
        ("requirements.txt", "Flask-RESTful==0.3.8", "restwell"),
        ("requirements.txt", "flask_restful", "restwell"),
        ("requirements-dev.txt", "flask.restful[paging] >= 0.3 ; python_version > '3'  # ours", "restwell"),
        ("dev-requirements.in", "flask-json~=0.3 \\", "restwell"),
        ("requirements.txt", "flask-restful --hash=sha256:00", "restwell"),
        (
            "requirements.txt",
            "-e git+https://github.com/flask-restful/flask-restful.git@master#egg=Flask-RESTful",
            "restwell",
        ),
        ("requirements.txt", "git+ssh://example.com/fork.git#egg=flask-restful", "restwell"),
        ("setup.py", "    install_requires=['flask', \"Flask-RESTful>=0.3\"],", '"restwell"'),
        ("setup.py", "    install_requires=['flask_restful'],", "'restwell'"),
        ("setup.cfg", "    Flask-RESTful==0.3.9", "restwell"),
        ("setup.cfg", "install_requires = flask-json", "restwell"),
        ("pyproject.toml", 'dependencies = ["flask>=3", "flask-restful"]', '"restwell"'),
        ("pyproject.toml", 'Flask-RESTful = "^0.3.7"', 'restwell = "*"'),
        ("Pipfile", 'flask-restful = {version="*", extras=["paging"]}', 'restwell = "*"'),
        ("Pipfile", '"flask-json" = "*"', 'restwell = "*"'),
        ("environment.yml", "  - flask-restful=0.3.8", "restwell"),
        ("environment.yaml", "    - Flask-JSON", "restwell"),
        ("constraints.txt", "flask-restful==0.3.8", "restwell"),
    ],
)
def test_a_requirement_is_named_with_what_to_write(tmp_path: Path, name: str, line: str, instead: str) -> None:
    assert requirements.is_requirement_file(Path(name))
    ((number, message),) = required(name, "\n\n" + line + "\n", tmp_path)
    assert number == 3
    assert f"is required here: write {instead} in its place" in message


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("requirements.txt", "# Flask-RESTful==0.3.8"),
        ("requirements.txt", "flask-restful-swagger-2==0.35"),
        ("requirements.txt", "lazr.restfulclient==0.14.2"),
        ("requirements.txt", "Flask>=2  # for Flask-RESTful"),
        ("requirements.txt", "SQLAlchemy>=1.4"),
        ("requirements.txt", "SQLAlchemy>=1.4,<3"),
        ("requirements.txt", "SQLAlchemy==2.0.30"),
        ("requirements.txt", "SQLAlchemy!=1.4.1"),
        ("requirements.txt", "Flask-SQLAlchemy~=3.0"),
        ("requirements.txt", "flask==3.1 ; python_version < '3.9'"),
        ("setup.py", '    url="https://github.com/someone/flask-restful-boilerplate",'),
        ("setup.py", '    keywords="flask-restful",'),
        ("setup.py", "flask = create_app()"),
        ("setup.cfg", "name = flask-restful"),
        ("setup.cfg", "description = A server with Flask-RESTful"),
        ("pyproject.toml", 'dependencies = ["sqlalchemy", "six==1.4"]'),
        ("pyproject.toml", 'python = "^3.8"'),
    ],
)
def test_a_line_that_requires_nothing_of_it_is_passed_over(tmp_path: Path, name: str, line: str) -> None:
    assert required(name, line, tmp_path) == []


@pytest.mark.parametrize(
    ("name", "line", "word"),
    [
        ("requirements.txt", "SQLAlchemy==1.4.46", "restwell[data] needs SQLAlchemy 2"),
        ("requirements.txt", "sqlalchemy<2", "restwell[data] needs SQLAlchemy 2"),
        ("requirements.txt", "sqlalchemy >=1.3, <2.0", "restwell[data] needs SQLAlchemy 2"),
        ("requirements.txt", "sqlalchemy~=1.4", "restwell[data] needs SQLAlchemy 2"),
        ("requirements.txt", "sqlalchemy[asyncio]<=1.4.99", "restwell[data] needs SQLAlchemy 2"),
        ("requirements.txt", "Flask-SQLAlchemy==2.5.1", "Flask-SQLAlchemy 3.1"),
        ("requirements.txt", "Flask==1.1.2", "Flask is held below 3.1"),
        ("requirements.txt", "werkzeug<3", "Werkzeug is held below 3.1"),
        ("setup.py", "install_requires=['SQLAlchemy<2', 'six']", "restwell[data]"),
        ("Pipfile", 'sqlalchemy = "==1.4.*"', "restwell[data]"),
        ("pyproject.toml", 'SQLAlchemy = "^1.4"', "restwell[data]"),
        ("pyproject.toml", 'SQLAlchemy = "~1.4"', "restwell[data]"),
        ("pyproject.toml", 'SQLAlchemy = {version = "1.4.46", extras = ["asyncio"]}', "restwell[data]"),
        ("pyproject.toml", 'dependencies = ["sqlalchemy<2"]', "restwell[data]"),
        ("environment.yml", "  - sqlalchemy=1.4", "restwell[data]"),
    ],
)
def test_what_is_held_too_low_is_named(tmp_path: Path, name: str, line: str, word: str) -> None:
    ((number, message),) = required(name, line, tmp_path)
    assert number == 1
    assert word in message


def test_requirements_as_powershell_writes_them(tmp_path: Path) -> None:
    assert required("requirements.txt", "Flask-JSON==0.3\r\n".encode("utf-16"), tmp_path)


@pytest.mark.parametrize(
    "name", ["poetry.lock", "uv.lock", "Pipfile.lock", "requirements.md", "notes.txt", "setup.json"]
)
def test_other_files_are_no_requirement_files(name: str) -> None:
    assert not requirements.is_requirement_file(Path(name))


def test_an_old_sqlalchemy_beside_the_command_is_named_where_code_imports_it(tmp_path: Path) -> None:
    path = write(tmp_path / "models.py", "from flask_sqlalchemy import SQLAlchemy\n")
    write(tmp_path / "app.py", "import flask\n")
    with mock.patch("restwell.migrate.requirements.version", return_value="1.4.46"):
        ((found_in, _, message),) = migrate([tmp_path]).findings
    assert found_in == path
    assert "SQLAlchemy 1.4.46 is installed: restwell[data] needs" in message
    with mock.patch("restwell.migrate.requirements.version", return_value="2.1.0b1"):
        assert migrate([tmp_path]).findings == []


# A whole application

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
