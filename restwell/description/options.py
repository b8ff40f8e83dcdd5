"""Options: what the description of an API can be told from outside."""

from __future__ import annotations

from flask import Flask

from restwell import current
from restwell.configuration import Option, text, texts

OPTIONS = (
    Option("API_TITLE", None, text, "The title of the API in its description; by default the application's name"),
    Option("API_VERSION", "0.1.0", text, "The version of the API in its description"),
    Option("API_DESCRIPTION", None, text, "What the API is for, in its description; Markdown"),
    Option(
        "API_SERVERS",
        [],
        texts,
        "URLs of the servers in the description; by default the root under which the application is reached",
    ),
)


def servers(app: Flask) -> list[dict[str, str]]:
    """The Server Objects of an application: ``API_SERVERS``, by default the root of the current request."""
    root = current.request().root_path if current.has_request_context() else ""
    return [{"url": url} for url in app.config.get("API_SERVERS") or [root or "/"]]
