"""The names of ``restwell``: all of them are there, and none costs anything before it is asked for."""

import inspect
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import flask_restful
import pytest

import restwell
from restwell import Api

EXAMPLES = {"StaleVersion", "key_table", "Database", "UTCDateTime", "FixedPoint", "describe", "setup", "Api", "abort"}

NOT_IMPORTED = (
    "alembic",
    "apispec",
    "flask_cors",
    "flask_httpauth",
    "flask_limiter",
    "flask_migrate",
    "flask_sqlalchemy",
    "gunicorn",
    "marshmallow",
    "pydantic",
    "restwell.description.openapi",
    "restwell.description.pages.rendering",
    "restwell.operations",
    "sqlalchemy",
)


def test_every_public_name_is_listed() -> None:
    assert {*restwell.__all__} >= EXAMPLES
    assert {*restwell.__all__} <= {*dir(restwell)}
    assert len({*restwell.__all__}) == len(restwell.__all__)
    assert {*restwell._LATER, *restwell._NEED_DATABASE} <= {*restwell.__all__}


@pytest.mark.parametrize("name", list(restwell.__all__))
def test_every_public_name_can_be_got(name: str) -> None:
    value = getattr(restwell, name)
    assert isinstance(value, ModuleType) or callable(value)


def test_nothing_else_that_looks_public_is_ours() -> None:
    """What is no public name is a module, or belongs to somebody else."""
    others = {name for name in vars(restwell) if not name.startswith("_")} - {*restwell.__all__}
    values = {name: getattr(restwell, name) for name in others}
    ours = {
        name
        for name, value in values.items()
        if not isinstance(value, ModuleType) and getattr(value, "__module__", "").startswith("restwell")
    }
    assert not ours


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'restwell' has no attribute 'Resorce'"):
        restwell.Resorce  # noqa: B018 - looking it up is the test


def test_import_of_everything_leaves_out_what_needs_an_extra() -> None:
    namespace: dict[str, object] = {}
    exec("from restwell import *", namespace)  # noqa: S102 - a function cannot hold it
    assert {*namespace} - {"__builtins__"} == {*restwell.__all__} - {*restwell._NEED_DATABASE}


def test_options_that_are_not_flask_restfuls_are_keywords() -> None:
    ours = inspect.signature(Api).parameters
    theirs = list(inspect.signature(flask_restful.Api).parameters)
    by_position = [name for name, parameter in ours.items() if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    assert by_position == theirs
    assert {"error_format", "status_in_body", "browsable"} <= {*ours} - {*by_position}
    with pytest.raises(TypeError):
        Api(None, "", None, None, False, False, "bae", None, "problem")  # type: ignore[misc]


def test_what_few_programs_need_is_imported_later() -> None:
    program = f"import sys, restwell; print(*(name for name in {NOT_IMPORTED} if name in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_names_that_come_later_stand_where_they_are_said_to() -> None:
    for name, module in {**restwell._LATER, **restwell._NEED_DATABASE}.items():
        assert getattr(restwell, name) is getattr(import_module(module), name)
