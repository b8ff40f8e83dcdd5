"""The one call that makes an application ready to be operated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from restwell import Api, ConfigurationError, Database, Option, Resource, configuration, setup
from restwell.registry import state_of


class Greeting(Resource):
    def get(self) -> dict[str, str]:
        return {"hello": "world"}

    post = get


def application(config: dict[str, Any] | None = None, **options: Any) -> Flask:
    app = Flask("shop")
    setup(app, config, **options)
    Api(app).add_resource(Greeting, "/greeting")
    return app


def test_what_every_service_needs_is_there() -> None:
    client = application().test_client()
    for url in ("/greeting", "/health", "/ready", "/openapi.json", "/docs"):
        assert client.get(url).status_code == 200, url
    response = client.get("/greeting")
    assert response.headers["X-Request-ID"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_options_come_from_the_caller_the_environment_or_their_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TITLE", "Of the environment")
    monkeypatch.setenv("API_VERSION", "Of the environment")
    app = application({"API_TITLE": "Of the caller", "API_VERSION": None, "MINE": 1})
    assert (app.config["API_TITLE"], app.config["API_VERSION"]) == ("Of the caller", "Of the environment")
    assert (app.config["PORT"], app.config["MINE"]) == (5000, 1)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"API_TOKEN": "x"}, "API_TOKEN is not an option; did you mean API_TOKENS?"),
        ({"API_ERROR_FORMAT": "xml"}, "API_ERROR_FORMAT must be one of standard, problem, restful, not 'xml'"),
    ],
)
def test_unknown_and_impossible_options_are_refused_in_a_line(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        application(config)
    assert str(refused.value) == message


def test_options_of_the_application_stand_in_the_same_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_CURRENCY", "EUR")
    own = (
        Option("API_CURRENCY", "USD", configuration.choice("USD", "EUR"), "The currency"),
        Option("PORT", 8000, configuration.integer(1, 9999), "The port"),
    )
    app = application(options=own)
    assert (app.config["API_CURRENCY"], app.config["PORT"]) == ("EUR", 8000)
    with pytest.raises(ConfigurationError, match="API_CURRENCY must be one of USD, EUR"):
        application({"API_CURRENCY": "GBP"}, options=own)


def test_a_second_call_is_refused_in_words() -> None:
    app = application()
    with pytest.raises(ConfigurationError, match="setup has been called for the application 'shop' already"):
        setup(app)


def test_two_applications_in_one_process_have_each_their_own() -> None:
    protected, other = application({"API_TOKENS": ["open-sesame"]}), application()
    assert protected.test_client().post("/greeting").status_code == 401
    assert other.test_client().post("/greeting").status_code == 200


def test_public_endpoints_need_no_token() -> None:
    config = {"API_TOKENS": ["open-sesame"], "API_PROTECT_READS": True}
    assert application(config).test_client().get("/greeting").status_code == 401
    client = application(config, public=["greeting"]).test_client()
    assert client.get("/greeting").status_code == 200
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize("order", ["before", "after"])
def test_an_api_that_was_made_before_follows_the_options_too(order: str) -> None:
    app = Flask("shop")
    if order == "before":
        Api(app, prefix="/api").add_resource(Greeting, "/greeting")
    setup(app, {"API_ERROR_FORMAT": "problem", "API_STATUS_IN_BODY": True})
    if order == "after":
        Api(app, prefix="/api").add_resource(Greeting, "/greeting")
    client = app.test_client()
    assert client.get("/api/greeting").json == {"hello": "world", "status": 200}
    assert client.put("/api/greeting").content_type == "application/problem+json"


@pytest.mark.parametrize("kind", [Database, SQLAlchemy])
def test_a_database_of_either_kind_is_connected(tmp_path: Path, kind: type[SQLAlchemy]) -> None:
    app = application({"DATABASE_URL": f"sqlite:///{tmp_path}/shop.db"}, database=kind())
    assert str(app.config["SQLALCHEMY_DATABASE_URI"]).endswith("shop.db")
    assert app.test_client().get("/ready").status_code == 200


def test_a_database_url_that_the_application_has_set_is_respected(tmp_path: Path) -> None:
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/own.db"
    setup(app, {"DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}, database=Database())
    assert str(app.config["SQLALCHEMY_DATABASE_URI"]).endswith("own.db")
    assert state_of(app).is_set_up
