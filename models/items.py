"""Items: what is for sale, and for how much."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Select,
    String,
    Table,
    bindparam,
)

from restwell import FixedPoint, StaleVersion, Statement, UTCDateTime

from .database import db

_FIRST_VERSION = 1

table = Table(
    "items",
    db.metadata,
    # SQLite numbers only an INTEGER by itself; AUTOINCREMENT keeps it from using the id of a deleted item again.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("price", FixedPoint(4), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("version", BigInteger, nullable=False, server_default=str(_FIRST_VERSION)),
    CheckConstraint("price >= 0", name="items_price_not_negative"),
    Index("items_by_name", "name", "id"),
    Index("items_by_price", "price", "id"),
    sqlite_autoincrement=True,
)

# Made once, to be compiled once. An UPDATE also sets the columns that its parameters name.
_THIS = table.c.id == bindparam("item_id")
_THESE_VERSIONS = table.c.version.in_(bindparam("versions", expanding=True))
_NEW = sqlalchemy.insert(table).values(created_at=bindparam("now"), updated_at=bindparam("now"))
_CHANGED = sqlalchemy.update(table).where(_THIS).values(version=table.c.version + 1).returning(table)
_DELETED = sqlalchemy.delete(table).where(_THIS).returning(table.c.id)

_SELECT_ONE = db.statement(sqlalchemy.select(table).where(_THIS))
_INSERT = db.statement(_NEW)
_INSERT_MANY = _NEW.returning(table, sort_by_parameter_order=True)
_UPDATE, _UPDATE_VERSIONS = db.statement(_CHANGED), db.statement(_CHANGED.where(_THESE_VERSIONS))
_DELETE, _DELETE_VERSIONS = db.statement(_DELETED), db.statement(_DELETED.where(_THESE_VERSIONS))

_FILTERS = {
    "name": table.c.name == bindparam("name"),
    "q": table.c.name.ilike(bindparam("q"), escape="/"),
    "min_price": table.c.price >= bindparam("min_price"),
    "max_price": table.c.price <= bindparam("max_price"),
}

SAMPLES = ({"name": "Widget", "price": 9.99}, {"name": "Gadget", "price": 24.99})
"""The items that the development server stores in a new database."""


_LITERAL = str.maketrans({character: f"/{character}" for character in "%_/"})
"""Takes their meaning from the wildcards of LIKE."""


@cache
def _filtered(*names: str) -> Statement[Select[Any]]:
    return db.statement(sqlalchemy.select(table).where(*(_FILTERS[name] for name in names)))


def matching(**filters: str | float | None) -> tuple[Statement[Select[Any]], dict[str, Any]]:
    """The statement that selects items, and its parameters.

    :param filters: what the items have: ``name`` exactly, ``q`` anywhere in the name in any case, ``min_price`` at
        least and ``max_price`` at most. ``None`` is no filter.
    """
    parameters = {name: value for name, value in filters.items() if value is not None}
    if "q" in parameters:
        parameters["q"] = f"%{str(parameters['q']).translate(_LITERAL)}%"
    return _filtered(*parameters), parameters


def create(*, name: str, price: float) -> dict[str, Any]:
    """Store a new item.

    :param name: 1 to 200 characters.
    :param price: zero or more, with up to 4 decimals; stored exactly, see :class:`restwell.FixedPoint`.
    :returns: the item: ``id``, ``name``, ``price``, ``created_at``, ``updated_at`` (aware, UTC) and ``version``.
    """
    now = _now()
    [key] = db.rows(_INSERT, {"name": name, "price": price, "now": now})
    price += 0.0  # -0.0 is stored as 0
    return {**key, "name": name, "price": price, "created_at": now, "updated_at": now, "version": _FIRST_VERSION}


def create_many(values: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Store new items, all or none.

    :param values: ``name`` and ``price`` of each, as for :func:`create`.
    :returns: the items, in the same order.
    """
    now = _now()
    rows = [{"name": item["name"], "price": item["price"], "now": now} for item in values]
    with db.transaction() as connection:
        return [dict(row) for row in connection.execute(_INSERT_MANY, rows).mappings()]


def get(item_id: int) -> dict[str, Any] | None:
    """Find one item.

    :returns: the item; ``None`` when there is none with this id.
    """
    rows = db.rows(_SELECT_ONE, {"item_id": _comparable(item_id)})
    return rows[0] if rows else None


def update(item_id: int, *, versions: Collection[int] | None = None, **changes: Any) -> dict[str, Any] | None:
    """Change an item, in one statement that counts its version up.

    :param versions: change it only if it still has one of these.
    :param changes: new values of ``name`` and ``price``; what is left out stays.
    :returns: the changed item; ``None`` when there is none with this id.
    :raises StaleVersion: when it has another version.
    """
    return _write(_UPDATE, _UPDATE_VERSIONS, item_id, versions, {**changes, "updated_at": _now()})


def delete(item_id: int, *, versions: Collection[int] | None = None) -> bool:
    """Delete an item; its id is never used again.

    :param versions: delete it only if it still has one of these.
    :returns: whether it was there.
    :raises StaleVersion: when it has another version.
    """
    return _write(_DELETE, _DELETE_VERSIONS, item_id, versions, {}) is not None


def _write(
    any_version: Statement[Any],
    these_versions: Statement[Any],
    item_id: int,
    versions: Collection[int] | None,
    values: Mapping[str, Any],
) -> dict[str, Any] | None:
    parameters = {"item_id": _comparable(item_id), **values}
    if versions is None:
        rows = db.rows(any_version, parameters)
    else:
        rows = db.rows(these_versions, {**parameters, "versions": [_comparable(version) for version in versions]})
    if not rows and versions is not None and get(item_id) is not None:
        raise StaleVersion
    return rows[0] if rows else None


def _comparable(number: int) -> int:
    """The number as the database can compare it: 0, which is no id and no version, for one past its 64 bits."""
    return number if 0 < number < 2**63 else 0


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)
