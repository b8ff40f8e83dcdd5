"""Whether a database has the schema that the application expects."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask

from restwell import Database
from restwell.data.migrations import folder, init_migrations, is_current, upgrade

REVISION = 'revision = "{}"\ndown_revision = {}\n'


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An application whose folder has two revisions, one after the other."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "migrations" / "env.py").touch()
    (versions / "one.py").write_text(REVISION.format("one", None))
    (versions / "two.py").write_text(REVISION.format("two", '"one"'))
    return Flask("shop", root_path=str(tmp_path), instance_path=str(tmp_path / "instance"))


@pytest.mark.parametrize(
    ("applied", "expected"), [(None, False), ([], False), (["one"], False), (["two"], True), (["three"], False)]
)
def test_a_database_is_current_when_the_newest_revision_was_applied(
    app: Flask, applied: list[str] | None, expected: bool
) -> None:
    with sqlalchemy.create_engine("sqlite://").connect() as connection:
        if applied is not None:
            connection.execute(sqlalchemy.text("CREATE TABLE alembic_version (version_num TEXT)"))
            for name in applied:
                connection.execute(sqlalchemy.text("INSERT INTO alembic_version VALUES (:name)"), {"name": name})
        assert is_current(app, connection) is expected


def test_a_database_without_revisions_is_always_current(tmp_path: Path) -> None:
    app = Flask("shop", root_path=str(tmp_path), instance_path=str(tmp_path / "instance"))
    with sqlalchemy.create_engine("sqlite://").connect() as connection:
        assert is_current(app, connection)
    upgrade(app, Database())  # does nothing, not even look


def test_revisions_are_in_the_folder_of_the_application_or_beside_its_instance(app: Flask, tmp_path: Path) -> None:
    assert folder(app) == tmp_path / "migrations"
    package = Flask("shop", root_path=str(tmp_path / "shop"), instance_path=str(tmp_path / "instance"))
    assert folder(package) == tmp_path / "migrations"


def test_flask_migrate_is_told_once_where_the_revisions_are(app: Flask, tmp_path: Path) -> None:
    app.config["DATABASE_URL"] = f"sqlite:///{tmp_path}/shop.db"
    db = Database(app)
    init_migrations(app, db)
    kept = app.extensions["migrate"]
    init_migrations(app, db)
    assert app.extensions["migrate"] is kept
    with app.app_context():
        assert app.extensions["migrate"].directory == str(tmp_path / "migrations")
