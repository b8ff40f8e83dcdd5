"""Project: the files and folders of somebody, migrated in one go."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from restwell.migrate import requirements, rewriting, source
from restwell.migrate.findings import Finding, imports_sqlalchemy, in_code

_PASSED_OVER = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages", "venv"})
_MENTION = re.compile(rb"flask_restful|flask_json|flask\.ext")


@dataclass(frozen=True)
class Change:
    """A file whose imports are to be renamed.

    :param path: the file.
    :param before: its bytes.
    :param after: the bytes that it is to hold.
    """

    path: Path
    before: bytes
    after: bytes

    def diff(self) -> bytes:
        """Return the change as a unified diff, in the encoding and with the line endings of the file.

        ``git apply`` and ``patch -p1`` take it in the folder where the command ran.
        """
        name = os.fsencode(self.path.as_posix().lstrip("/"))
        end = b"\t" if b" " in name else b""  # without it, patch reads the name up to the space
        before, after = (_lines(content) for content in (self.before, self.after))
        lines = difflib.diff_bytes(
            difflib.unified_diff, before, after, b"a/" + name + end, b"b/" + name + end, lineterm=b"\n"
        )
        return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


@dataclass
class Migration:
    """What became of the files.

    :param changes: the files whose imports are to be renamed, and that were not written.
    :param written: those that were.
    :param findings: what people have to look at, in the order of files and lines.
    :param undone: what could not be read, renamed or written although it may want it.
    :param unaffected: how many files of code are right as they are.
    """

    changes: list[Change] = field(default_factory=list)
    written: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    undone: list[Finding] = field(default_factory=list)
    unaffected: int = 0


def migrate(paths: Sequence[Path], *, write: bool = False) -> Migration:
    """Rename the imports of Flask-RESTful and Flask-JSON in files and folders, and find what people have to look at.

    :param paths: files, and folders that are searched for ``*.py`` and for requirement and setup files.
    :param write: write the changes; otherwise no file is touched.
    :returns: what was done, what is left, and what was found. A file that cannot be read or written is named
        there, and does not stop the others.

    ::

        for change in migrate([Path("src")]).changes:
            print(change.path)
    """
    migration = Migration()
    sqlalchemy = requirements.installed_sqlalchemy()
    for path in _files(paths, migration.findings.append):
        if requirements.is_requirement_file(path):
            try:
                migration.findings.extend(requirements.in_requirements(path))
            except OSError as error:
                migration.findings.append(Finding(path, 0, f"could not be read: {error.strerror}"))
        if path.suffix == ".py" or not requirements.is_requirement_file(path):
            try:
                _migrate_code(path, write, migration, sqlalchemy)
            except source.UnreadableError as error:
                mentioned = _mentions(path)
                (migration.undone if mentioned else migration.findings).append(
                    Finding(path, 0, f"could not be read, and is as it was: {error}")
                )
    for found in (migration.findings, migration.undone):
        found.sort()
    return migration


def _migrate_code(path: Path, write: bool, migration: Migration, sqlalchemy: str | None) -> None:
    read = source.read(path)
    tree = source.parse(read.text)
    renamed = rewriting.rewrite(read.text, tree)
    if renamed.text == read.text:
        migration.unaffected += 1
    else:
        change = Change(path, read.content, read.encoded(renamed.text))
        if not write:
            migration.changes.append(change)
        else:
            try:
                source.replace(read, renamed.text)
            except source.UnwritableError as error:
                migration.changes.append(change)
                migration.undone.append(Finding(path, 0, f"could not be written, and is as it was: {error}"))
            else:
                migration.written.append(change)
                tree = source.parse(renamed.text)  # lines are counted in the file as it is now
                renamed = rewriting.rewrite(renamed.text, tree)
    migration.undone.extend(Finding(path, line, message) for line, message in renamed.left)
    migration.findings.extend(in_code(path, tree))
    if sqlalchemy and imports_sqlalchemy(tree):
        migration.findings.append(Finding(path, 0, sqlalchemy))


def _files(paths: Sequence[Path], report: Callable[[Finding], None]) -> Iterator[Path]:
    """Find the files, each once however many paths and links lead to it."""
    seen: set[str] = set()
    for path in paths:
        for file in _below(path, report) if path.is_dir() else [path]:
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                yield file


def _below(folder: Path, report: Callable[[Finding], None]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        report(Finding(Path(error.filename), 0, f"could not be read: {error.strerror}"))

    for name, folders, files in os.walk(folder, onerror=unreadable):
        parent = Path(name)
        folders[:] = sorted(child for child in folders if not _is_passed_over(parent / child, report))
        for file in sorted(files):
            path = parent / file
            if (path.suffix == ".py" or requirements.is_requirement_file(path)) and (
                path.is_file() or path.is_symlink()
            ):
                yield path


def _is_passed_over(folder: Path, report: Callable[[Finding], None]) -> bool:
    if folder.name.startswith(".") or folder.name in _PASSED_OVER or (folder / "pyvenv.cfg").exists():
        return True
    is_copy = folder.name == "flask_restful" and (folder / "reqparse.py").exists() and (folder / "fields.py").exists()
    if is_copy:
        report(Finding(folder, 0, "a copy of Flask-RESTful: it is passed over, and what imports it imports restwell"))
    return is_copy


def _mentions(path: Path) -> bool:
    try:
        return _MENTION.search(path.read_bytes()) is not None
    except OSError:
        return True


def _lines(content: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", content)
