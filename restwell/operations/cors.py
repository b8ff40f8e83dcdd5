"""CORS: which pages on other origins may use the API, by Flask-CORS from the configuration."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response

from restwell import current
from restwell.configuration import ConfigurationError, Kind, Option, boolean, integer, texts

EXPOSED_HEADERS = (
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Request-ID",
    "X-Total-Count",
)
"""The response headers that pages on other origins can read, beside those that CORS always shows."""

_Rules = dict[str | re.Pattern[str], dict[str, Any]]

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[\w.-]+(:\d+)?|null", re.IGNORECASE)
_LOCALHOST = re.compile(r"https?://(localhost|127\.0\.0\.1)(:\d+)?")
_ASKED = ("HTTP_ORIGIN", "HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
_LONGEST = 4096
"""Characters of what a browser says and asks; what is longer is of none, and an answer would repeat all of it."""

_ANYONE = ("https://anyone.invalid", "http://anyone.invalid")


def _pattern(expression: str | re.Pattern[str]) -> str:
    try:
        return re.compile(expression).pattern
    except re.error as error:
        raise ValueError("not a regular expression") from error


def _is_expression(origin: str) -> bool:
    from flask_cors.core import probably_regex  # imported where there is an origin at all

    return bool(probably_regex(origin))


def _origin(origin: str | re.Pattern[str]) -> str:
    if isinstance(origin, re.Pattern) or (origin != "*" and _is_expression(origin)):
        return rf"(?:{_pattern(origin)})\Z"  # Flask-CORS would take any origin that only begins like this
    if origin != "*" and not _ORIGIN.fullmatch(origin):
        raise ValueError("not an origin")
    return origin


def _origins(value: Any) -> list[str]:
    if isinstance(value, str):
        value = texts.parse(value)
    return [_origin(origin) for origin in ([value] if isinstance(value, re.Pattern) else value)]


_RULE_KINDS = {
    "origins": Kind("* or origins without a path, such as https://app.example, or regular expressions", _origins),
    "methods": texts,
    "allow_headers": texts,
    "expose_headers": texts,
    "supports_credentials": boolean,
    "max_age": integer(0, 86400),
}


def _rule(path: str, options: Mapping[str, Any]) -> dict[str, Any]:
    from flask_cors.core import CONFIG_OPTIONS

    known = {name.removeprefix("CORS_").lower() for name in CONFIG_OPTIONS} - {"resources"}
    rule = dict(options)
    for name, value in [*rule.items()]:
        if name not in known:
            raise ConfigurationError(f"CORS_RESOURCES: {path} has the unknown option {name}")
        if name in _RULE_KINDS:
            rule[name] = Option(f"CORS_RESOURCES: {name} of {path}", None, _RULE_KINDS[name], "").read(value)
    return rule


def _rules(value: Any) -> dict[str, dict[str, Any]]:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = json.loads(value)
    if not isinstance(value, Mapping):
        value = {path: {} for path in texts.parse(value)}
    return {path if path == "*" else _pattern(path): _rule(path, options) for path, options in value.items()}


OPTIONS = (
    Option("CORS_ORIGINS", None, _RULE_KINDS["origins"], "Origins whose pages may use the API"),
    Option(
        "CORS_RESOURCES",
        None,
        Kind("path patterns with commas between them, or a JSON object of path patterns and their options", _rules),
        'Paths that pages may use, each with options of its own: `{"/api/*": {"origins": "https://app.example"}}`',
    ),
    Option("CORS_METHODS", None, _RULE_KINDS["methods"], "Methods that pages may use"),
    Option("CORS_ALLOW_HEADERS", None, _RULE_KINDS["allow_headers"], "Request headers that pages may send"),
    Option("CORS_EXPOSE_HEADERS", [], _RULE_KINDS["expose_headers"], "Further response headers that pages may read"),
    Option("CORS_SUPPORTS_CREDENTIALS", False, boolean, "Whether pages may send cookies and credentials"),
    Option("CORS_MAX_AGE", None, _RULE_KINDS["max_age"], "Seconds for which a browser may remember a preflight"),
)


def init_cors(app: Flask, *, development: bool = False) -> None:
    """Let pages on other origins use the application, as far as its configuration says.

    ``CORS_ORIGINS`` and Flask-CORS's other ``CORS_*`` options apply to every path, or to those in ``CORS_RESOURCES``,
    whose own options win. A regular expression has to match the whole origin. Without configuration no page on another
    origin may read anything; in the development server, pages on localhost may. A request without ``Origin`` is of no
    page and gets none of CORS's headers but ``Vary``, unless ``CORS_ALWAYS_SEND`` (Flask-CORS's default) asks for them.

    :param app: an application whose configuration holds :data:`OPTIONS`, see :func:`restwell.configuration.load`.
    :param development: whether this is the development server.
    :raises ConfigurationError: when every origin could use the credentials of a visitor.
    """
    origins, resources = app.config["CORS_ORIGINS"], app.config["CORS_RESOURCES"]
    if origins is None:
        origins = _origins(_LOCALHOST) if development else []
    if not origins and not resources:
        return
    everywhere = {
        "origins": origins,
        "supports_credentials": app.config["CORS_SUPPORTS_CREDENTIALS"],
        "expose_headers": app.config["CORS_EXPOSE_HEADERS"],
        "always_send": app.config.get("CORS_ALWAYS_SEND", False),  # caches ask again for a page: Vary
    }
    rules: _Rules = {path: {**everywhere, **rule} for path, rule in (resources or {"*": {}}).items()}
    for path, rule in rules.items():
        if rule["supports_credentials"] and any(map(_admits_anyone, rule["origins"])):
            raise ConfigurationError(
                f"CORS_SUPPORTS_CREDENTIALS cannot be true where any origin is allowed (path {path}): name the origins"
            )
        rule["expose_headers"] = sorted({*EXPOSED_HEADERS, *rule["expose_headers"]})
    is_always_sent = any(rule["always_send"] for rule in rules.values())
    add_allowances = _after_request_function(app, rules)

    @app.after_request
    def add_headers(response: Response) -> Response:
        environ = current.request().environ
        if (is_always_sent or "HTTP_ORIGIN" in environ) and not any(
            len(environ.get(name, "")) > _LONGEST for name in _ASKED
        ):
            response = add_allowances(response)
        # Caches have to know it also where there is no origin to allow.
        told = any("origin" in value.lower() for value in response.headers.getlist("Vary"))
        if not told or "origin" not in response.vary:
            response.headers.add("Vary", "Origin")
        return response


def _after_request_function(app: Flask, rules: _Rules) -> Callable[[Response], Response]:
    """What Flask-CORS would do after each request."""
    from flask_cors import CORS

    functions: list[Callable[[Response], Response]] = []
    registry: Any = SimpleNamespace(config=app.config, after_request=functions.append)
    # Flask hands error responses to after_request as well, so that Flask-CORS need not wrap its error handlers.
    CORS(registry, resources=rules, intercept_exceptions=False)
    return functions[0]


def _admits_anyone(origin: str) -> bool:
    return origin == "*" or (_is_expression(origin) and any(re.match(origin, anyone) for anyone in _ANYONE))
