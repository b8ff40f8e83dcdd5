"""Development: ``python run.py``, a server for the machine of who writes the application."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo

from restwell.configuration import ConfigurationError
from restwell.description import docs

_is_serving: ContextVar[bool] = ContextVar("is_serving", default=False)


def is_development_server() -> bool:
    """Whether :func:`serve` or ``flask run`` is making the application, rather than a server for production."""
    context = click.get_current_context(silent=True)
    is_flask_run = context is not None and context.info_name == "run" and isinstance(context.obj, ScriptInfo)
    return is_flask_run or _is_serving.get()


def made_when_asked_for(create_app: Callable[[], Flask]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a module whose ``app`` is made when a server asks for it, as in ``gunicorn run:app``.

    A mistake in the configuration then ends the start with one line instead of a traceback, and who imports the module
    for something else starts nothing.

    :param create_app: makes the application.
    :returns: a function for the module to call ``__getattr__``.

    ::

        __getattr__ = made_when_asked_for(create_app)
    """
    made: list[Flask] = []

    def get(name: str) -> Any:
        if name != "app":
            raise AttributeError(f"module {create_app.__module__!r} has no attribute {name!r}")
        if not made:
            try:
                made.append(create_app())
            except _start_errors() as error:
                if click.get_current_context(silent=True) is None:
                    raise SystemExit(f"{create_app.__module__}.py: {error}") from error
                raise click.ClickException(str(error)) from error
        return made[0]

    return get


def serve(create_app: Callable[[dict[str, Any]], Flask], arguments: Sequence[str] | None = None) -> int:
    """Serve an application for development until it is interrupted.

    :param create_app: makes the application out of values that win over the environment.
    :param arguments: the command line without the name of the program; by default that of this process.
    :returns: the exit status: 0, or 1 when it could not start.

    ::

        if __name__ == "__main__":
            sys.exit(serve(create_app))
    """
    from werkzeug.serving import is_running_from_reloader, run_simple

    parser = argparse.ArgumentParser(description="Serve the API for development.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--port", help="the port to listen on, 0 for any free one (default: PORT, else 5000)")
    parser.add_argument("--debug", action="store_true", help="show errors in the browser, restart when a file changes")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _is_serving.set(True)
    try:
        app = create_app({"PORT": options.port})
        app.debug = app.debug or options.debug
        port = app.config["PORT"]
        if not is_running_from_reloader():
            port = _free_port(options.host, port)
            _announce(app, options.host, port)
        run_simple(options.host, port, app, threaded=True, use_reloader=app.debug, use_debugger=app.debug)
    except _start_errors() as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _start_errors() -> tuple[type[Exception], ...]:
    """What a start fails with that is said in a line: a wrong option, a database that cannot be migrated, a folder."""
    alembic = sys.modules.get("alembic.util")  # nobody raised its error if it was never imported
    return (ConfigurationError, OSError, *([alembic.CommandError] if alembic else []))


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
        print(f"API          {base_url}/")
        print(f"Description  {app.url_for(docs.DOCUMENT, _external=True)}")
        print(f"             {app.url_for(docs.PAGE, _external=True)}", flush=True)
        database = app.extensions.get("sqlalchemy")
        if database is not None:
            from restwell.data.database import shown  # there is a database, and so the library for it

            print(f"Database     {shown(database.engine.url)}", flush=True)
