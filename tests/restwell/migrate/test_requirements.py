"""What a project says it requires, and what to write instead."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from restwell.migrate import migrate, requirements


def write(path: Path, content: str | bytes = "import flask_restful\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


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
