"""Cursors: where a page begins, as a text that goes into a link and comes back with it."""

from __future__ import annotations

import hmac
import json
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode, want_bytes
from sqlalchemy import Engine

from restwell import current
from restwell.data.keyset import Order
from restwell.errors.raising import abort


class Place(NamedTuple):
    """Where a page begins: beside the row with these values in the columns of the order, or at an end of the list."""

    backward: bool = False
    values: tuple[Any, ...] | None = None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
    "UUID": UUID,
}
"""The types that JSON lacks, by name, and how each is read from what ``str`` makes of it."""

_to_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode

_LONG = 200
"""Bytes of a cursor's content from which on it is compressed: a query string has a limit."""


@lru_cache(maxsize=256)
def _signer(secret_key: str | bytes | None, engine: Engine | None, salt: str) -> Signer:
    secret = want_bytes(secret_key or engine.url.render_as_string(hide_password=False))  # type: ignore[union-attr]
    key = hmac.digest(secret, salt.encode(), "sha256")
    return Signer(key, key_derivation="none", digest_method=sha256)


def signer_of_list(order: Order, database: SQLAlchemy) -> Signer:
    """What signs the cursors of the requested list in an order, so that they are good for no other.

    :param order: the order.
    :param database: the database whose URL is the secret where the application has no ``SECRET_KEY``.
    """
    secret_key = current.app().secret_key
    return _signer(secret_key, None if secret_key else database.engine, f"{current.request().path}?{order}")


def write(place: Place, signer: Signer) -> str:
    """The cursor that leads to a place.

    :param place: the place.
    :param signer: from :func:`signer_of_list`.
    :returns: a text of characters that URLs may contain.
    :raises TypeError: when a value is of a type that no cursor can hold.
    """
    values = None if place.values is None else [_in_json(value) for value in place.values]
    content = _to_json([place.backward, values]).encode()
    if len(content) > _LONG:
        content = zlib.compress(content)
    return signer.sign(base64_encode(content)).decode()


def _in_json(value: Any) -> Any:
    name = type(value).__name__
    if name in _READERS:
        return [name, str(value)]
    if isinstance(value, Enum) or not isinstance(value, (str, int, float, type(None))):
        raise TypeError(f"a page cannot be sorted by a {name}, only by text, numbers, booleans, dates, times and UUIDs")
    return value


def read(cursor: str, signer: Signer) -> Place:
    """The place that a cursor leads to.

    :param cursor: what :func:`write` made.
    :param signer: from :func:`signer_of_list`.
    :raises BadRequest: when it was made for another list or order, or not here at all.
    """
    try:
        content = base64_decode(signer.unsign(cursor))
    except BadData:
        abort(400, message={"cursor": "must be that of a link of this list in this order"})
    if not content.startswith(b"["):
        content = zlib.decompress(content)
    backward, values = json.loads(content.decode())
    if values is not None:
        values = tuple(_READERS[value[0]](value[1]) if isinstance(value, list) else value for value in values)
    return Place(backward, values)
