"""The rules of the house that linters cannot say; the others stand in setup.cfg (import-linter) and pyproject.toml."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from configparser import ConfigParser
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path
from types import ModuleType

import grimp
import pytest

import restwell

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "restwell").rglob("*.py"))

PROXIES = {"current_app", "g", "request", "session"}
"""What Flask has for the application and the request at hand."""

SHORTENED = {"restwell.data.engines", "restwell.data.statements"}
"""What shortcuts import of Restwell."""

DATA_NAMES = {"Database", "FixedPoint", "StaleVersion", "Statement", "UTCDateTime", "key_table"}
"""What models import of Restwell: the names about data."""

EXEMPT = {
    "__main__.py": "calls cli.py",
    "description/components.py": "a part of the document, which is tested whole in test_openapi.py",
    "description/operation.py": "a part of the document, which is tested whole in test_openapi.py",
    "description/parameters.py": "a part of the document, which is tested whole in test_openapi.py",
    "description/views.py": "a part of the document, which is tested whole in test_openapi.py",
    "flask_restful": "names and bodies of Flask-RESTful, compared with it in test_names.py and tests/compatibility",
    "operations/gunicorn.py": "settings of a server, which runs with them in tests/e2e",
    "shortcuts": "compared as a whole with what they shorten, in test_answers.py",
    "upstream": "the very objects of Flask-RESTful, compared with it in test_types.py",
}
"""Modules and folders of Restwell without test files of their names, each with the reason."""


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes(), str(path))


def imported_from(path: Path, module: str) -> set[str]:
    """The names that a file imports from a module, wherever in it."""
    imports = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.ImportFrom))
    return {alias.name for node in imports if node.module == module for alias in node.names}


def modules_of(package: ModuleType) -> Iterator[str]:
    """The names of the modules that stand in the folder of a package."""
    for path in Path(package.__path__[0]).iterdir():
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            yield path.stem


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """What each module of Restwell imports of Restwell, also inside of functions and for type checkers."""
    graph = grimp.build_graph("restwell", cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def test_no_two_modules_import_each_other(imports: dict[str, set[str]]) -> None:
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_the_names_of_restwell_stand_above_all_that_they_come_from(imports: dict[str, set[str]]) -> None:
    """A module below asks for another module, not for all of Restwell."""
    asking = {module for module, imported in imports.items() if "restwell" in imported}
    assert {module.split(".")[1] for module in asking} <= {"cli", "flask_restful", "project", "testing"}


def test_shortcuts_import_only_what_they_shorten(imports: dict[str, set[str]]) -> None:
    inside = {module for module in imports if module.startswith("restwell.shortcuts")}
    assert {imported for module in inside for imported in imports[module]} - inside <= SHORTENED


@pytest.mark.parametrize("path", ["restwell/api.py", "restwell/data/database.py"])
def test_shortcuts_are_asked_for_once(path: str) -> None:
    tree = parsed(ROOT / path)
    names = imported_from(ROOT / path, "restwell.shortcuts") | {"shortcuts"}
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node.func))
    ]
    assert len(calls) == 1


def test_current_alone_asks_flask_for_the_application_and_the_request() -> None:
    """The doors of Flask-RESTful and Flask-JSON only hand the names on, as those packages do."""
    asking = set()
    for path in SOURCES:
        proxies = PROXIES & (imported_from(path, "flask") | imported_from(path, "flask.globals"))
        used = {node.id for node in ast.walk(parsed(path)) if isinstance(node, ast.Name)}
        is_door = path.relative_to(ROOT / "restwell").parts[0] in ("flask_restful", "flask_json.py")
        if proxies and (used & proxies or not is_door):
            asking.add(path.relative_to(ROOT).as_posix())
    assert asking == {"restwell/current.py"}


def test_proxies_of_flask_are_not_used_by_their_module_either() -> None:
    for path in SOURCES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "flask":
                assert node.attr not in PROXIES, f"{path}:{node.lineno}"


def test_no_module_is_called_after_nothing() -> None:
    meaningless = {"common", "helpers", "misc", "tools", "util", "utils"}
    named = {path.relative_to(ROOT).as_posix() for path in SOURCES if {path.stem, *path.parts} & meaningless}
    # Flask-RESTful calls some of its modules so, and ours stand where its are imported from.
    assert {path for path in named if not path.startswith(("restwell/flask_restful/", "restwell/upstream/"))} == set()


def test_no_name_is_a_module_and_something_else() -> None:
    for path in SOURCES:
        if path.name == "__init__.py":
            name = ".".join(path.relative_to(ROOT).parent.parts)
            package = import_module(name)
            for module in modules_of(package):
                if module not in ("__init__", "__main__") and not name.startswith("restwell.flask_restful"):
                    value = getattr(package, module, None)
                    assert value is None or isinstance(value, ModuleType), f"{name}.{module}"
    assert not {*restwell.__all__} & {*modules_of(restwell)}


def test_restwell_knows_nothing_of_items() -> None:
    """No code does; docstrings may show an item as an example."""
    for path in SOURCES:
        tree = parsed(path)
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                assert not re.match(r"_?items?(_|$)", node.name.lower()), f"{path}:{node.lineno}"
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                assert not re.search(r"/items(?!\.db)", node.value), f"{path}:{node.lineno}"


def test_models_take_only_what_is_about_data() -> None:
    for path in (ROOT / "models").rglob("*.py"):
        assert imported_from(path, "restwell") <= DATA_NAMES


def test_the_front_door_is_short() -> None:
    assert len((ROOT / "run.py").read_text().splitlines()) <= 60


def test_every_extra_that_is_named_exists() -> None:
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg")
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "Makefile", *(ROOT / "docs").rglob("*.md")]
    named = {
        extra.strip()
        for path in [*SOURCES, *pages, ROOT / "setup.cfg"]
        # `.[data]` is the same of a clone.
        for extras in re.findall(r"(?:\brestwell|[' ]\.)\[([a-z, ]+)\]", path.read_text())
        for extra in extras.split(",")
    }
    assert {"auth", "data", "dev", "limiter", "postgres", "redis"} <= named
    assert named <= {*settings["options.extras_require"]}


def test_every_module_has_its_tests() -> None:
    missing = []
    for path in SOURCES:
        relative = path.relative_to(ROOT / "restwell")
        tests = ROOT / "tests" / "restwell" / relative.parent / f"test_{relative.name}"
        is_exempt = {relative.as_posix(), relative.parts[0]} & {*EXEMPT}
        if path.name != "__init__.py" and not is_exempt and not tests.is_file():
            missing.append(relative.as_posix())
    assert missing == []


def test_what_is_exempt_is_there() -> None:
    assert all((ROOT / "restwell" / path).exists() for path in EXEMPT)
