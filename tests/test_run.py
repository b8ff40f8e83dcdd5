"""What ``create_app`` puts together, and when the database is prepared."""

import importlib.util
import sqlite3
from contextvars import copy_context
from pathlib import Path
from typing import Any

import flask
import pytest
from alembic.util import CommandError
from flask import Flask

import run
from models import items
from restwell import setup
from restwell.configuration import ConfigurationError
from restwell.operations import development
from run import create_app


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "items.db"


def application(database: Path, **config: Any) -> Flask:
    return create_app({"DATABASE_URL": f"sqlite:///{database}", **config})


def development_server(config: dict[str, Any]) -> Flask:
    """The application as ``python run.py`` makes it."""

    def make() -> Flask:
        development._is_serving.set(True)
        return create_app(config)

    return copy_context().run(make)


def names_after_a_development_start(database: Path) -> list[str]:
    development_server({"DATABASE_URL": f"sqlite:///{database}"})
    with sqlite3.connect(database) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM items ORDER BY id")]


def test_configuration_of_the_caller_counts(database: Path) -> None:
    app = application(database, TESTING=True, MAX_CONTENT_LENGTH=77)
    assert app.testing
    assert app.config["MAX_CONTENT_LENGTH"] == 77


def test_wrong_configuration_is_refused(database: Path) -> None:
    with pytest.raises(ConfigurationError, match="API_ERROR_FORMAT must be one of"):
        application(database, API_ERROR_FORMAT="xml")


@pytest.mark.parametrize(
    ("config", "body"),
    [
        ({}, {"error": "Not Found", "message": "Item 7 not found", "status": 404}),
        ({"API_ERROR_FORMAT": "restful", "API_STATUS_IN_BODY": False}, {"message": "Item 7 not found"}),
    ],
)
def test_errors_are_written_as_configured(database: Path, config: dict[str, Any], body: dict[str, Any]) -> None:
    names_after_a_development_start(database)
    assert application(database, **config).test_client().get("/api/items/7").json == body


def test_instance_folder_is_beside_the_code_wherever_it_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert application(database).instance_path == str(Path(run.__file__).parent / "instance")


def test_application_is_made_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, database: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")
    specification = importlib.util.spec_from_file_location("fresh", run.__file__)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    assert isinstance(module.app, Flask)
    assert module.app is module.app


def test_module_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'application'"):
        run.application  # noqa: B018 - looking it up is the test


def test_nothing_is_opened_before_the_first_request(database: Path) -> None:
    application(database)
    assert not database.exists()


def test_development_server_prepares_a_new_database(database: Path) -> None:
    assert names_after_a_development_start(database) == ["Widget", "Gadget"]


def test_development_server_leaves_a_used_database_as_it_is(database: Path) -> None:
    names_after_a_development_start(database)
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM items")
    assert names_after_a_development_start(database) == []


def test_development_server_refuses_a_newer_database(database: Path) -> None:
    names_after_a_development_start(database)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
    with pytest.raises(CommandError, match="newer than the application, which does not know its revision later"):
        names_after_a_development_start(database)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user@127.0.0.1:1/items?password=sekrit",
        "postgresql://user:sekrit@127.0.0.1:1/items?sslpassword=sekrit&application_name=x",
        "postgresql://user:sekrit@127.0.0.1:port/items",
        "postgresql://user:sekrit@[127.0.0.1/items",
        "mysql://user:sekrit@127.0.0.1/items",
        "user:sekrit@127.0.0.1",
    ],
)
def test_start_does_not_show_the_password_of_the_database(url: str) -> None:
    with pytest.raises((CommandError, ConfigurationError)) as caught:
        development_server({"DATABASE_URL": url})
    assert "sekrit" not in str(caught.value)
    assert "sekrit" not in str(caught.value.__cause__ or "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "FLASK_SECRET_KEY"])
def test_secret_key_of_the_environment_is_a_text(monkeypatch: pytest.MonkeyPatch, database: Path, name: str) -> None:
    monkeypatch.setenv(name, "123456789")
    app = application(database)
    assert app.secret_key == "123456789"

    @app.get("/visits")
    def visits() -> dict[str, int]:
        flask.session["visits"] = flask.session.get("visits", 0) + 1
        return {"visits": flask.session["visits"]}

    client = app.test_client()
    assert [client.get("/visits").json for _ in range(2)] == [{"visits": 1}, {"visits": 2}]


def test_secret_key_of_the_application_stays(database: Path) -> None:
    app = Flask(__name__)
    app.secret_key = b"bytes are what Flask's documentation has"
    setup(app)
    assert app.secret_key == b"bytes are what Flask's documentation has"


def test_failed_preparation_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, database: Path) -> None:
    monkeypatch.setattr(items, "SAMPLES", [*items.SAMPLES, {"name": "Debt", "price": -1}])
    with pytest.raises(CommandError, match="CHECK constraint failed"):
        names_after_a_development_start(database)
    monkeypatch.undo()
    assert names_after_a_development_start(database) == ["Widget", "Gadget"]
