"""What the tests of the framework share."""

from collections.abc import Callable
from typing import Any

import pytest

import restwell.flask_restful
from restwell import Api


@pytest.fixture
def flask_restfuls_api() -> Callable[..., Any]:
    """What makes an Api that answers as Flask-RESTful does, whose release wins there wherever it is no 5xx."""
    return restwell.flask_restful.Api


@pytest.fixture(params=["restwell", "flask_restful"])
def any_api(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """What makes an Api, of either kind."""
    return Api if request.param == "restwell" else request.getfixturevalue("flask_restfuls_api")
