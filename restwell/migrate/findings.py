"""Findings: what in somebody's code wants a look by people when it moves to Restwell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.machinery import PathFinder
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeAlias

from werkzeug.exceptions import default_exceptions

from restwell.migrate.rewriting import PACKAGES, package_of

DEPENDENTS = frozenset(
    {
        "flasgger",
        "flask_injector",
        "flask_restful_swagger",
        "flask_restful_swagger_2",
        "flask_restful_swagger_3",
        "safrs",
    }
)
"""Packages that import Flask-RESTful, known without being installed."""

_Found: TypeAlias = Iterator[tuple[int, str]]  # lines and messages

_TELLING = (ast.Attribute, ast.Call, ast.ClassDef, ast.Constant, ast.ImportFrom)

_OURS = frozenset({*PACKAGES, "restwell"})
_MODULE_NAME = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)*(?::\w+)?|flask\.ext\.(?:restful|json)(?:\.\w+)*")
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(?:flask_restful\b|flask\.ext\.restful\b)", re.MULTILINE)

_HTTP_ERRORS = frozenset({"HTTPException", *(error.__name__ for error in default_exceptions.values())})
_EVERYTHING = frozenset({"Exception", "BaseException", "InternalServerError", "INTERNAL_SERVER_ERROR", "500"})
_REGISTRATIONS = frozenset({"errorhandler", "app_errorhandler", "register_error_handler"})

_PRIVATE_ANYWHERE = frozenset(
    {
        "_blueprint_setup_add_url_rule_patch",
        "_complete_url",
        "_deferred_blueprint_init",
        "_get_propagate_exceptions_bool",
        "_handle_flask_propagate_exceptions_config",
        "_has_fr_route",
        "_should_use_fr_error_handler",
    }
)
# Other code has methods of these names as well: they count where Flask-RESTful is imported.
_PRIVATE_BESIDE_IMPORT = frozenset({"_init_app", "_register_view"})


class Finding(NamedTuple):
    """One thing to look at.

    :param path: the file.
    :param line: the line in it, 0 for the file as a whole.
    :param message: what is there, and what it means.
    """

    path: Path
    line: int
    message: str


def in_code(path: Path, tree: ast.Module) -> Iterator[Finding]:
    """Find what the migration guide has to say about a file of code.

    :param path: the file.
    :param tree: its syntax tree, before or after the imports were renamed.
    :returns: the findings, in no order.

    ::

        tree = ast.parse("api._complete_url('/', '')")
        assert [finding.line for finding in in_code(Path("app.py"), tree)] == [1]
    """
    modules = list(_imported(tree))
    imports_it = any(_is_replaced(module) for module, _ in modules)
    seen: set[str] = set()
    for module, line in sorted(modules, key=lambda imported: imported[1]):
        package = module.split(".")[0]
        if package not in seen and imports_flask_restful(package):
            yield Finding(
                path,
                line,
                f"{package} imports flask_restful itself, and goes on with it: an Api that it brings answers as "
                "Flask-RESTful does; Resources, parsers and abort of both work in one application",
            )
        seen.add(package)
    private = _PRIVATE_ANYWHERE | _PRIVATE_BESIDE_IMPORT if imports_it else _PRIVATE_ANYWHERE
    # In setup.py a name alone is a requirement, and is found as one.
    passed = set(ast.walk(tree)) if path.name == "setup.py" else _texts_that_name_no_module(tree)
    for node in ast.walk(tree):
        if not isinstance(node, _TELLING):
            continue
        found = chain(_error_handler(node), _overridden_handle_error(node), _private_names(node, private))
        for line, message in chain(found, () if node in passed else _module_name(node)):
            yield Finding(path, line, message)


def imports_sqlalchemy(tree: ast.Module) -> bool:
    """Return whether a file of code imports SQLAlchemy or Flask-SQLAlchemy.

    :param tree: its syntax tree.
    """
    return any(module.split(".")[0] in {"sqlalchemy", "flask_sqlalchemy"} for module, _ in _imported(tree))


@cache
def imports_flask_restful(package: str) -> bool:
    """Return whether a package of other people imports Flask-RESTful: by its installed source, which is not run.

    :param package: the name that code imports; a package of the project itself is none of other people.
    """
    if package in DEPENDENTS:
        return True
    specification = None if package in _OURS else PathFinder.find_spec(package)
    if specification is None or not specification.has_location or specification.origin is None:
        return False
    origin = Path(specification.origin)
    if not {"site-packages", "dist-packages"}.intersection(origin.parts):
        return False
    if specification.submodule_search_locations is None:
        return origin.suffix == ".py" and _imports_it(origin)
    return any(
        _imports_it(file)
        for file in origin.parent.rglob("*.py")
        if not {"tests", "test", "examples"}.intersection(file.relative_to(origin.parent).parts)
    )


def _imports_it(file: Path) -> bool:
    try:
        return _IMPORT.search(file.read_bytes()) is not None
    except OSError:
        return False


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            if node.module == "restwell":
                yield from ((f"restwell.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno


def _overridden_handle_error(node: ast.AST) -> _Found:
    lines = [method.lineno for method in _methods_of_api(node) if method.name == "handle_error"]
    if isinstance(node, ast.Attribute) and node.attr == "handle_error" and isinstance(node.ctx, ast.Store):
        lines.extend([node.lineno] if _last_name(node.value).lower().endswith("api") else [])
    for line in lines:
        yield (
            line,
            "handle_error is overridden: it is called for the errors that Flask-RESTful calls it for, and what it "
            "raises goes on to Flask's own handlers",
        )


def _error_handler(node: ast.AST) -> _Found:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr not in _REGISTRATIONS:
        return
    keywords = (keyword.value for keyword in node.keywords if keyword.arg == "code_or_exception")
    registered = next(iter(node.args), next(keywords, None))
    if registered is None:
        return
    name = repr(registered.value) if isinstance(registered, ast.Constant) else _last_name(registered)
    if name in _EVERYTHING:
        yield (
            node.lineno,
            f"a handler for {name}: it answers for unexpected exceptions, in a Resource too; HTTP errors of Resources "
            "the Api answers itself",
        )
    elif name in _HTTP_ERRORS or name.isdigit() or name.isupper() or name.islower():
        # A name in capitals is one of http.HTTPStatus, one in small letters a variable.
        yield (
            node.lineno,
            f"a handler for {name}: it answers for the application's other views; abort() in a Resource the Api "
            "answers itself, as Flask-RESTful does",
        )


def _private_names(node: ast.AST, names: frozenset[str]) -> _Found:
    used = [(method.lineno, method.name) for method in _methods_of_api(node) if method.name in names]
    if isinstance(node, ast.Attribute) and node.attr in names:
        used.append((node.lineno, node.attr))
    elif isinstance(node, ast.ImportFrom) and not node.level and _is_replaced(node.module or ""):
        used.extend((node.lineno, alias.name) for alias in node.names if re.match(r"_(?!_)", alias.name))
    for line, name in used:
        yield line, f"{name} is a private name: nothing promises what it does; test what depends on it"


def _module_name(node: ast.AST) -> _Found:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _MODULE_NAME.fullmatch(node.value):
        new = "restwell." + re.sub(r"^flask\.ext\.", "flask_", node.value)
        yield (
            node.lineno,
            f"the text {node.value!r} is left alone: where it names what to import or to patch, write {new!r}",
        )


def _texts_that_name_no_module(tree: ast.Module) -> set[ast.AST]:
    """Return docstrings, and annotations: the names in those are still bound."""
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            passed.add(node.value)
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(annotation, ast.AST):
                passed.update(ast.walk(annotation))
    return passed


def _methods_of_api(node: ast.AST) -> list[ast.FunctionDef]:
    """Return the methods of a class that extends some Api, by the name of that class."""
    if not isinstance(node, ast.ClassDef) or not any(_last_name(base).lower().endswith("api") for base in node.bases):
        return []
    return [member for member in node.body if isinstance(member, ast.FunctionDef)]


def _is_replaced(module: str) -> bool:
    return package_of(module.removeprefix("restwell.")) is not None


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
