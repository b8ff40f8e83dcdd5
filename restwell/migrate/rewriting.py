"""Rewriting: imports of Flask-RESTful and Flask-JSON become imports of the packages that stand in for them.

Only import statements change. ``import flask_restful`` becomes ``from restwell import flask_restful``, which binds the
same name, so that every use of that name, wherever and however it is written, goes on working as it stands.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

PACKAGES = {"flask_restful": "Flask-RESTful", "flask_json": "Flask-JSON"}
"""The packages that are left, by the name that code imports, with the name that people know."""

_HOME = "restwell"
_EXTENSIONS = {"restful": "flask_restful", "json": "flask_json"}  # flask.ext.restful, until Flask 1.0
_NEWLINE = re.compile(r"\r\n|\r|\n")  # what ends a line for Python; str.splitlines() knows more
_GAP = r"(?:[ \t\f]|\\(?:\r\n|\r|\n))"  # what may stand between two tokens of a line
_FROM = re.compile(rf"from{_GAP}+")
_DOT = rf"{_GAP}*\.{_GAP}*"


@dataclass(frozen=True)
class Rewriting:
    """What became of a text.

    :param text: the new text.
    :param left: the lines (of the text as it was) with an import that people have to change, and what they write.
    """

    text: str
    left: tuple[tuple[int, str], ...]


class _Edit(NamedTuple):
    start: int
    end: int
    replacement: str


def package_of(module: str) -> str | None:
    """Return the package that a dotted module name belongs to, if it is one of :data:`PACKAGES`.

    :param module: a name as it stands in an import; ``flask.ext.restful`` is an old name of ``flask_restful``.

    ::

        assert package_of("flask_restful.fields") == "flask_restful"
        assert package_of("flask_restful_swagger") is None
    """
    names = module.split(".")
    if names[:2] == ["flask", "ext"] and len(names) > 2:
        return _EXTENSIONS.get(names[2])
    return names[0] if names[0] in PACKAGES else None


def rewrite(text: str, tree: ast.Module) -> Rewriting:
    """Rename the imports of a text.

    :param text: the text of a Python file, without a byte order mark.
    :param tree: its syntax tree.
    :returns: the new text, and what could not be renamed. Rewriting the new text again changes nothing.

    ::

        text = "from flask_restful import Api  # ours\\n"
        assert rewrite(text, ast.parse(text)).text == "from restwell.flask_restful import Api  # ours\\n"
    """
    imports = _Imports(text)
    edits: list[_Edit] = []
    left: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            try:
                edits.extend(imports.of_modules(node) if isinstance(node, ast.Import) else imports.of_names(node))
            except _LeftError as reason:
                left.append((node.lineno, str(reason)))
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return Rewriting(text, tuple(sorted(left)))


class _LeftError(Exception):
    """An import that cannot be renamed without changing what the code around it means."""


class _Imports:
    """The import statements of a text, and the edits that rename them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line_starts = [0, *(newline.end() for newline in _NEWLINE.finditer(text)), len(text)]

    def of_names(self, node: ast.ImportFrom) -> list[_Edit]:
        """Edit ``from module import names``: nothing but the name of the module."""
        module, start = node.module or "", self._start(node)
        if node.level:
            return []  # a module of the project itself
        if package_of(module):
            return [self._module(self._after_from(start), module)]
        if module != "flask.ext" or not any(alias.name in _EXTENSIONS for alias in node.names):
            return []
        if not all(alias.name in _EXTENSIONS for alias in node.names):
            raise _LeftError("Flask 1.0 took flask.ext away: import each extension from its own package")
        edits = [self._dotted(self._after_from(start), ["flask", "ext"], _HOME)]
        for alias in node.names:
            name = _EXTENSIONS[alias.name] + ("" if alias.asname else f" as {alias.name}")
            edits.append(self._dotted(self._start(alias), [alias.name], name))
        return edits

    def of_modules(self, node: ast.Import) -> list[_Edit]:
        """Edit ``import modules``: a module that is bound by its own name needs a statement of its own."""
        if not any(package_of(alias.name) for alias in node.names):
            return []
        for alias in node.names:
            if alias.asname is None and alias.name.startswith("flask.ext.") and (package := package_of(alias.name)):
                raise _LeftError(
                    f"Flask 1.0 took flask.ext away: write from restwell import {package}, "
                    f"and {package} for flask.ext.{alias.name.split('.')[2]} where it is used"
                )
        renamed = [self._module(self._start(alias), alias.name) for alias in node.names if package_of(alias.name)]
        if all(alias.asname for alias in node.names if package_of(alias.name)):
            return renamed
        start, end = self._start(node), self._end(node)
        separator = self._separator(start, end)
        return [_Edit(start, end, separator.join(self._statements(node.names)))]

    def _statements(self, aliases: list[ast.alias]) -> Iterator[str]:
        together: list[ast.alias] = []  # neighbours that can stay in one statement, in their own layout
        bound = None
        for alias in aliases:
            package = package_of(alias.name)
            if package is None or alias.asname:
                together.append(alias)
                continue
            if together:
                yield self._statement(together)
                together, bound = [], None  # they may have bound the same name to something else
            if "." in alias.name:
                yield f"import {_HOME}.{alias.name}"  # the name below does not import the module within the package
            if bound != package:
                yield f"from {_HOME} import {package}"
            bound = package
        if together:
            yield self._statement(together)

    def _statement(self, aliases: list[ast.alias]) -> str:
        start, end = self._start(aliases[0]), self._end(aliases[-1])
        text = self._text[start:end]
        for alias in reversed(aliases):
            if package_of(alias.name):
                edit = self._module(self._start(alias), alias.name)
                text = text[: edit.start - start] + edit.replacement + text[edit.end - start :]
        return "import " + text

    def _module(self, start: int, module: str) -> _Edit:
        names = module.split(".")
        old = names[:3] if names[0] == "flask" else names[:1]
        return self._dotted(start, old, f"{_HOME}.{package_of(module)}")

    def _dotted(self, start: int, names: list[str], replacement: str) -> _Edit:
        match = re.compile(_DOT.join(map(re.escape, names))).match(self._text, start)
        if match is None:  # Python reads letters of full width and the like as the plain ones
            raise _LeftError(f"the import is written in a way that is not understood: write {replacement}")
        return _Edit(match.start(), match.end(), replacement)

    def _after_from(self, start: int) -> int:
        match = _FROM.match(self._text, start)
        if match is None:
            raise _LeftError("the import is written in a way that is not understood")
        return match.end()

    def _separator(self, start: int, end: int) -> str:
        """Return what stands between two statements in place of the one between two positions.

        A statement that stands alone at the beginning of its line is followed by a line; one after a colon, a semicolon
        or a continued line is not, because the next line would not belong to it.
        """
        line = self._text.rfind("\n", 0, start), self._text.rfind("\r", 0, start)
        begin = max(line) + 1
        indentation = self._text[begin:start]
        if indentation.strip(" \t\f") or self._text[:begin].rstrip("\r\n").endswith("\\"):
            return "; "
        newline = _NEWLINE.search(self._text, end) or _NEWLINE.search(self._text)
        return (newline.group() if newline else "\n") + indentation.replace("\f", "")

    def _start(self, node: ast.stmt | ast.alias) -> int:
        return self._offset(node.lineno, node.col_offset)

    def _end(self, node: ast.stmt | ast.alias) -> int:
        if node.end_lineno is None or node.end_col_offset is None:
            raise ValueError("The tree does not come from ast.parse.")
        return self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        """Return the position in the text: Python counts the bytes of UTF-8 within a line."""
        start, end = self._line_starts[line - 1 : line + 1]
        return start + len(self._text[start:end].encode()[:column].decode())
