"""Documentation: where an application serves its description, for machines and for people."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from flask import Flask, Response, make_response, render_template_string, send_from_directory

from restwell import current
from restwell.description import commands as cli
from restwell.description.options import servers
from restwell.output.representations import output_json

_HERE = Path(__file__).parent
_SWAGGER_ASSETS = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
_SCRIPT = "docs.js"

DOCUMENT = "restwell_openapi"
PAGE = "restwell_docs"
ASSET = "restwell_docs_asset"


class OpenAPI:
    """The description of an application's Apis: ``/openapi.json``, a page to try it, and the commands that print it.

    The commands are ``flask openapi``, ``flask postman`` and ``flask resources``.

    :param app: the application, before or after its Apis and their resources; or call :meth:`init_app` later.
    :param url: where the document is served.
    :param docs_url: where Swagger UI is served; ``None`` for nowhere.

    ::

        app = Flask(__name__)
        api = Api(app)
        OpenAPI(app)
    """

    def __init__(self, app: Flask | None = None, url: str = "/openapi.json", docs_url: str | None = "/docs") -> None:
        self.url = url
        self.docs_url = docs_url
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Add the routes and the commands to an application."""
        built: dict[str, Any] = {}

        def openapi() -> Response:
            if not built:  # Flask adds no rule after the first request
                from restwell.description.openapi import document  # takes longer to import than a server to start

                built.update(document(app))
            return output_json({**built, "servers": servers(app)}, 200)

        app.add_url_rule(self.url, DOCUMENT, openapi)
        if self.docs_url is not None:
            names = ", ".join(map(repr, (*_SWAGGER_ASSETS, _SCRIPT)))
            app.add_url_rule(self.docs_url, PAGE, _page)
            app.add_url_rule(f"{self.docs_url}/<any({names}):name>", ASSET, _asset)
        for command in cli.COMMANDS:
            app.cli.add_command(command)


def _page() -> Response:
    title = current.app().config.get("API_TITLE") or current.app().name
    response = make_response(render_template_string((_HERE / "templates" / "docs.html").read_text(), title=title))
    # Swagger UI calls the API from the page, so that the servers in the document must be allowed.
    origins = [urljoin(server["url"], "/") for server in servers(current.app())]
    called = " ".join(["'self'", *(origin for origin in origins if origin != "/")])
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src {called}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response


def _asset(name: str) -> Response:
    folder = _HERE / "static" if name == _SCRIPT else Path(str(files("flask_swagger_ui"))) / "dist"
    return send_from_directory(folder, name)
