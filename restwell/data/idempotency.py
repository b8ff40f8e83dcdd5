"""Idempotency keys (draft-ietf-httpapi-idempotency-key-header-07): a POST that is sent again is carried out once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from functools import lru_cache, partial, wraps
from hashlib import sha256
from typing import Any, NamedTuple

from flask import Response
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Delete,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    Select,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response as ResponseBase

from restwell import current
from restwell.asynchronous import synchronous
from restwell.data.column_types import UTCDateTime
from restwell.data.database import Database
from restwell.declared import Description, describe
from restwell.errors.raising import abort
from restwell.output.result import unpacked
from restwell.registry import api_of, resource_of
from restwell.resource import represented

LIFETIME = timedelta(hours=24)
"""How long an answer is kept."""

RETRY_AFTER = 1
"""Seconds after which a client may ask again for what is still being carried out."""

_HEADER = "Idempotency-Key"
_TABLE = "idempotency_keys"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_PATTERN = r'^("[!#-\[\]-~]{1,255}"|[!#-~][!-~]{0,254})$'
_REMOVED_AT_ONCE = 10
"""Expired keys that one new key removes: more than one, so that they become fewer."""

_running: dict[tuple[Any, str], object] = {}
"""What this process is carrying out, by application and key: SQLite has no lock that could be asked for it."""


def key_table(metadata: MetaData) -> Table:
    """The table in which :func:`idempotent` keeps the answers; an application makes it once and migrates it.

    :param metadata: that of the application's :class:`~restwell.Database`.
    """
    return Table(
        _TABLE,
        metadata,
        Column("key", String(255), primary_key=True),
        Column("fingerprint", String(64), nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", JSON, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("expires_at", UTCDateTime, nullable=False, index=True),
    )


def idempotent(view: Callable[..., Any]) -> Callable[..., Any]:
    """Carry out a request with an ``Idempotency-Key`` once, however often it is sent; above all other decorators.

    ::

        class BookList(Resource):
            @idempotent
            @expects(book_parser)
            def post(self, args):
                return books.create(**args), 201

    The first answer is given again for 24 hours, with ``Idempotency-Replayed: true``. The same key on another request
    (another path, body or ``Authorization``) is a 422, and a 409 while the first one is still being carried out; on
    SQLite another process waits for that instead. What the method writes through the :class:`~restwell.Database`
    and the key are stored in one transaction: both or, when the method raises or returns an error, neither, and the key
    is free again.

    The application makes :func:`key_table` on the metadata of its database.

    :param view: the method.
    :returns: the decorated method.
    """

    method = synchronous(view)

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        text = current.request().environ.get("HTTP_IDEMPOTENCY_KEY")
        if text is None:
            return method(*args, **kwargs)
        if not re.fullmatch(_PATTERN, text):
            abort(400, message=f"{_HEADER} must be 1 to 255 visible ASCII characters, in quotes or not.")
        return _answer(text[1:-1] if text.startswith('"') else text, partial(method, *args, **kwargs))

    describe(wrapper, _DESCRIPTION)
    return wrapper


def _answer(key: str, method: Callable[[], Any]) -> ResponseBase:
    """The stored answer to a request with a key, or that of the method, which is then stored with what it wrote."""
    fingerprint, now = _fingerprint(), datetime.now(timezone.utc)
    database: Database = current.app().extensions["sqlalchemy"]
    statements = _statements(database.metadata.tables[_TABLE])
    with suppress(_Failed), _alone(key), database.transaction() as connection:
        _lock(connection, key)
        stored = connection.execute(statements.find, {"key": key}).mappings().one_or_none()
        if stored is not None and stored["expires_at"] > now:
            return _replayed(stored, fingerprint)
        response = _response(method())
        if response.status_code >= 400:
            raise _Failed
        connection.execute(statements.remove_oldest, {"now": now})
        if stored is not None:
            connection.execute(statements.remove, {"key": key})
        answer = {
            "key": key,
            "fingerprint": fingerprint,
            "status": response.status_code,
            "headers": response.headers.to_wsgi_list(),
            "body": response.get_data(),
            "expires_at": now + LIFETIME,
        }
        connection.execute(statements.store, answer)
    return response


class _Failed(Exception):  # noqa: N818 - it takes the transaction back
    """The method has answered with an error."""


_DESCRIPTION = Description(
    parameters=(
        {
            "name": _HEADER,
            "in": "header",
            "description": "Has the request carried out once, however often it is sent.",
            "schema": {"type": "string", "pattern": _PATTERN},
        },
    ),
    responses={
        400: f"{_HEADER} is no key.",
        409: "The first request with the key is still being carried out.",
        422: "The key has been sent with another request.",
    },
    headers={
        201: {
            "Idempotency-Replayed": {
                "description": "Set when this is the answer to an earlier request with the key.",
                "schema": {"const": "true"},
            }
        },
        409: {"Retry-After": {"description": "Seconds after which to ask again.", "schema": {"type": "integer"}}},
    },
)


class _StillRunning(Conflict):
    description = "The first request with this Idempotency-Key is still being carried out."

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        return [*super().get_headers(*args, **kwargs), ("Retry-After", str(RETRY_AFTER))]


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """Refuse a key that another thread of this process is at."""
    running = (current.app(), key)
    token = object()
    if _running.setdefault(running, token) is not token:
        raise _StillRunning
    try:
        yield
    finally:
        del _running[running]


def _lock(connection: Connection, key: str) -> None:
    """Refuse a key that another process is at, where the database can tell without waiting for it."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(sha256(f"{_HEADER}: {key}".encode()).digest()[:8], "big", signed=True)
        if not connection.scalar(_TRY_LOCK, {"number": number}):
            raise _StillRunning


_TRY_LOCK = select(func.pg_try_advisory_xact_lock(bindparam("number", type_=BigInteger)))


class _Statements(NamedTuple):
    find: Select[Any]
    store: Insert
    remove: Delete
    remove_oldest: Delete


@lru_cache(maxsize=8)
def _statements(keys: Table) -> _Statements:
    this = keys.c.key == bindparam("key")
    oldest = (
        select(keys.c.key)
        .where(keys.c.expires_at <= bindparam("now"))
        .order_by(keys.c.expires_at)
        .limit(_REMOVED_AT_ONCE)
        .with_for_update(skip_locked=True)  # another transaction removes those
    )
    return _Statements(
        select(keys).where(this),
        insert(keys),
        delete(keys).where(this),
        delete(keys).where(keys.c.key.in_(oldest)),
    )


def _fingerprint() -> str:
    """What two requests have in common when one is the other, sent again."""
    request = current.request()
    head = (request.method, request.path, request.query_string, request.mimetype)
    headers = (request.headers.get("Accept"), request.headers.get("Authorization"))
    digest = sha256(repr((head, headers)).encode())
    if request.mimetype in _FORMS:  # a multipart body has another boundary each time that it is written
        digest.update(repr(list(request.form.items(multi=True))).encode())
        for name, file in request.files.items(multi=True):
            digest.update(repr((name, file.filename, sha256(file.stream.read()).digest())).encode())
            file.stream.seek(0)
    else:
        digest.update(request.get_data())
    return digest.hexdigest()


def _replayed(stored: RowMapping, fingerprint: str) -> Response:
    if stored["fingerprint"] != fingerprint:
        abort(422, message=f"The {_HEADER} has been sent with another request.")
    response = current.app().response_class(stored["body"], stored["status"], stored["headers"])
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _response(result: Any) -> ResponseBase:
    """The response that the resource, or else the Api, of the request makes of what a method returned."""
    app = current.app()
    rule: Any = current.request().url_rule  # there is one, as a method is running
    result = represented(getattr(resource_of(app, rule), "representations", None), result)
    if isinstance(result, ResponseBase):
        return result
    api: Any = api_of(app, rule.endpoint)
    data, status, headers = unpacked(result)
    response: ResponseBase = api.make_response(data, status, headers=headers)
    return response
