"""Imports are renamed, and all else stays."""

from __future__ import annotations

import ast
import re
import sys
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
