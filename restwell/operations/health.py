"""Health: whether the server works, for load balancers and for who watches over it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.exceptions import ServiceUnavailable

from restwell import current
from restwell.api import Api
from restwell.errors.libraries import RETRY_AFTER
from restwell.resource import Resource

HEALTH = "restwell_health"
READINESS = "restwell_readiness"


class Health(Resource):
    """Whether the server is alive."""

    def get(self) -> Any:
        """Answer, whatever the database does."""
        return {"status": "alive"}


class Readiness(Resource):
    """Whether the server can do its work."""

    def get(self) -> Any:
        """Answer once the database is reachable and its migrations are current; 503 until then."""
        app = current.app()
        database = app.extensions.get("sqlalchemy")
        if database is not None:
            from restwell.data.migrations import is_current  # there is a database, and so the library for it

            with database.engine.connect() as connection:
                is_ready = is_current(app, connection)
            if not is_ready:
                raise ServiceUnavailable(
                    "The database is reachable, but its migrations are not current.", retry_after=RETRY_AFTER
                )
        return {"status": "ready"}


def init_health(app: Flask) -> None:
    """Answer ``GET /health`` while the process works, and ``GET /ready`` while it can serve.

    :param app: the application.
    """
    api = Api(app)
    api.add_resource(Health, "/health", endpoint=HEALTH)
    api.add_resource(Readiness, "/ready", endpoint=READINESS)
