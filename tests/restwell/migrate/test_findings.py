"""What people have to look at."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from restwell.migrate import findings
from restwell.migrate.rewriting import rewrite


def rewritten(text: str) -> str:
    return rewrite(text, ast.parse(text)).text


def write(path: Path, content: str | bytes = "import flask_restful\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


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
