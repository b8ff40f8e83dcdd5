"""What the database can be told from outside."""

from pathlib import Path

import pytest
from flask import Flask

from restwell import Database, setup
from restwell.data.options import OPTIONS


def test_a_database_without_setup_has_the_defaults(tmp_path: Path) -> None:
    app = Flask("shop", instance_path=str(tmp_path))
    Database(app)
    assert {option.name: app.config[option.name] for option in OPTIONS} == {
        option.name: option.default for option in OPTIONS
    }
    assert app.config["SQLALCHEMY_DATABASE_URI"].database.endswith("app.db")


def test_what_the_application_has_set_stays(tmp_path: Path) -> None:
    app = Flask("shop")
    app.config.update(DATABASE_URL=f"sqlite:///{tmp_path}/shop.db", DATABASE_BUSY_TIMEOUT=5)
    Database(app)
    assert app.config["DATABASE_BUSY_TIMEOUT"] == 5
    assert app.config["SQLALCHEMY_DATABASE_URI"].database.endswith("shop.db")


def test_the_environment_says_how_many_connections_a_process_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/shop.db")
    monkeypatch.setenv("DATABASE_POOL_SIZE", "3")
    app, db = Flask("shop"), Database()
    setup(app, database=db)
    with app.app_context():
        assert db.engine.pool.size() == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_default_is_a_value_that_its_option_takes(option: object) -> None:
    assert option.read(option.default) == option.default  # type: ignore[attr-defined]
