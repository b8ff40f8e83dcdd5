"""Which pages on other origins may use an application."""

import json
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from restwell import Api, Resource
from restwell.configuration import ConfigurationError, load
from restwell.operations import cors

SHOP = "https://shop.example"
EXPOSED = (
    "ETag, Idempotency-Replayed, Link, Location, Retry-After, "
    "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-ID, X-Total-Count"
)


class Things(Resource):
    def get(self) -> Any:
        return []

    def post(self) -> Any:
        raise RuntimeError


def client(development: bool = False, **config: Any) -> FlaskClient:
    app = Flask(__name__)
    load(app, cors.OPTIONS, config)
    cors.init_cors(app, development=development)
    Api(app, prefix="/api").add_resource(Things, "/things")
    app.add_url_rule("/plain", "plain", view_func=lambda: "plain")
    app.add_url_rule("/private", "private", view_func=lambda: abort(401))
    return app.test_client()


def get(client: FlaskClient, path: str = "/api/things", origin: str = SHOP) -> TestResponse:
    return client.get(path, headers={"Origin": origin})


def cors_headers(response: TestResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers if name.startswith("Access-Control-")}


# -- the default -------------------------------------------------------------------------------------------------------


def test_nobody_is_let_in_by_default() -> None:
    response = get(client(), origin="http://localhost:3000")
    assert cors_headers(response) == {}
    assert "Origin" not in response.headers.getlist("Vary")


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost",
        "http://localhost:3000",
        "https://localhost:8443",
        "http://127.0.0.1",
        "http://127.0.0.1:5173",
    ],
)
def test_development_server_lets_pages_on_localhost_in(origin: str) -> None:
    response = get(client(development=True), origin=origin)
    assert cors_headers(response) == {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": EXPOSED,
    }
    assert "Origin" in response.headers.getlist("Vary")


@pytest.mark.parametrize(
    "origin",
    [
        SHOP,
        "null",
        "http://localhost.evil.example",
        "http://localhost:3000.evil.example",
        "http://localhost:3000@evil.example",
        "http://evil.example/http://localhost",
        "http://127.0.0.1.evil.example",
        "http://127x0.0.1",
        "ftp://localhost",
        "http://localhost:",
    ],
)
def test_development_server_lets_nobody_else_in(origin: str) -> None:
    assert cors_headers(get(client(development=True), origin=origin)) == {}


def test_configured_origins_replace_localhost() -> None:
    browser = client(development=True, CORS_ORIGINS=[SHOP])
    assert cors_headers(get(browser, origin="http://localhost")) == {}
    assert cors_headers(get(browser))["Access-Control-Allow-Origin"] == SHOP


# -- origins -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [f"{SHOP},https://b.example", f'["{SHOP}", "https://b.example"]'])
def test_origins_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CORS_ORIGINS", text)
    browser = client()
    for origin in (SHOP, "https://b.example"):
        assert cors_headers(get(browser, origin=origin))["Access-Control-Allow-Origin"] == origin
    assert cors_headers(get(browser, origin="https://c.example")) == {}


def test_wildcard_lets_everybody_in() -> None:
    assert cors_headers(get(client(CORS_ORIGINS="*")))["Access-Control-Allow-Origin"] == SHOP


def test_regular_expression_has_to_match_the_whole_origin() -> None:
    browser = client(CORS_ORIGINS=r"https://[a-z]+\.example")
    assert cors_headers(get(browser))["Access-Control-Allow-Origin"] == SHOP
    assert cors_headers(get(browser, origin=f"{SHOP}.evil.example")) == {}


@pytest.mark.parametrize(
    "origins",
    [f"{SHOP}/", "shop.example", "https://shop.example/page", "https://.+", "https://[a-", ["https://a.example", 5], 5],
)
def test_what_is_no_origin_is_refused(origins: object) -> None:
    with pytest.raises(ConfigurationError, match=r"^CORS_ORIGINS must be \* or origins without a path, such as"):
        client(CORS_ORIGINS=origins)


# -- responses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/things", 200),
        ("GET", "/plain", 200),
        ("GET", "/api/nothing", 404),
        ("DELETE", "/api/things", 405),
        ("POST", "/api/things", 500),
        ("GET", "/private", 401),
    ],
)
def test_every_response_can_be_read_errors_too(method: str, path: str, status: int) -> None:
    response = client(CORS_ORIGINS=SHOP).open(path, method=method, headers={"Origin": SHOP})
    assert response.status_code == status
    assert response.headers.getlist("Access-Control-Allow-Origin") == [SHOP]
    assert response.headers["Access-Control-Expose-Headers"] == EXPOSED


def test_preflight_is_answered() -> None:
    response = client(CORS_ORIGINS=SHOP, CORS_MAX_AGE=600).options(
        "/api/things",
        headers={
            "Origin": SHOP,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, if-match",
        },
    )
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == SHOP
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "content-type, if-match"
    assert response.headers["Access-Control-Max-Age"] == "600"


def test_preflight_of_a_stranger_gets_nothing() -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert cors_headers(client(CORS_ORIGINS=SHOP).options("/api/things", headers=headers)) == {}


@pytest.mark.parametrize("headers", [{}, {"Origin": SHOP}, {"Origin": "https://evil.example"}])
def test_caches_are_told_that_the_answer_depends_on_the_origin(headers: dict[str, str]) -> None:
    response = client(CORS_ORIGINS=SHOP).get("/plain", headers=headers)
    assert response.headers.getlist("Vary") == ["Origin"]


def test_request_without_origin_gets_no_allowances_unless_they_are_always_sent() -> None:
    def allowances(**config: Any) -> dict[str, str]:
        return cors_headers(client(CORS_ORIGINS=SHOP, **config).get("/plain"))

    assert allowances() == {}
    always = {"Access-Control-Allow-Origin": SHOP, "Access-Control-Expose-Headers": EXPOSED}
    assert allowances(CORS_ALWAYS_SEND=True) == always
    assert allowances(CORS_RESOURCES={"/plain": {"always_send": True}}) == always


def test_view_that_varies_by_origin_says_so_once() -> None:
    browser = client(CORS_ORIGINS=SHOP)
    browser.application.add_url_rule("/own", view_func=lambda: ("", {"vary": "Accept, origin"}))
    assert browser.get("/own").headers.getlist("Vary") == ["Accept, origin"]


def test_configured_headers_are_exposed_with_the_usual_ones() -> None:
    response = get(client(CORS_ORIGINS=SHOP, CORS_EXPOSE_HEADERS="X-Zone"))
    assert response.headers["Access-Control-Expose-Headers"] == f"{EXPOSED}, X-Zone"


@pytest.mark.parametrize("name", ["Origin", "Access-Control-Request-Headers"])
def test_what_no_browser_asks_for_is_not_repeated(name: str) -> None:
    asked = {"Origin": SHOP, "Access-Control-Request-Method": "PUT", name: "x," * 3000}
    browser = client(CORS_ORIGINS=f"{SHOP},.*")
    assert cors_headers(browser.options("/plain", headers=asked)) == {}
    assert "X-Mine" in browser.options("/plain", headers={**asked, "Origin": SHOP, name: "X-Mine"}).headers.get(
        "Access-Control-Allow-Headers", "X-Mine" if name == "Origin" else ""
    )


def test_credentials_are_allowed_where_configured() -> None:
    response = get(client(CORS_ORIGINS=SHOP, CORS_SUPPORTS_CREDENTIALS=True))
    assert response.headers["Access-Control-Allow-Credentials"] == "true"


# -- rules by path -----------------------------------------------------------------------------------------------------


def test_rules_by_path_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = {
        "/api/*": {"origins": SHOP, "supports_credentials": True, "expose_headers": ["X-Mine"]},
        "/plain": {"origins": ["*"]},
    }
    monkeypatch.setenv("CORS_RESOURCES", json.dumps(rules))
    browser = client()
    assert cors_headers(get(browser)) == {
        "Access-Control-Allow-Origin": SHOP,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": EXPOSED.replace("X-RateLimit-Limit", "X-Mine, X-RateLimit-Limit"),
    }
    assert cors_headers(get(browser, origin="https://b.example")) == {}
    assert (
        cors_headers(get(browser, "/plain", "https://b.example"))["Access-Control-Allow-Origin"] == "https://b.example"
    )
    assert cors_headers(get(browser, "/private")) == {}


def test_rule_without_origins_takes_those_of_the_application() -> None:
    browser = client(CORS_ORIGINS=SHOP, CORS_RESOURCES="/plain")
    assert cors_headers(get(browser, "/plain"))["Access-Control-Allow-Origin"] == SHOP
    assert cors_headers(get(browser)) == {}


def test_rule_without_any_origins_lets_nobody_in() -> None:
    assert cors_headers(get(client(CORS_RESOURCES={"/api/*": {}}))) == {}


@pytest.mark.parametrize(
    "rules",
    ['{"/api/*": ', "[1]", '{"/api/*": "https://shop.example"}', '{"/api/*": 5}', {"/api/(": {}}, 5],
)
def test_malformed_rules_are_refused(rules: object) -> None:
    with pytest.raises(ConfigurationError, match=r"^CORS_RESOURCES must be .* JSON object of path patterns"):
        client(CORS_RESOURCES=rules)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"origin": SHOP}, "CORS_RESOURCES: /api/* has the unknown option origin"),
        ({"supports_credentials": "perhaps"}, "CORS_RESOURCES: supports_credentials of /api/* must be true or false"),
        ({"origins": "shop.example"}, "CORS_RESOURCES: origins of /api/* must be * or origins without a path"),
    ],
)
def test_wrong_option_of_a_rule_is_refused_by_its_name(rule: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        client(CORS_RESOURCES={"/api/*": rule})
    assert str(caught.value).startswith(message)


# -- credentials -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "config",
    [
        {"CORS_ORIGINS": "*", "CORS_SUPPORTS_CREDENTIALS": True},
        {"CORS_ORIGINS": [SHOP, "*"], "CORS_SUPPORTS_CREDENTIALS": True},
        {"CORS_ORIGINS": ".*", "CORS_SUPPORTS_CREDENTIALS": True},
        {"CORS_ORIGINS": "https?://.*", "CORS_SUPPORTS_CREDENTIALS": True},
        {"CORS_ORIGINS": "http://.*", "CORS_SUPPORTS_CREDENTIALS": True},
        {"CORS_RESOURCES": {"/api/*": {"origins": "*", "supports_credentials": True}}},
        {"CORS_ORIGINS": "*", "CORS_RESOURCES": {"/api/*": {"supports_credentials": True}}},
        {"CORS_SUPPORTS_CREDENTIALS": True, "CORS_RESOURCES": {"/api/*": {"origins": "*"}}},
    ],
)
def test_any_origin_with_credentials_is_refused_at_start(config: dict[str, Any]) -> None:
    with pytest.raises(
        ConfigurationError, match="CORS_SUPPORTS_CREDENTIALS cannot be true where any origin is allowed"
    ):
        client(**config)


def test_any_origin_without_credentials_beside_a_named_one_with_them_is_fine() -> None:
    rules = {"/api/*": {"origins": SHOP, "supports_credentials": True}, "/plain": {"origins": "*"}}
    assert "Access-Control-Allow-Credentials" not in cors_headers(get(client(CORS_RESOURCES=rules), "/plain"))


@pytest.mark.parametrize("vary", ["Accept", "Accept, Origin", "origin", "accept-language", "X-Original-Host"])
def test_vary_names_the_origin_once_beside_what_a_view_says(vary: str) -> None:
    varying = client(CORS_ORIGINS=SHOP)
    varying.application.add_url_rule("/vary", "vary", view_func=lambda: ("", {"vary": vary}))
    named = ", ".join(varying.get("/vary").headers.getlist("Vary")).lower()
    assert named.split(", ").count("origin") == 1
    assert vary.lower() in named
