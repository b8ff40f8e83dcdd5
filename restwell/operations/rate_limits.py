"""Rate limits: how often a client may ask, by Flask-Limiter."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv6Address, IPv6Network
from typing import Any

from flask import Flask, Request, Response

from restwell import current
from restwell.configuration import ConfigurationError, Option, text
from restwell.declared import Description
from restwell.registry import describe_endpoints

OPTIONS = (
    Option(
        "RATELIMIT_DEFAULT",
        None,
        text,
        "How often a client may ask each endpoint, such as `100 per minute;2000 per hour`; unlimited by default",
    ),
    Option(
        "RATELIMIT_STORAGE_URI",
        "memory://",
        text,
        "Where requests are counted: `memory://` in each process, `redis://host:6379` for all of them",
    ),
)

_PATIENCE = 0.25
"""Seconds that a request waits for Redis before it goes on without."""

_SUBSCRIBER = 64
"""Bits of an IPv6 address that a provider gives to one subscriber, who chooses the others."""

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""The network in which all IPv4 addresses are (RFC 6052), each a client of its own."""

_RETRY_AFTER = "X-RateLimit-Retry-After"


def init_rate_limits(app: Flask, exempt: Collection[str] = ()) -> None:
    """Answer 429 to clients that ask more often than ``RATELIMIT_DEFAULT`` allows.

    Clients are told apart by their address, of IPv6 by the network that a provider gives to one subscriber, who can ask
    under any address in it. Preflights are not counted: browsers send them by themselves. While Redis is away, each
    process counts for itself; Flask-Limiter logs a warning once and asks for Redis again from time to time.

    :param app: an application whose configuration holds :data:`OPTIONS`.
    :param exempt: endpoints without a limit.
    :raises ConfigurationError: when there is a limit, but it cannot be read, its storage is not known or a library is
        not installed.
    """
    limit, storage = app.config["RATELIMIT_DEFAULT"], app.config["RATELIMIT_STORAGE_URI"]
    if limit is None:
        return
    try:
        import limits
        from flask_limiter import HeaderNames, Limit, Limiter
    except ImportError as error:
        raise ConfigurationError("RATELIMIT_DEFAULT needs Flask-Limiter: pip install 'restwell[limiter]'") from error
    try:
        limits.parse_many(limit)
    except ValueError as error:
        raise ConfigurationError(f"RATELIMIT_DEFAULT must be such as 100 per minute, not {limit!r}") from error

    retry_after = {"Retry-After": {"description": "Seconds after which to ask again.", "schema": {"type": "integer"}}}
    too_many = Description(responses={429: "The client asks more often than it may."}, headers={429: retry_after})
    describe_endpoints(app, too_many, exempt)
    app.after_request(_say_when_to_retry)  # these functions run backwards: after Flask-Limiter's, which comes below
    limiter = Limiter(
        _client,
        default_limits=[Limit(limit, error_message=f"Too many requests: allowed are {limit}.")],
        headers_enabled=True,
        header_name_mapping={HeaderNames.RETRY_AFTER: _RETRY_AFTER},
        in_memory_fallback_enabled=True,
        storage_options=_storage_options(storage),
    )
    limiter.request_filter(lambda: current.request().endpoint in exempt or _is_preflight(current.request()))
    try:
        limiter.init_app(app)
    except (limits.errors.ConfigurationError, ValueError):
        # The complaint quotes the URI, in which a password may stand.
        raise ConfigurationError(
            "RATELIMIT_STORAGE_URI cannot be used: it must be such as memory:// or redis://host:6379"
        ) from None


def _client() -> str:
    """Whom a request is counted for."""
    text = current.request().remote_addr or "127.0.0.1"
    if ":" not in text:
        return text
    try:
        address = IPv6Address(text.partition("%")[0])  # without the interface of a link-local one
    except ValueError:
        return text
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    if address in _TRANSLATED:
        return str(address)
    return str(IPv6Network((address, _SUBSCRIBER), strict=False))


def _is_preflight(request: Request) -> bool:
    """Whether a browser asks what a page may ask (https://fetch.spec.whatwg.org/#cors-preflight-request)."""
    return (
        request.method == "OPTIONS"
        and "HTTP_ORIGIN" in request.environ
        and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.environ
    )


def _storage_options(uri: str) -> dict[str, Any]:
    """Keep a Redis that does not answer from holding up requests: its client would wait without end and try again."""
    if not uri.startswith("redis"):
        return {}
    try:
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError as error:
        raise ConfigurationError("RATELIMIT_STORAGE_URI needs redis: pip install 'restwell[redis]'") from error
    return {"socket_timeout": _PATIENCE, "socket_connect_timeout": _PATIENCE, "retry": Retry(NoBackoff(), 0)}


def _say_when_to_retry(response: Response) -> Response:
    """Leave ``Retry-After`` to the 429: Flask-Limiter would give it to every response, and change that of a 503."""
    seconds = response.headers.pop(_RETRY_AFTER, None)
    if response.status_code == 429 and seconds is not None:
        response.headers["Retry-After"] = seconds
    return response
