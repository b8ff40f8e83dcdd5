"""Alembic's environment: how a migration reaches the database of the application.

Run by ``flask db ...`` and, in the development server, by every start. ``flask db upgrade -x samples`` also stores the
sample items, if the database was empty before.
"""

from typing import Any

from alembic import context
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import TypeDecorator
from sqlalchemy.exc import DBAPIError

from models import db, items
from restwell.data.database import shown

OPTIONS = {"target_metadata": db.metadata, **current_app.extensions["migrate"].configure_args}


def migrate() -> None:
    """Run the command on the database, in one transaction that no other process migrates beside."""
    with db.migration() as connection:
        context.configure(connection=connection, render_item=render_item, on_version_apply=report, **OPTIONS)
        revisions = context.get_context().get_current_heads()
        for revision in revisions:
            refuse_unknown(revision)
        context.run_migrations()
        if not revisions and "samples" in context.get_x_argument():
            for sample in items.SAMPLES:
                items.create(**sample)


def refuse_unknown(revision: str) -> None:
    """Leave a database alone that was migrated by a newer version of the application."""
    try:
        context.script.get_revision(revision)
    except CommandError as error:
        raise CommandError(
            f"The database is newer than the application, which does not know its revision {revision}: "
            "update the application or name another database in DATABASE_URL"
        ) from error


def render_item(kind: str, item: Any, _: Any) -> str | bool:
    """Write the stored type of a column into a new revision, which has to stay true when the code changes."""
    return f"sa.{item.impl_instance!r}" if isinstance(item, TypeDecorator) else False


def report(*, step: Any, **_: Any) -> None:
    """Print each revision that is applied or taken back."""
    verb = "Applied" if step.is_upgrade else "Reverted"
    context.config.print_stdout("%s revision %s of the database", verb, step.up_revision_id)


if context.is_offline_mode():
    context.configure(dialect_name=db.engine.dialect.name, literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()
else:
    try:
        migrate()
    except DBAPIError as error:
        url = shown(db.engine.url)
        raise CommandError(f"The database {url} cannot be used: {' '.join(str(error.orig).split())}") from error
