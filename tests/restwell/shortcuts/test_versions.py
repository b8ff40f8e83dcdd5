"""Which releases of a library the shortcuts are taken for, and what happens with any other."""

import logging
import sys
from importlib.metadata import version
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import flask
import pytest
import sqlalchemy
import werkzeug
from flask import Flask, Response
from sqlalchemy import Connection, literal, select
from sqlalchemy.pool import QueuePool
from werkzeug.routing import Map, MapAdapter

from restwell import Api, Resource, shortcuts
from restwell.data.database import Database

ONE = select(literal(1).label("one"))


@pytest.fixture(autouse=True)
def _switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESTWELL_SHORTCUTS", raising=False)
    monkeypatch.setattr(shortcuts, "_told", set())
    monkeypatch.setitem(shortcuts.VERSIONS, "SQLAlchemy", frozenset({sqlalchemy.__version__}))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What of SQLAlchemy's own was called: both methods are changed, as a new release may change them."""
    called: list[str] = []
    execute, connect = Connection.execute, QueuePool.connect

    def new_execute(self: Connection, *args: Any, **kwargs: Any) -> Any:
        called.append("execute")
        return execute(self, *args, **kwargs)

    def new_connect(self: QueuePool) -> Any:
        called.append("connect")
        return connect(self)

    monkeypatch.setattr(Connection, "execute", new_execute)
    monkeypatch.setattr(QueuePool, "connect", new_connect)
    return called


def run(tmp_path: Path) -> None:
    """Run a statement in a new application."""
    db, app = Database(), Flask("app")
    app.config["DATABASE_URL"] = f"sqlite:///{tmp_path}/items.db"
    db.init_app(app)
    with app.app_context():
        assert db.rows(db.statement(ONE)) == [{"one": 1}]
        db.engine.dispose()


def test_known_release_is_taken_a_shortcut_for(tmp_path: Path, calls: list[str]) -> None:
    run(tmp_path)
    assert calls == []


def test_new_release_runs_its_own_code(
    tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sqlalchemy, "__version__", "2.0.99")
    for _ in range(2):
        run(tmp_path)
    assert calls == ["connect", "execute"] * 2
    assert [record.getMessage() for record in caplog.records if record.name == "restwell.shortcuts"] == [
        "shortcuts for SQLAlchemy 2.0.99 are not known to be safe; the plain way is taken"
    ]


def test_private_parts_of_a_new_release_are_not_even_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlalchemy, "__version__", "2.0.99")
    monkeypatch.setitem(sys.modules, "restwell.shortcuts.engines", None)
    run(tmp_path)


@pytest.mark.parametrize("off", ["off", "OFF ", "0", "false", "no"])
def test_all_are_switched_off_in_the_environment(
    tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, off: str
) -> None:
    monkeypatch.setenv("RESTWELL_SHORTCUTS", off)
    with caplog.at_level(logging.INFO, "restwell"):
        run(tmp_path)
    assert calls == ["connect", "execute"]
    assert not any(shortcuts.known(library) for library in shortcuts.VERSIONS)
    assert "RESTWELL_SHORTCUTS is off; the plain way is taken" in caplog.messages


@pytest.mark.parametrize("library", ["Flask", "Werkzeug"])
def test_version_is_that_of_the_distribution_where_the_module_has_none(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(shortcuts.VERSIONS, library, frozenset({version(library)}))
    assert shortcuts.known(library)
    monkeypatch.setitem(shortcuts.VERSIONS, library, frozenset({"0.1"}))
    assert not shortcuts.known(library)


COPIED = (
    (Flask, "process_response"),
    (Map, "bind_to_environ"),
    (MapAdapter, "match"),
    (Response, "get_wsgi_headers"),
)
"""Methods of Flask's and Werkzeug's that every request meets, and a shortcut avoids."""


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Those that were called: each is changed, as a new release may change it, and no patch of somebody's."""
    called: set[str] = set()

    def change(owner: type, name: str) -> None:
        method = getattr(owner, name)

        def new(*args: Any, **kwargs: Any) -> Any:
            called.add(name)
            return method(*args, **kwargs)

        of_the_module = FunctionType(new.__code__, method.__globals__, name, None, new.__closure__)
        monkeypatch.setattr(owner, name, of_the_module)

    for owner, name in COPIED:
        change(owner, name)
    return called


def ask() -> None:
    """Have a new application answer a request."""
    app = Flask("app")
    Api(app).add_resource(type("Item", (Resource,), {"get": lambda self: {"id": 7}}), "/item")
    app.before_request(lambda: None)
    assert app.test_client().get("/item").json == {"id": 7}


def test_known_release_of_flask_is_taken_a_shortcut_for(copied: set[str]) -> None:
    if not (shortcuts.known("Flask") and shortcuts.known("Werkzeug")):
        pytest.skip("there are no shortcuts for the releases that are installed")
    ask()
    assert copied == set()


@pytest.mark.parametrize("library", [flask, werkzeug], ids=["Flask", "Werkzeug"])
def test_new_release_of_flask_or_werkzeug_runs_its_own_code(
    library: ModuleType, copied: set[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(vars(library), "__version__", "3.1.99")
    for name in ("contexts", "responses", "routing"):
        monkeypatch.setitem(sys.modules, f"restwell.shortcuts.{name}", None)  # its private parts are not imported
    ask()
    ask()
    assert copied == {name for _, name in COPIED}
    told = [message for message in caplog.messages if "3.1.99" in message]
    assert told == [f"shortcuts for {library.__name__.title()} 3.1.99 are not known to be safe; the plain way is taken"]


def test_switch_has_the_code_of_flask_and_werkzeug_run(copied: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTWELL_SHORTCUTS", "off")
    ask()
    assert copied == {name for _, name in COPIED}
