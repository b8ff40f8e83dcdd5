"""The development server: what it says where it cannot start, and how others know that it is starting."""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

import pytest
from flask import Flask

from restwell import ConfigurationError
from restwell.operations.development import is_development_server, made_when_asked_for, serve


def refusing(config: Any = None) -> Flask:
    raise ConfigurationError("PORT must be a whole number from 0 to 65535, not 'x'")


def test_an_application_is_made_once_and_when_it_is_asked_for() -> None:
    made: list[Flask] = []

    def create_app() -> Flask:
        made.append(Flask("shop"))
        return made[-1]

    get = made_when_asked_for(create_app)
    assert made == []
    assert get("app") is get("app") is made[0]
    with pytest.raises(AttributeError, match="has no attribute 'application'"):
        get("application")


def test_a_mistake_in_the_configuration_ends_the_start_with_one_line() -> None:
    with pytest.raises(SystemExit, match="PORT must be a whole number") as ended:
        made_when_asked_for(refusing)("app")
    assert "\n" not in str(ended.value)


def test_the_server_says_what_it_cannot_start_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert copy_context().run(serve, refusing, []) == 1
    written = capsys.readouterr()
    assert written.err.endswith(": PORT must be a whole number from 0 to 65535, not 'x'\n")
    assert written.out == ""


def test_the_application_can_ask_whether_it_is_made_for_development() -> None:
    asked: list[bool] = []

    def create_app(config: dict[str, Any]) -> Flask:
        asked.append(is_development_server())
        return refusing()

    copy_context().run(serve, create_app, [])
    assert asked == [True]
    assert not is_development_server()
