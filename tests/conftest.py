"""What the tests of several rooms share: the application on a database of its own."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from restwell.shortcuts import VERSIONS, known
from run import create_app

if os.environ.get("CI") != "true":  # where Hypothesis has such a profile by itself
    settings.register_profile("unhurried", deadline=None)  # nothing here is a matter of milliseconds
    settings.load_profile("unhurried")

if os.environ.get("SHORTCUTS_FOR") == "installed":  # to find out whether their releases can be written into the table
    VERSIONS.update({library: frozenset({version(library)}) for library in VERSIONS})

ROOT = Path(__file__).parent.parent
_END_IDLE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle'"
)
POSTGRESQL_SERVER = "postgresql://postgres@127.0.0.1:5432"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The application with an empty SQLite database."""
    app = create_app({"TESTING": True, "DATABASE_URL": f"sqlite:///{tmp_path}/items.db"})
    with app.app_context():
        flask_migrate.upgrade()
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application."""
    return app.test_client()


@pytest.fixture(params=["on", "off"])
def shortcuts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the applications that the test makes take shortcuts: it runs with them and without."""
    if request.param == "off":
        monkeypatch.setenv("RESTWELL_SHORTCUTS", "off")
    elif not all(map(known, VERSIONS)):
        pytest.skip("the shortcuts are switched off, or not known to be safe with what is installed")
    return bool(request.param == "on")


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[str]:
    """The URL of a database that these tests have for themselves."""
    try:
        server = psycopg.connect(f"{POSTGRESQL_SERVER}/postgres", autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no PostgreSQL server to test on: {error}")
    name = f"restwell_test_{uuid.uuid4().hex}"
    with server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{POSTGRESQL_SERVER}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql_url(postgresql_database: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    yield postgresql_database
    with psycopg.connect(postgresql_database) as connection:
        connection.execute("SET lock_timeout = '10s'")  # a test that leaves a transaction open fails, and nothing hangs
        connection.execute(_END_IDLE)  # those of applications that nobody has collected yet, of which there is a limit
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/items.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture(scope="session")
def variables() -> dict[str, str]:
    """The environment's variables without what would lead another interpreter to the sources in this repository."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MYPYPATH")}


@pytest.fixture(scope="session")
def wheel(variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this repository, as an index would have it."""
    directory = tmp_path_factory.mktemp("wheel")
    source = directory / "source"  # a copy, so that nothing of an older build gets into the wheel
    left_out = (".*", "__pycache__", "build", "dist", "*.egg-info", "instance")
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*left_out))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", source, "--no-deps", "--wheel-dir", directory], check=True, env=variables)
    (wheel,) = directory.glob("*.whl")
    return wheel
