"""Items as they are stored, on both databases."""

import datetime
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import flask_migrate
import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import db, items
from restwell.data.entity_tags import StaleVersion
from run import create_app

UTC = datetime.timezone.utc


@pytest.fixture(autouse=True)
def _application(database_url: str) -> Iterator[None]:
    app = create_app({"DATABASE_URL": database_url})
    with app.app_context():
        flask_migrate.upgrade()
        yield


def _listing(**filters: str | float | None) -> list[dict[str, Any]]:
    statement, parameters = items.matching(**filters)
    return db.rows(statement.executable.order_by(items.table.c.id), parameters)


def test_created_item_has_every_field() -> None:
    before = datetime.datetime.now(UTC)
    item = items.create(name="Lamp", price=9.99)
    assert item == {
        "id": 1,
        "name": "Lamp",
        "price": 9.99,
        "created_at": item["created_at"],
        "updated_at": item["created_at"],
        "version": 1,
    }
    assert before <= item["created_at"] <= datetime.datetime.now(UTC)
    assert item["created_at"].tzinfo is UTC


def test_created_item_is_found() -> None:
    item = items.create(name="Lamp", price=9.99)
    assert items.get(item["id"]) == item


def test_items_of_one_call_are_stored_in_their_order() -> None:
    stored = items.create_many({"name": name, "price": 1} for name in ("c", "a", "b"))
    assert [item["name"] for item in stored] == ["c", "a", "b"]
    assert _listing() == stored


def test_items_of_one_call_are_stored_all_or_none() -> None:
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        items.create_many([{"name": "Lamp", "price": 1}, {"name": "Torch", "price": -1}])
    assert _listing() == []


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"name": "Lamp"}, ["Lamp"]),
        ({"name": "lamp"}, []),
        ({"q": "LA"}, ["Lamp", "lava 100%"]),
        ({"q": "%"}, ["lava 100%"]),
        ({"q": "_"}, ["T_rch/"]),
        ({"q": "/"}, ["T_rch/"]),
        ({"q": "école"}, ["École"]),
        ({"min_price": 2}, ["T_rch/", "lava 100%", "École"]),
        ({"max_price": 2}, ["Lamp", "T_rch/"]),
        ({"min_price": 2, "max_price": 3, "q": "l"}, ["lava 100%"]),
        ({}, ["Lamp", "T_rch/", "lava 100%", "École"]),
        ({"q": None}, ["Lamp", "T_rch/", "lava 100%", "École"]),
    ],
)
def test_items_match_all_filters(filters: dict[str, str | float | None], names: list[str]) -> None:
    for price, name in enumerate(["Lamp", "T_rch/", "lava 100%", "École"], start=1):
        items.create(name=name, price=price)
    assert [item["name"] for item in _listing(**filters)] == names


def test_moments_are_read_in_utc_wherever_the_database_is() -> None:
    item = items.create(name="Lamp", price=9.99)
    if db.engine.dialect.name == "postgresql":
        with db.transaction() as connection:
            connection.exec_driver_sql("SET LOCAL timezone = 'Asia/Kolkata'")
            found = items.get(item["id"])
    else:
        found = items.get(item["id"])
    assert found is not None
    assert found["created_at"] == item["created_at"]
    assert found["created_at"].utcoffset() == datetime.timedelta(0)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.decimals(min_value=0, max_value="9999999999.9999", places=4))
def test_any_price_comes_back_with_the_same_digits(price: object) -> None:
    item = items.create(name="Lamp", price=float(str(price)))
    found = items.get(item["id"])
    assert found is not None
    assert found["price"] == float(str(price))
    assert isinstance(found["price"], float)


def test_price_with_more_decimals_than_are_stored_is_refused() -> None:
    with pytest.raises(sqlalchemy.exc.StatementError, match="more than 4 decimals"):
        items.create(name="Lamp", price=0.00001)
    assert _listing() == []


def test_prices_compare_exactly_in_the_database() -> None:
    for price in (0.1, 0.2, 0.3, 10):
        items.create(name=str(price), price=price)
    with db.connection() as connection:
        statement = (
            sqlalchemy.select(items.table.c.name).where(items.table.c.price <= 0.3).order_by(items.table.c.price)
        )
        assert connection.execute(statement).scalars().all() == ["0.1", "0.2", "0.3"]


def test_negative_price_never_gets_in() -> None:
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        items.create(name="Lamp", price=-1)


def test_update_changes_what_is_given_and_counts_the_version_up() -> None:
    item = items.create(name="Lamp", price=9.99)
    changed = items.update(item["id"], price=5)
    assert changed is not None
    assert changed == {**item, "price": 5.0, "version": 2, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] >= item["updated_at"]
    assert items.get(item["id"]) == changed


def test_update_leaves_other_items_alone() -> None:
    first, second = items.create(name="a", price=1), items.create(name="b", price=2)
    items.update(first["id"], name="c")
    assert items.get(second["id"]) == second


def test_update_of_the_expected_version_succeeds() -> None:
    item = items.create(name="Lamp", price=9.99)
    changed = items.update(item["id"], versions={1, 7}, name="Lantern")
    assert changed is not None
    assert changed["version"] == 2


def test_update_of_another_version_changes_nothing() -> None:
    item = items.create(name="Lamp", price=9.99)
    items.update(item["id"], name="Lantern")
    with pytest.raises(StaleVersion):
        items.update(item["id"], versions={1}, name="Torch")
    with pytest.raises(StaleVersion):
        items.update(item["id"], versions=(), name="Torch")
    found = items.get(item["id"])
    assert found is not None
    assert found["name"] == "Lantern"


def test_update_of_a_missing_item_finds_none() -> None:
    assert items.update(7, name="Lamp") is None
    assert items.update(7, versions={1}, name="Lamp") is None


def test_of_many_writers_who_expect_one_version_one_wins(database_url: str) -> None:
    item = items.create(name="Lamp", price=0)
    app = create_app({"DATABASE_URL": database_url, "DATABASE_BUSY_TIMEOUT": 30_000})
    results: list[dict[str, Any] | None] = []

    def write(price: int) -> None:
        with app.app_context():
            try:
                results.append(items.update(item["id"], versions={1}, price=price))
            except StaleVersion:
                results.append(None)

    threads = [threading.Thread(target=write, args=(price,)) for price in range(1, 33)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [result for result in results if result is not None]
    assert len(results) == 32
    assert len(winners) == 1
    assert items.get(item["id"]) == winners[0]


def test_deleted_item_is_gone() -> None:
    item = items.create(name="Lamp", price=9.99)
    assert items.delete(item["id"])
    assert items.get(item["id"]) is None
    assert not items.delete(item["id"])


def test_delete_of_another_version_deletes_nothing() -> None:
    item = items.create(name="Lamp", price=9.99)
    with pytest.raises(StaleVersion):
        items.delete(item["id"], versions={2})
    assert items.get(item["id"]) == item
    assert items.delete(item["id"], versions={1})
    assert not items.delete(item["id"], versions={1})


def test_id_of_a_deleted_item_is_never_used_again() -> None:
    last = items.create(name="Lamp", price=9.99)
    items.delete(last["id"])
    assert items.create(name="Lamp", price=9.99)["id"] > last["id"]


@pytest.mark.parametrize("item_id", [0, -1, 2**63 - 1, 2**63, 10**30])
def test_id_that_nobody_has_is_not_found(item_id: int) -> None:
    items.create(name="Lamp", price=9.99)
    assert items.get(item_id) is None
    assert items.update(item_id, name="x") is None
    assert not items.delete(item_id)


def test_version_past_the_numbers_of_the_database_is_another_version() -> None:
    item = items.create(name="Lamp", price=9.99)
    with pytest.raises(StaleVersion):
        items.update(item["id"], versions={10**30}, name="x")


def test_several_writes_can_be_one_transaction() -> None:
    with suppress(ZeroDivisionError), db.transaction():
        items.create(name="Lamp", price=9.99)
        items.create(name="Torch", price=9.99)
        assert len(_listing()) == 2
        raise ZeroDivisionError
    assert _listing() == []
    with db.transaction():
        items.create(name="Lamp", price=9.99)
    assert len(_listing()) == 1


def test_tables_are_those_of_the_migrations() -> None:
    flask_migrate.check()  # exits where they differ
