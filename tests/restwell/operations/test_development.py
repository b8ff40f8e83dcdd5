"""The development server, and the application of a module that is made when a server asks for it."""

from contextvars import copy_context
from types import ModuleType
from typing import Any

import click
import pytest
from flask import Flask

from restwell import ConfigurationError
from restwell.operations import development
from restwell.operations.development import is_development_server, made_when_asked_for, serve


def module_of(create_app: Any) -> ModuleType:
    module = ModuleType("shop")
    module.__getattr__ = made_when_asked_for(create_app)  # type: ignore[method-assign]
    return module


def test_application_is_made_once_when_it_is_asked_for() -> None:
    made = []

    def create_app() -> Flask:
        made.append(Flask("shop"))
        return made[-1]

    module = module_of(create_app)
    assert made == []
    assert module.app is module.app
    assert len(made) == 1


def test_other_names_are_none() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'application'"):
        module_of(lambda: Flask("shop")).application  # noqa: B018 - looking it up is the test


def test_wrong_option_ends_the_start_in_a_line() -> None:
    def create_app() -> Flask:
        raise ConfigurationError("API_TOKEN is not an option")

    with pytest.raises(SystemExit, match=r"^\S+: API_TOKEN is not an option$"):
        module_of(create_app).app  # noqa: B018 - looking it up is the test
    with click.Context(click.Command("run")), pytest.raises(click.ClickException, match="API_TOKEN is not an option"):
        module_of(create_app).app  # noqa: B018


def test_a_fault_of_the_program_is_raised_as_it_is() -> None:
    def create_app() -> Flask:
        raise KeyError("fault")

    with pytest.raises(KeyError, match="fault"):
        module_of(create_app).app  # noqa: B018 - looking it up is the test


def test_server_for_production_is_no_development_server() -> None:
    assert not is_development_server()


def test_serve_tells_that_it_is_the_development_server(capsys: pytest.CaptureFixture[str]) -> None:
    seen = []

    def create_app(config: dict[str, Any]) -> Flask:
        seen.append((config, is_development_server()))
        raise ConfigurationError("stop here")

    assert copy_context().run(serve, create_app, ["--port", "5055"]) == 1
    assert seen == [({"PORT": "5055"}, True)]
    assert capsys.readouterr().err.endswith(": stop here\n")
    assert development._is_serving.get() is False
