import os
import socket
import sys
import uuid

import pytest
import redis
from flask import Flask
from werkzeug.exceptions import ServiceUnavailable

from restwell import Api, Resource, configuration
from restwell.description.openapi import document
from restwell.operations import rate_limits

REDIS_SERVER = "redis://127.0.0.1:6379"


class Thing(Resource):
    def get(self):
        return {}

    def delete(self):
        raise ServiceUnavailable(retry_after=2)


class Health(Resource):
    def get(self):
        return {}


def make_client(**config):
    app = Flask(__name__)
    configuration.load(app, rate_limits.OPTIONS, config)
    rate_limits.init_rate_limits(app, exempt=["health"])
    api = Api(app)
    api.add_resource(Thing, "/thing")
    api.add_resource(Health, "/health")
    return app.test_client()


@pytest.fixture
def redis_url():
    server = redis.Redis.from_url(REDIS_SERVER)
    try:
        server.ping()
    except redis.ConnectionError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no Redis server to test on: {error}")
    return REDIS_SERVER


def statuses(client, count, address="192.0.2.1"):
    return [client.get("/thing", environ_overrides={"REMOTE_ADDR": address}).status_code for _ in range(count)]


def test_there_is_no_limit_by_default():
    response = make_client().get("/thing")
    assert "X-RateLimit-Limit" not in response.headers


def test_limit_is_described_where_it_holds():
    paths = document(make_client(RATELIMIT_DEFAULT="1 per minute").application)["paths"]
    assert paths["/thing"]["get"]["responses"]["429"]["headers"].keys() == {"Retry-After"}
    assert "429" not in paths["/health"]["get"]["responses"]
    assert "429" not in document(make_client().application)["paths"]["/thing"]["get"]["responses"]


def test_request_past_the_limit_is_429_and_says_when_to_retry():
    client = make_client(RATELIMIT_DEFAULT="2 per hour")
    assert statuses(client, 2) == [200, 200]
    response = client.get("/thing", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert response.status_code == 429
    assert response.json == {
        "error": "Too Many Requests",
        "message": "Too many requests: allowed are 2 per hour.",
        "status": 429,
    }
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert response.headers["X-RateLimit-Limit"] == "2"
    assert response.headers["X-RateLimit-Remaining"] == "0"


def test_response_within_the_limit_says_what_remains():
    response = make_client(RATELIMIT_DEFAULT="5 per hour").get("/thing")
    assert (response.headers["X-RateLimit-Limit"], response.headers["X-RateLimit-Remaining"]) == ("5", "4")
    assert "X-RateLimit-Reset" in response.headers
    assert "Retry-After" not in response.headers


def test_retry_after_of_another_error_stays():
    response = make_client(RATELIMIT_DEFAULT="5 per hour").delete("/thing")
    assert (response.status_code, response.headers.getlist("Retry-After")) == (503, ["2"])


def test_clients_are_told_apart_by_their_address():
    client = make_client(RATELIMIT_DEFAULT="1 per hour")
    assert statuses(client, 2, "192.0.2.1") == [200, 429]
    assert statuses(client, 2, "192.0.2.2") == [200, 429]


def test_exempt_endpoint_has_no_limit():
    client = make_client(RATELIMIT_DEFAULT="1 per hour")
    assert [client.get("/health").status_code for _ in range(3)] == [200, 200, 200]


@pytest.mark.redis
def test_processes_share_a_limit_through_redis(redis_url):
    address = f"test-{uuid.uuid4()}"
    first, second = (make_client(RATELIMIT_DEFAULT="3 per hour", RATELIMIT_STORAGE_URI=redis_url) for _ in range(2))
    assert statuses(first, 2, address) + statuses(second, 2, address) == [200, 200, 200, 429]


@pytest.fixture(params=["refuses", "is silent"])
def dead_redis_url(request):
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"redis://127.0.0.1:{server.getsockname()[1]}"
        if request.param == "is silent":
            yield url
            return
    yield url


def test_requests_go_on_while_redis_is_away(dead_redis_url, caplog):
    client = make_client(RATELIMIT_DEFAULT="5 per hour", RATELIMIT_STORAGE_URI=dead_redis_url)
    assert statuses(client, 6) == [200] * 5 + [429]
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 1
    assert "storage unreachable" in warnings[0].getMessage()


@pytest.mark.parametrize("limit", ["often", "5", "-1 per hour", "5 per fortnight"])
def test_limit_that_cannot_be_read_is_refused_at_start(limit):
    with pytest.raises(configuration.ConfigurationError, match="RATELIMIT_DEFAULT must be such as 100 per minute"):
        make_client(RATELIMIT_DEFAULT=limit)


@pytest.mark.parametrize("uri", ["nowhere", "carrier-pigeon://loft", "redis://host:port"])
def test_storage_that_cannot_be_used_is_refused_at_start(uri):
    with pytest.raises(configuration.ConfigurationError, match="RATELIMIT_STORAGE_URI cannot be used"):
        make_client(RATELIMIT_DEFAULT="5 per hour", RATELIMIT_STORAGE_URI=uri)


@pytest.mark.parametrize(
    ("module", "message"),
    [("flask_limiter", "RATELIMIT_DEFAULT needs Flask-Limiter"), ("redis.retry", "RATELIMIT_STORAGE_URI needs redis")],
)
def test_limit_without_its_library_is_refused_at_start(module, message, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(configuration.ConfigurationError, match=message):
        make_client(RATELIMIT_DEFAULT="5 per hour", RATELIMIT_STORAGE_URI=REDIS_SERVER)


@pytest.mark.parametrize(
    "uri", ["redsi://:sekrit@host", "redis://:sekrit@host:port", "redis://:se/krit@host", "sekrit", "redis://[sekrit"]
)
def test_password_of_the_storage_is_not_shown(uri):
    with pytest.raises(configuration.ConfigurationError) as caught:
        make_client(RATELIMIT_DEFAULT="5 per minute", RATELIMIT_STORAGE_URI=uri)
    assert (
        str(caught.value) == "RATELIMIT_STORAGE_URI cannot be used: it must be such as memory:// or redis://host:6379"
    )
    assert caught.value.__cause__ is None


def test_one_network_of_a_subscriber_is_one_client():
    client = make_client(RATELIMIT_DEFAULT="5 per minute")
    addresses = [f"2001:db8:1:2:{number:x}::{number:x}" for number in range(1, 13)]
    assert [statuses(client, 1, address)[0] for address in addresses] == [200] * 5 + [429] * 7
    assert statuses(client, 1, "2001:db8:1:3::1") == [200]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:0DB8:0:0:ffff::2", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("a:b", "a:c", False),
    ],
)
def test_addresses_are_of_one_client_or_of_two(first, second, same):
    client = make_client(RATELIMIT_DEFAULT="1 per minute")
    assert statuses(client, 1, first) == [200]
    assert statuses(client, 1, second) == [429 if same else 200]


def test_preflights_are_not_counted():
    client = make_client(RATELIMIT_DEFAULT="2 per minute")
    preflight = {"Origin": "https://app.example", "Access-Control-Request-Method": "DELETE"}
    for _ in range(5):
        response = client.options("/thing", headers=preflight)
        assert response.status_code == 200
        assert "X-RateLimit-Limit" not in response.headers
    assert statuses(client, 3, "127.0.0.1") == [200, 200, 429]


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://app.example"}, {"Access-Control-Request-Method": "PUT"}])
def test_any_other_options_request_is_counted(headers):
    client = make_client(RATELIMIT_DEFAULT="2 per minute")
    assert [client.options("/thing", headers=headers).status_code for _ in range(3)] == [200, 200, 429]
