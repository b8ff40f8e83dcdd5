"""Conditional requests (RFC 9110, section 13): entity tags, If-None-Match for caches, If-Match against lost updates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial, wraps
from typing import Any
from urllib.parse import quote
from zlib import crc32

from flask import Request, Response, after_this_request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import NotFound, PreconditionFailed
from werkzeug.http import generate_etag

from restwell import current
from restwell.asynchronous import synchronous
from restwell.declared import Description, describe
from restwell.errors.raising import abort
from restwell.output.result import unpacked

_READS = "__reads_version__"
"""The attribute of a method that reads with what is below its ``@conditional``, and the key of the version."""

_STALE = "The resource has changed since; read it again and repeat the change with its new ETag."
_THERE = "The resource is there already, and If-None-Match: * asks that it is not."
_VERSION = re.compile(r"([0-9]{1,18})(?:\.[0-9a-f]+)?")
"""A version, and which of its representations."""

_CONDITIONS = (("If-Match", "HTTP_IF_MATCH"), ("If-None-Match", "HTTP_IF_NONE_MATCH"))
_LONGEST_CONDITION = 4096
"""Characters of a condition that is read: what Werkzeug takes to parse one may grow with the square of its blanks."""

_MOST_TAGS = 100
"""Entity tags of a condition that is read: each becomes a parameter of a statement, and databases take only so many."""


class StaleVersion(Exception):  # noqa: N818 - it says what is the matter
    """What is to be written is there, but in none of the versions that the client expects; answered with 412."""


def conditional(view: Callable[..., Any] | None = None, *, version: str | None = None) -> Callable[..., Any]:
    """Give what a method reads an entity tag, and let a method write only what the client has seen.

    ::

        class Book(Resource):
            @conditional(version="version")
            @marshal_with(book_fields)
            def get(self, book_id):
                return books.get(book_id)

            @expects(book_parser)
            @conditional(version="version")
            @marshal_with(book_fields)
            def put(self, book_id, args, versions):
                return books.update(book_id, versions=versions, **args)

    GET answers with a strong ``ETag``, and with 304 where ``If-None-Match`` has it. The tag is made of the version, or
    of the bytes of the answer and the headers that the method gave it where there is none, as for ``@conditional``
    alone. Each representation has its own; the page for browsers has none.

    PUT, PATCH and DELETE receive the versions that ``If-Match`` allows as ``versions``: a set of integers, or ``None``
    for any. The method compares and writes in one statement (``UPDATE ... WHERE version IN (...)``), so that of several
    writers with the same tag one wins, and raises :exc:`StaleVersion` when what it finds has another version: a 412.
    Without ``If-Match`` the last writer wins, unless ``API_REQUIRE_IF_MATCH`` asks for it: a 428. ``If-None-Match: *``
    allows no version at all, and one with tags all versions but those, for which the version that is there is read by
    ``get``.

    :param version: the key, in what the method returns, of an integer that is counted up with every change.
    :returns: a decorator, or the decorated method.
    :raises TypeError: when a method that writes is decorated without ``version``.
    :raises LookupError: during a GET, when what the method returns is a mapping without the key.
    """
    if view is None:
        return partial(conditional, version=version)
    if view.__name__ == "get":
        return _reading(view, version)
    if version is None:
        raise TypeError(f"@conditional(version=...) is missing its version above {view.__qualname__}")
    return _writing(view)


def _reading(view: Callable[..., Any], version: str | None) -> Callable[..., Any]:
    method = synchronous(view)

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        _measure(current.request())
        result = method(*args, **kwargs)

        @after_this_request
        def add_tag(response: Response) -> Response:
            if response.status_code != 200 or response.is_streamed:
                return response
            data, _, headers = unpacked(result)
            return _tagged(response, _version_in(data, version), response.headers if data is response else headers)

        return result

    setattr(wrapper, _READS, (method, version))

    tag = {"ETag": {"description": "Stands for this state of the representation.", "schema": {"type": "string"}}}
    describe(
        wrapper,
        Description(
            parameters=(_header("If-None-Match", "The ETag of what the client has; `*` is any."),),
            responses={304: "What the client has is current."},
            headers={200: tag, 304: tag},
        ),
    )
    return wrapper


def _version_in(data: Any, key: str | None) -> Any:
    """The version in what a method has returned; ``None`` where the tag is to be made of the bytes."""
    if key is None or not isinstance(data, Mapping):
        return None
    if key not in data:
        raise LookupError(f"@conditional(version={key!r}) finds no {key!r} in what the method returns: {list(data)}")
    return data[key]


def _tagged(response: Response, version: int | None, said: Any) -> Response:
    request = current.request()
    if version is None:
        told = sorted(Headers(said).items()) if said else ""  # a list's total, and where its next page is
        tag = generate_etag(response.get_data() + str(told).encode(errors="replace"))
    else:
        tag = f"{_identity(request)}{version}{_variant(request, response)}"
    response.headers["ETag"] = f'"{tag}"'
    if "HTTP_IF_MATCH" in request.environ and tag not in request.if_match:
        handle_user_exception: Callable[..., Any] = current.app().handle_user_exception
        return current.app().make_response(handle_user_exception(*current.context(), PreconditionFailed(_STALE)))
    if "HTTP_IF_NONE_MATCH" in request.environ:
        after_this_request(_compare)
    return response


def _compare(response: Response) -> Response:
    """Answer If-None-Match once the response is finished: the page for a browser has lost the tag of the JSON."""
    tag, _ = response.get_etag()
    if tag is not None and current.request().if_none_match.contains_weak(tag):
        response.status_code = 304
    return response


def _identity(request: Request) -> str:
    """What the tags of a request's resource begin with, so that they are no tags of another one."""
    values = (request.view_args or {}).values()
    return "".join([f"{value if type(value) is int else quote(str(value), safe='')}-" for value in values])


def _variant(request: Request, response: Response) -> str:
    """What tells the representations of one version apart; nothing for plain JSON."""
    if response.mimetype == "application/json" and not request.query_string:
        return ""
    return f".{crc32(f'{response.mimetype}?{request.query_string!r}'.encode()):x}"


def _writing(view: Callable[..., Any]) -> Callable[..., Any]:
    method = synchronous(view)

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        request = current.request()
        versions: frozenset[int] | None = None
        _measure(request)
        if "HTTP_IF_MATCH" in request.environ:
            versions = _expected_versions(request)
        elif current.app().config.get("API_REQUIRE_IF_MATCH") and not request.if_none_match.star_tag:
            abort(428, message="Send the ETag of what you have read in If-Match.")
        if "HTTP_IF_NONE_MATCH" in request.environ:
            versions = _without_refused(request, versions, args[0] if args else None)
        try:
            return method(*args, versions=versions, **kwargs)
        except StaleVersion:
            abort(412, message=_THERE if request.if_none_match.star_tag else _STALE)

    if_match = _header("If-Match", "The ETag of what is to be changed; `*` is any.")
    describe(wrapper, Description((if_match,), {412: "The resource has changed since."}))
    required = Description(({**if_match, "required": True, "example": "*"},), {428: "If-Match is missing."})
    describe(wrapper, required, option="API_REQUIRE_IF_MATCH")
    return wrapper


def _measure(request: Request) -> None:
    """Refuse conditions that are too long to be parsed."""
    for name, key in _CONDITIONS:
        condition = request.environ.get(key)
        if condition is None:
            continue
        if len(condition) > _LONGEST_CONDITION:
            abort(400, message=f"{name} must not be longer than {_LONGEST_CONDITION} characters.")
        if condition.count(",") >= _MOST_TAGS:
            abort(400, message=f"{name} must not have more than {_MOST_TAGS} entity tags.")


def _without_refused(request: Request, versions: frozenset[int] | None, resource: Any) -> frozenset[int] | None:
    """What If-None-Match leaves of the versions that may be written: with ``*`` only what is not there yet."""
    tags = request.if_none_match
    if tags.star_tag:
        return frozenset()
    refused = _versions_in(request, tags.as_set(include_weak=True))
    if not refused:
        return versions  # of which none is in the header
    if versions is None:
        versions = _present_version(request, resource)
    return None if versions is None else versions - refused


def _present_version(request: Request, resource: Any) -> frozenset[int] | None:
    """The version that ``get`` of a resource finds, none where it cannot be known; ``None`` where nothing is there."""
    read, key = getattr(getattr(type(resource), "get", None), _READS, (None, None))
    if read is None or key is None:
        return frozenset()
    try:
        version = _version_in(unpacked(read(resource, **(request.view_args or {})))[0], key)
    except NotFound:
        return None
    return frozenset() if version is None else frozenset({version})


def _expected_versions(request: Request) -> frozenset[int] | None:
    tags = request.if_match
    return None if tags.star_tag else _versions_in(request, tags)


def _versions_in(request: Request, tags: Iterable[str]) -> frozenset[int]:
    """The versions of the request's resource among some tags."""
    identity = _identity(request)
    matches = [
        _VERSION.fullmatch(tag, len(identity))
        for tag in tags
        if tag and tag.startswith(identity)  # Werkzeug reads None from an empty tag
    ]
    return frozenset(int(match[1]) for match in matches if match)


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}
