"""Requirements: lines of requirement and setup files that name what Restwell replaces or hold what is too old."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from restwell.migrate.findings import Finding
from restwell.migrate.rewriting import PACKAGES

_FILE_NAME = re.compile(
    r"(?:.*requirements?.*|constraints.*)\.(?:txt|in)|setup\.py|setup\.cfg|pyproject\.toml|Pipfile|environment.*\.ya?ml"
)
_REPLACED = {package.replace("_", "-"): name for package, name in PACKAGES.items()}
_OLDEST = {"sqlalchemy": (2,), "flask-sqlalchemy": (3, 1), "flask": (3, 1), "werkzeug": (3, 1)}
_PEOPLE_SAY = {
    "sqlalchemy": "SQLAlchemy",
    "flask-sqlalchemy": "Flask-SQLAlchemy",
    "flask": "Flask",
    "werkzeug": "Werkzeug",
}

# A name counts at the beginning of a line (with the dash of YAML), in quotes, or as the egg of a URL, and where a
# version, a marker, a comment or nothing follows. What follows is looked at, not consumed: more names may be in it.
_BEGINNING = r"^[\s-]*(?:(?:install_)?requires\s*=\s*)?"
_NAME = r"(?P<name>[A-Za-z0-9][\w.-]*)(?P<closed>[\"']?)\s*(?:\[[^\]]*\])?\s*"
_END = r"(?=(?P<rest>(?:[<>=!~;@,\"'\]#\\]|--|\d|$).*))"
_LINE = re.compile(rf"(?:{_BEGINNING}|(?P<quote>[\"'])|egg=){_NAME}{_END}")
_QUOTED = re.compile(rf"(?P<quote>[\"']){_NAME}{_END}")
_ABOUT_ITSELF = re.compile(r"\s*[\"']?(?:name|description|keywords|url)\b")
_VERSION = re.compile(r"(===|==|~=|<=|>=|!=|<|>|\^|~|=)\s*[\"']?\s*v?(\d+(?:\.\d+)*)")


def is_requirement_file(path: Path) -> bool:
    """Return whether a file is one that names what an application requires, by its name; lock files are none.

    :param path: the file.

    ::

        assert is_requirement_file(Path("requirements-dev.txt")) and not is_requirement_file(Path("poetry.lock"))
    """
    in_folder = path.parent.name == "requirements" and path.suffix in {".txt", ".in"}
    return in_folder or _FILE_NAME.fullmatch(path.name) is not None


def in_requirements(path: Path) -> Iterator[Finding]:
    """Find the lines to change by hand.

    :param path: a requirement or setup file.
    :returns: the findings, in the order of the lines.
    :raises OSError: when it cannot be read.
    """
    for number, line in enumerate(_text(path).splitlines(), start=1):
        yield from (Finding(path, number, message) for message in _messages(path.name, line))


def installed_sqlalchemy() -> str | None:
    """Return what to say of the SQLAlchemy that is installed beside this command, where it is too old for the extra."""
    try:
        installed = version("SQLAlchemy")
    except PackageNotFoundError:
        return None
    return None if _numbers(installed)[:1] >= (2,) else _too_old("sqlalchemy", f"{installed} is installed")


def _messages(file_name: str, line: str) -> Iterator[str]:
    if line.lstrip().startswith("#") or _ABOUT_ITSELF.match(line):
        return
    if re.search(r"github\.com[/:]flask-restful/flask-restful\b", line, re.IGNORECASE):
        yield _replaced("Flask-RESTful", "restwell")
        return
    for match in (_QUOTED if file_name == "setup.py" else _LINE).finditer(line):
        name = re.sub(r"[-_.]+", "-", match["name"]).lower()
        rest = re.split(r"\s#|;", match["rest"])[0]
        if name in _REPLACED:
            is_key = file_name in {"Pipfile", "pyproject.toml"} and re.match(r"\s*=(?!=)", match["rest"])
            quote = match["quote"] or ""
            yield _replaced(_REPLACED[name], 'restwell = "*"' if is_key else f"{quote}restwell{quote}")
        elif name in _OLDEST and any(
            _is_below(operator, held, _OLDEST[name]) for operator, held in _VERSION.findall(_own(rest, match))
        ):
            yield _too_old(name, f"is held below {'.'.join(map(str, _OLDEST[name]))}")


def _own(rest: str, match: re.Match[str]) -> str:
    """Return the part of a line that speaks of the name: within its quotes, or its value where it is a key."""
    if match["closed"]:
        return rest if rest.startswith("=") else ""
    return rest.split(match["quote"])[0] if match["quote"] else rest


def _replaced(name: str, instead: str) -> str:
    return f"{name} is required here: write {instead} in its place (it brings what it needs of Flask-RESTful itself)"


def _too_old(name: str, how: str) -> str:
    if "sqlalchemy" in name:
        return (
            f"{_PEOPLE_SAY[name]} {how}: restwell[data] needs SQLAlchemy 2 and Flask-SQLAlchemy 3.1; restwell alone "
            "leaves them as they are"
        )
    return f"{_PEOPLE_SAY[name]} {how}, which restwell needs: raise it"


def _is_below(operator: str, held: str, oldest: tuple[int, ...]) -> bool:
    """Return whether no version that a requirement admits is as new as the oldest that will do."""
    numbers = _numbers(held)
    if operator in {"==", "===", "=", "<="}:
        return (numbers + (0,) * len(oldest))[: len(oldest)] < oldest
    if operator == "<":
        return numbers <= oldest
    if operator == "~=":
        numbers = numbers[: max(len(numbers) - 1, 1)]
    elif operator == "~":
        numbers = numbers[:2]
    elif operator == "^":
        numbers = numbers[: next((place for place, number in enumerate(numbers, 1) if number), len(numbers))]
    else:
        return False
    return (*numbers[:-1], numbers[-1] + 1) <= oldest


def _numbers(held: str) -> tuple[int, ...]:
    numbers = [int(number) for number in re.findall(r"\d+", re.match(r"[\d.]*", held)[0])]  # type: ignore[index]
    while len(numbers) > 1 and not numbers[-1]:
        del numbers[-1]
    return tuple(numbers)


def _text(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # as PowerShell writes what `pip freeze` prints
        return content.decode("utf-16", "replace")
    return content.decode("utf-8-sig", "replace")
