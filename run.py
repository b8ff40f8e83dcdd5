"""The front door: ``create_app`` puts the application together, ``python run.py`` serves it for development."""

import sys
from collections.abc import Mapping
from typing import Any

from flask import Flask

from api import create_api
from models import db
from restwell import Option, configuration, setup
from restwell.operations.development import made_when_asked_for, serve

OPTIONS = (
    Option(
        "DATABASE_URL",
        "sqlite:///items.db",
        configuration.text,
        "Where the items are: `sqlite:///name.db` in the instance folder, `sqlite:////absolute/path.db` or "
        "`postgresql://user:password@host:5432/name`",
    ),
    Option("API_TITLE", "Restwell", configuration.text, "The title of the API in its description"),
)
"""The options that are the application's own, or have another default here."""


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Put the application together.

    :param config: values that win over those of the environment.
    :returns: the application.
    :raises ConfigurationError: for an option that cannot be.
    """
    # Not __name__, which as a script would have Flask look for the instance folder elsewhere.
    app = Flask("run", static_folder=None)
    setup(app, config, options=OPTIONS, database=db)
    create_api(app)
    return app


__getattr__ = made_when_asked_for(create_app)  # gunicorn run:app, flask --app run

if __name__ == "__main__":
    sys.exit(serve(create_app))
