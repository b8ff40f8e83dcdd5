"""One call makes an application ready to be operated."""

import logging
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from restwell import Api, ConfigurationError, Database, Option, Resource, configuration, setup


class Thing(Resource):
    def get(self) -> Any:
        return {"read": True}

    def post(self) -> Any:
        return {"written": True}, 201


def application(config: dict[str, Any] | None = None, **keywords: Any) -> Flask:
    app = Flask("shop")
    setup(app, config, **keywords)
    Api(app).add_resource(Thing, "/things")
    return app


@pytest.fixture
def project(tmp_path: Path) -> Flask:
    """An application with a folder of its own, where this project's migrations are not."""
    return Flask("shop", root_path=str(tmp_path), instance_path=str(tmp_path / "instance"))


def test_tokens_are_asked_for() -> None:
    client = application({"API_TOKENS": "secret"}).test_client()
    assert client.post("/things").status_code == 401
    assert client.post("/things", headers={"Authorization": "Bearer secret"}).status_code == 201
    assert client.get("/things").status_code == 200


def test_options_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKENS", "secret")
    assert application().test_client().post("/things").status_code == 401


def test_public_endpoints_need_no_token() -> None:
    client = application({"API_TOKENS": "secret"}, public=["thing"]).test_client()
    assert client.post("/things").status_code == 201


def test_rate_limits_are_kept_but_for_health() -> None:
    client = application({"RATELIMIT_DEFAULT": "1 per hour"}).test_client()
    assert [client.get("/things").status_code for _ in range(2)] == [200, 429]
    assert [client.get("/health").status_code for _ in range(2)] == [200, 200]


def test_limits_headers_request_ids_and_cors_are_there() -> None:
    client = application({"MAX_QUERY_LENGTH": 10, "CORS_ORIGINS": "https://shop.example"}).test_client()
    assert client.get("/things?q=12345678901").status_code == 414
    response = client.get("/things", headers={"Origin": "https://shop.example", "X-Request-ID": "one"})
    assert response.headers["X-Request-ID"] == "one"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"


def test_proxies_are_believed_as_far_as_they_are_trusted() -> None:
    app = application({"TRUSTED_PROXIES": 1})
    app.add_url_rule("/url", "url", lambda: app.url_for("url", _external=True))
    assert app.test_client().get("/url", headers={"X-Forwarded-Proto": "https"}).text == "https://localhost/url"


def test_health_and_the_description_answer_without_a_database() -> None:
    client = application().test_client()
    assert client.get("/health").json == {"status": "alive"}
    assert client.get("/ready").json == {"status": "ready"}
    document = client.get("/openapi.json").json
    assert document["info"]["title"] == "shop"
    assert list(document["paths"]) == ["/things", "/health", "/ready"]
    assert client.get("/docs").status_code == 200


@pytest.mark.parametrize("is_before", [True, False])
def test_order_of_setup_and_apis_does_not_matter(is_before: bool) -> None:
    app = Flask("shop")
    config = {"API_ERROR_FORMAT": "problem", "API_STATUS_IN_BODY": "true", "API_TOKENS": "secret"}
    if is_before:
        setup(app, config)
    Api(app).add_resource(Thing, "/things")
    if not is_before:
        setup(app, config)
    client = app.test_client()
    assert client.get("/things").json == {"read": True, "status": 200}
    refused = client.put("/things", headers={"Authorization": "Bearer secret"})
    assert (refused.status_code, refused.mimetype) == (405, "application/problem+json")
    assert client.post("/things").status_code == 401


def test_what_an_api_was_given_wins_over_options() -> None:
    app = Flask("shop")
    setup(app, {"API_ERROR_FORMAT": "problem"})
    Api(app, error_format="restful").add_resource(Thing, "/things")
    response = app.test_client().put("/things")
    assert response.json == {"message": "The method is not allowed for the requested URL."}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"API_TOKEN": "x"}, "API_TOKEN is not an option; did you mean API_TOKENS?"),
        ({"API_ANYTHING": 1}, "API_ANYTHING is not an option"),
        ({"DATABSE_URL": "sqlite://"}, "DATABSE_URL is not an option; did you mean DATABASE_URL?"),
        ({"RATELIMIT_STORAGE_URL": "x"}, "RATELIMIT_STORAGE_URL is not an option; did you mean RATELIMIT_STORAGE_URI?"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'LOUD'"),
        ({"MAX_CONTENT_LENGTH": 0}, "MAX_CONTENT_LENGTH must be a whole number from 1 to 2147483647, not 0"),
    ],
)
def test_unknown_and_impossible_options_are_refused_in_a_line(config: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        application(config)
    assert str(refusal.value) == message


def test_options_of_other_extensions_are_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_USER", "somebody")
    app = application({"RATELIMIT_STORAGE_OPTIONS": {}, "CORS_ALWAYS_SEND": True, "JWT_SECRET_KEY": "x"})
    assert app.config["JWT_SECRET_KEY"] == "x"


def test_options_of_the_application_stand_beside_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    currency = Option("SHOP_CURRENCY", "EUR", configuration.choice("EUR", "USD"), "What prices are in")
    assert application(options=[currency]).config["SHOP_CURRENCY"] == "EUR"
    monkeypatch.setenv("SHOP_CURRENCY", "USD")
    assert application(options=[currency]).config["SHOP_CURRENCY"] == "USD"
    monkeypatch.setenv("SHOP_CURRENCY", "XXX")
    with pytest.raises(ConfigurationError, match="SHOP_CURRENCY must be one of EUR, USD, not 'XXX'"):
        application(options=[currency])


def test_second_call_is_refused() -> None:
    app = Flask("shop")
    setup(app)
    with pytest.raises(ConfigurationError, match="setup has been called for the application 'shop' already"):
        setup(app)


def test_refused_configuration_may_be_mended_and_tried_again() -> None:
    app = Flask("shop")
    with pytest.raises(ConfigurationError, match="PORT must be"):
        setup(app, {"PORT": "x"})
    setup(app, {"PORT": 1})


def test_one_text_is_no_list_of_endpoints() -> None:
    with pytest.raises(TypeError, match="public takes a list of endpoints, not the one text 'login'"):
        setup(Flask("shop"), public="login")


def test_values_of_a_plain_database_are_in_no_log_line(project: Flask, caplog: pytest.LogCaptureFixture) -> None:
    database = SQLAlchemy()
    setup(project, {"DATABASE_URL": "sqlite://"}, database=database)

    class Broken(Resource):
        def get(self) -> Any:
            database.session.execute(database.text("SELECT :secret FROM nowhere"), {"secret": "hunter" + "2" * 3})

    Api(project).add_resource(Broken, "/broken")
    assert project.test_client().get("/broken").status_code == 500
    assert "no such table" in caplog.text
    assert "hunter222" not in caplog.text


def test_two_applications_of_one_process_do_not_meet() -> None:
    first, second = application({"API_TOKENS": "one"}), application({"API_TOKENS": "two"})
    headers = {"Authorization": "Bearer one"}
    assert first.test_client().post("/things", headers=headers).status_code == 201
    assert second.test_client().post("/things", headers=headers).status_code == 401


@pytest.mark.parametrize("kind", [Database, SQLAlchemy])
def test_database_is_connected_and_looked_after(kind: type[SQLAlchemy], project: Flask, tmp_path: Path) -> None:
    app, database = project, kind()
    setup(app, {"DATABASE_URL": f"sqlite:///{tmp_path}/shop.db"}, database=database)
    assert app.test_client().get("/ready").json == {"status": "ready"}
    with app.app_context():
        assert database.engine.url.database == f"{tmp_path}/shop.db"
    assert "Perform database migrations" in app.test_cli_runner().invoke(args=["db", "--help"]).output


def test_url_that_the_application_has_set_itself_is_respected(project: Flask, tmp_path: Path) -> None:
    app = project
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/own.db"
    database = Database()
    setup(app, database=database)
    with app.app_context():
        assert database.engine.url.database == f"{tmp_path}/own.db"


def test_database_that_is_connected_already_stays_so(project: Flask, tmp_path: Path) -> None:
    app = project
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/own.db"
    database = SQLAlchemy(app)
    setup(app, database=database)
    assert app.test_client().get("/ready").status_code == 200


def test_option_that_nobody_obeys_is_a_warning_at_the_first_request(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("API_TOKENS", "secret")
    monkeypatch.setenv("CORS_ORIGINS", "*")
    app = Flask("shop")
    Api(app).add_resource(Thing, "/things")
    client = app.test_client()
    for _ in range(2):
        assert client.post("/things").status_code == 201
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == (
        "API_TOKENS, CORS_ORIGINS: set, but nothing obeys it, because restwell.setup(app) was not called"
    )


@pytest.mark.parametrize("config", [{}, {"CORS_ORIGINS": "*", "RATELIMIT_DEFAULT": "1 per day"}])
def test_options_that_others_may_obey_are_no_warning(config: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("shop")
    app.config.update(config)
    Api(app).add_resource(Thing, "/things")
    assert app.test_client().get("/things").status_code == 200
    assert caplog.records == []
