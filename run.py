"""The front door: ``create_app`` puts the application together, ``python run.py`` serves it for development."""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import alembic.command
import click
from alembic.util import CommandError
from flask import Flask, url_for
from flask.cli import ScriptInfo
from flask_migrate import Migrate
from werkzeug.exceptions import default_exceptions
from werkzeug.serving import is_running_from_reloader, run_simple

import migrations
import resources
from models import db
from restwell import Api, OpenAPI, configuration
from restwell.configuration import ConfigurationError, Option
from restwell.data import database
from restwell.data.entity_tags import OPTIONS as CONDITIONAL_OPTIONS
from restwell.description import openapi, pages
from restwell.operations import cors, limits, logs, proxy, rate_limits, request_id, security_headers
from restwell.operations import tokens as authentication

OPTIONS = (
    Option("PORT", 5000, configuration.integer(0, 65535), "Port of `python run.py`; 0 is any free one"),
    Option(
        "DATABASE_URL",
        "sqlite:///items.db",
        configuration.text,
        "Where the items are: `sqlite:///name.db` in the instance folder, `sqlite:////absolute/path.db` or "
        "`postgresql://user:password@host:5432/name`",
    ),
    *database.OPTIONS,
    *CONDITIONAL_OPTIONS,
    Option(
        "API_ERROR_FORMAT",
        "standard",
        configuration.choice("standard", "problem", "restful"),
        "How errors are written: `standard`, `problem` (RFC 9457) or `restful` (exactly as Flask-RESTful does)",
    ),
    Option(
        "API_STATUS_IN_BODY",
        None,
        configuration.boolean,
        "Whether `status` is in every JSON object; by default in errors",
    ),
    *authentication.OPTIONS,
    *cors.OPTIONS,
    *limits.OPTIONS,
    *rate_limits.OPTIONS,
    *proxy.OPTIONS,
    *logs.OPTIONS,
    *openapi.OPTIONS,
)
"""Every option of the application."""

PUBLIC = ("health", "readiness", "openapi", "docs", "docs_asset", pages.ENDPOINT)
"""Endpoints that everybody may ask at any time: health, the description of the API, the files of the pages."""


def create_app(config: Mapping[str, Any] | None = None, *, development: bool | None = None) -> Flask:
    """Put the application together.

    :param config: values that win over those of the environment, see :func:`restwell.configuration.load`.
    :param development: whether the development server is going to run it, which migrates the database by itself, stores
        sample items in a new one and lets pages on localhost in; by default ``flask run`` is recognised.
    :returns: the application.
    :raises ConfigurationError: for an option that cannot be.
    :raises alembic.util.CommandError: when the development server cannot migrate the database.
    """
    if development is None:
        development = _is_flask_run()
    # Not __name__, which as a script would have Flask look for the instance folder elsewhere.
    app = Flask("run", static_folder=None)
    configuration.load(app, OPTIONS, config)
    logs.init_logs(app)
    request_id.init_request_id(app)
    security_headers.init_security_headers(app)
    proxy.init_proxy(app)
    limits.init_limits(app)
    rate_limits.init_rate_limits(app, exempt=PUBLIC)
    authentication.init_authentication(app, public=PUBLIC)
    db.init_app(app)
    Migrate(app, db, directory=Path(migrations.__path__[0]))
    logging.getLogger("alembic").setLevel(logging.WARNING)  # below, it reports every look at the database
    cors.init_cors(app, development=development)
    api = Api(
        app,
        catch_all_404s=True,
        error_format=app.config["API_ERROR_FORMAT"],
        status_in_body=app.config["API_STATUS_IN_BODY"],
    )
    resources.register(api)
    OpenAPI(app)
    for error in default_exceptions.values():
        if error.code < 500:  # as outside of the Api: on the pages of the description
            app.register_error_handler(error, api.handle_error)
    if development:
        with app.app_context():
            alembic.command.upgrade(app.extensions["migrate"].migrate.get_config(x_arg="samples"), "head")
    return app


def __getattr__(name: str) -> Any:
    """Make ``app`` when it is first asked for, as in ``gunicorn run:app`` and ``flask --app run``."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        globals()["app"] = create_app()
    except (ConfigurationError, CommandError, OSError) as error:
        if click.get_current_context(silent=True) is None:
            raise SystemExit(f"run.py: {error}") from error
        raise click.ClickException(str(error)) from error
    return globals()["app"]


def _is_flask_run() -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and context.info_name == "run" and isinstance(context.obj, ScriptInfo)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the application for development until it is interrupted.

    :param arguments: the command line without the name of the program.
    :returns: the exit status: 0, or 1 when it could not start.
    """
    parser = argparse.ArgumentParser(description="Serve the items API for development.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", help="the port to listen on, 0 for any free one (default: PORT, else 5000)")
    parser.add_argument("--debug", action="store_true", help="show errors in the browser, restart when a file changes")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app = create_app({"PORT": options.port}, development=True)
        app.debug = app.debug or options.debug
        port = app.config["PORT"]
        if not is_running_from_reloader():
            port = _free_port(options.host, port)
            _announce(app, options.host, port)
        run_simple(options.host, port, app, threaded=True, use_reloader=app.debug, use_debugger=app.debug)
    except (ConfigurationError, CommandError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _free_port(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as server:
            return int(server.getsockname()[1])
    except OSError as error:
        raise ConfigurationError(f"Cannot listen: {error.strerror}") from error


def _announce(app: Flask, host: str, port: int) -> None:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    base_url = f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"
    with app.test_request_context(base_url=base_url):
        print(f"API          {url_for('itemlist', _external=True)}")
        print(f"Description  {url_for('openapi', _external=True)}")
        print(f"             {url_for('docs', _external=True)}")
        print(f"Database     {db.engine.url.render_as_string(hide_password=True)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
