"""The migration of code from Flask-RESTful and Flask-JSON; ``restwell migrate`` is the command line on top of it."""

from restwell.migrate.findings import Finding
from restwell.migrate.project import Change, Migration, migrate

__all__ = ["Change", "Finding", "Migration", "migrate"]
