"""Items: what is for sale, and for how much."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String, Table, bindparam

from api.database import FixedPoint, UTCDateTime

from .database import db

table = Table(
    "items",
    db.metadata,
    # SQLite numbers only an INTEGER by itself; AUTOINCREMENT keeps it from using the id of a deleted item again.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("price", FixedPoint(4), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("version", BigInteger, nullable=False, server_default="1"),
    CheckConstraint("price >= 0", name="items_price_not_negative"),
    sqlite_autoincrement=True,
)

# Built once, so that SQLAlchemy finds their SQL in its cache. An UPDATE also sets the columns that its parameters name.
_SELECT = sqlalchemy.select(table).order_by(table.c.id)
_SELECT_ONE = sqlalchemy.select(table).where(table.c.id == bindparam("item_id"))
_INSERT = sqlalchemy.insert(table).returning(table)
_VERSION = bindparam("expected_version", type_=BigInteger)
_EXPECTED = sqlalchemy.and_(
    table.c.id == bindparam("item_id"), sqlalchemy.or_(_VERSION.is_(None), table.c.version == _VERSION)
)
_UPDATE = sqlalchemy.update(table).where(_EXPECTED).values(version=table.c.version + 1).returning(table)
_DELETE = sqlalchemy.delete(table).where(_EXPECTED)

SAMPLES = ({"name": "Widget", "price": 9.99}, {"name": "Gadget", "price": 24.99})
"""The items that the development server stores in a new database."""


def create(*, name: str, price: float) -> dict[str, Any]:
    """Store a new item.

    :param name: 1 to 200 characters.
    :param price: zero or more, with up to 4 decimals; stored exactly, see :class:`api.database.FixedPoint`.
    :returns: the item: ``id``, ``name``, ``price``, ``created_at``, ``updated_at`` (aware, UTC) and ``version``.
    """
    now = _now()
    with db.connection() as connection:
        values = {"name": name, "price": price, "created_at": now, "updated_at": now}
        return dict(connection.execute(_INSERT, values).mappings().one())


def get(item_id: int) -> dict[str, Any] | None:
    """Find one item.

    :returns: the item; ``None`` when there is none with this id.
    """
    with db.connection() as connection:
        row = connection.execute(_SELECT_ONE, {"item_id": _comparable(item_id)}).mappings().one_or_none()
    return None if row is None else dict(row)


def listing() -> list[dict[str, Any]]:
    """All items, the oldest first."""
    with db.connection() as connection:
        return [dict(row) for row in connection.execute(_SELECT).mappings()]


def update(item_id: int, *, version: int | None = None, **changes: Any) -> dict[str, Any] | None:
    """Change an item, in one statement that counts its version up.

    :param version: change it only if this is its version still.
    :param changes: new values of ``name`` and ``price``; what is left out stays.
    :returns: the changed item; ``None`` when there is none with this id (and version).
    """
    parameters = {**_expected(item_id, version), **changes, "updated_at": _now()}
    with db.connection() as connection:
        row = connection.execute(_UPDATE, parameters).mappings().one_or_none()
    return None if row is None else dict(row)


def delete(item_id: int, *, version: int | None = None) -> bool:
    """Delete an item; its id is never used again.

    :param version: delete it only if this is its version still.
    :returns: whether it was there (in this version).
    """
    with db.connection() as connection:
        return connection.execute(_DELETE, _expected(item_id, version)).rowcount == 1


def _expected(item_id: int, version: int | None) -> dict[str, int | None]:
    return {"item_id": _comparable(item_id), "expected_version": None if version is None else _comparable(version)}


def _comparable(number: int) -> int:
    """The number as the database can compare it: 0, which is no id and no version, for one past its 64 bits."""
    return number if 0 < number < 2**63 else 0


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)
