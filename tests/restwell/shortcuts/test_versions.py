"""Which releases of a library the shortcuts are taken for, and what happens with any other."""

import logging
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import Connection, literal, select
from sqlalchemy.pool import QueuePool

from restwell import shortcuts
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
