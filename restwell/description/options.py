"""Options: what the description of an API can be told from outside."""

from __future__ import annotations

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
