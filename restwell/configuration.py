"""Configuration: options declared once, read from the environment and the caller, checked before anything starts."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import click
from flask import Flask

_PREFIX = "API_"
_MAY_BE_SECRET = re.compile("KEY|PASSWORD|SECRET|TOKEN|URI|URL")
"""Names of options whose values are not shown: a URL may have a password in it."""

_CLOSE = 0.8
"""How alike (0 to 1) an undeclared name that begins with ``API_`` and an option are where it is a misspelling."""

_VERY_CLOSE = 0.9
"""The same for any other name, which may as well be an option of an extension or of another program."""

_LONG = 8
"""Characters from which on a name that is very close to an option is not there by chance."""


class ConfigurationError(click.ClickException, ValueError):
    """An option has a name or a value that cannot be; the message is one line for the person who set it.

    It is one of click's errors, so that ``flask run`` prints the line alone.
    """


@dataclass(frozen=True)
class Kind:
    """What the values of an option are.

    :param expected: the words that follow "must be" in the error message.
    :param parse: makes the value out of the environment's text or of what the caller gave; raises
        :exc:`ValueError` or :exc:`TypeError` for anything else.
    """

    expected: str
    parse: Callable[[Any], Any]


@dataclass(frozen=True)
class Option:
    """One option of the application, as the documentation lists it.

    :param name: the key in ``app.config`` and the name of the environment variable.
    :param default: the value while nothing sets the option.
    :param kind: what its values are.
    :param description: what it does, with the unit where there is one.
    """

    name: str
    default: Any
    kind: Kind
    description: str

    @property
    def is_in_environment(self) -> bool:
        """Whether the environment gives it a value, and not an empty one."""
        return bool(self._text())

    def from_environment(self) -> Any:
        """The value that the environment gives the option: its own variable, else the one with Flask's prefix.

        :returns: the default when both are absent or empty.
        :raises ConfigurationError: as :meth:`read` does.
        """
        text = self._text()
        return self.read(text) if text else self.default

    def _text(self) -> str | None:
        return os.environ.get(self.name) or os.environ.get(f"FLASK_{self.name}")

    def read(self, value: Any) -> Any:
        """The value that a text of the environment or a value of the caller stands for.

        :raises ConfigurationError: naming the option, what is allowed and the value, where that cannot be a secret.
        """
        try:
            return self.kind.parse(value)
        except ConfigurationError:
            raise
        except (TypeError, ValueError) as error:
            message = f"{self.name} must be {self.kind.expected}"
            if _MAY_BE_SECRET.search(self.name):
                raise ConfigurationError(message) from None  # the cause may quote it
            raise ConfigurationError(f"{message}, not {value!r}") from error


def load(app: Flask, options: Iterable[Option], overrides: Mapping[str, Any] | None = None) -> None:
    """Fill ``app.config``: defaults, then what the application has set, the environment, and ``overrides``.

    A declared option is read from the variable of its own name, else from that name with Flask's prefix
    (``FLASK_DATABASE_URL``); an empty variable counts as absent. All other ``FLASK_*`` variables go through
    :meth:`flask.Config.from_prefixed_env`. In ``overrides``, ``None`` leaves a declared option as it is.

    An undeclared name that starts with ``API_`` is refused in ``overrides`` and after ``FLASK_``. Any other may belong
    to an extension or another program, and is refused only when it looks like a misspelt option.

    :param app: the application.
    :param options: the declared options.
    :param overrides: values that win over the environment, declared or not.
    :raises ConfigurationError: for a value that its option cannot have, or an unknown name.
    """
    declared = {option.name: option for option in options}
    overrides = {name: value for name, value in (overrides or {}).items() if not (name in declared and value is None)}
    _refuse_unknown(declared, overrides)
    # What Flask itself has put there says nothing of the application.
    own = {name: app.config[name] for name in declared if app.config.get(name) != app.default_config.get(name)}
    app.config.from_prefixed_env()
    for name, option in declared.items():
        is_own = own.get(name) is not None and not option.is_in_environment
        app.config[name] = option.read(own[name]) if is_own else option.from_environment()
    for name, value in overrides.items():
        app.config[name] = declared[name].read(value) if name in declared else value


def _refuse_unknown(declared: Mapping[str, Option], overrides: Mapping[str, Any]) -> None:
    for name in (*overrides, *os.environ):
        key = name.removeprefix("FLASK_")
        if key in declared:
            continue
        is_ours = key.startswith(_PREFIX)
        alike = difflib.get_close_matches(key, declared, n=1, cutoff=_CLOSE if is_ours else _VERY_CLOSE)
        if is_ours and key == name and name not in overrides and not alike:
            continue  # a variable of the environment, which may belong to another program
        if is_ours or (alike and len(key) >= _LONG):
            hint = f"; did you mean {alike[0]}?" if alike else ""
            raise ConfigurationError(f"{name} is not an option{hint}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = _text(value).strip().lower()
    if word not in {"true", "1", "yes", "on", "false", "0", "no", "off"}:
        raise ValueError("not a boolean")
    return word in {"true", "1", "yes", "on"}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        written = value.strip()
        value = json.loads(written) if written.startswith("[") else [text.strip() for text in written.split(",")]
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise ValueError("not a list")
    return [text for text in map(_text, value) if text]


text = Kind("a text", _text)
boolean = Kind("true or false", _boolean)
texts = Kind("texts with commas between them, or a JSON list of texts", _texts)


def integer(minimum: int, maximum: int) -> Kind:
    """Whole numbers from ``minimum`` to ``maximum``."""

    def parse(value: Any) -> int:
        number = value if type(value) is int else int(_text(value))
        if not minimum <= number <= maximum:
            raise ValueError("out of range")
        return number

    return Kind(f"a whole number from {minimum} to {maximum}", parse)


def choice(*choices: str) -> Kind:
    """One of ``choices``."""

    def parse(value: Any) -> str:
        if value not in choices:
            raise ValueError("none of the choices")
        return _text(value)

    return Kind(f"one of {', '.join(choices)}", parse)
