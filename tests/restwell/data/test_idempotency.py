"""Requests with an Idempotency-Key."""

import datetime
import io
import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import flask
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, Integer, String, Table, func, select, update
from werkzeug.test import TestResponse

from restwell import Api, Resource, abort, expects, idempotent, inputs, reqparse
from restwell.data.database import Database
from restwell.data.idempotency import LIFETIME, key_table
from restwell.declared import description_of

db = Database()
keys = key_table(db.metadata)
orders = Table("orders", db.metadata, Column("id", Integer, primary_key=True), Column("what", String, nullable=False))

order_parser = reqparse.RequestParser()
order_parser.add_argument("what", type=inputs.string(1), required=True)


def create(what: str) -> int:
    with db.connection() as connection:
        number: int = connection.execute(orders.insert().returning(orders.c.id), {"what": what}).scalar_one()
    return number


class OrderList(Resource):
    @idempotent
    @expects(order_parser)
    def post(self, args: dict[str, Any]) -> Any:
        number = create(args["what"])
        flask.current_app.config["DURING"](args["what"])
        return {"id": number, "what": args["what"]}, 201, {"Location": f"/orders/{number}"}


class Upload(Resource):
    @idempotent
    def post(self) -> Any:
        return flask.Response(f"{create('upload')}: ".encode() + flask.request.files["file"].read(), 201)


class Refusal(Resource):
    @idempotent
    def post(self) -> Any:
        create("tea")
        return {"message": "sold out"}, 409


class Receipt(Resource):
    representations: ClassVar = {"text/plain": lambda data, code, headers: flask.Response(str(data), code, headers)}

    @idempotent
    def post(self) -> Any:
        return create("receipt"), 201


class Built(Resource):
    @idempotent
    def post(self) -> Any:
        return flask.jsonify(id=create("built")), 201, {"X-Built": "yes"}


class Asynchronous(Resource):
    @idempotent
    async def post(self) -> Any:
        return {"id": create("async")}


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    app = Flask(__name__)
    app.config.update(DATABASE_URL=database_url, DURING=lambda what: None)
    db.init_app(app)
    api = Api(app)
    api.add_resource(OrderList, "/orders", "/purchases")
    api.add_resource(Upload, "/uploads")
    api.add_resource(Refusal, "/refusals")
    api.add_resource(Receipt, "/receipts")
    api.add_resource(Asynchronous, "/async")
    with app.app_context():
        db.create_all()
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def post(client: FlaskClient) -> Callable[..., TestResponse]:
    """Orders ``what`` with a key."""

    def post(key: str = "k", what: Any = "tea", url: str = "/orders", **headers: str) -> TestResponse:
        return client.post(url, json={"what": what}, headers={"Idempotency-Key": key, **headers})

    return post


def count(table: Table = orders) -> int:
    with db.connection() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_repeated_request_is_answered_as_before_and_carried_out_once(post: Callable[..., TestResponse]) -> None:
    first, second = post(), post()
    assert first.status_code == second.status_code == 201
    assert first.data == second.data
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert [(name, value) for name, value in second.headers if name != "Idempotency-Replayed"] == list(first.headers)
    assert second.headers["Location"] == "/orders/1"
    assert count() == 1


def test_requests_without_a_key_or_with_others_are_carried_out_each(
    client: FlaskClient, post: Callable[..., TestResponse]
) -> None:
    for _ in range(2):
        assert client.post("/orders", json={"what": "tea"}).status_code == 201
    post("a")
    post("b")
    assert count() == 4
    assert count(keys) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"what": "coffee"},
        {"url": "/purchases"},
        {"url": "/orders?express=1"},
        {"Authorization": "Bearer other"},
        {"Accept": "text/csv"},
    ],
)
def test_other_request_with_the_key_is_refused(post: Callable[..., TestResponse], change: dict[str, str]) -> None:
    post(Authorization="Bearer one")
    response = post(**{"Authorization": "Bearer one", **change})
    assert response.status_code == 422
    assert response.json is not None
    assert "another request" in response.json["message"]
    assert count() == 1


def test_key_may_stand_in_quotes(post: Callable[..., TestResponse]) -> None:
    post('"8e03978e-40d5-43e8-bc93-6894a57f9324"')
    assert "Idempotency-Replayed" in post("8e03978e-40d5-43e8-bc93-6894a57f9324").headers
    assert post("x" * 255).status_code == 201
    assert post("!#~").status_code == 201


@pytest.mark.parametrize("key", ["", '""', '"', '"open', 'a b"', "two words", "é", "x" * 256, '"' + "x" * 256 + '"'])
def test_what_is_no_key_is_refused(post: Callable[..., TestResponse], key: str) -> None:
    response = post(key)
    assert response.status_code == 400
    assert response.json is not None
    assert "Idempotency-Key" in response.json["message"]
    assert count() == 0


def test_form_is_the_same_request_whatever_its_boundary(client: FlaskClient) -> None:
    def upload(content: bytes, name: str = "a.txt") -> TestResponse:
        data = {"file": (io.BytesIO(content), name)}
        return client.post("/uploads", data=data, headers={"Idempotency-Key": "k"})

    first = upload(b"content")
    assert first.data == b"1: content"
    assert upload(b"content").data == first.data
    assert upload(b"other").status_code == 422
    assert upload(b"content", "b.txt").status_code == 422
    for _ in range(2):
        form = client.post("/orders", data={"what": "tea"}, headers={"Idempotency-Key": "form"})
        assert form.status_code == 201
    assert client.post("/orders", data={"what": "ale"}, headers={"Idempotency-Key": "form"}).status_code == 422
    assert count() == 2


def test_refused_or_failed_request_leaves_its_key_free(app: Flask, post: Callable[..., TestResponse]) -> None:
    assert post(what=1).status_code == 400

    def refuse(what: str) -> None:
        abort(409, message="sold out")

    def fail(what: str) -> None:
        raise ZeroDivisionError

    for during, status in ((refuse, 409), (fail, 500)):
        app.config["DURING"] = during
        assert post().status_code == status
        assert (count(), count(keys)) == (0, 0)
    app.config["DURING"] = lambda what: None
    assert post().status_code == 201


def test_error_that_is_returned_takes_back_what_was_written(post: Callable[..., TestResponse]) -> None:
    for _ in range(2):
        response = post(url="/refusals")
        assert response.status_code == 409
        assert response.json is not None
        assert response.json["message"] == "sold out"
        assert "Idempotency-Replayed" not in response.headers
    assert count() == count(keys) == 0


def test_representation_of_the_resource_is_what_is_stored(post: Callable[..., TestResponse]) -> None:
    first, second = (post(url="/receipts", Accept="text/plain") for _ in range(2))
    assert (first.mimetype, first.status_code, first.text) == ("text/plain", 201, "1")
    assert (second.mimetype, second.status_code, second.text) == ("text/plain", 201, "1")
    assert second.headers["Idempotency-Replayed"] == "true"


def test_repetition_while_the_first_request_runs_is_told_to_wait(app: Flask, post: Callable[..., TestResponse]) -> None:
    during: list[TestResponse] = []

    def repeat(what: str) -> None:
        thread = threading.Thread(target=lambda: during.append(post()))
        thread.start()
        thread.join()

    app.config["DURING"] = repeat
    assert post().status_code == 201
    assert [response.status_code for response in during] == [409]
    assert int(during[0].headers["Retry-After"]) > 0
    assert "Idempotency-Replayed" in post().headers
    assert count() == 1


def test_key_is_forgotten_after_its_lifetime(post: Callable[..., TestResponse]) -> None:
    assert datetime.timedelta(hours=24) == LIFETIME
    post()
    with db.transaction() as connection:
        expires_at = connection.scalar(select(keys.c.expires_at))
        assert expires_at is not None
        remaining = expires_at - datetime.datetime.now(datetime.timezone.utc)
        assert LIFETIME - datetime.timedelta(minutes=5) < remaining <= LIFETIME
        connection.execute(update(keys).values(expires_at=expires_at - LIFETIME))
    response = post(what="coffee")
    assert response.status_code == 201
    assert "Idempotency-Replayed" not in response.headers
    assert "Idempotency-Replayed" in post(what="coffee").headers
    assert count() == 2


def test_expired_keys_are_removed_by_new_ones(post: Callable[..., TestResponse]) -> None:
    expired = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=1)
    row = {"fingerprint": "f", "status": 201, "headers": [], "body": b"", "expires_at": expired}
    with db.transaction() as connection:
        connection.execute(keys.insert(), [{**row, "key": f"old{number}"} for number in range(25)])
    post("a")
    assert count(keys) < 25
    for key in "bcd":
        post(key)
    with db.connection() as connection:
        assert set(connection.scalars(select(keys.c.key))) == {"a", "b", "c", "d"}


def test_async_method_is_carried_out_once(client: FlaskClient) -> None:
    answers = [client.post("/async", headers={"Idempotency-Key": "k"}).json for _ in range(2)]
    assert answers == [{"id": 1}, {"id": 1}]


def test_idempotency_describes_itself() -> None:
    described = description_of(OrderList.post, {})
    assert [parameter["name"] for parameter in described.parameters] == ["Idempotency-Key"]
    assert set(described.responses) == {400, 409, 422}
    assert list(described.headers[201]) == ["Idempotency-Replayed"]


def test_response_with_a_status_behind_it_is_kept_as_a_whole(app: Flask) -> None:
    Api(app).add_resource(Built, "/built")
    client = app.test_client()
    answers = [client.post("/built", headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [(answer.status_code, answer.json, answer.headers["X-Built"]) for answer in answers] == [
        (201, {"id": 1}, "yes"),
        (201, {"id": 1}, "yes"),
    ]
