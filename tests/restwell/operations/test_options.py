"""All that an application can be told from outside, in one table."""

import pytest
from flask import Flask

from restwell import Api, Resource, setup
from restwell.operations.options import OPTIONS


def test_every_option_is_declared_once_and_described() -> None:
    names = [option.name for option in OPTIONS]
    assert len(set(names)) == len(names)
    assert all(option.description and option.kind.expected for option in OPTIONS)


def test_every_default_is_a_value_that_its_option_takes() -> None:
    for option in OPTIONS:
        if option.default is not None:
            assert option.read(option.default) == option.default


class Greeting(Resource):
    def get(self) -> dict[str, str]:
        return {"hello": "world"}


def warnings_of(app: Flask, caplog: pytest.LogCaptureFixture) -> list[str]:
    """What is logged when the application answers its first two requests."""
    Api(app).add_resource(Greeting, "/")
    for _ in range(2):
        assert app.test_client().get("/").status_code == 200
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


def test_an_option_that_nobody_obeys_is_a_warning_at_the_first_request(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "https://shop.example")
    app = Flask("shop")
    app.config["API_TOKENS"] = ["open-sesame"]
    [warning] = warnings_of(app, caplog)
    assert warning.startswith("API_TOKENS, CORS_ORIGINS: set, but nothing obeys it")
    assert "open-sesame" not in warning


def test_there_is_no_warning_where_everything_is_obeyed_or_nothing_is_set(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert warnings_of(Flask("shop"), caplog) == []
    monkeypatch.setenv("CORS_ORIGINS", "https://shop.example")
    app = Flask("obeying")
    setup(app)
    assert warnings_of(app, caplog) == []


def test_an_option_of_another_extension_is_its_own(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask("shop")
    app.config["CORS_ORIGINS"] = "*"  # Flask-CORS has one of that name
    assert warnings_of(app, caplog) == []
