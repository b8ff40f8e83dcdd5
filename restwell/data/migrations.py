"""Migrations: whether a database has the schema that the application expects, and bringing it there.

Alembic and Flask-Migrate take longer to import than a server to start, so they are imported where a schema is really
looked into or changed.
"""

from __future__ import annotations

import ast
import logging
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import Flask
from sqlalchemy import Connection, exc, inspect, text
from werkzeug.local import LocalProxy

if TYPE_CHECKING:
    from flask_sqlalchemy import SQLAlchemy

_EXTENSION = "migrate"
_CURRENT = text("SELECT version_num FROM alembic_version")


def init_migrations(app: Flask, database: SQLAlchemy) -> None:
    """Give an application the commands ``flask db ...`` of Flask-Migrate.

    Its revisions are in the folder ``migrations`` of the application's own folder or, where there is none, beside the
    instance folder.

    :param app: the application.
    :param database: its database.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)  # below, it reports every look at the database
    if _EXTENSION not in app.extensions:
        # Flask-Migrate's own object takes the place of the proxy when one of its commands asks for it.
        app.extensions[_EXTENSION] = LocalProxy(partial(_flask_migrate, app, database))
        app.cli.add_command(_Commands("db", help="Perform database migrations."))


def _flask_migrate(app: Flask, database: SQLAlchemy) -> Any:
    from flask_migrate import Migrate

    commands = app.cli.commands["db"]
    Migrate(app, database, directory=str(folder(app)))
    app.cli.add_command(commands)  # rather than what Flask-Migrate has put in its place while one of them runs
    return app.extensions[_EXTENSION]


class _Commands(click.Command):
    """The commands of Flask-Migrate, imported when one of them is called."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        from flask_migrate.cli import db

        context: click.Context = db.make_context(info_name, args, parent, **extra)
        return context


def folder(app: Flask) -> Path:
    """Where the revisions of an application are, whether or not it has any."""
    inside = Path(app.root_path) / "migrations"
    return inside if inside.is_dir() else Path(app.instance_path).parent / "migrations"


def is_current(app: Flask, connection: Connection) -> bool:
    """Whether all revisions of an application, and no others, have been applied to its database.

    :param app: the application.
    :param connection: a connection to the database.
    :returns: also whether there are no revisions at all.
    :raises sqlalchemy.exc.SQLAlchemyError: when the database cannot be asked.
    """
    revisions = folder(app)
    if not (revisions / "env.py").is_file():
        return True
    if not inspect(connection).has_table("alembic_version"):
        return not _newest(revisions)
    return set(connection.scalars(_CURRENT)) == _newest(revisions)


@cache
def _newest(revisions: Path) -> frozenset[str]:
    """The revisions that no other revision follows."""
    names: set[str] = set()
    followed: set[str] = set()
    for path in (revisions / "versions").glob("*.py"):
        for statement in ast.parse(path.read_bytes()).body:
            # A revision file says both in assignments to these two names, as Alembic's tutorial shows.
            if isinstance(statement, ast.Assign):
                targets, value = statement.targets, statement.value
            elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
                targets, value = [statement.target], statement.value
            else:
                continue
            for target in targets:
                if isinstance(target, ast.Name) and target.id in ("revision", "down_revision"):
                    said = ast.literal_eval(value)
                    known = names if target.id == "revision" else followed
                    known.update([said] if isinstance(said, str) else said or ())
    return frozenset(names - followed)


def upgrade(app: Flask, database: SQLAlchemy) -> None:
    """Bring the database of an application to its newest revision, as ``flask db upgrade -x samples`` does.

    The development server does it at its start. ``samples`` is for the ``env.py`` of an application that wants to fill
    a new database with examples.

    :param app: the application.
    :param database: its database.
    :raises alembic.util.CommandError: when it cannot.
    """
    if not (folder(app) / "env.py").is_file():
        return
    with app.app_context():
        with suppress(exc.SQLAlchemyError), database.engine.connect() as connection:
            if is_current(app, connection):
                return
        import alembic.command  # whatever the look has met, Alembic says it in words

        alembic.command.upgrade(app.extensions[_EXTENSION].migrate.get_config(x_arg="samples"), "head")
