"""The items API over HTTP, on both databases."""

import json
import re
from collections.abc import Iterator
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from models import db
from run import create_app

LAMP = {"name": "Lamp", "price": 9.99}


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    app = create_app({"TESTING": True, "DATABASE_URL": database_url})
    with app.app_context():
        flask_migrate.upgrade()
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def names(client: FlaskClient, query: str = "") -> list[str]:
    response = client.get(f"/api/items{query}")
    assert response.status_code == 200, response.text
    assert isinstance(response.json, list)
    return [item["name"] for item in response.json]


def create(client: FlaskClient, *new: tuple[str, float]) -> None:
    response = client.post("/api/items", json=[{"name": name, "price": price} for name, price in new])
    assert response.status_code == 201, response.text


# -- one item --------------------------------------------------------------------------------------------------------


def test_item_is_created_read_replaced_changed_and_deleted(client: FlaskClient) -> None:
    created = client.post("/api/items", json=LAMP)
    assert created.status_code == 201
    assert created.headers["Location"] == "/api/items/1"
    item = created.json
    assert item is not None
    assert list(item) == ["id", "name", "price", "created_at", "updated_at", "version"]
    assert (item["id"], item["name"], item["price"], item["version"]) == (1, "Lamp", 9.99, 1)
    assert client.get("/api/items/1").json == item

    replaced = client.put("/api/items/1", json={"name": "Torch", "price": 5}).json
    assert replaced is not None
    assert replaced == {**item, "name": "Torch", "price": 5, "version": 2, "updated_at": replaced["updated_at"]}
    changed = client.patch("/api/items/1", json={"price": 4.5}, content_type="application/merge-patch+json").json
    assert changed is not None
    assert (changed["name"], changed["price"], changed["version"]) == ("Torch", 4.5, 3)
    assert client.patch("/api/items/1", json={"name": "Lantern"}).json == {
        **changed,
        "name": "Lantern",
        "version": 4,
        "updated_at": client.get("/api/items/1").json["updated_at"],  # type: ignore[index]  # a JSON object
    }

    deleted = client.delete("/api/items/1")
    assert (deleted.status_code, deleted.data) == (204, b"")
    for response in (
        client.delete("/api/items/1"),
        client.get("/api/items/1"),
        client.put("/api/items/1", json=LAMP),
        client.patch("/api/items/1", json=LAMP),
        client.get(f"/api/items/{'9' * 30}"),
    ):
        assert response.status_code == 404


def test_form_creates_an_item_too(client: FlaskClient) -> None:
    assert client.post("/api/items", data={"name": "Lamp", "price": "9.99"}).status_code == 201
    assert names(client) == ["Lamp"]


def test_price_is_written_with_the_digits_that_were_sent(client: FlaskClient) -> None:
    for price in ("9.99", "0.1", "1234567890.1234", "9999999999.9999", "0.0001", "0.3"):
        body = f'{{"name":"x","price":{price}}}'
        created = client.post("/api/items", data=body, content_type="application/json")
        assert f'"price":{price},' in created.text
        assert f'"price":{price},' in client.get(created.headers["Location"]).text


@pytest.mark.parametrize("price", ["-0.0", "5", "1e1"])
def test_answer_to_a_post_is_what_is_stored(client: FlaskClient, price: str) -> None:
    created = client.post("/api/items", data=f'{{"name":" x ","price":{price}}}', content_type="application/json")
    assert client.get(created.headers["Location"]).text == created.text


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ("{}", {"name", "price"}),
        ('{"name":null,"price":1}', {"name"}),
        ('{"name":{"a":1},"price":1}', {"name"}),
        ('{"name":"  ","price":1}', {"name"}),
        ('{"name":"' + "x" * 201 + '","price":1}', {"name"}),
        ('{"name":"a\\u0000b","price":1}', {"name"}),
        ('{"name":"a\\ud800b","price":1}', {"name"}),
        ('{"name":"x","price":"NaN"}', {"price"}),
        ('{"name":"x","price":1e400}', {"price"}),
        ('{"name":"x","price":-0.01}', {"price"}),
        ('{"name":"x","price":10000000000}', {"price"}),
        ('{"name":"x","price":0.00001}', {"price"}),
        ('{"name":"x","price":true}', {"price"}),
        ('{"name":"x","price":"9.99"}', {"price"}),
    ],
)
def test_item_that_cannot_be_is_refused_by_the_name_of_the_argument(
    client: FlaskClient, body: str, refused: set[str]
) -> None:
    response = client.post("/api/items", data=body, content_type="application/json")
    assert response.status_code == 400
    assert response.json is not None
    assert set(response.json["message"]) == refused
    assert names(client) == []


# -- many items --------------------------------------------------------------------------------------------------------


def test_list_of_items_is_created_in_one_answer(client: FlaskClient) -> None:
    response = client.post("/api/items", json=[{"name": f"Item {number}", "price": number} for number in range(1000)])
    assert response.status_code == 201
    assert "Location" not in response.headers
    assert response.json is not None
    assert [item["id"] for item in response.json] == list(range(1, 1001))
    assert [item["price"] for item in response.json] == list(range(1000))
    assert client.get("/api/items?limit=1000").json == response.json


def test_list_with_a_failure_creates_nothing(client: FlaskClient) -> None:
    response = client.post("/api/items", json=[LAMP, {"name": 1, "price": 1}, 3, {"price": -1}])
    assert response.status_code == 400
    assert response.json is not None
    assert set(response.json["message"]) == {"[1].name", "[2]", "[3].name", "[3].price"}
    assert names(client) == []


@pytest.mark.parametrize("count", [0, 1001])
def test_list_that_is_empty_or_too_long_creates_nothing(client: FlaskClient, count: int) -> None:
    assert client.post("/api/items", json=[LAMP] * count).status_code == 400
    assert names(client) == []


def test_list_is_created_once_for_one_key(client: FlaskClient) -> None:
    first, second = (client.post("/api/items", json=[LAMP, LAMP], headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert first.data == second.data
    assert second.headers["Idempotency-Replayed"] == "true"
    assert names(client) == ["Lamp", "Lamp"]


# -- lists -------------------------------------------------------------------------------------------------------------


def test_list_is_a_plain_json_list(client: FlaskClient) -> None:
    assert client.get("/api/items").json == []
    create(client, ("b", 1), ("a", 2))
    assert names(client) == ["b", "a"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?name=Red lamp", ["Red lamp"]),
        ("?name=red lamp", []),
        ("?q=LAMP", ["Red lamp", "lamp 100%"]),
        ("?q=%25", ["lamp 100%"]),
        ("?q=_", []),
        ("?q=ÖL", ["Öl"]),
        ("?min_price=2&max_price=3", ["lamp 100%", "Öl"]),
        ("?min_price=2.5&sort=-price", ["Öl"]),
        ("?q=l&sort=-price&limit=2", ["Öl", "lamp 100%"]),
        ("?max_price=0", []),
        ("?name=' OR 1=1 --", []),
    ],
)
def test_list_is_filtered(client: FlaskClient, query: str, found: list[str]) -> None:
    create(client, ("Red lamp", 1), ("lamp 100%", 2), ("Öl", 3))
    assert names(client, query) == found
    assert client.get(f"/api/items{query}{'&' if query else '?'}count=true").headers["X-Total-Count"].isdigit()


@pytest.mark.parametrize(
    "argument", ["name=", "q=", "min_price=x", "min_price=-1", "max_price=NaN", "max_price=1.23456"]
)
def test_filter_that_cannot_be_is_refused_by_name(client: FlaskClient, argument: str) -> None:
    response = client.get(f"/api/items?{argument}")
    assert response.status_code == 400
    assert response.json is not None
    assert list(response.json["message"]) == [argument.partition("=")[0]]


def test_links_lead_through_a_filtered_and_sorted_list(client: FlaskClient) -> None:
    create(client, *((f"{'ab'[number % 2]}{number}", number // 3) for number in range(20)))
    url = "/api/items?q=a&sort=-price,name&limit=3&fields=name,price"
    met: list[dict[str, Any]] = []
    while url:
        response = client.get(url)
        assert isinstance(response.json, list)
        met += response.json
        link = re.search('<([^>]*)>; rel="next"', response.headers.get("Link", ""))
        url = link[1] if link else ""
    assert met == sorted(met, key=lambda item: (-item["price"], item["name"]))
    assert [list(item) for item in met] == [["name", "price"]] * 10


@pytest.mark.parametrize("sort", ["id", "-id", "name", "-name", "price", "-price"])
def test_far_page_is_found_by_index(client: FlaskClient, sort: str) -> None:
    create(client, *((f"Item {number}", number % 3) for number in range(1000)))
    following = re.search("<([^>]*)>", client.get(f"/api/items?sort={sort}&limit=5").headers["Link"])
    assert following is not None
    read: list[tuple[str, Any]] = []

    def remember(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        read.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", remember)
    client.get(following[1])
    event.remove(Engine, "before_cursor_execute", remember)
    [(statement, parameters)] = read
    with db.transaction() as connection:
        if db.engine.dialect.name == "sqlite":
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            steps = [step for step in plan if re.match("(SEARCH|SCAN) items", step)]
            found = [step.startswith("SEARCH") for step in steps]
        else:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # too few rows for an index to pay
            plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
            found = ["Index" in step for step in plan if " on items " in step]
    assert found, plan
    assert all(found), plan


def test_list_is_streamed_as_ndjson(client: FlaskClient) -> None:
    create(client, *((f"Item {number}", number) for number in range(60)))
    response = client.get("/api/items?min_price=1&sort=-price", headers={"Accept": "application/x-ndjson"})
    assert response.mimetype == "application/x-ndjson"
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert lines == client.get("/api/items?min_price=1&sort=-price&limit=1000").json
    assert len(lines) == 59


# -- conditions --------------------------------------------------------------------------------------------------------


def test_list_is_not_sent_again_while_nothing_changed(client: FlaskClient) -> None:
    create(client, ("a", 1))
    tag = client.get("/api/items").headers["ETag"]
    assert client.get("/api/items", headers={"If-None-Match": tag}).status_code == 304
    create(client, ("b", 1))
    assert client.get("/api/items", headers={"If-None-Match": tag}).status_code == 200


def test_item_is_written_only_as_it_was_read(client: FlaskClient) -> None:
    client.post("/api/items", json=LAMP)
    read = {"If-Match": client.get("/api/items/1").headers["ETag"]}
    assert client.patch("/api/items/1", json={"price": 1}, headers=read).status_code == 200
    assert client.put("/api/items/1", json=LAMP, headers=read).status_code == 412
    assert client.patch("/api/items/1", json={"price": 2}, headers=read).status_code == 412
    assert client.delete("/api/items/1", headers=read).status_code == 412
    read = {"If-Match": client.get("/api/items/1").headers["ETag"]}
    assert client.delete("/api/items/1", headers=read).status_code == 204
    assert client.delete("/api/items/1", headers=read).status_code == 404


def test_refused_write_changes_nothing(client: FlaskClient) -> None:
    client.post("/api/items", json=LAMP)
    before = client.get("/api/items/1")
    for headers in ({"If-Match": '"1-7"'}, {"If-Match": 'W/"1-1"'}, {"If-Match": ""}):
        assert client.put("/api/items/1", json={"name": "x", "price": 1}, headers=headers).status_code == 412
        assert client.delete("/api/items/1", headers=headers).status_code == 412
    after = client.get("/api/items/1")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


def test_condition_can_be_required(app: Flask, client: FlaskClient) -> None:
    app.config["API_REQUIRE_IF_MATCH"] = True
    client.post("/api/items", json=LAMP)
    assert client.put("/api/items/1", json=LAMP).status_code == 428
    assert client.delete("/api/items/1").status_code == 428
    assert client.patch("/api/items/1", json={}, headers={"If-Match": "*"}).status_code == 200


def test_bad_body_is_told_before_a_stale_tag(client: FlaskClient) -> None:
    client.post("/api/items", json=LAMP)
    assert client.put("/api/items/1", json={}, headers={"If-Match": '"1-7"'}).status_code == 400
