"""Whether the server works, for load balancers and for who watches over it."""

from functools import cache
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from werkzeug.exceptions import ServiceUnavailable

from models import db
from restwell import Resource
from restwell.errors.libraries import RETRY_AFTER


class Health(Resource):
    """Whether the server is alive."""

    def get(self) -> Any:
        """Answer, whatever the database does."""
        return {"status": "alive"}


class Readiness(Resource):
    """Whether the server can do its work."""

    def get(self) -> Any:
        """Answer once the database is reachable and its migrations are current; 503 until then."""
        with db.connection() as connection:
            applied = MigrationContext.configure(connection).get_current_heads()
        if set(applied) != _newest(current_app.extensions["migrate"].directory):
            raise ServiceUnavailable(
                "The database is reachable, but its migrations are not current.", retry_after=RETRY_AFTER
            )
        return {"status": "ready"}


@cache
def _newest(directory: str) -> set[str]:
    return set(ScriptDirectory(directory).get_heads())
