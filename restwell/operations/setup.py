"""Setup: the one call that makes an application ready to be operated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask

from restwell import configuration
from restwell.configuration import ConfigurationError, Option
from restwell.description import docs, pages
from restwell.operations import cors, health, limits, logs, proxy, rate_limits, request_id, security_headers, tokens
from restwell.operations.development import is_development_server
from restwell.operations.options import OPTIONS
from restwell.registry import state_of

if TYPE_CHECKING:
    from flask_sqlalchemy import SQLAlchemy

OPEN = (health.HEALTH, health.READINESS, docs.DOCUMENT, docs.PAGE, docs.ASSET, pages.ENDPOINT)
"""Endpoints that everybody may ask at any time: health, the description of the API, the files of the pages."""


def setup(
    app: Flask,
    config: Mapping[str, Any] | None = None,
    *,
    options: Iterable[Option] = (),
    database: SQLAlchemy | None = None,
    public: Collection[str] = (),
) -> None:
    """Make an application ready to be operated, before or after its Apis are made.

    Every option of the documentation is read, from the first that has it of ``config``, the environment and
    ``app.config``, and obeyed: logs with a request id, security headers, proxies, limits, rate limits, tokens and CORS.
    ``/health`` and ``/ready`` answer, the description stands at ``/openapi.json`` and ``/docs``, and where there is a
    database, ``flask db`` migrates it. The development server (``python run.py`` by
    :func:`~restwell.operations.development.serve`, or ``flask run``) migrates it by itself.

    :param app: the application.
    :param config: values that win over those of the environment; ``None`` leaves an option as it is.
    :param options: options of the application's own, which are read and refused like the others and stand in
        ``app.config`` as well; one with the name of another takes its place.
    :param database: a ``restwell.Database``, or Flask-SQLAlchemy's ``SQLAlchemy``. Its URL is ``DATABASE_URL`` or,
        where the application has set it, ``SQLALCHEMY_DATABASE_URI``.
    :param public: endpoints that need no token and have no rate limit.
    :raises ConfigurationError: for an unknown option or a value that an option cannot have, in one line; and for a
        second call.
    :raises TypeError: when ``public`` is one text.
    :raises alembic.util.CommandError: when the development server cannot migrate the database.

    ::

        app = Flask(__name__)
        setup(app, database=db)
        api = Api(app)
    """
    state = state_of(app)
    if state.is_set_up:
        raise ConfigurationError(f"setup has been called for the application {app.name!r} already")
    if isinstance(public, str):
        raise TypeError(f"public takes a list of endpoints, not the one text {public!r}")
    table = {option.name: option for option in (*OPTIONS, *options)}
    configuration.load(app, table.values(), config)
    state.is_set_up = True
    for api in state.apis:
        api.follow(app.config)

    open_endpoints = frozenset({*OPEN, *public})
    development = is_development_server()
    logs.init_logs(app)
    request_id.init_request_id(app)
    security_headers.init_security_headers(app)
    proxy.init_proxy(app)
    limits.init_limits(app)
    rate_limits.init_rate_limits(app, exempt=open_endpoints)
    tokens.init_tokens(app, public=open_endpoints)
    cors.init_cors(app, development=development)
    if database is not None:
        _connect(app, database)
    health.init_health(app)
    if docs.DOCUMENT not in app.view_functions:
        docs.OpenAPI(app)
    if database is not None and development:
        from restwell.data.migrations import upgrade

        upgrade(app, database)


def _connect(app: Flask, database: SQLAlchemy) -> None:
    # Who gives a database has the libraries for it, which `pip install restwell` alone does not bring.
    from restwell.data.database import database_url
    from restwell.data.migrations import init_migrations

    if "sqlalchemy" not in app.extensions:
        app.config.setdefault("SQLALCHEMY_DATABASE_URI", database_url(app.config["DATABASE_URL"]))
        database.init_app(app)
    init_migrations(app, database)
