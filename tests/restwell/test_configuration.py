"""Options: where their values come from, and what is refused."""

import traceback
from typing import Any

import pytest
from flask import Flask

from restwell import configuration
from restwell.configuration import ConfigurationError, Option, load

OPTIONS = (
    Option("API_TOKENS", [], configuration.texts, "Tokens"),
    Option("API_ERROR_FORMAT", "standard", configuration.choice("standard", "problem"), "Format"),
    Option("MAX_CONTENT_LENGTH", 100, configuration.integer(1, 1000), "Bytes"),
    Option("NAME", None, configuration.text, "Name"),
    Option("STRICT", False, configuration.boolean, "Strict"),
)


def loaded(overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    app = Flask(__name__)
    load(app, OPTIONS, overrides)
    return app.config


def test_defaults_stand_when_nothing_is_set() -> None:
    config = loaded()
    assert {option.name: config[option.name] for option in OPTIONS} == {
        "API_TOKENS": [],
        "API_ERROR_FORMAT": "standard",
        "MAX_CONTENT_LENGTH": 100,
        "NAME": None,
        "STRICT": False,
    }


def test_environment_wins_over_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_CONTENT_LENGTH", "200")
    assert loaded()["MAX_CONTENT_LENGTH"] == 200


def test_caller_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_CONTENT_LENGTH", "200")
    assert loaded({"MAX_CONTENT_LENGTH": 300})["MAX_CONTENT_LENGTH"] == 300


def test_none_from_the_caller_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_CONTENT_LENGTH", "200")
    assert loaded({"MAX_CONTENT_LENGTH": None})["MAX_CONTENT_LENGTH"] == 200


def test_option_is_read_with_flasks_prefix_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_MAX_CONTENT_LENGTH", "200")
    assert loaded()["MAX_CONTENT_LENGTH"] == 200


def test_own_name_wins_over_flasks_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_MAX_CONTENT_LENGTH", "200")
    monkeypatch.setenv("MAX_CONTENT_LENGTH", "300")
    assert loaded()["MAX_CONTENT_LENGTH"] == 300


def test_text_with_flasks_prefix_stays_the_text_that_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_NAME", "1e5")
    assert loaded()["NAME"] == "1e5"


@pytest.mark.parametrize("name", ["MAX_CONTENT_LENGTH", "FLASK_MAX_CONTENT_LENGTH"])
def test_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")
    assert loaded()["MAX_CONTENT_LENGTH"] == 100


def test_other_variables_of_flask_are_read_as_flask_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_MINE", '{"a": [1]}')
    assert loaded()["MINE"] == {"a": [1]}


def test_undeclared_values_of_the_caller_are_kept() -> None:
    assert loaded({"TESTING": True, "MINE": object})["MINE"] is object


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("STRICT", "true", True),
        ("STRICT", "1", True),
        ("STRICT", " Yes ", True),
        ("STRICT", "OFF", False),
        ("STRICT", "0", False),
        ("MAX_CONTENT_LENGTH", "1", 1),
        ("MAX_CONTENT_LENGTH", "1000", 1000),
        ("API_ERROR_FORMAT", "problem", "problem"),
        ("API_TOKENS", "a, b,,c ", ["a", "b", "c"]),
        ("API_TOKENS", '["a,b", "c"]', ["a,b", "c"]),
        ("NAME", "Ann, Bob", "Ann, Bob"),
    ],
)
def test_text_of_the_environment_becomes_a_value(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: object
) -> None:
    monkeypatch.setenv(name, text)
    assert loaded()[name] == value
    assert loaded({name: text})[name] == value


@pytest.mark.parametrize("tokens", [["a", "b"], ("a", "b"), "a,b"])
def test_caller_may_give_texts_as_any_list(tokens: object) -> None:
    assert loaded({"API_TOKENS": tokens})["API_TOKENS"] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("MAX_CONTENT_LENGTH", "many", "MAX_CONTENT_LENGTH must be a whole number from 1 to 1000, not 'many'"),
        ("MAX_CONTENT_LENGTH", "0", "MAX_CONTENT_LENGTH must be a whole number from 1 to 1000, not '0'"),
        ("MAX_CONTENT_LENGTH", 1001, "MAX_CONTENT_LENGTH must be a whole number from 1 to 1000, not 1001"),
        ("MAX_CONTENT_LENGTH", 1.5, "MAX_CONTENT_LENGTH must be a whole number from 1 to 1000, not 1.5"),
        ("MAX_CONTENT_LENGTH", True, "MAX_CONTENT_LENGTH must be a whole number from 1 to 1000, not True"),
        ("STRICT", "perhaps", "STRICT must be true or false, not 'perhaps'"),
        ("STRICT", 1, "STRICT must be true or false, not 1"),
        ("API_ERROR_FORMAT", "xml", "API_ERROR_FORMAT must be one of standard, problem, not 'xml'"),
        ("API_ERROR_FORMAT", ["problem"], "API_ERROR_FORMAT must be one of standard, problem, not ['problem']"),
        ("NAME", 5, "NAME must be a text, not 5"),
        ("API_TOKENS", '["a"', "API_TOKENS must be texts with commas between them, or a JSON list of texts"),
        ("API_TOKENS", [1], "API_TOKENS must be texts with commas between them, or a JSON list of texts"),
    ],
)
def test_wrong_value_is_refused_in_one_line(name: str, value: object, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded({name: value})
    assert str(caught.value) == message


def test_wrong_value_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_STRICT", "perhaps")
    with pytest.raises(ConfigurationError, match="STRICT must be true or false, not 'perhaps'"):
        loaded()


@pytest.mark.parametrize("name", ["SECRET_KEY", "API_TOKENS", "DATABASE_URL", "RATELIMIT_STORAGE_URI", "MAIL_PASSWORD"])
@pytest.mark.parametrize("kind", [configuration.text, configuration.texts, configuration.integer(1, 2)])
def test_value_that_may_be_a_secret_is_not_shown(name: str, kind: configuration.Kind) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Option(name, None, kind, "A secret").read({"sekrit": "sekrit"})
    assert "sekrit" not in "".join(traceback.format_exception(caught.value)).replace('{"sekrit": "sekrit"}', "")
    assert str(caught.value) == f"{name} must be {kind.expected}"


def test_what_the_application_has_set_gives_way_to_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Flask(__name__)
    app.config.update(API_TOKENS="a,b", MAX_CONTENT_LENGTH=200, NAME=None)
    monkeypatch.setenv("MAX_CONTENT_LENGTH", "300")
    load(app, OPTIONS)
    assert app.config["API_TOKENS"] == ["a", "b"]
    assert app.config["MAX_CONTENT_LENGTH"] == 300
    assert app.config["NAME"] is None
    assert app.config["STRICT"] is False
    load(app, OPTIONS, {"API_TOKENS": ["c"]})
    assert app.config["API_TOKENS"] == ["c"]


def test_wrong_value_that_the_application_has_set_is_refused() -> None:
    app = Flask(__name__)
    app.config["STRICT"] = "perhaps"
    with pytest.raises(ConfigurationError, match="STRICT must be true or false"):
        load(app, OPTIONS)


def test_misspelt_name_is_refused_with_the_right_one() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^API_EROR_FORMAT is not an option; did you mean API_ERROR_FORMAT\?$"
    ):
        loaded({"API_EROR_FORMAT": "problem"})


def test_unknown_name_is_refused_where_nothing_is_alike() -> None:
    with pytest.raises(ConfigurationError, match=r"^API_XYZ is not an option$"):
        loaded({"API_XYZ": 1})


@pytest.mark.parametrize("name", ["API_EROR_FORMAT", "FLASK_API_EROR_FORMAT", "FLASK_API_XYZ"])
def test_unknown_name_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "problem")
    with pytest.raises(ConfigurationError, match=f"^{name} is not an option"):
        loaded()


@pytest.mark.parametrize("name", ["API_KEY", "API_URL", "API_BASE_URL"])
def test_variable_of_another_program_is_left_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "x")
    assert name not in loaded()
