"""Source: what the code of a view says about the requests that it reads and the responses that it gives."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import flask
import werkzeug.exceptions
from werkzeug.wrappers import Response

from restwell import upstream
from restwell.errors.raising import APIError, JsonError, abort, abort_if_missing

_ABORTS = (abort, flask.abort, upstream.abort, werkzeug.exceptions.abort)
_FULL_RESPONSES = (flask.make_response, flask.redirect)
"""Functions besides the response classes whose result has a status of its own."""


@dataclass
class Source:
    """What stands literally in a view's own function; what it gets from other functions is not known.

    :param successes: the names of the headers that are returned with each status; the status is ``None`` where the
        code says that it decides itself.
    :param errors: the statuses that ``abort``, ``abort_if_missing`` or a raised HTTP error give.
    :param parsers: the parsers whose ``parse_args`` is called.
    """

    successes: dict[int | None, set[str]] = field(default_factory=dict)
    errors: set[int] = field(default_factory=set)
    parsers: list[upstream.reqparse.RequestParser] = field(default_factory=list)


def source_of(view: Callable[..., Any]) -> Source:
    """Read the code of a view.

    :param view: a method of a Resource, with or without decorators made with :func:`functools.wraps`.
    :returns: what it says; nothing where its code is not at hand.

    ::

        def post(self):
            args = parser.parse_args()
            return create(args), 201, {"Location": "/things/1"}

        source_of(post).successes  # {201: {"Location"}}
    """
    function = inspect.unwrap(view)
    source = Source()
    try:
        definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        names = inspect.getclosurevars(function)
    except (OSError, TypeError, SyntaxError):
        return source
    if not isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
        return source
    namespace = {**names.builtins, **names.globals, **names.nonlocals}
    nodes = list(_own_nodes(definition))
    for node in nodes:
        if isinstance(node, ast.Return):
            _read_return(node.value, namespace, source)
        elif isinstance(node, ast.Raise):
            _read_raise(node.exc, namespace, source)
        elif isinstance(node, ast.Call):
            _read_call(node, namespace, source)
    returns = any(isinstance(node, ast.Return) for node in nodes)
    if not returns and not _never_returns(definition.body[-1], namespace):
        source.successes[200] = set()
    return source


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside of it."""
    body = node.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ast.iter_child_nodes(node)
    for child in body:
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield child
            yield from _own_nodes(child)


def _resolved(node: ast.expr | None, namespace: Mapping[str, Any]) -> Any:
    """The object that a literal, a name or a dotted name stands for; ``None`` for anything else."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return namespace.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _resolved(node.value, namespace)
        # Attributes of other objects may run code, and those of Flask's proxies need a request.
        return getattr(owner, node.attr, None) if isinstance(owner, ModuleType | type) else None
    return None


def _is_one_of(called: Any, functions: Iterable[Any]) -> bool:
    return any(called is function for function in functions)


def _read_return(value: ast.expr | None, namespace: Mapping[str, Any], source: Source) -> None:
    if isinstance(value, ast.IfExp):
        _read_return(value.body, namespace, source)
        _read_return(value.orelse, namespace, source)
        return
    if not isinstance(value, ast.Tuple) or len(value.elts) not in (2, 3):
        source.successes.setdefault(None if _is_full_response(value, namespace) else 200, set())
        return
    headers = value.elts[2] if len(value.elts) == 3 else None
    names = {_resolved(key, namespace) for key in headers.keys} if isinstance(headers, ast.Dict) else set()
    for status in _statuses(value.elts[1], namespace):
        if status is not None and status >= 400:
            source.errors.add(status)
        else:
            source.successes.setdefault(status, set()).update(name for name in names if isinstance(name, str))


def _statuses(node: ast.expr, namespace: Mapping[str, Any]) -> Iterator[int | None]:
    if isinstance(node, ast.IfExp):
        yield from _statuses(node.body, namespace)
        yield from _statuses(node.orelse, namespace)
    else:
        status = _resolved(node, namespace)
        yield int(status) if isinstance(status, int) else None


def _is_full_response(value: ast.expr | None, namespace: Mapping[str, Any]) -> bool:
    called = _resolved(value.func, namespace) if isinstance(value, ast.Call) else None
    return _is_one_of(called, _FULL_RESPONSES) or (isinstance(called, type) and issubclass(called, Response))


def _argument(call: ast.Call, position: int, name: str, namespace: Mapping[str, Any], default: Any = None) -> Any:
    if len(call.args) > position:
        return _resolved(call.args[position], namespace)
    return next((_resolved(given.value, namespace) for given in call.keywords if given.arg == name), default)


def _read_raise(raised: ast.expr | None, namespace: Mapping[str, Any], source: Source) -> None:
    call = raised if isinstance(raised, ast.Call) else None
    kind = _resolved(call.func if call else raised, namespace)
    if not isinstance(kind, type):
        return
    status = None
    if issubclass(kind, APIError):
        status = _argument(call, 1, "status_code", namespace, 400) if call else None
    elif issubclass(kind, JsonError):
        status = _argument(call, 0, "status_", namespace, 400) if call else 400
    elif issubclass(kind, werkzeug.exceptions.HTTPException):
        status = kind.code
    if isinstance(status, int):
        source.errors.add(status)


def _read_call(call: ast.Call, namespace: Mapping[str, Any], source: Source) -> None:
    called = _resolved(call.func, namespace)
    if called is abort_if_missing:
        source.errors.add(404)
    elif _is_one_of(called, _ABORTS):
        status = _argument(call, 0, "http_status_code", namespace)
        if isinstance(status, int):
            source.errors.add(status)
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "parse_args":
        parser = _resolved(call.func.value, namespace)
        if isinstance(parser, upstream.reqparse.RequestParser):
            source.parsers.append(parser)


def _never_returns(last: ast.stmt, namespace: Mapping[str, Any]) -> bool:
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return _is_one_of(_resolved(last.value.func, namespace), _ABORTS)
    return isinstance(last, ast.Raise)
