"""Authentication: bearer tokens (RFC 6750) for those who may write, by Flask-HTTPAuth."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection
from typing import Any, NoReturn

from flask import Flask
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from restwell import current
from restwell.configuration import ConfigurationError, Kind, Option, boolean, texts
from restwell.registry import Security, state_of

_token = re.compile(r"""[^\s"'\\(){}<>\[\]]+""").fullmatch


def _tokens(value: Any) -> list[str]:
    tokens: list[str] = texts.parse(value)
    if not all(map(_token, tokens)):
        raise ValueError("not what a client can send as a token, but a piece of something else")
    if not tokens and isinstance(value, str) and value and value.strip() != "[]":
        raise ValueError("something, and yet no token")
    return tokens


_KIND = Kind(
    "tokens with commas between them, or a JSON list of tokens, without blanks, quotes, backslashes and brackets",
    _tokens,
)

OPTIONS = (
    Option("API_TOKENS", [], _KIND, "Tokens, one of which has to come with every write in `Authorization: Bearer`"),
    Option("API_PROTECT_READS", False, boolean, "Whether reads need a token as well"),
)

_SCHEME = "bearer"
_REALM = "the API"  # with a space Werkzeug quotes it, as RFC 9110, section 11.5, demands
_READS = frozenset({"GET", "HEAD"})


def init_tokens(app: Flask, public: Collection[str] = ()) -> None:
    """Ask for a bearer token before anything is written and, with ``API_PROTECT_READS``, read.

    Without ``API_TOKENS`` everybody may do everything, and ``API_PROTECT_READS`` is refused. OPTIONS never needs a
    token, for a preflight cannot carry one.
    The description of the API says what is protected.

    :param app: an application whose configuration holds :data:`OPTIONS`.
    :param public: endpoints that never need a token.
    :raises ConfigurationError: when reads are to be protected, but there are no tokens; or when there are some, but
        Flask-HTTPAuth is not installed.
    """
    tokens = [token.encode() for token in app.config["API_TOKENS"]]
    if not tokens:
        if app.config["API_PROTECT_READS"]:
            raise ConfigurationError("API_PROTECT_READS needs API_TOKENS: without a token everything would be open")
        return
    try:
        from flask_httpauth import HTTPTokenAuth  # type: ignore[import-untyped]  # it has none
    except ImportError as error:
        raise ConfigurationError("API_TOKENS needs Flask-HTTPAuth: pip install 'restwell[auth]'") from error

    protects_reads = app.config["API_PROTECT_READS"]
    authentication = HTTPTokenAuth(_SCHEME.title(), _REALM)

    def protects(endpoint: str, method: str) -> bool:
        return endpoint not in public and method != "OPTIONS" and (protects_reads or method not in _READS)

    def is_known(token: str) -> bool:
        given = token.encode()
        matches = [hmac.compare_digest(given, known) for known in tokens]  # all of them, whichever it is
        return any(matches)

    authentication.verify_token(is_known)
    authentication.error_handler(_refuse)
    authenticate = authentication.login_required(lambda: None)

    @app.before_request
    def require_token() -> None:
        request = current.request()
        if request.endpoint is not None and protects(request.endpoint, request.method):
            try:
                authenticate()
            except ValueError:  # Werkzeug cannot read credentials that are neither ASCII nor a token
                _refuse()

    state_of(app).security = Security({"token": {"type": "http", "scheme": _SCHEME}}, protects)


def _refuse() -> NoReturn:
    """Say what is missing: RFC 6750, section 3, has no error code for a request that did not try."""
    parameters: dict[str, str | None] = {"realm": _REALM}
    if "Authorization" in current.request().headers:
        parameters |= {"error": "invalid_token", "error_description": "The token is unknown"}
        message = "The token is unknown."
    else:
        message = "This needs a token: Authorization: Bearer <token>."
    raise Unauthorized(message, www_authenticate=WWWAuthenticate(_SCHEME, parameters))
